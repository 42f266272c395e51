"""查找 inside a report: how often words stand in its texts, and from one place to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.domain.reports import Report
from app.services.reports.passages import text_at
from app.ui import icons
from app.ui.widgets.search import SearchField
from app.ui.widgets.text import label


@dataclass(frozen=True, slots=True)
class Place:
    """Characters start to end of ``section:ID`` or ``item:ID``."""

    where: str
    start: int
    end: int


def places(report: Report, wheres: Sequence[str], words: str) -> tuple[Place, ...]:
    """Every place where the words stand, in reading order; capital letters or not."""
    return tuple(place for where in wheres for place in _in(text_at(report, where), where, words)) if words else ()


def _in(text: str, where: str, words: str) -> Iterator[Place]:
    shown, wanted = _low(text), _low(words)
    at = shown.find(wanted)
    while at >= 0:
        yield Place(where, at, at + len(wanted))
        at = shown.find(wanted, at + len(wanted))


def _low(text: str) -> str:
    """Lower case sign by sign, so that the places stay."""
    return "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)


class Finder(QWidget):
    """The search line with what it found. look: the places of words in the report as it stands now. reached (place): it is
    to come to the front."""

    reached = Signal(object)

    def __init__(self, width: int, look: Callable[[str], tuple[Place, ...]]) -> None:
        super().__init__()
        self._look = look
        self._number = 0  # of the place in front, from 1; 0: none yet
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        self.field = SearchField("在报告里查找")
        self.field.setMinimumWidth(width)
        self.field.setToolTip("Ctrl+F；回车下一处，Shift+回车上一处")
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self.begin)
        rows.addWidget(self.field)
        self.below = QWidget()
        across = QHBoxLayout(self.below)
        across.setContentsMargins(2, 0, 0, 0)
        across.setSpacing(0)
        self.count = label("", "small")
        self.back, self.on = _button("chevron-up", "上一处"), _button("chevron-down", "下一处")
        self.back.clicked.connect(lambda: self.step(-1))
        self.on.clicked.connect(lambda: self.step(1))
        across.addWidget(self.count, 1)
        across.addWidget(self.back)
        across.addWidget(self.on)
        rows.addWidget(self.below)
        self.below.hide()

    def begin(self) -> None:
        """Other words, or another report: count anew, from the start."""
        self._number = 0
        self._show(len(self._look(self._words())))

    def step(self, by: int) -> None:
        """To the next place (1) or the one before (-1); from the last to the first."""
        found = self._look(self._words())
        if found:
            first = 1 if by > 0 else len(found)
            self._number = (self._number - 1 + by) % len(found) + 1 if self._number else first
            self.reached.emit(found[self._number - 1])
        self._show(len(found))

    def _words(self) -> str:
        return self.field.text().strip()

    def _show(self, count: int) -> None:
        self.below.setVisible(bool(self._words()))
        said = f"第 {self._number} 处，共 {count} 处" if self._number else f"共 {count} 处"
        self.count.setText(said if count else "没有找到")
        self.back.setEnabled(count > 0)
        self.on.setEnabled(count > 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Shift+Enter go on; F3 too."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            on = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3)
            if on:
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.step(-1 if back else 1)
                return True
        return super().eventFilter(watched, event)


def _button(icon: str, tip: str) -> QToolButton:
    made = QToolButton()
    made.setIcon(icons.icon(icon, size=16))
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setAutoRaise(True)
    return made
