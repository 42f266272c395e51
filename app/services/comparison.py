"""Two results side by side: which units have moved. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from app.domain.results import Results, SchemeResult, UnitResult


@dataclass(frozen=True, slots=True)
class MoveReason:
    """Why a unit stands differently: the quantity that has changed (a part, ``rank``, ``grade``), its value or weight
    before and after, and the same as a sentence."""

    quantity: str
    name: str
    before: Fraction | None
    after: Fraction | None
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultChange:
    """One unit whose total, rank or grade differs between two results. Grades are ids; a unit that is missing on
    one side has None there, and no grade. reasons: why, where that was asked for."""

    scheme: str
    unit: str
    name: str
    series: str
    total_before: Fraction | None
    total_after: Fraction | None
    rank_before: int | None
    rank_after: int | None
    grade_before: str
    grade_after: str
    reasons: tuple[MoveReason, ...] = field(default=(), compare=False)


def compare(before: Results, after: Results, names: Mapping[str, str]) -> tuple[ResultChange, ...]:
    """All units that differ, in the order of the newer result; those that are gone come last in their scheme.
    names: code → name of the units."""
    old = {s.scheme: s for s in before.schemes}
    new = {s.scheme: s for s in after.schemes}
    found: list[ResultChange] = []
    for scheme in dict.fromkeys([*new, *old]):
        left, right = old.get(scheme), new.get(scheme)
        for unit in dict.fromkeys([*_order(right), *_order(left)]):
            a, b = left and left.units.get(unit), right and right.units.get(unit)
            if _seen(a) != _seen(b):
                found.append(_change(scheme, unit, names.get(unit, unit), a, b))
    return tuple(found)


def _order(result: SchemeResult | None) -> list[str]:
    if result is None:
        return []
    return list(dict.fromkeys([*(u for s in result.series for u in s.order), *result.units]))


def _seen(unit: UnitResult | None) -> tuple[Fraction | None, int | None, tuple[str, ...]]:
    return (unit.total.value, unit.rank, tuple(g.final for g in unit.grades)) if unit else (None, None, ())


def _change(scheme: str, unit: str, name: str, a: UnitResult | None, b: UnitResult | None) -> ResultChange:
    present = b or a
    return ResultChange(
        scheme=scheme,
        unit=unit,
        name=name,
        series=present.series if present else "",
        total_before=a.total.value if a else None,
        total_after=b.total.value if b else None,
        rank_before=a.rank if a else None,
        rank_after=b.rank if b else None,
        grade_before=a.grade.final if a else "",
        grade_after=b.grade.final if b else "",
    )
