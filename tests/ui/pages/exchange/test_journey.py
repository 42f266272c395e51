"""The whole way through windows: the office sends, a unit opens, scores, writes, hands in, and the office takes in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QRadioButton

from app.services.container import Services
from app.ui.open_task import OpenTaskForm
from app.ui.packages.merge_preview import MergePreview
from app.ui.pages.exchange.receive import ReceiveTab
from app.ui.pages.exchange.send import SendTab
from app.ui.pages.tasks import TasksPage
from app.ui.pages.tasks.lines import TaskButton
from tests.services.exchange import pcs
from tests.ui.pages.exchange.conftest import Seat, Sit

MARK = ("department", "P11", "D2", "problems")


def services_of(seat: Seat) -> Services:
    assert seat.shell.work is not None
    return seat.shell.work.services


def send(office: Seat, folder: Path, unit: str) -> Path:
    """A task for one unit, by hand; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    tab = office.page("exchange", "send")
    assert isinstance(tab, SendTab)
    tab.table.go_to(lambda row: row.unit == unit)
    tab.send_chosen.trigger()
    assert tab.form is not None
    tab.form.folder.line.setText(str(folder))
    tab.form.save_button.click()
    office.settle()
    assert tab.done.isVisible() and "已读回核对" in tab.done_text.text()
    return next(folder.glob("任务包*.slp"))


def open_task(seat: Seat, package: Path, year: Path) -> TasksPage:
    """The window starts with the package, and makes the year file."""
    seat.shell.begin(package)
    seat.settle()
    (form,) = seat.shell.window.findChildren(OpenTaskForm)
    form.path.setText(str(year))
    form.save_button.click()
    seat.settle()
    page = seat.shell.view.current_page()
    assert isinstance(page, TasksPage)
    return page


def submit(seat: Seat, folder: Path) -> Path:
    """Hand in by hand; the file."""
    page = seat.page("tasks")
    assert isinstance(page, TasksPage)
    page.submit.trigger()
    seat.settle()
    assert page.form is not None
    page.form.folder.line.setText(str(folder))
    page.form.save_button.click()
    seat.settle()
    assert page.dialog is not None and "安全弹出" in page.dialog.said.text()
    path = page.dialog.receipt.path
    page.dialog.accept()
    assert path is not None and path.is_file()
    return path


def choose(preview: MergePreview, question: str, choice: str) -> None:
    """Click the answer of a question."""
    assert preview.questions is not None
    for radio in preview.questions.findChildren(QRadioButton):
        if radio.property("question") == question and radio.property("choice") == choice:
            radio.click()
            return
    raise AssertionError((question, choice))


def receive(office: Seat, *paths: Path) -> ReceiveTab:
    tab = office.page("exchange", "receive")
    assert isinstance(tab, ReceiveTab)
    office.notices.files = list(paths)
    tab.choose_files.trigger()
    office.settle()
    return tab


def answer_senders(office: Seat, preview: MergePreview) -> list[str]:
    """Confirm everybody that is not known; the texts that were read."""
    assert preview.plan is not None
    asked = [q for q in preview.plan.questions if q.kind == "unknown_sender"]
    for question in asked:
        choose(preview, question.id, "confirm")
        office.settle()
    return [q.text for q in asked]


def test_that_a_task_goes_out_is_worked_on_comes_back_and_is_taken_in_and_back(
    office: Seat, office_place: pcs.Place, sit: Sit, awkward_folder: Path
) -> None:
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
    here = services_of(unit)
    pcs.fill_in(here)
    pcs.write(here, "D1", done="抓责任。", problems="调研不深。")

    path = submit(unit, stick)
    assert here.reports.get("department", "D1").state == "submitted"

    # at the office: nothing can be applied before the computer is confirmed
    tab = receive(office, path)
    preview = tab.receiving.preview
    assert tab.receiving.currentIndex() == 1 and not preview.apply.isEnabled()
    (asked,) = answer_senders(office, preview)
    assert here.exchange.own_code() in asked
    assert preview.apply.isEnabled()
    preview.apply.trigger()
    office.settle()
    there = services_of(office)
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
    choose(preview, question.id, "theirs")
    office.settle()
    assert preview.apply.isEnabled()
    preview.apply.trigger()
    office.settle()
    key = (MARK[0], MARK[1], MARK[2], MARK[3])
    assert pcs.marks_of(there)[key] == "39"
    office.shell.menus.undo.trigger()
    office.settle()
    assert pcs.marks_of(there)[key] == "45"
    assert [r.sequence for r in tab.table.contents.rows] == [1]
    assert unit.notices.asked == office.notices.asked == []


def test_that_a_returned_report_comes_into_the_units_year_from_its_page(
    office: Seat, sit: Sit, awkward_folder: Path
) -> None:
    stick = awkward_folder / "U 盘"
    task = send(office, stick, "D1")
    place = pcs.place(awkward_folder, "一局")
    unit = sit(place)
    open_task(unit, task, place.year)
    pcs.write(services_of(unit), "D1", done="做了不少工作。", problems="没有。")
    preview = receive(office, submit(unit, stick)).receiving.preview
    answer_senders(office, preview)
    preview.apply.trigger()
    office.settle()
    services_of(office).reports.return_("department", "D1", "问题没有写", [])
    task.unlink()
    newer = send(office, stick, "D1")

    # dropped on the window of the unit, which has its year open
    unit.shell.window.dropped.emit([newer])
    unit.settle()
    page: Any = unit.shell.view.current_page()
    assert isinstance(page, TasksPage) and page.receiving.currentIndex() == 1
    assert page.receiving.preview.apply.isEnabled(), page.receiving.preview.state.text()
    page.receiving.preview.apply.trigger()
    unit.settle()
    assert services_of(unit).reports.get("department", "D1").state == "returned"
    assert not page.todo.itemAt(0).widget().line.finished
    assert [p.sequence for p in page.data.packages.received] == [2, 1]
