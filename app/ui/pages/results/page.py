"""The page 结果."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.domain.facts import Decision
from app.domain.progress import Progress
from app.domain.results import SchemeResult, SeriesResult
from app.services.changes import Area
from app.services.results import Snapshot, SnapshotInfo
from app.ui.page import Page
from app.ui.pages.results.boundary import Boundary
from app.ui.pages.results.dialogs import CompareDialog, DecisionForm, SignedForm
from app.ui.pages.results.reviewing import Reviewing
from app.ui.pages.results.rows import ResultRow, quota_lines, rows_of
from app.ui.pages.results.table import RankingTable
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.search import SearchField
from app.ui.widgets.text import button, label

if TYPE_CHECKING:
    from app.services.container import Services

BOOK = "Excel 工作簿 (*.xlsx)"
FROZEN = "结果已定稿；要改动请先解除定稿。"


@dataclass(frozen=True, slots=True)
class ResultData:
    """The newest result and what stands beside it."""

    snapshot: Snapshot | None
    stale: bool
    versions: tuple[SnapshotInfo, ...]
    names: dict[str, str]
    decisions: tuple[Decision, ...]


class ResultsPage(Page[ResultData]):
    id, title, icon, manual = "results", "结果", "award", "结果"
    areas = frozenset(Area)
    follows_scheme = True

    def build(self) -> None:
        self.data = ResultData(None, True, (), {}, ())
        self.rows: list[ResultRow] = []
        self.table: RankingTable | None = None
        self._wanted = ""
        self._make_commands()
        self.search = SearchField("搜索单位")
        self.search.setMinimumWidth(150)
        self.tools.addWidget(self.search)
        self.tools.addWidget(self.decide.button())
        self.tools.addWidget(self.export.button())
        self.tools.addWidget(self._more())
        self.tools.addWidget(self.compute.button("primary"))
        self.body.addWidget(self._stale_line())
        self.series = QTabBar()
        self.series.setExpanding(False)
        self.series.setDrawBase(False)
        self.body.addWidget(self.series)
        self.stack = QStackedWidget()
        self.empty = EmptyState(
            "calculator",
            "还没有计算过结果",
            "评分表、票决和事项录入后，点“计算”得出各层级的总分、名次和等次；随时可以重新计算。",
            self.compute,
        )
        self.stack.addWidget(self.empty)
        self.ranking = QWidget()
        self.place = QVBoxLayout(self.ranking)
        self.place.setContentsMargins(0, 0, 0, 0)
        self.place.setSpacing(10)
        self.boundary = Boundary(self.decide_on, lambda f: self.work.notices.show_findings("计算时的提示", f))
        self.place.addWidget(self.boundary)
        self.stack.addWidget(self.ranking)
        self.body.addWidget(self.stack, 1)
        self.series.currentChanged.connect(self._series_chosen)
        self.search.textChanged.connect(self._narrow)

    def _make_commands(self) -> None:
        self.compute = Command(
            self, "计算", self._compute, icon="calculator", keys="F5", tip="按现在的方案和数据计算各层级，存为新的一版"
        )
        self.addAction(self.compute)  # so that its key works while the page is in front
        self.decide = Command(self, "人工决定…", self._decide_current, icon="gavel", tip="由人定等次，写明理由和决定人")
        self.withdraw = Command(self, "撤回人工决定…", self._withdraw, icon="rotate-ccw")
        self.export = Command(self, "导出结果…", self._export, icon="download", tip="写出结果工作簿，可直接打印")
        self.explanation = Command(self, "导出所选单位的说明…", self._export_explanation, icon="file-text")
        self.compare = Command(
            self, "版本比较…", self._compare, icon="git-compare", tip="与以前的版本比较，只列出有变化的单位"
        )
        self.review = Command(
            self, "复核与申诉…", self._objections, icon="scale", tip="登记、答复对结果的异议，对照前后两版"
        )
        self.freeze = Command(self, "定稿…", self._freeze, icon="lock", tip="定稿后数据不能再改")
        self.unfreeze = Command(self, "解除定稿…", self._unfreeze, icon="lock-open")

    def _more(self) -> QPushButton:
        made = button("更多")
        menu = QMenu(made)
        menu.setToolTipsVisible(True)
        for command in (self.compare, self.explanation, self.withdraw, self.review, self.freeze, self.unfreeze):
            menu.addAction(command)
        made.setMenu(menu)
        return made

    def _stale_line(self) -> QFrame:
        self.stale = QFrame()
        self.stale.setProperty("role", "banner")
        line = QHBoxLayout(self.stale)
        line.setContentsMargins(12, 6, 12, 6)
        line.addWidget(
            label("结果计算之后，方案或数据又有改动；下面还是原来的结果。依据按最新数据说明。", wrap=True), 1
        )
        line.addWidget(self.compute.button())
        self.stale.hide()
        return self.stale

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], ResultData]:
        def read(services: Services, progress: Progress) -> ResultData:
            return ResultData(
                services.results.current(),
                services.results.is_stale(),
                services.results.versions(),
                {unit.code: unit.name for unit in services.units.units()},
                services.results.decisions(),
            )

        return read

    def search_field(self) -> QLineEdit | None:
        return self.search

    def show_data(self, data: ResultData) -> None:
        self.data = data
        result = self.result()
        self.stack.setCurrentIndex(1 if result else 0)
        self.series.setVisible(result is not None)
        self.stale.setVisible(data.snapshot is not None and data.stale)
        self._show_version(data)
        if data.snapshot is not None and result is None:
            self.empty.show_text("这一层级还没有结果", "方案是在上次计算之后加入的，请重新计算。")
        if result is not None:
            self._fill_series(result)
        self._allow()

    def result(self) -> SchemeResult | None:
        """The result of the chosen scheme."""
        if self.data.snapshot is None:
            return None
        return next((r for r in self.data.snapshot.results.schemes if r.scheme == self.work.scheme), None)

    def open_at(self, target: str) -> None:
        """A level by its scheme's id, or a unit (``unit:D01``)."""
        if any(scheme.id == target for scheme in self.work.schemes):
            self.work.choose_scheme(target)
        else:
            super().open_at(target)

    def reveal(self, target: str) -> None:
        unit = target.removeprefix("unit:")
        result = self.result()
        if result is None or unit not in result.units:
            return
        at = next((i for i, s in enumerate(result.series) if unit in s.order), 0)
        self.series.setCurrentIndex(at)
        if self.table is not None and self.table.go_to(lambda row: row.result.unit == unit):
            self.work.explain(result.scheme, unit)

    def _show_version(self, data: ResultData) -> None:
        if data.snapshot is None:
            self.subtitle.clear()
            return
        info = data.snapshot.info
        frozen = f" · 已定稿（{info.frozen_by}）" if info.frozen else ""
        self.subtitle.setText(f"第 {info.version} 版 · {info.made_at[:16].replace('T', ' ')}{frozen}")
        self.subtitle.setToolTip(f"计算：{info.made_by}" + (f"\n定稿理由：{info.freeze_reason}" if info.frozen else ""))

    # ---- the ranking

    def _fill_series(self, result: SchemeResult) -> None:
        names = [f"{s.series or '全部单位'}（{len(s.order)}）" for s in result.series]
        kept = min(max(self.series.currentIndex(), 0), len(names) - 1)
        self.series.blockSignals(True)
        while self.series.count():
            self.series.removeTab(0)
        for name in names:
            self.series.addTab(name)
        self.series.setCurrentIndex(kept)
        self.series.blockSignals(False)
        self._series_chosen()

    def shown_series(self) -> SeriesResult | None:
        """The series in front."""
        result = self.result()
        at = self.series.currentIndex()
        return result.series[at] if result is not None and 0 <= at < len(result.series) else None

    def _series_chosen(self) -> None:
        result, series, scheme = self.result(), self.shown_series(), self.work.scheme_document()
        if result is None or series is None or scheme is None:
            return
        if self.table is None or self._wanted != _columns_key(scheme.id, result.fingerprint):
            self._wanted = _columns_key(scheme.id, result.fingerprint)
            self._make_table()
        assert self.table is not None
        self.rows = rows_of(scheme, result, series, self.data.names, self.data.decisions)
        self.table.show_rows(self.rows)
        self.table.show_lines(quota_lines(scheme, series, self.rows))
        self.boundary.show_series(scheme, [series], self.rows, result.findings)
        self._narrow()
        self._allow()

    def _make_table(self) -> None:
        scheme = self.work.scheme_document()
        assert scheme is not None
        if self.table is not None:
            self.place.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.table = RankingTable(scheme)
        self.table.explained.connect(self._explain)
        self.table.picked.connect(self._allow)
        self.table.summed.connect(self.work.sum_up)
        self.place.insertWidget(0, self.table, 1)

    def _narrow(self) -> None:
        if self.table is not None:
            self.table.narrow(self.search.text())

    def _explain(self, row: ResultRow, quantity: str) -> None:
        self.work.explain(row.scheme.id, row.result.unit, quantity)

    def _current(self) -> ResultRow | None:
        return self.table.current() if self.table is not None and self.result() is not None else None

    def _allow(self) -> None:
        info = self.data.snapshot.info if self.data.snapshot else None
        frozen = FROZEN if info and info.frozen else ""
        nothing = "" if info else "还没有计算过结果。"
        row = self._current()
        chosen = "" if row else "请先在排名里选中一家单位。"
        self.writable(self.compute, why=frozen)
        self.writable(self.decide, why=nothing or frozen or chosen)
        self.writable(
            self.withdraw, why=nothing or frozen or chosen or ("" if row and row.decision else "这家单位没有人工决定。")
        )
        self.writable(self.freeze, why=nothing or frozen or ("请先重新计算。" if self.data.stale else ""))
        self.writable(self.unfreeze, why="" if info and info.frozen else "结果没有定稿。")
        self.export.set_reason(nothing)
        self.explanation.set_reason(nothing or chosen)
        self.review.set_reason(nothing)
        self.compare.set_reason("" if len(self.data.versions) > 1 else "只有一版结果，没有可以比较的。")

    # ---- steps

    def _compute(self) -> None:
        self.change("正在计算结果…", lambda s, p: s.results.compute(p))

    def _decide_current(self) -> None:
        row = self._current()
        if row is not None:
            self.decide_on(row)

    def decide_on(self, row: ResultRow) -> None:
        """Open the form of a decision about a unit."""
        frozen = self.data.snapshot is not None and self.data.snapshot.info.frozen
        why = self.work.read_only or (FROZEN if frozen else "")
        if why:
            self.work.notices.say(why)
            return
        self.form = DecisionForm(self, row)
        self.form.submit(
            lambda value, close, wrong: self.change(
                "正在保存决定…", lambda s, p: s.results.decide(value), lambda _: close(), wrong
            )
        )

    def _withdraw(self) -> None:
        row = self._current()
        if row is None or row.decision is None:
            return
        decision = row.decision
        self.signed = SignedForm(
            self, f"撤回人工决定：{row.name}", "撤回后重新计算，等次按分数线和名额定。", "撤回", "如：工委会议改变决定"
        )
        self.signed.submit(
            lambda value, close, wrong: self.change(
                "正在撤回…",
                lambda s, p: s.results.withdraw_decision(
                    decision.scheme, decision.unit, decision.scope, f"{value.reason}（{value.by}）"
                ),
                lambda _: close(),
                wrong,
            )
        )

    def _freeze(self) -> None:
        lead = "定稿后，方案、评分、票决和事项都不能再改；要更正须先解除定稿。定稿不能用“撤销”取消。"
        self.signed = SignedForm(self, "定稿", lead, "定稿", "如：工委会议审定")
        self.signed.submit(
            lambda value, close, wrong: self.change(
                "正在定稿…", lambda s, p: s.results.freeze(value.reason, value.by), lambda _: close(), wrong
            )
        )

    def _unfreeze(self) -> None:
        self.signed = SignedForm(
            self, "解除定稿", "解除后可以更正数据并重新计算；理由留在审计记录里。", "解除定稿", "如：复核更正"
        )
        self.signed.submit(
            lambda value, close, wrong: self.change(
                "正在解除定稿…", lambda s, p: s.results.unfreeze(value.reason, value.by), lambda _: close(), wrong
            )
        )

    def _compare(self) -> None:
        self.comparison = CompareDialog(
            self,
            self.data.versions,
            self.work.schemes,
            lambda before, after, done: self.read("正在比较…", lambda s, p: s.results.compare(before, after), done),
        )
        self.comparison.open()

    def _objections(self) -> None:
        row = self._current()
        self.reviewing = Reviewing(self, self.data.names, self.data.versions, row.result.unit if row else "")

    def _export(self) -> None:
        scheme = self.work.scheme_document()
        path = self.work.notices.save_file("导出结果", BOOK, f"{scheme.year if scheme else ''}年度考评结果.xlsx")
        if path is not None:
            self.change("正在导出结果…", lambda s, p: s.exports.results(path, None, p))

    def _export_explanation(self) -> None:
        row = self._current()
        if row is None:
            return
        path = self.work.notices.save_file("导出说明", "文本 (*.txt)", f"{row.name}等次说明.txt")
        if path is not None:
            self.change("正在写出说明…", lambda s, p: s.exports.explanation(path, row.scheme.id, row.result.unit))


def _columns_key(scheme: str, fingerprint: str) -> str:
    return f"{scheme} {fingerprint}"
