"""A year for the scheme that uses every setting: 120 units × 60 items × 200 evaluators, and every other kind of fact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

import numpy as np
from numpy.typing import NDArray

from app.domain.facts import (
    Assignment,
    BallotBatch,
    Decision,
    EarlierResult,
    Evaluator,
    Event,
    Exemption,
    Facts,
    Link,
    MarkBlock,
    OfficeMark,
    Unit,
    VoteCount,
    VoteSession,
)
from app.domain.schemes import Item, LevelsReading, OfficeSource, RoundingStages, Scheme, items_of, sheet_items
from tests.bench.compute_world import BLANK, make_world
from tests.bench.language_scheme import GROUPS, STAGED, STRICT, full_scheme, lower_schemes

F = Fraction
ABSTAINED = BLANK + 1
ASSIGNED = 4  # so many evaluators rate every second unit only


@dataclass(frozen=True)
class FullWorld:
    """The schemes and facts as the engine takes them, and the bare arrays as a yardstick takes them: marks in
    hundredths (levels: their index), who is in which group, and whose mark for which unit counts."""

    schemes: tuple[Scheme, ...]
    facts: Facts
    marks: NDArray[np.int16]
    group_of: NDArray[np.int64]
    counting: NDArray[np.bool_]

    @property
    def scheme(self) -> Scheme:
        """The one that uses every setting."""
        return self.schemes[-1]


def make_full_world(evaluators: int = 200, units: int = 120, rounding: RoundingStages = STAGED) -> FullWorld:
    """The same world for the same sizes."""
    bare = make_world(evaluators, units)
    random = Random(11)
    scheme, items = full_scheme(rounding), sheet_items(full_scheme(rounding))
    marks = bare.marks.copy()
    levels = [n for n, item in enumerate(items) if isinstance(item.reading, LevelsReading)]
    chosen = marks[:, :, levels]
    edges = np.array([7700, 8100, 8500, 9000])
    marks[:, :, levels] = np.where(chosen == BLANK, BLANK, 4 - np.searchsorted(edges, chosen, side="right"))
    chance = np.random.default_rng(8)
    marks[chance.random(marks.shape) < 0.002] = ABSTAINED
    strict = marks[:, :, STRICT]
    strict[strict <= ABSTAINED] = 8500
    registered = _units(units)
    people = _evaluators(bare.group_of, registered)
    codes = [u.code for u in registered if u.level == "department"]
    counting = np.array([[e.unit != c or e.role != "r4" for c in codes] for e in people])
    counting[:ASSIGNED, 1::2] = False
    facts = Facts(
        units=registered,
        evaluators=people,
        assignments=tuple(
            Assignment(evaluator=e.code, scheme="full", units=tuple(codes[::2])) for e in people[:ASSIGNED]
        ),
        blocks=_blocks(marks, people, codes, items),
        sessions=tuple(s for g in GROUPS for s in _sessions(g, codes, random)),
        ballots=(_ballots("g0-3", codes, random),),
        events=_events(registered, random),
        office_marks=tuple(m for s in (*lower_schemes(), scheme) for m in _office(s, registered, random)),
        exemptions=tuple(Exemption(scheme="full", unit=c, part="a0", reason="无此职能") for c in codes[5::40]),
        decisions=(
            Decision(scheme="full", unit=codes[7], grade="good", reason="专项", by="考核办", outside_quota=True),
            Decision(scheme="full", unit=codes[9], grade="fair", reason="研究", by="考核办"),
        ),
        earlier=tuple(
            EarlierResult(scheme="full", unit=c, year=2025, grade="fair", total=F(random.randrange(600, 950), 10))
            for c in codes
        ),
    )
    return FullWorld((*lower_schemes(), scheme), facts, marks, bare.group_of, counting)


def _units(count: int) -> tuple[Unit, ...]:
    bureaus = [Unit(code=f"B{b}", name=f"局{b}", level="bureau", order=b) for b in range(6)]
    departments = [
        Unit(
            code=f"U{u:04d}",
            name=f"单位{u}",
            level="department",
            series=f"系列{u % 4}",
            kind="branch" if u % 3 == 0 else "organisation",
            parent=f"B{u % 6}",
            order=u,
            participation="listed_apart" if u % 40 == 17 else "not_graded" if u % 60 == 23 else "ranked",
            tags=(f"grp={u % 3}",),
            links=(Link(unit=f"O{u * 2:05d}", name="member"),),
        )
        for u in range(count)
    ]
    offices = [
        Unit(
            code=f"O{o:05d}",
            name=f"科室{o}",
            level="office",
            series=f"科{o % 2}",
            parent=f"U{o // 2:04d}",
            order=o,
            tags=("sampled",) if o % 2 else (),
            links=(Link(unit=f"U{(o + 7) % count:04d}", name="joint"),),
        )
        for o in range(2 * count)
    ]
    return (*bureaus, *departments, *offices)


def _evaluators(group_of: NDArray[np.int64], units: tuple[Unit, ...]) -> tuple[Evaluator, ...]:
    """The fifth group are the heads of departments, who rate each other but not their own."""
    codes = [u.code for u in units if u.level == "department"]
    return tuple(
        Evaluator(
            code=f"E{e:04d}",
            name=f"评议人{e}",
            role=f"r{g}",
            order=e,
            unit=codes[e % len(codes)] if g == 4 else "",
        )
        for e, g in enumerate(group_of.tolist())
    )


def _blocks(
    marks: NDArray[np.int16], people: tuple[Evaluator, ...], codes: list[str], items: list[Item]
) -> tuple[MarkBlock, ...]:
    return tuple(
        MarkBlock(
            sheet=f"full-{e.code}",
            evaluator=e.code,
            scheme="full",
            units=tuple(codes),
            items=tuple(i.id for i in items),
            values=marks[row].tobytes(),
            width=2,
            digits=tuple(0 if isinstance(i.reading, LevelsReading) else 2 for i in items),
        )
        for row, e in enumerate(people)
    )


def _sessions(group: str, codes: list[str], random: Random) -> list[VoteSession]:
    """Counted votes on all units: the year's, and two half years'; the first group's last one has single ballots."""

    def shared(ballots: int, names: tuple[str, ...]) -> dict[str, int]:
        cuts = sorted(random.randrange(ballots + 1) for _ in names[1:])
        return {n: b - a for n, a, b in zip(names, [0, *cuts], [*cuts, ballots], strict=True) if b > a}

    answers, numbers = ("A", "B", "C", "N"), ("10", "9.5", "9", "8.5", "8")
    found: list[VoteSession] = []
    for n, (period, asked) in enumerate((("", ("v0", "v7")), ("上半年", ("v8",)), ("下半年", ("v8",)))):
        counts = tuple(
            VoteCount(unit=c, item=i, counts=shared(36, numbers if i == "v7" else answers))
            for c in codes
            for i in asked
        )
        found.append(_session(f"{group}-{n}", group, period, 38, 2, counts))
    return [*found, _session("g0-3", "g0", "", 40, 0, ())] if group == "g0" else found


def _session(
    id: str, group: str, period: str, returned: int, invalid: int, counts: tuple[VoteCount, ...]
) -> VoteSession:
    return VoteSession(
        id=id,
        name=id,
        scheme="full",
        group=group,
        date="2026-11-01",
        expected=45,
        present=41,
        issued=41,
        returned=returned,
        invalid=invalid,
        period=period,
        counts=counts,
    )


def _ballots(session: str, codes: list[str], random: Random) -> BallotBatch:
    """40 single ballots on two items of all units."""
    rows = [
        tuple(a for _ in codes for a in (random.choice("AABBC"), random.choice(("10", "9.5", "9", "8"))))
        for _ in range(40)
    ]
    return BallotBatch(session=session, units=tuple(codes), items=("v0", "v7"), ballots=tuple(sorted(rows)))


def _events(units: tuple[Unit, ...], random: Random) -> tuple[Event, ...]:
    return tuple(
        Event(
            id=f"ev{n:04d}",
            kind=random.choice(("late", "late", "fault", "praise", "praise") + (("veto",) if n % 25 == 0 else ())),
            unit=random.choice(units).code,
            occurred=random.choice(("2026-03-01", "2025-12-30")),
            concluded="2026-07-15",
            matter=random.choice(("", "M1", "M2")),
            person=random.choice(("", "甲", "乙")),
            person_class=random.choice(("", "正职", "副职")),
            sanction=random.choice(("", "警告", "记过")),
            amount=F(random.randrange(1, 5), 2),
            shared_by=random.choice((1, 1, 2)),
            counted_in=2025 if n % 30 == 0 else 0,
            evidence="文号",
            approver="主任",
        )
        for n in range(200)
    )


def _office(scheme: Scheme, units: tuple[Unit, ...], random: Random) -> list[OfficeMark]:
    found: list[OfficeMark] = []
    for item in items_of(scheme):
        if not isinstance(item.source, OfficeSource):
            continue
        for unit in units:
            for period in item.periods.names if item.periods else ("",):
                if unit.level == scheme.level:
                    found.append(_office_mark(scheme, unit, item, period, random))
    return found


def _office_mark(scheme: Scheme, unit: Unit, item: Item, period: str, random: Random) -> OfficeMark:
    small = {"extra": F(random.randrange(5), 2), "c0": F(random.randrange(80, 120), 100)}
    mark = OfficeMark(
        scheme=scheme.id,
        unit=unit.code,
        item=item.id,
        value=small.get(item.id, F(random.randrange(600, 1001), 10)),
        period=period,
        target=F(85),
        standard=F(60),
        basis="文号",
    )
    return replace(mark, level=random.choice("ABC")) if item.id == "f5" else mark
