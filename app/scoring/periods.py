"""Several periods of one item: each period's value becomes part of the year's."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.domain.quantities import Quantity, State
from app.domain.schemes import Periods
from app.scoring.columns import Column
from app.scoring.sources import gather_few


def over_periods(periods: Periods, columns: Sequence[Column], count: int) -> Column:
    """One column out of the periods' columns, in the order of their names. count: so many units."""
    return Column.of([over_period(periods, [c.quantity(i) for c in columns]) for i in range(count)])


def over_period(periods: Periods, values: Sequence[Quantity]) -> Quantity:
    """One unit's value out of its periods'."""
    if not periods.names:  # while the scheme is being written
        return Quantity.no_result("没有写各期的名称")
    missing = [name for name, q in zip(periods.names, values, strict=True) if q.state is State.NO_RESULT]
    if missing and periods.missing == "block":
        return Quantity.no_result(f"{'、'.join(missing)}没有结果")
    counted = counted_periods(periods, values)
    if not counted:
        return Quantity.no_result("没有一期有结果") if missing else Quantity.not_applicable("各期均不适用")
    if not periods.weights:
        return Quantity.of(gather_few([v for _, v in counted], periods.within))
    whole = sum((periods.weights[i] for i, _ in counted), Fraction(0))
    if not whole:
        return Quantity.no_result("有结果的各期权重合计为 0")
    return Quantity.of(sum((periods.weights[i] * v for i, v in counted), Fraction(0)) / whole)


def counted_periods(periods: Periods, values: Sequence[Quantity]) -> list[tuple[int, Fraction]]:
    """The periods that count, by their place, each with its value."""
    found: list[tuple[int, Fraction]] = []
    for place, quantity in enumerate(values):
        if quantity.value is not None:
            found.append((place, quantity.value))
        elif quantity.state is State.NO_RESULT and periods.missing == "zero":
            found.append((place, Fraction(0)))
    return found
