"""Who rates whom: rules in words, expected ballots, holes, and cells changed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Assignment, Evaluator, Unit
from app.domain.schemes import Group
from app.services.assignment_rules import sentence_of
from app.services.changes import Area
from app.services.container import Services
from tests.services import small_year


def groups_of(services: Services, evaluator: str, unit: str) -> tuple[str, ...]:
    """The groups in which he counts for the unit, as the matrix says it."""
    data = services.assignment.view("department").coverage
    codes = [e.code for e in data.evaluators]
    if evaluator not in codes:
        return ()
    return data.groups[codes.index(evaluator)][[u.code for u in data.units].index(unit)]


def rated(services: Services, evaluator: str) -> tuple[str, ...]:
    """The units on his score sheet."""
    forms = {f.identity.evaluator: f for f in services.sheets.forms() if f.identity.scheme == "department"}
    return tuple(u.code for u in forms[evaluator].units) if evaluator in forms else ()


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (Group(id="a", name="党组", roles=("党组成员",)), "党组成员评全部部门单位。"),
        (
            Group(id="b", name="互评", roles=("书记",), relations=("same_series", "own"), recused=("own",)),
            "书记互评同系列的单位，本单位回避。",
        ),
        (Group(id="c", name="分管", roles=("分管领导",), relations=("in_charge",)), "分管领导只评自己分管的单位。"),
        (Group(id="d", name="上级", relations=("above",)), "全部评议人只评本单位的下级。"),
        (Group(id="e", name="无", roles=("甲", "乙"), recused=("own", "below")), "甲、乙评全部部门单位，本单位、上级单位回避。"),
    ],
)  # fmt: skip
def test_that_a_group_is_said_as_a_rule(group: Group, said: str) -> None:
    assert sentence_of(group, "部门单位") == said


def test_that_the_rules_tell_members_sheets_and_ballots_per_unit(services: Services) -> None:
    leaders, peers = services.assignment.view("department").rules
    assert (leaders.members, leaders.sheets, leaders.fewest, leaders.most) == (2, 2, 2, 2)
    assert (peers.members, peers.sheets, peers.fewest, peers.most) == (3, 3, 2, 2)
    assert peers.sentence == "peer评全部部门，本单位回避。"
    assert (peers.holes, peers.thin) == (0, 0)


def test_that_a_stated_number_makes_cells_thin(services: Services) -> None:
    view = services.assignment.view("department", at_least=3)
    assert {(c.unit, c.group, c.count, c.needed) for c in view.coverage.thin} == {
        (f"D{i}", g, 2, 3) for i in (1, 2, 3) for g in ("leaders", "peers")
    }
    assert [r.thin for r in view.rules] == [3, 3]
    assert services.assignment.view("department").coverage.thin == ()


def test_that_taking_out_by_hand_moves_matrix_sheet_and_trail_and_can_be_undone(services: Services) -> None:
    outcome = services.assignment.change("department", [("L1", "D2"), ("L2", "D2")], (), "申请回避")
    assert outcome.change.areas == {Area.UNITS, Area.SHEETS} and outcome.change.undoable
    assert groups_of(services, "L1", "D2") == () and groups_of(services, "L1", "D1") == ("leaders",)
    assert rated(services, "L1") == ("D1", "D3")
    view = services.assignment.view("department")
    assert [h.unit for h in view.coverage.holes] == ["D2"]
    assert [(c.evaluator, c.unit, c.rule, c.change.groups) for c in view.changed] == [
        ("领导1", "第2局", ("leaders",), ()),
        ("领导2", "第2局", ("leaders",), ()),
    ]
    entry = services.audit.entries(1)[0]
    assert (entry.action, entry.reason) == ("change-assignment", "申请回避")
    assert entry.details == ("对象：谁评谁 department", "原：L1→D2：领导；L2→D2：领导", "现：2 处：不评")
    services.history.undo()
    assert rated(services, "L1") == ("D1", "D2", "D3") and services.assignment.view("department").changed == ()
    services.history.redo()
    assert rated(services, "L1") == ("D1", "D3")


def test_that_somebody_without_a_rule_can_be_put_in_by_hand(services: Services) -> None:
    services.units.save_evaluator(Evaluator(code="G1", name="客座", role="guest", order=50))
    assert [e.code for e in services.assignment.view("department").others] == ["G1"]
    services.assignment.change("department", [("G1", "D2")], ("peers",), "代第二局书记评")
    assert rated(services, "G1") == ("D2",)
    assert services.assignment.view("department").coverage.counts["D2", "peers"] == 3


def test_that_the_rule_goes_on_for_all_other_cells(services: Services) -> None:
    services.assignment.change("department", [("L1", "D2")], (), "申请回避")
    services.units.save_unit(Unit(code="D4", name="第4局", level="department", order=4))
    assert rated(services, "L1") == ("D1", "D3", "D4")


def test_that_a_cell_goes_back_to_the_rule(services: Services) -> None:
    services.assignment.change("department", [("L1", "D2"), ("L1", "D3")], (), "申请回避")
    assert services.assignment.back_to_rule("department", [("L1", "D2"), ("P1", "D1")]).value == 1
    assert rated(services, "L1") == ("D1", "D2")
    services.assignment.change("department", [("L1", "D3")], ("leaders",), "已说明情况")
    assert services.assignment.view("department").changed == ()
    with pytest.raises(AppError):
        services.assignment.back_to_rule("department", [("L1", "D3")])


def test_that_what_is_changed_back_by_hand_is_no_change_by_hand(services: Services) -> None:
    line = Assignment(evaluator="L1", scheme="department", units=("D1",))
    with services.session.write("assign", "指定") as work:
        work.assignments.replace_all([line])
    services.assignment.change("department", [("L1", "D2")], ("leaders",), "补上")
    assert rated(services, "L1") == ("D1", "D2")
    assert services.assignment.view("department").fixed == {"L1"}
    assert services.units.assignments() == (line,)


@pytest.mark.parametrize(
    ("cells", "groups", "reason", "said"),
    [
        ([("L1", "D2")], (), "  ", "请写明手工调整谁评谁的理由"),
        ([("P2", "D1")], ("peers",), "试", "本来就是这样"),
        ([("L1", "B11")], (), "试", "没有单位 B11"),
        ([("X1", "D1")], (), "试", "没有评议人 X1"),
        ([("L1", "D1")], ("none",), "试", "没有评议组“none”"),
    ],
)
def test_that_a_change_that_cannot_be_is_named(
    services: Services, cells: list[tuple[str, str]], groups: tuple[str, ...], reason: str, said: str
) -> None:
    with pytest.raises(AppError) as refused:
        services.assignment.change("department", cells, groups, reason)
    assert said in str(refused.value)
    assert services.assignment.view("department").changed == ()


def test_that_who_must_not_score_cannot_be_put_in(services: Services) -> None:
    services.assignment.change("department", [("P1", "D1")], (), "先取消")
    with pytest.raises(AppError) as refused:
        services.assignment.change("department", [("P1", "D1")], ("peers",), "又加入")
    assert "书记1 对 第1局 应当回避" in str(refused.value)


def test_that_changes_count_in_the_computation(full: Services) -> None:
    first = full.results.compute().value.info.version
    full.assignment.change("department", [("L1", "D2")], (), "申请回避")
    assert full.results.is_stale()
    second = full.results.compute().value.info.version
    assert "D2" in {change.unit for change in full.results.compare(first, second)}


def test_that_a_change_elsewhere_does_not_settle_the_question_about_the_own_unit(services: Services) -> None:
    """Who scores his own unit is asked about, unless somebody has stated just that."""
    from app.services.imports.known import import_state

    leader = next(e for e in services.units.evaluators() if e.code == "L1")
    services.units.save_evaluator(replace(leader, unit="D1"))

    def asked() -> bool:
        with services.session.read() as work:
            return ("department", "L1") in import_state(services.session, work).own_unit

    assert asked()
    services.assignment.change("department", [("L1", "D2")], (), "申请回避")
    assert asked()
    services.units.apply_register(services.units.plan_paste("评议人\t方案\t单位\nL1\tdepartment\tD1、D3\n", "谁评谁"))
    assert not asked()


def test_that_a_frozen_result_closes_who_rates_whom(full: Services) -> None:
    full.results.compute()
    full.results.freeze("审定", "主任")
    with pytest.raises(AppError) as refused:
        full.assignment.change("department", [("L1", "D2")], (), "申请回避")
    assert refused.value.fault is Fault.CALC_FROZEN


def test_that_a_change_whose_unit_has_left_the_level_is_shown_as_idle(services: Services) -> None:
    services.assignment.change("department", [("L1", "D3")], (), "申请回避")
    unit = next(u for u in small_year.units() if u.code == "D3")
    services.units.save_unit(replace(unit, level="elsewhere"))
    [cell] = services.assignment.view("department").changed
    assert cell.idle and rated(services, "L1") == ("D1", "D2")


def test_that_lines_of_the_register_give_way_to_the_rule_again(services: Services) -> None:
    lines = tuple(Assignment(evaluator=e, scheme="department", units=("D1",)) for e in ("L1", "L2"))
    with services.session.write("assign", "指定") as work:
        work.assignments.replace_all(lines)
    assert services.assignment.drop_lines("department", ["L1", "P1"]).value == 1
    assert (rated(services, "L1"), rated(services, "L2")) == (("D1", "D2", "D3"), ("D1",))
    with pytest.raises(AppError):
        services.assignment.drop_lines("department", ["L1"])
    services.history.undo()
    assert services.units.assignments() == (lines[1], lines[0]) or services.units.assignments() == lines
