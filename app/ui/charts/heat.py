"""Heat map: units down, items across, each value coloured by its share of the full points and written where it fits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import overload

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMoveEvent, QPainter
from PySide6.QtWidgets import QWidget

from app.ui.charts.chart import Chart, Element
from app.ui.charts.look import FAINT, INK, MARGIN, MUTED, NOTHING, PAPER, ink_on, ramp_color
from app.ui.charts.values import Heading, HeatMap, Target

ROW = 24
COLUMN = 52
LEGEND = 150
WIDEST = 120
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter
NAME_CHARACTERS = 14
TWO_COLUMNS_FROM = 8
STANDING = str.maketrans("（）()《》“”—…", "︵︶︵︶︽︾﹁﹂︱︙")  # signs that turn in upright text


class HeatChart(Chart):
    """Shows a ``HeatMap``. Cells keep a size in which the value can be read; a larger map scrolls."""

    def __init__(self, value: HeatMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._set(value)

    def show_value(self, value: HeatMap) -> None:
        """Show another map."""
        self._set(value)
        self.changed()

    def _set(self, value: HeatMap) -> None:
        self._value = value
        self._image = _image(value)
        self._plot = QRectF()
        self._widest: tuple[int, int] | None = None

    @property
    def heading(self) -> Heading:
        return self._value.heading

    def minimumSizeHint(self) -> QSize:
        width = MARGIN * 2 + self._name_width() + COLUMN * len(self._value.items)
        return QSize(max(width, 420), int(self._top()) + ROW * len(self._value.units) + MARGIN)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def rows(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[Target | None, ...]]:
        rows = tuple(
            (name, *(cell.text for cell in cells))
            for (_, name), cells in zip(self._value.units, self._value.cells, strict=True)
        )
        titles = ("单位", *(name for _, name in self._value.items))
        return titles, rows, tuple(Target(code, "total") for code, _ in self._value.units)

    # ---- layout

    def changeEvent(self, event: QEvent) -> None:
        self._widest = None  # another font, perhaps
        super().changeEvent(event)

    def _name_width(self) -> int:
        return self._widths()[0] + 12

    def _widths(self) -> tuple[int, int]:
        """The widest name of a unit and of an item, measured once: every layout and picture asks for them."""
        if self._widest is None:
            advance = self.fontMetrics().horizontalAdvance
            self._widest = (
                max((advance(name) for _, name in self._value.units), default=80),
                max((advance(name) for _, name in self._value.items), default=0),
            )
        return self._widest

    def _top(self) -> float:
        return self.heading_height() + self._head_height() + 6

    def _head_height(self) -> int:
        """Names of the items: level where the columns are wide, else upright, in at most two columns."""
        if self._level_heads():
            return 2 * self.fontMetrics().height() + 4
        longest = max((len(name) for _, name in self._value.items), default=4)
        lines = longest if longest < TWO_COLUMNS_FROM else min((longest + 1) // 2, NAME_CHARACTERS)
        return max(lines, 4) * self._glyph() + 8

    def _level_heads(self) -> bool:
        """Whether every name fits its column in two level lines."""
        one = self.fontMetrics().horizontalAdvance("宽")
        return self._widths()[1] <= 2 * (self._column_width(self.width()) - one)

    def _column_width(self, width: int) -> float:
        return min((width - 2 * MARGIN - self._name_width()) / max(len(self._value.items), 1), WIDEST)

    def _glyph(self) -> int:
        """Height of one character in an upright name."""
        return self.fontMetrics().ascent() + 2

    def arrange(self, size: QSize) -> Sequence[Element]:
        left = MARGIN + self._name_width()
        columns, rows = max(len(self._value.items), 1), max(len(self._value.units), 1)
        width = self._column_width(size.width()) * columns
        height = min(size.height() - self._top() - MARGIN, 34 * rows)
        self._plot = QRectF(left, self._top(), max(width, columns), max(height, rows))
        return _Cells(self._value, self._plot)

    def element_at(self, place: QPointF) -> int | None:
        _ = self.elements  # laid out
        if not self._value.items or not self._plot.contains(place):
            return None
        width, height = self._cell()
        x, y = int((place.x() - self._plot.left()) // width), int((place.y() - self._plot.top()) // height)
        inside = x < len(self._value.items) and y < len(self._value.units)
        return y * len(self._value.items) + x if inside else None

    # ---- painting

    def moveEvent(self, event: QMoveEvent) -> None:
        """Scrolled: the names stay at the edge of what is seen."""
        self.update()

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        self.draw_heading(painter, max(self.width(), self.minimumSizeHint().width()))
        self._draw_legend(painter)
        painter.drawImage(self._plot, self._image)
        if not self._value.items or not self._value.units:
            return
        width, height = self._cell()
        first = max(int((exposed.top() - self._plot.top()) // height), 0)
        last = min(int((exposed.bottom() - self._plot.top()) // height) + 1, len(self._value.units))
        if width >= 34 and height >= 16:
            left = max(int((exposed.left() - self._plot.left()) // width), 0)
            right = min(int((exposed.right() - self._plot.left()) // width) + 1, len(self._value.items))
            self._draw_cells(painter, range(first, last), range(left, right))
        edge = QPointF() if self.is_picture else QPointF(self.visibleRegion().boundingRect().topLeft())
        self._draw_heads(painter, max(edge.y() - (self._plot.top() - self._head_height() - 4), 0.0))
        if height >= 12:
            self._draw_names(painter, first, last, edge.x())
        if edge.x() > 0 and edge.y() > self._plot.top() - self._head_height():
            corner = QRectF(edge.x(), edge.y(), self._name_width() + MARGIN - 4, self._head_height() + 4)
            painter.fillRect(corner, PAPER)

    def _cell(self) -> tuple[float, float]:
        return self._plot.width() / len(self._value.items), self._plot.height() / len(self._value.units)

    def _draw_names(self, painter: QPainter, first: int, last: int, edge: float) -> None:
        """Names of the units, at the left of the picture or of what is seen of it."""
        _, height = self._cell()
        if edge > 0:
            painter.fillRect(
                QRectF(edge, self._plot.top(), self._name_width() + MARGIN - 4, self._plot.height()), PAPER
            )
        painter.setPen(INK)
        for y in range(first, last):
            where = QRectF(edge + MARGIN, self._plot.top() + height * y, self._name_width() - 8, height)
            painter.drawText(where, RIGHT, self._value.units[y][1])

    def _draw_cells(self, painter: QPainter, rows: range, columns: range) -> None:
        """Values, and the thin white lines between the cells."""
        width, height = self._cell()
        low, span = self._value.low, max(self._value.high - self._value.low, 1e-9)
        painter.setPen(PAPER)
        plot = self._plot
        across = [
            QLineF(plot.left(), at, plot.right(), at) for y in (*rows, rows.stop) if (at := plot.top() + height * y)
        ]
        upright = [
            QLineF(at, plot.top(), at, plot.bottom())
            for x in (*columns, columns.stop)
            if (at := plot.left() + width * x)
        ]
        painter.drawLines(across + upright)
        for y in rows:
            for x in columns:
                cell = self._value.cells[y][x]
                painter.setPen(FAINT if cell.share is None else ink_on((cell.share - low) / span))
                where = QRectF(self._plot.left() + width * x, self._plot.top() + height * y, width, height)
                painter.drawText(where, CENTER, cell.text)

    def _draw_heads(self, painter: QPainter, lowered: float) -> None:
        """Names of the items above the map, or ``lowered`` so far that they stand at the top of what is seen."""
        width = self._plot.width() / max(len(self._value.items), 1)
        if width < 12:
            return
        bottom, level = self._plot.top() - 5 + lowered, self._level_heads()
        if lowered > 0:
            head = self._head_height()
            painter.fillRect(QRectF(self._plot.left(), bottom - head, self._plot.width(), head + 5), PAPER)
        painter.setPen(INK)
        for x, (_, name) in enumerate(self._value.items):
            middle = self._plot.left() + width * (x + 0.5)
            if level:
                height = 2 * self.fontMetrics().height()
                painter.drawText(QRectF(middle - width / 2 + 2, bottom - height, width - 4, height), _HEAD, name)
            else:
                self._draw_upright(painter, name, middle, bottom, width)

    def _draw_upright(self, painter: QPainter, name: str, middle: float, bottom: float, width: float) -> None:
        """Character under character; a second column stands to the left of the first."""
        glyph = self._glyph()
        columns = [part.translate(STANDING) for part in _upright(name, width)]
        for number, part in enumerate(columns):
            left = middle + glyph * (len(columns) / 2 - 1 - number) * 1.1
            top = bottom - glyph * len(columns[0])
            for at, character in enumerate(part):
                painter.drawText(QRectF(left, top + glyph * at, glyph * 1.1, glyph), _GLYPH, character)

    def _draw_legend(self, painter: QPainter) -> None:
        """The ramp with its ends, behind the note: light is low, dark is high."""
        line = self.fontMetrics().height()
        left = MARGIN + self.fontMetrics().horizontalAdvance(self.heading.note) + 24
        bar = QRectF(left, MARGIN + line * 1.5 + 2 + line / 2 - 5, LEGEND, 10)
        painter.drawImage(bar, _ramp())
        painter.setPen(MUTED)
        low = f"{'≤ ' if self._value.low else ''}{self._value.low:.0%}"
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        text = QRectF(bar.right() + 8, bar.center().y() - line / 2, 240, line)
        painter.drawText(text, flags, f"浅 {low}　深 {self._value.high:.0%}")


class _Cells(Sequence[Element]):
    """The cells as elements, row by row; made when one is asked for, because there are thousands."""

    def __init__(self, value: HeatMap, plot: QRectF) -> None:
        self._value, self._plot = value, plot

    def __len__(self) -> int:
        return len(self._value.units) * len(self._value.items)

    @overload
    def __getitem__(self, index: int) -> Element: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Element]: ...

    def __getitem__(self, index: int | slice) -> Element | Sequence[Element]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        y, x = divmod(index, len(self._value.items))
        width, height = self._plot.width() / len(self._value.items), self._plot.height() / len(self._value.units)
        place = QRectF(self._plot.left() + width * x, self._plot.top() + height * y, width, height)
        (code, name), cell = self._value.units[y], self._value.cells[y][x]
        tip = f"{name}\n{self._value.items[x][1]}：{cell.text}\n点击查看依据"
        return Element(place, Target(code, cell.quantity), tip)


_HEAD = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom) | int(Qt.TextFlag.TextWrapAnywhere)
_GLYPH = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextDontClip)


def _upright(name: str, width: float) -> list[str]:
    """The name in one or two upright columns, read from right to left as upright Chinese is."""
    if len(name) < TWO_COLUMNS_FROM or width < 30:
        return [name if len(name) <= NAME_CHARACTERS else name[: NAME_CHARACTERS - 1] + "…"]
    half = min((len(name) + 1) // 2, NAME_CHARACTERS)
    rest = name[half:]
    return [name[:half], rest if len(rest) <= half else rest[: half - 1] + "…"]


SHADES = 256


@cache
def _shades() -> tuple[bytes, ...]:
    """The ramp in 256 steps as pixels; the last entry stands for no value."""
    ramp = [ramp_color(at / (SHADES - 1)) for at in range(SHADES)]
    return tuple(bytes((*color, 255)) for color in (*ramp, (NOTHING.red(), NOTHING.green(), NOTHING.blue())))


def _ramp() -> QImage:
    """The ramp from light to dark, one pixel high."""
    return QImage(b"".join(_shades()[:SHADES]), SHADES, 1, SHADES * 4, QImage.Format.Format_RGBX8888).copy()


def _image(value: HeatMap) -> QImage:
    """One pixel a cell; the painter stretches it."""
    if not value.units or not value.items:
        return QImage(1, 1, QImage.Format.Format_RGB32)
    shades, low, scale = _shades(), value.low, (SHADES - 1) / max(value.high - value.low, 1e-9)

    pixels = b"".join(
        [
            shades[SHADES if (s := cell.share) is None else min(max(int((s - low) * scale), 0), SHADES - 1)]
            for row in value.cells
            for cell in row
        ]
    )
    width, height = len(value.items), len(value.units)
    return QImage(pixels, width, height, width * 4, QImage.Format.Format_RGBX8888).copy()
