"""The fields of a record as a form needs them: of which sort, with which choices; new values and typed texts for them."""

from __future__ import annotations

import re
import types
from dataclasses import MISSING, dataclass, fields, is_dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from app.domain.errors import AppError, Fault
from app.domain.scheme_editing.paths import Path, value_at
from app.domain.schemes import Scheme

Sort = Literal[
    "text", "number", "whole", "yes_no", "choice", "number_or_word", "record", "one_of", "list", "texts", "numbers",
    "choices",
]  # fmt: skip
_NUMBER = re.compile(r"[+-]?(\d{1,12}(\.\d{1,9})?|\d{1,9}/[1-9]\d{0,8})")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－＋／。％", "0123456789.-+/.%")


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field of a record. optional: it may be left empty (None). choices: the words of a choice, the words beside
    the number of a ``number_or_word``, or the kinds of a ``one_of``. record: the class of the record, of the
    entries of a list, or of each kind of a ``one_of`` in the order of ``choices``. default: what stands there when
    nothing is said (``required``: there is none). ``texts``, ``numbers``, ``choices``: several of them; numbers may
    be words of ``choices`` too."""

    name: str
    sort: Sort
    optional: bool = False
    choices: tuple[str, ...] = ()
    record: tuple[type, ...] = ()
    default: Any = None
    required: bool = False


@cache
def fields_of(cls: type) -> tuple[Field, ...]:
    """The fields of a class of the scheme language, in the order of the format; what never changes (``kind``,
    ``format``, ``version``) is left out."""
    hints = get_type_hints(cls)
    found: list[Field] = []
    for one in fields(cls):
        if get_origin(hints[one.name]) is Literal and len(get_args(hints[one.name])) == 1:
            continue
        default = one.default_factory() if one.default_factory is not MISSING else one.default
        sort, optional, choices, record = _sort_of(hints[one.name])
        found.append(
            Field(
                name=one.name,
                sort=sort,
                optional=optional,
                choices=choices,
                record=record,
                default=None if default is MISSING else default,
                required=default is MISSING,
            )
        )
    return tuple(found)


def field_at(scheme: Scheme, path: Path) -> Field:
    """The field that a path leads to. Raises NOT_FOUND when it leads to a record or into a list."""
    record = value_at(scheme, path[:-1])
    found = next((f for f in fields_of(type(record)) if f.name == path[-1]), None) if is_dataclass(record) else None
    if found is None:
        raise AppError(Fault.NOT_FOUND, "这个位置不是可以填写的一栏。")
    return found


def _sort_of(hint: Any) -> tuple[Sort, bool, tuple[str, ...], tuple[type, ...]]:
    members = [hint]
    if get_origin(hint) in (Union, types.UnionType):
        members = [m for m in get_args(hint) if m is not type(None)]
    optional = type(None) in get_args(hint) and len(members) < len(get_args(hint))
    words = tuple(str(w) for m in members if get_origin(m) is Literal for w in get_args(m))
    classes = tuple(cast(type, m) for m in members if is_dataclass(m))
    if len(classes) > 1:
        return "one_of", optional, tuple(_kind_of(c) for c in classes), classes
    if classes:
        return "record", optional, (), classes
    if words:
        return ("number_or_word" if Fraction in members else "choice"), optional, words, ()
    plain: dict[Any, Sort] = {Fraction: "number", int: "whole", bool: "yes_no", str: "text"}
    if members[0] in plain:
        return plain[members[0]], optional, (), ()
    sort, _, choices, record = _sort_of(get_args(members[0])[0])
    rows: dict[Sort, Sort] = {"text": "texts", "number": "numbers", "number_or_word": "numbers", "choice": "choices"}
    return rows.get(sort, "list"), optional, choices, record


def _kind_of(cls: type) -> str:
    return str(get_args(get_type_hints(cls)["kind"])[0])


# ---- new values


def blank(cls: type, **given: Any) -> Any:
    """A new record of this class: defaults where there are any, else empty (texts, lists), 0, the first choice."""
    made = {f.name: given[f.name] if f.name in given else _nothing(f) for f in fields_of(cls) if f.required}
    return cls(**{**made, **given})


def _nothing(field: Field) -> Any:
    if field.optional:
        return None
    empty: dict[Sort, Any] = {
        "text": "",
        "number": Fraction(0),
        "number_or_word": Fraction(0),
        "whole": 0,
        "yes_no": False,
    }
    if field.sort in ("choice",):
        return field.choices[0]
    if field.sort in ("record", "one_of"):
        return blank(field.record[0])
    return empty.get(field.sort, ())


def of_kind(field: Field, kind: str, old: Any = None) -> Any:
    """A new value of a ``one_of`` field of this kind; what the old value and the new one both have is kept. Raises
    NOT_FOUND for an unknown kind."""
    if kind not in field.choices:
        raise AppError(Fault.NOT_FOUND, f"没有“{kind}”这一种。")
    cls = field.record[field.choices.index(kind)]
    if old is None or not is_dataclass(old):
        return blank(cls)
    before = {f.name: f for f in fields_of(cast(type, type(old)))}
    kept = {f.name: getattr(old, f.name) for f in fields_of(cls) if f.name in before and before[f.name] == f}
    return blank(cls, **kept)


# ---- typed texts


def plain_number(text: str) -> str:
    """A typed number with full-width digits and signs made plain, blanks and a trailing 分 left out."""
    return "".join(text.split()).translate(_FULL_WIDTH).removesuffix("分")


def number(text: str, what: str = "数字") -> Fraction:
    """The number typed: ``12.5``, ``1/3``. Raises INPUT_BAD with what it is for."""
    typed = plain_number(text)
    if not _NUMBER.fullmatch(typed):
        raise AppError(Fault.INPUT_BAD, f"{what}“{text.strip()}”不是数字，请写成 12.5 这样。")
    return Fraction(typed)


def typed(field: Field, text: str, what: str = "") -> Any:
    """The value of a typed text for a field that is written in one line. what: the field in the user's words. Raises
    INPUT_BAD."""
    name, said = what or field.name, text.strip()
    if field.sort == "text":
        return said
    if not said and field.optional:
        return None
    if field.sort in ("texts", "numbers", "choices"):
        words = tuple(w for w in re.split(r"[、，,;；\s]+", said) if w)
        return tuple(w if w in field.choices else number(w, name) for w in words) if field.sort == "numbers" else words
    if field.sort in ("choice", "number_or_word") and said in field.choices:
        return said
    if field.sort in ("number", "number_or_word"):
        return number(said, name)
    if field.sort == "whole" and re.fullmatch(r"[+-]?\d{1,9}", plain_number(said)):
        return int(plain_number(said))
    raise AppError(Fault.INPUT_BAD, f"{name}不能填“{said}”。" if said else f"请填写{name}。")
