"""Tables: columns as data, a model that only looks up, a delegate that paints the text itself.

``Table(columns)`` → ``table.show_rows(rows)``; ``table.picked`` (row value) when the current row changes by the
user, ``table.opened`` (row value, column key) on double click or Enter. Sorting, filtering, copying (Ctrl+C as text
for Excel), the sum of the selection, remembered widths and a column chooser come with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Generic, Literal, TypeVar, cast

from PySide6.QtCore import SIGNAL, QItemSelectionRange, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView

from app.ui.widgets.cell_delegate import CellDelegate
from app.ui.widgets.column_memory import ColumnMemory
from app.ui.widgets.table_model import Column, EditableModel, TableModel, plain_tip

__all__ = ["CellDelegate", "Column", "Table", "TableModel", "plain_tip", "selection_sum"]

R = TypeVar("R")
MOST_KEPT = 180  # pixels that a column that stretches keeps at most in a narrow window


class Table(QTableView, Generic[R]):
    """A table of row values.

    picked (row): the current row has changed. opened (row, column key): double click or Enter. summed (text): count,
    sum and mean of the selected cells (connect it to ``work.sum_up``). asked (row, point): right click; add your own
    menu. narrowed: the filter has changed what is shown.
    """

    picked = Signal(object)
    opened = Signal(object, str)
    summed = Signal(str)
    asked = Signal(object, object)

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        select: Literal["rows", "cells"] = "rows",
        row_height: int = 30,
        sortable: bool = True,
    ) -> None:
        super().__init__()
        to_edit = any(column.check is not None for column in columns)
        self.contents: TableModel[R] = (EditableModel if to_edit else TableModel)(columns, self)
        self.setModel(self.contents)
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(select == "cells")
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        behaviour = QAbstractItemView.SelectionBehavior
        self.setSelectionBehavior(behaviour.SelectRows if select == "rows" else behaviour.SelectItems)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(20)
        self.verticalHeader().setDefaultSectionSize(row_height)
        self._tight = False  # no room for columns to stretch
        self._squeezing, self._wanted = False, dict[int, int]()  # widths that stand when there is room
        self._set_up_columns(sortable)
        self._head_end = QFrame()  # goes on with the head above the scroll bar
        self._head_end.setObjectName("head")
        self.addScrollBarWidget(self._head_end, Qt.AlignmentFlag.AlignTop)
        self._memory = ColumnMemory(self, self.contents.columns, lambda n: self._wanted.get(n, self.columnWidth(n)))
        self.horizontalHeader().sectionResized.connect(self._resized)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(self._sum_selection)
        self.doubleClicked.connect(self._open)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._head_end.setFixedHeight(self.horizontalHeader().height())
        self._give_room()
        self._squeeze()

    def _resized(self, column: int, before: int, after: int) -> None:
        """The user has made a column wider or narrower: that width stands."""
        if not self._squeezing:
            self._wanted.pop(column, None)

    def _squeeze(self) -> None:
        """Where there is no room for all columns, those that may become narrower share what is missing."""
        columns = self.contents.columns
        if self._squeezing or not any(c.least for c in columns):
            return
        header = self.horizontalHeader()
        shown = [n for n in range(len(columns)) if not self.isColumnHidden(n)]
        wide = {n: self._wanted.get(n, header.sectionSize(n)) for n in shown}
        if header.stretchLastSection() and shown:
            wide[shown[-1]] = columns[shown[-1]].width
        wide.update({n: min(columns[n].width, MOST_KEPT) for n in shown if columns[n].stretch})
        give = {n: max(0, wide[n] - columns[n].least) for n in shown if columns[n].least}
        missing = min(sum(wide.values()) - self.viewport().width(), sum(give.values()))
        self._squeezing = True
        for n, most in give.items():
            narrow = wide[n] - -(-most * missing // sum(give.values())) if missing > 0 else wide[n]
            if narrow != header.sectionSize(n):
                self._wanted[n] = wide[n]
                self.setColumnWidth(n, max(narrow, columns[n].least))
        self._squeezing = False

    def _give_room(self) -> None:
        """Columns that stretch keep a readable width where there is no room to stretch into: one scrolls then."""
        header = self.horizontalHeader()
        shown = [(n, c) for n, c in enumerate(self.contents.columns) if not self.isColumnHidden(n)]
        least = {n: min(c.width, MOST_KEPT) for n, c in shown if c.stretch}
        wanted = (least.get(n, self._wanted.get(n, header.sectionSize(n))) for n, _ in shown)
        tight = sum(wanted) > self.viewport().width()
        if tight == self._tight:
            return
        self._tight = tight
        mode = QHeaderView.ResizeMode.Interactive if tight else QHeaderView.ResizeMode.Stretch
        for number, width in least.items():
            header.setSectionResizeMode(number, mode)
            if tight:
                self.setColumnWidth(number, width)

    def _set_up_columns(self, sortable: bool) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        header.setMinimumSectionSize(36)
        header.setFixedHeight(32)
        for number, column in enumerate(self.contents.columns):
            self.setColumnWidth(number, column.width)
            self.setColumnHidden(number, column.hidden)
            if column.stretch:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        if sortable:
            header.setSectionsClickable(True)
            header.setSortIndicatorShown(True)
            header.setSortIndicatorClearable(True)
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            header.sortIndicatorChanged.connect(self.contents.sort)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._choose_columns)

    # ---- contents

    def show_rows(self, rows: Iterable[R]) -> None:
        """Show these rows; the place in the table stays where it was, as far as there are rows."""
        current, top = self.currentIndex(), self.verticalScrollBar().value()
        self.contents.replace(rows)
        if current.isValid() and current.row() < self.contents.rowCount():
            self.selectionModel().blockSignals(True)
            self.setCurrentIndex(self.contents.index(current.row(), current.column()))
            self.selectionModel().blockSignals(False)
        self.verticalScrollBar().setValue(top)

    def narrow(self, words: str, keep: Callable[[R], bool] | None = None) -> None:
        """Show only rows that hold the words, and that keep lets through."""
        self.contents.narrow(words, keep)

    def current(self) -> R | None:
        """The current row's value."""
        index = self.currentIndex()
        return self.contents.row(index) if index.isValid() else None

    def chosen(self) -> list[R]:
        """The values of the selected rows, in the order shown."""
        return [self.contents.row(number) for number in sorted({i.row() for i in self.selectedIndexes()})]

    def selected_count(self) -> int:
        """How many cells are selected; counted by ranges, so that a million cost nothing."""
        ranges = cast("Sequence[QItemSelectionRange]", self.selectionModel().selection())
        return sum(one.width() * one.height() for one in ranges)

    def go_to(self, wanted: Callable[[R], bool]) -> bool:
        """Make the first shown row that is wanted the current one; False when there is none."""
        for place in range(self.contents.rowCount()):
            if wanted(self.contents.row(place)):
                index = self.contents.index(place, max(0, self.currentIndex().column()))
                self.setCurrentIndex(index)
                self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
                return True
        return False

    # ---- keyboard and clipboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the selected cells on the clipboard as Excel takes them (tabs and CRLF). Whole rows with their head."""
        QGuiApplication.clipboard().setText(self.selection_text())

    def selection_text(self) -> str:
        """The selected cells as tab-separated text; with the head line when rows are selected."""
        cells = {(i.row(), i.column()) for i in self.selectedIndexes()}
        columns = [c for c in sorted({c for _, c in cells}) if not self.isColumnHidden(c)]
        lines = [
            [self.contents.texts(self.contents.order[r])[c] if (r, c) in cells else "" for c in columns]
            for r in sorted({r for r, _ in cells})
        ]
        if self.selectionBehavior() == QAbstractItemView.SelectionBehavior.SelectRows and lines:
            lines.insert(0, [self.contents.columns[c].title for c in columns])
        return "".join("\t".join(_quoted(text) for text in line) + "\r\n" for line in lines)

    def hideEvent(self, event: QHideEvent) -> None:
        self._memory.note()
        super().hideEvent(event)

    # ---- inside

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.contents.row(index), self.contents.columns[index.column()].key)

    def _current_changed(self, index: QModelIndex, before: QModelIndex) -> None:
        if index.isValid() and index.row() != before.row():
            self.picked.emit(self.contents.row(index))

    def _ask(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            self.asked.emit(self.contents.row(index), self.viewport().mapToGlobal(point))

    def _choose_columns(self, point: QPoint) -> None:
        menu = QMenu(self)
        for number, column in enumerate(self.contents.columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.setEnabled(number > 0)
            action.toggled.connect(partial(self._show_column, number))
        menu.popup(self.horizontalHeader().mapToGlobal(point))

    def _show_column(self, number: int, shown: bool) -> None:
        self.setColumnHidden(number, not shown)

    def _sum_selection(self) -> None:
        if not self.receivers(SIGNAL("summed(QString)")):
            return
        if not 2 <= self.selected_count() <= 20_000:
            self.summed.emit("")
            return
        indexes = self.selectedIndexes()
        texts = [self.contents.texts(self.contents.order[i.row()])[i.column()] for i in indexes]
        self.summed.emit(selection_sum(texts))


def selection_sum(texts: Sequence[str]) -> str:
    """``计数 3 · 合计 271.5 · 平均 90.5`` of the texts that are numbers; exact. Empty when fewer than two are."""
    from decimal import Decimal, InvalidOperation

    numbers: list[Decimal] = []
    for text in texts:
        try:
            number = Decimal(text)
        except InvalidOperation:
            continue
        if number.is_finite():
            numbers.append(number)
    if len(numbers) < 2:
        return ""
    total = sum(numbers, Decimal(0))
    mean = (total / len(numbers)).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    return f"计数 {len(numbers)} · 合计 {total.normalize() if total else 0:f} · 平均 {mean:f}"


def _quoted(text: str) -> str:
    """A cell of clipboard text; quoted only where Excel needs it."""
    if any(sign in text for sign in '\t\r\n"'):
        return '"' + text.replace('"', '""') + '"'
    return text
