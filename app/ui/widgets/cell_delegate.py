"""Paints the cells of a table: text, chip, selection; about half the time of the style's own painting."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from app.ui import colours, style
from app.ui.colours import Tone
from app.ui.widgets.table_model import ALIGN, Column, Index


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of a Table: text, chip, selection; about half the time of the style's own painting."""

    PADDING = 8

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._font = style.font()
        self._strong = style.font(bold=True)
        self._chip = style.font(12, bold=True)
        self._metrics = QFontMetrics(self._font)
        self._chip_metrics = QFontMetrics(self._chip)
        self._ink = colours.colour(colours.TEXT)
        self._selected = colours.colour(colours.ACCENT_SOFT)
        self._edge = QPen(colours.colour(colours.ACCENT), 1)
        self._editable = colours.colour(colours.INPUT)
        self._colours: dict[str, QColor] = {}

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        model: Any = index.model()
        column: Column[Any] = model.columns[index.column()]
        number = model.order[index.row()]
        text: str = model.texts(number)[index.column()]
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._selected)
        elif column.check is not None:
            painter.fillRect(rect, self._editable)
        if text:
            tone = column.tone(model.rows[number]) if column.tone else None
            if tone is not None:
                self._paint_chip(painter, rect, text, tone, column.align)
            else:
                ink = column.ink(model.rows[number]) if column.ink else ""
                self._paint_text(painter, rect, text, column, self._colour(ink) if ink else self._ink)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._edge)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _paint_text(self, painter: QPainter, rect: QRect, text: str, column: Column[Any], ink: QColor) -> None:
        font: QFont = self._strong if column.strong else self._font
        painter.setFont(font)
        painter.setPen(ink)
        inner = rect.adjusted(self.PADDING, 0, -self.PADDING, 0)
        if len(text) * style.BODY > inner.width() and self._metrics.horizontalAdvance(text) > inner.width():
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(ALIGN[column.align] | Qt.TextFlag.TextSingleLine), text)

    def _paint_chip(self, painter: QPainter, rect: QRect, text: str, tone: Tone, align: str) -> None:
        width = min(self._chip_metrics.horizontalAdvance(text) + 16, rect.width() - 8)
        left = rect.left() + (rect.width() - width) // 2 if align == "center" else rect.left() + 6
        chip = QRect(left, rect.center().y() - 9, width, 20)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._colour(tone.edge))
        painter.setBrush(self._colour(tone.paper))
        painter.drawRoundedRect(chip, 10, 10)
        painter.setPen(self._colour(tone.ink))
        painter.setFont(self._chip)
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()

    def _colour(self, code: str) -> QColor:
        if code not in self._colours:
            self._colours[code] = colours.colour(code)
        return self._colours[code]
