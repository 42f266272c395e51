"""A register, from a workbook or pasted, against what is stored: cell by cell, and nothing is lost that was not said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import AppError
from app.domain.facts import Assignment, Link, UnitRelation
from app.services.container import Services
from app.services.register_plan import COLUMNS_OF, RegisterLine, RegisterPlan
from tests.services import small_year

HEAD = "编码\t名称\t排序号\n"


def line_of(plan: RegisterPlan, code: str) -> RegisterLine:
    return next(line for line in plan.lines if line.code == code)


def states(line: RegisterLine) -> dict[str, str]:
    """Column → state of its cell."""
    return {column: cell.state for column, cell in zip(COLUMNS_OF[line.kind], line.cells, strict=True)}


def test_that_a_pasted_cell_is_new_same_changed_or_kept(services: Services) -> None:
    plan = services.units.plan_paste(HEAD + "D1\t第一局\t1\nD2\t第2局\t2\n", "单位")
    assert plan.ready and [(n.code, n.row) for n in plan.lines] == [("D1", "changed"), ("D2", "same")]
    found = states(line_of(plan, "D1"))
    assert (found["编码"], found["名称"], found["排序号"], found["层级"]) == ("same", "changed", "same", "kept")
    assert line_of(plan, "D1").changes == ("名称：第1局 → 第一局",)
    name = line_of(plan, "D1").cells[1]
    assert (name.text, name.before) == ("第一局", "第1局")
    assert line_of(plan, "D1").cells[2].text == "部门"  # the level by its name


def test_that_columns_that_were_not_pasted_keep_what_is_stored(services: Services) -> None:
    unit = next(u for u in services.units.units() if u.code == "B11")
    full = replace(unit, series="甲类", tags=("窗口",), since="2026-03-01", reports_to=("D2",))
    services.units.save_unit(full)
    leader = next(e for e in services.units.evaluators() if e.code == "L1")
    stated = (UnitRelation(unit="D1", relation="in_charge"), UnitRelation(unit="D2", relation="other"))
    services.units.save_evaluator(replace(leader, relations=stated))
    services.units.apply_register(services.units.plan_paste("编码\t名称\nB11\t新名支部\n", "单位"))
    assert services.units.units()[3] == replace(full, name="新名支部")
    services.units.apply_register(services.units.plan_paste("编码\t姓名\t分管\nL1\t领导1\tD3\n", "评议人"))
    [leader] = [e for e in services.units.evaluators() if e.code == "L1"]
    assert leader.relations == (UnitRelation(unit="D3", relation="in_charge"), stated[1])
    assert leader.role == "leader"


def test_that_a_paste_is_one_step_that_undo_takes_back(services: Services) -> None:
    before = services.units.units()
    text = "编码\t名称\t层级\t上级\t参评状态\t原因\t起始日期\nD9\t新局\t部门\t\t新成立\t三月挂牌\t2026年3月1日\n"
    text += "B91\t新局第1支部\t支部\t新局\t\t\t\n"
    outcome = services.units.apply_register(services.units.plan_paste(text, "单位"))
    assert outcome.value.units == 2 and outcome.change.undoable
    units = {u.code: u for u in services.units.units()}
    assert (units["D9"].level, units["D9"].participation, units["D9"].since) == ("department", "new", "2026-03-01")
    assert units["B91"].parent == "D9"  # by its name
    services.history.undo()
    assert services.units.units() == before


def test_that_a_refused_cell_says_why_and_nothing_is_written(services: Services) -> None:
    text = (
        "编码\t名称\t层级\t上级\t排序号\nD1\t第1局\t部门\t\t第一\nD9\t新局\t部门\t没有的局\t9\nD2\t第2局\t部门\t\t2\n"
    )
    plan = services.units.plan_paste(text, "单位")
    assert [(n.code, n.row) for n in plan.lines] == [("D1", "refused"), ("D9", "refused"), ("D2", "same")]
    order = line_of(plan, "D1").cells[COLUMNS_OF["unit"].index("排序号")]
    assert (order.state, order.text, order.why) == ("refused", "第一", "“第一”不是整数。")
    parent = line_of(plan, "D9").cells[COLUMNS_OF["unit"].index("上级")]
    assert (parent.state, parent.why) == ("refused", "上级单位 没有的局 不在名册中")
    assert [f.place for f in plan.findings] == ["粘贴的内容 › 单位 › E2", "粘贴的内容 › 单位 › D3"]
    with pytest.raises(AppError):
        services.units.apply_register(plan)


def test_that_a_paste_without_a_head_is_read_by_order_and_says_so(services: Services) -> None:
    plan = services.units.plan_paste("D9\t新局\tdepartment\t甲类\n", "单位")
    assert plan.ready and plan.units[0].series == "甲类"
    assert "没有表头，按先后读作：编码、名称、层级、系列。" in [f.message for f in plan.findings]


def test_that_what_was_copied_from_the_window_itself_is_no_change(services: Services) -> None:
    """Names of levels and units instead of codes, dashes for nothing, quoted cells with line breaks."""
    text = '"排序号"\t编码\t名称\t层级\t系列\t上级\t参评状态\t原因\t标签\r\n11\tB11\t第1局第1支部\t支部\t—\t第1局\t参评\t\t"\n"\r\n'
    plan = services.units.plan_paste(text, "单位")
    assert plan.ready and [n.row for n in plan.lines] == ["same"] and not plan.changes_something


def test_that_a_name_that_two_units_have_stands_for_neither(services: Services) -> None:
    first, second = (u for u in services.units.units() if u.code in ("B11", "B12"))
    services.units.save_unit(replace(second, name=first.name))
    plan = services.units.plan_paste(f"编码\t姓名\t单位\nN1\t新人\t{first.name}\n", "评议人")
    assert not plan.ready


def test_that_pasted_lines_of_who_rates_whom_replace_those_of_the_same_evaluators(services: Services) -> None:
    old = (
        Assignment(evaluator="L1", scheme="department", units=("D1",)),
        Assignment(evaluator="L2", scheme="department", units=("D2",)),
    )
    with services.session.write("assign", "指定") as work:
        work.assignments.replace_all(old)
    plan = services.units.plan_paste("评议人\t方案\t单位\n领导1\tdepartment\t第2局、D3\n", "谁评谁")
    assert [(n.code, n.row) for n in plan.lines] == [("领导1", "new"), ("L1", "gone")]
    services.units.apply_register(plan)
    assert services.units.assignments() == (old[1], Assignment(evaluator="L1", scheme="department", units=("D2", "D3")))


def test_that_a_workbook_without_the_table_leaves_who_rates_whom(services: Services, awkward_folder: Path) -> None:
    from openpyxl import load_workbook

    line = Assignment(evaluator="L1", scheme="department", units=("D1",))
    with services.session.write("assign", "指定") as work:
        work.assignments.replace_all([line])
    path = services.units.write_register(awkward_folder / "名册 #1.xlsx")
    assert not services.units.plan_register(path).changes_something
    book = load_workbook(path)
    del book["谁评谁"]
    book.save(path)
    plan = services.units.plan_register(path)
    assert plan.ready and not plan.changes_something and plan.assignments == (line,)


def test_that_the_register_goes_out_and_comes_back_the_same(services: Services, awkward_folder: Path) -> None:
    unit = next(u for u in small_year.units() if u.code == "B11")
    services.units.save_unit(replace(unit, reports_to=("D2",), links=(Link(unit="D3", name="联合项目"),), kind="team"))
    plan = services.units.plan_register(services.units.write_register(awkward_folder / "名册.xlsx"))
    assert plan.ready and {n.row for n in plan.lines} == {"same"}


def test_that_too_long_a_paste_is_refused_as_a_whole(services: Services) -> None:
    plan = services.units.plan_paste("D1\t甲\n" * 20_001, "单位")
    assert not plan.ready and "一次最多 20000 行" in plan.findings[0].message and plan.lines == ()


def test_that_a_role_that_no_group_names_is_told(services: Services) -> None:
    text = "编码\t姓名\t角色\nN1\t甲\tleader\nN2\t乙\t领导\nN3\t丙\t\n"
    plan = services.units.plan_paste(text, "评议人")
    assert plan.ready
    assert [(f.place, f.message) for f in plan.findings] == [
        ("粘贴的内容 › 评议人 › C3", "没有分组用到角色“领导”，他不会评任何单位"),
        ("粘贴的内容 › 评议人 › C4", "没有填角色，他不会评任何单位"),
    ]
    assert plan.findings[0].step == "方案里的角色有：leader、peer，要一字不差"


def test_that_the_level_of_a_unit_with_facts_stays(full: Services) -> None:
    plan = full.units.plan_paste("编码\t名称\t层级\nD1\t第1局\t支部\nB11\t第1局第1支部\t支部\n", "单位")
    assert [line.row for line in plan.lines] == ["refused", "same"]
    [error] = plan.findings
    assert error.place.endswith("C2") and error.message.startswith("不能改层级：有 4 份评分表上有它的评分、1 次票决")
    unit = next(u for u in full.units.units() if u.code == "D1")
    with pytest.raises(AppError, match="不能改层级"):
        full.units.save_unit(replace(unit, level="branch"))
    full.units.save_unit(replace(unit, name="改名局"))
