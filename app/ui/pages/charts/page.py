"""The page 图表."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.domain.progress import Progress
from app.domain.results import SeriesResult
from app.services.changes import Area
from app.services.results import Snapshot
from app.services.year import YearInfo
from app.ui.charts.building import ChartSource, distribution, heat_map, quantity_names, radar, ranking_bars, scatter
from app.ui.charts.look import png_of
from app.ui.charts.scatter import ScatterChart
from app.ui.charts.values import Target
from app.ui.page import Page
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.frozen import wrapped
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.container import Services
    from app.ui.charts.chart import Chart

WIDE = 980  # pixels from which chart and table stand side by side
KINDS = (
    ("ranking", "排名"),
    ("heat", "得分率"),
    ("radar", "与系列比较"),
    ("grades", "等次分布"),
    ("scatter", "两项对照"),
)
# Which choices a chart asks for.
CHOICES = {
    "ranking": ("series",),
    "heat": ("series",),
    "radar": ("series", "unit"),
    "grades": (),
    "scatter": ("x", "y"),
}


@dataclass(frozen=True, slots=True)
class ChartData:
    """The newest result and the names of its units."""

    snapshot: Snapshot | None
    names: dict[str, str]
    info: YearInfo


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the table beside a chart."""

    texts: tuple[str, ...]
    target: Target | None


class ChartsPage(Page[ChartData]):
    id, title, icon, manual = "charts", "图表", "chart-column", "图表"
    areas = frozenset({Area.RESULTS, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.source: ChartSource | None = None
        self.chart: Chart | ScatterChart | None = None
        self.table: Table[TableRow] | None = None
        self._table_wanted: bool | None = None
        self.copy = Command(self, "复制图片", self._copy, icon="copy", tip="把图复制到剪贴板，可粘贴到 Word、WPS")
        self.save = Command(self, "导出 PNG…", self._save, icon="download", tip="把图存为图片文件")
        self.show_table = Command(self, "数据表", self._toggle_table, icon="columns-3", tip="显示或隐藏图旁的数据表")
        for command in (self.show_table, self.copy, self.save):
            self.tools.addWidget(command.button())
        self.kinds = QTabBar()
        self.kinds.setExpanding(False)
        self.kinds.setDrawBase(False)
        for _, name in KINDS:
            self.kinds.addTab(name)
        self.body.addWidget(self.kinds)
        self.body.addLayout(self._choice_line())
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "chart-column",
                "还没有可以画的结果",
                "先在“结果”页计算一次，这里就会画出排名、得分率、系列比较和等次分布。",
            )
        )
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setChildrenCollapsible(False)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.parts.addWidget(self.area)
        self.beside = QWidget()
        self.beside_rows = QVBoxLayout(self.beside)
        self.beside_rows.setContentsMargins(0, 0, 0, 0)
        self.parts.addWidget(self.beside)
        self.parts.setStretchFactor(0, 1)
        self.parts.setSizes([700, 382])
        self.stack.addWidget(self.parts)
        self.body.addWidget(self.stack, 1)
        self.kinds.currentChanged.connect(self._draw)

    def _choice_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.boxes: dict[str, QComboBox] = {}
        self.box_labels: dict[str, QWidget] = {}
        for key, name in (("series", "系列"), ("unit", "单位"), ("x", "横轴"), ("y", "竖轴")):
            self.boxes[key] = QComboBox()
            self.boxes[key].setMinimumWidth(150)
            self.boxes[key].setMaxVisibleItems(20)
            self.box_labels[key] = label(name, "soft")
            line.addWidget(self.box_labels[key])
            line.addWidget(self.boxes[key])
        self.boxes["series"].currentIndexChanged.connect(self._series_chosen)
        for key in ("unit", "x", "y"):
            self.boxes[key].currentIndexChanged.connect(self._draw)
        line.addStretch(1)
        return line

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], ChartData]:
        return lambda services, progress: ChartData(
            services.results.current(),
            {unit.code: unit.name for unit in services.units.units()},
            services.year.info(),
        )

    def show_data(self, data: ChartData) -> None:
        scheme = self.work.scheme_document()
        results = data.snapshot.results.schemes if data.snapshot else ()
        result = next((r for r in results if scheme is not None and r.scheme == scheme.id), None)
        if scheme is None or result is None:
            self.source = None
            self.stack.setCurrentIndex(0)
        else:
            self.source = ChartSource(scheme=scheme, result=result, names=data.names, practice=data.info.practice)
            self._fill_choices(self.source)
            self.stack.setCurrentIndex(1)
        why = "" if self.source else "还没有计算过结果。"
        for command in (self.copy, self.save, self.show_table):
            command.set_reason(why)
        self.subtitle.setText(f"第 {data.snapshot.info.version} 版结果" if data.snapshot else "")
        self._draw()

    def reveal(self, target: str) -> None:
        """A unit: its radar."""
        unit = target.removeprefix("unit:")
        at = next((i for i, s in enumerate(self._all_series()) if unit in s.order), -1)
        if at >= 0:
            self.boxes["series"].setCurrentIndex(at)
            self.boxes["unit"].setCurrentIndex(self.boxes["unit"].findData(unit))
            self.show_kind("radar")

    def show_kind(self, kind: str) -> None:
        """Bring one of the charts to the front."""
        self.kinds.setCurrentIndex(next(i for i, (key, _) in enumerate(KINDS) if key == kind))

    @property
    def kind(self) -> str:
        """Which chart is in front."""
        return KINDS[self.kinds.currentIndex()][0]

    def _all_series(self) -> tuple[SeriesResult, ...]:
        return self.source.result.series if self.source else ()

    def _series(self) -> SeriesResult | None:
        series, at = self._all_series(), self.boxes["series"].currentIndex()
        return series[at] if 0 <= at < len(series) else None

    def _fill_choices(self, source: ChartSource) -> None:
        _fill(
            self.boxes["series"],
            [(s.series, f"{s.series or '全部单位'}（{len(s.order)}）") for s in source.result.series],
        )
        axes = list(quantity_names(source.scheme).items())
        for key, first in (("x", 1), ("y", 0)):
            _fill(self.boxes[key], axes, axes[min(first, len(axes) - 1)][0])
        self._fill_units()

    def _fill_units(self) -> None:
        series = self._series()
        if series is not None and self.source is not None:
            _fill(self.boxes["unit"], [(unit, self.source.name(unit)) for unit in series.order])

    def _series_chosen(self) -> None:
        self._fill_units()
        self._draw()

    # ---- drawing

    def _draw(self) -> None:
        for key, box in self.boxes.items():
            wanted = key in CHOICES[self.kind] and self.source is not None
            box.setVisible(wanted)
            self.box_labels[key].setVisible(wanted)
        if self.source is None:
            return
        made = self._make(self.source)
        if made is None:
            return
        made.picked.connect(self._picked)
        self.chart = made
        self._make_room()
        self.area.setWidget(made)  # the scroll area deletes the chart that was there
        self._show_rows()

    def _make(self, source: ChartSource) -> Chart | ScatterChart | None:
        from app.ui.charts.bars import RankingChart
        from app.ui.charts.grades import GradesChart
        from app.ui.charts.heat import HeatChart
        from app.ui.charts.radar import RadarChart

        series, kind = self._series(), self.kind
        if kind == "scatter":
            x, y = (str(self.boxes[key].currentData()) for key in ("x", "y"))
            return ScatterChart(scatter(source, x, y))
        if kind == "grades":
            return GradesChart(distribution(source))
        if series is None or not series.order:
            return None
        if kind == "heat":
            return HeatChart(heat_map(source, series))
        if kind == "radar":
            return RadarChart(radar(source, series, str(self.boxes["unit"].currentData() or series.order[0])))
        return RankingChart(ranking_bars(source, series))

    def _show_rows(self) -> None:
        """The table beside the chart."""
        assert self.chart is not None
        titles, rows, targets = self.chart.rows()
        if self.table is not None:
            self.beside_rows.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.table = Table([_column(at, title) for at, title in enumerate(titles)], row_height=26)
        lines = max(wrapped(title, 5).count("\n") + 1 for title in titles)
        self.table.horizontalHeader().setFixedHeight(15 + 18 * lines)
        self.table.show_rows(TableRow(texts, target) for texts, target in zip(rows, targets, strict=True))
        self.table.clicked.connect(self._row_clicked)
        self.table.opened.connect(self._row_opened)
        self.table.summed.connect(self.work.sum_up)
        self.beside_rows.addWidget(self.table)

    def _toggle_table(self) -> None:
        self._table_wanted = self.beside.isHidden()
        self.beside.setVisible(self._table_wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """On a narrow page the chart has the room, and so has the heat map, which says every value itself; until the
        user asks for the table."""
        if self._table_wanted is None:
            self.beside.setVisible(self.width() >= WIDE and self.kind != "heat")

    # ---- pointing, pictures

    def _picked(self, target: Target) -> None:
        if self.source is not None:
            self.work.explain(self.source.scheme.id, target.unit, target.quantity)

    def _row_clicked(self, index: QModelIndex) -> None:
        if self.table is not None:
            self._row_opened(self.table.contents.row(index), "")

    def _row_opened(self, row: TableRow, key: str) -> None:
        if row.target is not None:
            self._picked(row.target)

    def _copy(self) -> None:
        if self.chart is not None:
            self.chart.copy_picture()
            self.work.notices.say("图片已复制，可以粘贴到 Word、WPS 或 Excel。")

    def _save(self) -> None:
        if self.chart is None:
            return
        name = self.chart.heading.title.replace("/", "、").replace("：", "_")
        path = self.work.notices.save_file("导出图片", "图片 (*.png)", f"{name}.png")
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write the chart in front as PNG."""
        if self.chart is None:
            return
        title, png = self.chart.heading.title, png_of(self.chart.picture())
        self.change(
            "正在写图片…",
            lambda s, p: s.exports.picture(path, png, title),
            lambda written: self.work.notices.say(f"图片已写出：{written}"),
        )


def _fill(box: QComboBox, choices: list[tuple[str, str]], first: str | None = None) -> None:
    """New choices; what was chosen stays chosen when it is still there."""
    kept = box.currentData()
    box.blockSignals(True)
    box.clear()
    for key, name in choices:
        box.addItem(name, key)
    at = box.findData(kept) if kept is not None else -1
    box.setCurrentIndex(at if at >= 0 else max(box.findData(first), 0))
    box.blockSignals(False)


def _column(at: int, title: str) -> Column[TableRow]:
    number = at > 0 and title not in ("单位", "等次", "调整前", "限额", "名额")
    first = title in ("单位", "系列", "项目")
    return Column(
        key=str(at),
        title=wrapped(title, 5),
        text=lambda r: r.texts[at],
        tip=lambda r: r.texts[at],
        sort=lambda r: _sorting(r.texts[at]),
        align="right" if number and not first else "left",
        width=150 if first else 84,
        least=112
        if first
        else max(64 if number else 54, 13 * max(len(line) for line in wrapped(title, 5).split("\n")) + 18),
        head_tip=title,
    )


def _sorting(text: str) -> tuple[int, float | str]:
    """Numbers by size, words after them."""
    try:
        return 0, float(text.rstrip("%=家 "))
    except ValueError:
        return 1, text
