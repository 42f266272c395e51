"""An open year in the window: header, list of pages, the pages themselves, the 依据 panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.ui.header import Header
from app.ui.navigation import Navigation
from app.ui.page_list import ENTRIES, entries_of

if TYPE_CHECKING:
    from app.ui.basis import BasisPanel
    from app.ui.workspace import Explained, Workspace

BASIS_WIDTH = 360


class YearView(QWidget):
    """page_shown (page id): another page is in front. summed (text): sum of the selected cells."""

    page_shown = Signal(str)
    summed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.work: Workspace | None = None
        self.page = ""
        self._pages: dict[str, Any] = {}
        self.header = Header()
        self.navigation = Navigation(ENTRIES)
        self.navigation.chosen.connect(self.show_page)
        self.stack = QStackedWidget()
        self.middle = QSplitter(Qt.Orientation.Horizontal)
        self.middle.setChildrenCollapsible(False)
        self.middle.addWidget(self.stack)
        self.basis: BasisPanel | None = None
        self._sized = False  # after that the user's own width stands
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.navigation)
        across.addWidget(self.middle, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.header)
        rows.addLayout(across, 1)

    def show_year(self, work: Workspace, page: str = "") -> None:
        """Show another year, from this page on (empty: the first)."""
        self.forget_year()
        self.work = work
        self.navigation.show_entries(entries_of(work.role))
        page = page or self.navigation.entries[0].id
        work.place_wanted.connect(self.show_page)
        work.basis_wanted.connect(self.show_basis)
        work.selection_summed.connect(self.summed)
        self.show_page(page)
        self.navigation.focus_page(page)

    def forget_year(self) -> None:
        """The year is closed: its pages go."""
        self.work, self.page, self._pages = None, "", {}
        self.summed.emit("")
        while self.stack.count():
            widget = self.stack.widget(0)
            self.stack.removeWidget(widget)
            widget.deleteLater()
        if self.basis is not None:
            self.basis.clear()
            self.basis.hide()

    # ---- pages

    def show_page(self, page: str, target: str = "") -> None:
        """Bring a page to the front, made when it is wanted for the first time, and there the thing named."""
        entry = next((e for e in self.navigation.entries if e.id == page), None)
        if entry is None or self.work is None:
            return
        if page not in self._pages:
            self._pages[page] = entry.make(self.work)
            self.stack.addWidget(self._pages[page])
        self.page = page
        self.navigation.show_page(page)
        self.summed.emit("")
        if target:
            self._pages[page].open_at(target)
        self.stack.setCurrentWidget(self._pages[page])
        self.page_shown.emit(page)

    def current_page(self) -> Any | None:
        """The page in front, when a year is open."""
        return self._pages.get(self.page)

    def loaded_pages(self) -> dict[str, Any]:
        """The pages made so far."""
        return dict(self._pages)

    # ---- the 依据 panel

    def show_basis(self, explained: Explained) -> None:
        """Show an explanation in the panel; the panel comes up when it is hidden."""
        panel = self._panel()
        panel.show_explained(explained)
        self._show_panel(panel)

    def toggle_basis(self) -> None:
        """Show or hide the panel."""
        panel = self._panel()
        if panel.isHidden():
            self._show_panel(panel)
        else:
            panel.hide()

    def _show_panel(self, panel: BasisPanel) -> None:
        panel.show()
        if not self._sized:
            self._sized = True
            self.middle.setSizes([max(400, self.middle.width() - BASIS_WIDTH), BASIS_WIDTH])

    def _panel(self) -> BasisPanel:
        if self.basis is None:
            from app.ui.basis import BasisPanel

            self.basis = BasisPanel()
            self.basis.closed.connect(self.basis.hide)
            self.basis.export_wanted.connect(self._export)
            self.middle.addWidget(self.basis)
            self.basis.hide()
            self.middle.setStretchFactor(0, 1)
        return self.basis

    def _export(self, explained: Explained) -> None:
        if self.work is not None:
            self.work.export_explanation(explained)
