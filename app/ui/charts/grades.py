"""Distribution of grades: every unit is one brick in the row of its grade, so that the count can be seen and clicked."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.ui.charts.chart import Chart, Element
from app.ui.charts.look import FAINT, GRID, INK, MARGIN, MUTED, POINTED, grade_colours
from app.ui.charts.values import Brick, Distribution, GradeShare, Heading, Target

BRICK = 30.0
HEIGHT = 24.0
SPACE = 3.0
LABEL = 92
COUNT = 190
VCENTER = Qt.AlignmentFlag.AlignVCenter


class GradesChart(Chart):
    """Shows a ``Distribution``; bricks flow into further lines when a grade has more units than the width holds."""

    def __init__(self, value: Distribution, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = value
        self._rows: list[tuple[QRectF, GradeShare]] = []
        self._heads: list[tuple[QRectF, str, int]] = []
        self._bricks: list[tuple[QRectF, GradeShare, Brick]] = []
        self._bottom = 0.0

    def show_value(self, value: Distribution) -> None:
        """Show other grades."""
        self._value = value
        self.changed()

    @property
    def heading(self) -> Heading:
        return self._value.heading

    def minimumSizeHint(self) -> QSize:
        self.arrange(QSize(max(self.width(), 480), 100))
        self._laid_out = None
        return QSize(480, int(self._bottom) + self.fontMetrics().height() + 2 * MARGIN)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def rows(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[Target | None, ...]]:
        rows = tuple(
            (
                name,
                share.name,
                str(len(share.bricks)),
                share.share,
                share.limit or "—",
                str(sum(b.moved for b in share.bricks)),
            )
            for name, shares in self._value.series
            for share in shares
        )
        return ("系列", "等次", "单位数", "占比", "名额", "其中经调整"), rows, (None,) * len(rows)

    # ---- layout

    def arrange(self, size: QSize) -> tuple[Element, ...]:
        self._rows, self._heads, self._bricks = [], [], []
        top = float(self.heading_height())
        left, line = MARGIN + LABEL + COUNT, self.fontMetrics().height()
        fitting = max(int((size.width() - left - MARGIN) // (BRICK + SPACE)), 1)
        for name, shares in self._value.series:
            self._heads.append(
                (QRectF(MARGIN, top, size.width() - 2 * MARGIN, line + 6), name, sum(len(s.bricks) for s in shares))
            )
            top += line + 10
            for share in shares:
                lines = max((len(share.bricks) + fitting - 1) // fitting, 1)
                row = QRectF(MARGIN, top, size.width() - 2 * MARGIN, lines * (HEIGHT + SPACE) + 4)
                self._rows.append((row, share))
                for at, brick in enumerate(share.bricks):
                    place = QRectF(
                        left + (at % fitting) * (BRICK + SPACE),
                        top + 2 + (at // fitting) * (HEIGHT + SPACE),
                        BRICK,
                        HEIGHT,
                    )
                    self._bricks.append((place, share, brick))
                top = row.bottom() + 2
            top += 12
        self._bottom = top
        return tuple(Element(place, Target(brick.unit), _tip(share, brick)) for place, share, brick in self._bricks)

    # ---- painting

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        self.draw_heading(painter, max(self.width(), 480))
        for box, name, count in self._heads:
            painter.setPen(INK)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | VCENTER, f"{name}（{count} 家）")
            painter.setPen(GRID)
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        for box, share in self._rows:
            self._draw_label(painter, box, share)
        for place, share, brick in self._bricks:
            if place.intersects(exposed):
                self._draw_brick(painter, place, share, brick)
        painter.setPen(FAINT)
        foot = QRectF(MARGIN, self._bottom, max(self.width(), 480) - 2 * MARGIN, self.fontMetrics().height() + 2)
        painter.drawText(
            foot,
            Qt.AlignmentFlag.AlignLeft,
            "每格一家单位，数字为名次，“·”为不排名；▼ 经降档等调整或人工决定后得此等次。",
        )

    def _draw_label(self, painter: QPainter, box: QRectF, share: GradeShare) -> None:
        tone = grade_colours(share.grade, self._value.grade_count)
        chip = QRectF(box.left(), box.top() + 3, LABEL - 12, HEIGHT - 2)
        painter.setPen(QColor(tone.edge))
        painter.setBrush(QColor(tone.paper))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setPen(QColor(tone.ink))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, share.name)
        painter.setPen(MUTED)
        text = f"{len(share.bricks)} 家　{share.share}" + (f"　{share.limit}" if share.limit else "")
        place = QRectF(box.left() + LABEL, box.top(), COUNT - 8, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | VCENTER, text)

    def _draw_brick(self, painter: QPainter, place: QRectF, share: GradeShare, brick: Brick) -> None:
        tone = grade_colours(share.grade, self._value.grade_count)
        painter.setPen(QPen(POINTED, 2) if brick.moved else QColor(tone.edge))
        painter.setBrush(QColor(tone.paper))
        painter.drawRect(place)
        painter.setPen(QColor(tone.ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, ("▼" if brick.moved else "") + brick.rank)


def _tip(share: GradeShare, brick: Brick) -> str:
    moved = "\n经调整或人工决定" if brick.moved else ""
    return f"{brick.name}\n等次 {share.name}　名次 {brick.rank}{moved}\n点击查看依据"
