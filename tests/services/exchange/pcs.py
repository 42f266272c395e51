"""Isolated PCs of a small exchange: an office with three departments, each on a computer (own folder, own key) of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from app.domain.facts import Evaluator, Unit
from app.domain.report_forms import Answers, ReportForm, Section
from app.domain.reports import ItemAnswer, ListEntry, Report, SectionText
from app.domain.schemes import Gathering, Group, ResultsSource, Scheme
from app.domain.sheets import SheetForm
from app.files.documents import write_scheme
from app.services.container import Desk, Services
from app.services.exchange.values import OpenMerge, ReadyMerge, Rule
from app.services.imports.values import Question
from tests.builders import item, ladder, node, scheme

YEAR, OFFICE = "2026年度.slk", "市直机关工委考核办"
FORM = ReportForm(
    sections=(
        Section(id="done", name="做法成效", purpose="done"),
        Section(id="problems", name="存在问题", purpose="problems"),
        Section(id="plans", name="下步打算", purpose="plans", required=False),
    ),
    answers=Answers(score="optional", text="optional"),
)


def branch_scheme() -> Scheme:
    """Two items that leaders score."""
    return scheme(
        item("study", 60),
        item("duty", 40),
        id="branch",
        level="branch",
        level_name="支部",
        groups=(Group(id="leaders", name="领导", roles=("leader",)),),
    )


def department_scheme() -> Scheme:
    """Leaders and peers score, the branches' mean counts a fifth; a report is written."""
    return scheme(
        node("work", item("problems", 50), item("manner", 30)),
        item("below", 20, ResultsSource(scheme="branch"), gathering=Gathering()),
        id="department",
        level="department",
        level_name="部门",
        groups=(
            Group(id="leaders", name="领导", weight=Fraction(60), roles=("leader",)),
            Group(id="peers", name="同级", weight=Fraction(40), roles=("peer",), recused=("own",)),
        ),
        ladder=ladder(80, 60),
        report=FORM,
    )


def units(branches: bool = True) -> tuple[Unit, ...]:
    """Three departments, two branches under each."""
    above = [Unit(code=f"D{i}", name=f"第{i}局", level="department", order=i) for i in (1, 2, 3)]
    below = [
        Unit(code=f"B{i}{j}", name=f"第{i}局第{j}支部", level="branch", parent=f"D{i}", order=10 * i + j)
        for i in (1, 2, 3)
        for j in (1, 2)
    ]
    return (*above, *below) if branches else tuple(above)


def evaluators() -> tuple[Evaluator, ...]:
    """Two leaders of the city, and two people of each department who score the others."""
    leaders = [Evaluator(code=f"L{i}", name=f"领导{i}", role="leader", order=i) for i in (1, 2)]
    peers = [
        Evaluator(code=f"P{i}{j}", name=f"{i}局书记{j}", role="peer", unit=f"D{i}", order=10 * i + j)
        for i in (1, 2, 3)
        for j in (1, 2)
    ]
    return (*leaders, *peers)


@dataclass(frozen=True)
class Place:
    """A computer: its folder, and the program's own folder in it."""

    folder: Path
    who: str

    @property
    def desk(self) -> Desk:
        return Desk(self.who, self.folder / "own")

    @property
    def year(self) -> Path:
        return self.folder / YEAR


def place(root: Path, name: str) -> Place:
    """A new computer."""
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    return Place(folder, f"{name}的人")


def office(root: Path, *schemes: Scheme, branches: bool = True) -> tuple[Place, Services]:
    """The office with register and schemes, and a problem of last year for the first department."""
    here = place(root, "考核办")
    paths: list[Path] = []
    for one in schemes or (branch_scheme(), department_scheme()):
        paths.append(here.folder / f"{one.id}.json")
        paths[-1].write_text(write_scheme(one), encoding="utf-8")
    services = here.desk.create(here.year, paths, None, "", "市直机关2026年度")
    services.year.set_office(OFFICE)
    for unit in units(branches):
        services.units.save_unit(unit)
    for evaluator in evaluators():
        services.units.save_evaluator(evaluator)
    services.lists.save(
        ListEntry(id="", kind="problem", level="department", unit="D1", text="调查研究不够深入", year=2025)
    )
    return here, services


def department(root: Path, office_services: Services, code: str, name: str = "") -> tuple[Place, Services]:
    """The department's computer with the year file out of its newest task."""
    tasks = office_services.exchange.send_tasks(root / "盘" / code, [code]).value
    here = place(root, name or f"{code}的电脑")
    return here, here.desk.open_task(tasks.files[0], here.year)


def mark(services: Services, marks: Mapping[tuple[str, str, str], str]) -> None:
    """Marks typed into the program: (evaluator, unit, item) → text."""
    for (evaluator, unit, item_id), text in marks.items():
        services.sheets.edit_mark("department", evaluator, unit, item_id, text, "程序内填写")


def fill_in(services: Services, extra: int = 0) -> None:
    """Every sheet of the year typed in, with steady marks."""
    for form in services.sheets.forms():
        services.sheets.edit_marks(form.identity.scheme, form.identity.evaluator, answers(form, extra), "程序内填写")


def answers(form: SheetForm, extra: int = 0) -> list[tuple[str, str, str]]:
    """A steady mark for each cell, different for everybody."""
    lowest = {"problems": 38, "manner": 20, "study": 45, "duty": 28}
    who = form.identity.evaluator
    return [
        (u.code, i.id, str(lowest[i.id] + (sum(map(ord, who + u.code + i.id)) + extra) % 9))
        for u in form.units
        for i in form.items
    ]


def write(services: Services, unit: str, **sections: str) -> None:
    """The unit's report with these sections."""
    known = {s.section: s.text for s in services.reports.get("department", unit).report.sections}
    texts = known | sections
    services.reports.save(
        Report(
            scheme="department",
            unit=unit,
            sections=tuple(SectionText(section=s, text=t) for s, t in texts.items()),
            answers=(ItemAnswer(item="problems", score=Fraction(40), text="逐条整改"),),
        )
    )


def sections(services: Services, unit: str) -> dict[str, str]:
    """The sections of the unit's report, by id."""
    return {s.section: s.text for s in services.reports.get("department", unit).report.sections}


def planned(
    services: Services,
    *paths: Path,
    answers: Mapping[str, str] | None = None,
    rule: Rule = "ask",
    confirm: bool = True,
) -> OpenMerge | ReadyMerge:
    """Scan and plan; unknown senders are confirmed unless told not to."""
    scan = services.exchange.scan(paths)
    given = dict(answers or {})
    plan = services.exchange.plan(scan, given, rule)
    if confirm:
        given |= {q.id: "confirm" for q in plan.questions if q.kind == "unknown_sender"}
        plan = services.exchange.plan(scan, given, rule)
    return plan


def receive(services: Services, *paths: Path, answers: Mapping[str, str] | None = None, rule: Rule = "ask") -> int:
    """Take packages in; the number of the batch."""
    plan = planned(services, *paths, answers=answers, rule=rule)
    assert isinstance(plan, ReadyMerge), [q.text for q in plan.questions]
    assert all(p.fate in ("take", "same") for p in plan.packages), [(p.name, p.fate, p.reason) for p in plan.packages]
    return services.exchange.apply(plan).value


def conflicts(plan: OpenMerge | ReadyMerge) -> tuple[Question, ...]:
    """What is asked about cells, paragraphs and the like."""
    return tuple(q for q in plan.questions if q.kind == "merge")


def marks_of(services: Services) -> dict[tuple[str, str, str, str], str]:
    """Every mark: (scheme, evaluator, unit, item) → as written."""
    from app.services.imports.grid import mark_text, unpack

    found: dict[tuple[str, str, str, str], str] = {}
    with services.session.read() as work:
        for block in work.blocks.all():
            grid = unpack(block)
            for u, unit in enumerate(block.units):
                for i, item_id in enumerate(block.items):
                    text = mark_text(int(grid[u, i]), block.digits[i], ())
                    if text:
                        found[block.scheme, block.evaluator, unit, item_id] = text
    return found


def state_of(services: Services) -> dict[str, object]:
    """All that travels, without numbers, times and names of files: what two year files must agree on."""
    with services.session.read() as work:
        reports = {(s.scheme, s.unit): (s.state, s.content) for s in work.reports.all()}
        versions = {
            (s.scheme, s.unit): sorted((v.state, v.fingerprint) for v in work.report_versions.of(s.scheme, s.unit))
            for s in work.reports.all()
        }
        entries = sorted(work.list_entries.all(), key=lambda e: e.id)
        remarks = sorted(work.remarks.all(), key=lambda m: m.id)
        results = sorted((replace(e, package="") for e in work.earlier.all()), key=lambda e: (e.scheme, e.unit))
    return {
        "marks": marks_of(services),
        "reports": reports,
        "versions": versions,
        "entries": entries,
        "remarks": remarks,
        "results": results,
    }
