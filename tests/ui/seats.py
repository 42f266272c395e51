"""Computers side by side, each with its own window: the office's, and those of its departments; and hands to work them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QRadioButton

from app.services.container import Services
from app.ui.crash import Crashes
from app.ui.open_task import OpenTaskForm
from app.ui.packages.merge_preview import MergePreview
from app.ui.pages.exchange.receive import ReceiveTab
from app.ui.pages.exchange.send import SendTab
from app.ui.pages.tasks import TasksPage
from app.ui.shell import Shell
from app.ui.window import Window
from tests.services.exchange import pcs
from tests.ui.recording_notices import RecordingNotices
from tests.ui.settling import settle


@dataclass(frozen=True)
class Seat:
    """A window at a computer, and the mouth it talks with."""

    shell: Shell
    notices: RecordingNotices

    def settle(self) -> None:
        settle(self.shell)

    @property
    def services(self) -> Services:
        assert self.shell.work is not None
        return self.shell.work.services

    def page(self, page: str, tab: str = "") -> Any:
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

    def begin(self, path: Path) -> Seat:
        """Start with this file."""
        self.shell.begin(path)
        self.settle()
        return self


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


@dataclass(frozen=True)
class Computers:
    """The office and two departments as far as their tasks being opened; all closed. tasks: the package of each."""

    root: Path
    office: pcs.Place
    units: dict[str, pcs.Place]
    tasks: dict[str, Path]

    @property
    def stick(self) -> Path:
        """An empty folder to carry about."""
        made = self.root / "U 盘 #1"
        made.mkdir(exist_ok=True)
        return made


@pytest.fixture
def computers(started: Path, awkward_folder: Path) -> Computers:
    """Copied from what was built once."""
    shutil.copytree(started, awkward_folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("备份"))
    units = {code: pcs.place(awkward_folder, f"{code}的电脑") for code in ("D1", "D2")}
    tasks = {code: next((awkward_folder / "盘" / code).glob("*.slp")) for code in units}
    return Computers(awkward_folder, pcs.place(awkward_folder, "考核办"), units, tasks)


@pytest.fixture
def office(sit: Sit, computers: Computers) -> Seat:
    """The office's window with its year."""
    return sit(computers.office).begin(computers.office.year)


@pytest.fixture
def unit(sit: Sit, computers: Computers) -> Seat:
    """The window of the first department with its year."""
    return sit(computers.units["D1"]).begin(computers.units["D1"].year)


# ---- hands


def send(office: Seat, folder: Path, unit: str) -> Path:
    """A task for one unit, by hand; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.glob("*.slp"))
    tab = office.page("exchange", "send")
    assert isinstance(tab, SendTab)
    tab.table.go_to(lambda row: row.unit == unit)
    tab.send_chosen.trigger()
    assert tab.form is not None
    tab.form.folder.line.setText(str(folder))
    tab.form.save_button.click()
    office.settle()
    assert tab.done.isVisible() and "1 个任务包已写到" in tab.done_text.text() and "已读回核对" in tab.done_text.text()
    (made,) = set(folder.glob("*.slp")) - before
    return made


def form_of_task(seat: Seat) -> OpenTaskForm:
    """The form that asks where the year file goes."""
    (form,) = (f for f in seat.shell.window.findChildren(OpenTaskForm) if f.isVisible())
    form.who.setText(form.who.text() or "李经办")
    return form


def open_task(seat: Seat, package: Path, year: Path) -> TasksPage:
    """The window starts with the package, and makes the year file."""
    seat.begin(package)
    form = form_of_task(seat)
    form.path.setText(str(year))
    form.save_button.click()
    seat.settle()
    page = seat.shell.view.current_page()
    assert isinstance(page, TasksPage)
    return page


def submit(seat: Seat, folder: Path, phrase: str = "") -> Path:
    """Hand in by hand; the file."""
    page = seat.page("tasks")
    assert isinstance(page, TasksPage)
    page.submit.trigger()
    seat.settle()
    assert page.form is not None
    page.form.folder.line.setText(str(folder))
    page.form.phrase.first.setText(phrase)
    page.form.phrase.second.setText(phrase)
    page.form.save_button.click()
    seat.settle()
    assert page.dialog is not None and "安全弹出" in page.dialog.said.text()
    path = page.dialog.receipt.path
    page.dialog.accept()
    assert path is not None and path.is_file()
    return path


def receive(office: Seat, *paths: Path) -> ReceiveTab:
    """Choose these files in 收回."""
    tab = office.page("exchange", "receive")
    assert isinstance(tab, ReceiveTab)
    office.notices.files = list(paths)
    tab.choose_files.trigger()
    office.settle()
    return tab


def choose(seat: Seat, preview: MergePreview, question: str, choice: str) -> None:
    """Click the answer of a question."""
    assert preview.questions is not None
    for radio in preview.questions.findChildren(QRadioButton):
        if radio.property("question") == question and radio.property("choice") == choice:
            radio.click()
            seat.settle()
            return
    raise AssertionError((question, choice))


def confirm(seat: Seat, preview: MergePreview) -> list[str]:
    """Confirm every computer that is not known; the texts that were read."""
    assert preview.plan is not None
    asked = [q for q in preview.plan.questions if q.kind == "unknown_sender" and not q.answer]
    for question in asked:
        choose(seat, preview, question.id, "confirm")
    return [q.text for q in asked]


def take(seat: Seat, preview: MergePreview) -> None:
    """Apply what stands in the preview."""
    assert preview.apply.isEnabled(), preview.state.text()
    preview.apply.trigger()
    seat.settle()
