"""The main window: menus, header, pages, 依据 panel, status bar. What it does with files is in ``desk_work``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QWidget

from app.ui import places
from app.ui.header import Banner, Header, column
from app.ui.navigation import Navigation
from app.ui.page_list import ENTRIES
from app.ui.progress_strip import ProgressStrip
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.ui.basis import BasisPanel
    from app.ui.jobs import Jobs
    from app.ui.workspace import Workspace

TITLE = "三联考评"


class MainWindow(QMainWindow):
    """The window's parts and how they hang together.

    painted: the first picture is on the screen. page_shown (page id): another page is in front.
    leaving (event): the user wants to close the window.
    """

    painted = Signal()
    page_shown = Signal(str)
    leaving = Signal(object)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setMinimumSize(1024, 640)
        self.work: Workspace | None = None
        self.page = ""
        self._pages: dict[str, Any] = {}
        self._painted = False
        self._settings: QSettings | None = None
        self.header, self.banner = Header(), Banner()
        self.navigation = Navigation(ENTRIES)
        self.navigation.chosen.connect(self.show_page)
        self.stack = QStackedWidget()
        self.middle = QSplitter(Qt.Orientation.Horizontal)
        self.middle.setChildrenCollapsible(False)
        self.middle.addWidget(self.stack)
        self.basis: BasisPanel | None = None
        self._outer = QSplitter(Qt.Orientation.Horizontal)
        self._outer.setHandleWidth(0)
        self._outer.addWidget(self.navigation)
        self._outer.addWidget(self.middle)
        self._outer.setStretchFactor(1, 1)
        self.setCentralWidget(column(self.header, self.banner, self._outer))
        self.strip = ProgressStrip(jobs)
        self.summed = label("", "soft")
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.summed)
        self.statusBar().addPermanentWidget(self.strip)
        self._show_year_parts(False)

    # ---- with and without a year

    def show_plain(self, widget: QWidget) -> None:
        """No year is open: only this widget."""
        self._forget_pages()
        self._show_year_parts(False)
        self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        self.setWindowTitle(TITLE)

    def show_year(self, work: Workspace, page: str = "desk") -> None:
        """A year is open: its pages."""
        self._forget_pages()
        self.work = work
        work.place_wanted.connect(self.go)
        work.basis_wanted.connect(self.show_basis)
        work.selection_summed.connect(self.summed.setText)
        self._show_year_parts(True)
        self.show_page(page)

    def _forget_pages(self) -> None:
        self.work, self.page, self._pages = None, "", {}
        self.summed.clear()
        while self.stack.count():
            widget = self.stack.widget(0)
            self.stack.removeWidget(widget)
            widget.deleteLater()
        if self.basis is not None:
            self.basis.clear()
            self.basis.hide()

    def _show_year_parts(self, on: bool) -> None:
        self.header.setVisible(on)
        self.navigation.setVisible(on)
        if not on:
            self.banner.hide()

    # ---- pages

    def show_page(self, page: str, target: str = "") -> None:
        """Bring a page to the front; make it when it is wanted for the first time."""
        entry = next((e for e in ENTRIES if e.id == page), None)
        if entry is None or self.work is None:
            return
        if page not in self._pages:
            self._pages[page] = entry.make(self.work)
            self.stack.addWidget(self._pages[page])
        self.page = page
        self.navigation.show_page(page)
        self.summed.clear()
        if target:
            self._pages[page].open_at(target)
        self.stack.setCurrentWidget(self._pages[page])
        self.page_shown.emit(page)

    def go(self, page: str, target: str) -> None:
        """Open a page, and there a thing."""
        self.show_page(page, target)

    def current_page(self) -> Any | None:
        """The page in front, when a year is open."""
        return self._pages.get(self.page)

    def loaded_pages(self) -> dict[str, Any]:
        """The pages made so far."""
        return dict(self._pages)

    # ---- the 依据 panel

    def show_basis(self, step: Any) -> None:
        """Show an explanation in the panel; the panel comes up when it is hidden."""
        panel = self._panel()
        panel.show_step(step)
        panel.show()

    def toggle_basis(self) -> None:
        """Show or hide the panel."""
        panel = self._panel()
        panel.setVisible(panel.isHidden())

    def _panel(self) -> BasisPanel:
        if self.basis is None:
            from app.ui.basis import BasisPanel  # not needed for the first paint

            self.basis = BasisPanel()
            self.basis.closed.connect(self.basis.hide)
            self.middle.addWidget(self.basis)
            self.basis.hide()
            self.middle.setStretchFactor(0, 1)
            self.middle.setSizes([max(400, self.middle.width() - 360), 360])
        return self.basis

    # ---- the window itself

    def remember_in(self, settings: QSettings) -> None:
        """Take up the place and size of the last time, and note them at the end."""
        self._settings = settings
        geometry = settings.value("window/geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)

    def note_geometry(self) -> None:
        """Keep place and size for the next time."""
        if self._settings is not None:
            self._settings.setValue("window/geometry", self.saveGeometry())

    def say(self, text: str) -> None:
        """A line in the status bar, for some seconds."""
        self.statusBar().showMessage(text, 12_000)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.leaving.emit(event)


def settings() -> QSettings:
    """Window settings: an ini file in the program's own folder, never the registry."""
    return QSettings(str(places.own_folder() / "window.ini"), QSettings.Format.IniFormat)
