"""Reports on their way out of the house, and words looked for inside one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest

from app.services.container import Services
from app.ui.pages.reports import ReportsPage
from app.ui.pages.reports.desk import ReportDesk
from app.ui.pages.reports.reports_tab import ReportsTab
from tests.ui.pages.reports.report_year import PROBLEMS, WORK
from tests.ui.recording_notices import RecordingNotices

Settle = Callable[[], None]


def write(desk: ReportDesk) -> None:
    desk.pane.editor.insertPlainText(WORK)
    desk.sections.choose("section:problems")
    desk.pane.editor.insertPlainText(PROBLEMS)


def test_that_what_stands_in_the_window_goes_into_word_and_pdf_and_back(
    desk: ReportDesk, year: Services, notices: RecordingNotices, awkward_folder: Path, settle: Settle
) -> None:
    assert not desk.commands.word.isEnabled()
    write(desk)
    word, pdf = awkward_folder / "述职 1#.docx", awkward_folder / "述职 1#.pdf"
    notices.files = [word]
    desk.commands.word.trigger()
    settle()
    read = {s.section: s.text for s in year.reports.read_docx(word, "department").sections()}
    assert read == {"work": WORK, "problems": PROBLEMS}
    notices.files = [pdf]
    desk.commands.pdf.trigger()
    settle()
    assert pdf.read_bytes().startswith(b"%PDF-") and pdf.stat().st_size > 3000
    noted = [e.label for e in year.audit.entries(20) if e.action == "export"]
    assert noted == ["导出文澜局的述职报告（PDF）", "导出文澜局的述职报告"]


def test_that_a_report_is_printed(
    desk: ReportDesk, notices: RecordingNotices, awkward_folder: Path, settle: Settle
) -> None:
    write(desk)
    path = awkward_folder / "纸.pdf"
    printer = QPrinter()
    printer.setOutputFileName(str(path))
    notices.printer = lambda title: printer  # type: ignore[method-assign]
    desk.commands.print.trigger()
    settle()
    assert path.read_bytes().startswith(b"%PDF-")


def test_that_all_reports_of_a_level_go_into_a_folder(
    desk: ReportDesk, tab: ReportsTab, notices: RecordingNotices, awkward_folder: Path, settle: Settle
) -> None:
    write(desk)
    desk.head.back.click()
    settle()
    folder = awkward_folder / "导出 #"
    notices.folder = lambda title, start="": folder  # type: ignore[method-assign]
    tab.export.trigger()
    settle()
    assert [path.name for path in folder.iterdir()] == ["文澜局_2026年度述职报告.docx"]
    assert any("已导出 1 份报告" in line for line in notices.lines)


def test_that_ctrl_f_finds_words_in_every_section_and_goes_from_place_to_place(
    page: ReportsPage, desk: ReportDesk, settle: Settle
) -> None:
    write(desk)
    field = page.search_field()
    assert field is desk.finder.field
    field.setText("支部")
    assert desk.finder.count.text() == "共 1 处"
    field.setText("不")
    desk.sections.choose("section:work")
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle()
    assert desk.sections.where() == "section:problems"
    assert desk.finder.count.text() == "第 1 处，共 1 处"
    field.setText("党")
    count = (WORK + PROBLEMS).count("党")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert desk.finder.count.text() == f"第 {count} 处，共 {count} 处"
    assert desk.sections.where() == "section:work"
    desk.finder.on.click()
    assert desk.finder.count.text() == f"第 1 处，共 {count} 处"
    field.setText("这里没有的词")
    assert desk.finder.count.text() == "没有找到" and not desk.finder.on.isEnabled()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert desk.finder.below.isHidden()
    assert desk.pane.editor.text() == WORK
