"""The year, its overview, schemes, register, coverage, trail, backups, undo and the desk."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Assignment, Evaluator, Unit, UnitRelation
from app.domain.sheets import Register
from app.files.documents import read_scheme, write_scheme
from app.files.excel import write_register
from app.services.changes import Area
from app.services.container import Desk, Services
from tests.services import small_year
from tests.services.editing import edit, edited


def lines_of(services: Services, act: str) -> list[str]:
    return [line.text for a in services.year.overview().acts if a.id == act for line in a.lines]


# ---- the year


def test_that_the_year_says_what_it_is(services: Services, awkward_folder: Path) -> None:
    info = services.year.info()
    assert (info.year, info.title, info.practice, info.stage) == (2026, "试验年度", False, "准备")
    assert info.path == awkward_folder / "2026年度.slk"
    assert services.year.set_secrecy("内部").value.secrecy == "内部"
    assert services.year.set_office("考核办").value.office == "考核办"


def test_that_the_overview_follows_the_year(full: Services) -> None:
    before = {a.id: (a.done, a.total) for a in full.year.overview().acts}
    assert before == {"prepare": (2, 2), "report": (0, 3), "review": (7, 7), "assess": (0, 9)}
    assert lines_of(full, "assess") == ["还没有计算结果"]
    full.results.compute()
    assert {a.id: a.done for a in full.year.overview().acts}["assess"] == 9
    assert lines_of(full, "assess") == ["结果还没有定稿"]
    full.events.save(small_year.inspection("D3"))
    assert "方案或数据有改动，结果需要重新计算" in lines_of(full, "assess")


def test_that_the_overview_names_who_is_missing_and_where_to_go(services: Services, awkward_folder: Path) -> None:
    files = small_year.send_and_fill(services, awkward_folder)
    small_year.take_in(services, *(p for sheet, p in files.items() if not sheet.endswith("P2")))
    act = next(a for a in services.year.overview().acts if a.id == "review")
    [line] = [line for line in act.lines if "未收回" in line.text]
    assert (line.text, line.who, line.page, line.target) == (
        "部门：1 份评分表未收回",
        ("书记2",),
        "sheets",
        "department",
    )
    assert "部门：“office”有 3 个单位没有录入" in [line.text for line in act.lines]
    assert "部门：“vote”有 3 个单位没有票数" in [line.text for line in act.lines]


# ---- schemes


def test_that_an_edit_can_be_undone(services: Services) -> None:
    before = services.schemes.get("department")
    edit(services, "department", "problems", points=Fraction("25.5"))
    assert services.schemes.get("department") != before
    services.history.undo()
    assert services.schemes.get("department") == before


def test_that_who_moves_is_what_the_edit_then_does(full: Services) -> None:
    changed = edited(full, "department", "below", points=Fraction(12))
    predicted = full.schemes.who_moves("department", changed)
    first = full.results.compute().value.info.version
    full.schemes.save("department", changed, "改分值")
    second = full.results.compute().value.info.version
    assert predicted == full.results.compare(first, second)
    assert full.schemes.who_moves("department", edited(full, "department", "below", name="下级")) == ()
    assert predicted


def test_that_a_scheme_goes_out_and_comes_back_as_the_same_document(services: Services, awkward_folder: Path) -> None:
    path = services.schemes.export_file("department", awkward_folder / "方案.json")
    assert read_scheme(path.read_text(encoding="utf-8"))[0] == services.schemes.get("department")
    path.write_text(write_scheme(replace(services.schemes.get("department"), year=2025)), encoding="utf-8")
    with pytest.raises(AppError) as refused:
        services.schemes.import_file(path)
    assert refused.value.fault is Fault.SCHEME_BAD
    path.write_text("{", encoding="utf-8")
    with pytest.raises(AppError) as refused:
        services.schemes.import_file(path)
    assert refused.value.findings


# ---- register


def written(folder: Path, register: Register) -> Path:
    path = folder / "名册.xlsx"
    write_register(register, path)
    return path


def test_that_a_register_is_planned_before_it_is_taken_in(services: Services, awkward_folder: Path) -> None:
    units = [replace(u, name="改名局") if u.code == "D1" else u for u in small_year.units() if u.code != "B32"]
    added = Unit(code="D4", name="新局", level="department", order=4)
    lines = (Assignment(evaluator="P1", scheme="department", units=("D2",)),)
    register = Register((*units, added), small_year.evaluators(), lines)
    plan = services.units.plan_register(written(awkward_folder, register))
    assert plan.ready
    rows = {(line.kind, line.code): line.row for line in plan.lines}
    assert (rows["unit", "D1"], rows["unit", "D2"]) == ("changed", "same")
    assert (rows["unit", "D4"], rows["unit", "B32"]) == ("new", "missing")
    assert "名称：第1局 → 改名局" in next(line for line in plan.lines if line.code == "D1").changes
    assert {u.code for u in services.units.units()} == {u.code for u in small_year.units()}
    result = services.units.apply_register(plan)
    assert (result.value.units, result.value.evaluators, result.value.assignments) == (2, 0, 1)
    assert result.change.areas == {Area.UNITS, Area.SHEETS}
    assert {u.code for u in services.units.units()} == {u.code for u in small_year.units()} | {"D4"}
    assert services.units.assignments() == lines


def test_that_a_register_with_a_fault_is_not_taken_in(services: Services, awkward_folder: Path) -> None:
    lost = Unit(code="D9", name="孤局", level="department", parent="nowhere")
    plan = services.units.plan_register(written(awkward_folder, Register((lost,))))
    assert not plan.ready
    with pytest.raises(AppError) as refused:
        services.units.apply_register(plan)
    assert refused.value.fault is Fault.REGISTER_BAD


def test_that_a_fault_between_the_lines_of_a_register_names_its_cell(services: Services, awkward_folder: Path) -> None:
    units = (
        Unit(code="D8", name="好局", level="department"),
        Unit(code="D9", name="孤局", level="department", parent="nowhere", participation="new"),
    )
    relations = (UnitRelation(unit="D8", relation="in_charge"), UnitRelation(unit="X9", relation="in_charge"))
    other = (UnitRelation(unit="X8", relation="above"),)
    people = (Evaluator(code="P8", name="甲", unit="领导", relations=(*relations, *other)),)
    lines = (
        Assignment(evaluator="P8", scheme="department", units=("D8",)),
        Assignment(evaluator="P8", scheme="none", units=("D8", "X7")),
        Assignment(evaluator="P77", scheme="department", units=("D8",)),
    )
    plan = services.units.plan_register(written(awkward_folder, Register(units, people, lines)))
    assert [(f.place, f.message) for f in plan.findings] == [
        ("名册.xlsx › 单位 › F5", "上级单位 nowhere 不在名册中"),
        ("名册.xlsx › 单位 › I5", "不参加排名的单位没有写原因"),
        ("名册.xlsx › 评议人 › C4", "单位 领导 不在名册中"),
        ("名册.xlsx › 评议人 › F4", "单位 X9 不在名册中"),
        ("名册.xlsx › 评议人 › G4", "单位 X8 不在名册中"),
        ("名册.xlsx › 评议人 › D4", "没有填角色，他不会评任何单位"),
        ("名册.xlsx › 谁评谁 › B5", "没有方案 none"),
        ("名册.xlsx › 谁评谁 › C5", "单位 X7 不在名册中"),
        ("名册.xlsx › 谁评谁 › A6", "评议人 P77 不在名册中"),
    ]
    with pytest.raises(AppError) as refused:
        services.units.save_evaluator(people[0])
    assert "评议人 P8：单位 领导 不在名册中" in str(refused.value.findings[0])


@pytest.mark.parametrize(
    "unit",
    [
        Unit(code="", name="无码", level="department"),
        Unit(code="D5", name=" ", level="department"),
        Unit(code="D5", name="局", level="department", parent="D99"),
        Unit(code="D1", name="自环", level="department", parent="B11"),
    ],
)
def test_that_a_wrong_unit_is_refused(services: Services, unit: Unit) -> None:
    with pytest.raises(AppError) as refused:
        services.units.save_unit(unit)
    assert refused.value.fault is Fault.INPUT_BAD


def test_that_coverage_names_holes_and_recusals(services: Services) -> None:
    coverage = services.units.coverage("department")
    assert coverage.group_ids == ("leaders", "peers")
    assert coverage.counts["D1", "leaders"] == 2
    assert coverage.counts["D1", "peers"] == 2
    assert ("P1", "D1") in coverage.recused
    assert coverage.holes == ()
    row = [e.code for e in coverage.evaluators].index("P2")
    assert coverage.groups[row] == (("peers",),) * 3
    alone = Assignment(evaluator="P1", scheme="branch", units=())
    assert alone.units == ()


def test_that_a_group_nobody_is_in_is_a_hole_for_every_unit(services: Services) -> None:
    for evaluator in services.units.evaluators():
        if evaluator.role == "peer":
            services.units.save_evaluator(replace(evaluator, role="guest"))
    holes = services.units.coverage("department").holes
    assert [(h.unit, h.group) for h in holes] == [(f"D{i}", "peers") for i in (1, 2, 3)]
    assert "部门：3 个单位没有“同级”来评" in lines_of(services, "prepare")


def test_that_an_evaluator_of_an_unknown_unit_is_refused(services: Services) -> None:
    with pytest.raises(AppError):
        services.units.save_evaluator(Evaluator(code="N1", name="新", unit="X"))


# ---- trail, backups, undo


def test_that_a_checkpoint_of_yesterday_is_found_and_a_wrong_one_is_not(services: Services) -> None:
    code = services.audit.checkpoint()
    assert len(code.replace("-", "")) == 16
    services.year.set_secrecy("内部")
    match = services.audit.find_checkpoint(code.upper().replace("-", " "))
    assert match.found and match.number == services.audit.count() - 1
    assert services.audit.find_checkpoint("0000-0000-0000-0000").verdict == "unknown"
    assert services.audit.find_checkpoint("第一页").verdict == "malformed"


def test_that_a_backup_restores_into_a_new_file_beside_the_open_one(full: Services, awkward_folder: Path) -> None:
    made = full.backups.make("会前").value
    full.sheets.undo_batch(1, "试")
    target = full.backups.restore(made.path, awkward_folder / "恢复.slk")
    other = Desk("乙", awkward_folder / "own").open(target)
    assert len(other.sheets.batches()) == 1 and not other.sheets.batches()[0].undone
    other.close()
    with pytest.raises(AppError):
        full.backups.restore(made.path, target)
    assert full.sheets.batches()[0].undone
    assert full.backups.check_file() == ()


@pytest.mark.parametrize("step", ["import", "compute", "freeze"])
def test_that_a_backup_is_made_before_every_big_step(full: Services, awkward_folder: Path, step: str) -> None:
    if step == "import":
        full.sheets.undo_batch(1, "重来")
        small_year.take_in(full, awkward_folder / "收回")
    else:
        full.results.compute()
    if step == "freeze":
        full.results.freeze("审定", "主任")
    wanted = {"import": "导入前", "compute": "计算前", "freeze": "定稿前"}[step]
    newest = full.backups.all()[0]
    assert newest.reason == wanted
    assert newest.stage is (step == "freeze")


def test_that_undo_names_the_step_and_the_areas_it_touches(services: Services) -> None:
    assert services.history.undo_label() is None or services.history.undo_label() == "保存评议人“书记3”"
    services.events.save(small_year.inspection())
    assert services.history.undo_label() == "保存事项“巡视整改不到位”"
    outcome = services.history.undo()
    assert outcome.change.areas == {Area.EVENTS}
    assert services.history.redo_label() == "保存事项“巡视整改不到位”"
    assert services.history.redo().value == "保存事项“巡视整改不到位”"
    assert len(services.events.events()) == 1


# ---- the desk


def test_that_a_year_with_wrong_files_is_not_made_at_all(awkward_folder: Path) -> None:
    desk = Desk("甲", awkward_folder / "own")
    good = awkward_folder / "部门.json"
    good.write_text(write_scheme(small_year.department_scheme()), encoding="utf-8")
    older = awkward_folder / "旧.json"
    older.write_text(write_scheme(replace(small_year.branch_scheme(), year=2025)), encoding="utf-8")
    bad = written(awkward_folder, Register((Unit(code="D9", name="孤局", level="department", parent="X"),)))
    target = awkward_folder / "新.slk"
    for schemes, register, fault in (
        ([], None, Fault.SCHEME_BAD),
        ([good, older], None, Fault.SCHEME_BAD),
        ([good, good], None, Fault.SCHEME_BAD),
        ([awkward_folder / "无.json"], None, Fault.FILE_MISSING),
        ([good], bad, Fault.REGISTER_BAD),
    ):
        with pytest.raises(AppError) as refused:
            desk.create(target, schemes, register, "甲", "")
        assert refused.value.fault is fault
        assert not target.exists()


def test_that_the_years_opened_last_are_remembered_and_gone_ones_forgotten(awkward_folder: Path) -> None:
    services = small_year.create(awkward_folder)
    services.close()
    services.close()
    desk = Desk("甲", awkward_folder / "own")
    assert desk.recent() == (awkward_folder / "2026年度.slk",)
    (awkward_folder / "2026年度.slk").unlink()
    assert desk.recent() == ()


def test_that_an_unwritable_list_of_recent_years_harms_nothing(awkward_folder: Path) -> None:
    (awkward_folder / "own").write_text("a file where a folder should be", encoding="utf-8")
    services = small_year.create(awkward_folder)
    services.close()
    assert Desk("甲", awkward_folder / "own").recent() == ()
