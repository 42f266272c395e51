"""录入的值: values that no evaluator gave, unit by unit, item by item, period by period, each with its basis; below them
the parts that do not concern a unit this year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain.facts import Exemption, OfficeMark, Unit
from app.domain.progress import Progress
from app.domain.schemes import OfficeSource, Scheme, walk
from app.services.changes import Area
from app.ui.pages.sheets.exemptions import ExemptionBox, ExemptionForm
from app.ui.pages.sheets.value_cells import (
    KINDS,
    Place,
    Slot,
    ValueRow,
    count_text,
    is_complete,
    is_empty,
    slot_column,
    slots_of,
    unit_column,
    with_text,
)
from app.ui.pages.sheets.value_dialogs import BasisForm, value_preview
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.frozen import FrozenColumns
from app.ui.widgets.grid import Grid
from app.ui.widgets.reasons import ask_reason
from app.ui.widgets.text import mark_wrong

if TYPE_CHECKING:
    from app.services.container import Services
    from app.services.values import ValuePlan

BOOK = "Excel 工作簿 (*.xlsx)"
TABLES = "表格 (*.xlsx *.xlsm *.xls *.et *.ods)"


@dataclass(frozen=True, slots=True)
class OfficeData:
    """What the tab shows of one scheme."""

    scheme: Scheme | None
    units: tuple[Unit, ...]
    marks: tuple[OfficeMark, ...]
    exemptions: tuple[Exemption, ...]
    not_applicable: dict[tuple[str, str], str]


class OfficeTab(Tab[OfficeData]):
    id, title = "office", "录入的值"
    areas = frozenset({Area.EVENTS, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.data = OfficeData(None, (), (), (), {})
        self.grid: Grid[ValueRow] | None = None
        self.slots: list[Slot] = []
        self._drafts: dict[tuple[str, str, str, str], OfficeMark] = {}  # scheme, unit, item, period
        self._make_tools()
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setChildrenCollapsible(False)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "pencil",
                "这一层级没有要录入的值",
                "方案里没有考核办录入、测量、自评或外部结果的指标；不适用的项目仍可在下面说明。",
            )
        )
        self.place = QWidget()
        rows = QVBoxLayout(self.place)
        rows.setContentsMargins(0, 0, 0, 0)
        self.stack.addWidget(self.place)
        self.parts.addWidget(self.stack)
        self.exempt = Command(self, "说明不适用…", self._exempt, icon="plus", tip="某项目本年不涉及某单位时，写明原因")
        self.withdraw = Command(self, "恢复适用…", self._withdraw, icon="rotate-ccw")
        self.box = ExemptionBox(self._unit_name, self._part_name, (self.withdraw, self.exempt), self._allow)
        self.exemptions = self.box.table
        self.parts.addWidget(self.box)
        self.parts.setStretchFactor(0, 3)
        self.parts.setStretchFactor(1, 1)
        self.body.addWidget(self.parts, 1)

    def _make_tools(self) -> None:
        self.which = QComboBox()
        self.kind = QComboBox()
        for box in (self.which, self.kind):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMinimumWidth(118)
        self.which.addItem("全部单位", "all")
        self.which.addItem("有缺的单位", "missing")
        self.basis = QLineEdit()
        self.basis.setPlaceholderText("依据（录入前先写）")
        self.basis.setToolTip("录入的每个值都带上这条依据，如：党建工作台账核查表")
        self.basis.setMinimumWidth(150)
        self.rebase = Command(self, "改依据…", self._rebase, icon="pencil", tip="改所选各值的依据")
        self.explain = Command(self, "看依据", self._explain, icon="search", tip="所选的值怎样计入结果")
        self.export = Command(self, "导出表…", self._export, icon="download", tip="写出数值表，填好后再导入")
        self.bring = Command(
            self, "导入…", self._bring, icon="upload", tip="从数值表，或每单位一行、每项一列的表读入；先预览"
        )
        for widget in (self.which, self.kind, self.basis):
            self.tools.addWidget(widget)
        for command in (self.rebase, self.explain, self.export, self.bring):
            self.tools.addWidget(command.button())
        self.which.currentIndexChanged.connect(self._narrow)
        self.kind.currentIndexChanged.connect(self._show_kind)

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], OfficeData]:
        scheme = self.work.scheme_document()

        def read(services: Services, progress: Progress) -> OfficeData:
            if scheme is None:
                return OfficeData(None, (), (), (), {})
            units = tuple(u for u in services.units.units() if u.level == scheme.level and u.participation != "ceased")
            return OfficeData(
                scheme,
                units,
                services.events.office_marks(scheme.id),
                services.events.exemptions(scheme.id),
                services.events.not_applicable(scheme.id),
            )

        return read

    def show_data(self, data: OfficeData) -> None:
        self.data = data
        slots = slots_of(data.scheme)
        rows = self._rows(data, slots)
        if slots and rows:
            self._show_rows(slots, rows)
        self.stack.setCurrentIndex(1 if slots and rows else 0)
        for widget in (self.basis, self.which):
            widget.setVisible(bool(slots))
        self._fill_kinds(slots)
        self._count()
        self.box.show_exemptions(data.exemptions)
        self._allow()

    def _rows(self, data: OfficeData, slots: list[Slot]) -> list[ValueRow]:
        marks: dict[str, dict[Place, OfficeMark]] = {}
        for mark in data.marks:
            marks.setdefault(mark.unit, {})[mark.item, mark.period] = mark
        drafts: dict[str, dict[Place, OfficeMark]] = {}
        for (scheme, unit, item, period), mark in self._drafts.items():
            if data.scheme is not None and scheme == data.scheme.id:
                drafts.setdefault(unit, {})[item, period] = mark
        closed, items = data.not_applicable, {slot.item.id for slot in slots}
        return [
            ValueRow(
                u,
                marks.get(u.code, {}),
                drafts.get(u.code, {}),
                {i: closed[u.code, i] for i in items if (u.code, i) in closed},
            )
            for u in data.units
        ]

    def _show_rows(self, slots: list[Slot], rows: list[ValueRow]) -> None:
        if self.grid is not None and self.slots == slots and len(rows) == len(self.grid.contents.rows):
            for number, row in enumerate(rows):  # cell by cell, so that an open editor is not thrown away
                if row != self.grid.contents.rows[number]:
                    self.grid.contents.replace_row(number, row)
            return
        layout = self.place.layout()
        assert layout is not None
        if self.grid is not None:
            layout.removeWidget(self.grid)
            self.grid.hide()
            self.grid.deleteLater()
        self.slots = slots
        grid = Grid([unit_column(), *(slot_column(slot) for slot in slots)], row_height=28)
        lines = max(column.title.count("\n") + 1 for column in grid.contents.columns)
        grid.horizontalHeader().setFixedHeight(20 + 19 * lines)
        grid.show_rows(rows)
        grid.edited.connect(self._edited)
        grid.refused.connect(self._refused)
        grid.summed.connect(self.work.sum_up)
        grid.picked.connect(self._allow)
        layout.addWidget(grid)
        self.frozen = FrozenColumns(grid)
        self.grid = grid
        self._narrow()

    def _fill_kinds(self, slots: list[Slot]) -> None:
        """Only kinds that the scheme has can be chosen."""
        there = dict.fromkeys(s.item.source.kind for s in slots if isinstance(s.item.source, OfficeSource))
        choices = [("", "全部项目"), *((kind, KINDS[kind]) for kind in there)]
        if [self.kind.itemData(at) for at in range(self.kind.count())] != [key for key, _ in choices]:
            self.kind.blockSignals(True)
            self.kind.clear()
            for key, name in choices:
                self.kind.addItem(name, key)
            self.kind.blockSignals(False)
        self.kind.setVisible(len(there) > 1)
        self._show_kind()

    def _show_kind(self) -> None:
        if self.grid is not None:
            wanted = self.kind.currentData()
            for number, slot in enumerate(self.slots, start=1):
                source = slot.item.source
                shut = bool(wanted) and isinstance(source, OfficeSource) and source.kind != wanted
                self.grid.setColumnHidden(number, shut)

    def _narrow(self) -> None:
        if self.grid is not None:
            only = self.which.currentData() == "missing"
            slots = self.slots
            self.grid.narrow("", (lambda row: row.missing(slots) > 0) if only else None)

    def _count(self) -> None:
        rows = self.grid.contents.rows if self.grid is not None else []
        self.subtitle.setText(count_text(self.slots, rows) if self.stack.currentIndex() else "")
        self.subtitle.setToolTip(self.subtitle.text())

    def _allow(self) -> None:
        values = "" if self.stack.currentIndex() else "这一层级没有要录入的值。"
        chosen = "" if self.grid is not None and self.grid.currentIndex().column() > 0 else "请先选中一个值。"
        self.writable(self.exempt, why="" if self.data.units else "这一层级还没有单位。")
        self.writable(self.withdraw, why="" if self.exemptions.current() else "请先选中一条。")
        self.writable(self.rebase, why=values or chosen)
        self.writable(self.bring, why=values)
        self.export.set_reason(values)
        self.explain.set_reason(values or chosen)

    # ---- values

    def _edited(self, edits: list[tuple[ValueRow, str, str]]) -> None:
        grid, scheme, basis = self.grid, self.data.scheme, self.basis.text().strip()
        given = any(text for _, _, text in edits)
        mark_wrong(self.basis, given and not basis)
        if grid is None or scheme is None or self.work.read_only:
            self.work.notices.say(self.work.read_only)
            return
        if given and not basis:
            self.basis.setFocus()
            self.work.notices.say("先写依据，再录入。")
            return
        slots = {slot.key: slot for slot in self.slots}
        numbers = {row.unit.code: number for number, row in enumerate(grid.contents.rows)}
        touched: dict[tuple[int, Place], Slot] = {}
        for row, key, text in edits:
            slot, number = slots[key], numbers[row.unit.code]
            now = grid.contents.rows[number]
            blank = OfficeMark(scheme=scheme.id, unit=row.unit.code, item=slot.item.id, period=slot.period)
            mark = with_text(now.mark(slot) or blank, slot, text)
            mark = replace(mark, basis=basis) if text else mark
            grid.contents.replace_row(number, replace(now, drafts={**now.drafts, slot.place: mark}))
            touched[number, slot.place] = slot
        marks = [m for (number, _), slot in touched.items() if (m := self._settled(number, slot, scheme.id))]
        self._count()
        if marks:
            self._store(marks)

    def _settled(self, number: int, slot: Slot, scheme: str) -> OfficeMark | None:
        """What is to be stored of a place that was typed into: a whole value, or that nothing is left of it. A value that
        lacks what it is compared with waits."""
        assert self.grid is not None
        row = self.grid.contents.rows[number]
        mark = row.drafts[slot.place]
        key = (scheme, row.unit.code, *slot.place)
        gone = is_empty(mark)
        if not gone and not is_complete(mark, slot.item):
            self._drafts[key] = mark
            return None
        self._drafts.pop(key, None)
        there = slot.place in row.marks
        marks = {**row.marks, slot.place: mark} if not gone else {p: m for p, m in row.marks.items() if p != slot.place}
        drafts = {place: m for place, m in row.drafts.items() if place != slot.place}
        self.grid.contents.replace_row(number, replace(row, marks=marks, drafts=drafts))
        return mark if there or not gone else None

    def _store(self, marks: list[OfficeMark]) -> None:
        def failed(error: BaseException) -> bool:
            self.refresh()
            return False

        self.change("正在保存…", lambda s, p: s.events.save_office_marks(marks), None, failed)

    def _refused(self, reasons: list[str]) -> None:
        self.work.notices.tell("没有写入任何内容", "\n".join(f"· {reason}" for reason in reasons[:5]))

    def _chosen(self) -> list[OfficeMark]:
        """The stored values of the selected cells."""
        grid = self.grid
        if grid is None:
            return []
        found = [
            grid.contents.row(index).marks.get(self.slots[index.column() - 1].place)
            for index in grid.selectedIndexes()
            if index.column() > 0
        ]
        return list({(m.unit, m.item, m.period): m for m in found if m is not None}.values())

    def _rebase(self) -> None:
        marks = self._chosen()
        if not marks:
            self.work.notices.say("所选的格里还没有值。")
            return
        self.form = BasisForm(self, marks)
        self.form.submit(
            lambda basis, close, wrong: self.change(
                "正在保存…",
                lambda s, p: s.events.save_office_marks([replace(mark, basis=basis) for mark in marks]),
                lambda _: close(),
                wrong,
            )
        )

    def _explain(self) -> None:
        grid, scheme = self.grid, self.data.scheme
        if grid is not None and scheme is not None and (row := grid.current()) is not None:
            column = grid.currentIndex().column()
            part = self.slots[column - 1].item.id if column > 0 else "total"
            self.work.explain(scheme.id, row.unit.code, part)

    # ---- tables

    def _export(self) -> None:
        scheme = self.data.scheme
        path = self.work.notices.save_file("导出数值表", BOOK, f"数值表 {scheme.name if scheme else ''}.xlsx")
        if path is not None and scheme is not None:
            self.read(
                "正在写出数值表…",
                lambda s, p: s.values.write_table(scheme.id, path),
                lambda written: self.work.notices.say(f"数值表已写入 {written}"),
            )

    def _bring(self) -> None:
        path = self.work.notices.open_file("导入数值", TABLES)
        if path is not None:
            self.take_in(path)

    def take_in(self, path: Path) -> None:
        """Read a table and show what it would change."""
        scheme, basis = self.data.scheme, self.basis.text().strip()
        if scheme is not None:
            self.read("正在读取数值表…", lambda s, p: s.values.plan(scheme.id, path, basis), self._preview)

    def _preview(self, plan: ValuePlan) -> None:
        self.preview = value_preview(
            self,
            plan,
            self._unit_name,
            {slot.item.id: slot.item for slot in self.slots},
            lambda close, wrong: self.change(
                "正在导入数值…", lambda s, p: s.values.apply(plan), lambda _: close(), wrong
            ),
        )
        self.preview.open()

    # ---- what does not concern a unit

    def _exempt(self) -> None:
        if self.data.scheme is not None:
            self.form = ExemptionForm(self, self.data.scheme, self.data.units)
            self.form.submit(
                lambda value, close, wrong: self.change(
                    "正在保存…", lambda s, p: s.events.exempt(value), lambda _: close(), wrong
                )
            )

    def _withdraw(self) -> None:
        chosen = self.exemptions.current()
        if chosen is not None:
            ask_reason(
                self,
                f"{self._unit_name(chosen.unit)}：恢复适用“{self._part_name(chosen.part)}”",
                "恢复后这一项重新计入。",
                "恢复适用",
                lambda reason, close, wrong: self.change(
                    "正在保存…",
                    lambda s, p: s.events.withdraw_exemption(chosen.scheme, chosen.unit, chosen.part, reason),
                    lambda _: close(),
                    wrong,
                ),
            )

    def _unit_name(self, code: str) -> str:
        return next((u.name for u in self.data.units if u.code == code), code)

    def _part_name(self, part: str) -> str:
        parts = [*walk(self.data.scheme.tree), *self.data.scheme.measures] if self.data.scheme else []
        return next((p.name for p in parts if p.id == part), part)
