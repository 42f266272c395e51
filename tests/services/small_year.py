"""A small year through the real services: two levels, every kind of source, a report form, sheets that are really written and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.domain.facts import Evaluator, Event, OfficeMark, Unit, VoteCount, VoteSession
from app.domain.schemes import (
    Adjustment,
    Answers,
    EventKind,
    EventsSource,
    EvidenceLimits,
    Gathering,
    Group,
    Level,
    LevelsReading,
    Limits,
    OfficeSource,
    ReportForm,
    ResultsSource,
    Scheme,
    Section,
    VotesSource,
)
from app.domain.sheets import SheetForm
from app.files.documents import write_scheme
from app.files.excel.filling import filled
from app.services.container import Desk, Services
from app.services.imports.values import OpenPlan, ReadyPlan
from tests.builders import item, ladder, node, scheme

REPORT = ReportForm(
    sections=(
        Section(id="work", name="做法和成效", purpose="done", guide="写清时间和结果。"),
        Section(id="problems", name="存在的问题", purpose="problems", minimum=10),
        Section(id="plans", name="下一步打算", purpose="plans", required=False),
    ),
    answers=Answers(score="optional", text="optional", evidence="optional", items=("problems", "office")),
    evidence=EvidenceLimits(file=1, total=2),
    manner="oral",
    lots=True,
)
LEVELS = LevelsReading(
    levels=(
        Level(id="good", name="好", points=Fraction(20)),
        Level(id="fair", name="一般", points=Fraction(10)),
        Level(id="unknown", name="不了解", points=None),
    )
)
WHO = "考核办甲"


def branch_scheme() -> Scheme:
    """The level below: marks only."""
    return scheme(
        item("study", 60),
        item("duty", 40),
        id="branch",
        level="branch",
        level_name="支部",
        groups=(Group(id="leaders", name="领导", roles=("leader",)),),
    )


def department_scheme() -> Scheme:
    """The level above: marks as numbers and levels, votes, events, office marks, children's results, 降档."""
    return scheme(
        node("report", item("problems", 30), item("manner", 20, reading=LEVELS)),
        item("vote", 20, VotesSource(), reading=LEVELS, gathering=Gathering(missing_group="renormalise")),
        item("office", 10, OfficeSource()),
        item("below", 20, ResultsSource(scheme="branch"), conversion=None, gathering=Gathering()),
        item("deduct", None, EventsSource(kinds=("late",)), on_top=True, limits=Limits(minimum=None, maximum=None)),
        id="department",
        level="department",
        level_name="部门",
        groups=(
            Group(id="leaders", name="领导", weight=Fraction(60), roles=("leader",)),
            Group(id="peers", name="同级", weight=Fraction(40), roles=("peer",), recused=("own",)),
        ),
        ladder=ladder(80, 60),
        event_kinds=(
            EventKind(id="late", name="迟报", amount=Fraction(1)),
            EventKind(id="inspection", name="巡视整改不到位"),
        ),
        report=REPORT,
        adjustments=(
            Adjustment(
                id="lower", name="整改不到位降一档", effect="down", steps=1, events=("inspection",), basis="办法第九条"
            ),
        ),
    )


def _open():
    from app.domain.schemes import Limits

    return Limits(minimum=None, maximum=None)


def units() -> tuple[Unit, ...]:
    """Three departments with two branches each."""
    above = [Unit(code=f"D{i}", name=f"第{i}局", level="department", order=i) for i in (1, 2, 3)]
    below = [
        Unit(code=f"B{i}{j}", name=f"第{i}局第{j}支部", level="branch", parent=f"D{i}", order=10 * i + j)
        for i in (1, 2, 3)
        for j in (1, 2)
    ]
    return (*above, *below)


def evaluators() -> tuple[Evaluator, ...]:
    """Two leaders and a peer of each department."""
    leaders = [Evaluator(code=f"L{i}", name=f"领导{i}", role="leader", order=i) for i in (1, 2)]
    peers = [Evaluator(code=f"P{i}", name=f"书记{i}", role="peer", unit=f"D{i}", order=10 + i) for i in (1, 2, 3)]
    return (*leaders, *peers)


def create(folder: Path) -> Services:
    """The year file with schemes and register, nothing filled in."""
    desk = Desk(WHO, folder / "own")
    paths: list[Path] = []
    for one in (branch_scheme(), department_scheme()):
        paths.append(folder / f"{one.id}.json")
        paths[-1].write_text(write_scheme(one), encoding="utf-8")
    services = desk.create(folder / "2026年度.slk", paths, None, "", "试验年度")
    for unit in units():
        services.units.save_unit(unit)
    for evaluator in evaluators():
        services.units.save_evaluator(evaluator)
    return services


def answer(evaluator: str, unit: str, item_id: str) -> str:
    """What an evaluator writes: steady, different for everybody, within the limits."""
    if item_id == "manner":
        return "一般" if unit == "D3" else "好"
    seed = sum(map(ord, evaluator + unit + item_id))
    return str({"study": 50, "duty": 33, "problems": 24}[item_id] + seed % 6)


FIRST_DAY, NEXT_DAY = datetime(2026, 12, 1, 9, tzinfo=UTC), datetime(2026, 12, 2, 9, tzinfo=UTC)
UNTOLD = datetime(2000, 1, 1, tzinfo=UTC)  # the date of the hand-outs: no program has saved the sheet since


def fill(
    form: SheetForm,
    file: Path,
    target: Path,
    changed: Mapping[tuple[str, str], str] | None = None,
    saved: datetime | None = None,
) -> Path:
    """A filled copy of a hand-out; changed: (unit, item) → other text, saved a day after the unchanged ones unless
    another time is given."""
    answers = {(u.code, i.id): answer(form.identity.evaluator, u.code, i.id) for u in form.units for i in form.items}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(
        filled(file.read_bytes(), form, {**answers, **(changed or {})}, saved or (NEXT_DAY if changed else FIRST_DAY))
    )
    return target


def send_and_fill(services: Services, folder: Path) -> dict[str, Path]:
    """Hand out everything and fill it in; sheet id → filled file."""
    forms = services.sheets.forms()
    sent = services.sheets.send(folder / "发出").value
    return {
        form.identity.sheet: fill(form, file, folder / "收回" / file.name)
        for form, file in zip(forms, sent.files, strict=True)
    }


def take_in(services: Services, *paths: Path, answers: Mapping[str, str] | None = None) -> int:
    """Scan, plan with the suggested answers unless others are given, apply; the number of the batch."""
    return services.sheets.apply(planned(services, *paths, answers=answers)).value.number


def planned(services: Services, *paths: Path, answers: Mapping[str, str] | None = None) -> ReadyPlan:
    """Scan, and plan with the suggested answers unless others are given."""
    scan = services.sheets.scan(paths)
    given = dict(answers or {})
    plan = services.sheets.plan(scan, given)
    while isinstance(plan, OpenPlan):
        given |= {q.id: q.suggested for q in plan.questions if not q.answer}
        plan = services.sheets.plan(scan, given)
    assert isinstance(plan, ReadyPlan)
    return plan


def vote(unit: str, good: int, fair: int, unknown: int) -> VoteCount:
    """A line of counted answers."""
    return VoteCount(unit=unit, item="vote", counts={"good": good, "fair": fair, "unknown": unknown})


def session(id: str = "", **more: Any) -> VoteSession:
    """A vote of 20 ballots on the three departments, 19 of them valid."""
    plain = VoteSession(
        id=id,
        name="述职大会",
        scheme="department",
        group="leaders",
        date="2026-12-08",
        expected=22,
        present=20,
        issued=20,
        returned=20,
        invalid=1,
        counts=(vote("D1", 15, 4, 0), vote("D2", 10, 7, 2), vote("D3", 5, 14, 0)),
    )
    return replace(plain, **more)


def inspection(unit: str = "D1", **more: Any) -> Event:
    """The event that lowers a grade, with basis and approver."""
    plain = Event(
        id="",
        kind="inspection",
        unit=unit,
        title="巡视整改不到位",
        concluded="2026-10-15",
        evidence="巡视反馈〔2026〕3 号",
        approver="工委书记",
    )
    return replace(plain, **more)


def office_marks() -> tuple[OfficeMark, ...]:
    """One value for each department."""
    return tuple(
        OfficeMark(scheme="department", unit=f"D{i}", item="office", value=Fraction(10 - i), basis="台账", by="甲")
        for i in (1, 2, 3)
    )


def live_through(services: Services, folder: Path) -> dict[str, Path]:
    """The whole year up to before the computation; sheet id → filled file."""
    files = send_and_fill(services, folder)
    take_in(services, folder / "收回")
    services.votes.save(session())
    services.events.save(inspection())
    services.events.save_office_marks(office_marks())
    return files
