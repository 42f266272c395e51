"""Small sources: values that no evaluator gave, and the gathering of a handful of exact values."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from app.domain.facts import OfficeMark
from app.domain.quantities import MarkState, Quantity
from app.domain.schemes import Item, LevelsReading, Within
from app.scoring.readings import level_of

# ---- values that were entered

_MISSING = {
    "office": "考核办尚未录入",
    "figure": "测得的数尚未录入",
    "self": "单位自评分尚未录入",
    "imported": "外部考核结果尚未录入",
}


def office_quantity(item: Item, mark: OfficeMark | None) -> Quantity:
    """The value as it was entered, before its reading; a level choice is worth its points."""
    if mark is None or (mark.value is MarkState.BLANK and not mark.level):
        return Quantity.no_result(_MISSING.get(item.source.kind, _MISSING["office"]))
    if mark.level:
        level = level_of(item.reading, mark.level) if isinstance(item.reading, LevelsReading) else None
        if level is None:
            return Quantity.no_result(f"没有“{mark.level}”这个等级")
        return Quantity.no_result("该等级不计分") if level.points is None else Quantity.of(level.points)
    if mark.value is MarkState.NOT_APPLICABLE:
        return Quantity.not_applicable(mark.basis or "考核办标为不适用")
    if isinstance(mark.value, MarkState):
        return Quantity.no_result("录入的不是分数")
    if isinstance(item.reading, LevelsReading):
        return Quantity.no_result("等级读法不能换算数值")
    return Quantity.of(mark.value)


# ---- gathering of a few values (other subjects, periods, single answers)


def gather_few(values: Sequence[Fraction], within: Within) -> Fraction:
    """The same rules as for marks, for a handful of exact values (at least one)."""
    den = lcm(*(v.denominator for v in values))
    return gather_integers([v.numerator * (den // v.denominator) for v in values], den, within)


def gather_integers(values: Sequence[int], den: int, within: Within) -> Fraction:
    """The same for integers over one denominator."""
    kept = values
    if within.method == "trimmed":
        left_out = trimmed_places(values, within)
        kept = [v for place, v in enumerate(values) if place not in left_out]
    elif within.method == "median":
        ordered = sorted(values)
        middle = len(ordered) // 2
        kept = ordered[middle : middle + 1] if len(ordered) % 2 else ordered[middle - 1 : middle + 1]
    elif within.method in ("best", "lowest"):
        kept = (max(values) if within.method == "best" else min(values),)
    elif within.method == "latest":
        kept = values[-1:]
    return Fraction(sum(kept), den if within.method == "sum" else den * len(kept))


def trimmed_places(values: Sequence[Fraction | int | None], within: Within) -> dict[int, str]:
    """Which of these values a trimmed mean leaves out, by place in the list, as "highest" or "lowest"."""
    ordered = sorted((value, place) for place, value in enumerate(values) if value is not None)
    if within.method != "trimmed" or len(ordered) <= within.above:
        return {}
    if within.equal == "all" and ordered:
        low = {p: "lowest" for v, p in ordered if within.low and v == ordered[0][0]}
        high = {p: "highest" for v, p in ordered if within.high and v == ordered[-1][0]}
    else:
        low = {place: "lowest" for _, place in ordered[: within.low]}
        high = {place: "highest" for _, place in ordered[max(len(ordered) - within.high, 0) :]}
        if len(ordered) <= within.low + within.high:
            return {}
    return {**low, **high} if len({**low, **high}) < len(ordered) else {}
