"""Random units, evaluators and marks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from app.domain.facts import (
    Assignment,
    Decision,
    EarlierResult,
    Evaluator,
    Event,
    Exemption,
    Link,
    MarkBlock,
    OfficeMark,
    Unit,
    UnitRelation,
)
from app.domain.quantities import MarkState
from app.domain.schemes import (
    Item,
    LevelsReading,
    MarksSource,
    OfficeSource,
    RatioReading,
    Scheme,
    ThresholdReading,
    items_of,
    sheet_items,
    walk,
)
from tests.builders import block
from tests.making.dice import Dice
from tests.making.ladders import CLASSES, RELATIONS, ROLES, SANCTIONS
from tests.making.sources import KINDS, LEVELS

PARTICIPATIONS = ("ranked",) * 8 + ("listed_apart", "not_graded", "new", "under_investigation", "ceased")


class FactsMaker:
    """Makes facts that fit the schemes."""

    def __init__(self, d: Dice, schemes: tuple[Scheme, ...]) -> None:
        self.d = d
        self.schemes = schemes
        self.units = self.make_units()
        self.codes = [u.code for u in self.units]
        self.evaluators = self.make_evaluators()

    def of_level(self, scheme: Scheme) -> list[str]:
        return [u.code for u in self.units if u.level == scheme.level]

    def make_units(self) -> tuple[Unit, ...]:
        d = self.d
        levels = {s.level for s in self.schemes}
        above = [""]
        plan: list[tuple[str, str, str]] = []
        for level in reversed(LEVELS):
            if level in levels:
                most = 6 if level == self.schemes[0].level else 4
                least = 4 if d.wants("crowded fields", 100, 40) else 1
                here = [f"{level[0]}{n}" for n in range(d.number(least, max(most, least)))]
                plan += [(code, level, d.pick(above)) for code in here]
                above = here
        codes = [code for code, _, _ in plan]
        return tuple(self.unit(code, level, parent, codes) for code, level, parent in plan)

    def unit(self, code: str, level: str, parent: str, codes: list[str]) -> Unit:
        d = self.d
        others = [c for c in codes if c != code]
        bodies = d.some([c for c in others if c != parent], 25) if d.wants("bodies reported to", 50, 25) else ()
        return Unit(
            code=code,
            name=f"单位{code}",
            level=level,
            series="x" if d.wants("crowded fields", 85, 40) else d.pick(("x", "x", "x", "y", "")),
            kind=d.pick(("organisation", "organisation", "branch")),
            parent=parent,
            order=d.number(0, 3),
            participation="ranked" if d.wants("crowded fields", 85, 40) else d.pick(PARTICIPATIONS),
            tags=(*d.some(("t1", "t2")), *d.pick((("grp=1",), ("grp=1",), ("grp=2",), ()))),
            reports_to=bodies,
            links=tuple(Link(unit=c, name=d.pick(("", "member", "joint"))) for c in d.some(others, 40)),
        )

    def make_evaluators(self) -> tuple[Evaluator, ...]:
        d = self.d
        return tuple(
            Evaluator(
                code=f"e{n}",
                name=f"评{n}",
                unit=d.pick([*self.codes, ""]),
                role=d.pick((*ROLES, "")),
                order=d.number(0, 3),
                relations=tuple(UnitRelation(unit=u, relation=d.pick(RELATIONS)) for u in self.codes if d.chance(5)),
            )
            for n in range(d.pick((0, 3, 5, 6, 6)))
        )

    def assignments(self) -> tuple[Assignment, ...]:
        d = self.d
        return tuple(
            Assignment(
                evaluator=e.code,
                scheme=s.id,
                units=d.at_least_one(self.of_level(s)),
                group=d.pick([*[g.id for g in s.groups], ""]),
            )
            for s in self.schemes
            for e in self.evaluators
            for _ in range(d.number(1, 2) if d.chance(12) else 0)
        )

    def blocks(self) -> tuple[MarkBlock, ...]:
        return tuple(b for s in self.schemes for e in self.evaluators if self.d.chance(85) for b in self.block(s, e))

    def block(self, scheme: Scheme, evaluator: Evaluator) -> list[MarkBlock]:
        d = self.d
        marks: dict[tuple[str, str], Any] = {}
        for unit in self.of_level(scheme):
            for one in sheet_items(scheme):
                if d.chance(95):
                    marks[unit, one.id] = self.mark(one)
        # sheets sent out under an earlier version of the scheme may have had other decimals
        return [block(scheme, evaluator.code, marks, d.number(2, 4))] if marks else []

    def mark(self, one: Item) -> Any:
        d = self.d
        if d.chance(6 if isinstance(one.source, MarksSource) else 2):
            return d.pick(list(MarkState))
        if isinstance(one.reading, LevelsReading):
            return d.pick(one.reading.levels).id
        return d.value(int(one.points or 10)) * (-1 if d.chance(2) else 1)

    def events(self) -> tuple[Event, ...]:
        """Some; or many of few units, so that they meet each other."""
        if self.d.wants("many events", 100, 40):
            return tuple(self.event(n, self.codes[-2:]) for n in range(self.d.number(7, 14)))
        return tuple(self.event(n, self.codes) for n in range(self.d.number(0, 8)))

    def event(self, n: int, units: list[str]) -> Event:
        d = self.d
        near = ("", "2026-03-01", "2026-03-01", "2026-07-15", "2026-09-09", "2025-12-30")
        dates = near if d.chance(70) else (*near, "2024-05-01", "2027-01-02")
        return Event(
            id=f"ev{n}",
            kind=KINDS[0] if d.wants("many events", 60, 40) else d.pick(KINDS),
            unit=d.pick(units),
            occurred=d.pick(dates),
            concluded=d.pick(dates),
            matter=d.pick(("", "", "M1", "M2")),
            person=d.pick(("", "", "甲", "乙")),
            person_class=d.pick(CLASSES),
            sanction=d.pick(SANCTIONS),
            amount=Fraction(d.number(1, 8), 2) if d.chance(30) else None,
            shared_by=d.pick((2, 3)) if d.wants("shared events", 60, 30) else 1,
            counted_in=d.pick((2025, 2026)) if d.wants("events counted in a year", 30, 35) else 0,
            evidence=d.pick(("文号", "文号", "")),
            approver=d.pick(("主任", "主任", "")),
        )

    def office_marks(self, scheme: Scheme) -> list[OfficeMark]:
        return [
            self.office_mark(scheme, unit, one, period)
            for one in items_of(scheme)
            if isinstance(one.source, OfficeSource)
            for unit in self.of_level(scheme)
            for period in (one.periods.names if one.periods else ("",))
            if self.d.chance(90 if one.periods else 97)
        ]

    def office_mark(self, scheme: Scheme, unit: str, one: Item, period: str) -> OfficeMark:
        d = self.d
        mark = self.mark(one)
        level = str(mark) if isinstance(mark, str) and not isinstance(mark, MarkState) else ""
        aimed = isinstance(one.reading, RatioReading | ThresholdReading) and d.chance(95)
        return OfficeMark(
            scheme=scheme.id,
            unit=unit,
            item=one.id,
            value=MarkState.BLANK if level else mark,
            level=level,
            period=period,
            target=d.pick((Fraction(10), Fraction(25, 2), Fraction(50))) if aimed else None,
            standard=d.pick((Fraction(5), Fraction(8), Fraction(0))) if aimed else None,
        )

    def exemptions(self, scheme: Scheme) -> list[Exemption]:
        d = self.d
        parts = [p.id for p in (*walk(scheme.tree), *scheme.measures)]
        return [
            Exemption(scheme=scheme.id, unit=u, part=d.pick(parts), reason="无此职能")
            for u in self.of_level(scheme)
            if d.chance(10)
        ]

    def decisions(self, scheme: Scheme) -> list[Decision]:
        d = self.d
        scopes = {a.scope for a in scheme.adjustments} | {"unit"}
        return [
            Decision(
                scheme=scheme.id,
                unit=u,
                scope=scope,
                grade=d.pick(scheme.ladder.grades).id,
                reason="会议研究",
                by="考核委员会",
                outside_quota=scope == "unit" and d.wants("promotions outside the quota", 70, 30),
            )
            for u in self.of_level(scheme)
            for scope in sorted(scopes)
            if d.chance(25 if scope == "unit" and d.wants("promotions outside the quota", 100, 30) else 4)
        ]

    def earlier(self, scheme: Scheme) -> list[EarlierResult]:
        d = self.d
        parts = [p.id for p in (*walk(scheme.tree), *scheme.measures)]
        return [
            EarlierResult(
                scheme=scheme.id,
                unit=unit,
                year=year,
                grade=d.pick([g.id for g in scheme.ladder.grades] + [""]),
                total=d.value() if d.chance(90) else None,
                rank=(rank := d.number(1, 5) if d.chance(90) else None),
                rank_from_last=None if rank is None else 6 - rank,
                parts={name: d.value(10) for name in d.some(parts, 80)},
            )
            for unit in self.of_level(scheme)
            for year in (2024, 2025)
            if d.chance(80)
        ]
