"""Results of the whole language in the window: floors, promotions, further ranks, values before, objections."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.services.container import Services
from app.ui.jobs import Jobs
from app.ui.pages.results.page import ResultsPage
from app.ui.workspace import Workspace
from tests.ui.pages import facts_year
from tests.ui.pages.conftest import Settle
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]


@pytest.fixture
def year(awkward_folder: Path) -> Iterator[Services]:
    services = facts_year.create(awkward_folder)
    facts_year.fill(services)
    services.results.compute()
    yield services
    services.close()


@pytest.fixture
def facts(year: Services, jobs: Jobs, notices: RecordingNotices, faults: list[BaseException]) -> Workspace:
    made = Workspace(year, jobs, notices)
    made.schemes = (year.schemes.get("facts"),)
    made.choose_scheme("facts")
    return made


@pytest.fixture
def page(facts: Workspace, show: Show) -> ResultsPage:
    made = ResultsPage(facts)
    show(made)
    return made


def column(page: ResultsPage, key: str) -> list[str]:
    """The texts of a column, row by row."""
    assert page.table is not None
    at = [c.key for c in page.table.contents.columns].index(key)
    return [page.table.contents.texts(n)[at] for n in range(len(page.rows))]


def test_that_values_before_and_further_ranks_stand_beside_the_figures_and_lead_to_their_basis(
    page: ResultsPage, facts: Workspace, settle: Settle
) -> None:
    shown: list[str] = []
    facts.basis_wanted.connect(lambda explained: shown.append(explained.step.quantity))
    assert column(page, "before:own") == ["18.00", "17.00", "16.00", "15.00", "14.00"]
    assert column(page, "own")[:2] == ["20.00", "18.89"]
    assert column(page, "rank:own") == ["1", "2", "3", "4", "5"]
    assert page.table is not None
    keys = [c.key for c in page.table.contents.columns]
    for key in ("before:own", "rank:own"):
        page.table.clicked.emit(page.table.contents.index(0, keys.index(key)))
    settle()
    assert shown == ["before:own", "rank:own"]


def test_that_a_floor_has_a_line_of_its_own(page: ResultsPage) -> None:
    assert page.table is not None
    texts = [line.text for _, line in page.table.drawn_lines()]
    assert texts[0] == "“优秀”名额线 · 1/1"
    assert any(text.startswith("“一般”下限 · ") for text in texts[1:])


def test_that_what_is_only_recorded_is_a_chip_and_no_adjustment(page: ResultsPage) -> None:
    at = next(n for n, row in enumerate(page.rows) if row.result.unit == "D2")
    assert column(page, "recorded")[at] == "取消评先资格"
    assert column(page, "adjustment")[at] == "—"


def test_that_a_promotion_outside_the_quota_is_decided_with_reason_and_name_and_told(
    page: ResultsPage, settle: Settle
) -> None:
    page.decide_on(next(row for row in page.rows if row.result.unit == "D3"))
    form = page.form
    form.places.setCurrentIndex(form.places.findData("outside"))
    form.grade.setCurrentIndex(form.grade.findData("good"))
    form.reason.setPlainText("重大专项突出")
    form.by.setText("工委")
    form.save_button.click()
    assert "用不着专项晋优" in form.problem.text()
    form.grade.setCurrentIndex(form.grade.findData("best"))
    form.save_button.click()
    settle()
    page.compute.trigger()
    settle()
    at = next(n for n, row in enumerate(page.rows) if row.result.unit == "D3")
    assert (column(page, "after")[at], column(page, "remark")[at]) == ("优秀", "专项晋优")
    assert column(page, "after")[0] == "优秀", "the place of the quota is still there for the first"


def test_that_an_objection_is_filed_answered_and_shows_both_versions_side_by_side(
    page: ResultsPage, facts: Workspace, settle: Settle
) -> None:
    services = facts.services
    page.review.trigger()
    settle()
    reviewing = page.reviewing
    dialog = reviewing.dialog
    dialog.days.click()
    settle()
    days = reviewing.days_form
    assert days.days.text() == "10"
    days.days.setText("0")
    days.save_button.click()
    assert "1 至 365" in days.problem.text()
    days.days.setText("15")
    days.save_button.click()
    settle()
    assert services.objections.days() == 15
    dialog.file.click()
    settle()
    form = reviewing.form
    assert form.filed.date().daysTo(form.due.date()) == 15
    form.unit.choose("D2")
    form.by.setText("第2局")
    form.save_button.click()
    assert form.problem.text() == "请写明提出的理由。"
    form.text.setPlainText("自评分录错")
    form.save_button.click()
    settle()
    [view] = dialog.table.contents.rows
    assert view.objection.before == 1
    assert dialog.summary.text() == "1 件，1 件未答复"
    dialog.answer.click()
    answering = reviewing.answering
    answering.outcome.setCurrentIndex(answering.outcome.findData("corrected"))
    answering.reason.setPlainText("核对属实")
    answering.by.setText("工委")
    answering.save_button.click()
    settle()
    assert "还没有定稿" in answering.problem.text()
    mark = next(m for m in services.events.office_marks("facts") if (m.unit, m.item) == ("D2", "own"))
    services.events.save_office_marks([replace(mark, value=Fraction(18))])
    services.results.compute()
    services.results.freeze("工委审定", "工委")
    answering.save_button.click()
    settle()
    [view] = dialog.table.contents.rows
    sides = {name: (before, after) for name, before, after in dialog.sides(view)}
    assert sides["own"] == ("18.89", "20.00")
    assert sides["总分"][0] != sides["总分"][1]
    assert dialog.table.contents.texts(0)[-1] == "更正"
    assert not dialog.answer.isEnabled()
    dialog.accept()
