"""The sections of a report at its side: name, characters against the limits, how many remarks and findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate

from app.ui import colours, style
from app.ui.colours import colour

_ROW = Qt.ItemDataRole.UserRole
WIDTH = 200


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One line. where: ``section:ID`` or ``items``; count: what stands below the name, in this ink; remarks, findings:
    how many are open there."""

    where: str
    name: str
    count: str
    ink: str
    remarks: int = 0
    findings: int = 0


class SectionList(QListWidget):
    """chosen (where): the user has gone to another section."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "sections")
        self.setFixedWidth(WIDTH)
        self.setItemDelegate(_Rows(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._moved)

    def show_rows(self, rows: Sequence[SectionRow]) -> None:
        """Show these sections; the chosen one stays chosen."""
        if [self.item(at).data(_ROW).where for at in range(self.count())] == [row.where for row in rows]:
            for at, row in enumerate(rows):
                self._fill(self.item(at), row)
            return
        kept = self.where()
        self.blockSignals(True)
        self.clear()
        for row in rows:
            item = QListWidgetItem(self)
            item.setSizeHint(QSize(WIDTH - 20, 50))
            self._fill(item, row)
        self.blockSignals(False)
        self.choose(kept or (rows[0].where if rows else ""))

    def where(self) -> str:
        """The chosen section."""
        item = self.currentItem()
        return item.data(_ROW).where if item else ""

    def choose(self, where: str) -> None:
        """Go to a section; an unknown one: to the first."""
        places = [at for at in range(self.count()) if self.item(at).data(_ROW).where == where]
        self.setCurrentRow(places[0] if places else 0)

    def _fill(self, item: QListWidgetItem, row: SectionRow) -> None:
        if item.data(_ROW) != row:
            item.setData(_ROW, row)
            signs = [
                f"{row.remarks} 条批注" if row.remarks else "",
                f"{row.findings} 条检查意见" if row.findings else "",
            ]
            item.setToolTip("，".join(part for part in (row.name, row.count, *signs) if part))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, item.toolTip())

    def _moved(self, item: QListWidgetItem | None, before: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_ROW).where)


class _Rows(QStyledItemDelegate):
    """Two lines, and at the right how much is said about the section."""

    def paint(self, painter: QPainter, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        row: SectionRow = index.data(_ROW)
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(rect, colour(colours.ACCENT_SOFT))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), colour(colours.ACCENT))
        inside = rect.adjusted(12, 6, -8, -6)
        room = inside.width() - self._paint_signs(painter, inside, row)
        painter.setFont(style.font(bold=chosen))
        painter.setPen(colour(colours.ACCENT if chosen else colours.TEXT))
        name = QFontMetrics(painter.font()).elidedText(row.name, Qt.TextElideMode.ElideRight, room)
        half = inside.height() // 2
        line = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRect(inside.left(), inside.top(), room, half), line, name)
        painter.setFont(style.font(12))
        painter.setPen(colour(row.ink))
        painter.drawText(QRect(inside.left(), inside.top() + half, inside.width(), half), line, row.count)
        painter.restore()

    def _paint_signs(self, painter: QPainter, inside: QRect, row: SectionRow) -> int:
        """Small rounded counts: remarks yellow, findings red; returns the pixels that they take."""
        taken = 0
        painter.setFont(style.font(12, bold=True))
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        for count, tone in ((row.findings, colours.BAD_TONE), (row.remarks, colours.WARN_TONE)):
            if not count:
                continue
            text = str(count)
            width = max(18, QFontMetrics(painter.font()).horizontalAdvance(text) + 10)
            box = QRect(inside.right() - taken - width, inside.top() + 1, width, 17)
            painter.setPen(colour(tone.edge))
            painter.setBrush(colour(tone.paper))
            painter.drawRoundedRect(box, 8, 8)
            painter.setPen(colour(tone.ink))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
            taken += width + 4
        painter.setBrush(Qt.BrushStyle.NoBrush)
        return taken

    def sizeHint(self, option: Any, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH - 20, 50)
