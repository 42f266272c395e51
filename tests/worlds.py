"""Random worlds: schemes, and facts that fit them."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import strategies as st

from app.domain.facts import (
    Assignment,
    Decision,
    Evaluator,
    Event,
    Exemption,
    Facts,
    MarkBlock,
    OfficeMark,
    Unit,
    UnitRelation,
    VoteCount,
    VoteSession,
)
from app.domain.quantities import MarkState
from app.domain.schemes import (
    Item,
    LevelsReading,
    MarksSource,
    OfficeSource,
    Scheme,
    VotesSource,
    items_of,
    sheet_items,
    walk,
)
from tests.builders import block
from tests.random_schemes import KINDS, RELATIONS, ROLES, Dice, make_schemes


class FactsMaker:
    """Makes facts that fit the schemes."""

    def __init__(self, dice: Dice, schemes: tuple[Scheme, ...]) -> None:
        self.dice = dice
        self.schemes = schemes
        self.units = self.make_units()
        self.codes = [u.code for u in self.units]
        self.evaluators = self.make_evaluators()

    def make(self) -> Facts:
        d = self.dice
        return Facts(
            units=self.units,
            evaluators=self.evaluators,
            assignments=self.assignments(),
            blocks=tuple(b for s in self.schemes for e in self.evaluators if d.chance(85) for b in self.block(s, e)),
            sessions=tuple(x for s in self.schemes for x in self.sessions(s)),
            events=tuple(self.event(n) for n in range(d.number(0, 8))),
            office_marks=tuple(m for s in self.schemes for m in self.office_marks(s)),
            exemptions=tuple(x for s in self.schemes for x in self.exemptions(s)),
            decisions=tuple(x for s in self.schemes for x in self.decisions(s)),
        )

    def of_level(self, scheme: Scheme) -> list[str]:
        return [u.code for u in self.units if u.level == scheme.level]

    def make_units(self) -> tuple[Unit, ...]:
        d = self.dice
        found: list[Unit] = []
        above: list[str] = [""]
        for scheme in reversed(self.schemes):
            here = [
                Unit(
                    code=f"{scheme.level[0]}{n}",
                    name=f"单位{n}",
                    level=scheme.level,
                    series=d.pick(("x", "x", "x", "y", "")),
                    kind=d.pick(("organisation", "organisation", "branch")),
                    parent=d.pick(above),
                    order=d.number(0, 3),
                    participation=d.pick(
                        ("ranked",) * 8 + ("listed_apart", "not_graded", "new", "under_investigation", "ceased")
                    ),
                    tags=d.some(("t1", "t2")),
                )
                for n in range(d.number(1, 6 if scheme is self.schemes[0] else 4))
            ]
            found += here
            above = [u.code for u in here]
        return tuple(found)

    def make_evaluators(self) -> tuple[Evaluator, ...]:
        d = self.dice
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
        d = self.dice
        return tuple(
            Assignment(
                evaluator=e.code,
                scheme=s.id,
                units=d.at_least_one(self.of_level(s)),
                group=d.pick([*[g.id for g in s.groups], ""]),
            )
            for s in self.schemes
            for e in self.evaluators
            for _ in range(d.number(1, 2) if d.chance(15) else 0)
        )

    def block(self, scheme: Scheme, evaluator: Evaluator) -> list[MarkBlock]:
        d = self.dice
        marks: dict[tuple[str, str], Any] = {}
        for unit in self.of_level(scheme):
            for one in sheet_items(scheme):
                if d.chance(95):
                    marks[unit, one.id] = self.mark(one)
        # sheets sent out under an earlier version of the scheme may have had other decimals
        return [block(scheme, evaluator.code, marks, d.number(2, 4))] if marks else []

    def mark(self, one: Item) -> Any:
        d = self.dice
        if d.chance(8 if isinstance(one.source, MarksSource) else 3):
            return d.pick(list(MarkState))
        if isinstance(one.reading, LevelsReading):
            return d.pick(one.reading.levels).id
        return d.value(int(one.points or 10)) * (-1 if d.chance(2) else 1)

    def sessions(self, scheme: Scheme) -> list[VoteSession]:
        d = self.dice
        voted = [i for i in items_of(scheme) if isinstance(i.source, VotesSource)]
        if not voted:
            return []
        groups = [g.id for g in scheme.groups] or [""]
        found: list[VoteSession] = []
        for n, group in enumerate(groups * 2):
            if d.chance(70):
                counts = tuple(
                    VoteCount(unit=u, item=i.id, counts={a.id: d.number(0, 3) for a in d.some(i.reading.levels, 80)})
                    for u in self.of_level(scheme)
                    for i in voted
                    if isinstance(i.reading, LevelsReading)
                    if d.chance(85)
                )
                returned = d.number(0, 12)
                found.append(
                    VoteSession(
                        id=f"{scheme.id}-{n}",
                        name=f"会{n}",
                        scheme=scheme.id,
                        group=group,
                        expected=14,
                        present=returned + d.number(0, 2),
                        issued=returned + d.number(0, 1),
                        returned=returned,
                        invalid=d.number(0, min(2, returned)),
                        replaces=d.pick([x.id for x in found]) if found and d.chance(15) else "",
                        counts=counts,
                    )
                )
        return found

    def event(self, n: int) -> Event:
        d = self.dice
        dates = ("", "2026-03-01", "2026-03-01", "2026-07-15", "2025-12-30", "2027-01-02")
        return Event(
            id=f"ev{n}",
            kind=d.pick(KINDS),
            unit=d.pick(self.codes),
            occurred=d.pick(dates),
            concluded=d.pick(dates),
            matter=d.pick(("", "", "M1", "M2")),
            amount=Fraction(d.number(1, 8), 2) if d.chance(40) else None,
            evidence=d.pick(("文号", "文号", "")),
            approver=d.pick(("主任", "主任", "")),
        )

    def office_marks(self, scheme: Scheme) -> list[OfficeMark]:
        d = self.dice
        found: list[OfficeMark] = []
        for one in items_of(scheme):
            if not isinstance(one.source, OfficeSource):
                continue
            for unit in self.of_level(scheme):
                if d.chance(97):
                    mark = self.mark(one)
                    level = str(mark) if isinstance(mark, str) and not isinstance(mark, MarkState) else ""
                    value = MarkState.BLANK if level else mark
                    found.append(OfficeMark(scheme=scheme.id, unit=unit, item=one.id, value=value, level=level))
        return found

    def exemptions(self, scheme: Scheme) -> list[Exemption]:
        d = self.dice
        parts = [p.id for p in (*walk(scheme.tree), *scheme.measures)]
        return [
            Exemption(scheme=scheme.id, unit=u, part=d.pick(parts), reason="无此职能")
            for u in self.of_level(scheme)
            if d.chance(10)
        ]

    def decisions(self, scheme: Scheme) -> list[Decision]:
        d = self.dice
        scopes = {a.scope for a in scheme.adjustments} | {"unit"}
        return [
            Decision(
                scheme=scheme.id,
                unit=u,
                scope=scope,
                grade=d.pick(scheme.ladder.grades).id,
                reason="会议研究",
                by="考核委员会",
            )
            for u in self.of_level(scheme)
            for scope in sorted(scopes)
            if d.chance(4)
        ]


def make_world(random: Random) -> tuple[tuple[Scheme, ...], Facts]:
    """Schemes and facts that fit them."""
    schemes = make_schemes(random)
    return schemes, FactsMaker(Dice(random), schemes).make()


def worlds() -> st.SearchStrategy[tuple[tuple[Scheme, ...], Facts]]:
    """Random worlds: half of them evenly spread, half made so that a failing one is shrunk choice by choice."""
    spread = st.integers(0, 2**63).map(lambda seed: make_world(Random(seed)))
    return st.one_of(spread, st.randoms(use_true_random=False).map(make_world))
