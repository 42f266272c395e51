"""Beside the text: the panels 检查, 批注, 清单, 佐证, 版本, one in front."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

WIDTH = 340


class Side(QWidget):
    """panels: id, title, widget."""

    def __init__(self, panels: Sequence[tuple[str, str, QWidget]]) -> None:
        super().__init__()
        self._ids = [id for id, _, _ in panels]
        self._titles = [title for _, title, _ in panels]
        self.setMinimumWidth(290)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setStyleSheet("QTabBar::tab { margin-right: 12px; padding: 5px 2px 6px 2px; }")
        self.stack = QStackedWidget()
        self.stack.setMinimumHeight(180)  # panels scroll; none of them may push the window beyond a small screen
        for _, title, panel in panels:
            self.bar.addTab(title)
            self.stack.addWidget(panel)
        self.bar.currentChanged.connect(self.stack.setCurrentIndex)
        rows.addWidget(self.bar)
        rows.addWidget(self.stack, 1)

    def show_panel(self, id: str) -> None:
        """Bring a panel to the front."""
        self.bar.setCurrentIndex(self._ids.index(id))

    def panel(self) -> str:
        """The panel in front."""
        return self._ids[self.bar.currentIndex()]

    def count(self, id: str, number: int) -> None:
        """How many things stand in a panel, behind its title."""
        at = self._ids.index(id)
        self.bar.setTabText(at, f"{self._titles[at]} {number}" if number else self._titles[at])
