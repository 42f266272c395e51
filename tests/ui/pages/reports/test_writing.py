"""Nothing that is typed is lost: stored after a pause, at leaving a section and at closing; undone; pasted clean."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QWidget

from app.services.changes import Area
from app.services.container import Services
from app.ui.pages.reports import ReportsPage, writing
from app.ui.pages.reports.desk import ReportDesk
from app.ui.pages.reports.reports_tab import DESK, LIST, ReportsTab
from app.ui.workspace import Workspace
from tests.ui.pages.reports.report_year import PROBLEMS, WORK
from tests.ui.recording_notices import RecordingNotices

Settle = Callable[[], None]


def stored(year: Services) -> dict[str, str]:
    return {s.section: s.text for s in year.reports.get("department", "D1").report.sections}


def current_words(desk: ReportDesk) -> str:
    """The words of the passage that is marked as the current one."""
    marked: list[Any] = desk.pane.editor.extraSelections()
    return str(marked[-1].cursor.selectedText())


def test_that_a_text_is_stored_when_the_keys_have_rested(
    monkeypatch: pytest.MonkeyPatch, work: Workspace, year: Services, show: Callable[[QWidget], None], settle: Settle
) -> None:
    monkeypatch.setattr(writing, "PAUSE", 0)
    page = ReportsPage(work)
    show(page)
    page.open_at("unit:D1")
    settle()
    tab = page.tab("reports")
    assert isinstance(tab, ReportsTab) and tab.desk is not None
    tab.desk.pane.editor.insertPlainText(WORK)
    settle()
    assert stored(year) == {"work": WORK}
    assert tab.desk.kept.text().startswith("已自动保存")
    assert year.history.undo_label() == "保存述职报告"


def test_that_closing_the_window_stores_what_was_typed_last(
    page: ReportsPage, desk: ReportDesk, year: Services, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    assert stored(year) == {}
    page.settle()
    settle()
    assert stored(year) == {"work": WORK}


def test_that_going_back_to_the_list_stores_what_was_typed_last(
    desk: ReportDesk, year: Services, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    desk.head.back.click()
    settle()
    assert stored(year) == {"work": WORK}


def test_that_another_page_reading_anew_does_not_touch_what_is_being_typed(
    desk: ReportDesk, work: Workspace, year: Services, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText("写到一半")
    cursor = desk.pane.editor.textCursor().position()
    work.announce(frozenset({Area.REPORTS}))
    settle()
    assert desk.pane.editor.text() == "写到一半"
    assert desk.pane.editor.textCursor().position() == cursor
    assert stored(year) == {}


def test_that_undo_takes_typed_words_back_first_and_then_the_stored_step(
    page: ReportsPage, desk: ReportDesk, year: Services, work: Workspace, settle: Settle
) -> None:
    editor = desk.pane.editor
    editor.insertPlainText(WORK)
    desk.writing.store()
    settle()
    editor.insertPlainText("又写一句。")
    assert page.take_back()
    assert editor.text() == WORK
    assert not page.take_back()
    work.change("撤销", lambda s, p: s.history.undo())
    settle()
    assert editor.text() == ""
    assert stored(year) == {}


def test_that_pasting_from_word_brings_the_paragraphs_and_leaves_their_looks_outside(desk: ReportDesk) -> None:
    brought = QMimeData()
    brought.setHtml(
        "<html><body><!--StartFragment--><p style='font-family:仿宋;color:red'>一是<b>按季</b>研究；</p>"
        "<script>alert(1)</script><p>二是逐季对账。</p><!--EndFragment--></body></html>"
    )
    brought.setText("unused")
    desk.pane.editor.insertFromMimeData(brought)
    assert desk.pane.editor.text() == "一是按季研究；\n二是逐季对账。"
    assert "仿宋" not in desk.pane.editor.toHtml()
    assert "alert" not in desk.pane.editor.text()


def test_that_a_file_dropped_on_the_text_is_not_written_into_it(desk: ReportDesk, tmp_path: object) -> None:
    from PySide6.QtCore import QUrl

    brought = QMimeData()
    brought.setUrls([QUrl.fromLocalFile("/nowhere/照片.png")])
    assert not desk.pane.editor.canInsertFromMimeData(brought)
    desk.pane.editor.insertFromMimeData(brought)
    assert desk.pane.editor.text() == ""


def test_that_lengths_are_counted_while_one_types(desk: ReportDesk, settle: Settle) -> None:
    row = desk.sections.item(0)
    assert "未写" not in desk.pane.count.text()
    desk.pane.editor.insertPlainText("一 二 三")
    assert desk.pane.count.text() == "本栏 3 字，还差 17 字"
    assert "还差 17 字" in row.toolTip()
    desk.pane.editor.insertPlainText("字" * 400)
    assert desk.pane.count.text() == "本栏 403 字，超出 3 字"
    desk.sections.choose("section:plans")
    desk.pane.editor.insertPlainText("按季研究\n\n")
    assert desk.pane.count.text() == "本栏 4 字，还差 1 条"
    assert desk.whole.text().startswith("全文 407 字（不少于 40 字） · 问题部分占 0%（不少于 25%）")


def test_that_what_cannot_be_stored_stays_in_the_window_and_says_why(
    desk: ReportDesk, year: Services, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    year.reports.save(year.reports.get("department", "D1").report)
    year.reports.save(desk.writing.report)
    year.reports.submit("department", "D1")  # as another window of the office would do
    desk.pane.editor.insertPlainText("再写一句。")
    desk.writing.store()
    settle()
    assert desk.kept.text().startswith("没有保存：")
    assert "再写一句。" in desk.pane.editor.text()
    assert stored(year) == {"work": WORK}


def test_that_a_rare_character_does_not_shift_the_passages_behind_it(desk: ReportDesk) -> None:
    desk.pane.editor.insertPlainText("𠮷林支部𠮷某换届超期。")
    text = desk.pane.editor.text()
    start = text.index("换届")
    desk.pane.editor.go_to(start, start + 2)
    assert current_words(desk) == "换届"
    cursor = desk.pane.editor.textCursor()
    cursor.setPosition(start + 2)
    cursor.setPosition(start + 4, cursor.MoveMode.KeepAnchor)
    desk.pane.editor.setTextCursor(cursor)
    assert desk.pane.editor.selected() == (start, start + 2, "换届")


def test_that_scores_are_taken_as_excel_takes_them_and_refused_beyond_the_full_points(
    desk: ReportDesk, year: Services, settle: Settle, notices: object
) -> None:
    desk.sections.choose("items")
    desk.items.table.enter_text(0, 2, "61")
    assert desk.writing.answer("duty").score is None
    assert "不能超过满分 60" in notices.asked[-1].text  # type: ignore[attr-defined]
    desk.items.table.enter_text(0, 2, "５９．5")
    desk.items.editor.insertPlainText("讲党课 12 次")
    desk.sections.choose("section:work")
    settle()
    (answer,) = year.reports.get("department", "D1").report.answers
    assert (answer.item, str(answer.score), answer.text) == ("duty", "119/2", "讲党课 12 次")


def test_that_problems_of_last_year_stand_beside_the_text_and_get_on(
    desk: ReportDesk, year: Services, settle: Settle
) -> None:
    desk.side.show_panel("entries")
    assert "上年问题 1 条" in desk.entries.summary.text()
    (entry,) = year.lists.entries()
    desk.entries.state_wanted.emit(entry.id, "done")
    settle()
    assert year.lists.entries()[0].state == "done"
    assert "没有完成" not in desk.entries.summary.text()


def test_that_findings_lead_to_their_passage_and_show_copied_words_side_by_side(
    desk: ReportDesk, year: Services, settle: Settle
) -> None:
    from dataclasses import replace

    from app.domain.reports import Report, SectionText

    copied = "结合本单位实际探索建立支部书记每周接访、党员每月认领、季度公开评议的办事机制，群众等候时间缩短一半以上。"
    other = Report(scheme="department", unit="D2", sections=(SectionText(section="work", text=copied + WORK),))
    year.reports.save(other)
    year.reports.submit("department", "D2")
    desk.pane.editor.insertPlainText(f"{WORK}\n{copied}")
    desk.sections.choose("section:problems")
    desk.pane.editor.insertPlainText(PROBLEMS + "联系人：XXX。")
    desk.sections.choose("section:work")
    settle()
    desk.advice.examine()
    settle()
    found = {f.code: f for f in desk.findings.findings or ()}
    assert "R-PLACEHOLDER" in found and "R-OTHER-UNIT" in found
    desk.findings.wanted.emit(found["R-PLACEHOLDER"])
    assert desk.sections.where() == "section:problems"
    assert "XXX" in current_words(desk)
    desk.findings.compared.emit(found["R-OTHER-UNIT"])
    shown = desk.advice.beside.text.toPlainText()
    assert shown.count("每周接访") == 2
    assert "同心局" in shown
    desk.advice.beside.accept()
    gone = replace(found["R-PLACEHOLDER"])
    desk.pane.editor.selectAll()
    desk.pane.editor.insertPlainText(PROBLEMS)
    desk.findings.wanted.emit(gone)
    assert desk.work.notices.lines[-1] == "这段文字已经改掉了。"  # type: ignore[attr-defined]


def test_that_leaving_is_asked_about_when_the_words_could_not_be_stored(
    tab: ReportsTab, desk: ReportDesk, year: Services, notices: RecordingNotices, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    desk.writing.store()
    settle()
    year.reports.submit("department", "D1")
    desk.pane.editor.insertPlainText("再写一句。")
    notices.answers = ["留在这里"]
    desk.head.back.click()
    settle()
    assert tab.stack.currentIndex() == DESK
    assert "再写一句。" in desk.pane.editor.text()
    assert "没有保存" in notices.asked[-1].text
    notices.answers = ["放弃改动"]
    desk.head.back.click()
    settle()
    assert tab.stack.currentIndex() == LIST
    assert stored(year) == {"work": WORK}


def test_that_closing_asks_about_words_that_could_not_be_stored(
    tab: ReportsTab, desk: ReportDesk, year: Services, notices: RecordingNotices, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    assert tab.settle()
    assert stored(year) == {"work": WORK}
    year.reports.submit("department", "D1")
    desk.pane.editor.insertPlainText("再写一句。")
    notices.answers = ["留在这里", "放弃改动"]
    assert not tab.settle()
    assert "再写一句。" in desk.pane.editor.text()
    assert tab.settle()
    assert not desk.writing.waits
    assert stored(year) == {"work": WORK}


def test_that_ctrl_s_and_another_page_in_front_store_what_was_typed(
    page: ReportsPage, desk: ReportDesk, year: Services, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    page.hand_over()
    settle()
    assert stored(year) == {"work": WORK}
    desk.pane.editor.insertPlainText("又写一句。")
    page.hide()
    settle()
    assert stored(year) == {"work": WORK + "又写一句。"}


def test_that_handing_in_takes_along_what_is_typed_while_the_last_words_are_being_stored(
    desk: ReportDesk, year: Services, notices: RecordingNotices, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    desk.writing.store()
    desk.pane.editor.insertPlainText("又写一句。")
    notices.answers = ["提交", "提交"]
    desk.commands.submit.trigger()
    settle()
    assert year.reports.get("department", "D1").state == "submitted"
    assert stored(year) == {"work": WORK + "又写一句。"}


def test_that_a_slow_examination_is_made_only_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, desk: ReportDesk, settle: Settle
) -> None:
    from app.ui.pages.reports import advice as module

    monkeypatch.setattr(module, "PATIENCE", -1.0)
    desk.findings.run.click()
    settle()
    before = desk.findings.findings
    desk.pane.editor.insertPlainText("此处填写")
    desk.writing.store()
    settle()
    assert "重新检查" in desk.findings.summary.text()
    assert desk.findings.findings == before
    desk.findings.run.click()
    settle()
    assert desk.findings.findings != before


def test_that_words_written_while_others_are_being_stored_follow_them(
    desk: ReportDesk, year: Services, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    desk.sections.choose("section:problems")
    desk.pane.editor.insertPlainText(PROBLEMS)
    desk.sections.choose("section:work")
    settle()
    assert stored(year) == {"work": WORK, "problems": PROBLEMS}


def test_that_words_shut_out_by_a_lock_are_handed_back(
    desk: ReportDesk, year: Services, work: Workspace, notices: RecordingNotices, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    desk.writing.store()
    settle()
    year.reports.submit("department", "D1")
    desk.pane.editor.moveCursor(desk.pane.editor.textCursor().MoveOperation.End)
    desk.pane.editor.insertPlainText("再写一句。")
    work.announce(frozenset({Area.REPORTS}))
    settle()
    assert notices.asked[-1].title == "报告已经锁定"
    assert notices.asked[-1].details == WORK + "再写一句。"
    assert desk.pane.editor.text() == WORK
    assert desk.pane.editor.isReadOnly()
