"""评议关系: the scheme's rules in words, the raters of each unit, the matrix, and changes of it by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain.progress import Progress
from app.domain.schemes import Group
from app.services.assignment import AssignmentView
from app.services.assignment_rules import GroupRule
from app.services.changes import Area
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
from app.ui.pages.units.hand_changes import HandChanges
from app.ui.tab import Tab
from app.ui.widgets.empty import EmptyState
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
        self.hand = HandChanges(self)
        for widget in (self.at_least, self.search, self.hand.all_of_them.button()):
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

    def _everything(self) -> QWidget:
        """Rules above, then the raters of each unit beside the matrix."""
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        self.rules: Table[GroupRule] = Table(rule_columns((), {}), row_height=RULE_ROW, sortable=False)
        self.floors = QSplitter()
        self.floors.setOrientation(self.floors.orientation().Vertical)
        self.floors.addWidget(self.rules)
        self.parts = QSplitter()
        self.parts.setChildrenCollapsible(False)
        self.parts.setContentsMargins(0, 8, 0, 0)
        self.floors.addWidget(self.parts)
        self.floors.setCollapsible(1, False)
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
            self.hand.follow(None, None)
            return
        by_register = f"{len(data.fixed)} 人按名册的“谁评谁”。" if data.fixed else ""
        self.subtitle.setText(sentence(data.coverage) + by_register)
        groups = groups_of(data.coverage, scheme)
        place = self._place()
        self._show_rules(data)
        self._replace(self._counts_table(data, groups), self._matrix_table(data, groups))
        self._go_back(place)
        self.stack.setCurrentIndex(1)
        self.hand.follow(data, self.matrix)

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
            tip=lambda r: _about(r, data.fixed),
            width=150,
        )
        units = [unit_column(at, unit, groups) for at, unit in enumerate(data.coverage.units)]
        table = Table([first, *units], select="cells", row_height=26, sortable=False)
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
        table.asked.connect(self.hand.show_menu)
        table.doubleClicked.connect(self.hand.turn)
        table.selectionModel().selectionChanged.connect(self.hand.follow_selection)
        self.matrix = table
        self._narrow()
        box = _titled("谁评谁（每行一名评议人；避：回避，*：手工加入，×：手工取消）", table, left=14)
        head = box.findChild(QHBoxLayout, "head")
        assert isinstance(head, QHBoxLayout)
        for command in (self.hand.add, self.hand.take_out, self.hand.restore):
            head.addWidget(command.button("quiet"))
        return box

    def _show_unit(self, row: UnitRow) -> None:
        """Bring the unit's column of the matrix into sight."""
        if self.matrix is None or not self.matrix.contents.rowCount():
            return
        at = next((i for i, c in enumerate(self.matrix.contents.columns) if c.key == row.unit.code), 0)
        self.matrix.selectColumn(at)
        self.matrix.scrollTo(self.matrix.contents.index(max(self.matrix.rowAt(1), 0), at))

    def _narrow(self) -> None:
        """Evaluators and units that are found; where none of the one kind is, all of it stay."""
        if self.matrix is None or self.counts is None:
            return
        words = self.search.text().split()
        people = [r.evaluator for r in self.matrix.contents.rows]
        evaluators = _found(words, [(e.code, f"{e.name} {e.code} {e.role}") for e in people])
        units = _found(words, [(r.unit.code, f"{r.unit.name} {r.unit.code}") for r in self.counts.contents.rows])
        if words and not evaluators and not units:
            self.work.notices.say("没有找到这样的评议人或单位。")
        self.matrix.narrow("", (lambda row: row.evaluator.code in evaluators) if evaluators else None)
        self.counts.narrow("", (lambda row: row.unit.code in units) if units else None)


def _about(row: EvaluatorRow, fixed: frozenset[str]) -> str:
    """Who he is, and whether the register says whom he rates."""
    one = row.evaluator
    said = "　".join(text for text in (one.name, one.code, one.role) if text)
    return said + ("\n名册的“谁评谁”写明了他评哪些单位，不按方案的规则" if one.code in fixed else "")


def _found(words: Sequence[str], named: Sequence[tuple[str, str]]) -> frozenset[str]:
    """The keys whose text every word finds; none without words."""
    if not words or not named:
        return frozenset()
    from app.ui.item_models.search import Finder  # with numpy: not before somebody searches

    finder = Finder([text for _, text in named])
    mask = finder.mask(words[0])
    for word in words[1:]:
        mask &= finder.mask(word)
    return frozenset(named[int(at)][0] for at in mask.nonzero()[0])


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
