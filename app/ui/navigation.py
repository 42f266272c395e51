"""The left side of the window: the acts of a year and their pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout

from app.ui import colours, icons
from app.ui.widgets.text import label
from app.ui.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the list: its id, name, icon, the act it belongs to, and how it is made (loaded when first shown)."""

    id: str
    title: str
    icon: str
    act: str
    make: Callable[[Workspace], Any]


class Navigation(QFrame):
    """The list of pages. chosen (page id): the user wants this page."""

    chosen = Signal(str)

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setFixedWidth(168)
        self._buttons: dict[str, QPushButton] = {}
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(10, 14, 10, 10)
        self._rows.setSpacing(2)
        self.entries: tuple[Entry, ...] = ()
        self.show_entries(entries)

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """List these pages."""
        if entries == self.entries:
            return
        self.entries, rows = entries, self._rows
        self._buttons = {}
        while rows.count():
            gone = rows.takeAt(0).widget()
            if gone is not None:  # pyright: ignore[reportUnnecessaryComparison]  # spaces have none
                gone.hide()
                gone.deleteLater()
        group = QButtonGroup(self)
        act = ""
        for number, entry in enumerate(entries, 1):
            if entry.act != act:
                act = entry.act
                if number > 1:
                    rows.addSpacing(12)
                heading = label(act, "small")
                heading.setContentsMargins(10, 0, 0, 2)
                rows.addWidget(heading)
            button = self._button(entry, number)
            group.addButton(button)
            rows.addWidget(button)
        rows.addStretch(1)

    def _button(self, entry: Entry, number: int) -> QPushButton:
        made = NavigationButton(entry.title)
        made.setIcon(icons.spaced(entry.icon, colours.TEXT_SOFT, colours.ACCENT, 18))
        made.setIconSize(icons.spaced_size(18))
        made.setCheckable(True)
        made.setProperty("role", "page")
        made.setToolTip(f"{entry.title}（Ctrl+{number}）")
        made.clicked.connect(lambda: self.chosen.emit(entry.id))
        self._buttons[entry.id] = made
        return made

    def show_page(self, page: str) -> None:
        """Mark this page as the one in front."""
        if page in self._buttons:
            held = any(button.hasFocus() for button in self._buttons.values())
            self._buttons[page].setChecked(True)
            if held:
                self._buttons[page].setFocus()

    def focus_page(self, page: str) -> None:
        """Put the keyboard on this page's button."""
        if page in self._buttons:
            self._buttons[page].setFocus()

    def buttons(self) -> list[QPushButton]:
        """The buttons in their order."""
        return list(self._buttons.values())


class NavigationButton(QPushButton):
    """A page's button: arrow keys go to the neighbours and open them."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()), 0)
        parent = self.parentWidget()
        if step and isinstance(parent, Navigation):
            buttons = parent.buttons()
            place = buttons.index(self) + step
            if 0 <= place < len(buttons):
                buttons[place].setFocus()
                buttons[place].click()
            return
        super().keyPressEvent(event)
