"""Radar: one unit against the mean and the best of its series, each direction as a share of its full points."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.ui import colours
from app.ui.charts.chart import Chart, Element
from app.ui.charts.look import FAINT, GRID, INK, MARGIN, MUTED
from app.ui.charts.values import Heading, Radar, Spoke, Target

RINGS = 5
OWN, MEAN, BEST = QColor(colours.ACCENT), QColor(colours.INFO), QColor("#b08d3c")
DOT = 9.0


class RadarChart(Chart):
    """Shows a ``Radar``. With fewer than three directions the same values are drawn as bars."""

    def __init__(self, value: Radar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = value
        self._center = QPointF()
        self._radius = 0.0

    def show_value(self, value: Radar) -> None:
        """Show another unit."""
        self._value = value
        self.changed()

    @property
    def heading(self) -> Heading:
        return self._value.heading

    def minimumSizeHint(self) -> QSize:
        return QSize(480, 420)

    def sizeHint(self) -> QSize:
        return QSize(720, 560)

    def rows(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[Target | None, ...]]:
        rows = tuple((spoke.name, spoke.text, *spoke.shares) for spoke in self._value.spokes)
        titles = ("项目", "得分", "得分率", "系列平均", "系列最高")
        return titles, rows, tuple(Target(self._value.unit, spoke.quantity) for spoke in self._value.spokes)

    # ---- layout

    def arrange(self, size: QSize) -> tuple[Element, ...]:
        top, line = self.heading_height(), self.fontMetrics().height()
        label = max((self.fontMetrics().horizontalAdvance(spoke.name) for spoke in self._value.spokes), default=60)
        label = min(label, size.width() // 4)
        height = size.height() - top - 6 * line - 2 * MARGIN
        self._radius = max(min((size.width() - 2 * label - 4 * MARGIN) / 2, height / 2), 60.0)
        self._center = QPointF(size.width() / 2, top + 2 * line + height / 2)
        if len(self._value.spokes) < 3:
            return tuple(self._element(self._bar_place(at), spoke) for at, spoke in enumerate(self._value.spokes))
        return tuple(self._element(self._dot_place(at, spoke), spoke) for at, spoke in enumerate(self._value.spokes))

    def _element(self, place: QRectF, spoke: Spoke) -> Element:
        own, mean, best = spoke.shares
        shares = f"本单位 {own}　系列平均 {mean}　系列最高 {best}"
        return Element(
            place, Target(self._value.unit, spoke.quantity), f"{spoke.name}：{spoke.text}\n{shares}\n点击查看依据"
        )

    def _dot_place(self, at: int, spoke: Spoke) -> QRectF:
        center = self._at(at, self._value.low if spoke.own is None else spoke.own)
        return QRectF(center.x() - DOT, center.y() - DOT, 2 * DOT, 2 * DOT)

    def _bar_place(self, at: int) -> QRectF:
        left, width = self._center.x() - self._radius, 2 * self._radius
        return QRectF(left, self._center.y() - self._radius + at * 96, width, 72)

    def _at(self, spoke: int, share: float) -> QPointF:
        """The place of a share on a spoke; the first spoke points up, the others follow clockwise."""
        low = self._value.low
        length = self._radius * min(max((share - low) / (1 - low), 0.0), 1.0)
        angle = 2 * math.pi * spoke / len(self._value.spokes)
        return QPointF(self._center.x() + length * math.sin(angle), self._center.y() - length * math.cos(angle))

    # ---- painting

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max(self.width(), self.minimumSizeHint().width())
        self.draw_heading(painter, width)
        if len(self._value.spokes) < 3:
            self._draw_as_bars(painter)
        else:
            self._draw_rings(painter)
            self._draw_shape(painter, [spoke.best for spoke in self._value.spokes], BEST, Qt.PenStyle.DotLine)
            self._draw_shape(painter, [spoke.mean for spoke in self._value.spokes], MEAN, Qt.PenStyle.DashLine)
            self._draw_shape(
                painter, [spoke.own for spoke in self._value.spokes], OWN, Qt.PenStyle.SolidLine, fill=True
            )
            self._draw_names(painter)
        self._draw_legend(painter, width)

    def _draw_rings(self, painter: QPainter) -> None:
        low, count = self._value.low, len(self._value.spokes)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ring in range(1, RINGS + 1):
            share = low + (1 - low) * ring / RINGS
            painter.setPen(GRID)
            painter.drawPolygon(QPolygonF([self._at(spoke, share) for spoke in range(count)]))
        for spoke in range(count):
            painter.drawLine(self._center, self._at(spoke, 1.0))
        painter.setPen(FAINT)
        line = self.fontMetrics().height()
        for ring in range(RINGS + 1):
            share = low + (1 - low) * ring / RINGS
            place = self._at(0, share)
            painter.drawText(
                QRectF(place.x() + 4, place.y() - line / 2, 44, line), Qt.AlignmentFlag.AlignLeft, f"{share:.0%}"
            )

    def _draw_shape(
        self, painter: QPainter, shares: list[float | None], color: QColor, style: Qt.PenStyle, fill: bool = False
    ) -> None:
        """The line through the known values; a direction without one is left out, not drawn as zero."""
        places = [self._at(at, share) for at, share in enumerate(shares) if share is not None]
        painter.setPen(QPen(color, 2.2 if fill else 1.4, style))
        if fill:
            paper = QColor(color)
            paper.setAlpha(36)
            painter.setBrush(paper)
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF(places))
        if fill:
            painter.setBrush(color)
            for place in places:
                painter.drawEllipse(place, 3.5, 3.5)

    def _draw_names(self, painter: QPainter) -> None:
        line = self.fontMetrics().height()
        wide = self._center.x() - self._radius - 2 * MARGIN
        for at, spoke in enumerate(self._value.spokes):
            angle = 2 * math.pi * at / len(self._value.spokes)
            place = self._center + QPointF(math.sin(angle), -math.cos(angle)) * (self._radius + 12)
            side = math.sin(angle)
            if abs(side) < 0.25:
                box = QRectF(place.x() - 120, place.y() - (2 * line if math.cos(angle) > 0 else 0), 240, 2 * line)
                flags = Qt.AlignmentFlag.AlignHCenter
            else:
                left = place.x() if side > 0 else place.x() - wide
                box, flags = QRectF(left, place.y() - line, wide, 2 * line), Qt.AlignmentFlag.AlignVCenter
                flags |= Qt.AlignmentFlag.AlignLeft if side > 0 else Qt.AlignmentFlag.AlignRight
            painter.setPen(INK)
            name = self.fontMetrics().elidedText(spoke.name, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(box, flags, f"{name}\n{spoke.text}")

    def _draw_as_bars(self, painter: QPainter) -> None:
        line = self.fontMetrics().height()
        for at, spoke in enumerate(self._value.spokes):
            box = self._bar_place(at)
            painter.setPen(INK)
            painter.drawText(
                QRectF(box.left(), box.top(), box.width(), line),
                Qt.AlignmentFlag.AlignLeft,
                f"{spoke.name}　{spoke.text}",
            )
            for row, (share, color) in enumerate(((spoke.own, OWN), (spoke.mean, MEAN), (spoke.best, BEST))):
                top = box.top() + line + 4 + row * 15
                painter.fillRect(QRectF(box.left(), top, box.width(), 11), GRID)
                painter.fillRect(QRectF(box.left(), top, box.width() * (share or 0.0), 11), color)

    def _draw_legend(self, painter: QPainter, width: float) -> None:
        line, top = self.fontMetrics().height(), self.height() - MARGIN - self.fontMetrics().height()
        entries = ((self._value.name, OWN, Qt.PenStyle.SolidLine), ("系列平均", MEAN, Qt.PenStyle.DashLine))
        entries += (("系列最高", BEST, Qt.PenStyle.DotLine),)
        widths = [self.fontMetrics().horizontalAdvance(text) + 56 for text, _, _ in entries]
        left = (width - sum(widths)) / 2
        for (text, color, style), wide in zip(entries, widths, strict=True):
            painter.setPen(QPen(color, 2, style))
            painter.drawLine(QPointF(left, top + line / 2), QPointF(left + 28, top + line / 2))
            painter.setPen(MUTED)
            painter.drawText(QRectF(left + 34, top, wide, line), Qt.AlignmentFlag.AlignLeft, text)
            left += wide
        if self._value.low > 0:
            painter.setPen(FAINT)
            painter.drawText(
                QRectF(MARGIN, top, 200, line), Qt.AlignmentFlag.AlignLeft, f"圆心为 {self._value.low:.0%}"
            )
