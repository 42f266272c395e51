"""The ranking: grade chips, the quota lines drawn between the rows; a click on a figure asks for its 依据."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen

from app.domain.schemes import Part, Scheme, walk
from app.ui import colours, style
from app.ui.colours import NEUTRAL, WARN_TONE, Tone, colour
from app.ui.pages.results.rows import DrawnLine, ResultRow, further_ranks, main_parts
from app.ui.widgets.chips import tone_of
from app.ui.widgets.frozen import FrozenColumns, wrapped
from app.ui.widgets.table import Column, Table

ROW_HEIGHT = 30
MOST_RANKS = 2  # so many further rankings are shown unasked
QUANTITIES = {"rank": "rank", "total": "total", "before": "grade", "after": "grade", "name": "grade", "remark": "grade"}


class RankingTable(Table[ResultRow]):
    """Shows one series. explained (row, quantity id): the user wants to know where a figure comes from."""

    explained = Signal(object, str)

    def __init__(self, scheme: Scheme) -> None:
        super().__init__(columns_of(scheme), select="cells", row_height=ROW_HEIGHT)
        self.setShowGrid(False)
        lines = max(column.title.count("\n") + 1 for column in self.contents.columns)
        self.horizontalHeader().setFixedHeight(20 + 19 * max(lines, 1))
        self.horizontalHeader().setStretchLastSection(True)
        self._lines: Sequence[DrawnLine] = ()
        self.frozen = RankingFrozen(self)
        self.clicked.connect(self._clicked)
        self.opened.connect(self._opened)
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)

    def show_lines(self, lines: Sequence[DrawnLine]) -> None:
        """Draw these quota lines, while the rows stand in the order of the result."""
        self._lines = lines
        self.viewport().update()
        self.frozen.viewport().update()

    def drawn_lines(self) -> list[tuple[int, DrawnLine]]:
        """The lines that are drawn now, each with its height in the viewport."""
        if self.horizontalHeader().sortIndicatorSection() >= 0 or self.contents.rowCount() != len(self.contents.rows):
            return []
        drawn: list[tuple[int, DrawnLine]] = []
        for line in self._lines:
            if line.after >= 0:
                rect = self.visualRect(self.contents.index(line.after, 0))
                drawn.append((rect.bottom(), line))
        return drawn

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setFont(style.font(11))
        keys = [column.key for column in self.contents.columns]
        right = self.columnViewportPosition(keys.index("total")) - 4  # between numbers: no chip is covered there
        for y, line in self.drawn_lines():
            draw_line(painter, y, self.viewport().width())
            width = painter.fontMetrics().horizontalAdvance(line.text) + 12
            tag = tag_rect(y, right, width)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(colours.ACCENT))
            painter.drawRoundedRect(tag, 3, 3)
            painter.setPen(Qt.GlobalColor.white)
            flags = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextDontClip.value
            painter.drawText(tag, flags, line.text)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.end()

    def _clicked(self, index: QModelIndex) -> None:
        self._opened(self.contents.row(index), self.contents.columns[index.column()].key)

    def _opened(self, row: ResultRow, key: str) -> None:
        quantity = QUANTITIES.get(key, key)
        if key in ("adjustment", "recorded"):
            first = next(iter(row.effective if key == "adjustment" else row.recorded), None)
            quantity = f"grade/{first.adjustment}" if first else "grade"
        self.explained.emit(row, quantity)


class RankingFrozen(FrozenColumns):
    """Rank and unit stay in sight; the quota lines run through them, too."""

    def __init__(self, table: RankingTable) -> None:
        self._ranking = table
        super().__init__(table, 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        for y, _ in self._ranking.drawn_lines():
            draw_line(painter, y, self.viewport().width())
        painter.end()


def draw_line(painter: QPainter, y: int, width: int) -> None:
    """One quota line across the whole width."""
    painter.setPen(QPen(colour(colours.ACCENT), 1.5))
    painter.drawLine(0, y, width, y)


def tag_rect(y: int, right: int, width: int) -> QRect:
    """Where the words of a quota line at height y stand: between the figures of the rows above and below."""
    return QRect(right - width, y - 7, width, 16)


def columns_of(scheme: Scheme) -> list[Column[ResultRow]]:
    """The columns of a scheme's ranking."""
    start: list[Column[ResultRow]] = [
        Column(
            key="rank",
            title="名次",
            text=lambda r: r.rank,
            sort=lambda r: r.result.rank,
            align="center",
            width=56,
            strong=True,
        ),
        Column(
            key="name",
            title="单位",
            text=lambda r: r.name,
            sort=lambda r: r.place,
            tip=lambda r: r.name,
            width=138,
            least=100,
            strong=True,
        ),
    ]
    ladder: list[Column[ResultRow]] = [
        Column(
            key="total",
            title="总分",
            text=lambda r: r.total,
            sort=lambda r: r.result.total.value,
            align="right",
            width=76,
            least=66,
            strong=True,
        ),
        Column(
            key="before",
            title="调整前",
            text=lambda r: r.before if r.result.grade.by_quota else "—",
            tone=_before_tone,
            align="center",
            width=76,
            least=64,
        ),
        Column(
            key="after", title="等次", text=lambda r: r.after, tone=_after_tone, sort=_rung, align="center", width=98
        ),
        Column(
            key="adjustment",
            title="调整",
            text=lambda r: r.adjustment or "—",
            tip=lambda r: "\n".join(a.sentence for a in r.effective),
            ink=lambda r: colours.BAD if r.effective else colours.TEXT_FAINT,
            width=186,
            least=96,
        ),
        *_recorded(scheme),
        Column(key="remark", title="备注", text=lambda r: r.remark, tip=lambda r: r.remark_tip, width=130, least=60),
    ]
    code: Column[ResultRow] = Column(key="code", title="编码", text=lambda r: r.result.unit, width=90, hidden=True)
    shown = main_parts(scheme)
    parts = [column for part in shown for column in _part_columns(part)]
    inner = [part for part in (*walk(scheme.tree)[1:], *scheme.measures) if part not in shown and part.normalisation]
    # Parts deeper in the tree whose values are brought to one measure: both values can be shown by the head's menu.
    deeper = [replace(column, hidden=True) for part in inner for column in _part_columns(part)]
    root = [_before_column(scheme.tree, "总分")] if scheme.tree.normalisation else []
    ranks = further_ranks(scheme)
    more = [_rank_column(quantity, name, hidden=len(ranks) > MOST_RANKS) for quantity, name in ranks]
    return [*start, *parts, *deeper, *root, *ladder[:1], *more, *ladder[1:], code]


def _part_columns(part: Part) -> list[Column[ResultRow]]:
    """The value of a part; the one before it was brought to one measure stands on its left."""
    own = _part_column(part)
    return [_before_column(part, part.name), own] if part.normalisation is not None else [own]


def _before_column(part: Part, name: str) -> Column[ResultRow]:
    quantity = f"before:{part.id}"
    return Column(
        key=quantity,
        title=f"{wrapped(name, 4, 2)}\n换算前",
        text=lambda r: r.figure(quantity),
        sort=lambda r: _value(r, quantity),
        ink=lambda r: colours.TEXT_SOFT,
        align="right",
        width=74,
        head_tip=f"{name}：统一口径之前的值",
    )


def _rank_column(quantity: str, name: str, *, hidden: bool) -> Column[ResultRow]:
    return Column(
        key=quantity,
        title=f"{wrapped(name, 4, 2)}\n名次",
        text=lambda r: r.figure(quantity),
        sort=lambda r: _value(r, quantity),
        align="center",
        width=70,
        hidden=hidden,
        head_tip=f"按“{name}”另排的名次",
    )


def _recorded(scheme: Scheme) -> list[Column[ResultRow]]:
    """What is only recorded, as chips; no column where the scheme has no such rule."""
    if not any(rule.effect == "remark" for rule in scheme.adjustments):
        return []
    return [
        Column(
            key="recorded",
            title="记录",
            text=lambda r: "；".join(dict.fromkeys(a.name for a in r.recorded)),
            tone=lambda r: WARN_TONE if r.recorded else None,
            tip=lambda r: "\n".join(a.sentence for a in r.recorded),
            align="center",
            width=120,
        )
    ]


def _value(row: ResultRow, quantity: str) -> object:
    found = row.result.parts.get(quantity)
    return None if found is None else found.value


def _part_column(part: Part) -> Column[ResultRow]:
    def value(row: ResultRow) -> object:
        quantity = row.result.parts.get(part.id)
        return None if quantity is None else quantity.value

    return Column(
        key=part.id,
        title=wrapped(part.name, 4, 3),
        text=lambda r: r.part(part),
        sort=value,
        tip=lambda r: q.reason if (q := r.result.parts.get(part.id)) is not None and q.value is None else "",
        align="right",
        width=74,
        least=66,
        head_tip="\n".join(text for text in (part.name, part.note) if text),
    )


def _before_tone(row: ResultRow) -> Tone | None:
    grade = row.result.grade
    return tone_of(row.scheme, grade.by_quota) if grade.by_quota and grade.by_quota != grade.final else None


def _after_tone(row: ResultRow) -> Tone | None:
    grade = row.result.grade
    if grade.pending and not grade.manual:
        return WARN_TONE
    return tone_of(row.scheme, grade.final) if grade.final else NEUTRAL


def _rung(row: ResultRow) -> int | None:
    ids = [grade.id for grade in row.scheme.ladder.grades]
    return ids.index(row.result.grade.final) if row.result.grade.final in ids else None
