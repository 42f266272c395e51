"""Where the program's own files lie, in the source tree and in the built program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths


def root() -> Path:
    """The folder that holds ``resources`` and ``docs``: the checkout, or the unpacked built program."""
    bundled = getattr(sys, "_MEIPASS", None)
    return Path(bundled) if bundled else Path(__file__).resolve().parents[2]


def resources() -> Path:
    """Icons, style, sample files."""
    return root() / "resources"


def manual() -> Path:
    """The pages of the manual (Markdown)."""
    return root() / "docs" / "manual"


def own_folder() -> Path:
    """Where logs and the window's settings go; ``SLK_HOME`` moves it (a stick, a test)."""
    moved = os.environ.get("SLK_HOME")
    if moved:
        return Path(moved)
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))


def settings() -> QSettings:
    """Window settings: an ini file in the program's own folder, never the registry."""
    return QSettings(str(own_folder() / "window.ini"), QSettings.Format.IniFormat)
