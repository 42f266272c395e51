"""Small questions about parts: their limits, whom they concern, which of them count."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.facts import Unit
from app.domain.schemes import Applies, Bound, DirectReading, Item, LevelsReading, Node, Part, full_points

if TYPE_CHECKING:
    from app.scoring.exact import Exact

OPEN_STATES = ("ranked", "listed_apart")  # participation that may get a grade
EVERYBODY = Applies()
READ_DIGITS = 2  # decimals of a mark that a table of bands, a target, a ratio or a rank reads


def limited(exact: Exact, part: Part) -> Exact:
    """Kept within the part's limits."""
    return exact.clipped(part.limits.minimum, maximum_of(part.limits.maximum, part))


def maximum_of(bound: Bound, part: Part) -> Fraction | None:
    """A limit as a number; "full" without points is no limit."""
    return full_points(part) if bound == "full" else bound


def concerns(applies: Applies, unit: Unit) -> bool:
    """Whether a part concerns the unit."""
    if applies.series and unit.series not in applies.series:
        return False
    if applies.kinds and unit.kind not in applies.kinds:
        return False
    return not applies.tags or bool(set(applies.tags) & set(unit.tags))


def takes_part(unit: Unit) -> bool:
    """Whether the unit counts when units are compared with each other."""
    return unit.participation in OPEN_STATES


def counted_items(node: Node) -> list[Item]:
    """Items of the tree that are not on top, nor below a part that is."""
    found: list[Item] = []
    for child in node.children:
        if child.on_top:
            continue
        found.extend(counted_items(child) if isinstance(child, Node) else [child])
    return found


def digits_of(item: Item) -> int:
    """Decimals of a mark of this item in a packed block."""
    reading = item.reading
    if isinstance(reading, DirectReading):
        return reading.digits
    return 0 if isinstance(reading, LevelsReading) else READ_DIGITS
