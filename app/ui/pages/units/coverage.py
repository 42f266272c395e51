"""评议关系: the scheme's rules in words, the raters of each unit, the matrix, and changes of it by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSpinBox, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain.progress import Progress
from app.domain.schemes import Group
from app.services.assignment import AssignmentView
from app.services.assignment_rules import GroupRule
from app.services.changes import Area
from app.ui.pages.units.assign_form import AssignForm, Cell, HandEntry, TakeOutForm
from app.ui.pages.units.coverage_rows import (
    EvaluatorRow,
    UnitRow,
    count_column,
    evaluator_rows,
    groups_of,
    rule_columns,
    sentence,
    unit_column,
    unit_rows,
)
from app.ui.pages.units.hand_list import HandList
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.forms import FormDialog
from app.ui.widgets.frozen import FrozenColumns, UprightHeader
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.container import Services

RULE_ROW = 26
MOST_RULES = 4  # rows of the rules that are shown without scrolling, in a small window
TALL = 640  # pixels of the tab, from which twice as many are shown


class CoverageTab(Tab["AssignmentView | None"]):
    id, title = "coverage", "评议关系"
    areas = frozenset({Area.UNITS, Area.SCHEMES, Area.SHEETS})
    follows_scheme = True

    def build(self) -> None:
        self.view: AssignmentView | None = None
        self.counts: Table[UnitRow] | None = None
        self.matrix: Table[EvaluatorRow] | None = None
        self.search = SearchField("搜索评议人、单位、角色")
        self.at_least = QSpinBox()
        self.at_least.setRange(0, 99)
        self.at_least.setSpecialValueText("过少：按方案")
        self.at_least.setPrefix("过少：不足 ")
        self.at_least.setSuffix(" 人")
        self.at_least.setToolTip("一家单位在一组里的评议人少于这个数，就标黄；“按方案”指方案里“每组至少”的人数")
        self.at_least.valueChanged.connect(self.refresh)
        self._make_commands()
        for widget in (self.at_least, self.search, self.hand_list.button()):
            self.tools.addWidget(widget)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "users", "还没有可以对应的单位和评议人", "先在“单位”“评议人”里导入名册，这里会算出谁评谁、哪里没人评。"
            )
        )
        self.stack.addWidget(self._everything())
        self.body.addWidget(self.stack, 1)
        self.search.textChanged.connect(self._narrow)

    def _make_commands(self) -> None:
        self.add = Command(self, "加入评分…", self._add, icon="plus", tip="让选中的评议人评选中的单位，写明理由")
        self.take_out = Command(self, "取消评分…", self._take_out, icon="x", tip="选中的评议人不评选中的单位，写明理由")
        self.restore = Command(self, "恢复规则", self._restore, icon="undo-2", tip="选中的格子改回按方案的规则")
        self.hand_list = Command(self, "手工调整…", self._show_list, icon="pencil", tip="不按规则的格子，和恢复的办法")

    def _everything(self) -> QWidget:
        """Rules above, then the raters of each unit beside the matrix."""
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        self.rules: Table[GroupRule] = Table(rule_columns((), {}), row_height=RULE_ROW, sortable=False)
        self.floors = QSplitter()
        self.floors.setOrientation(self.floors.orientation().Vertical)
        self.floors.setChildrenCollapsible(False)
        self.floors.addWidget(self.rules)
        self.parts = QSplitter()
        self.parts.setChildrenCollapsible(False)
        self.parts.setContentsMargins(0, 8, 0, 0)
        self.floors.addWidget(self.parts)
        self.floors.setStretchFactor(1, 1)
        rows.addWidget(self.floors)
        return box

    def loader(self) -> Callable[[Services, Progress], AssignmentView | None]:
        scheme, at_least = self.work.scheme, self.at_least.value()
        return lambda services, progress: services.assignment.view(scheme, at_least) if scheme else None

    def search_field(self) -> QLineEdit | None:
        return self.search

    def show_data(self, data: AssignmentView | None) -> None:
        self.view = data
        scheme = self.work.scheme_document(data.coverage.scheme) if data else None
        if data is None or scheme is None or not data.coverage.units or not (data.coverage.evaluators or data.others):
            self.subtitle.clear()
            self.stack.setCurrentIndex(0)
            self._follow_selection()
            return
        self.subtitle.setText(sentence(data.coverage))
        groups = groups_of(data.coverage, scheme)
        place = self._place()
        self._show_rules(data)
        self._replace(self._counts_table(data, groups), self._matrix_table(data, groups))
        self._go_back(place)
        self.stack.setCurrentIndex(1)
        self._follow_selection()

    def reveal(self, target: str) -> None:
        if self.counts is not None:
            self.counts.go_to(lambda row: row.unit.code == target)

    # ---- what is shown

    def _place(self) -> tuple[int, int, int, int] | None:
        """Where one is in the matrix, so that a change does not throw one back to its beginning."""
        if self.matrix is None:
            return None
        index = self.matrix.currentIndex()
        across, down = self.matrix.horizontalScrollBar().value(), self.matrix.verticalScrollBar().value()
        return index.row(), index.column(), across, down

    def _go_back(self, place: tuple[int, int, int, int] | None) -> None:
        if place is None or self.matrix is None:
            return
        row, column, across, down = place
        model = self.matrix.contents
        if 0 <= row < model.rowCount() and 0 <= column < model.columnCount():
            self.matrix.setCurrentIndex(model.index(row, column))
        self.matrix.horizontalScrollBar().setValue(across)
        self.matrix.verticalScrollBar().setValue(down)

    def _replace(self, counts: QWidget, matrix: QWidget) -> None:
        sizes = self.parts.sizes() if self.parts.count() else [430, 690]
        while self.parts.count():
            old = self.parts.widget(0)
            old.setParent(None)
            old.deleteLater()
        self.parts.addWidget(counts)
        self.parts.addWidget(matrix)
        self.parts.setStretchFactor(0, 0)
        self.parts.setStretchFactor(1, 1)
        self.parts.setSizes(sizes)

    def _show_rules(self, data: AssignmentView) -> None:
        marks = {group: number for number, group in enumerate(data.coverage.group_ids)}
        table = Table(rule_columns(data.rules, marks), row_height=RULE_ROW, sortable=False)
        table.show_rows(data.rules)
        table.opened.connect(self._open_scheme)
        sizes = self.floors.sizes() if self.rules.contents.rows else None
        self.floors.replaceWidget(0, table).deleteLater()
        self.rules = table
        wanted = (
            table.horizontalHeader().height()
            + min(len(data.rules), MOST_RULES if self.height() < TALL else 2 * MOST_RULES) * RULE_ROW
            + 6
        )
        self.floors.setSizes(sizes or [wanted, max(self.floors.height() - wanted, wanted)])

    def _open_scheme(self, rule: GroupRule, key: str) -> None:
        self.work.go("schemes", self.work.scheme)

    def _counts_table(self, data: AssignmentView, groups: tuple[Group, ...]) -> QWidget:
        columns: list[Column[UnitRow]] = [
            Column(
                key="unit",
                title="单位",
                text=lambda r: r.unit.name,
                tip=lambda r: f"{r.unit.name}　{r.unit.code}",
                sort=lambda r: r.unit.order,
                width=120,
                stretch=True,
            ),
            Column(key="code", title="编码", text=lambda r: r.unit.code, hidden=True),
        ]
        columns += [count_column(number, group) for number, group in enumerate(groups)]
        table = Table(columns, row_height=26)
        table.horizontalHeader().setFixedHeight(64)
        table.show_rows(unit_rows(data.coverage, groups))
        table.picked.connect(self._show_unit)
        self.counts = table
        return _titled("每家应得评分份数（红：无人评，黄：人过少）", table, right=14)

    def _matrix_table(self, data: AssignmentView, groups: tuple[Group, ...]) -> QWidget:
        first: Column[EvaluatorRow] = Column(
            key="evaluator",
            title="评议人",
            text=lambda r: r.evaluator.name,
            tip=lambda r: "　".join(t for t in (r.evaluator.name, r.evaluator.code, r.evaluator.role) if t),
            width=150,
        )
        coded: Column[EvaluatorRow] = Column(
            key="code", title="编码", text=lambda r: f"{r.evaluator.code} {r.evaluator.role}", hidden=True
        )
        units = [unit_column(at, unit, groups) for at, unit in enumerate(data.coverage.units)]
        table = Table([first, *units, coded], select="cells", row_height=26, sortable=False)
        header = UprightHeader(table)
        table.setHorizontalHeader(header)
        header.setFixedHeight(header.sizeHint().height())
        for at, column in enumerate(table.contents.columns):
            table.setColumnWidth(at, column.width)
            table.setColumnHidden(at, column.hidden)
        table.show_rows(evaluator_rows(data.coverage, data))
        self.frozen = FrozenColumns(table)
        self.frozen.setHorizontalHeader(UprightHeader(self.frozen))
        self.frozen.place()
        table.asked.connect(self._menu)
        table.doubleClicked.connect(lambda: self._turn())
        table.selectionModel().selectionChanged.connect(self._follow_selection)
        self.matrix = table
        self._narrow()
        box = _titled("谁评谁（每行一名评议人；避：回避，*：手工加入，×：手工取消）", table, left=14)
        self._add_commands(box)
        return box

    def _add_commands(self, box: QWidget) -> None:
        head = box.findChild(QHBoxLayout, "head")
        assert isinstance(head, QHBoxLayout)
        for command in (self.add, self.take_out, self.restore):
            head.addWidget(command.button("quiet"))

    def _show_unit(self, row: UnitRow) -> None:
        """Bring the unit's column of the matrix into sight."""
        if self.matrix is None or not self.matrix.contents.rowCount():
            return
        at = next((i for i, c in enumerate(self.matrix.contents.columns) if c.key == row.unit.code), 0)
        self.matrix.selectColumn(at)
        self.matrix.scrollTo(self.matrix.contents.index(max(self.matrix.rowAt(1), 0), at))

    def _narrow(self) -> None:
        """Evaluators who are found; when only units are, these, beside all evaluators."""
        if self.matrix is None or self.counts is None:
            return
        words = self.search.text()
        self.matrix.narrow(words)
        self.counts.narrow(words)
        if not self.matrix.contents.rowCount():
            self.matrix.narrow("")
        if not self.counts.contents.rowCount():
            self.counts.narrow("")

    # ---- changes by hand

    def cells(self) -> list[Cell]:
        """The selected cells of the matrix: evaluator and unit."""
        if self.matrix is None or self.view is None:
            return []
        codes = {unit.code for unit in self.view.coverage.units}
        model = self.matrix.contents
        chosen = ((model.row(i).evaluator.code, model.columns[i.column()].key) for i in self.matrix.selectedIndexes())
        return [(evaluator, unit) for evaluator, unit in chosen if unit in codes]

    def _rated(self) -> set[Cell]:
        """Cells in which somebody counts now."""
        if self.view is None:
            return set()
        data = self.view.coverage
        return {
            (e.code, u.code)
            for e, row in zip(data.evaluators, data.groups, strict=True)
            for u, groups in zip(data.units, row, strict=True)
            if groups
        }

    def _changed(self) -> set[Cell]:
        return {(c.change.evaluator, c.change.unit) for c in self.view.changed} if self.view else set()

    def _follow_selection(self) -> None:
        cells = self.cells()
        count = len(self.view.changed) if self.view else 0
        self.hand_list.setText(f"手工调整（{count}）…" if count else "手工调整…")
        self.hand_list.set_reason("" if count else "没有手工调整过，全部按方案的规则。")
        self.writable(self.add, why="" if self.view else "还没有名册。")
        self.writable(self.take_out, why="" if cells else "请先在下面选中格子。")
        by_hand = bool(self._changed().intersection(cells)) if cells else False
        self.writable(self.restore, why="" if by_hand else "选中的格子没有手工调整过。")

    def _menu(self, row: EvaluatorRow, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for command in (self.add, self.take_out, self.restore):
            menu.addAction(command)
        menu.exec(point)

    def _turn(self) -> None:
        """Double click: who rates is taken out, who does not is put in."""
        cells = self.cells()
        if cells:
            command = self.take_out if cells[0] in self._rated() else self.add
            command.trigger()

    def _add(self) -> None:
        if self.view is None:
            return
        cells = self.cells()
        scheme = self.work.scheme_document(self.view.coverage.scheme)
        known = groups_of(self.view.coverage, scheme) if scheme else ()
        groups = tuple((g.id, g.name) for g in known)
        everybody = sorted((*self.view.coverage.evaluators, *self.view.others), key=lambda e: (e.order, e.code))
        roles = {e.code: e.role for e in everybody}
        chosen = next((g.id for g in known if cells and roles.get(cells[0][0]) in g.roles), "")
        people = tuple((e.code, e.name) for e in everybody)
        units = tuple((u.code, u.name) for u in self.view.coverage.units)
        said = self._said(cells) if cells else "选一名评议人和一家单位。要一次改多处，可先在矩阵里选中格子。"
        warning = "已经发出的评分表上没有这些单位的，请在“评分”页重新发这几份表。"
        self._submit(AssignForm(self, cells, said, groups, chosen, people, units, warning), "正在加入…")

    def _take_out(self) -> None:
        cells = [cell for cell in self.cells() if cell in self._rated()]
        if not cells or self.view is None:
            self.work.notices.say("选中的格子本来就不评。")
            return
        back = len({evaluator for evaluator, _ in cells} & self.view.back)
        warning = f"其中 {back} 人的评分表已经收回，他们给这些单位的评分将不再计入。" if back else ""
        self._submit(TakeOutForm(self, cells, self._said(cells), warning), "正在取消…")

    def _said(self, cells: Sequence[Cell]) -> str:
        assert self.view is not None
        people = {e.code: e.name for e in (*self.view.coverage.evaluators, *self.view.others)}
        units = {u.code: u.name for u in self.view.coverage.units}
        who = list(dict.fromkeys(people[e] for e, _ in cells))
        whom = list(dict.fromkeys(units[u] for _, u in cells))
        return f"{_listed(who, '人')} → {_listed(whom, '家单位')}，共 {len(cells)} 处。"

    def _submit(self, form: FormDialog[HandEntry], text: str) -> None:
        self.form = form
        scheme = self.work.scheme
        form.submit(
            lambda entry, close, wrong: self.change(
                text,
                lambda s, p: s.assignment.change(scheme, entry.cells, entry.groups, entry.reason),
                lambda _: close(),
                wrong,
            )
        )

    def _restore(self) -> None:
        self._give_back([cell for cell in self.cells() if cell in self._changed()])

    def _give_back(self, cells: list[Cell]) -> None:
        scheme = self.work.scheme
        if cells:
            self.change("正在恢复…", lambda s, p: s.assignment.back_to_rule(scheme, cells))

    def _show_list(self) -> None:
        if self.view is not None:
            names = {rule.group: rule.name for rule in self.view.rules}
            give_back = None if self.work.read_only else self._give_back
            self.dialog = HandList(self, self.view.changed, names, give_back)
            self.dialog.open()


def _listed(names: Sequence[str], unit: str) -> str:
    return "、".join(names) if len(names) <= 3 else f"{'、'.join(names[:2])} 等 {len(names)} {unit}"


def _titled(title: str, table: QWidget, left: int = 0, right: int = 0) -> QWidget:
    box = QWidget()
    rows = QVBoxLayout(box)
    rows.setContentsMargins(left, 0, right, 0)
    rows.setSpacing(6)
    head = QHBoxLayout()
    head.setObjectName("head")
    head.addWidget(label(title, "strong"), 1)
    rows.addLayout(head)
    rows.addWidget(table, 1)
    return box
