"""Results of other subjects and other years, as an item of another scheme asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.facts import EarlierResult, Facts, Unit
from app.domain.quantities import Quantity, State
from app.domain.schemes import ResultsSource
from app.scoring.parts import takes_part
from app.scoring.subjects import others_of

if TYPE_CHECKING:
    from app.scoring.board import Board

Asked = Sequence[tuple[Unit, Quantity]]
RanksBy = Callable[[str], Mapping[str, int]]


class LowerResults:
    """What a scheme above asks of a finished board: quantities, ranks and grades of its units."""

    def __init__(self, board: Board, grades: Mapping[str, str], ranks_by: RanksBy) -> None:
        self.board = board
        self.grades = grades
        self.ranks_by = ranks_by
        self._ranks: dict[str, Mapping[str, int]] = {}

    def quantity(self, unit: Unit, source: ResultsSource) -> Quantity:
        """The subject's quantity: a column's, a rank, or 100 and 0 for a grade inside and outside the named ones."""
        asked = source.quantity
        if not takes_part(unit) or unit.code not in self.board.place:
            return Quantity.not_applicable("不参评")
        if asked == "grade":
            return _of_grade(self.grades.get(unit.code, ""), source)
        if asked in ("rank", "rank_from_last") or asked.startswith("rank:"):
            if asked not in self._ranks:
                self._ranks[asked] = self.ranks_by(asked)
            rank = self._ranks[asked].get(unit.code)
            return Quantity.of(rank) if rank else Quantity.not_applicable("没有名次")
        return self.board.column(asked).quantity(self.board.place[unit.code])


class OtherResults:
    """Whose results an item takes, and what they are."""

    def __init__(self, facts: Facts, year: int, source: ResultsSource, lower: LowerResults | None) -> None:
        self.source = source
        self.lower = lower
        self.year = year - source.years_ago
        units = sorted(facts.units, key=lambda u: (u.order, u.code))
        self._units = {u.code: (i, u) for i, u in enumerate(units)}
        self._others = others_of(units, source.of, source.link)
        self._earlier: dict[str, EarlierResult] = {
            e.unit: e for e in facts.earlier if e.scheme == source.scheme and e.year == self.year
        }

    def of(self, unit: Unit) -> Asked:
        """The subjects that count, in official order, each with its quantity."""
        found = sorted(self._units[code] for code in set(self._others(unit)) if code in self._units)
        asked = [(u, self.quantity(u)) for _, u in found if self._meant(u)]
        return [(u, q) for u, q in asked if q.state is not State.NOT_APPLICABLE]

    def _meant(self, unit: Unit) -> bool:
        return not self.source.tags or bool(set(self.source.tags) & set(unit.tags))

    def quantity(self, unit: Unit) -> Quantity:
        """One subject's quantity; not applicable where it has none that could count. What was sent up for this year
        stands in the place of what would be computed here."""
        told = self.told(unit)
        if self.source.years_ago or told:
            return self._of_earlier(told)
        return self.lower.quantity(unit, self.source) if self.lower else Quantity.not_applicable("没有这个方案的结果")

    def told(self, unit: Unit) -> EarlierResult | None:
        """The subject's result that was not computed here; none when it was, or when nothing is known."""
        return self._earlier.get(unit.code)

    def _of_earlier(self, known: EarlierResult | None) -> Quantity:
        asked = self.source.quantity
        if known is None:
            return Quantity.not_applicable(f"没有 {self.year} 年的结果")
        if asked == "grade":
            return _of_grade(known.grade, self.source)
        value: Fraction | int | None = known.parts.get(asked)
        if asked in ("total", "rank", "rank_from_last"):
            value = {"total": known.total, "rank": known.rank, "rank_from_last": known.rank_from_last}[asked]
        return Quantity.of(value) if value is not None else Quantity.not_applicable(f"{self.year} 年的结果中没有这一项")


def _of_grade(grade: str, source: ResultsSource) -> Quantity:
    return Quantity.of(100 if grade in source.grades else 0) if grade else Quantity.not_applicable("没有等次")
