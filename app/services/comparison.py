"""Two results side by side: which units have moved. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.domain.results import Results


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultChange:
    """One unit whose total, rank or grade differs between two results. Grades are ids; a unit that is missing on
    one side has None there."""

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


def compare(before: Results, after: Results, names: dict[str, str]) -> tuple[ResultChange, ...]:
    """All units that differ, in the order of the newer result. names: code → name of the units."""
    raise NotImplementedError
