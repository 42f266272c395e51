"""A task goes out, is worked on, comes back and is taken in."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.exchange.values import ReadyMerge
from tests.services.exchange import pcs


def test_that_a_task_comes_back_whole_and_is_taken_in_as_one_step(awkward_folder: Path) -> None:
    home, office = pcs.office(awkward_folder)
    there, unit = pcs.department(awkward_folder, office, "D1")
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
    receipt = unit.tasks.submit(there.folder).value
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
    for services in (office, unit):
        assert services.backups.check_file() == ()
        services.close()


def test_that_the_same_package_again_brings_nothing(awkward_folder: Path) -> None:
    _, office = pcs.office(awkward_folder)
    there, unit = pcs.department(awkward_folder, office, "D1")
    pcs.fill_in(unit)
    path = unit.tasks.submit(there.folder).value.path
    assert path is not None
    pcs.receive(office, path)
    plan = pcs.planned(office, path)
    assert isinstance(plan, ReadyMerge) and not plan.writes
    assert [(p.fate, p.fault) for p in plan.packages] == [("skipped", "E-PKG-12")]
    for services in (office, unit):
        services.close()


@pytest.mark.parametrize("state", ["returned"])
def test_that_a_returned_report_goes_back_with_its_remarks_and_comes_again(awkward_folder: Path, state: str) -> None:
    from app.services.reports import RemarkDraft

    _, office = pcs.office(awkward_folder)
    there, unit = pcs.department(awkward_folder, office, "D1")
    pcs.write(unit, "D1", done="做了不少工作。", problems="没有。")
    first = unit.tasks.submit(there.folder).value.path
    assert first is not None
    pcs.receive(office, first)
    office.reports.return_("department", "D1", "问题没有写", [RemarkDraft(where="section:problems", start=0, end=2, text="请写具体")])
    again = office.exchange.send_tasks(awkward_folder / "盘2", ["D1"]).value.files[0]
    assert [o.unit for o in office.exchange.outstanding()] == ["D1"]
    pcs.receive(unit, again)
    view = unit.reports.get("department", "D1")
    assert view.state == state and [r.remark.text for r in view.remarks] == ["请写具体"]
    pcs.write(unit, "D1", problems="调研不深，办法不多。")
    unit.reports.settle_remark(view.remarks[0].remark.id)
    second = unit.tasks.submit(there.folder).value
    assert second.sequence == 2 and second.path is not None
    pcs.receive(office, second.path)
    back = office.reports.get("department", "D1")
    assert back.state == "submitted" and pcs.sections(office, "D1")["problems"] == "调研不深，办法不多。"
    assert [r.remark.settled for r in back.remarks] == [True]
    assert [v.state for v in back.versions] == ["submitted", "returned", "submitted"]
    assert office.exchange.outstanding() == ()
    for services in (office, unit):
        services.close()
