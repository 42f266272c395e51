"""进度: evaluators against levels, how far each sheet is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from app.domain.progress import Progress
from app.domain.schemes import Scheme
from app.services.changes import Area
from app.services.returns import SheetProgress, SheetState, SheetStatus
from app.ui.colours import Tone
from app.ui.pages.sheets.words import STATUS, STATUS_TONES, how_far, state_tip
from app.ui.tab import Tab
from app.ui.widgets.chips import Chip
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.container import Services

BACK = (SheetStatus.RETURNED, SheetStatus.GAPS)


@dataclass(frozen=True, slots=True)
class EvaluatorRow:
    """One evaluator and his sheet under each scheme that he has one for. place: his number in official order."""

    evaluator: str
    name: str
    sheets: dict[str, SheetState]
    place: int = 0


class ProgressTab(Tab[SheetProgress]):
    id, title = "progress", "进度"
    areas = frozenset({Area.SHEETS, Area.UNITS, Area.SCHEMES})

    def build(self) -> None:
        self.search = SearchField("搜索评议人")
        self.filter = QComboBox()
        self.filter.addItem("全部", None)
        for status, name in STATUS.items():
            self.filter.addItem(f"有“{name}”的", status)
        self.copy_missing = Command(
            self,
            "复制未收回名单",
            self._copy_missing,
            icon="copy",
            tip="把还没有收回评分表的评议人复制为文字，便于催办",
        )
        self.tools.addWidget(self.filter)
        self.tools.addWidget(self.search)
        self.tools.addWidget(self.copy_missing.button())
        self.sums = QWidget()
        self.body.addWidget(self.sums)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "clipboard-check",
                "还没有评分表",
                "先在“发表”里写出评分表；收回后在“导入”里导入，这里显示每个人收到哪一步。",
            )
        )
        self.body.addWidget(self.stack, 1)
        self.table: Table[EvaluatorRow] | None = None
        self.columns: tuple[str, ...] = ()
        self.search.textChanged.connect(self._narrow)
        self.filter.currentIndexChanged.connect(self._narrow)

    def loader(self) -> Callable[[Services, Progress], SheetProgress]:
        return lambda services, progress: services.sheets.progress()

    def search_field(self) -> QLineEdit | None:
        return self.search

    def show_data(self, data: SheetProgress) -> None:
        self.data = data
        self._show_sums(data)
        schemes = [s for s in self.work.schemes if any(state.scheme == s.id for state in data.sheets)]
        if self.table is None or self.columns != tuple(s.id for s in schemes):
            self._make_table(schemes)
        assert self.table is not None
        self.table.show_rows(rows_of(data))
        self._narrow()
        self.stack.setCurrentIndex(1 if data.sheets else 0)
        missing = any(state.status not in BACK for state in data.sheets)
        self.copy_missing.set_reason("" if missing else "没有未收回的评分表。")

    def reveal(self, target: str) -> None:
        if self.table is not None:
            self.table.go_to(lambda row: row.evaluator == target or any(s.sheet == target for s in row.sheets.values()))

    # ---- inside

    def _make_table(self, schemes: list[Scheme]) -> None:
        if self.table is not None:
            self.stack.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.columns = tuple(s.id for s in schemes)
        name: Column[EvaluatorRow] = Column(
            key="name",
            title="评议人",
            text=lambda r: r.name,
            sort=lambda r: r.place,
            width=220,
            stretch=True,
            strong=True,
        )
        code: Column[EvaluatorRow] = Column(key="code", title="编码", text=lambda r: r.evaluator, width=90, hidden=True)
        cells: Column[EvaluatorRow] = Column(
            key="cells",
            title="分数（已收/应收）",
            text=lambda r: f"{sum(s.returned for s in r.sheets.values())}/{sum(s.expected for s in r.sheets.values())}",
            sort=lambda r: sum(s.expected - s.returned for s in r.sheets.values()),
            align="right",
            width=160,
        )
        self.table = Table((name, *(_scheme_column(s) for s in schemes), cells, code), select="cells")
        self.table.clicked.connect(self._clicked)
        self.table.opened.connect(self._opened)
        self.stack.addWidget(self.table)

    def _show_sums(self, data: SheetProgress) -> None:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        counted = Counter(state.status for state in data.sheets)
        for status, name in STATUS.items():
            if counted[status]:
                line.addWidget(Chip(f"{name} {counted[status]}", STATUS_TONES[status]))
        if data.sheets:
            line.addWidget(label("点一格可以打开该评分表", "small"))
        line.addStretch(1)
        self.body.replaceWidget(self.sums, made)
        self.sums.hide()
        self.sums.deleteLater()
        self.sums = made
        back = sum(counted[status] for status in BACK)
        self.subtitle.setText(
            f"共 {len(data.sheets)} 份，收回 {back} 份；分数 {data.returned}/{data.expected}" if data.sheets else ""
        )

    def _narrow(self) -> None:
        if self.table is None:
            return
        status = self.filter.currentData()
        self.table.narrow(
            self.search.text(), lambda row: status is None or any(s.status == status for s in row.sheets.values())
        )

    def _clicked(self, index: QModelIndex) -> None:
        if self.table is not None and index.column() > 0:
            self._opened(self.table.contents.row(index), self.table.contents.columns[index.column()].key)

    def _opened(self, row: EvaluatorRow, key: str) -> None:
        if key in row.sheets:
            self.work.choose_scheme(key)
            self.work.go("sheets", f"grid:{row.evaluator}")

    def _copy_missing(self) -> None:
        lines = [f"{s.evaluator_name}\t{_told(s)}\t{s.sheet}" for s in self.data.sheets if s.status not in BACK]
        QGuiApplication.clipboard().setText("评议人\t状态\t评分表\r\n" + "\r\n".join(lines) + "\r\n")
        self.work.notices.say(f"已复制 {len(lines)} 份未收回的评分表。")


def rows_of(data: SheetProgress) -> list[EvaluatorRow]:
    """One row per evaluator, in official order, in which the sheets of a scheme come; those of the highest level first."""
    names: dict[str, str] = {}
    sheets: dict[str, dict[str, SheetState]] = {}
    levels = list(dict.fromkeys(state.scheme for state in data.sheets))
    for state in sorted(data.sheets, key=lambda s: levels.index(s.scheme), reverse=True):
        names.setdefault(state.evaluator, state.evaluator_name)
        sheets.setdefault(state.evaluator, {})[state.scheme] = state
    return [EvaluatorRow(code, names[code], sheets[code], place) for place, code in enumerate(names)]


def _scheme_column(scheme: Scheme) -> Column[EvaluatorRow]:
    def tone(row: EvaluatorRow) -> Tone | None:
        state = row.sheets.get(scheme.id)
        return STATUS_TONES[state.status] if state else None

    return Column(
        key=scheme.id,
        title=scheme.level_name or scheme.name,
        text=lambda r: how_far(r.sheets[scheme.id]) if scheme.id in r.sheets else "",
        tone=tone,
        tip=lambda r: state_tip(r.sheets[scheme.id]) if scheme.id in r.sheets else "没有这一层级的评分表",
        sort=lambda r: r.sheets[scheme.id].returned if scheme.id in r.sheets else None,
        width=170,
        align="center",
        head_tip=scheme.name,
    )


def _told(state: SheetState) -> str:
    """The state in a list of what is missing; what was handed back with the day."""
    day = f" {state.handed_back[:10]}" if state.handed_back else ""
    return f"{STATUS[state.status]}{day}"
