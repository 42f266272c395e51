"""The lines of a form: a record of the scheme flattened into fields, choices of a kind, lists and sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass, replace
from fractions import Fraction
from typing import Any, Literal, cast

from app.domain.scheme_editing import Field, Path, field_at, fields_of, value_at
from app.domain.scheme_help import help_text, safe_choice
from app.domain.scheme_words import choice_word, field_word
from app.domain.schemes import Quota, ReportForm, Scheme, Section
from app.ui.pages.schemes.relevance import HIDE, SHOW, matters

Kind = Literal["field", "kind", "optional", "sentence", "head", "list", "entry", "more"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A field inside a sentence, with the words before and behind it."""

    before: str
    field: str
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Something that can be put in: a word, the place, and what is put there (None: an empty entry of the list)."""

    word: str
    path: Path
    value: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line. fold: among the rare settings; help: what it changes; safe: the safe choice where rules are silent;
    pieces, links: of sentences and entries; count: entries of the list, or which of the kinds it is (0: none)."""

    kind: Kind
    path: Path
    depth: int = 0
    title: str = ""
    fold: bool = False
    help: str = ""
    safe: str = ""
    pieces: tuple[Piece, ...] = ()
    links: tuple[Link, ...] = ()
    count: int = 0


# Records that are said in one sentence. A field that does not matter in the combination is left out.
PATTERNS: dict[str, tuple[Piece, ...]] = {
    "DirectReading": (
        Piece("可填", "minimum", "至"), Piece("", "maximum"), Piece("步长", "step"), Piece("只许的值", "allowed"),
        Piece("小数位", "digits"), Piece("系数", "factor"), Piece("起点", "base"),
    ),
    "OfficeSource": (Piece("", "kind"),),
    "MarksSource": (),
    "QuantitySource": (Piece("", "quantity"),),
    "VotesSource": (Piece("，除以", "denominator"), Piece("用哪一项的票", "ballot_of")),
    "EventsSource": (
        Piece("：", "kinds"), Piece("，从", "start", "分起"), Piece("", "direction"), Piece("；同一事由", "same_matter"),
        Piece("；按", "year_by", "归入年度"), Piece("", "tally"), Piece("", "same_by"), Piece("", "years"),
    ),
    "Within": (
        Piece("", "method"), Piece("：去掉", "high", "个最高、"), Piece("", "low", "个最低；"),
        Piece("个数多于", "above", "个才去；"), Piece("与极端值相同的", "equal"),
    ),
    "Limits": (Piece("最低", "minimum"), Piece("最高", "maximum")),
    "Rounding": (Piece("保留", "digits", "位小数，"), Piece("", "mode")),
    "Applies": (Piece("系列", "series"), Piece("类别", "kinds"), Piece("标签", "tags")),
    "Level": (Piece("", "name"), Piece("得", "points", "分"), Piece("代号", "id")),
    "Band": (
        Piece("值不低于", "minimum"), Piece("（不含本数", "above", "）"), Piece("得", "points", "分"),
        Piece("印出的上端", "maximum"),
    ),
    "GroupShare": (Piece("", "group"), Piece("权重", "weight")),
    "Condition": (Piece("", "quantity"), Piece("", "test"), Piece("", "value")),
    "TieBreak": (Piece("比", "quantity", "，"), Piece("", "order")),
    "EventAmount": (Piece("人员类别", "person_class"), Piece("处分", "sanction"), Piece("每件", "amount", "分")),
    "Override": (Piece("本项改为", "points", "分"), Piece("说明", "note")),
    "Variant": (Piece("满分", "points"), Piece("权重", "weight")),
    "Group": (
        Piece("", "name"), Piece("权重", "weight", "；"), Piece("角色为", "roles"), Piece("与被评单位的关系为", "relations"),
        Piece("须回避的关系", "recused"), Piece("代号", "id"),
    ),
    "EventKind": (
        Piece("", "name"), Piece("：每件", "amount", "分"), Piece("，合计不超过", "cap", "分"), Piece("乘", "factor"),
        Piece("逐件", "steps"), Piece("说明", "note"), Piece("代号", "id"),
    ),
    "Grade": (
        Piece("", "name"), Piece("：总分不低于", "line", "分"), Piece("印出的上端", "maximum"), Piece("代号", "id"),
    ),
    "Quota": (
        Piece("名额不超过", "base", "单位的"), Piece("", "share", "%，"), Piece("名额不超过", "count", "个，"),
        Piece("", "rounding", "；"), Piece("至少", "at_least", "个；"), Piece("线上并列", "ties", "；"),
        Piece("", "with_above"), Piece("", "promoted"),
    ),
    "Adjustment": (
        Piece("", "name"), Piece("：发生", "events"), Piece("", "events_at_least", "件及以上，"), Piece("", "effect"),
        Piece("", "grade"), Piece("", "steps", "档"), Piece("；在分配", "order"), Piece("；空出的名额", "freed_place"),
        Piece("", "evidence_required"), Piece("", "approver_required"), Piece("依据", "basis"),
        Piece("作用于", "scope"), Piece("看", "events_of", "的事项"), Piece("关联", "link"), Piece("按", "year_by"),
        Piece("计", "years", "年"), Piece("叠加类别", "family"), Piece("代号", "id"),
    ),
    "Section": (
        Piece("", "name"), Piece("用途", "purpose"), Piece("", "shape"), Piece("至少", "entries", "条"), Piece("至少", "minimum", "字"),
        Piece("至多", "maximum", "字"), Piece("", "required"), Piece("代号", "id"),
    ),
    "EvidenceLimits": (
        Piece("可附", "kinds"), Piece("；单个不超过", "file", "MB，"), Piece("合计不超过", "total", "MB"),
    ),
    "BallotRule": (
        Piece("", "name"), Piece("：", "rule"), Piece("选了", "answers"), Piece("值从", "minimum"), Piece("到", "maximum"),
        Piece("的，至少", "at_least"), Piece("至多", "at_most"), Piece("（百分比折成个数时", "rounding", "）"),
        Piece("指标", "item"), Piece("看", "basis"), Piece("用于", "on"), Piece("只管", "groups", "的票"),
        Piece("代号", "id"),
    ),
}  # fmt: skip
BELOW = (("Section", "guide"),)  # texts that are too long for a sentence and stand below it
TICKS = {
    "with_above": "更高等次占用的名额算在内",
    "promoted": "名额外晋升的算入基数",
    "evidence_required": "须有依据",
    "approver_required": "须有批准人",
    "above": "不含",
    "required": "必填",
}
MAKERS: dict[tuple[str, str], tuple[tuple[str, Any], ...]] = {
    ("Grade", "quota"): (
        ("名额（按比例）", Quota(share=Fraction(20))),
        ("名额（按个数）", Quota(count=1)),
    ),
    ("Grade", "floor"): (
        ("名额下限（按比例）", Quota(share=Fraction(5))),
        ("名额下限（按个数）", Quota(count=1)),
    ),
}
# What an optional record starts with, where an empty one would be of no use.
STARTS: dict[tuple[str, str], Any] = {
    ("Scheme", "report"): ReportForm(
        sections=(
            Section(id="work", name="主要做法和成效", purpose="done", minimum=300),
            Section(id="problems", name="存在的问题", purpose="problems", minimum=100),
            Section(id="causes", name="原因分析", purpose="causes"),
            Section(id="plans", name="下一步打算", purpose="plans"),
        )
    )
}
_PLAIN = ("text", "number", "whole", "yes_no", "choice", "number_or_word", "texts", "numbers", "choices")


def form_rows(scheme: Scheme, path: Path) -> tuple[Row, ...]:
    """The lines for a record, or for a list of records. Rare settings come last."""
    value = value_at(scheme, path)
    if isinstance(value, tuple):
        owner = value_at(scheme, path[:-1])
        field = next(f for f in fields_of(class_of(owner)) if f.name == path[-1])
        found = list(_list(scheme, path, owner, field, 0, False))
    elif path and isinstance(path[-1], str) and field_at(scheme, path).optional:
        found = list(_optional(scheme, path, value))
    else:
        found = list(_record(scheme, path, 0, False))
    blocks: list[list[Row]] = []
    for row in found:
        if (row.depth == 0 and row.kind != "entry") or not blocks:
            blocks.append([])
        blocks[-1].append(row)
    return tuple(r for rare in (False, True) for b in blocks if b[0].fold == rare for r in b)


def _optional(scheme: Scheme, path: Path, value: Any) -> Iterator[Row]:
    """A record that may not be there, as a form of its own."""
    cls, name = class_of(value_at(scheme, path[:-1])), str(path[-1])
    yield Row(kind="optional", path=path, title=field_word(cls, name), help=help_text(cls, name))
    if value is not None:
        yield from _record(scheme, path, 0, False)


def _record(scheme: Scheme, path: Path, depth: int, fold: bool) -> Iterator[Row]:
    record = value_at(scheme, path)
    for field in fields_of(class_of(record)):
        found = matters(scheme, path, record, field)
        if found != HIDE:
            yield from _field(scheme, (*path, field.name), record, field, depth, fold or found != SHOW)


def _field(scheme: Scheme, path: Path, record: Any, field: Field, depth: int, fold: bool) -> Iterator[Row]:
    cls, value = class_of(record), getattr(record, field.name)
    word, told = field_word(cls, field.name), help_text(cls, field.name)
    row = Row(kind="field", path=path, depth=depth, title=word, fold=fold, help=told)
    if field.sort in _PLAIN:
        yield replace(row, safe=_safe(cls, field.name))
    elif field.sort == "list":
        yield from _list(scheme, path, record, field, depth, fold)
    elif field.sort == "one_of":
        shown, folded = pieces(scheme, path) if value is not None else ((), ())
        place = 0 if value is None else 1 + field.record.index(type(value))
        yield replace(row, kind="kind", count=place, pieces=shown)
        if folded:
            yield Row(kind="more", path=path, depth=depth + 1, fold=True, pieces=folded)
        if value is not None and type(value).__name__ not in PATTERNS:
            yield from _record(scheme, path, depth + 1, fold)
    else:
        yield from _one(scheme, row, value, field)


def _one(scheme: Scheme, row: Row, value: Any, field: Field) -> Iterator[Row]:
    """A record inside a record."""
    shown, folded = pieces(scheme, row.path) if value is not None else ((), ())
    if field.optional:
        yield replace(row, kind="optional", pieces=shown)
    elif shown:
        yield replace(row, kind="sentence", pieces=shown)
    else:
        yield replace(row, kind="head")
    if folded:
        yield Row(kind="more", path=row.path, depth=row.depth + 1, fold=True, pieces=folded)
    if value is not None and not shown:
        yield from _record(scheme, row.path, row.depth + 1, row.fold)


def _list(scheme: Scheme, path: Path, record: Any, field: Field, depth: int, fold: bool) -> Iterator[Row]:
    entries = cast(tuple[Any, ...], value_at(scheme, path))
    word = field_word(class_of(record), field.name)
    if depth and entries:  # inside an entry: no heading, the sentences go on
        for n in range(len(entries)):
            first, *others = _entry(scheme, (*path, n), depth, fold, len(entries))
            more = (Link(word, path),) if n == len(entries) - 1 else ()
            lead = word if n == 0 else "并且" if field.name in ("when", "conditions") else ""
            yield replace(first, title=lead, links=(*first.links, *more))
            yield from others
        return
    yield Row(
        kind="list", path=path, depth=depth, title=word, fold=fold, help=help_text(class_of(record), field.name),
        count=len(entries), links=(Link(word, path),),
    )  # fmt: skip
    for n in range(len(entries)):
        yield from _entry(scheme, (*path, n), depth, fold, len(entries))


def _entry(scheme: Scheme, path: Path, depth: int, fold: bool, count: int) -> Iterator[Row]:
    record = value_at(scheme, path)
    shown, folded = pieces(scheme, path)
    nested: list[tuple[Field, bool]] = []
    links: list[Link] = []
    for field in fields_of(class_of(record)):
        found = matters(scheme, path, record, field)
        plain = field.sort in _PLAIN and (class_of(record).__name__, field.name) not in BELOW
        if plain or found == HIDE:
            continue
        if getattr(record, field.name) in (None, ()):
            links += _links(class_of(record), field, path) if found == SHOW else []
            if found == SHOW:
                continue
        nested.append((field, found != SHOW))
    yield Row(kind="entry", path=path, depth=depth, fold=fold, pieces=shown, links=tuple(links), count=count)
    if folded:
        yield Row(kind="more", path=path, depth=depth + 1, fold=True, pieces=folded)
    for field, rare in nested:
        yield from _field(scheme, (*path, field.name), record, field, depth + 1, fold or rare)


def _links(cls: type, field: Field, path: Path) -> list[Link]:
    makers = MAKERS.get((cls.__name__, field.name))
    if makers is not None:
        return [Link(word, (*path, field.name), value) for word, value in makers]
    return [Link(field_word(cls, field.name), (*path, field.name))]


def pieces(scheme: Scheme, path: Path) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The sentence of a record: what is shown, and its rare settings. Empty when it is not said in a sentence."""
    record = value_at(scheme, path)
    cls = class_of(record)
    if not is_dataclass(record):
        return (), ()
    pattern = PATTERNS.get(cls.__name__)
    if pattern is None:
        return (), ()
    known = {f.name: f for f in fields_of(cls)}
    found = [(p, matters(scheme, path, record, known[p.field])) for p in pattern]
    if path[-1] == "floor":
        found = [(replace(p, before=p.before.replace("名额不超过", "至少给")), m) for p, m in found]
    shown = tuple(p for p, m in found if m == SHOW)
    return shown, tuple(_named(cls, p) for p, m in found if m not in (SHOW, HIDE))


def class_of(record: Any) -> type[Any]:
    """The class of a record whose class is not known before."""
    return cast("type[Any]", type(record))


def _named(cls: type, piece: Piece) -> Piece:
    return Piece(field_word(cls, piece.field), piece.field)


def _safe(cls: type, field: str) -> str:
    safe = safe_choice(cls, field)
    return choice_word(cls, field, safe) if safe else ""
