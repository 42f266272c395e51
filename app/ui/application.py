"""Starts the window: nothing but QtWidgets is loaded before its first paint, everything else right after."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.ui import places, style
from app.ui.crash import Crashes
from app.ui.shell import Shell, show_when_painted

if TYPE_CHECKING:
    from app.services.container import Desk


def run(make_desk: Callable[[], Desk], path: Path | None = None) -> int:
    """Show the window until it is closed; the exit code. make_desk loads and joins the rooms below; it is called
    after the first paint, off the GUI thread. path: a year file to open at once."""
    app = make_application()
    crashes = Crashes(places.own_folder())
    crashes.install()
    shell = Shell(make_desk, crashes)
    show_when_painted(shell, path)
    code = app.exec()
    shell.jobs.stop()
    crashes.end_run()
    crashes.close_log()
    crashes.uninstall()
    return code


def make_application() -> QApplication:
    """The application with its look and Qt's own words in Chinese."""
    if "fcitx" in os.environ.get("XMODIFIERS", "") and "QT_IM_MODULE" not in os.environ:
        os.environ["QT_IM_MODULE"] = "ibus"  # the wheels have no fcitx plugin; fcitx 5 also speaks ibus
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("sanlian-kaoping")
    app.setApplicationDisplayName("三联考评")
    app.setQuitOnLastWindowClosed(False)
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    style.dress(app)
    return app
