"""Names that stand for something else in a scheme: found, followed when what they name is renamed, missed when it is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, cast

from app.domain.findings import Finding
from app.domain.scheme_editing.paths import Path, path_text, title_at, value_at
from app.domain.scheme_editing.values import fields_of
from app.domain.schemes import BUILT_IN_QUANTITIES, Scheme, walk

T = TypeVar("T")

# Class and field → the kind of names it holds. Every other text of a scheme is a text (a test looks at each field).
REFERENCES: dict[tuple[str, str], str] = {
    ("GroupShare", "group"): "group",
    ("Gathering", "use"): "group",
    ("BallotRule", "groups"): "group",
    ("EventsSource", "kinds"): "event_kind",
    ("QuantitySource", "quantity"): "part",
    ("Condition", "quantity"): "part",
    ("TieBreak", "quantity"): "part",
    ("Adjustment", "grade"): "grade",
    ("Adjustment", "grades"): "grade",
    ("Adjustment", "events"): "event_kind",
    ("VotesSource", "ballot_of"): "part",
    ("BallotRule", "item"): "part",
    ("Ranking", "also"): "part",
    ("ResultsSource", "scheme"): "scheme",
    ("Answers", "items"): "part",
}
_PREFIXES = ("before:", "rank:")  # a quantity of a part: the reference is what stands behind it
_WORDS = {"part": "量", "group": "评议人分组", "event_kind": "事项种类", "grade": "等次"}

Names = Mapping[str, Mapping[str, str]]  # kind of names → old name → new name


@cache
def _ways(cls: type) -> tuple[tuple[str, str], ...]:
    """Fields of a class that hold references (with the kind of names) or records that may hold some (with none)."""
    found: list[tuple[str, str]] = []
    for one in fields_of(cls):
        space = REFERENCES.get((cls.__name__, one.name), "")
        if space or any(_may_refer(record, ()) for record in one.record):
            found.append((one.name, space))
    return tuple(found)


@cache
def _may_refer(cls: type, seen: tuple[type, ...]) -> bool:
    if cls in seen:
        return False
    inner = (*seen, cls)
    return any(
        (cls.__name__, one.name) in REFERENCES or any(_may_refer(record, inner) for record in one.record)
        for one in fields_of(cls)
    )


def references(value: Any, path: Path = ()) -> Iterator[tuple[Path, str, str]]:
    """Place, kind and name of everything that a value refers to; empty names refer to nothing."""
    if isinstance(value, tuple):
        for index, one in enumerate(cast(tuple[Any, ...], value)):
            yield from references(one, (*path, index))
    elif is_dataclass(value):
        for name, space in _ways(cast("type[Any]", type(value))):
            held: Any = getattr(value, name)
            if not space:
                yield from references(held, (*path, name))
                continue
            for one in cast(tuple[Any, ...], held) if isinstance(held, tuple) else (held,):
                if one:
                    yield (*path, name), space, _split(str(one))[1]


def followed(value: T, names: Names) -> T:
    """The value with its references renamed; what is not in ``names`` stays the same object."""
    return cast(T, _followed(value, names))


def _followed(value: Any, names: Names) -> Any:
    if isinstance(value, tuple):
        row = cast(tuple[Any, ...], value)
        now = tuple(_followed(one, names) for one in row)
        return now if any(a is not b for a, b in zip(now, row, strict=True)) else row
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {}
    for name, _ in _ways(cast("type[Any]", type(value))):
        now = _field(value, name, names)
        if now is not getattr(value, name):
            changes[name] = now
    return replace(cast(Any, value), **changes) if changes else value


def _field(record: Any, name: str, names: Names) -> Any:
    held: Any = getattr(record, name)
    space = REFERENCES.get((type(record).__name__, name))
    if space is None:
        return _followed(held, names)
    known = names.get(space, {})
    if isinstance(held, tuple):
        row = cast(tuple[str, ...], held)
        now = tuple(_renamed(one, known) for one in row)
        return now if now != row else row
    return _renamed(held, known)


def _split(name: str) -> tuple[str, str]:
    prefix = next((p for p in _PREFIXES if name.startswith(p)), "")
    return prefix, name.removeprefix(prefix)


def _renamed(name: str, known: Mapping[str, str]) -> str:
    prefix, own = _split(name)
    return prefix + known[own] if own in known else name


def names_in(scheme: Scheme) -> dict[str, set[str]]:
    """Kind of names → the names there are; quantities that are always there count as parts."""
    return {
        "part": {p.id for p in (*walk(scheme.tree), *scheme.measures)} | set(BUILT_IN_QUANTITIES),
        "group": {g.id for g in scheme.groups},
        "event_kind": {k.id for k in scheme.event_kinds},
        "grade": {g.id for g in scheme.ladder.grades},
    }


def missing_references(scheme: Scheme, path: Path = ()) -> tuple[Finding, ...]:
    """References in what stands at this place (the whole scheme: at the empty one) that lead nowhere; other schemes are
    not looked for."""
    known = names_in(scheme)
    found: list[Finding] = []
    for place, space, name in references(value_at(scheme, path), path):
        if space in known and name not in known[space]:
            message = f"“{title_at(scheme, place)}”引用的{_WORDS[space]}“{name}”在本方案中没有"
            found.append(
                Finding("S-REFERENCE", path_text(place), message, "请改选，或先补上它", node=_node(scheme, place))
            )
    return tuple(found)


def _node(scheme: Scheme, place: Path) -> str:
    for end in range(len(place), 0, -1):
        id = getattr(value_at(scheme, place[:end]), "id", "")
        if id:
            return str(id)
    return ""
