"""Small sources: values that no evaluator gave, and the gathering of a handful of exact values."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.domain.facts import OfficeMark
from app.domain.quantities import MarkState, Quantity
from app.domain.schemes import Item, LevelsReading, Within
from app.scoring.readings import level_of, read_value

# ---- the office's own values


def office_quantity(item: Item, mark: OfficeMark | None) -> Quantity:
    """The value that the office has set, through the item's reading."""
    if mark is None or (mark.value is MarkState.BLANK and not mark.level):
        return Quantity.no_result("考核办尚未录入")
    if mark.level:
        level = level_of(item.reading, mark.level) if isinstance(item.reading, LevelsReading) else None
        if level is None:
            return Quantity.no_result(f"没有“{mark.level}”这个等级")
        return Quantity.no_result("该等级不计分") if level.points is None else Quantity.of(level.points)
    if mark.value is MarkState.NOT_APPLICABLE:
        return Quantity.not_applicable(mark.basis or "考核办标为不适用")
    if isinstance(mark.value, MarkState):
        return Quantity.no_result("考核办录入的不是分数")
    return read_value(item.reading, mark.value)


# ---- gathering of a few values (units below)


def gather_few(values: Sequence[Fraction], within: Within) -> Fraction:
    """The same rules as for marks, for a handful of exact values (at least one)."""
    ordered = sorted(values)
    if within.method == "trimmed" and len(ordered) > max(within.above, within.high + within.low):
        ordered = ordered[within.low : len(ordered) - within.high]
    if within.method == "median":
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    if within.method in ("best", "lowest"):
        return ordered[-1 if within.method == "best" else 0]
    if within.method == "latest":
        return values[-1]
    total = sum(ordered, Fraction(0))
    return total if within.method == "sum" else total / len(ordered)
