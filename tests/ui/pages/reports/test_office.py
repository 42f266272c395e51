"""What the office does around the reports: list, filter, lots, lists, concepts; and what a unit sees of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.domain.reports import Concept, Report, SectionText
from app.services.container import Services
from app.ui.jobs import Jobs
from app.ui.pages.reports import ReportsPage
from app.ui.pages.reports.lists_tab import ListsTab
from app.ui.pages.reports.reports_tab import DESK, EMPTY, LIST, ReportsTab
from app.ui.workspace import Workspace
from tests.ui.pages.reports import report_year
from tests.ui.pages.reports.conftest import workspace
from tests.ui.pages.reports.report_year import WORK
from tests.ui.recording_notices import RecordingNotices

Settle = Callable[[], None]
Show = Callable[[QWidget], None]


def written(year: Services, unit: str, text: str = WORK) -> None:
    year.reports.save(Report(scheme="department", unit=unit, sections=(SectionText(section="work", text=text),)))


def texts(tab: ReportsTab) -> list[tuple[str, ...]]:
    contents = tab.table.contents
    return [contents.texts(contents.order[at]) for at in range(contents.rowCount())]


def test_that_the_list_says_where_every_report_stands(
    page: ReportsPage, tab: ReportsTab, year: Services, work: Workspace, settle: Settle
) -> None:
    written(year, "D2")
    year.reports.submit("department", "D2")
    tab.refresh()
    settle()
    assert tab.stack.currentIndex() == LIST
    assert [(row[1], row[3]) for row in texts(tab)] == [
        ("文澜局", "未动笔"),
        ("同心局", "已提交"),
        ("青藤局", "未动笔"),
    ]
    assert texts(tab)[1][-1] == "机关工委（口头）"
    assert tab.subtitle.text() == "3 家，1 家已交"
    assert texts(tab)[1][5] in ("未检查", "无") or texts(tab)[1][5].endswith("条")
    tab.examine.trigger()
    settle()
    assert texts(tab)[1][5].endswith("条")
    tab.filter.setCurrentIndex(tab.filter.findData("submitted"))
    tab.filter.activated.emit(0)
    assert [row[1] for row in texts(tab)] == ["同心局"]
    tab.search.setText("wlj")
    assert texts(tab) == []
    tab.search.clear()
    assert page.search_field() is tab.search


def test_that_a_level_without_reports_leads_to_the_scheme(tab: ReportsTab, work: Workspace, settle: Settle) -> None:
    went: list[tuple[str, str]] = []
    work.place_wanted.connect(lambda page, target: went.append((page, target)))
    work.choose_scheme("branch")
    settle()
    assert tab.stack.currentIndex() == EMPTY
    assert "这一层级不写述职报告" in tab.empty.title.text()
    tab.to_scheme.trigger()
    assert went == [("schemes", "section:report")]


def test_that_lots_are_drawn_once_and_again_only_with_a_reason(tab: ReportsTab, year: Services, settle: Settle) -> None:
    tab.hearings.trigger()
    settle()
    dialog = tab.hearing_dialog
    assert "3 家口头" in dialog.summary.text()
    dialog.table.enter_text(2, 2, "书面")
    settle()
    assert "2 家口头、1 家书面" in dialog.summary.text()
    dialog.draw.click()
    settle()
    drawn = {h.hearing.unit: h.hearing.order for h in year.hearings.list("department")}
    assert sorted(drawn.values()) == [0, 1, 2]
    assert dialog.draw.text() == "重新抽签…"
    dialog.draw.click()
    form = dialog.reason
    form.save_button.click()
    assert "理由" in form.problem.text()
    form.reason.setPlainText("一家单位请假")
    form.save_button.click()
    settle()
    assert sorted(h.hearing.order for h in year.hearings.list("department")) == [0, 1, 2]
    assert any("请假" in entry.reason for entry in year.audit.entries())
    dialog.accept()
    assert sorted(row[0] for row in texts(tab)) == ["1", "2", "—"]


def lists(page: ReportsPage, settle: Settle) -> ListsTab:
    page.show_tab("lists")
    settle()
    found = page.current
    assert isinstance(found, ListsTab)
    return found


def test_that_a_line_of_a_list_is_entered_changed_and_deleted(
    page: ReportsPage, year: Services, settle: Settle
) -> None:
    tab = lists(page, settle)
    assert tab.subtitle.text() == "1 条，1 条问题和承诺没有完成"
    tab.add.trigger()
    tab.form.save_button.click()
    assert "请写出内容" in tab.form.problem.text()
    tab.form.kind.setCurrentIndex(tab.form.kind.findData("duty"))
    tab.form.text.setPlainText("党组每季度研究一次党建")
    tab.form.item.choose("department/duty")
    tab.form.due.setText("每季度末")
    tab.form.save_button.click()
    settle()
    duty = next(e for e in year.lists.entries() if e.kind == "duty")
    assert (duty.unit, duty.level, duty.items, duty.due) == ("", "department", ("department/duty",), "每季度末")
    assert tab.table is not None
    tab.table.go_to(lambda e: e.kind == "problem")
    tab.remove.trigger()
    settle()
    form = next(f for f in tab.findChildren(QWidget) if f.windowTitle().startswith("删除“支部换届超期”"))
    form.reason.setPlainText("重复")  # type: ignore[attr-defined]
    form.save_button.click()  # type: ignore[attr-defined]
    settle()
    assert [e.kind for e in year.lists.entries()] == ["duty"]


def test_that_a_list_is_pasted_from_excel_with_a_preview(page: ReportsPage, year: Services, settle: Settle) -> None:
    tab = lists(page, settle)
    QGuiApplication.clipboard().setText(
        "种类\t层级\t单位\t内容\t责任人\n问题\t部门\tD2\t谈心谈话不经常\t机关党委\n承诺\t部门\tD2\t年底前换届\t支部\n"
    )
    tab.paste.trigger()
    settle()
    assert "新增 2 条" in tab.preview.summary.text()
    assert len(year.lists.entries()) == 1
    tab.preview.save.click()
    settle()
    assert sorted(e.text for e in year.lists.entries(unit="D2")) == ["年底前换届", "谈心谈话不经常"]


def test_that_terms_that_are_mixed_up_are_edited_as_a_list(tab: ReportsTab, year: Services, settle: Settle) -> None:
    tab.concepts.trigger()
    settle()
    dialog = tab.concept_dialog
    before = len(dialog.rows)
    dialog.add.click()
    dialog.table.enter_text(before, 0, "述职评议")
    dialog.save.click()
    assert "要写两个词语" in dialog.problem.text()
    dialog.table.enter_text(before, 1, "述责述廉")
    dialog.save.click()
    settle()
    assert Concept(term="述职评议", other="述责述廉") in year.lists.concepts()


def test_that_a_unit_sees_only_its_own_report_and_cannot_judge_it(
    year: Services, jobs: Jobs, notices: RecordingNotices, faults: list[BaseException], show: Show, settle: Settle
) -> None:
    with year.session.write("test", "test") as rows:
        rows.settings.set("role", "unit")
        rows.settings.set("own_unit", "D1")
    page = ReportsPage(workspace(year, jobs, notices))
    show(page)
    tab = page.tab("reports")
    assert isinstance(tab, ReportsTab)
    assert tab.stack.currentIndex() == DESK
    desk = tab.desk
    assert desk is not None and desk.view is not None
    assert desk.view.unit == "D1"
    assert not desk.head.back.isVisible()
    assert desk.commands.submit_button.isVisible()
    desk.pane.editor.insertPlainText(WORK)
    notices.answers = ["提交"]
    desk.commands.submit.trigger()
    settle()
    assert desk.view.state == "submitted"
    for button in (desk.commands.accept_button, desk.commands.return_button):
        assert not button.isVisible()
    assert not desk.remarks.tools.isVisible()
    assert page.bar.isVisible()


def test_that_a_read_only_year_shows_reports_and_changes_nothing(
    tab: ReportsTab, work: Workspace, year: Services, page: ReportsPage, settle: Settle
) -> None:
    written(year, "D1")
    work.read_only = "年度文件以只读方式打开。"
    page.open_at("unit:D1")
    settle()
    desk = tab.desk
    assert desk is not None
    assert desk.pane.editor.isReadOnly()
    assert not desk.commands.submit.isEnabled()
    assert "只读" in desk.head.said.text()
    assert desk.pane.editor.text() == WORK


@pytest.mark.parametrize("form", [None])
def test_that_a_year_without_any_report_form_says_what_to_do(
    form: None, awkward_folder: Path, jobs: Jobs, notices: RecordingNotices, faults: list[BaseException], show: Show
) -> None:
    services = report_year.create(awkward_folder, form)
    page = ReportsPage(workspace(services, jobs, notices))
    show(page)
    tab = page.tab("reports")
    assert isinstance(tab, ReportsTab)
    assert tab.stack.currentIndex() == EMPTY
    assert "方案" in tab.empty.text.text()
    services.close()


def test_that_the_desk_says_which_reports_are_missing_and_leads_there(
    page: ReportsPage, year: Services, work: Workspace, settle: Settle
) -> None:
    written(year, "D2")
    year.reports.submit("department", "D2")
    act = next(a for a in year.year.overview().acts if a.id == "report")
    assert (act.done, act.total) == (1, 3)
    assert [(line.text, line.who) for line in act.lines] == [
        ("部门：1 份述职报告已提交，等待审阅", ("同心局",)),
        ("部门：2 份述职报告还没有动笔", ("文澜局", "青藤局")),
    ]
    work.choose_scheme("branch")
    page.open_at(act.lines[0].target)
    settle()
    assert work.scheme == "department"
    assert page.bar.currentIndex() == 0


def test_that_a_unit_marks_how_far_a_problem_is_but_does_not_change_the_lists(
    year: Services, jobs: Jobs, notices: RecordingNotices, faults: list[BaseException], show: Show, settle: Settle
) -> None:
    with year.session.write("test", "test") as rows:
        rows.settings.set("role", "unit")
        rows.settings.set("own_unit", "D1")
    page = ReportsPage(workspace(year, jobs, notices))
    show(page)
    tab = lists(page, settle)
    assert not tab.add.isEnabled() and not tab.paste.isEnabled()
    assert "考核办维护" in tab.add.toolTip()
    tab.edit(tab.data.entries[0])
    assert not hasattr(tab, "form")


def test_that_one_reads_from_unit_to_unit_as_the_list_is_narrowed(
    page: ReportsPage, tab: ReportsTab, year: Services, settle: Settle
) -> None:
    for unit in ("D1", "D3"):
        written(year, unit, f"{unit} 写的。")
    tab.refresh()
    settle()
    tab.filter.setCurrentIndex(tab.filter.findData("draft"))
    tab.filter.activated.emit(0)
    tab.table.opened.emit(tab.table.contents.row(0), "name")
    settle()
    desk = tab.desk
    assert desk is not None and desk.view is not None
    assert not desk.head.earlier.isEnabled()
    desk.pane.editor.insertPlainText("补一句。")
    desk.head.later.click()
    settle()
    assert desk.view.unit == "D3"
    assert desk.pane.editor.text() == "D3 写的。"
    assert not desk.head.later.isEnabled()
    assert year.reports.get("department", "D1").report.sections[0].text.startswith("补一句。")
