"""评议关系: how many raters each unit has in each group, and the matrix of who rates whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain.facts import Evaluator, Unit
from app.domain.progress import Progress
from app.domain.schemes import Group, Scheme
from app.services.changes import Area
from app.services.units import Coverage
from app.ui.colours import BAD_TONE, GOOD_TONE, INFO_TONE, NEUTRAL, WARN_TONE, Tone
from app.ui.tab import Tab
from app.ui.widgets.chips import Chip
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.frozen import FrozenColumns, UprightHeader, wrapped
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.container import Services

GROUP_TONES = (
    INFO_TONE,
    GOOD_TONE,
    Tone("#f6ecd9", "#6b4a00", "#e0cda3"),
    Tone("#efe6f2", "#5b3a68", "#d3bfdb"),
    Tone("#e3f0f0", "#1f5557", "#b4d4d5"),
    NEUTRAL,
)
RECUSED = "避"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit and how many raters it has in each group (in the order of the scheme's groups)."""

    unit: Unit
    counts: tuple[int, ...]
    needed: tuple[int, ...]

    def tone(self, group: int) -> Tone | None:
        """Red for a hole, yellow for too few."""
        if self.counts[group] == 0 and self.needed[group] > 0:
            return BAD_TONE
        return WARN_TONE if self.counts[group] < self.needed[group] else None


@dataclass(frozen=True, slots=True)
class EvaluatorRow:
    """One evaluator: for each unit the numbers of the groups in which he counts; units that he must not score."""

    evaluator: Evaluator
    groups: tuple[tuple[int, ...], ...]
    recused: frozenset[int]


class CoverageTab(Tab["Coverage | None"]):
    id, title = "coverage", "评议关系"
    areas = frozenset({Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.search = SearchField("搜索评议人")
        self.tools.addWidget(self.search)
        self.legend = QWidget()
        self.body.addWidget(self.legend)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "users", "还没有可以对应的单位和评议人", "先在“单位”“评议人”里导入名册，这里会算出谁评谁、哪里没人评。"
            )
        )
        self.parts = QSplitter()
        self.parts.setChildrenCollapsible(False)
        self.stack.addWidget(self.parts)
        self.body.addWidget(self.stack, 1)
        self.counts: Table[UnitRow] | None = None
        self.matrix: Table[EvaluatorRow] | None = None
        self.search.textChanged.connect(self._narrow)

    def loader(self) -> Callable[[Services, Progress], Coverage | None]:
        scheme = self.work.scheme
        return lambda services, progress: services.units.coverage(scheme) if scheme else None

    def search_field(self) -> QLineEdit | None:
        return self.search

    def show_data(self, data: Coverage | None) -> None:
        scheme = self.work.scheme_document(data.scheme) if data else None
        if data is None or scheme is None or not data.units or not data.evaluators:
            self.subtitle.clear()
            self.stack.setCurrentIndex(0)
            return
        self.subtitle.setText(sentence(data))
        groups = groups_of(data, scheme)
        self._show_legend(groups)
        self._replace(self._counts_table(data, groups), self._matrix_table(data, groups))
        self.stack.setCurrentIndex(1)

    def reveal(self, target: str) -> None:
        if self.counts is not None:
            self.counts.go_to(lambda row: row.unit.code == target)

    # ---- inside

    def _replace(self, counts: QWidget, matrix: QWidget) -> None:
        while self.parts.count():
            old = self.parts.widget(0)
            old.setParent(None)
            old.deleteLater()
        self.parts.addWidget(counts)
        self.parts.addWidget(matrix)
        self.parts.setStretchFactor(0, 0)
        self.parts.setStretchFactor(1, 1)
        self.parts.setSizes([500, 620])

    def _show_legend(self, groups: tuple[Group, ...]) -> None:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for number, group in enumerate(groups):
            line.addWidget(Chip(mark_of(number), tone_of_group(number)))
            line.addWidget(label(group.name, "soft"))
            line.addSpacing(6)
        line.addWidget(Chip(RECUSED, NEUTRAL))
        line.addWidget(label("回避", "soft"))
        line.addStretch(1)
        self.body.replaceWidget(self.legend, made)
        self.legend.hide()
        self.legend.deleteLater()
        self.legend = made

    def _counts_table(self, data: Coverage, groups: tuple[Group, ...]) -> QWidget:
        columns: list[Column[UnitRow]] = [
            Column(
                key="unit",
                title="单位",
                text=lambda r: r.unit.name,
                sort=lambda r: r.unit.order,
                width=120,
                stretch=True,
            )
        ]
        columns += [_count_column(number, group) for number, group in enumerate(groups)]
        table = Table(columns, row_height=26)
        table.horizontalHeader().setFixedHeight(64)
        table.show_rows(unit_rows(data, groups))
        table.picked.connect(self._show_unit)
        self.counts = table
        return _titled("各组评议人数（红：无人评，黄：人过少）", table, right=14)

    def _matrix_table(self, data: Coverage, groups: tuple[Group, ...]) -> QWidget:
        first: Column[EvaluatorRow] = Column(
            key="evaluator",
            title="评议人",
            text=lambda r: r.evaluator.name,
            sort=lambda r: r.evaluator.order,
            width=150,
        )
        columns = [first, *(_unit_column(at, unit, groups) for at, unit in enumerate(data.units))]
        table = Table(columns, select="cells", row_height=26, sortable=False)
        header = UprightHeader(table)
        table.setHorizontalHeader(header)
        header.setFixedHeight(header.sizeHint().height())
        for at, column in enumerate(columns):
            table.setColumnWidth(at, column.width)
        table.show_rows(evaluator_rows(data))
        self.frozen = FrozenColumns(table)
        self.frozen.setHorizontalHeader(UprightHeader(self.frozen))
        self.frozen.place()
        self.matrix = table
        self._narrow()
        return _titled("谁评谁（每行一名评议人，每列一家单位）", table, left=14)

    def _show_unit(self, row: UnitRow) -> None:
        """Bring the unit's column of the matrix into sight."""
        if self.matrix is None or not self.matrix.contents.rowCount():
            return
        at = next((i for i, c in enumerate(self.matrix.contents.columns) if c.key == row.unit.code), 0)
        self.matrix.selectColumn(at)
        self.matrix.scrollTo(self.matrix.contents.index(max(self.matrix.rowAt(1), 0), at))

    def _narrow(self) -> None:
        if self.matrix is not None:
            self.matrix.narrow(self.search.text())


# ---- pure


def groups_of(data: Coverage, scheme: Scheme) -> tuple[Group, ...]:
    """The scheme's groups in the order of the coverage."""
    known = {group.id: group for group in scheme.groups}
    return tuple(known.get(group, Group(id=group, name=group)) for group in data.group_ids)


def unit_rows(data: Coverage, groups: tuple[Group, ...]) -> list[UnitRow]:
    """Counts per unit; needed comes from the holes and thin cells."""
    needed = {(cell.unit, cell.group): max(cell.needed, 1) for cell in (*data.holes, *data.thin)}
    return [
        UnitRow(
            unit,
            tuple(data.counts.get((unit.code, group.id), 0) for group in groups),
            tuple(needed.get((unit.code, group.id), 0) for group in groups),
        )
        for unit in data.units
    ]


def evaluator_rows(data: Coverage) -> list[EvaluatorRow]:
    """The matrix row by row."""
    numbers = {group: number for number, group in enumerate(data.group_ids)}
    return [
        EvaluatorRow(
            evaluator,
            tuple(tuple(numbers[g] for g in cell) for cell in cells),
            frozenset(at for at, unit in enumerate(data.units) if (evaluator.code, unit.code) in data.recused),
        )
        for evaluator, cells in zip(data.evaluators, data.groups, strict=True)
    ]


def sentence(data: Coverage) -> str:
    """The coverage in one line."""
    text = f"{len(data.units)} 家单位，{len(data.evaluators)} 名评议人"
    if not data.holes and not data.thin:
        return text + "，各组都有足够的人评。"
    parts = [f"{len(data.holes)} 处无人评" if data.holes else "", f"{len(data.thin)} 处人过少" if data.thin else ""]
    return f"{text}，{'，'.join(p for p in parts if p)}。"


def mark_of(group: int) -> str:
    """The letter that stands for a group in the matrix."""
    return chr(ord("A") + group % 26)


def tone_of_group(group: int) -> Tone:
    """The colours of a group; the letter is always there too."""
    return GROUP_TONES[group % len(GROUP_TONES)]


def _count_column(number: int, group: Group) -> Column[UnitRow]:
    return Column(
        key=group.id,
        title=wrapped(group.name, 4, 3),
        text=lambda r: str(r.counts[number]) if r.counts[number] or r.needed[number] else "—",
        sort=lambda r: r.counts[number],
        tone=lambda r: r.tone(number),
        tip=lambda r: (
            f"{r.unit.name}：{group.name} {r.counts[number]} 人"
            + (f"，至少应有 {r.needed[number]} 人" if r.counts[number] < r.needed[number] else "")
        ),
        width=84,
        align="center",
        head_tip=group.name,
    )


def _unit_column(at: int, unit: Unit, groups: tuple[Group, ...]) -> Column[EvaluatorRow]:
    def text(row: EvaluatorRow) -> str:
        return RECUSED if at in row.recused else "".join(mark_of(g) for g in row.groups[at])

    def tone(row: EvaluatorRow) -> Tone | None:
        if at in row.recused:
            return NEUTRAL
        return tone_of_group(row.groups[at][0]) if row.groups[at] else None

    def tip(row: EvaluatorRow) -> str:
        names = "、".join(groups[g].name for g in row.groups[at])
        state = "回避" if at in row.recused else (f"在“{names}”组评分" if names else "不评")
        return f"{row.evaluator.name} → {unit.name}：{state}"

    return Column(
        key=unit.code, title=unit.name, text=text, tone=tone, tip=tip, width=34, align="center", head_tip=unit.name
    )


def _titled(title: str, table: QWidget, left: int = 0, right: int = 0) -> QWidget:
    box = QWidget()
    rows = QVBoxLayout(box)
    rows.setContentsMargins(left, 0, right, 0)
    rows.setSpacing(6)
    rows.addWidget(label(title, "strong"))
    rows.addWidget(table, 1)
    return box
