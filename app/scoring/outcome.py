"""From totals to grades for one scheme: rank, reach, quota, adjustments, decisions by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from app.domain.facts import Decision
from app.domain.findings import Finding, Severity
from app.domain.quantities import Quantity
from app.domain.results import AppliedAdjustment, GradeOutcome, SchemeResult, SeriesResult, UnitResult
from app.domain.schemes import Scope
from app.scoring.adjust import Adjuster, freed_to_decide, moved_on
from app.scoring.board import Board
from app.scoring.conditions import reaches
from app.scoring.quota import Allocation, Candidacy, allocate
from app.scoring.ranking import Field, rank_fields
from app.scoring.rounding import round_value

_NO_GRADE = {
    "not_graded": "不定等次",
    "new": "新成立，不定等次",
    "under_investigation": "正在接受审查，暂不定等次",
    "ceased": "已撤并",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit's grade indexes: by quota, final, and what acted on it."""

    by_quota: int
    final: int
    pending: bool
    records: tuple[AppliedAdjustment, ...]


@cache
def _untouched(grade: int, pending: bool) -> Standing:
    return Standing(grade, grade, pending, ())


class Outcome:
    """Everything after the tree, computed from a board in one go."""

    def __init__(self, board: Board, decisions: tuple[Decision, ...]) -> None:
        self.board = board
        self.fields = rank_fields(board)
        self.reach = reaches(board, self.fields)
        self.adjuster = Adjuster(board, self.fields, self.reach)
        self.decisions = {(d.unit, d.scope): d for d in decisions if d.scheme == board.scheme.id}
        self.ceilings = self.adjuster.ceilings()
        self.allocations: dict[str, Allocation] = {}
        self.standings: dict[int, Standing] = {}
        self.findings: list[Finding] = []
        for field in self.fields:
            self._settle(field)

    @cached_property
    def promoted(self) -> dict[int, int]:
        """Unit → the grade it got outside the quota (专项晋优)."""
        return {
            self.board.place[unit]: self.adjuster.grade_at[d.grade]
            for (unit, scope), d in self.decisions.items()
            if d.outside_quota and scope == "unit" and d.grade in self.adjuster.grade_at and unit in self.board.place
        }

    @cached_property
    def _by_veto(self) -> bool:
        """Whether a quota is taken of the units without the vetoed ones."""
        grades = self.board.scheme.ladder.grades
        return any(q and q.base == "without_vetoed" for g in grades for q in (g.quota, g.floor))

    def _candidacy(self, field: Field, ceilings: Mapping[int, int]) -> Candidacy:
        vetoed = self.adjuster.vetoed if self._by_veto else frozenset[int]()
        return Candidacy(self.board, field, self.reach, ceilings, self.promoted if self.decisions else {}, vetoed)

    def _settle(self, field: Field) -> None:
        first = allocate(self._candidacy(field, self.ceilings))
        triggered, pending = self.adjuster.triggered, first.pending
        standings = {
            p: self._standing(p, grade, first) if p in triggered else _untouched(grade, p in pending)
            for p, grade in first.given.items()
        }
        changed = {p: s for p, s in standings.items() if s.final != s.by_quota} if triggered else {}
        moved = {
            p: s
            for p, s in changed.items()
            if p in field.keys and p not in self.promoted and moved_on(self.adjuster, p)
        }
        final = first
        if moved:
            ceilings = {**self.ceilings, **{p: s.final for p, s in moved.items()}}
            final = allocate(self._candidacy(field, ceilings))
            for p, grade in final.given.items():
                standings[p] = (
                    self._kept(moved[p], grade, p in final.pending) if p in moved else self._standing(p, grade, final)
                )
        self.allocations[field.name] = final
        self.standings.update(standings)
        for p, s in changed.items():
            if freed_to_decide(self.adjuster, p):
                self._freed(p, s)

    def _kept(self, standing: Standing, grade: int, pending: bool) -> Standing:
        return Standing(standing.by_quota, max(standing.final, grade), pending, standing.records)

    def _standing(self, place: int, grade: int, allocation: Allocation) -> Standing:
        if place not in self.adjuster.triggered:
            return _untouched(grade, place in allocation.pending)
        before: list[AppliedAdjustment] = []
        if place in self.ceilings:
            before = self.adjuster.before_records(place, self.ceilings[place], grade)
        final, after = self.adjuster.apply(place, "unit", grade)
        return Standing(grade, final, place in allocation.pending, (*before, *after))

    def _freed(self, place: int, standing: Standing) -> None:
        grade = self.board.scheme.ladder.grades[standing.by_quota].name
        unit = self.board.units[place].name
        self.findings.append(
            Finding(
                "Q-FREED",
                unit,
                f"“{unit}”离开“{grade}”后空出一个名额，方案规定由人工决定是否递补",
                "请在“结果”页决定；不决定则空着",
                Severity.WARNING,
            )
        )

    # ---- as values

    @cached_property
    def grades(self) -> dict[str, str]:
        """Unit → final grade id ("" for none), decisions included."""
        if not self.decisions:
            ids, standings = [g.id for g in self.board.scheme.ladder.grades], self.standings
            return {u.code: ids[standings[p].final] if p in standings else "" for p, u in enumerate(self.board.units)}
        return {u.code: self._final(p) for p, u in enumerate(self.board.units)}

    def _final(self, place: int) -> str:
        """The unit's own final grade, without the words around it."""
        decision = self.decisions.get((self.board.units[place].code, "unit")) if self.decisions else None
        if decision and decision.grade in self.adjuster.grade_at:
            return decision.grade
        standing = self.standings.get(place)
        return self.board.scheme.ladder.grades[standing.final].id if standing else ""

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Unit → rank, for those that have one."""
        return self.ranks_by("rank")

    def ranks_by(self, quantity: str) -> dict[str, int]:
        """The same for ``rank_from_last`` and ``rank:ID``."""
        return {self.board.units[p].code: r for f in self.fields for p, r in f.ranks_by(quantity).items() if r}

    def outcomes(self, place: int) -> tuple[GradeOutcome, ...]:
        """The grade of every scope of a unit, the unit's own first."""
        return tuple(self._outcome(place, scope) for scope in self.adjuster.scopes)

    def _outcome(self, place: int, scope: Scope) -> GradeOutcome:
        ids = [g.id for g in self.board.scheme.ladder.grades]
        unit = self.board.units[place]
        decision = self.decisions.get((unit.code, scope))
        standing = self.standings.get(place)
        by_quota = ids[standing.by_quota] if standing else ""
        if decision and decision.grade in ids:
            what = "专项晋优，不占名额" if decision.outside_quota else "人工决定"
            return GradeOutcome(
                scope, by_quota, decision.grade, True, False, f"{what}：{decision.reason}（{decision.by}）"
            )
        if standing is None:
            return GradeOutcome(scope, "", "", note=self._why_none(place))
        final = standing.final if scope == "unit" else self.adjuster.apply(place, scope, standing.by_quota)[0]
        note = "名额线上并列，待人工决定" if standing.pending else ""
        return GradeOutcome(scope, by_quota, ids[final], False, standing.pending, note)

    def _why_none(self, place: int) -> str:
        unit = self.board.units[place]
        if unit.participation in _NO_GRADE:
            return unit.reason or _NO_GRADE[unit.participation]
        return self.board.total.quantity(place).reason or "没有总分"

    def records(self, place: int) -> tuple[AppliedAdjustment, ...]:
        """What acted on the unit, all scopes."""
        standing = self.standings.get(place)
        if standing is None:
            return ()
        others = [
            record
            for scope in self.adjuster.scopes[1:]
            for record in self.adjuster.apply(place, scope, standing.by_quota)[1]
        ]
        return (*standing.records, *others)

    def field_of(self, place: int) -> Field:
        """The field in which the unit stands."""
        return next(f for f in self.fields if place in (*f.ranked, *f.apart, *f.others))

    def result(self, fingerprint: str) -> SchemeResult:
        """The whole scheme's results as values."""
        columns = [self.board.column(name).quantities() for name in self._quantities]
        rows = zip(*columns, strict=True) if columns else [()] * len(self.board.units)
        units = {
            u.code: self._unit_result(p, dict(zip(self._quantities, row, strict=True)))
            for p, (u, row) in enumerate(zip(self.board.units, rows, strict=True))
        }
        series = tuple(
            SeriesResult(
                f.name,
                self._listed(f),
                tuple(self.allocations[f.name].lines),
            )
            for f in self.fields
        )
        findings = (
            *self.adjuster.findings,
            *self.findings,
            *self._tie_findings(series),
            *self._floor_findings(series),
            *self.board.findings,
        )
        return SchemeResult(self.board.scheme.id, fingerprint, units, series, findings)

    def _listed(self, field: Field) -> tuple[str, ...]:
        """The field's units as they are listed: by rank, or in official order."""
        ranked = field.ranked if self.board.scheme.ranking.listed == "rank" else sorted(field.ranked)
        return tuple(self.board.units[p].code for p in (*ranked, *field.apart, *field.others))

    def _tie_findings(self, series: tuple[SeriesResult, ...]) -> list[Finding]:
        return [
            Finding(
                "Q-TIE", s.series or self.board.scheme.name, line.sentence, "请在“结果”页逐个决定等次", Severity.WARNING
            )
            for s in series
            for line in s.quotas
            if line.tied and self._open_ties(line.tied)
        ]

    def _floor_findings(self, series: tuple[SeriesResult, ...]) -> list[Finding]:
        return [
            Finding(
                "Q-FLOOR",
                s.series or self.board.scheme.name,
                line.sentence,
                "请核对名额下限和并列、封顶的规定，需要时人工决定",
                Severity.WARNING,
            )
            for s in series
            for line in s.quotas
            if line.kind == "floor" and line.vacant
        ]

    def _open_ties(self, units: tuple[str, ...]) -> bool:
        places = [self.board.place[u] for u in units]
        return any(
            self.standings[p].pending and (self.board.units[p].code, "unit") not in self.decisions for p in places
        )

    def _unit_result(self, place: int, parts: dict[str, Quantity]) -> UnitResult:
        board, unit = self.board, self.board.units[place]
        total = board.total.quantity(place)
        field = self.field_of(place)
        return UnitResult(
            unit=unit.code,
            series=unit.series,
            participation=unit.participation,
            total=total,
            shown_total=None if total.value is None else round_value(total.value, board.scheme.rounding.shown),
            rank=field.ranks.get(place),
            shared=field.shared(place),
            grades=self.outcomes(place),
            adjustments=self.records(place),
            parts=parts | self._further_ranks(place),
        )

    @cached_property
    def _quantities(self) -> tuple[str, ...]:
        """Every part and measure, and what those with a normalisation were before it."""
        before = [f"before:{p.id}" for p in self.board.parts.values() if p.normalisation is not None]
        return (*self.board.parts, *before)

    def _further_ranks(self, place: int) -> dict[str, Quantity]:
        field = self.field_of(place)
        return {
            f"rank:{name}": Quantity.of(rank)
            for name, ranks in field.also.items()
            if (rank := ranks.get(place)) is not None
        }
