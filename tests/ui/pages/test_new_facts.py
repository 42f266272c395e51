"""Every fact of the whole language in the window: events by table, values by period, secret ballots, earlier results."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.services.container import Services
from app.ui.jobs import Jobs
from app.ui.pages.sheets.events import EventsTab
from app.ui.workspace import Workspace
from tests.ui.pages import facts_year
from tests.ui.pages.conftest import Settle
from tests.ui.pages.test_sheets_page import opened
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]


@pytest.fixture
def year(awkward_folder: Path) -> Iterator[Services]:
    services = facts_year.create(awkward_folder)
    yield services
    services.close()


@pytest.fixture
def facts(year: Services, jobs: Jobs, notices: RecordingNotices, faults: list[BaseException]) -> Workspace:
    made = Workspace(year, jobs, notices)
    made.schemes = (year.schemes.get("facts"),)
    made.choose_scheme("facts")
    return made


# ---- events


def test_that_an_event_is_weighed_by_table_factor_and_sharing_while_it_is_typed(
    facts: Workspace, show: Show, settle: Settle
) -> None:
    tab = opened(facts, show, "events", EventsTab)
    tab.edit(None)
    form = tab.form
    form.unit.choose("D1")
    form.kind.setCurrentIndex(form.kind.findData("punished"))
    assert "还没有分值" in form.worth.text()
    form.person_class.setCurrentIndex(form.person_class.findData("班子成员"))
    form.sanction.setCurrentIndex(form.sanction.findData("党内警告"))
    form.shared_by.setText("2")
    assert "扣 1.5 分" in form.worth.text()
    assert "“取消评先资格”不起作用：没有写依据和批准人" in form.worth.text()
    form.counted_in.setText("2025")
    assert "已在 2025 年度计过" in form.worth.text()
    form.counted_in.clear()
    form.title_line.setText("处分一人")
    form.person.setText("张某")
    form.save_button.click()
    settle()
    [event] = facts.services.events.events()
    assert (event.person, event.person_class, event.sanction, event.shared_by) == ("张某", "班子成员", "党内警告", 2)
    [row] = tab.table.contents.rows
    assert (row.score, row.whom) == ("扣 1.5 分", "张某 班子成员 党内警告")


def test_that_the_second_event_of_a_kind_with_steps_counts_as_the_second(
    facts: Workspace, show: Show, settle: Settle
) -> None:
    tab = opened(facts, show, "events", EventsTab)
    for said in ("扣 1 分", "扣 2 分"):
        tab.edit(None)
        form = tab.form
        form.unit.choose("D1")
        form.kind.setCurrentIndex(form.kind.findData("late"))
        assert not form.amount.isEnabled()
        assert said in form.worth.text()
        form.title_line.setText(said)
        form.save_button.click()
        settle()
    assert [row.score for row in tab.table.contents.rows] == ["扣 1 分", "扣 2 分"]
