"""评分表: one evaluator's sheet as a grid with Excel's habits; every correction is written with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.facts import MarkBlock, MarkEdit
from app.domain.progress import Progress
from app.domain.sheets import SheetForm
from app.services.changes import Area
from app.services.comparison import ResultChange
from app.services.returns import SheetState
from app.services.what_if import WhatIf
from app.ui.pages.sheets.secrecy import SecrecyBand
from app.ui.pages.sheets.words import STATUS, moment
from app.ui.score_sheet import FIXED, ScoreSheet
from app.ui.score_sheet.rows import SheetRow, origin_of
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.grid import Grid
from app.ui.widgets.moves import moved_text
from app.ui.widgets.text import label, mark_wrong

if TYPE_CHECKING:
    from app.services.container import Services

__all__ = ["FIXED", "GridTab"]

ON_PAPER = "录入纸质评分表"  # the reason while nothing of a sheet is there yet
ON_SCREEN = "程序内填写"  # at a unit, whose evaluators score in the program


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
        self.proposed_for = ""  # the evaluator for whose empty sheet the reason was filled in by itself
        self.edits: dict[tuple[str, str], MarkEdit] = {}
        self.choice = QComboBox()
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choice.setMaxVisibleItems(20)
        self.choice.currentIndexChanged.connect(self._chosen)
        self.usual = ON_SCREEN if self.work.role == "unit" else ON_PAPER
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("更正理由（改分前先写）")
        self.reason.setToolTip("如：评议人书面更正、录入纸质评分表；写进审计记录")
        self.reason.setMinimumWidth(190)
        self.explain = Command(
            self, "查看依据", self._explain, icon="scale", keys="Ctrl+E", tip="当前单元格的分数怎样进入结果"
        )
        self.explain.setVisible(self.work.role != "unit")  # a unit has only its own part of what a figure rests on
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
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self.sheet = ScoreSheet()
        self.sheet.typed.connect(self._edited)
        self.sheet.refused.connect(self._refused)
        self.sheet.summed.connect(self.work.sum_up)
        self.sheet.moved.connect(self._show_cell)
        rows.addWidget(self.sheet, 1)
        foot = QHBoxLayout()
        self.cell = label("", "soft", selectable=True)
        self.sums = label("", "soft")
        foot.addWidget(self.cell, 1)
        foot.addWidget(self.sums)
        rows.addLayout(foot)
        self.stack.addWidget(page)
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
        elif unit:
            self.sheet.go_to(unit)

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

    @property
    def grid(self) -> Grid[SheetRow] | None:
        """The grid of the sheet that is open."""
        return self.sheet.grid

    def _show_sheet(self, form: SheetForm, block: MarkBlock | None) -> None:
        self.edits = {(edit.unit, edit.item): edit for edit in block.edits} if block else {}
        self.sheet.show_block(form, block, self._edit_tip)
        if self.proposed_for not in ("", self.evaluator) and self.reason.text() == self.usual:
            self.reason.clear()
        self.proposed_for = self.evaluator if self.proposed_for == self.evaluator else ""
        own = self.work.role == "unit"
        if (block is None or own) and not self.reason.text().strip():
            self.reason.setText(self.usual)
            self.proposed_for = self.evaluator
        self._show_state(form)
        self._show_cell()

    def _edit_tip(self, unit: str, item: str) -> str:
        edit = self.edits.get((unit, item))
        if edit is None:
            return ""
        moved = f"{edit.before or '空白'} → {edit.after or '空白'}"
        return f"{moved}\n{edit.by} {moment(edit.at)}\n理由：{edit.reason}"

    def _show_state(self, form: SheetForm) -> None:
        state = next((s for s in self.data.states if s.evaluator == form.identity.evaluator), None)
        source = f"第 {state.batch} 批收回" if state and state.file else "未收回文件，可直接录入"
        self.subtitle.setText(f"{self.sheet.progress_text()}；{source}")
        self.subtitle.setToolTip(state.file if state else "")
        edits = len(self.edits)
        said = [f"程序内更正 {edits} 处（蓝字）"] if edits else []
        self.sums.setText("；".join([*said, self.effect] if self.effect else said))
        self.what_if = None
        scheme = form.identity.scheme
        if self.work.role != "unit":  # what a mark moves, only the office can tell
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

    def _show_cell(self) -> None:
        """Where the current mark came from, and what was corrected."""
        place = self.sheet.current()
        self.explain.set_reason("" if place else "请先选中一个分数。")
        if place is None:
            self.cell.clear()
            return
        row, item = place
        edit = self.edits.get((row.unit.code, item.id))
        source = origin_of(self.data.block, row.unit.code, item.id)
        text = f"{row.unit.name} · {item.name}：" + (f"来源 {source}" if source else "没有文件来源")
        if edit is not None:
            text += f"；更正 {edit.before or '空白'} → {edit.after or '空白'}（{edit.by}，{edit.reason}）"
        self.cell.setText(text)

    def _explain(self) -> None:
        place = self.sheet.current()
        if place is None or self.data.form is None:
            return
        row, item = place
        group = (self.data.groups or {}).get(row.unit.code, "")
        quantity = f"{item.id}/{group}/{self.evaluator}" if group else item.id
        self.work.explain(self.data.form.identity.scheme, row.unit.code, quantity)

    # ---- changing

    def _edited(self, changes: Sequence[tuple[str, str, str]]) -> None:
        """One gesture in the grid: shown at once, written as one step with the reason."""
        form = self.data.form
        reason = self.reason.text().strip()
        mark_wrong(self.reason, not reason)
        if self.work.read_only:
            self.work.notices.say(self.work.read_only)
            return
        if not reason:
            self.reason.setFocus()
            self.work.notices.say("先写更正理由，再改分；理由会留在审计记录里。")
            return
        if form is None:
            return
        self.sheet.take(tuple(changes))
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
