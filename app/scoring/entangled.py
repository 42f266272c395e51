"""Which parts rest on more than what lies below them: on other quantities of the scheme, or on other units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.schemes import (
    BEFORE,
    BandsReading,
    Condition,
    Item,
    MarksSource,
    Node,
    Part,
    QuantitySource,
    Reading,
    looks_across,
)


def referring_parts(parts: Mapping[str, Part], above: Mapping[str, Node]) -> frozenset[str]:
    """Parts that name another quantity, and everything above them."""
    return frozenset(n for part in parts.values() if refers(part) for n in with_above(part.id, above))


def resting_on(name: str, naming: Mapping[str, frozenset[str]], above: Mapping[str, Node], root: str) -> frozenset[str]:
    """Parts that name one part's value, or a value that rests on it, however far off; and everything above them.
    naming: what the parts name that name anything."""
    moved, found = {"zero_items", *with_above(name, above)}, set[str]()
    left = dict(naming)
    while hit := [n for n, named in left.items() if named & moved or ("total" in named and root in moved)]:
        for one in hit:
            del left[one]
            found.update(with_above(one, above))
        moved |= found
    return frozenset(found)


def with_above(name: str, above: Mapping[str, Node]) -> list[str]:
    """The part and everything above it."""
    found = [name]
    while found[-1] in above:
        found.append(above[found[-1]].id)
    return found


def named_by(part: Part) -> frozenset[str]:
    """The quantities that the part itself names (the value before normalisation: the part's)."""
    if isinstance(part, Node):
        return frozenset()
    own = [part.source.quantity] if isinstance(part.source, QuantitySource) else []
    tested = [c for o in part.overrides for c in o.when]
    for reading in (part.reading, part.conversion):
        tested += [c for b in reading.bands for c in b.when] if isinstance(reading, BandsReading) else []
    return frozenset(q.removeprefix(BEFORE) for q in own + _quantities(tested))


def _quantities(conditions: Sequence[Condition]) -> list[str]:
    return [q for c in conditions for q in (c.quantity, *_quantities(c.alternatives))]


def refers(part: Part) -> bool:
    """Whether the part itself names another quantity, or states a value of its own."""
    return bool(named_by(part)) or (isinstance(part, Item) and bool(part.overrides))


def _has_conditions(reading: Reading | None) -> bool:
    return isinstance(reading, BandsReading) and any(band.when for band in reading.bands)


def crosses(part: Part) -> bool:
    """Whether the part itself compares units, or gathers each rater's joined marks."""
    if part.normalisation is not None:
        return True
    if isinstance(part, Node):
        return part.gathering is not None or any(c.not_applicable == "series_mean" for c in part.children)
    return looks_across(part.reading) or looks_across(part.conversion)


def reads_by_conditions(item: Item) -> bool:
    """Whether single marks of the score sheets are read by conditions on other quantities."""
    return isinstance(item.source, MarksSource) and _has_conditions(item.reading)
