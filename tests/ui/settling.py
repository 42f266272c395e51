"""Waiting for the window, without sleeping."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from app.ui.shell import Shell


def settle(shell: Shell) -> None:
    """Let everything that was started come to its end."""
    for _ in range(6):
        QApplication.processEvents()
        shell.jobs.wait()
    QApplication.processEvents()
