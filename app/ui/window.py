"""The window as it is first painted: an empty frame around the start screen. Everything else is loaded after that.

Each Qt class costs time when it is first named (``Qt`` itself 15 ms, a tenth of a bare window), so this module and
``start`` name as few as they can; the goal is 1.5 times the time of a bare window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.ui.start import StartScreen

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QMimeData, QSettings
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent

TITLE = "三联考评"
OURS = (".slk", ".slp")
MENUS = ("文件(&F)", "编辑(&E)", "查看(&V)", "帮助(&H)")


class Window(QMainWindow):
    """painted: the first picture is on the screen. leaving (event): the user wants to close the window. dropped (list of
    Path): year files or packages were let fall on it."""

    painted = Signal()
    leaving = Signal(object)
    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setMinimumSize(1024, 640)
        self.resize(1280, 720)
        self.setAcceptDrops(True)
        self._painted = False
        self._settings: QSettings | None = None
        self.start = StartScreen()
        self.middle = QStackedWidget()
        self.middle.addWidget(self.start)
        inside = QWidget()
        self.rows = QVBoxLayout(inside)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(0)
        self.rows.addWidget(self.middle)
        self.setCentralWidget(inside)
        self.bars = [self.menuBar().addMenu(name) for name in MENUS]
        self.statusBar().setSizeGripEnabled(False)

    def say(self, text: str) -> None:
        """A line in the status bar, for some seconds."""
        self.statusBar().showMessage(text, 12_000)

    def remember_in(self, settings: QSettings) -> None:
        """Take up the place and size of the last time, and note them at the end."""
        self._settings = settings
        geometry = settings.value("window/geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)  # pyright: ignore[reportArgumentType]  # a QByteArray, or it does nothing

    def note_geometry(self) -> None:
        """Keep place and size for the next time."""
        if self._settings is not None:
            self._settings.setValue("window/geometry", self.saveGeometry())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _ours(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = _ours(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.leaving.emit(event)


def _ours(data: QMimeData) -> list[Path]:
    """The year files and packages among what is dragged."""
    from pathlib import Path

    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in OURS]
