"""The page 述职 over a year with reports."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.services.container import Desk, Services
from app.ui.jobs import Jobs
from app.ui.pages.reports import ReportsPage
from app.ui.pages.reports.desk import ReportDesk
from app.ui.pages.reports.reports_tab import ReportsTab
from app.ui.workspace import Workspace
from tests.ui.pages.conftest import faults, settle, show
from tests.ui.pages.reports import report_year
from tests.ui.recording_notices import RecordingNotices

__all__ = ["faults", "settle", "show"]

Show = Callable[[QWidget], None]


@pytest.fixture(scope="session")
def report_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed year whose units write reports; copied for each test."""
    folder = tmp_path_factory.mktemp("述职")
    report_year.create(folder).close()
    return folder


@pytest.fixture
def year(report_folder: Path, awkward_folder: Path) -> Iterator[Services]:
    target = awkward_folder / "2026年度 #1.slk"
    shutil.copyfile(report_folder / "2026年度 #1.slk", target)
    services = Desk(report_year.WHO, awkward_folder / "own").open(target)
    yield services
    services.close()


def workspace(services: Services, jobs: Jobs, notices: RecordingNotices) -> Workspace:
    made = Workspace(services, jobs, notices)
    made.schemes = tuple(services.schemes.all())
    made.choose_scheme("department")
    return made


@pytest.fixture
def work(year: Services, jobs: Jobs, notices: RecordingNotices, faults: list[BaseException]) -> Workspace:
    return workspace(year, jobs, notices)


@pytest.fixture
def page(work: Workspace, show: Show) -> ReportsPage:
    made = ReportsPage(work)
    show(made)
    return made


@pytest.fixture
def tab(page: ReportsPage) -> ReportsTab:
    found = page.tab("reports")
    assert isinstance(found, ReportsTab)
    return found


@pytest.fixture
def desk(page: ReportsPage, tab: ReportsTab, settle: Callable[[], None]) -> ReportDesk:
    """The report of the first unit, opened."""
    page.open_at("unit:D1")
    settle()
    assert tab.desk is not None
    return tab.desk
