"""试算 beside the tree: the results of the shown scheme on the facts of the year, on made-up ones, or on another year's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from app.domain.errors import AppError
from app.domain.facts import Unit
from app.domain.progress import Progress
from app.domain.scheme_editing import number
from app.domain.schemes import Scheme
from app.services.container import Services
from app.services.figures import shown
from app.services.schemes import Trial, TrialWay
from app.services.what_if import Figures, WhatIf
from app.ui.pages.schemes.chosen_fields import QuietCombo
from app.ui.pages.schemes.draft import Draft
from app.ui.widgets.chips import grade_name, tone_of
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label
from app.ui.workspace import Workspace

WAYS = (
    ("real", "现有数据"),
    ("stated", "都给满分的几成"),
    ("random", "随机分数"),
    ("other_year", "其他年度的数据…"),
)
YEARS = "年度文件 (*.slk)"
SOON = 40
_SERIES = 1  # the place of its column; hidden where all units are of one series


@dataclass(frozen=True, slots=True)
class Line:
    """A unit before the changes and now."""

    unit: str
    name: str
    series: str
    before: Figures
    now: Figures


class TryOut(QFrame):
    """Follows the draft from its start on. explained (unit): somebody wants to know how a figure came about."""

    explained = Signal(str)

    def __init__(self, work: Workspace, draft: Draft) -> None:
        super().__init__()
        self.work, self.draft = work, draft
        self._what_if: WhatIf | None = None
        self._trial: Trial | None = None
        self._path: Path | None = None
        self._seed = 1
        self._asked = 0
        self.register: dict[str, Unit] = {}  # by code; the page puts them in
        self._begin: dict[str, Figures] = {}
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        across = QHBoxLayout()
        across.setSpacing(8)
        self.way = QuietCombo()
        for key, word in WAYS:
            self.way.addItem(word, key)
        self.percent = QLineEdit("85")
        self.percent.setFixedWidth(54)
        self.percent.setToolTip("每个评议人都给满分的百分之几")
        self.percent_word = label("%", "soft")
        self.again = button("换一组", tip="另取一组随机分数")
        across.addWidget(self.way)
        across.addWidget(self.percent)
        across.addWidget(self.percent_word)
        across.addWidget(self.again)
        across.addStretch(1)
        rows.addLayout(across)
        self.said = label("", "small", wrap=True)
        rows.addWidget(self.said)
        self.table: Table[Line] = Table(self._columns(), row_height=27)
        rows.addWidget(self.table, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SOON)
        self._timer.timeout.connect(self._show)
        self.way.activated.connect(self._way_chosen)
        self.percent.editingFinished.connect(self.start)
        self.again.clicked.connect(self._another)
        self.table.opened.connect(self._explain)
        draft.changed.connect(self._timer.start)
        draft.typed.connect(self._timer.start)
        self._show_ways()

    def _columns(self) -> list[Column[Line]]:
        scheme = lambda: self.draft.live  # noqa: E731
        return [
            Column(key="name", title="单位", text=lambda r: r.name, tip=lambda r: r.name, width=88, stretch=True),
            Column(
                key="series", title="系列", text=lambda r: r.series or "—", tip=lambda r: r.series, width=84, least=70
            ),
            Column(
                key="total",
                title="总分",
                text=lambda r: _moved(_total(r.before, scheme()), _total(r.now, scheme())),
                width=112,
                least=66,
                align="right",
                sort=lambda r: -1.0 if r.now.total is None else float(r.now.total),
            ),
            Column(
                key="rank",
                title="名次",
                text=lambda r: _moved(_rank(r.before), _rank(r.now)),
                width=68,
                least=52,
                align="center",
                sort=lambda r: r.now.rank or 10**6,
            ),
            Column(
                key="grade",
                title="等次",
                text=lambda r: _moved(_grade(r.before, scheme()), _grade(r.now, scheme())),
                width=104,
                least=84,
                tone=lambda r: tone_of(scheme(), r.now.grade),
            ),
        ]

    # ---- where the facts come from

    def start_once(self) -> None:
        """Work the figures out when there are none yet."""
        if self._what_if is None:
            self.start()
        else:
            self._timer.start()

    def forget(self) -> None:
        """The figures belong to another scheme."""
        self._what_if = self._trial = None
        self.table.show_rows(())

    def start(self) -> None:
        """Work the figures out anew, from the document that is shown."""
        self._what_if = self._trial = None
        kind = str(self.way.currentData())
        scheme = self.draft.scheme
        self._asked += 1
        number_of = self._asked
        self.said.setText("正在试算…")
        if kind == "real":
            self._read(number_of, lambda s, p: s.results.what_if(scheme.id))
            return
        try:
            way = self._way(kind)
        except AppError as error:
            self.said.setText(error.detail)
            return
        self._read(number_of, lambda s, p: s.schemes.trial(scheme, way))

    def _read(self, number_of: int, asked: Callable[[Services, Progress], Trial | WhatIf]) -> None:
        def done(found: Trial | WhatIf) -> None:
            if number_of == self._asked:
                self._at_hand(found)

        self.work.read("正在试算…", asked, done, owner=self, failed=self._failed)

    def _way(self, kind: str) -> TrialWay:
        if kind == "stated":
            return TrialWay(kind="stated", percent=number(self.percent.text(), "得分率"))
        if kind == "random":
            return TrialWay(kind="random", seed=self._seed)
        return TrialWay(kind="other_year", path=self._path)

    def _failed(self, error: BaseException) -> bool:
        if isinstance(error, AppError):
            self.said.setText(f"不能试算：{error.detail or error.fault.value.cause}{error.fault.value.step}")
            self.table.show_rows(())
            return True
        return False

    def _at_hand(self, found: Trial | WhatIf) -> None:
        if isinstance(found, Trial):
            self._trial, self._what_if = found, found.what_if
        else:
            self._what_if = found
        self._begin = self._what_if.figures()
        self._show()

    def _way_chosen(self, place: int = 0) -> None:
        if self.way.currentData() == "other_year":
            self._path = self.work.notices.open_file("用哪一年的数据试算", YEARS)
            if self._path is None:
                self.way.setCurrentIndex(0)
        self._show_ways()
        self.start()

    def _show_ways(self) -> None:
        kind = self.way.currentData()
        self.percent.setVisible(kind == "stated")
        self.percent_word.setVisible(kind == "stated")
        self.again.setVisible(kind == "random")

    def _another(self) -> None:
        self._seed += 1
        self.start()

    # ---- results

    def _show(self) -> None:
        """What the shown document makes of the facts, beside what it was at the start."""
        if self._what_if is None or not self.isVisible():
            return
        scheme = self.draft.live
        try:
            moves = self._trial.with_scheme(scheme) if self._trial else self._what_if.with_scheme(scheme)
        except (ArithmeticError, LookupError, ValueError, AppError) as error:
            self.said.setText(f"方案还不完整，暂不能试算（{error}）。看下面的方案检查。")
            return
        now = self._what_if.figures()
        units = self._trial.units if self._trial else self.register
        named = {u: units[u] for u in now if u in units}
        lines = [
            Line(u, named[u].name if u in named else u, named[u].series if u in named else "", self._begin[u], now[u])
            for u in now
        ]
        places = {name: place for place, name in enumerate(dict.fromkeys(line.series for line in lines))}
        lines.sort(key=lambda r: (places[r.series], r.now.rank is None, r.now.rank or 0))
        self.table.setColumnHidden(_SERIES, len(places) < 2)
        self.table.show_rows(lines)
        graded = sum(m.grade_before != m.grade_after for m in moves)
        moved = f"与开始试算时相比：{len(moves)} 个单位变动，其中 {graded} 个等次变。" if moves else ""
        told = "".join(self._trial.told) if self._trial else "用年度文件里现有的分数、票决和事项。"
        self.said.setText(f"{told}{moved}")

    def _explain(self, line: Line, column: str = "") -> None:
        if self._trial is not None:
            try:
                self.work.show_basis(self._trial.explain(line.unit))
            except AppError as error:
                self.work.notices.refuse(error)
        else:
            self.work.explain(self.draft.scheme.id, line.unit)


def _moved(before: str, now: str) -> str:
    return now if before == now else f"{before} → {now}"


def _total(one: Figures, scheme: Scheme) -> str:
    return "无" if one.total is None else shown(one.total, scheme.rounding.shown)


def _grade(one: Figures, scheme: Scheme) -> str:
    return grade_name(scheme, one.grade) or "无"


def _rank(one: Figures) -> str:
    return str(one.rank) if one.rank is not None else "—"
