"""What the window's tests share: the dressed application, jobs that end with the test, a recording mouth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.ui import style
from app.ui.crash import Crashes
from app.ui.jobs import Jobs
from tests.ui.recording_notices import RecordingNotices


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
