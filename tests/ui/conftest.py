"""What the window's tests share: the dressed application, jobs that end with the test, a recording mouth."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.services.container import Desk
from app.ui import style
from app.ui.crash import Crashes
from app.ui.jobs import Jobs
from app.ui.shell import Shell
from app.ui.window import Window
from tests.services import small_year
from tests.ui.recording_notices import RecordingNotices
from tests.ui.settling import settle


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's look, and its own folder inside the test's folder."""
    monkeypatch.setenv("SLK_HOME", str(tmp_path / "own 文件夹 #1"))
    if not qapp.styleSheet():
        style.dress(qapp)


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop()


@pytest.fixture
def notices(qapp: QApplication) -> RecordingNotices:
    return RecordingNotices()


@pytest.fixture
def crashes(qapp: QApplication, awkward_folder: Path) -> Iterator[Crashes]:
    made = Crashes(awkward_folder / "日志")
    yield made
    made.end_run()
    made.close_log()


@pytest.fixture(scope="session")
def year_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed, computed small year with every kind of fact in it; copy it before use."""
    folder = tmp_path_factory.mktemp("年度")
    services = small_year.create(folder)
    small_year.live_through(services, folder)
    services.results.compute()
    services.close()
    return folder


@pytest.fixture
def year_file(year_folder: Path, awkward_folder: Path) -> Path:
    """A copy of the small year in an awkward folder."""
    target = awkward_folder / "2026年度 #1.slk"
    shutil.copyfile(year_folder / "2026年度.slk", target)
    return target


@pytest.fixture
def closed_shell(qapp: QApplication, notices: RecordingNotices, awkward_folder: Path) -> Iterator[Shell]:
    """The whole window with a recording mouth, no year open. The hooks stay those of the test."""
    crashes = Crashes(awkward_folder / "日志")
    window = Window()
    window.start.complete()
    shell = Shell(window, lambda: Desk("考核办乙", awkward_folder / "own"), crashes, notices)
    window.resize(1280, 680)
    window.show()
    yield shell
    shell.window.close()
    settle(shell)
    shell.jobs.stop()
    crashes.end_run()
    crashes.close_log()
    window.deleteLater()
    qapp.processEvents()


@pytest.fixture
def shell(closed_shell: Shell, year_file: Path) -> Shell:
    """The whole window with the small year open."""
    closed_shell.begin(year_file)
    settle(closed_shell)
    assert closed_shell.work is not None
    return closed_shell
