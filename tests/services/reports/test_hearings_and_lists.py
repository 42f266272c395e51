"""Who reports to whom and in which order; lists of duties, problems and promises; terms that are mixed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.domain.reports import Concept, ListEntry
from app.services.container import Services
from tests.services.conftest import opened_copy
from tests.services.reports.writes import ENTRY, SCHEME


@pytest.fixture
def year(created_folder: Path, awkward_folder: Path) -> Iterator[Services]:
    services = opened_copy(created_folder, awkward_folder)
    yield services
    services.close()


# ---- hearings


def test_that_a_unit_reports_to_its_parent_and_to_further_bodies_else_to_the_office(year: Services) -> None:
    year.year.set_office("云岭市考核办")
    departments = {u.code: u for u in year.units.units()}
    year.units.save_unit(replace(departments["D2"], parent="D1", reports_to=("D3",)))
    lines = [(h.hearing.unit, h.hearing.body, h.body_name, h.hearing.manner) for h in year.hearings.list(SCHEME)]
    assert lines == [
        ("D1", "", "云岭市考核办", "oral"),
        ("D2", "D1", "第1局", "oral"),
        ("D2", "D3", "第3局", "oral"),
        ("D3", "", "云岭市考核办", "oral"),
    ]
    assert year.hearings.bodies(SCHEME) == (("", "云岭市考核办"), ("D1", "第1局"), ("D3", "第3局"))


def test_that_lots_are_drawn_among_those_who_speak_and_again_only_with_a_reason(year: Services) -> None:
    year.hearings.set_manner(SCHEME, "D2", "", "written")
    drawn = year.hearings.draw_lots(SCHEME, "").value
    assert sorted(h.hearing.unit for h in drawn) == ["D1", "D3"]
    assert [h.hearing.order for h in drawn] == [1, 2]
    with pytest.raises(AppError) as error:
        year.hearings.draw_lots(SCHEME, "")
    assert error.value.fault is Fault.INPUT_BAD
    year.hearings.draw_lots(SCHEME, "", "漏了一个单位")
    [entry] = year.audit.entries(1)
    assert (entry.reason, entry.action) == ("漏了一个单位", "draw-lots")
    said = "\n".join(entry.details)
    assert said.count("第1局") == said.count("第3局") == 2  # the old order and the new one
    view = next(h for h in year.hearings.list(SCHEME) if h.hearing.unit == "D2")
    assert (view.hearing.manner, view.hearing.order) == ("written", 0)


def test_that_every_order_is_drawn_about_equally_often(year: Services) -> None:
    orders = Counter(
        tuple(h.hearing.unit for h in year.hearings.draw_lots(SCHEME, "", "再抽").value) for _ in range(60)
    )
    assert len(orders) >= 5  # of six; the chance that two or more never come in sixty draws is one in 8,000
    assert max(orders.values()) < 40


def test_that_nobody_to_draw_and_unknown_relations_are_named(year: Services) -> None:
    with pytest.raises(AppError):
        year.hearings.draw_lots(SCHEME, "D9")
    with pytest.raises(AppError) as error:
        year.hearings.set_manner(SCHEME, "D1", "D2", "oral")
    assert error.value.fault is Fault.NOT_FOUND


# ---- lists


def entry(**other: object) -> ListEntry:
    return replace(ENTRY, **other)  # type: ignore[arg-type]


def test_that_a_unit_sees_its_own_lines_and_those_of_its_level(year: Services) -> None:
    year.lists.save(entry(text="本单位的"))
    year.lists.save(entry(unit="", text="全层级的", kind="duty", items=(f"{SCHEME}/office",)))
    year.lists.save(entry(unit="D2", text="别人的"))
    year.lists.save(entry(level="branch", unit="", text="支部的"))
    assert [e.text for e in year.lists.entries(unit="D1")] == ["本单位的", "全层级的"]
    assert [e.text for e in year.lists.entries("duty")] == ["全层级的"]
    assert len(year.lists.entries(level="department")) == 3
    view = year.reports.get(SCHEME, "D1")
    assert [e.text for e in view.duties] == ["全层级的"]
    assert [e.text for e in view.problems] == ["本单位的"]


def test_that_states_change_with_an_entry_and_lines_are_deleted_with_a_reason(year: Services) -> None:
    kept = year.lists.save(ENTRY).value
    assert year.lists.set_state(kept.id, "done").value.state == "done"
    [trail] = year.audit.entries(1)
    said = "\n".join(trail.details)
    assert "未开始" in said and "已完成" in said
    with pytest.raises(AppError):
        year.lists.delete(kept.id, " ")
    year.lists.delete(kept.id, "重复")
    with pytest.raises(AppError):
        year.lists.set_state(kept.id, "open")


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"level": "none"}, {"unit": "B11"}, {"unit": "X"}, {"items": ("department/none",)}]
)
def test_that_a_wrong_line_is_named(year: Services, wrong: dict[str, object]) -> None:
    with pytest.raises(AppError) as error:
        year.lists.save(entry(**wrong))
    assert error.value.findings
    assert year.lists.entries() == ()


HEAD = ["编号", "种类", "层级", "单位", "内容", "责任人", "时限", "状态", "关联指标", "年度", "来源"]


def test_that_lines_come_out_of_a_pasted_table_and_the_same_table_again_changes_nothing(year: Services) -> None:
    rows = [
        HEAD,
        ["", "责任清单", "部门", "", "抓学习", "书记", "", "", f"{SCHEME}/office、{SCHEME}/vote", "", "责任清单"],
        ["", "问题", "部门", "第2局", "台账不全", "处长", "2026-06", "进行中", "", "2025", "巡察"],
        ["", "", "", "", "", "", "", "", "", "", ""],
    ]
    plan = year.lists.plan_cells(rows)
    assert (plan.new, plan.changed, plan.same, plan.findings) == (2, 0, 0, ())
    assert plan.entries[0].items == (f"{SCHEME}/office", f"{SCHEME}/vote")
    assert (plan.entries[1].unit, plan.entries[1].state, plan.entries[1].year) == ("D2", "doing", 2025)
    assert year.lists.apply(plan).value == 2
    again = year.lists.plan_cells(rows)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    rows[2][7] = "已完成"
    assert year.lists.plan_cells(rows).changed == 1


def test_that_a_table_written_out_is_read_back_the_same(year: Services, awkward_folder: Path) -> None:
    for one in (entry(), entry(unit="", kind="promise", text="=1+1 修路，“两条”", items=(f"{SCHEME}/office",), year=0)):
        year.lists.save(one)
    before = year.lists.entries()
    path = year.lists.write_table(awkward_folder / "清单 1#.xlsx")
    plan = year.lists.plan_table(path)
    assert plan.findings == ()
    assert (plan.new, plan.changed, plan.same) == (0, 0, 2)
    assert set(plan.entries) == set(before)


def test_that_every_wrong_cell_is_named_with_its_address_and_nothing_is_guessed(year: Services) -> None:
    plan = year.lists.plan_cells(
        [
            HEAD,
            ["", "任务", "部门", "", "甲", "", "", "", "", "", ""],
            ["", "", "部门", "", "乙", "", "", "", "", "", ""],
            ["", "责任", "科室", "", "丙", "", "", "", "", "", ""],
            ["", "责任", "部门", "第1局第1支部", "丁", "", "", "", "", "", ""],
            ["", "责任", "部门", "", "戊", "", "", "差不多", "none/x", "25", ""],
            ["abc", "责任", "部门", "", "己", "", "", "", "", "", ""],
            ["", "责任", "部门", "", "", "某人", "", "", "", "", ""],
        ]
    )
    assert plan.entries == ()
    places = [f.place.rpartition(" › ")[2] for f in plan.findings]
    assert places == ["B2", "B3", "C4", "D5", "H6", "I6", "J6", "A7", "E8"]
    with pytest.raises(AppError):
        year.lists.apply(plan)
    assert year.lists.plan_cells([["甲", "乙"]]).findings


# ---- concepts


def test_that_the_offices_list_of_terms_replaces_the_programs(year: Services) -> None:
    assert any(c.term == "全面从严治党主体责任" for c in year.lists.concepts())
    pair = Concept(term="主题党日", other="党员活动日", advice="名称已经统一。")
    year.lists.set_concepts([pair])
    assert year.lists.concepts() == (pair,)
    year.lists.set_concepts([])
    assert year.lists.concepts() == ()
    for wrong in (Concept(term="甲", other="甲"), Concept(term="", other="乙")):
        with pytest.raises(AppError):
            year.lists.set_concepts([wrong])
