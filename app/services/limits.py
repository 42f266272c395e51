"""What may be entered for an item at most."""

from __future__ import annotations

from fractions import Fraction

from app.domain.schemes import DirectReading, Item, full_points


def highest(item: Item, reading: DirectReading) -> Fraction | None:
    """The upper end for any unit (None: no limit). Where variants give some units other points, the largest of them:
    what is too much for one unit is cut by the item's limits."""
    if reading.maximum != "full":
        return reading.maximum
    points = [full_points(item), *(v.points for v in item.variants if v.points is not None)]
    return max((p for p in points if p is not None), default=None)
