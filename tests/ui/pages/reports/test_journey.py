"""A report's whole way through the window: written, handed in, returned with a remark, mended, handed in, accepted."""

from collections.abc import Callable

from app.services.container import Services
from app.ui.pages.reports import ReportsPage
from app.ui.pages.reports.desk import ReportDesk
from app.ui.pages.reports.reports_tab import DESK, LIST, ReportsTab
from tests.ui.pages.reports.report_year import PROBLEMS, WORK
from tests.ui.recording_notices import RecordingNotices

Settle = Callable[[], None]


def select(desk: ReportDesk, words: str) -> None:
    """Select these words in the editor in front."""
    editor = desk.editor()
    start = editor.text().index(words)
    cursor = editor.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(start + len(words), cursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def test_that_a_report_goes_from_the_first_word_to_acceptance(
    page: ReportsPage, tab: ReportsTab, desk: ReportDesk, year: Services, notices: RecordingNotices, settle: Settle
) -> None:
    assert tab.stack.currentIndex() == DESK
    assert not page.bar.isVisible()

    # the unit writes; leaving a section stores it
    desk.pane.editor.insertPlainText(WORK)
    desk.sections.choose("section:problems")
    settle()
    assert year.reports.get("department", "D1").report.sections[0].text == WORK
    desk.pane.editor.insertPlainText(PROBLEMS)
    desk.sections.choose("items")
    desk.items.table.enter_text(0, 2, "５５。5")
    settle()

    # hands it in: the examination has its say first, and what was not stored goes along
    notices.answers = ["提交"]
    desk.commands.submit.trigger()
    settle()
    asked = notices.asked[-1]
    assert asked.title == "提交述职报告"
    assert "只是建议" in asked.text or "没有发现问题" in asked.text
    view = year.reports.get("department", "D1")
    assert view.state == "submitted"
    assert {s.section: s.text for s in view.report.sections} == {"work": WORK, "problems": PROBLEMS}
    assert str(view.report.answers[0].score) == "111/2"
    desk.sections.choose("section:problems")
    assert desk.pane.editor.isReadOnly()
    assert "已经提交" in desk.head.said.text()
    assert not desk.commands.submit.isVisible()

    # the office remarks on a passage and gives it back
    select(desk, "2 个支部")
    desk.commands.remark.trigger()
    desk.commands.remark_form.text.setPlainText("写明是哪两个支部")
    desk.commands.remark_form.save_button.click()
    settle()
    assert desk.remarks.summary.text().startswith("1 条批注，1 条未处理")
    desk.commands.return_.trigger()
    desk.commands.reason.reason.setPlainText("问题要写具体")
    desk.commands.reason.save_button.click()
    settle()
    assert year.reports.get("department", "D1").state == "returned"
    assert "问题要写具体" in desk.head.said.text()

    # the unit goes to the passage and mends it
    desk.sections.choose("section:work")
    desk.remarks.wanted.emit(desk.view.remarks[0])
    assert desk.sections.where() == "section:problems"
    assert not desk.pane.editor.isReadOnly()
    select(desk, "2 个支部")
    desk.pane.editor.insertPlainText("办公室、信息科 2 个支部")
    desk.remarks.settled.emit(desk.view.remarks[0].remark.id, True)
    settle()
    notices.answers = ["提交"]
    desk.commands.submit.trigger()
    settle()

    # the office compares the two versions and accepts
    assert [v.state for v in desk.view.versions] == ["submitted", "returned", "submitted"]
    desk.compare(1, 3)
    settle()
    shown = desk.comparison.text.toPlainText()
    assert "办公室、信息科" in shown
    assert "改动 1 段" in desk.comparison.summary.text()
    desk.comparison.accept()
    notices.answers = ["通过"]
    desk.commands.accept.trigger()
    settle()
    assert year.reports.get("department", "D1").state == "accepted"
    assert desk.pane.editor.isReadOnly()

    # and sees it so in the list
    desk.head.back.click()
    settle()
    assert tab.stack.currentIndex() == LIST
    row = tab.table.contents.rows[0]
    assert tab.table.contents.texts(0)[3] == "已通过"
    assert row.line.characters > 0


def test_that_an_accepted_report_opens_again_only_with_a_reason(
    desk: ReportDesk, year: Services, notices: RecordingNotices, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    desk.writing.store()
    settle()
    year.reports.submit("department", "D1")
    year.reports.accept("department", "D1")
    desk.work.announce(frozenset({*_areas()}))
    settle()
    assert not desk.commands.accept_button.isVisible()
    assert desk.commands.reopen_button.isVisible()
    desk.commands.reopen.trigger()
    form = desk.commands.reason
    form.save_button.click()
    assert "理由" in form.problem.text()
    form.reason.setPlainText("数字有误，单位申请更正")
    form.save_button.click()
    settle()
    assert year.reports.get("department", "D1").state == "returned"
    assert not desk.pane.editor.isReadOnly()


def test_that_a_unit_may_take_its_submission_back(
    desk: ReportDesk, year: Services, notices: RecordingNotices, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    notices.answers = ["提交"]
    desk.commands.submit.trigger()
    settle()
    desk.commands.take_back.trigger()
    desk.commands.reason.reason.setPlainText("还要补一段")
    desk.commands.reason.save_button.click()
    settle()
    assert year.reports.get("department", "D1").state == "draft"
    assert not desk.pane.editor.isReadOnly()


def test_that_nobody_submits_before_reading_the_advice_when_they_ask_for_it(
    desk: ReportDesk, year: Services, notices: RecordingNotices, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText("此处填写")
    desk.side.show_panel("versions")
    notices.answers = ["先看意见"]
    desk.commands.submit.trigger()
    settle()
    assert year.reports.get("department", "D1").state == "draft"
    assert desk.side.panel() == "findings"


def _areas() -> tuple[object, ...]:
    from app.services.changes import Area

    return (Area.REPORTS,)
