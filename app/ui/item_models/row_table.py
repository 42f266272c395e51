"""A table of values: rows are never changed but replaced, sorting and searching move only a numpy index.

No proxy model stands between the rows and the view: one written in Python costs seconds at 100,000 rows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.ui.colours import Tone
from app.ui.item_models.columns import Align, Column, Ink, Key
from app.ui.item_models.ordering import arranged, codes
from app.ui.item_models.search import Finder

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
# Qt hands roles over as plain integers, and comparing those is much cheaper than comparing enums.
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
ALIGNMENTS = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    Align.CENTER: Qt.AlignmentFlag.AlignCenter,
}
KEPT_LINES = 4096


class Line(NamedTuple):
    """What one row shows, column by column; the painting delegate reads it without a call through Qt."""

    texts: tuple[str, ...]
    inks: tuple[Ink, ...]
    chips: tuple[Tone | None, ...]


class RowTable(QAbstractTableModel, Generic[R]):
    """Rows of values under declared columns. identity: what makes a row the same row after a change; haystack: the
    text in which a search looks."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        identity: Callable[[R], Hashable],
        haystack: Callable[[R], str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._identity = identity
        self._haystack = haystack
        self._rows: Sequence[R] = ()
        self._order: NDArray[np.intp] = np.arange(0)
        self._lines: dict[int, Line] = {}
        self._codes: dict[int, NDArray[np.int64]] = {}
        self._finder: Finder | None = None
        self._query = ""
        self._sorted: tuple[int, bool] | None = None

    # ---- the rows

    @property
    def rows(self) -> Sequence[R]:
        """All rows, in the order they were given."""
        return self._rows

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show these rows. When they are the same ones as before, only the cells that changed are repainted."""
        if len(rows) == len(self._rows) and all(
            self._identity(new) == self._identity(old) for new, old in zip(rows, self._rows, strict=True)
        ):
            self._replace(rows)
            return
        self.beginResetModel()
        self._take(rows)
        self._order = self._sort(self._found())
        self.endResetModel()

    def row(self, at: int) -> R:
        """The row shown at this place."""
        return self._rows[int(self._order[at])]

    def place(self, identity: Hashable) -> int | None:
        """Where the row of this identity is shown; none when it is not."""
        return next((at for at, of in enumerate(self._order) if self._identity(self._rows[int(of)]) == identity), None)

    def shown(self) -> list[R]:
        """The rows that are shown, in the order they are shown."""
        return [self._rows[int(of)] for of in self._order]

    def line(self, at: int) -> Line:
        """What the row at this place shows."""
        known = self._lines.get(at)
        if known is None:
            if len(self._lines) >= KEPT_LINES:
                self._lines.clear()
            known = self._lines[at] = self._line(self.row(at))
        return known

    # ---- searching and sorting

    def search(self, query: str) -> None:
        """Show only the rows whose haystack the query finds."""
        if query == self._query:
            return
        self._query = query
        self.beginResetModel()
        self._lines.clear()
        self._order = self._sort(self._found())
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 gives back the order in which the rows came."""
        self.layoutAboutToBeChanged.emit()
        self._sorted = None if column < 0 else (column, order == Qt.SortOrder.DescendingOrder)
        before = self._order
        self._order = self._sort(np.sort(before) if self._sorted else self._found())
        self._lines.clear()
        self._move_persistent(before)
        self.layoutChanged.emit()

    # ---- what Qt asks

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if role in (DISPLAY, ACCESSIBLE):
            return self.line(index.row()).texts[index.column()]
        if role == TOOL_TIP:
            return self._tip(index)
        if role == ALIGNMENT:
            return ALIGNMENTS[self.columns[index.column()].align]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == DISPLAY:
            return self.columns[section].title
        if role == TOOL_TIP:
            return self.columns[section].head_tip or None
        return None

    # ---- inside

    def _take(self, rows: Sequence[R]) -> None:
        self._rows = rows
        self._lines.clear()
        self._codes.clear()
        self._finder = None

    def _replace(self, rows: Sequence[R]) -> None:
        """The same rows with new contents: tell the view which cells changed."""
        before = {at: self.line(at) for at in range(len(self._order))} if len(self._order) <= KEPT_LINES else {}
        self._take(rows)
        if not before:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(self.columns) - 1))
            return
        for at, old in before.items():
            new = self.line(at)
            if new == old:
                continue
            for column in range(len(self.columns)):
                if (old.texts[column], old.inks[column], old.chips[column]) != (
                    new.texts[column],
                    new.inks[column],
                    new.chips[column],
                ):
                    cell = self.index(at, column)
                    self.dataChanged.emit(cell, cell)

    def _found(self) -> NDArray[np.intp]:
        if not self._query or self._haystack is None:
            return np.arange(len(self._rows))
        if self._finder is None:
            self._finder = Finder([self._haystack(row) for row in self._rows])
        return np.flatnonzero(self._finder.mask(self._query))

    def _sort(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        if self._sorted is None:
            return rows
        column, descending = self._sorted
        if column not in self._codes:
            self._codes[column] = codes(self._keys(column))
        return arranged(self._codes[column], rows, descending)

    def _keys(self, column: int) -> list[Key | None]:
        key = self.columns[column].key
        return [self.columns[column].text(row) for row in self._rows] if key is None else [key(r) for r in self._rows]

    def _move_persistent(self, before: NDArray[np.intp]) -> None:
        """Selection and current cell follow their rows."""
        held = self.persistentIndexList()
        if not held:
            return
        place = np.empty(len(self._rows), np.intp)
        place[self._order] = np.arange(len(self._order))
        moved = [self.index(int(place[before[old.row()]]), old.column()) for old in held]
        self.changePersistentIndexList(held, moved)

    def _line(self, row: R) -> Line:
        return Line(
            tuple(column.text(row) for column in self.columns),
            tuple(Ink.PLAIN if column.ink is None else column.ink(row) for column in self.columns),
            tuple(None if column.chip is None else column.chip(row) for column in self.columns),
        )

    def _tip(self, index: Index) -> str | None:
        column = self.columns[index.column()]
        if column.tip is not None:
            return column.tip(self.row(index.row())) or None
        text = self.line(index.row()).texts[index.column()]
        return text if len(text) > column.width else None


def selected_rows(table: RowTable[R], indexes: Iterable[Index]) -> list[R]:
    """The rows of a selection, each once, in the order they are shown."""
    return [table.row(at) for at in sorted({index.row() for index in indexes})]
