"""任务: what is to do and how far it is, the last check, handing in, the receipt on paper."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.ui.pages.sheets.grid import ON_SCREEN
from app.ui.pages.tasks import TasksPage
from app.ui.pages.tasks.lines import TaskButton
from tests.services import small_year
from tests.services.exchange import pcs
from tests.ui.seats import Computers, Seat, submit

MANNER = {("D2", "manner"): "20", ("D3", "manner"): "21"}


def lines(page: TasksPage) -> list[TaskButton]:
    return page.findChildren(TaskButton)


def test_that_a_units_window_shows_only_its_own_work(unit: Seat) -> None:
    shell = unit.shell
    assert shell.view.page == "tasks"
    assert [e.id for e in shell.view.navigation.entries] == ["tasks", "reports", "sheets", "records"]
    shown = [command.text() for command in shell.menus.pages.values() if command.isVisible()]
    assert sorted(shown) == sorted(["任务", "述职", "评分", "记录"])
    assert shell.menus.pages["records"].shortcut().toString() == "Ctrl+4"
    assert not shell.menus.basis.isVisible() and not shell.view.header.basis.isVisible()
    assert shell.view.header.unit.isVisible() and not shell.view.header.secrecy.isEnabled()
    assert shell.view.header.title.text() == "第1局 · 2026年度"
    tabs = unit.page("sheets").shown
    assert [tab.id for tab in tabs] == ["grid", "send", "import", "progress", "double"]
    shell.show_page("results")
    assert shell.view.page == "sheets"


def test_that_the_pages_are_the_offices_again_when_its_year_is_opened(unit: Seat, computers: Computers) -> None:
    unit.shell.open_year(computers.office.year)
    unit.settle()
    assert unit.shell.view.page == "desk"
    assert len(unit.shell.view.navigation.buttons()) == 9
    assert unit.shell.menus.basis.isVisible() and not unit.shell.view.header.unit.isVisible()
    unit.shell.close_year()
    unit.settle()
    assert unit.shell.menus.pages["desk"].isVisible() and not unit.shell.menus.pages["desk"].isEnabled()


def test_that_a_line_leads_to_its_sheet_where_marks_are_typed_without_a_reason(unit: Seat) -> None:
    page = unit.page("tasks")
    sheet = next(b for b in lines(page) if b.line.target.endswith("P12"))
    sheet.setFocus()
    QTest.keyClick(sheet, Qt.Key.Key_Space)
    unit.settle()
    grid: Any = unit.shell.view.current_page().current
    assert (grid.id, grid.evaluator, grid.reason.text()) == ("grid", "P12", ON_SCREEN)
    grid.sheet.typed.emit([("D2", "problems", "40")])
    unit.settle()
    assert grid.what_if is None and "结果" not in grid.sums.text() and not grid.explain.isVisible()
    page = unit.page("tasks")
    found = next(b.line for b in lines(page) if b.line.target.endswith("P12"))
    assert (found.done, found.total) == (1, 4)
    report = next(b for b in lines(page) if b.line.page == "reports")
    report.click()
    unit.settle()
    assert unit.shell.view.page == "reports"


def test_that_what_is_being_typed_goes_along_and_the_report_is_locked(unit: Seat, computers: Computers) -> None:
    desk = unit.page("reports").current.desk
    desk.pane.editor.insertPlainText("刚写的一段，还没有离开。")
    path = submit(unit, computers.stick)
    view = unit.services.reports.get("department", "D1")
    assert view.state == "submitted" and view.report.sections[0].text == "刚写的一段，还没有离开。"
    plan = pcs.planned(computers.office.desk.open(computers.office.year), path)
    assert plan.packages[0].texts.new >= 1


def test_that_the_last_check_says_what_is_missing_and_a_draft_may_stay_a_draft(
    unit: Seat, computers: Computers
) -> None:
    pcs.write(unit.services, "D1", done="抓责任。")
    page = unit.page("tasks")
    page.refresh()
    unit.settle()
    page.submit.trigger()
    unit.settle()
    form = page.form
    assert form is not None and form.height() <= 680
    said = [form.findings.item(i).text() for i in range(form.findings.count())]
    assert len([text for text in said if text.startswith("评分：")]) == 2
    assert form.with_reports.isVisible() and form.with_reports.isChecked()
    form.with_reports.setChecked(False)
    form.save_button.click()
    assert "选择写到哪个文件夹" in form.problem.text()
    form.folder.line.setText(str(computers.stick))
    form.save_button.click()
    unit.settle()
    assert len(unit.services.exchange.packages().sent) == 1
    assert unit.services.reports.get("department", "D1").state == "draft"


def test_that_nothing_is_left_of_a_submission_that_cannot_be_written(unit: Seat, computers: Computers) -> None:
    page = unit.page("tasks")
    page.submit.trigger()
    unit.settle()
    blocked = computers.stick / "回传包"
    blocked.mkdir()
    form = page.form
    form.folder.line.setText(str(blocked))
    blocked.rmdir()
    form.save_button.click()
    assert "不存在" in form.problem.text()
    form.reject()
    assert unit.services.exchange.packages().sent == ()


def test_that_the_receipt_is_shown_printed_and_kept_as_a_pdf_and_can_be_opened_again(
    unit: Seat, computers: Computers
) -> None:
    pcs.fill_in(unit.services)
    submit(unit, computers.stick)
    page = unit.page("tasks")
    assert "第 1 号" in page.handed.text() and "已提交" in page.handed.text()
    receipts = [b for b in page.findChildren(type(page.receive_more.button())) if b.isVisible()]
    assert receipts
    (link,) = [b for b in _links(page) if b.accessibleName() == "第 1 号回执"]
    link.click()
    unit.settle()
    dialog = page.dialog
    assert dialog is not None and dialog.isVisible() and dialog.height() <= 680
    assert "弹出" not in dialog.said.text()
    text = dialog.text.toPlainText()
    assert unit.services.exchange.own_code() in text and "3 份" not in text and "已评 8 项" in text
    pdf, printed = computers.stick / "回执 #1.pdf", computers.stick / "打印.pdf"
    unit.notices.files = [pdf]
    dialog.pdf_button.click()
    unit.settle()
    assert pdf.read_bytes().startswith(b"%PDF") and pdf.stat().st_size > 2000
    assert any("导出回执" in entry.label for entry in unit.services.audit.entries(5))
    unit.notices.files = [printed]
    dialog.print_button.click()
    unit.settle()
    assert printed.read_bytes().startswith(b"%PDF")
    dialog.accept()


def _links(page: TasksPage) -> list[Any]:
    from PySide6.QtWidgets import QPushButton

    return [b for b in page.findChildren(QPushButton) if b.isVisible() and b.property("role") == "link"]


def test_that_a_change_after_handing_in_asks_for_another_one(unit: Seat, computers: Computers) -> None:
    pcs.fill_in(unit.services)
    submit(unit, computers.stick)
    unit.services.sheets.edit_mark("department", "P11", "D2", "problems", "39", "更正")
    page = unit.page("tasks")
    page.refresh()
    unit.settle()
    last = lines(page)[-1].line
    assert not last.finished and "又有改动" in last.detail
    assert "又有改动" in page.handed.text()
    lines(page)[-1].click()
    unit.settle()
    assert page.form is not None and page.form.isVisible()
    page.form.reject()


def test_that_a_foreign_package_is_refused_by_name_at_the_unit(unit: Seat, computers: Computers) -> None:
    page = unit.page("tasks")
    unit.notices.files = [computers.tasks["D2"], computers.tasks["D1"]]
    page.receive_more.trigger()
    unit.settle()
    preview = page.receiving.preview
    faults = {p.name: p.fault for p in preview.packages.contents.rows}
    assert faults == {computers.tasks["D2"].name: "E-PKG-05", computers.tasks["D1"].name: "E-PKG-12"}
    assert not preview.apply.isEnabled()
    preview.left.emit()
    unit.settle()
    assert page.heading.text() == "任务" and page.submit.isVisible()


def test_that_evaluators_of_a_unit_may_use_workbooks_too(unit: Seat, computers: Computers) -> None:
    folder = computers.stick / "发表"
    send = unit.page("sheets", "send")
    send.send_to(folder, None)
    unit.settle()
    forms = {f.identity.evaluator: f for f in unit.services.sheets.forms("department")}
    files = sorted(folder.glob("*.xlsx"))
    assert len(files) == len(forms) == 2
    path = next(f for f in files if "P11" in f.name)
    filled = small_year.fill(forms["P11"], path, computers.stick / "收回" / path.name, MANNER)
    bring = unit.page("sheets", "import")
    bring.scan([filled])
    unit.settle()
    assert bring.plan is not None and [f.fate for f in bring.plan.files] == ["import"]
    bring.preview.apply.trigger()
    unit.settle()
    page = unit.page("tasks")
    found = {b.line.target[-3:]: b.line.finished for b in lines(page) if b.line.page == "sheets"}
    assert found == {"P11": True, "P12": False}
    assert all(who == "P11" for _, who, _, _ in pcs.marks_of(unit.services))
