"""A year over three kinds of year files: the office, three departments, the reviews of their branches; by stick, with faults on
the way. In the end every mark of every grade is followed back to the file, or the hand, that it came from."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.domain.errors import AppError, Fault
from app.domain.facts import Evaluator, Unit
from app.domain.results import Step
from app.domain.schemes import Gathering, Group, ResultsSource, Scheme
from app.services.container import Services
from app.services.exchange.values import ReadyMerge
from app.services.reports import RemarkDraft
from tests.builders import item, scheme
from tests.services import small_year
from tests.services.exchange import pcs

LEVELS = ("city", "department", "branch")
DEPARTMENTS = ("D1", "D2", "D3")


def city_scheme() -> Scheme:
    """The highest level: what the leaders of the province say of the city, and the mean of its departments."""
    return scheme(
        item("study", 60),
        item("departments", 40, ResultsSource(scheme="department"), gathering=Gathering()),
        id="city",
        level="city",
        level_name="市",
        groups=(Group(id="chiefs", name="省领导", roles=("chief",)),),
    )


def with_the_city_above(office: Services) -> None:
    """The city over the departments, and two people who score it."""
    office.units.save_unit(Unit(code="T1", name="本市", level="city"))
    for code in ("D1", "D2", "D3"):
        known = next(u for u in office.units.units() if u.code == code)
        office.units.save_unit(replace(known, parent="T1"))
    for number in (1, 2):
        chief = Evaluator(code=f"C{number}", name=f"省领导{number}", role="chief", order=20 + number)
        office.units.save_evaluator(chief)


def by_workbook(services: Services, root: Path, *evaluators: str, but: str = "") -> None:
    """These evaluators get their workbooks, fill them in and bring them back; but: a scheme whose sheets they keep."""
    forms = [f for f in services.sheets.forms() if f.identity.evaluator in evaluators]
    sent = services.sheets.send(root / "发出", evaluators=list(evaluators)).value
    back: list[Path] = []
    for file in sent.files:
        ends = {f"{f.identity.evaluator}_": f for f in forms if f"_{f.identity.scheme}评分表" in file.name}
        form = next(f for start, f in ends.items() if file.name.startswith(start))
        if form.identity.scheme != but:
            given = {c[:2]: c[2] for c in pcs.answers(form)}
            back.append(small_year.fill(form, file, root / "收回" / file.name, given))
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
        services.units.save_unit(replace(known[code], parent=""))
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
    home, office = pcs.office(root, pcs.branch_scheme(), pcs.department_scheme(), city_scheme())
    with_the_city_above(office)
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
    pcs.receive(office, units["D3"].tasks.submit(stick / "D3.slp").value.path or stick)
    office.reports.accept("department", "D3")
    assert office.exchange.outstanding() == ()
    again = office.exchange.send_tasks(stick, ["D1"]).value.files[0]
    pcs.receive(units["D1"], again)
    pcs.write(units["D1"], "D1", problems="调查研究不深。\n督促检查不够。")
    units["D1"].reports.settle_remark(units["D1"].reports.get("department", "D1").remarks[0].remark.id)
    pcs.receive(office, units["D1"].tasks.submit(stick / "D1第三次.slp").value.path or stick)
    office.reports.accept("department", "D1")
    # ---- the office's own evaluators, and the result
    by_workbook(office, home.folder, "L1", "L2", "C1", "C2", but="branch")
    result = office.results.compute().value.results
    graded = {r.scheme: {u: x.grade.final for u, x in r.units.items()} for r in result.schemes}
    for code in DEPARTMENTS:
        below = reviews[code][1].results.current()
        assert below is not None
        for branch, there in below.results.schemes[0].units.items():
            assert graded["branch"][branch] == there.grade.final, "the branches' grades are those of their own review"
    files = {hashlib.sha256(f.read_bytes()).hexdigest(): f for f in root.rglob("收回/*.xlsx")}
    given = pcs.marks_of(office).keys() | {m for _, review in reviews.values() for m in pcs.marks_of(review)}
    assert {m[0] for m in given} == {"branch", "department", "city"}
    assert all(grade for of_scheme in graded.values() for grade in of_scheme.values()), (
        "each unit of each level is graded"
    )
    way = dict(_marks(office.results.explain("city", "T1", "total"), "T1"))
    told = {mark for mark, step in way.items() if step.text != "回避"}
    assert told == given, "every mark of all three levels lies on the way to the one figure at the top"
    assert Counter(_followed(step, files) for step in way.values()) == {"cell": 50, "hand": 12, "recused": 12}
    for code in DEPARTMENTS:
        alone = dict(_marks(office.results.explain("department", code, "total"), code, level=1))
        assert alone.items() <= way.items(), "the same from below as from the top"
    for services in (office, *units.values(), *(r[1] for r in reviews.values())):
        assert services.audit.verify() == () and services.backups.check_file() == ()
        services.close()


def _sent(office: Services, stick: Path):
    sent = office.exchange.send_tasks(stick).value
    departments = [(p, f) for p, f in zip(sent.packages, sent.files, strict=True) if p.unit.startswith("D")]
    return [p for p, _ in departments], [f for _, f in departments]


Mark = tuple[str, str, str, str]  # scheme, evaluator, unit, item


def _marks(step: Step, unit: str, level: int = 0) -> Iterator[tuple[Mark, Step]]:
    """Every mark below this figure, down through the levels."""
    if step.rule == "mark":
        item_id, _, evaluator = step.quantity.split("/")
        yield (LEVELS[level], evaluator, unit, item_id), step
    below = step.rule == "child"
    for inner in step.inputs:
        yield from _marks(inner, step.quantity.split("/")[-1] if below else unit, level + below)


def _followed(step: Step, files: dict[str, Path]) -> str:
    """Where it ends: at a cell that says what it counts, in a file that is found by its hash; or at a hand that is named, with
    the package that has brought it; or it does not count, by rule."""
    if step.text == "回避":
        return "recused"
    assert step.value is not None, step
    if step.source is None:
        assert "程序内填写" in step.sentence or "纸质表录入" in step.sentence, step
        assert step.sentence.endswith(" 报来"), "the package is named"
        return "hand"
    file = files[step.source.sha256]
    assert file.name == step.source.file
    cell = load_workbook(file, read_only=False)[step.source.sheet][step.source.address].value
    assert Fraction(str(cell)) == Fraction(step.text) or "更正为" in step.sentence
    return "cell"
