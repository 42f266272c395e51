"""Changing by hand who rates whom: the commands of the matrix, their forms, and the way back to the rule."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from app.services.assignment import AssignmentView
from app.ui.pages.units.assign_form import AssignForm, Cell, HandEntry, TakeOutForm
from app.ui.pages.units.coverage_rows import EvaluatorRow, groups_of
from app.ui.pages.units.hand_list import HandList
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.forms import FormDialog
from app.ui.widgets.table import Table

MOST_CELLS = 2000  # in one step


class HandChanges(QObject):
    """The commands over the selected cells of the matrix that ``follow`` names last."""

    def __init__(self, tab: Tab[AssignmentView | None]) -> None:
        super().__init__(tab)
        self._tab = tab
        self._view: AssignmentView | None = None
        self._matrix: Table[EvaluatorRow] | None = None
        self.add = Command(tab, "加入评分…", self._add, icon="plus", tip="让选中的评议人评选中的单位，写明理由")
        self.take_out = Command(tab, "取消评分…", self._take_out, icon="x", tip="选中的评议人不评选中的单位，写明理由")
        self.restore = Command(tab, "恢复规则", self._restore, icon="undo-2", tip="选中的格子改回按方案的规则")
        self.drop = Command(
            tab,
            "不按名册的“谁评谁”，改按规则",
            self._drop,
            icon="undo-2",
            tip="去掉名册为选中的评议人写明的各行；可以撤销",
        )
        self.all_of_them = Command(tab, "手工调整…", self._show_all, icon="pencil", tip="不按规则的格子，和恢复的办法")

    def follow(self, view: AssignmentView | None, matrix: Table[EvaluatorRow] | None) -> None:
        """Work on this matrix from now on."""
        self._view, self._matrix = view, matrix
        self.follow_selection()

    def cells(self) -> list[Cell]:
        """The selected cells of the matrix: evaluator and unit."""
        if self._matrix is None or self._view is None or self._too_many():
            return []
        codes = {unit.code for unit in self._view.coverage.units}
        model = self._matrix.contents
        chosen = ((model.row(i).evaluator.code, model.columns[i.column()].key) for i in self._matrix.selectedIndexes())
        return [(evaluator, unit) for evaluator, unit in chosen if unit in codes]

    def _rated(self, cells: Sequence[Cell]) -> list[Cell]:
        """Those of the cells in which somebody counts now."""
        if self._view is None:
            return []
        data = self._view.coverage
        rows = {e.code: row for e, row in zip(data.evaluators, data.groups, strict=True)}
        places = {u.code: at for at, u in enumerate(data.units)}
        return [(e, u) for e, u in cells if e in rows and rows[e][places[u]]]

    def _changed(self) -> set[Cell]:
        return {(c.change.evaluator, c.change.unit) for c in self._view.changed} if self._view else set()

    def _changed_and_selected(self) -> bool:
        """Whether a cell changed by hand is selected; asked at every movement, so it looks at the few changes only."""
        changed = self._changed()
        if not changed or self._matrix is None:
            return False
        model, chosen = self._matrix.contents, self._matrix.selectionModel()
        columns = {column.key: at for at, column in enumerate(model.columns)}
        people = {evaluator for evaluator, _ in changed}
        rows = {c: at for at in range(model.rowCount()) if (c := model.row(at).evaluator.code) in people}
        return any(
            e in rows and u in columns and chosen.isSelected(model.index(rows[e], columns[u])) for e, u in changed
        )

    def follow_selection(self) -> None:
        """Commands that fit what is selected."""
        selected = self._matrix is not None and self._matrix.selectionModel().hasSelection()
        count = len(self._view.changed) if self._view else 0
        self.all_of_them.setText(f"手工调整（{count}）…" if count else "手工调整…")
        self.all_of_them.set_reason("" if count else "没有手工调整过，全部按方案的规则。")
        self._tab.writable(self.add, why="" if self._view else "还没有名册。")
        self._tab.writable(self.take_out, why="" if selected else "请先在下面选中格子。")
        by_hand = self._changed_and_selected()
        self._tab.writable(self.restore, why="" if by_hand else "选中的格子没有手工调整过。")
        self._tab.writable(self.drop, why="" if self._fixed() else "名册没有为选中的评议人写明谁评谁。")

    def show_menu(self, row: EvaluatorRow, point: QPoint) -> None:
        """The commands where the right button was pressed."""
        menu = QMenu(self._tab)
        menu.setToolTipsVisible(True)
        for command in (self.add, self.take_out, self.restore, self.drop):
            menu.addAction(command)
        menu.exec(point)

    def turn(self) -> None:
        """Double click: who rates is taken out, who does not is put in."""
        cells = self.cells()
        if cells:
            command = self.take_out if self._rated(cells[:1]) else self.add
            command.trigger()

    def _add(self) -> None:
        if self._view is None:
            return
        if self._too_many():
            return
        cells = self.cells()
        scheme = self._tab.work.scheme_document(self._view.coverage.scheme)
        known = groups_of(self._view.coverage, scheme) if scheme else ()
        groups = tuple((g.id, g.name) for g in known)
        everybody = sorted((*self._view.coverage.evaluators, *self._view.others), key=lambda e: (e.order, e.code))
        roles = {e.code: e.role for e in everybody}
        chosen = next((g.id for g in known if cells and roles.get(cells[0][0]) in g.roles), "")
        people = tuple((e.code, e.name) for e in everybody)
        units = tuple((u.code, u.name) for u in self._view.coverage.units)
        said = self._said(cells) if cells else "选一名评议人和一家单位。要一次改多处，可先在矩阵里选中格子。"
        warning = "已经发出的评分表上没有这些单位的，请在“评分”页重新发这几份表。"
        self._submit(AssignForm(self._tab, cells, said, groups, chosen, people, units, warning), "正在加入…")

    def _take_out(self) -> None:
        if self._too_many():
            return
        cells = self._rated(self.cells())
        if not cells or self._view is None:
            self._tab.work.notices.say("选中的格子本来就不评。")
            return
        back = len({evaluator for evaluator, _ in cells} & self._view.back)
        warning = f"其中 {back} 人的评分表已经收回，他们给这些单位的评分将不再计入。" if back else ""
        self._submit(TakeOutForm(self._tab, cells, self._said(cells), warning), "正在取消…")

    def _said(self, cells: Sequence[Cell]) -> str:
        assert self._view is not None
        people = {e.code: e.name for e in (*self._view.coverage.evaluators, *self._view.others)}
        units = {u.code: u.name for u in self._view.coverage.units}
        who = list(dict.fromkeys(people[e] for e, _ in cells))
        whom = list(dict.fromkeys(units[u] for _, u in cells))
        return f"{_listed(who, '人')} → {_listed(whom, '家单位')}，共 {len(cells)} 处。"

    def _too_many(self) -> bool:
        """Whether more cells are selected than a step by hand should change; then it is said."""
        count = self._matrix.selected_count() if self._matrix is not None else 0
        if count > MOST_CELLS:
            self._tab.work.notices.say(f"选中了 {count} 处，一次最多 {MOST_CELLS} 处；这么多应当改方案的规则。")
        return count > MOST_CELLS

    def _submit(self, form: FormDialog[HandEntry], text: str) -> None:
        self.form = form
        scheme = self._tab.work.scheme
        form.submit(
            lambda entry, close, wrong: self._tab.change(
                text,
                lambda s, p: s.assignment.change(scheme, entry.cells, entry.groups, entry.reason),
                lambda _: close(),
                wrong,
            )
        )

    def _restore(self) -> None:
        self._give_back([cell for cell in self.cells() if cell in self._changed()])

    def _give_back(self, cells: list[Cell]) -> None:
        scheme = self._tab.work.scheme
        if cells:
            self._tab.change("正在恢复…", lambda s, p: s.assignment.back_to_rule(scheme, cells))

    def _fixed(self) -> list[str]:
        """Evaluators of the selected rows for whom the register states lines."""
        if self._view is None or self._matrix is None or not self._view.fixed:
            return []
        chosen = (row.evaluator.code for row in self._matrix.chosen())
        return [code for code in chosen if code in self._view.fixed]

    def _drop(self) -> None:
        scheme, evaluators = self._tab.work.scheme, self._fixed()
        self._tab.change("正在改按规则…", lambda s, p: s.assignment.drop_lines(scheme, evaluators))

    def _show_all(self) -> None:
        if self._view is not None:
            names = {rule.group: rule.name for rule in self._view.rules}
            give_back = None if self._tab.work.read_only else self._give_back
            self.dialog = HandList(self._tab, self._view.changed, names, give_back)
            self.dialog.open()


def _listed(names: Sequence[str], unit: str) -> str:
    return "、".join(names) if len(names) <= 3 else f"{'、'.join(names[:2])} 等 {len(names)} {unit}"
