"""Pages over the small year: real widgets, real services, a recording mouth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.services.container import Services
from app.ui.jobs import Jobs
from app.ui.workspace import Workspace
from tests.services.conftest import created_folder, full_folder, opened_copy
from tests.ui.recording_notices import RecordingNotices

__all__ = ["created_folder", "full_folder"]

Settle = Callable[[], None]


@pytest.fixture
def services(full_folder: Path, awkward_folder: Path) -> Iterator[Services]:
    """A year with every kind of fact in it, not yet computed."""
    opened = opened_copy(full_folder, awkward_folder)
    yield opened
    opened.close()


@pytest.fixture
def empty_services(created_folder: Path, awkward_folder: Path) -> Iterator[Services]:
    """A year with schemes and register only."""
    opened = opened_copy(created_folder, awkward_folder)
    yield opened
    opened.close()


def workspace(services: Services, jobs: Jobs, notices: RecordingNotices) -> Workspace:
    made = Workspace(services, jobs, notices)
    made.schemes = tuple(services.schemes.get(s.id) for s in services.schemes.all())
    made.choose_scheme("department")
    return made


@pytest.fixture
def faults(jobs: Jobs) -> Iterator[list[BaseException]]:
    """Jobs whose faults nobody took care of; a test that expects some empties the list."""
    found: list[BaseException] = []
    jobs.fault.connect(found.append)
    yield found
    assert found == []


@pytest.fixture
def work(services: Services, jobs: Jobs, notices: RecordingNotices, faults: list[BaseException]) -> Workspace:
    return workspace(services, jobs, notices)


@pytest.fixture
def empty_work(
    empty_services: Services, jobs: Jobs, notices: RecordingNotices, faults: list[BaseException]
) -> Workspace:
    return workspace(empty_services, jobs, notices)


@pytest.fixture
def settle(qapp: QApplication, jobs: Jobs) -> Settle:
    """Wait until nothing is running and everything that came back has been shown."""

    def wait() -> None:
        for _ in range(4):
            qapp.processEvents()
            jobs.wait()
            qapp.processEvents()

    return wait


@pytest.fixture
def show(qtbot: QtBot, settle: Settle) -> Callable[[QWidget], None]:
    """Show a page as large as it is on a small screen, with its data."""

    def shown(page: QWidget) -> None:
        qtbot.addWidget(page)
        page.resize(1160, 620)
        page.show()
        settle()

    return shown
