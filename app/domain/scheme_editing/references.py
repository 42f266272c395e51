"""Names that stand for something else in a scheme: found, followed when what they name is renamed, missed when it is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from app.domain.findings import Finding
from app.domain.scheme_editing.paths import Path, name_space, path_text, records, title_at, value_at
from app.domain.schemes import BUILT_IN_QUANTITIES, Scheme

T = TypeVar("T")

# Class and field → the kind of names it holds. Every other text of a scheme is a text (a test looks at each field).
REFERENCES: dict[tuple[str, str], str] = {
    ("GroupShare", "group"): "group",
    ("Gathering", "use"): "group",
    ("EventsSource", "kinds"): "event_kind",
    ("QuantitySource", "quantity"): "part",
    ("Condition", "quantity"): "part",
    ("TieBreak", "quantity"): "part",
    ("Adjustment", "grade"): "grade",
    ("Adjustment", "events"): "event_kind",
    ("VotesSource", "ballot_of"): "part",
    ("BallotRule", "item"): "part",
    ("Ranking", "also"): "part",
    ("ResultsSource", "scheme"): "scheme",
}
_PREFIXES = ("before:", "rank:")  # a quantity of a part: the reference is what stands behind it
_WORDS = {"part": "量", "group": "评议人分组", "event_kind": "事项种类", "grade": "等次"}

Names = Mapping[str, Mapping[str, str]]  # kind of names → old name → new name


def references(value: Any, path: Path = ()) -> Iterator[tuple[Path, str, str]]:
    """Place, kind and name of everything that a value refers to; empty names refer to nothing."""
    for place, record in records(value, path):
        for one in fields(record):
            space = REFERENCES.get((type(record).__name__, one.name))
            if space is not None:
                held = getattr(record, one.name)
                for name in cast(tuple[Any, ...], held) if isinstance(held, tuple) else (held,):
                    if name:
                        yield (*place, one.name), space, _split(str(name))[1]


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
    changes = {
        f.name: new for f in fields(value) if (new := _field(value, f.name, names)) is not getattr(value, f.name)
    }
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
    found: dict[str, set[str]] = {space: set() for space in _WORDS}
    for path, record in records(scheme):
        if path and hasattr(record, "id") and name_space(record) in found:
            found[name_space(record)].add(record.id)
    found["part"].update(BUILT_IN_QUANTITIES)
    return found


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
