"""A year whose scheme asks for every kind of fact: figures with targets by period, own and outside scores, votes with a
quorum, events by table, floors, a promotion outside the quota, a further ranking, normalisation."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.domain.facts import Event, OfficeMark, Unit, VoteCount, VoteSession
from app.domain.schemes import (
    Adjustment,
    BallotRule,
    DirectReading,
    EventAmount,
    EventKind,
    EventsSource,
    Grade,
    Ladder,
    LevelsReading,
    Limits,
    Normalisation,
    OfficeSource,
    Periods,
    Quota,
    Ranking,
    RatioReading,
    Scheme,
    VotesSource,
    Voting,
)
from app.files.documents import write_scheme
from app.services.container import Desk, Services
from tests.builders import item, scheme
from tests.services.small_year import LEVELS, WHO

UNITS = ("D1", "D2", "D3", "D4", "D5")


def facts_scheme() -> Scheme:
    """The scheme."""
    quarters = Periods(names=("上半年", "下半年"))
    return scheme(
        item("output", 40, OfficeSource(kind="figure"), reading=RatioReading(to="target"), periods=quarters),
        item("own", 20, OfficeSource(kind="self"), normalisation=Normalisation(method="best_ratio")),
        item("outside", 20, OfficeSource(kind="imported")),
        item("vote", 20, VotesSource(denominator="valid"), reading=LevelsReading(levels=LEVELS.levels)),
        item("score", 10, VotesSource(denominator="valid"), reading=DirectReading(digits=1), on_top=True),
        item("events", None, EventsSource(kinds=("punished", "late")), on_top=True, limits=Limits(minimum=None)),
        id="facts",
        level="department",
        level_name="部门",
        ladder=Ladder(
            grades=(
                Grade(id="best", name="优秀", line=Fraction(60), quota=Quota(count=1, base="ranked")),
                Grade(id="good", name="良好", line=Fraction(40)),
                Grade(id="fair", name="一般", floor=Quota(count=1, base="ranked", ties="decide")),
            )
        ),
        ranking=Ranking(also=("own",)),
        validity=(
            BallotRule(
                id="most",
                name="至多四家好",
                rule="number",
                item="vote",
                answers=("good",),
                at_most=Fraction(4),
                on="ballots",
            ),
        ),
        voting=Voting(present=Fraction(80), returned=Fraction(80)),
        event_kinds=(
            EventKind(
                id="punished",
                name="受处分",
                factor=Fraction(3, 2),
                table=(
                    EventAmount(person_class="班子成员", sanction="党内警告", amount=Fraction(2)),
                    EventAmount(person_class="一般干部", sanction="党内警告", amount=Fraction(1)),
                ),
            ),
            EventKind(id="late", name="迟报", steps=(Fraction(1), Fraction(2))),
        ),
        adjustments=(Adjustment(id="honours", name="取消评先资格", effect="remark", events=("punished",)),),
    )


def create(folder: Path, year: int = 2026) -> Services:
    """The year file with scheme and units, nothing filled in."""
    path = folder / "facts.json"
    path.write_text(write_scheme(replace(facts_scheme(), year=year)), encoding="utf-8")
    services = Desk(WHO, folder / "own").create(folder / f"{year}年度.slk", [path], None, "", "试验年度")
    for n, code in enumerate(UNITS, start=1):
        services.units.save_unit(Unit(code=code, name=f"第{n}局", level="department", order=n))
    return services


def meeting(services: Services, voters: int = 6) -> VoteSession:
    """A session of so many voters without counts."""
    numbers = {"expected": voters, "present": voters, "issued": voters, "returned": voters}
    made = VoteSession(id="", name="测评会", scheme="facts", group="", date="2026-12-08", **numbers)
    return services.votes.save(made).value


def fill(services: Services) -> None:
    """Every value is there; D1 is best, D5 last; D2 has been punished."""
    marks: list[OfficeMark] = []
    for n, unit in enumerate(UNITS):
        for period in ("上半年", "下半年"):
            marks.append(_mark(unit, "output", 90 - 10 * n, period=period, target=Fraction(100)))
        marks.append(_mark(unit, "own", 18 - n))
        marks.append(_mark(unit, "outside", 15 - n))
    services.events.save_office_marks(marks)
    counts = tuple(VoteCount(unit=u, item="vote", counts={"good": 6 - n, "fair": n}) for n, u in enumerate(UNITS))
    counts += tuple(VoteCount(unit=u, item="score", counts={"8": 6}) for u in UNITS)
    services.votes.save(replace(meeting(services), counts=counts))
    services.events.save(
        Event(
            id="",
            kind="punished",
            unit="D2",
            title="处分一人",
            concluded=f"{services.schemes.get('facts').year}-05-01",
            person="张某",
            person_class="一般干部",
            sanction="党内警告",
            evidence="文件一",
            approver="工委",
        )
    )


def _mark(unit: str, part: str, value: int, **more: Any) -> OfficeMark:
    return OfficeMark(scheme="facts", unit=unit, item=part, value=Fraction(value), basis="台账", **more)
