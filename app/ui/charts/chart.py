"""What all charts have in common: elements that can be pointed at, a picture at any size, keyboard and clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.ui import style
from app.ui.charts.look import INK, MARGIN, MUTED, PAPER, POINTED, font_of
from app.ui.charts.values import Heading, Target
from app.ui.widgets.table import plain_tip

PICTURE_SCALE = 2.0


class Element(NamedTuple):
    """A place in the chart that stands for a figure. tip: what the mouse shows there, as plain text."""

    place: QRectF
    target: Target
    tip: str


class Chart(QWidget):
    """Base of the painted charts. A subclass lays out (``arrange``) and paints (``draw``) in logical pixels."""

    picked = Signal(object)  # Target

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._elements: Sequence[Element] = ()
        self._pointed: int | None = None
        self._laid_out: QSize | None = None
        self.is_picture = False  # painting the whole chart into an image, not what is seen of it
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # ---- for subclasses

    @property
    def heading(self) -> Heading:
        """Title and notes of what is shown."""
        raise NotImplementedError

    def arrange(self, size: QSize) -> Sequence[Element]:
        """Lay the chart out for this size and return its elements in reading order."""
        raise NotImplementedError

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint what ``arrange`` has laid out, at least inside ``exposed``."""
        raise NotImplementedError

    def rows(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[Target | None, ...]]:
        """The table beside the chart: titles, rows of texts, and the figure behind each row."""
        raise NotImplementedError

    def changed(self) -> None:
        """New values: lay out again and repaint."""
        self._laid_out = None
        self._pointed = None
        self.updateGeometry()
        self.update()

    # ---- pictures

    def picture(self, scale: float = PICTURE_SCALE) -> QImage:
        """The whole chart as an image, ``scale`` device pixels to a logical one, with title and marks."""
        size = self.size().expandedTo(self.minimumSizeHint())
        image = QImage(size * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        painter = QPainter(image)
        pointed, self._pointed = self._pointed, None
        elements = self.arrange(size)
        self.is_picture = True
        self._paint(painter, QRectF(0, 0, size.width(), size.height()))
        self.is_picture = False
        painter.end()
        self._pointed, self._elements = pointed, elements
        self._laid_out = None
        return image

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.picture())

    # ---- pointing

    @property
    def elements(self) -> Sequence[Element]:
        """What can be pointed at now."""
        self._ensure_arranged()
        return self._elements

    def element_at(self, place: QPointF) -> int | None:
        """Index of the element under a point."""
        self._ensure_arranged()
        return next((i for i, element in enumerate(self._elements) if element.place.contains(place)), None)

    def point_at(self, index: int | None) -> None:
        """Mark an element, as the mouse or the keyboard does."""
        if index == self._pointed:
            return
        for at in (self._pointed, index):
            if at is not None and at < len(self._elements):
                self.update(self._elements[at].place.toAlignedRect().adjusted(-3, -3, 3, 3))
        self._pointed = index

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.element_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if at is None else Qt.CursorShape.PointingHandCursor)
        self.point_at(at)

    def leaveEvent(self, event: QEvent) -> None:
        self.point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.element_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and at is not None:
            self.point_at(at)
            self.picked.emit(self._elements[at].target)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
        key = Qt.Key(event.key())
        elements = self.elements
        if key in steps and elements:
            at = -1 if self._pointed is None and steps[key] > 0 else self._pointed or 0
            self.point_at((at + steps[key]) % len(elements))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._pointed is not None:
            self.picked.emit(elements[self._pointed].target)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.element_at(QPointF(event.pos()))
            tip = "" if at is None else self._elements[at].tip
            QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            return True
        return super().event(event)

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        self._ensure_arranged()
        painter = QPainter(self)
        self._paint(painter, QRectF(event.rect()))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._laid_out = None

    def _paint(self, painter: QPainter, exposed: QRectF) -> None:
        painter.fillRect(exposed, PAPER)
        painter.setFont(font_of(self))
        painter.setPen(INK)
        self.draw(painter, exposed)
        if self._pointed is not None and self._pointed < len(self._elements):
            painter.setPen(QPen(POINTED, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._elements[self._pointed].place.adjusted(-1, -1, 1, 1))

    def _ensure_arranged(self) -> None:
        if self._laid_out != self.size():
            self._laid_out = self.size()
            self._elements = self.arrange(self.size())

    # ---- the heading, alike in every chart

    def heading_height(self) -> int:
        """Height of title and note together."""
        line = self.fontMetrics().height()
        return MARGIN + int(line * 1.5) + (line + 4 if self.heading.note else 0) + 6

    def draw_heading(self, painter: QPainter, width: float) -> None:
        """Title, 演练数据 right after it, the note below."""
        heading, line = self.heading, self.fontMetrics().height()
        plain = font_of(self)
        painter.setFont(style.font(15, bold=True))
        painter.setPen(INK)
        box = QRectF(MARGIN, MARGIN, width - 2 * MARGIN, line * 1.5)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, heading.title)
        box.setLeft(box.left() + painter.fontMetrics().horizontalAdvance(heading.title) + 16)
        painter.setFont(plain)
        if heading.practice:
            painter.setPen(POINTED)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "演练数据")
        if heading.note:
            painter.setPen(MUTED)
            below = QRectF(MARGIN, MARGIN + line * 1.5 + 2, width - 2 * MARGIN, line + 2)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, heading.note)
        painter.setPen(INK)
