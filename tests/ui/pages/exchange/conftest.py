"""Computers side by side, each with its own window: the office's, and those of its departments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.crash import Crashes
from app.ui.shell import Shell
from app.ui.window import Window
from tests.services.exchange import pcs
from tests.services.exchange.conftest import started
from tests.ui.recording_notices import RecordingNotices
from tests.ui.settling import settle

__all__ = ["started"]


@dataclass(frozen=True)
class Seat:
    """A window at a computer, and the mouth it talks with."""

    shell: Shell
    notices: RecordingNotices

    def settle(self) -> None:
        settle(self.shell)

    def page(self, page: str, tab: str = "") -> object:
        """The page in front (or the tab), with its data."""
        self.shell.view.show_page(page)
        self.settle()
        shown = self.shell.view.current_page()
        assert shown is not None
        if tab:
            shown.show_tab(tab)
            self.settle()
            return shown.current
        return shown


Sit = Callable[[pcs.Place], Seat]


@pytest.fixture
def sit(qapp: QApplication) -> Iterator[Sit]:
    """Sit down at a computer; every window is closed at the end, and none has said a fault."""
    seats: list[tuple[Seat, Crashes]] = []

    def sit_down(place: pcs.Place) -> Seat:
        notices = RecordingNotices()
        crashes = Crashes(place.folder / "日志")
        window = Window()
        window.start.complete()
        shell = Shell(window, lambda: place.desk, crashes, notices)
        window.resize(1280, 680)
        window.show()
        seats.append((Seat(shell, notices), crashes))
        return seats[-1][0]

    yield sit_down
    for seat, crashes in seats:
        seat.shell.window.close()
        seat.settle()
        seat.shell.jobs.stop()
        crashes.end_run()
        crashes.close_log()
        seat.shell.window.deleteLater()
        assert seat.notices.faults == []
    qapp.processEvents()


@pytest.fixture
def office_place(awkward_folder: Path) -> pcs.Place:
    """The office's computer with its year file, closed."""
    place, services = pcs.office(awkward_folder)
    services.close()
    return place


@pytest.fixture
def office(sit: Sit, office_place: pcs.Place) -> Seat:
    """The office's window with its year."""
    seat = sit(office_place)
    seat.shell.begin(office_place.year)
    seat.settle()
    assert seat.shell.work is not None
    return seat
