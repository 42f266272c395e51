"""A year over three kinds of year files: the office, two departments, the reviews of their branches; by stick, with faults on
the way. In the end every mark of every grade is followed back to the file, or the hand, that it came from."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.domain.errors import AppError, Fault
from app.domain.facts import Evaluator
from app.domain.results import Step
from app.services.container import Services
from app.services.exchange.values import ReadyMerge
from app.services.reports import RemarkDraft
from tests.services import small_year
from tests.services.exchange import pcs

DEPARTMENTS = ("D1", "D2")


def by_workbook(services: Services, root: Path, *evaluators: str) -> None:
    """These evaluators get their workbooks, fill them in and bring them back."""
    forms = {f.identity.evaluator: f for f in services.sheets.forms() if f.identity.evaluator in evaluators}
    sent = services.sheets.send(root / "发出", evaluators=list(evaluators)).value
    back: list[Path] = []
    for file in sent.files:
        form = next(f for e, f in forms.items() if file.name.startswith(f"{e}_"))
        back.append(small_year.fill(form, file, root / "收回" / file.name, {c[:2]: c[2] for c in pcs.answers(form)}))
    small_year.take_in(services, *back)


def branch_review(root: Path, department: pcs.Place, unit: Services, code: str) -> tuple[Path, Services]:
    """One level down the department is the office: it runs its branches' review with the scheme out of its task, freezes
    the result and sends it up."""
    folder = department.folder / "支部考核"
    folder.mkdir()
    scheme = folder / "branch.json"
    scheme.write_text(unit.schemes.text("branch"), encoding="utf-8")
    services = department.desk.create(folder / "支部考核.slk", [scheme], None, "", f"{code}支部考核")
    known = {u.code: u for u in unit.units.units()}
    if code == "D1":  # with the department itself in the register, or the branches without anybody above
        services.units.save_unit(known[code])
    for branch in known.values():
        if branch.parent == code:
            services.units.save_unit(branch if code == "D1" else replace(branch, parent=""))
    for number in (1, 2):
        leader = Evaluator(code=f"K{code}{number}", name=f"{code}领导{number}", role="leader", order=number)
        services.units.save_evaluator(leader)
    by_workbook(services, folder, f"K{code}1", f"K{code}2")
    services.results.compute()
    services.results.freeze("局党组会议审定", "局党组")
    upper = services.exchange.upper(department.year)
    assert upper is not None and (upper.unit, upper.office) == (code, pcs.OFFICE)
    path = root / "U盘" / f"{code}支部结果.slp"
    services.exchange.send_results(path, upper)
    return path, services


def department_work(unit: Services, place: pcs.Place, code: str) -> None:
    """One rater has a workbook, the other is typed in; the report is written, last year's problem settled."""
    by_workbook(unit, place.folder, f"P{code[1]}1")
    form = next(f for f in unit.sheets.forms() if f.identity.evaluator == f"P{code[1]}2")
    unit.sheets.edit_marks("department", f"P{code[1]}2", pcs.answers(form), "程序内填写")
    pcs.write(unit, code, done=f"{code}抓责任。\n{code}抓落实。", problems="没有问题。")


def test_that_a_year_over_sticks_ends_in_grades_whose_every_mark_is_traced(awkward_folder: Path) -> None:
    root, stick = awkward_folder, awkward_folder / "U盘"
    home, office = pcs.office(root)
    stick.mkdir()
    # ---- out
    tasks = {p.unit: f for p, f in zip(*_sent(office, stick), strict=True)}
    assert set(tasks) == {"D1", "D2", "D3"}
    places = {code: pcs.place(root, f"{code}的电脑") for code in DEPARTMENTS}
    cut = stick / "没复制完.slp"
    cut.write_bytes(tasks["D2"].read_bytes()[:-700])
    with pytest.raises(AppError) as torn:
        places["D2"].desk.open_task(cut, places["D2"].year)
    assert torn.value.fault in (Fault.PKG_CUT, Fault.PKG_CHANGED) and not places["D2"].year.exists()
    with pytest.raises(AppError) as wrong:  # a return is no task, and a year file no package
        places["D1"].desk.open_task(home.year, places["D1"].year)
    assert wrong.value.fault is Fault.PKG_FORMAT
    units = {code: places[code].desk.open_task(tasks[code], places[code].year) for code in DEPARTMENTS}
    # ---- at the departments, and one level down
    for code, unit in units.items():
        department_work(unit, places[code], code)
    reviews = {code: branch_review(root, places[code], unit, code) for code, unit in units.items()}
    first = units["D1"].tasks.submit(stick / "D1第一次.slp").value
    units["D1"].sheets.edit_mark("department", "P12", "D2", "problems", "50", "评议人书面更正")
    newer = units["D1"].tasks.submit(stick / "D1第二次.slp").value
    other = units["D2"].tasks.submit(stick / "D2.slp").value
    assert (first.sequence, newer.sequence, other.sequence) == (1, 2, 1)
    # ---- back: one cut, one old, one doubled, and one that contradicts what the office has typed from paper
    office.sheets.edit_mark("department", "P22", "D1", "problems", "30", "纸质表录入")
    (stick / "D1断.slp").write_bytes((stick / "D1第二次.slp").read_bytes()[:-1])
    shutil.copy(stick / "D2.slp", stick / "D2 - 副本.slp")
    cut.unlink()
    for file in tasks.values():
        file.unlink()
    plan = pcs.planned(office, stick)
    fates = {p.name: (p.fate, p.fault) for p in plan.packages}
    assert fates["D1断.slp"] == ("refused", "E-PKG-08")
    assert fates["D1第一次.slp"] == ("refused", "E-PKG-04") and fates["D1第二次.slp"][0] == "take"
    assert sorted((fates["D2.slp"], fates["D2 - 副本.slp"])) == [("skipped", "E-PKG-12"), ("waiting", "")]
    asked = pcs.conflicts(plan)
    assert [q.text.split("：")[0] for q in asked] == ["2局书记2的评分表 › 第1局 › problems"]
    given = {q.id: "confirm" for q in plan.questions if q.kind == "unknown_sender"}
    plan = office.exchange.plan(office.exchange.scan([stick]), given | {asked[0].id: "ours"})
    assert isinstance(plan, ReadyMerge)
    office.exchange.apply(plan)
    assert [o.unit for o in office.exchange.outstanding()] == ["D3"]
    # ---- a report goes back and comes again
    office.reports.return_(
        "department", "D1", "问题没有写", [RemarkDraft(where="section:problems", start=0, end=4, text="请写具体问题")]
    )
    office.reports.accept("department", "D2")
    again = office.exchange.send_tasks(stick, ["D1"]).value.files[0]
    pcs.receive(units["D1"], again)
    pcs.write(units["D1"], "D1", problems="调查研究不深。\n督促检查不够。")
    units["D1"].reports.settle_remark(units["D1"].reports.get("department", "D1").remarks[0].remark.id)
    pcs.receive(office, units["D1"].tasks.submit(stick / "D1第三次.slp").value.path or stick)
    office.reports.accept("department", "D1")
    # ---- the office's own evaluators, and the result
    by_workbook(office, home.folder, "L1", "L2", "P31", "P32")
    result = office.results.compute().value.results
    graded = {r.scheme: {u: x.grade.final for u, x in r.units.items()} for r in result.schemes}
    assert all(graded["department"][code] for code in DEPARTMENTS)
    for code in DEPARTMENTS:
        below = reviews[code][1].results.current()
        assert below is not None
        for branch, there in below.results.schemes[0].units.items():
            assert graded["branch"][branch] == there.grade.final, "the branches' grades are those of their own review"
    traced = [_traced(office, code, root) for code in DEPARTMENTS]
    assert sum(traced, _Traced()) == _Traced(cells=36, typed=4)
    for services in (office, *units.values(), *(r[1] for r in reviews.values())):
        assert services.audit.verify() == () and services.backups.check_file() == ()
        services.close()


def _sent(office: Services, stick: Path):
    sent = office.exchange.send_tasks(stick).value
    departments = [(p, f) for p, f in zip(sent.packages, sent.files, strict=True) if p.unit.startswith("D")]
    return [p for p, _ in departments], [f for _, f in departments]


class _Traced:
    """How many marks were followed back to a cell, and how many to a hand."""

    def __init__(self, cells: int = 0, typed: int = 0) -> None:
        self.cells, self.typed = cells, typed

    def __add__(self, other: _Traced) -> _Traced:
        return _Traced(self.cells + other.cells, self.typed + other.typed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Traced) and (self.cells, self.typed) == (other.cells, other.typed)

    def __repr__(self) -> str:
        return f"cells={self.cells} typed={self.typed}"


def _marks(step: Step) -> Iterator[Step]:
    if step.rule == "mark":
        yield step
    for inner in step.inputs:
        yield from _marks(inner)


def _traced(office: Services, code: str, root: Path) -> _Traced:
    """Follows every mark behind a department's total: the cell it names says what it counts, in a file that is found by its
    hash; or a hand is named, and the package that has brought it."""
    files = {hashlib.sha256(f.read_bytes()).hexdigest(): f for f in root.rglob("收回/*.xlsx")}
    found = _Traced()
    for step in _marks(office.results.explain("department", code, "total")):
        if step.text == "回避":
            continue
        assert step.value is not None, step
        if step.source is None:
            assert "程序内填写" in step.sentence or "纸质表录入" in step.sentence, step
            assert step.sentence.endswith(" 报来"), "the package is named"
            found += _Traced(typed=1)
            continue
        file = files[step.source.sha256]
        assert file.name == step.source.file
        cell = load_workbook(file, read_only=False)[step.source.sheet][step.source.address].value
        assert Fraction(str(cell)) == Fraction(step.text) or "更正为" in step.sentence
        found += _Traced(cells=1)
    return found
