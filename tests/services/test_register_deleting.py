"""Deleting units and evaluators: what hangs on them is named, what only names them goes along, undo brings all back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Assignment, Evaluator, Link, Unit, UnitRelation
from app.services.container import Services
from tests.services import small_year


def codes(services: Services) -> set[str]:
    return {u.code for u in services.units.units()}


def test_that_a_unit_with_facts_stays_and_everything_that_hangs_on_it_is_named(full: Services) -> None:
    with pytest.raises(AppError) as refused:
        full.units.delete_units(["D1"])
    assert refused.value.fault is Fault.INPUT_BAD
    said = [f.message for f in full.units.ties_of_units(["D1"])]
    assert [str(f) for f in refused.value.findings] == [str(f) for f in full.units.ties_of_units(["D1"])]
    assert said == [
        "不能删除：有 4 份评分表上有它的评分",
        "不能删除：有 1 次票决有它的票数",
        "不能删除：有 1 件事项",
        "不能删除：有 1 个考核办录入的数值",
        "不能删除：第1局第1支部、第1局第2支部以它为上级",
        "不能删除：评议人书记1在这个单位",
    ]
    assert "D1" in codes(full)


def test_that_units_that_hang_on_each_other_go_together_and_come_back(services: Services) -> None:
    services.units.delete_evaluators(["P1"])
    assert services.units.ties_of_units(["D1", "B11", "B12"]) == ()
    outcome = services.units.delete_units(["D1", "B11", "B12"])
    assert (outcome.value, outcome.change.label) == (3, "删除单位“第1局、第1局第1支部、第1局第2支部”")
    assert codes(services) == {"D2", "D3", "B21", "B22", "B31", "B32"}
    assert "D1 第1局 department" in "".join(services.audit.entries(1)[0].details)
    services.history.undo()
    assert services.units.units() == tuple(sorted(small_year.units(), key=lambda u: (u.order, u.code)))


def test_that_what_only_names_a_unit_goes_along_with_it(services: Services) -> None:
    first, second = (u for u in small_year.units() if u.code in ("D2", "D3"))
    extra = Unit(code="D9", name="临时局", level="department", order=9)
    services.units.save_unit(extra)
    services.units.save_unit(replace(first, reports_to=("D9", "D3"), links=(Link(unit="D9", name="联合项目"),)))
    leader = Evaluator(
        code="L1",
        name="领导1",
        role="leader",
        order=1,
        relations=(UnitRelation(unit="D9", relation="in_charge"), UnitRelation(unit="D3", relation="above")),
    )
    services.units.save_evaluator(leader)
    services.assignment.change("department", [("L2", "D9")], (), "申请回避")
    with services.session.write("assign", "指定") as work:
        work.assignments.replace_all([Assignment(evaluator="P3", scheme="department", units=("D9", "D2"))])
    services.units.delete_units(["D9"])
    units = {u.code: u for u in services.units.units()}
    assert (units["D2"].reports_to, units["D2"].links) == (("D3",), ())
    people = {e.code: e for e in services.units.evaluators()}
    assert people["L1"].relations == (UnitRelation(unit="D3", relation="above"),)
    assert services.units.assignments() == (Assignment(evaluator="P3", scheme="department", units=("D2",)),)
    assert services.assignment.view("department").changed == ()
    services.history.undo()
    assert {e.code: e for e in services.units.evaluators()}["L1"] == leader
    assert second.code in codes(services)


def test_that_an_evaluator_with_a_returned_sheet_stays(full: Services) -> None:
    [tie] = full.units.ties_of_evaluators(["L1"])
    assert "已收回他的 2 份评分表" in tie.message and "取消" in tie.step
    with pytest.raises(AppError):
        full.units.delete_evaluators(["L1"])


def test_that_an_evaluator_goes_with_his_lines_and_changes(services: Services) -> None:
    services.assignment.change("department", [("P1", "D2")], (), "申请回避")
    services.units.delete_evaluators(["P1", "P2"])
    assert {e.code for e in services.units.evaluators()} == {"L1", "L2", "P3"}
    assert services.assignment.view("department").changed == ()
    services.history.undo()
    assert len(services.units.evaluators()) == 5 and len(services.assignment.view("department").changed) == 1


def test_that_deleting_what_is_not_there_is_named(services: Services) -> None:
    with pytest.raises(AppError) as refused:
        services.units.delete_units(["D77"])
    assert refused.value.fault is Fault.NOT_FOUND
