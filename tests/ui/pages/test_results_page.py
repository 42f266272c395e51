"""结果: ranking with its quota line, 依据 behind every figure, decisions, freezing, versions."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.ui import style
from app.ui.pages.results.page import ResultsPage
from app.ui.pages.results.table import RankingTable, tag_rect
from app.ui.workspace import Workspace
from tests.services import small_year
from tests.ui.pages.conftest import Settle
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]


@pytest.fixture
def page(work: Workspace, show: Show, settle: Settle) -> ResultsPage:
    """The page after the first computation."""
    made = ResultsPage(work)
    show(made)
    made.compute.trigger()
    settle()
    return made


def table_of(page: ResultsPage) -> RankingTable:
    assert page.table is not None
    return page.table


def test_that_the_page_says_what_to_do_before_the_first_computation(work: Workspace, show: Show) -> None:
    page = ResultsPage(work)
    show(page)
    assert page.stack.currentIndex() == 0
    assert page.empty.title.text() == "还没有计算过结果"
    assert "还没有计算" in page.freeze.toolTip()


def test_that_the_key_computes_while_the_page_is_in_front(
    work: Workspace, show: Show, settle: Settle, qtbot: QtBot
) -> None:
    page = ResultsPage(work)
    show(page)
    page.activateWindow()
    qtbot.keyClick(page, Qt.Key.Key_F5)
    settle()
    assert len(page.rows) == 3


def test_that_totals_ranks_and_grades_are_those_of_the_snapshot(page: ResultsPage, work: Workspace) -> None:
    snapshot = work.services.results.current()
    assert snapshot is not None
    result = next(s for s in snapshot.results.schemes if s.scheme == "department")
    assert [row.result for row in page.rows] == [result.units[code] for code in result.series[0].order]
    assert [row.rank for row in page.rows] == [str(i + 1) for i in range(len(page.rows))]


@pytest.mark.parametrize(
    ("key", "quantity"), [("rank", "rank"), ("total", "root"), ("report", "report"), ("after", "grade")]
)
def test_that_a_click_on_a_figure_asks_for_its_own_explanation(
    page: ResultsPage, work: Workspace, settle: Settle, key: str, quantity: str
) -> None:
    shown: list[str] = []
    work.basis_wanted.connect(lambda explained: shown.append(explained.step.quantity))
    table = table_of(page)
    column = next(i for i, c in enumerate(table.contents.columns) if c.key == key)
    table.clicked.emit(table.contents.index(0, column))
    settle()
    assert shown == [quantity]


def test_that_a_lowered_grade_shows_both_grades_and_the_rule(
    page: ResultsPage, work: Workspace, settle: Settle
) -> None:
    first = next(row for row in page.rows if not row.effective)
    work.services.events.save(small_year.inspection(first.result.unit))
    page.refresh()
    settle()
    assert page.stale.isVisible()
    page.compute.trigger()
    settle()
    row = next(r for r in page.rows if r.result.unit == first.result.unit)
    assert row.before != row.after
    assert row.adjustment == "整改不到位降一档"
    assert not page.stale.isVisible()


def test_that_a_decision_by_hand_needs_reason_and_name_and_is_marked(
    page: ResultsPage, work: Workspace, settle: Settle
) -> None:
    row = page.rows[-1]
    page.decide_on(row)
    best = row.scheme.ladder.grades[0]
    page.form.grade.setCurrentIndex(page.form.grade.findData(best.id))
    page.form.save_button.click()
    assert page.form.problem.text() == "请写明理由。"
    page.form.reason.setPlainText("工委会议研究")
    page.form.by.setText("工委会议")
    page.form.save_button.click()
    settle()
    page.compute.trigger()
    settle()
    changed = next(r for r in page.rows if r.result.unit == row.result.unit)
    assert (changed.after, changed.remark.startswith("人工决定")) == (best.name, True)


def test_that_the_quota_line_is_drawn_only_in_the_order_of_the_result(page: ResultsPage) -> None:
    table = table_of(page)
    lines = [line for line in table.drawn_lines()]
    table.horizontalHeader().setSortIndicator(1, table.horizontalHeader().sortIndicatorOrder())
    assert table.drawn_lines() == []
    table.horizontalHeader().setSortIndicator(-1, table.horizontalHeader().sortIndicatorOrder())
    assert table.drawn_lines() == lines


def test_that_the_label_of_a_quota_line_stands_between_the_figures_of_its_rows(page: ResultsPage) -> None:
    rows = [table_of(page).visualRect(table_of(page).contents.index(at, 2)) for at in (0, 1)]
    tag = tag_rect(rows[0].bottom(), 100, 60)
    for row in rows:
        row.setLeft(0)
        figures = QFontMetrics(style.font(bold=True)).tightBoundingRect("0.00")
        figures.moveCenter(row.center())
        assert not tag.adjusted(0, -1, 0, 1).intersects(figures), (tag, figures)


def test_that_a_remark_of_the_computation_names_its_unit(page: ResultsPage, work: Workspace, settle: Settle) -> None:
    work.services.events.save(small_year.inspection("D3", approver=""))
    page.compute.trigger()
    settle()
    said = " ".join(one.text() for one in page.boundary.findChildren(QLabel))
    assert "第3局 › 巡视整改不到位：没有填批准人" in said


def test_that_a_frozen_result_cannot_be_computed_again_until_it_is_released(
    page: ResultsPage, settle: Settle, notices: RecordingNotices
) -> None:
    page.freeze.trigger()
    page.signed.reason.setPlainText("工委会议审定")
    page.signed.by.setText("工委会议")
    page.signed.save_button.click()
    settle()
    assert "已定稿" in page.subtitle.text()
    assert "解除定稿" in page.compute.toolTip()
    page.unfreeze.trigger()
    page.signed.reason.setPlainText("复核")
    page.signed.by.setText("工委会议")
    page.signed.save_button.click()
    settle()
    assert page.compute.isEnabled()
    assert notices.asked == []


def test_that_two_versions_show_only_what_differs(page: ResultsPage, work: Workspace, settle: Settle) -> None:
    free = next(row.result.unit for row in page.rows if not row.effective)
    work.services.events.save(small_year.inspection(free))
    page.compute.trigger()
    settle()
    page.compare.trigger()
    settle()
    rows = page.comparison.table.contents.rows
    assert [(c.unit, c.grade_before != c.grade_after) for c in rows] == [(free, True)]
    page.comparison.accept()


def test_that_the_workbook_is_written_where_the_user_says(
    page: ResultsPage, settle: Settle, notices: RecordingNotices, awkward_folder: Path
) -> None:
    notices.files = [awkward_folder / "结果 #1.xlsx"]
    page.export.trigger()
    settle()
    assert (awkward_folder / "结果 #1.xlsx").read_bytes()[:2] == b"PK"
