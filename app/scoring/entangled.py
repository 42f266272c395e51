"""Which parts rest on more than what lies below them: on other quantities of the scheme, or on other units."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.domain.schemes import BandsReading, Item, MarksSource, Node, Part, QuantitySource, Reading, looks_across


def referring_parts(parts: Mapping[str, Part], above: Mapping[str, Node]) -> frozenset[str]:
    """Parts that name another quantity, and everything above them."""
    return _with_all_above(parts, above, refers)


def crossing_parts(parts: Mapping[str, Part], above: Mapping[str, Node]) -> frozenset[str]:
    """Parts that compare units (or gather each rater's joined marks), and everything above them."""
    return _with_all_above(parts, above, crosses)


def _with_all_above(
    parts: Mapping[str, Part], above: Mapping[str, Node], wanted: Callable[[Part], bool]
) -> frozenset[str]:
    found: set[str] = set()
    for part in parts.values():
        name = part.id if wanted(part) else None
        while name is not None and name not in found:
            found.add(name)
            name = above[name].id if name in above else None
    return frozenset(found)


def refers(part: Part) -> bool:
    """Whether the part itself names another quantity."""
    if isinstance(part, Node):
        return False
    named = isinstance(part.source, QuantitySource) or bool(part.overrides)
    return named or _has_conditions(part.reading) or _has_conditions(part.conversion)


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
