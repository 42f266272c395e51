"""Starts the window: nothing but QtWidgets is loaded before its first paint, everything else right after."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler, qWarning
from PySide6.QtWidgets import QApplication

from app.ui import places, style
from app.ui.window import Window

LOADING = 3_000  # milliseconds after the first paint in which everything else is loaded and the first page shown

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.container import Desk
    from app.ui.shell import Shell


def run(make_desk: Callable[[], Desk], path: Path | None = None, no_display: Callable[[], int] = lambda: 3) -> int:
    """Show the window until it is closed; the exit code. make_desk loads and joins the rooms below; it is called
    after the first paint, off the GUI thread. path: a year file to open at once. no_display: called when there is
    nothing to show a window on; gives the exit code."""
    gc.disable()  # nothing dies while the program is loading; what it looks through grows all the time
    with ended_calmly(no_display):
        app = make_application()
    window = Window()
    shells: list[Shell] = []

    def go_on() -> None:
        shells.append(begin(window, make_desk))
        shells[0].begin(path)
        QTimer.singleShot(LOADING, _loaded)

    window.painted.connect(lambda: QTimer.singleShot(0, go_on))
    window.remember_in(places.settings())
    window.show()
    code = app.exec()
    for shell in shells:
        shell.end()
    return code


def _loaded() -> None:
    """What is loaded stays: it need not be looked through when dead circles are searched for."""
    gc.freeze()
    gc.enable()


@contextmanager
def ended_calmly(no_display: Callable[[], int]) -> Generator[None]:
    """Without a display Qt says so in English and aborts. Its last word comes through here first, and the process ends
    with the code that no_display gives."""

    held_back: list[str] = []

    def heard(kind: QtMsgType, _: QMessageLogContext, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            os._exit(no_display())
        held_back.append(message)

    before = qInstallMessageHandler(heard)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        for message in held_back:
            qWarning(message)


def make_application() -> QApplication:
    """The application with its look."""
    if "fcitx" in os.environ.get("XMODIFIERS", "") and "QT_IM_MODULE" not in os.environ:
        os.environ["QT_IM_MODULE"] = "ibus"  # the wheels have no fcitx plugin; fcitx 5 also speaks ibus
    if sys.platform == "linux":  # else the print service is asked for over the network, be it on this machine
        os.environ.setdefault("CUPS_SERVER", "/run/cups/cups.sock")
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("sanlian-kaoping")
    app.setApplicationDisplayName("三联考评")
    app.setQuitOnLastWindowClosed(False)
    style.dress(app)
    return app


def begin(window: Window, make_desk: Callable[[], Desk]) -> Shell:
    """After the first paint: Qt's words in Chinese, the hooks for faults, menus and the rest of the window."""
    from app.ui import icons
    from app.ui.crash import Crashes
    from app.ui.shell import Shell

    style.complete()
    crashes = Crashes(places.own_folder())
    crashes.install()
    window.start.complete()
    QApplication.setWindowIcon(icons.program_icon())
    return Shell(window, make_desk, crashes)
