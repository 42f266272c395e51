"""Chips: a grade or a state as a small coloured word. The colour never stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import style
from app.ui.colours import NEUTRAL, Tone, colour, grade_tone

if TYPE_CHECKING:
    from app.domain.schemes import Scheme  # two dozen dataclasses that the first paint does not need


class Chip(QWidget):
    """A word in a rounded box."""

    def __init__(self, text: str = "", tone: Tone = NEUTRAL) -> None:
        super().__init__()
        self._text, self._tone = text, tone
        self.setFont(style.font(12, bold=True))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def show_text(self, text: str, tone: Tone) -> None:
        """Another word, other colours."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The word."""
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._text) + 18, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colour(self._tone.edge))
        painter.setBrush(colour(self._tone.paper))
        box = QRect(0, 0, self.width() - 1, self.height() - 1)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(colour(self._tone.ink))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self._text)


class GradeChip(Chip):
    """A grade of a scheme's ladder."""

    def __init__(self, scheme: Scheme | None = None, grade: str = "") -> None:
        super().__init__()
        self.show_grade(scheme, grade)

    def show_grade(self, scheme: Scheme | None, grade: str) -> None:
        """The grade with this id; empty: 无等次."""
        self.show_text(grade_name(scheme, grade) or "无等次", tone_of(scheme, grade))


def grade_name(scheme: Scheme | None, grade: str) -> str:
    """The grade's name; empty for no grade, the id itself for one that the scheme does not know."""
    if not grade or scheme is None:
        return grade
    return next((g.name for g in scheme.ladder.grades if g.id == grade), grade)


def tone_of(scheme: Scheme | None, grade: str) -> Tone:
    """The grade's colours by its rung on the ladder."""
    rungs = [g.id for g in scheme.ladder.grades] if scheme else []
    return grade_tone(rungs.index(grade), len(rungs)) if grade in rungs else NEUTRAL
