"""R-10 in the window: what was typed is kept until its place takes it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.domain.errors import Fault
from app.services.container import Desk
from app.ui.jobs import Jobs
from app.ui.pages.sheets.events import EventsTab
from tests.services import small_year
from tests.ui.pages.conftest import Settle, workspace
from tests.ui.pages.test_sheets_page import opened
from tests.ui.recording_notices import RecordingNotices
from tests.volumes import Volume, volume


@pytest.fixture
def stick(awkward_folder: Path) -> Iterator[Volume]:
    with volume(awkward_folder / "U盘 #1", 12_000) as made:
        yield made


def test_that_what_was_typed_stays_in_the_window_until_its_disk_takes_it(
    full_folder: Path,
    stick: Volume,
    awkward_folder: Path,
    jobs: Jobs,
    notices: RecordingNotices,
    show: Callable[[QWidget], None],
    settle: Settle,
) -> None:
    path = Path(shutil.copy(full_folder / "2026年度.slk", stick.place))
    services = Desk(small_year.WHO, awkward_folder / "own").open(path)
    before = len(services.events.events())
    tab = opened(workspace(services, jobs, notices), show, "events", EventsTab)
    tab.edit(None)
    form = tab.form
    form.unit.choose("D2")
    form.kind.setCurrentIndex(form.kind.findData("inspection"))
    form.title_line.setText("巡视整改不到位")
    form.note.setPlainText("整改台账" * 40_000)
    stick.fill()
    form.save_button.click()
    settle()
    assert Fault.FILE_NO_SPACE.value.step in form.problem.text()
    assert form.isVisible()
    assert form.title_line.text() == "巡视整改不到位"
    (stick.place / "占满").unlink()
    form.save_button.click()
    settle()
    assert not isValid(form)  # saved and closed
    assert len(services.events.events()) == before + 1
    services.close()
