"""Cards one below the other at the side of a report: findings, remarks, lists, versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.ui import colours
from app.ui.colours import Tone
from app.ui.widgets.chips import Chip
from app.ui.widgets.flow import Flow, Inside
from app.ui.widgets.text import button, label

QUOTED = 90  # characters of a passage that a card shows


class Card(QFrame):
    """One card. go: what a click on it does; strong: it belongs to what is in front."""

    def __init__(self, go: Callable[[], object] | None = None, *, strong: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._go = go
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(12, 8, 12, 8)
        self.rows.setSpacing(4)
        if go is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if strong:
            self.setStyleSheet(f'QFrame[role="card"] {{ border-color: {colours.ACCENT_LINE}; }}')

    def say(self, text: str, role: str = "body", *, selectable: bool = False) -> None:
        """A line of text, broken where the card ends."""
        if text:
            self.rows.addWidget(label(text, role, wrap=True, selectable=selectable))  # type: ignore[arg-type]

    def head(self, text: str, chip: str = "", tone: Tone | None = None) -> None:
        """A small line, with a word in a chip at its end."""
        across = QHBoxLayout()
        across.setSpacing(6)
        across.addWidget(label(text, "small", wrap=True), 1)
        if chip and tone is not None:
            across.addWidget(Chip(chip, tone), 0, Qt.AlignmentFlag.AlignTop)
        self.rows.addLayout(across)

    def quote(self, text: str) -> None:
        """A passage, shortened."""
        if text:
            shown = text if len(text) <= QUOTED else f"{text[: QUOTED - 1]}…"
            made = label(f"“{' '.join(shown.split())}”", "soft", wrap=True)
            self.rows.addWidget(made)

    def links(self, *links: tuple[str, Callable[[], object]]) -> list[QPushButton]:
        """Small commands in a line."""
        flow = Flow()
        made: list[QPushButton] = []
        for text, run in links:
            one = button(text, "link")
            one.clicked.connect(partial(_run, run))
            flow.add(one)
            made.append(one)
        if made:
            self.rows.addWidget(flow)
        return made

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._go is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go()


def _run(run: Callable[[], object], checked: bool = False) -> None:
    run()


class Cards(QScrollArea):
    """The list; it keeps its place when it is shown anew."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.cards: list[QWidget] = []

    def show_cards(self, cards: Iterable[QWidget]) -> None:
        """Show these instead."""
        place = self.verticalScrollBar().value()
        inside = Inside()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.setSpacing(8)
        self.cards = list(cards)
        for one in self.cards:
            rows.addWidget(one)
        rows.addStretch(1)
        self.setWidget(inside)
        self.verticalScrollBar().setValue(place)


class Panel(QWidget):
    """A side panel: a line that sums it up, commands, and below them what is listed."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 4, 0, 0)
        self.rows.setSpacing(8)
        self.summary = label("", "soft", wrap=True)
        self.rows.addWidget(self.summary)
        self.tools = Flow()
        self.rows.addWidget(self.tools)
