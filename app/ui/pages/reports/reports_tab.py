"""述职报告: the list of all units' reports, or one of them opened. A unit sees its own at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import AppError, Fault
from app.domain.progress import Progress
from app.services.changes import Area
from app.ui.pages.reports.concepts_dialog import ConceptsDialog
from app.ui.pages.reports.desk import ReportDesk
from app.ui.pages.reports.hearings_dialog import HearingsDialog
from app.ui.pages.reports.on_paper import export_all
from app.ui.pages.reports.overview import FILTERS, OverviewRow, columns
from app.ui.pages.reports.words import NOT_BEGUN, STATES
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Table
from app.ui.widgets.text import button

if TYPE_CHECKING:
    from app.domain.reports import Concept
    from app.services.container import Services
    from app.services.reports import EarlierReportsPlan, HearingLine, ReportFormView, ReportView, UnitFindings

EMPTY, LIST, DESK = range(3)
STATE_WORDS = {"": "全部", "none": NOT_BEGUN, **STATES}


@dataclass(frozen=True, slots=True)
class ReportsData:
    """What the tab shows: the list of the chosen level, or one report. own: the unit whose year file this is (empty: the
    office's); names: code of unit → name."""

    forms: tuple[ReportFormView, ...]
    rows: tuple[OverviewRow, ...]
    view: ReportView | None
    own: str
    names: dict[str, str]


class ReportsTab(Tab[ReportsData]):
    """alone (bool): one report is open and takes the whole page."""

    alone = Signal(bool)
    id, title = "reports", "述职报告"
    areas = frozenset({Area.REPORTS, Area.UNITS, Area.SCHEMES, Area.RESULTS, Area.YEAR})
    follows_scheme = True

    def build(self) -> None:
        self.data = ReportsData((), (), None, "", {})
        self._open: tuple[str, str] = ("", "")  # scheme and unit of the report in front
        self._make_commands()
        self.filter = QComboBox()
        self.filter.setMinimumWidth(130)
        self.filter.activated.connect(self._narrow)
        self.search = SearchField("搜索单位")
        more = button("更多")
        menu = QMenu(more)
        menu.setToolTipsVisible(True)
        for command in (self.examine, self.export, self.concepts, self.last_year):
            menu.addAction(command)
        more.setMenu(menu)
        self._list_tools = (self.filter, self.search, self.hearings.button(), more, self.open.button("primary"))
        for widget in self._list_tools:
            self.tools.addWidget(widget)
        self.stack = QStackedWidget()
        self.empty = EmptyState(
            "file-text",
            "这一层级不写述职报告",
            "方案里写明报告分哪几个栏目、写多少字、哪些指标要自评，单位就可以在这里写。请到“方案”页的“述职”栏设置。",
            self.to_scheme,
        )
        self.stack.addWidget(self.empty)
        self.table: Table[OverviewRow] = Table(columns())
        self.table.opened.connect(self._opened)
        self.table.picked.connect(self._allow)
        self.stack.addWidget(self.table)
        self.place = QWidget()
        rows = QVBoxLayout(self.place)
        rows.setContentsMargins(0, 0, 0, 0)
        self.stack.addWidget(self.place)
        self.body.addWidget(self.stack, 1)
        self.desk: ReportDesk | None = None
        self.search.textChanged.connect(self._narrow)

    def _make_commands(self) -> None:
        self.open = Command(self, "打开", self._open_current, icon="file-text", tip="打开所选单位的报告")
        self.hearings = Command(
            self, "方式与抽签…", self._hearings, icon="users", tip="口头或书面述职，口头的抽签定顺序"
        )
        self.examine = Command(self, "检查全部报告", self._examine, icon="shield-check", tip="逐份检查，只提建议")
        self.export = Command(
            self,
            "导出全部报告…",
            lambda: export_all(self.work, self, self.work.scheme),
            icon="download",
            tip="动了笔的每家一份 Word 文档，放进一个文件夹",
        )
        self.concepts = Command(self, "易混概念…", self._concepts, icon="scale", tip="检查时对照的易混词语")
        self.last_year = Command(
            self, "取入上年报告…", self._last_year, icon="folder-open", tip="从上年的年度文件取入，检查时对照是否雷同"
        )
        self._missing = ("schemes", "section:report")  # where an empty page leads
        self.to_scheme = Command(self, "去方案页设置", lambda: self.work.go(*self._missing), icon="list-tree")

    def _make_desk(self) -> ReportDesk:
        """The report's widgets, when one is opened for the first time."""
        if self.desk is None:
            self.desk = ReportDesk(self.work)
            self.desk.left.connect(self.leave)
            self.desk.head.earlier.clicked.connect(lambda: self._step(-1))
            self.desk.head.later.clicked.connect(lambda: self._step(1))
            layout = self.place.layout()
            assert layout is not None
            layout.addWidget(self.desk)
        return self.desk

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], ReportsData]:
        scheme, wanted = self.work.scheme, self._open

        def read(services: Services, progress: Progress) -> ReportsData:
            own = own_unit(services)
            forms = services.reports.forms()
            names = {unit.code: unit.name for unit in services.units.units()}
            place = own_place(services, forms, own, scheme) if own else wanted
            view = opened(services, *place) if place[1] else None
            rows = () if view is not None or own else overview_rows(services, forms, scheme)
            return ReportsData(forms, rows, view, own, names)

        return read

    def search_field(self) -> QLineEdit | None:
        desk = self.desk if self.stack.currentIndex() == DESK else None
        return desk.finder.field if desk is not None else self.search

    def show_data(self, data: ReportsData) -> None:
        self.data = data
        has_form = any(form.scheme == self.work.scheme for form in data.forms)
        if data.view is not None and (data.own or (data.view.scheme, data.view.unit) == self._open):
            self._open = (data.view.scheme, data.view.unit)
            desk = self._make_desk()
            desk.show_view(data.view, not data.own, data.names)
            desk.head.earlier.setEnabled(self._beside(-1) is not None)
            desk.head.later.setEnabled(self._beside(1) is not None)
            self._show(DESK)
            return
        self._open = ("", "")  # what was open is no longer there
        self._show(LIST if has_form and data.rows else EMPTY)
        no_units = has_form and not data.rows
        self._missing = ("units", "") if no_units else ("schemes", "section:report")
        self.to_scheme.setText("去登记单位" if no_units else "去方案页设置")
        if no_units:
            self.empty.show_text("这一层级还没有单位", "先在“单位与评议人”里登记单位，再在这里看各单位的报告。")
        elif data.own:
            self.empty.show_text("本单位不写述职报告", "任务包里没有报告格式。有疑问请与考核办联系。")
        else:
            self.empty.show_text(
                "这一层级不写述职报告",
                "方案里写明报告分哪几个栏目、写多少字、哪些指标要自评，单位就可以在这里写。请到“方案”页的“述职”栏设置。",
            )
        self.table.show_rows(data.rows)
        self._fill_filter()
        self._narrow()
        self._allow()

    def _show(self, which: int) -> None:
        self.stack.setCurrentIndex(which)
        for widget in self._list_tools:
            widget.setVisible(which == LIST)
        self.subtitle.setVisible(which == LIST)
        self.alone.emit(which == DESK)

    def _fill_filter(self) -> None:
        counts = Counter(row.group for row in self.data.rows)
        kept = self.filter.currentData() or ""
        self.filter.clear()
        for key in FILTERS:
            count = counts[key] if key else len(self.data.rows)
            if not key or count:
                self.filter.addItem(f"{STATE_WORDS[key]}（{count}）", key)
        self.filter.setCurrentIndex(max(0, self.filter.findData(kept)))
        done = counts["submitted"] + counts["accepted"]
        self.subtitle.setText(f"{len(self.data.rows)} 家，{done} 家已交" if self.data.rows else "")

    def _narrow(self, place: object = None) -> None:
        wanted = str(self.filter.currentData() or "")
        self.table.narrow(self.search.text(), (lambda row: row.group == wanted) if wanted else None)

    def _allow(self, row: object = None) -> None:
        self.open.set_reason("" if self.table.current() else "请先选中一个单位。")
        self.writable(self.last_year)

    # ---- opening one

    def reveal(self, target: str) -> None:
        """target: ``unit:CODE``, or a scheme's id."""
        kind, _, unit = target.partition(":")
        if kind == "unit" and unit:
            self.open_report(self.work.scheme, unit)

    def open_report(self, scheme: str, unit: str) -> None:
        """Open one unit's report; empty: none, the list comes back. What is written in the one in front is stored
        first; when that does not work, it stays in front until the user gives it up."""
        desk = self.desk
        if desk is not None and desk.writing.waits and self._open != (scheme, unit):
            desk.writing.store(lambda: self._go(scheme, unit), lambda: self._ask_to_leave(scheme, unit))
        else:
            self._go(scheme, unit)

    def _go(self, scheme: str, unit: str) -> None:
        self._open = (scheme, unit)
        self.refresh()

    def _ask_to_leave(self, scheme: str, unit: str) -> None:
        desk = self.desk
        if desk is not None and not self._stays(desk):
            self._go(scheme, unit)

    def leave(self) -> None:
        """Back to the list."""
        self.open_report("", "")

    def _beside(self, step: int) -> OverviewRow | None:
        """The unit before or after the open one, as the list is sorted and narrowed."""
        contents = self.table.contents
        rows = [contents.row(at) for at in range(contents.rowCount())]
        at = next((n for n, row in enumerate(rows) if (row.line.scheme, row.line.unit) == self._open), -1)
        return rows[at + step] if at >= 0 and 0 <= at + step < len(rows) else None

    def _step(self, step: int) -> None:
        row = self._beside(step)
        if row is not None:
            self._opened(row, "")

    def _opened(self, row: OverviewRow, key: str) -> None:
        self.open_report(row.line.scheme, row.line.unit)

    def _open_current(self) -> None:
        row = self.table.current()
        if row is not None:
            self._opened(row, "")

    def _other_scheme(self, scheme: str) -> None:
        if self._open[1] and not self.data.own:
            self.leave()
        else:
            self.refresh()

    # ---- what waits

    def hand_over(self) -> None:
        if self.desk is not None:
            self.desk.writing.store()

    def settle(self) -> bool:
        """The year is about to be closed: what is written goes into the year file; what cannot stays, or is given up."""
        desk = self.desk
        if desk is None or not desk.writing.waits:
            return True
        desk.writing.store()
        self.work.jobs.wait()
        return not (desk.writing.waits and self._stays(desk))

    def _stays(self, desk: ReportDesk) -> bool:
        """What could not be stored: whether the user stays with it."""
        stays = self.work.notices.decide(
            "改动没有存入年度文件", f"{desk.kept.text()}\n离开会丢失没有保存的文字。", "留在这里", "放弃改动"
        )
        if not stays:
            desk.writing.give_up()
        return stays

    def take_back(self) -> bool:
        """Ctrl+Z from the menu while a text is in front: the editor's own steps go first."""
        desk = self.desk
        if desk is None or self.stack.currentIndex() != DESK or desk.fixed:
            return False
        document = desk.editor().document()
        if desk.writing.waits and document.isUndoAvailable():
            desk.editor().undo()
            return True
        return False

    # ---- the office's tools

    def _hearings(self) -> None:
        scheme = self.work.scheme
        self.read("正在读取…", lambda s, p: s.hearings.list(scheme), self._show_hearings)

    def _show_hearings(self, lines: tuple[HearingLine, ...]) -> None:
        self.hearing_dialog = HearingsDialog(self, self.work, self.work.scheme, lines)
        self.hearing_dialog.open()

    def _examine(self) -> None:
        scheme = self.work.scheme

        def done(found: tuple[UnitFindings, ...]) -> None:
            count = sum(len(one.findings) for one in found)
            said = f"检查了 {len(found)} 份报告，共 {count} 条意见。" if found else "还没有写了内容的报告。"
            self.work.notices.say(said)
            self.refresh()

        self.read("正在检查全部报告…", lambda s, p: s.reports.examine_all(scheme, p), done)

    def _concepts(self) -> None:
        self.read("正在读取…", lambda s, p: s.lists.concepts(), self._show_concepts)

    def _show_concepts(self, concepts: tuple[Concept, ...]) -> None:
        self.concept_dialog = ConceptsDialog(self, self.work, concepts)
        self.concept_dialog.open()

    def _last_year(self) -> None:
        path = self.work.notices.open_file("上年的年度文件", "年度文件 (*.slk)")
        if path is None:
            return
        self.read("正在读取上年报告…", lambda s, p: s.reports.plan_last_year(path), self._take_last_year)

    def _take_last_year(self, plan: EarlierReportsPlan) -> None:
        notices = self.work.notices
        if not plan.reports:
            notices.show_findings("没有可取入的报告", plan.findings, f"{plan.source} 里没有本年单位的述职报告。")
        elif notices.confirm(
            "取入上年报告",
            f"{plan.source}：{plan.year} 年度 {len(plan.reports)} 份报告，取入后只用于检查时对照。",
            "取入",
        ):
            self.change("正在取入上年报告…", lambda s, p: s.reports.take_last_year(plan))


def own_unit(services: Services) -> str:
    """The unit whose own year file this is; empty: it is the office's."""
    info = services.year.info()
    return info.own_unit if info.role == "unit" else ""


def opened(services: Services, scheme: str, unit: str) -> ReportView | None:
    """The report; none when unit or form have gone meanwhile."""
    try:
        return services.reports.get(scheme, unit)
    except AppError as error:
        if error.fault is not Fault.NOT_FOUND:
            raise
        return None


def own_place(services: Services, forms: tuple[ReportFormView, ...], own: str, chosen: str) -> tuple[str, str]:
    """Under which scheme a unit writes its own report: the chosen one, if it does under it."""
    level = next((unit.level for unit in services.units.units() if unit.code == own), "")
    mine = [form.scheme for form in forms if form.level == level]
    return (chosen if chosen in mine else mine[0], own) if mine else ("", "")


def overview_rows(services: Services, forms: tuple[ReportFormView, ...], scheme: str) -> tuple[OverviewRow, ...]:
    """The lines of the list; none when the scheme has no report form."""
    if not any(form.scheme == scheme for form in forms):
        return ()
    of_unit: dict[str, list[HearingLine]] = {}
    for line in services.hearings.list(scheme):
        of_unit.setdefault(line.hearing.unit, []).append(line)
    return tuple(OverviewRow(line, tuple(of_unit.get(line.unit, ()))) for line in services.reports.list(scheme))


__all__ = ["ReportsData", "ReportsTab"]
