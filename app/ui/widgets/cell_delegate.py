"""Paints the cells of a table: text, chip, selection; as fast as Qt paints items that live in C++."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from app.ui import colours, style
from app.ui.colours import Tone
from app.ui.widgets.table_model import ALIGN, Column, Index

# Enumerations of Qt are slow in Python and this runs for every cell of every picture: plain integers here.
_SELECTED = QStyle.StateFlag.State_Selected.value
_FOCUSED = QStyle.StateFlag.State_HasFocus.value
_FLAGS = {name: int(flag) | int(Qt.TextFlag.TextSingleLine) for name, flag in ALIGN.items()}
_KNOWN_WIDTHS = 50_000


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of a Table: text, chip, selection; see bench_table for the figure."""

    PADDING = 8

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._font = style.font()
        self._strong = style.font(bold=True)
        self._chip = style.font(12, bold=True)
        self._metrics, self._strong_metrics = QFontMetrics(self._font), QFontMetrics(self._strong)
        self._widths: dict[str, int] = {}
        self._strong_widths: dict[str, int] = {}
        self._chip_metrics = QFontMetrics(self._chip)
        self._ink = colours.colour(colours.TEXT)
        self._selected = colours.colour(colours.ACCENT_SOFT)
        self._edge = QPen(colours.colour(colours.ACCENT), 1)
        self._editable = colours.colour(colours.INPUT)
        self._shut = colours.colour(colours.PAPER)
        self._colours: dict[str, QColor] = {}
        self._model: Any = None

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        # One long function on purpose: calls and enumerations would make a frame a fifth slower.
        model: Any = self._model or self._bind(index)
        at = index.column()
        column: Column[Any] = model.columns[at]
        number: int = model.order[index.row()]
        text: str = model.texts(number)[at]
        rect: QRect = option.rect
        state: int = option.state.value
        if state & _SELECTED:
            painter.fillRect(rect, self._selected)
        elif column.check is not None:
            shut = column.locked is not None and column.locked(model.rows[number])
            painter.fillRect(rect, self._shut if shut else self._editable)
        if state & _FOCUSED:
            painter.setPen(self._edge)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        if not text:
            return
        tone = column.tone(model.rows[number]) if column.tone else None
        if tone is not None:
            self._paint_chip(painter, rect, text, tone, column.align)
            return
        ink = column.ink(model.rows[number]) if column.ink else ""
        painter.setPen((self._colours.get(ink) or self._colour(ink)) if ink else self._ink)
        rect.adjust(self.PADDING, 0, -self.PADDING, 0)
        widths = self._strong_widths if column.strong else self._widths
        advance = widths.get(text)
        if advance is None:
            advance = self._measure(text, column.strong)
        if advance > rect.width():
            metrics = self._strong_metrics if column.strong else self._metrics
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        if column.strong:
            painter.setFont(self._strong)
            painter.drawText(rect, _FLAGS[column.align], text)
            painter.setFont(self._font)
        else:
            painter.drawText(rect, _FLAGS[column.align], text)

    def _bind(self, index: Index) -> Any:
        self._model = index.model()
        return self._model

    def _measure(self, text: str, strong: bool) -> int:
        """The width of a text, measured once."""
        widths = self._strong_widths if strong else self._widths
        if len(widths) >= _KNOWN_WIDTHS:
            widths.clear()
        widths[text] = (self._strong_metrics if strong else self._metrics).horizontalAdvance(text)
        return widths[text]

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
        painter.drawText(chip, _FLAGS["center"], text)
        painter.restore()

    def _colour(self, code: str) -> QColor:
        if code not in self._colours:
            self._colours[code] = colours.colour(code)
        return self._colours[code]
