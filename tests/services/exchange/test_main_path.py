"""A task goes out, is worked on, comes back and is taken in."""

from __future__ import annotations

import pytest

from app.domain.errors import AppError, Fault
from app.domain.findings import Severity
from app.services.container import Services
from app.services.exchange.values import ReadyMerge
from app.services.reports import RemarkDraft
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs


def test_that_a_task_comes_back_whole_and_is_taken_in_as_one_step(three: Pcs) -> None:
    office, unit = three.office, three.units["D1"]
    info = unit.year.info()
    assert (info.role, info.own_unit, info.own_name, info.office) == ("unit", "D1", "第1局", pcs.OFFICE)
    assert office.year.info().role == "office"
    forms = {f.identity.sheet: f for f in unit.sheets.forms()}
    assert sorted(f.identity.evaluator for f in forms.values()) == ["P11", "P12"]
    assert {f.identity.year_file for f in forms.values()} == {office.year.info().file_id}
    pcs.fill_in(unit)
    pcs.write(unit, "D1", done="一、抓责任。\n二、抓落实。", problems="调研不深。")
    entry = unit.lists.entries(unit="D1")[0]
    unit.lists.set_state(entry.id, "done")
    receipt = unit.tasks.submit(three.root).value
    assert receipt.path is not None and receipt.sheets == 2 and receipt.blanks == 0 and receipt.marks == 8
    before = office.audit.entries(limit=1)[0].number
    batch = pcs.receive(office, receipt.path)
    assert pcs.marks_of(office) == pcs.marks_of(unit)
    assert office.reports.get("department", "D1").state == "submitted"
    assert pcs.sections(office, "D1")["done"] == "一、抓责任。\n二、抓落实。"
    assert office.lists.entries(unit="D1")[0].state == "done"
    assert office.audit.entries(limit=1)[0].number == before + 1, "one step is one entry"
    assert [p.batch for p in office.exchange.packages().received] == [batch]
    office.history.undo()
    assert pcs.marks_of(office) == {} and office.lists.entries(unit="D1")[0].state == "open"
    assert office.exchange.packages().received == ()
    office.history.redo()
    assert pcs.marks_of(office) == pcs.marks_of(unit)
    assert office.backups.check_file() == () == unit.backups.check_file()


def test_that_the_same_package_again_brings_nothing(three: Pcs) -> None:
    pcs.fill_in(three.units["D1"])
    path = three.submit("D1")
    pcs.receive(three.office, path)
    plan = pcs.planned(three.office, path)
    assert isinstance(plan, ReadyMerge) and not plan.writes
    assert [(p.fate, p.fault) for p in plan.packages] == [("skipped", "E-PKG-12")]


def test_that_a_returned_report_goes_back_with_its_remarks_and_comes_again(three: Pcs) -> None:
    office, unit = three.office, three.units["D1"]
    pcs.write(unit, "D1", done="做了不少工作。", problems="没有。")
    pcs.receive(office, three.submit("D1"))
    draft = RemarkDraft(where="section:problems", start=0, end=2, text="请写具体")
    office.reports.return_("department", "D1", "问题没有写", [draft])
    again = office.exchange.send_tasks(three.root / "盘2", ["D1"]).value.files[0]
    assert [o.unit for o in office.exchange.outstanding()] == ["D2", "D1"]
    pcs.receive(unit, again)
    view = unit.reports.get("department", "D1")
    assert view.state == "returned" and [r.remark.text for r in view.remarks] == ["请写具体"]
    waiting = {line.text: line.detail for line in unit.tasks.checklist() if not line.finished}
    assert waiting["述职报告：考核办的批注"] == "还有 1 条没有处理"
    pcs.write(unit, "D1", problems="调研不深，办法不多。")
    unit.reports.settle_remark(view.remarks[0].remark.id)
    second = unit.tasks.submit(three.root).value
    assert second.sequence == 2 and second.path is not None
    pcs.receive(office, second.path)
    back = office.reports.get("department", "D1")
    assert back.state == "submitted" and pcs.sections(office, "D1")["problems"] == "调研不深，办法不多。"
    assert [r.remark.settled for r in back.remarks] == [True]
    assert [v.state for v in back.versions] == ["submitted", "returned", "submitted"]
    assert [o.unit for o in office.exchange.outstanding()] == ["D2"]


def test_that_two_computers_of_one_unit_come_together_and_only_what_both_changed_is_asked(three: Pcs) -> None:
    second = three.place("D1的另一台")
    other = second.desk.open_task(three.tasks["D1"], second.year)
    one = three.units["D1"]
    pcs.mark(one, {("P11", "D2", "problems"): "40", ("P11", "D3", "problems"): "41"})
    pcs.mark(other, {("P11", "D2", "manner"): "20", ("P11", "D3", "problems"): "45"})
    pcs.write(one, "D1", done="抓责任。", problems="调研不深。")
    pcs.write(other, "D1", done="抓责任。", problems="办法不多。")
    pcs.receive(three.office, three.submit("D1"))
    path = other.tasks.submit(second.folder).value.path
    assert path is not None
    asked = pcs.conflicts(pcs.planned(three.office, path))
    assert [q.text.split("：")[0] for q in asked] == [
        "1局书记1的评分表 › 第3局 › problems",
        "第1局 › 述职报告 › 存在问题 第 1 段",
    ]
    pcs.receive(three.office, path, answers={asked[0].id: "theirs", asked[1].id: "ours"})
    found = {k[2:]: text for k, text in pcs.marks_of(three.office).items()}
    assert found == {("D2", "problems"): "40", ("D3", "problems"): "45", ("D2", "manner"): "20"}
    assert pcs.sections(three.office, "D1") == {"done": "抓责任。", "problems": "调研不深。"}
    assert {s.unit for s in three.office.exchange.senders()} == {"D1"} and len(three.office.exchange.senders()) == 2
    other.close()


def test_that_a_mark_names_where_it_was_written_and_the_package_that_brought_it(three: Pcs) -> None:
    unit = three.units["D1"]
    pcs.fill_in(unit)
    path = three.submit("D1")
    pcs.receive(three.office, path)
    step = three.office.results.explain("department", "D2", "problems/peers/P11")
    assert "程序内填写" in step.sentence and "D1的电脑的人" in step.sentence and path.name in step.sentence
    assert step.source is None


def test_that_an_accepted_report_is_not_changed_without_being_asked(three: Pcs) -> None:
    unit, office = three.units["D1"], three.office
    pcs.write(unit, "D1", done="抓责任。", problems="调研不深。")
    pcs.receive(office, three.submit("D1"))
    office.reports.accept("department", "D1")
    unit.reports.reopen("department", "D1", "补充一段")
    pcs.write(unit, "D1", problems="调研不深。\n办法不多。")
    path = three.submit("D1")
    asked = pcs.conflicts(pcs.planned(office, path))
    assert [q.text.split("：")[0] for q in asked] == ["第1局 › 述职报告 › 已通过的报告"]
    pcs.receive(office, path, rule="ours")
    assert pcs.sections(office, "D1")["problems"] == "调研不深。"
    assert office.reports.get("department", "D1").state == "accepted"


def test_that_the_checklist_leads_through_the_work_and_says_when_something_is_new_since_handing_in(three: Pcs) -> None:
    unit = three.units["D1"]
    lines = {line.text: (line.done, line.total, line.page) for line in unit.tasks.checklist()}
    assert lines == {
        "述职报告": (0, 1, "reports"),
        "上年问题和承诺": (0, 1, "reports"),
        "评分：1局书记1": (0, 4, "sheets"),
        "评分：1局书记2": (0, 4, "sheets"),
        "提交回传包": (0, 1, "exchange"),
    }
    assert all(f.severity is not Severity.ERROR for f in unit.tasks.last_check())
    pcs.fill_in(unit)
    pcs.write(unit, "D1", done="抓责任。", problems="调研不深。")
    three.submit("D1")
    assert [line.text for line in unit.tasks.checklist() if not line.finished] == ["上年问题和承诺"]
    pcs.mark(unit, {("P11", "D2", "problems"): "39"})
    assert unit.tasks.checklist()[-1].detail == "上次提交之后又有改动"
    assert three.office.tasks.checklist() == ()


def role_in(services: Services) -> str:
    with services.session.read() as work:
        return work.audit.entries(1)[0].role


def test_that_a_unit_computes_nothing_and_a_package_is_not_taken_back_by_halves(three: Pcs) -> None:
    unit = three.units["D1"]
    with pytest.raises(AppError) as refused:
        unit.results.compute()
    assert "考核办计算" in refused.value.detail
    pcs.fill_in(unit)
    assert role_in(unit) == "填报单位"
    batch = pcs.receive(three.office, three.submit("D1"))
    assert role_in(three.office) == "考核办"
    with pytest.raises(AppError) as whole:
        three.office.sheets.undo_batch(batch, "收错了")
    assert whole.value.fault is Fault.NOT_UNDOABLE and "数据包" in whole.value.detail
