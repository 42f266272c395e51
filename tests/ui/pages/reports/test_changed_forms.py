"""A report stays whole when the form changes under it, and last year's report can be read beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.domain.reports import Report, SectionText
from app.domain.schemes import ReportForm
from app.services.container import Services
from app.ui.pages.reports.desk import ReportDesk
from app.ui.pages.reports.reports_tab import EMPTY, ReportsTab
from app.ui.workspace import Workspace
from tests.ui.pages.reports import report_year
from tests.ui.pages.reports.report_year import FORM, PROBLEMS, WORK

Settle = Callable[[], None]


def change_form(work: Workspace, form: ReportForm | None) -> None:
    """As the scheme editor does it."""
    scheme = replace(work.services.schemes.get("department"), report=form)
    work.change("x", lambda s, p: s.schemes.save(scheme.id, scheme, "述职报告"))


def test_that_a_section_taken_out_of_the_form_keeps_its_text_in_sight(
    desk: ReportDesk, year: Services, work: Workspace, settle: Settle
) -> None:
    desk.pane.editor.insertPlainText(WORK)
    desk.sections.choose("section:problems")
    desk.pane.editor.insertPlainText(PROBLEMS)
    desk.writing.store()
    settle()
    longer = replace(FORM.sections[0], maximum=30, guide="写短一些。")
    change_form(work, replace(FORM, sections=(longer, FORM.sections[2])))
    settle()
    names = [desk.sections.item(at).toolTip() for at in range(desk.sections.count())]
    assert any(name.startswith("problems（已取消）") for name in names)
    desk.sections.choose("section:problems")
    assert desk.pane.editor.text() == PROBLEMS
    assert "已经没有这一栏" in desk.pane.guide.text()
    desk.sections.choose("section:work")
    assert desk.pane.guide.text() == "写短一些。"
    assert "超出" in desk.pane.count.text()
    desk.pane.editor.moveCursor(desk.pane.editor.textCursor().MoveOperation.End)
    desk.pane.editor.insertPlainText("又写一句。")
    desk.writing.store()
    settle()
    texts = {s.section: s.text for s in year.reports.get("department", "D1").report.sections}
    assert texts == {"work": WORK + "又写一句。", "problems": PROBLEMS}


def test_that_the_section_in_front_follows_its_form(desk: ReportDesk, work: Workspace, settle: Settle) -> None:
    desk.pane.editor.insertPlainText(WORK)
    desk.writing.store()
    settle()
    change_form(work, replace(FORM, sections=(replace(FORM.sections[0], name="做法和成效"), *FORM.sections[1:])))
    settle()
    assert desk.pane.name.text() == "做法和成效"
    assert desk.pane.editor.text() == WORK


def test_that_a_level_whose_form_is_taken_away_goes_back_to_the_empty_page(
    tab: ReportsTab, desk: ReportDesk, work: Workspace, settle: Settle
) -> None:
    change_form(work, None)
    settle()
    assert tab.stack.currentIndex() == EMPTY


def test_that_last_year_s_report_is_taken_in_and_read_beside(
    tab: ReportsTab, desk: ReportDesk, year: Services, notices: object, tmp_path: Path, settle: Settle
) -> None:
    folder = tmp_path / "上年"
    folder.mkdir()
    earlier = report_year.create(folder, year=2025)
    earlier.reports.save(
        Report(scheme="department", unit="D1", sections=(SectionText(section="work", text="上年讲了十次党课。"),))
    )
    earlier.close()
    notices.files = [folder / "2025年度 #1.slk"]  # type: ignore[attr-defined]
    notices.answers = ["取入"]  # type: ignore[attr-defined]
    tab.last_year.trigger()
    settle()
    desk.versions.last_year_wanted.emit()
    assert "主要做法" in desk.last_year.text.toPlainText()
    assert "上年讲了十次党课。" in desk.last_year.text.toPlainText()
    desk.last_year.accept()


def test_that_a_section_taken_out_of_a_published_form_keeps_its_name(
    desk: ReportDesk, year: Services, work: Workspace, settle: Settle
) -> None:
    desk.sections.choose("section:problems")
    desk.pane.editor.insertPlainText(PROBLEMS)
    desk.writing.store()
    settle()
    year.schemes.publish("department", "考核办", "印发")
    change_form(work, replace(FORM, sections=(FORM.sections[0], FORM.sections[2])))
    settle()
    names = [desk.sections.item(at).toolTip() for at in range(desk.sections.count())]
    assert any(name.startswith("存在问题（已取消）") for name in names)
    assert "存在问题（原栏目）" in year.reports.paper_html("department", "D1")
