"""The page in the whole window: what was typed last survives closing; the menu takes back; Ctrl+S stores first."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.container import Desk
from app.ui.pages.reports.desk import ReportDesk
from app.ui.shell import Shell
from tests.ui.pages.reports.report_year import WHO, WORK
from tests.ui.settling import settle as settle_shell

Settle = Callable[[], None]


@pytest.fixture
def shell(closed_shell: Shell, report_folder: Path, awkward_folder: Path) -> Shell:
    """The window with the year of reports open, at the first unit's report."""
    path = awkward_folder / "述职 #1.slk"
    shutil.copyfile(report_folder / "2026年度 #1.slk", path)
    closed_shell.begin(path)
    settle_shell(closed_shell)
    assert closed_shell.work is not None
    closed_shell.work.choose_scheme("department")
    closed_shell.view.show_page("reports", "unit:D1")
    settle_shell(closed_shell)
    return closed_shell


def desk_of(shell: Shell) -> ReportDesk:
    found = shell.view.current_page().tab("reports").desk
    assert isinstance(found, ReportDesk)
    return found


def stored(path: Path, folder: Path) -> dict[str, str]:
    services = Desk(WHO, folder / "other").open(path)
    try:
        return {s.section: s.text for s in services.reports.get("department", "D1").report.sections}
    finally:
        services.close()


def test_that_the_last_words_are_there_after_the_window_was_closed(shell: Shell, awkward_folder: Path) -> None:
    path = shell.files.path
    assert path is not None
    desk_of(shell).pane.editor.insertPlainText(WORK)
    shell.window.close()
    settle_shell(shell)
    assert stored(path, awkward_folder) == {"work": WORK}


def test_that_the_last_words_are_there_after_the_year_was_closed(shell: Shell, awkward_folder: Path) -> None:
    path = shell.files.path
    assert path is not None
    desk_of(shell).pane.editor.insertPlainText(WORK)
    shell.close_year()
    settle_shell(shell)
    assert stored(path, awkward_folder) == {"work": WORK}


def test_that_the_menu_takes_back_a_stored_step_and_does_it_again(shell: Shell) -> None:
    desk = desk_of(shell)
    desk.pane.editor.insertPlainText(WORK)
    shell.save()
    settle_shell(shell)
    assert "保存述职报告" in shell.menus.undo.text()
    shell.undo()
    settle_shell(shell)
    assert desk.pane.editor.text() == ""
    shell.redo()
    settle_shell(shell)
    assert desk.pane.editor.text() == WORK
