"""Ranking bars: sideways, one unit a row, grade colours with their names, the score lines and quota lines drawn in."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.ui.charts.chart import Chart, Element
from app.ui.charts.look import FAINT, GRID, INK, MARGIN, MUTED, POINTED, QUOTA, STRIPE, grade_colours
from app.ui.charts.values import Bar, Heading, RankingBars, Target

ROW = 26
BAR_HEIGHT = 16
GAP = 10
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RankingChart(Chart):
    """Shows ``RankingBars``. It grows with the units and scrolls; rows are never squeezed."""

    def __init__(self, value: RankingBars, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = value
        self._plot = QRectF()
        self._name_width = self._mark_width = 0

    def show_value(self, value: RankingBars) -> None:
        """Show other bars."""
        self._value = value
        self.changed()

    @property
    def heading(self) -> Heading:
        return self._value.heading

    def minimumSizeHint(self) -> QSize:
        return QSize(480, int(self._top()) + ROW * len(self._value.bars) + 3 * self.fontMetrics().height() + MARGIN)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def rows(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[Target | None, ...]]:
        rows = tuple((bar.rank, bar.name, bar.text, bar.grade_name, bar.moved) for bar in self._value.bars)
        return ("名次", "单位", "总分", "等次", "调整前"), rows, tuple(Target(bar.unit) for bar in self._value.bars)

    # ---- layout

    def _top(self) -> float:
        return self.heading_height() + self.fontMetrics().height() * self._label_rows() + 10

    def _label_rows(self) -> int:
        return 2 if sum(line.value is not None for line in self._value.lines) > 1 else 1

    def arrange(self, size: QSize) -> tuple[Element, ...]:
        metrics, bars = self.fontMetrics(), self._value.bars
        widest = max((metrics.horizontalAdvance(bar.name) for bar in bars), default=80)
        self._name_width = min(widest, size.width() * 2 // 5) + GAP
        self._mark_width = max((metrics.horizontalAdvance(self._mark(bar)) for bar in bars), default=60) + 2 * GAP
        rank = metrics.horizontalAdvance("88=") + GAP
        left = MARGIN + rank + self._name_width
        width = max(size.width() - left - self._mark_width - MARGIN, 80)
        self._plot = QRectF(left, self._top(), width, ROW * len(bars))
        return tuple(
            Element(
                QRectF(MARGIN - 4, self._plot.top() + ROW * at, size.width() - 2 * MARGIN + 8, ROW),
                Target(bar.unit),
                self._tip(bar),
            )
            for at, bar in enumerate(bars)
        )

    @staticmethod
    def _mark(bar: Bar) -> str:
        return f"{bar.text}  {bar.grade_name}" + (f"（原 {bar.moved}）" if bar.moved else "")

    @staticmethod
    def _tip(bar: Bar) -> str:
        moved = f"\n调整前：{bar.moved}" if bar.moved else ""
        return f"{bar.name}\n名次 {bar.rank}　总分 {bar.text}　等次 {bar.grade_name}{moved}\n点击查看依据"

    def _x(self, value: float) -> float:
        low, high = self._value.low, self._value.high
        share = (value - low) / (high - low) if high > low else 0.0
        return self._plot.left() + self._plot.width() * min(max(share, 0.0), 1.0)

    # ---- painting

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        self.draw_heading(painter, max(self.width(), self.minimumSizeHint().width()))
        first = max(int((exposed.top() - self._plot.top()) // ROW), 0)
        last = min(int((exposed.bottom() - self._plot.top()) // ROW) + 1, len(self._value.bars))
        self._draw_stripes(painter, first, last)
        self._draw_axis(painter)
        for at in range(first, last):
            self._draw_bar(painter, at, self._value.bars[at])
        self._draw_lines(painter)

    def _draw_axis(self, painter: QPainter) -> None:
        low, high, line = self._value.low, self._value.high, self.fontMetrics().height()
        below = self._plot.bottom() + 4
        step = _tick_step(high - low)
        tick = low
        while tick <= high + 1e-9:
            x = self._x(tick)
            painter.setPen(GRID)
            painter.drawLine(QLineF(x, self._plot.top(), x, self._plot.bottom()))
            painter.setPen(MUTED)
            painter.drawText(QRectF(x - 30, below, 60, line), Qt.AlignmentFlag.AlignCenter, f"{tick:g}")
            tick += step
        if low > 0:
            painter.setPen(FAINT)
            painter.drawText(QRectF(MARGIN, below + line, 400, line), LEFT, f"横轴从 {low:g} 分起，不是从 0 起")

    def _draw_stripes(self, painter: QPainter, first: int, last: int) -> None:
        width = self._plot.right() + self._mark_width - MARGIN + 4
        for at in range(first + (first + 1) % 2, last, 2):
            painter.fillRect(QRectF(MARGIN - 4, self._plot.top() + ROW * at, width, ROW), STRIPE)

    def _draw_bar(self, painter: QPainter, at: int, bar: Bar) -> None:
        top = self._plot.top() + ROW * at
        tone = grade_colours(bar.grade, self._value.grade_count)
        painter.setPen(MUTED)
        rank_width = self._plot.left() - MARGIN - self._name_width
        painter.drawText(QRectF(MARGIN, top, rank_width - GAP, ROW), RIGHT, bar.rank)
        painter.setPen(INK)
        name = self.fontMetrics().elidedText(bar.name, Qt.TextElideMode.ElideMiddle, self._name_width - GAP)
        painter.drawText(QRectF(MARGIN + rank_width, top, self._name_width - GAP, ROW), RIGHT, name)
        if bar.value is not None:
            length = max(self._x(bar.value) - self._plot.left(), 1)
            body = QRectF(self._plot.left(), top + (ROW - BAR_HEIGHT) / 2, length, BAR_HEIGHT)
            painter.fillRect(body, QColor(tone.paper))
            painter.setPen(QColor(tone.edge))
            painter.drawRect(body)
        painter.setPen(POINTED if bar.moved else INK)
        painter.drawText(QRectF(self._plot.right() + GAP, top, self._mark_width, ROW), LEFT, self._mark(bar))

    def _draw_lines(self, painter: QPainter) -> None:
        """Score lines upright with their text above; quota lines across, below the last unit that came in."""
        line = self.fontMetrics().height()
        upright = sorted((entry for entry in self._value.lines if entry.value is not None), key=lambda e: e.value or 0)
        for number, entry in enumerate(upright):
            x = self._x(entry.value or 0.0)
            painter.setPen(QPen(INK, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x, self._plot.top() - 4, x, self._plot.bottom()))
            row = number % self._label_rows()
            width = self.fontMetrics().horizontalAdvance(entry.text) + 8
            left = min(max(x - width / 2, self._plot.left()), self._plot.right() + self._mark_width - width)
            painter.setPen(INK)
            where = QRectF(left, self._plot.top() - 6 - line * (row + 1), width, line)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, entry.text)
        for entry in self._value.lines:
            if entry.after is not None:
                self._draw_quota(painter, entry.text, self._plot.top() + ROW * (entry.after + 1))

    def _draw_quota(self, painter: QPainter, text: str, y: float) -> None:
        painter.setPen(QPen(QUOTA, 1.5))
        painter.drawLine(QPointF(MARGIN - 4, y), QPointF(self._plot.right(), y))
        width = self.fontMetrics().horizontalAdvance(text) + 12
        label = QRectF(self._plot.right() - width, y - 9, width, 18)
        painter.fillRect(label, QUOTA)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)


def _tick_step(span: float) -> float:
    """A round step that gives four to ten ticks."""
    for step in (0.5, 1, 2, 5, 10, 20, 25, 50, 100):
        if span / step <= 10:
            return float(step)
    return max(span / 5, 1.0)
