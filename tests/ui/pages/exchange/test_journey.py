"""The whole way through windows: the office sends, a unit opens, scores, writes, hands in, and the office takes in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.ui.pages.tasks import TasksPage
from app.ui.pages.tasks.lines import TaskButton
from tests.services.exchange import pcs
from tests.ui.seats import Computers, Seat, Sit, choose, confirm, open_task, receive, send, submit, take

MARK = ("department", "P11", "D2", "problems")


def test_that_a_task_goes_out_is_worked_on_comes_back_and_is_taken_in_and_back(sit: Sit, awkward_folder: Path) -> None:
    place, services = pcs.office(awkward_folder)
    services.close()
    office = sit(place).begin(place.year)
    stick = awkward_folder / "U 盘 #1"
    task = send(office, stick, "D1")

    # the unit opens it on its own computer: its pages are few, the window names it
    unit = sit(pcs.place(awkward_folder, "第1局的电脑"))
    year = awkward_folder / "第1局的电脑" / "2026年度 第1局.slk"
    page = open_task(unit, task, year)
    assert [b.text() for b in unit.shell.view.navigation.buttons()] == ["任务", "述职", "评分", "记录"]
    assert "第1局" in unit.shell.window.windowTitle() and unit.shell.view.header.unit.isVisible()
    buttons = page.findChildren(TaskButton)
    assert [b.line.page for b in buttons] == ["reports", "reports", "sheets", "sheets", "exchange"]

    # a line leads to its sheet; a mark is typed there; the report is written
    next(b for b in buttons if b.line.page == "sheets").click()
    unit.settle()
    grid: Any = unit.shell.view.current_page().current
    assert grid.id == "grid" and grid.evaluator == "P11"
    here = unit.services
    pcs.fill_in(here)
    pcs.write(here, "D1", done="抓责任。", problems="调研不深。")

    path = submit(unit, stick)
    assert here.reports.get("department", "D1").state == "submitted"

    # at the office: nothing can be applied before the computer is confirmed
    tab = receive(office, path)
    preview = tab.receiving.preview
    assert tab.receiving.currentIndex() == 1 and not preview.apply.isEnabled()
    (asked,) = confirm(office, preview)
    assert here.exchange.own_code() in asked
    take(office, preview)
    there = office.services
    assert tab.receiving.currentIndex() == 0
    assert pcs.marks_of(there) == pcs.marks_of(here)
    assert there.reports.get("department", "D1").state == "submitted"
    assert [r.unit for r in tab.table.contents.rows] == ["D1"]

    # both change the same mark differently: the office is asked, takes theirs, and takes it back
    there.sheets.edit_mark(*MARK, "45", "更正")
    here.sheets.edit_mark(*MARK, "39", "更正")
    second = submit(unit, stick)
    tab = receive(office, second)
    preview = tab.receiving.preview
    assert preview.plan is not None and not preview.apply.isEnabled()
    (question,) = preview.plan.questions
    assert question.kind == "merge"
    choose(office, preview, question.id, "theirs")
    take(office, preview)
    assert pcs.marks_of(there)[MARK] == "39"
    office.shell.menus.undo.trigger()
    office.settle()
    assert pcs.marks_of(there)[MARK] == "45"
    assert [r.sequence for r in tab.table.contents.rows] == [1]
    assert unit.notices.asked == office.notices.asked == []


def test_that_a_returned_report_comes_into_the_units_year_from_its_page(
    office: Seat, unit: Seat, computers: Computers
) -> None:
    pcs.write(unit.services, "D1", done="做了不少工作。", problems="没有。")
    preview = receive(office, submit(unit, computers.stick)).receiving.preview
    confirm(office, preview)
    take(office, preview)
    office.services.reports.return_("department", "D1", "问题没有写", [])
    newer = send(office, computers.stick, "D1")

    # dropped on the window of the unit, which has its year open
    unit.shell.window.dropped.emit([newer])
    unit.settle()
    page: Any = unit.shell.view.current_page()
    assert isinstance(page, TasksPage) and page.receiving.currentIndex() == 1
    assert not page.submit.isVisible()
    take(unit, page.receiving.preview)
    assert unit.services.reports.get("department", "D1").state == "returned"
    first: Any = page.todo.itemAt(0).widget()
    assert not first.line.finished and first.line.detail == "已退回"
    assert page.data is not None
    assert [p.sequence for p in page.data.packages.received] == [2, 1]
    assert page.submit.isVisible()
