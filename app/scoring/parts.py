"""Small questions about parts: their limits, whom they concern, which of them count."""

from __future__ import annotations

from fractions import Fraction

from app.domain.facts import Unit
from app.domain.schemes import Applies, Bound, Item, Node, Part, full_points
from app.scoring.exact import Exact


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


def counted_items(node: Node) -> list[Item]:
    """Items of the tree that are not on top, nor below a part that is."""
    found: list[Item] = []
    for child in node.children:
        if child.on_top:
            continue
        found.extend(counted_items(child) if isinstance(child, Node) else [child])
    return found
