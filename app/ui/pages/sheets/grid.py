"""评分表: one evaluator's sheet as a grid with Excel's habits; every correction is written with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.facts import MarkBlock
from app.domain.progress import Progress
from app.domain.quantities import number_text
from app.domain.sheets import FormItem, SheetForm
from app.services.changes import Area
from app.services.comparison import ResultChange
from app.services.returns import SheetState
from app.services.what_if import WhatIf
from app.ui import colours
from app.ui.pages.sheets.grid_rows import SheetRow, SheetRules, filled, origin_of, sheet_rows, sheet_rules
from app.ui.pages.sheets.secrecy import SecrecyBand
from app.ui.pages.sheets.words import STATUS, moment
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.frozen import FrozenColumns, wrapped
from app.ui.widgets.grid import Grid
from app.ui.widgets.moves import moved_text
from app.ui.widgets.table import Column
from app.ui.widgets.text import label, mark_wrong

if TYPE_CHECKING:
    from app.services.container import Services

FIXED = 3  # unit, sum, gaps
Edits = Sequence[tuple[SheetRow, str, str]]


@dataclass(frozen=True, slots=True)
class GridData:
    """The sheets of one scheme, and the one that is open. groups: unit → the group in which the evaluator counts."""

    states: tuple[SheetState, ...]
    form: SheetForm | None = None
    block: MarkBlock | None = None
    groups: dict[str, str] | None = None


class GridTab(Tab[GridData]):
    id, title = "grid", "评分表"
    areas = frozenset({Area.SHEETS, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.data = GridData(())
        self.what_if: WhatIf | None = None
        self.effect = ""
        self.evaluator = ""
        self.grid: Grid[SheetRow] | None = None
        self.frozen: FrozenColumns | None = None
        self.rules: SheetRules | None = None
        self.choice = QComboBox()
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choice.setMaxVisibleItems(20)
        self.choice.currentIndexChanged.connect(self._chosen)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("更正理由（改分前先写）")
        self.reason.setToolTip("如：评议人书面更正、录入纸质评分表；写进审计记录")
        self.reason.setMinimumWidth(190)
        self.explain = Command(
            self, "查看依据", self._explain, icon="scale", keys="Ctrl+E", tip="当前单元格的分数怎样进入结果"
        )
        self.addAction(self.explain)  # so that its key works while the tab is in front
        self.tools.addWidget(label("评议人", "soft"))
        self.tools.addWidget(self.choice)
        self.tools.addWidget(self.reason)
        self.tools.addWidget(self.explain.button())
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "clipboard-check",
                "这一层级还没有评分表",
                "先在“单位与评议人”里导入名册和谁评谁；纸质评分表也在这里直接录入。",
            )
        )
        self.sheet = QWidget()
        rows = QVBoxLayout(self.sheet)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self.place = QVBoxLayout()
        rows.addLayout(self.place, 1)
        foot = QHBoxLayout()
        self.cell = label("", "soft", selectable=True)
        self.sums = label("", "soft")
        foot.addWidget(self.cell, 1)
        foot.addWidget(self.sums)
        rows.addLayout(foot)
        self.stack.addWidget(self.sheet)
        self.body.addWidget(SecrecyBand(secret=False))
        self.body.addWidget(self.stack, 1)

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], GridData]:
        scheme, wanted = self.work.scheme, self.evaluator

        def read(services: Services, progress: Progress) -> GridData:
            if not scheme:
                return GridData(())
            states = tuple(s for s in services.sheets.progress().sheets if s.scheme == scheme)
            known = [s.evaluator for s in states]
            evaluator = wanted if wanted in known else next((s.evaluator for s in states if s.returned), None)
            evaluator = evaluator or (known[0] if known else "")
            form = next((f for f in services.sheets.forms(scheme) if f.identity.evaluator == evaluator), None)
            if form is None:
                return GridData(states)
            coverage = services.units.coverage(scheme)
            at = next((i for i, e in enumerate(coverage.evaluators) if e.code == evaluator), -1)
            groups = {
                unit.code: groups[0]
                for unit, groups in zip(coverage.units, coverage.groups[at] if at >= 0 else (), strict=False)
                if groups
            }
            return GridData(states, form, services.sheets.block(scheme, evaluator), groups)

        return read

    def show_data(self, data: GridData) -> None:
        self.data = data
        self._fill_choice(data)
        if data.form is None:
            self.stack.setCurrentIndex(0)
            self.subtitle.clear()
            return
        self.evaluator = data.form.identity.evaluator
        self._show_sheet(data.form, data.block)
        self.stack.setCurrentIndex(1)

    def reveal(self, target: str) -> None:
        evaluator, _, unit = target.partition("/")
        if evaluator != self.evaluator:
            self.evaluator = evaluator
            self.refresh()
        elif unit and self.grid is not None:
            self.grid.go_to(lambda row: row.unit.code == unit)

    def _fill_choice(self, data: GridData) -> None:
        self.choice.blockSignals(True)
        self.choice.clear()
        for state in data.states:
            share = f"{state.returned}/{state.expected}" if state.returned else STATUS[state.status]
            self.choice.addItem(f"{state.evaluator_name}（{share}）", state.evaluator)
        evaluator = data.form.identity.evaluator if data.form else self.evaluator
        self.choice.setCurrentIndex(max(self.choice.findData(evaluator), 0))
        self.choice.blockSignals(False)

    def _chosen(self) -> None:
        self.evaluator = str(self.choice.currentData() or "")
        self.effect = ""
        self.refresh()

    # ---- showing

    def _show_sheet(self, form: SheetForm, block: MarkBlock | None) -> None:
        rules = sheet_rules(form, block)
        rows = sheet_rows(rules, block)
        same = self.rules is not None and _shape(self.rules.form) == _shape(form) and self.rules.digits == rules.digits
        self.rules = rules
        if same and self.grid is not None:
            for number, row in enumerate(rows):  # cell by cell, so that an open editor is not thrown away
                if row != self.grid.contents.rows[number]:
                    self.grid.contents.replace_row(number, row)
        else:
            self._make_grid(form, rows)
        self._show_state(form, rows)
        self._show_cell()

    def _make_grid(self, form: SheetForm, rows: list[SheetRow]) -> None:
        if self.grid is not None:
            self.place.removeWidget(self.grid)
            self.grid.hide()
            self.grid.deleteLater()
        columns: list[Column[SheetRow]] = [
            Column(
                key="unit", title="单位", text=lambda r: r.unit.name, tip=lambda r: r.unit.name, width=150, strong=True
            ),
            Column(
                key="total",
                title="合计",
                text=lambda r: self._rules().total_text(r),
                align="right",
                width=64,
                strong=True,
            ),
            Column(
                key="gaps",
                title="未评",
                text=lambda r: str(self._rules().gaps(r) or ""),
                ink=lambda r: colours.WARN,
                align="center",
                width=46,
            ),
        ]
        columns += [self._item_column(at, item) for at, item in enumerate(form.items)]
        grid = Grid(columns, row_height=28)
        lines = max((wrapped(item.name, 6).count("\n") + 1 for item in form.items), default=1)
        grid.horizontalHeader().setFixedHeight(20 + 17 * (lines + 1))
        grid.show_rows(rows)
        grid.edited.connect(self._edited)
        grid.refused.connect(self._refused)
        grid.summed.connect(self.work.sum_up)
        grid.selectionModel().currentChanged.connect(self._moved)
        self.place.addWidget(grid)
        self.frozen = FrozenColumns(grid, FIXED)
        self.grid = grid
        grid.setCurrentIndex(grid.contents.index(0, FIXED))

    def _rules(self) -> SheetRules:
        assert self.rules is not None
        return self.rules

    def _item_column(self, at: int, item: FormItem) -> Column[SheetRow]:
        def ink(row: SheetRow) -> str:
            if at in row.fresh:
                return colours.ACCENT
            return colours.INFO if (row.unit.code, item.id) in self._rules().edits else ""

        def tip(row: SheetRow) -> str:
            edit = self._rules().edits.get((row.unit.code, item.id))
            return (
                ""
                if edit is None
                else f"{edit.before or '空白'} → {edit.after or '空白'}\n{edit.by} {moment(edit.at)}\n理由：{edit.reason}"
            )

        return Column(
            key=item.id,
            title=f"{wrapped(item.name, 6)}\n{_limits(item)}",
            text=lambda r: self._rules().text(r, at),
            check=lambda r, text: self._rules().problem(r, at, text),
            choices=(lambda r: ["", *(level.name for level in item.levels), "弃权"]) if item.levels else None,
            ink=ink,
            tip=tip,
            align="center" if item.levels else "right",
            width=max(96, 14 * min(len(_limits(item)), 20) + 20),
            head_tip="\n".join(
                text for text in (" › ".join((*item.above, item.name)), _limits(item), item.note) if text
            ),
        )

    def _show_state(self, form: SheetForm, rows: list[SheetRow]) -> None:
        done, cells = filled(rows)
        state = next((s for s in self.data.states if s.evaluator == form.identity.evaluator), None)
        source = f"第 {state.batch} 批收回" if state and state.file else "未收回文件，可直接录入"
        self.subtitle.setText(f"已评 {done}/{cells} 格，{source}")
        self.subtitle.setToolTip(state.file if state else "")
        edits = len(self._rules().edits)
        said = [f"程序内更正 {edits} 处（蓝字）"] if edits else []
        self.sums.setText("；".join([*said, self.effect] if self.effect else said))
        self.what_if = None
        scheme = form.identity.scheme
        self.read("正在准备试算…", lambda s, p: s.results.what_if(scheme), self._at_hand)

    def _at_hand(self, what_if: WhatIf) -> None:
        self.what_if = what_if

    def _effect_of(self, changes: Sequence[tuple[str, str, str]]) -> str:
        """Who stands differently with these marks (unit, item, text), in one line; at once, before they are stored."""
        if self.what_if is None:
            return ""
        moves: tuple[ResultChange, ...] = ()
        try:
            for unit, item, text in changes:
                moves = self.what_if.with_mark(self.evaluator, unit, item, text or "空白")
        except AppError:
            return ""  # storing it says what is wrong
        scheme = self.work.scheme_document()
        said = "；".join(moved_text(m, scheme) for m in moves[:2])
        return (
            (f"本次更正：{said}" + (f" 等 {len(moves)} 个单位" if len(moves) > 2 else ""))
            if moves
            else "本次更正：结果不变"
        )

    def _moved(self, index: QModelIndex, before: QModelIndex) -> None:
        self._show_cell()

    def _show_cell(self) -> None:
        """Where the current mark came from, and what was corrected."""
        place = self._current()
        self.explain.set_reason("" if place else "请先选中一个分数。")
        if place is None:
            self.cell.clear()
            return
        row, item = place
        edit = self._rules().edits.get((row.unit.code, item.id))
        source = origin_of(self.data.block, row.unit.code, item.id)
        text = f"{row.unit.name} · {item.name}：" + (f"来源 {source}" if source else "没有文件来源")
        if edit is not None:
            text += f"；更正 {edit.before or '空白'} → {edit.after or '空白'}（{edit.by}，{edit.reason}）"
        self.cell.setText(text)

    def _current(self) -> tuple[SheetRow, FormItem] | None:
        if self.grid is None or self.rules is None:
            return None
        index = self.grid.currentIndex()
        at = index.column() - FIXED
        if not index.isValid() or not 0 <= at < len(self.rules.form.items):
            return None
        return self.grid.contents.row(index), self.rules.form.items[at]

    def _explain(self) -> None:
        place = self._current()
        if place is None or self.data.form is None:
            return
        row, item = place
        group = (self.data.groups or {}).get(row.unit.code, "")
        quantity = f"{item.id}/{group}/{self.evaluator}" if group else item.id
        self.work.explain(self.data.form.identity.scheme, row.unit.code, quantity)

    # ---- changing

    def _edited(self, edits: Edits) -> None:
        """One gesture in the grid: shown at once, written as one step with the reason."""
        grid, form = self.grid, self.data.form
        reason = self.reason.text().strip()
        mark_wrong(self.reason, not reason)
        if self.work.read_only:
            self.work.notices.say(self.work.read_only)
            return
        if not reason:
            self.reason.setFocus()
            self.work.notices.say("先写更正理由，再改分；理由会留在审计记录里。")
            return
        if grid is None or form is None:
            return
        items = {item.id: at for at, item in enumerate(form.items)}
        numbers = {row.unit.code: number for number, row in enumerate(grid.contents.rows)}
        for row, key, text in edits:
            number = numbers[row.unit.code]
            grid.contents.replace_row(number, self._rules().changed(grid.contents.rows[number], items[key], text))
        changes = [(row.unit.code, key, text) for row, key, text in edits]
        scheme, evaluator = form.identity.scheme, form.identity.evaluator
        self.effect = self._effect_of(changes)
        self.sums.setText(self.effect)

        def failed(error: BaseException) -> bool:
            self.refresh()
            return False

        self.change("正在保存更正…", lambda s, p: s.sheets.edit_marks(scheme, evaluator, changes, reason), None, failed)

    def _refused(self, reasons: list[str]) -> None:
        shown = "\n".join(f"· {reason}" for reason in reasons[:5])
        more = f"\n……另有 {len(reasons) - 5} 处。" if len(reasons) > 5 else ""
        self.work.notices.tell("没有写入任何内容", f"{shown}{more}")


def _shape(form: SheetForm) -> tuple[object, ...]:
    return form.identity.sheet, form.units, form.items


def _limits(item: FormItem) -> str:
    """What may be filled in, short: ``0–25`` or the names of the levels."""
    if item.levels:
        return "/".join(level.name for level in item.levels)
    if item.allowed:
        return "、".join(number_text(value) for value in item.allowed)
    low = "" if item.minimum is None else number_text(item.minimum)
    high = "" if item.maximum is None else number_text(item.maximum)
    return f"{low}–{high}" if low or high else ""
