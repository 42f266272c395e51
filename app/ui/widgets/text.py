"""Labels and lines: data is always plain text, never guessed to be rich."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from app.ui import colours, icons

TextRole = Literal["body", "title", "heading", "strong", "soft", "small", "number", "error"]


def label(text: str = "", role: TextRole = "body", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A plain-text label. wrap: breaks lines and takes the height that the width asks for."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


class ElidedLabel(QLabel):
    """A line of data that ends in … where the room ends; the whole text is its tool tip."""

    def __init__(self, text: str, role: TextRole = "body") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment() | Qt.TextFlag.TextSingleLine), text)


def line() -> QFrame:
    """A thin horizontal line."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


def card() -> QFrame:
    """A white frame with round corners; give it a layout."""
    made = QFrame()
    made.setProperty("role", "card")
    return made


def button(
    text: str, role: Literal["plain", "primary", "danger", "quiet", "link"] = "plain", icon: str = "", tip: str = ""
) -> QPushButton:
    """A push button in one of the program's kinds. For a command with a reason when it is off: ``Command``."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setAutoDefault(False)
    if icon:
        colour = colours.SURFACE if role == "primary" else colours.TEXT_SOFT
        made.setIcon(icons.spaced(icon, colour) if text else icons.icon(icon, colour, 16))
        made.setIconSize(icons.spaced_size() if text else QSize(16, 16))
    if tip:
        made.setToolTip(tip)
    if role == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def mark_wrong(field: QWidget, wrong: bool) -> None:
    """Show that a field's content is refused, or no longer."""
    set_property(field, "wrong", wrong)


def set_property(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property that the style sheet looks at, on a widget that may have its look already."""
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
