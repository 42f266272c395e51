"""The model of a table: columns as data, rows as values; it only looks up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.ui.colours import Tone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.ui.item_models.search import Finder

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_EDIT = int(Qt.ItemDataRole.EditRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_TO_READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_TO_EDIT = _TO_READ | Qt.ItemFlag.ItemIsEditable
ALIGN = {
    "left": Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignCenter,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Column(Generic[R]):
    """One column. text: what a row shows. key: its stable name. width: pixels at 100 %; stretch: takes what is left;
    least: how narrow it becomes before one has to scroll (0: it keeps its width).
    sort: what it is ordered by (a number or a string; None stands last); without it the text. tone: a chip with
    these colours around the text. ink: colour of the text. check: the column can be edited; check(row, text) is why
    a text is refused, or empty. choices: what can be picked in it instead of typed. locked: why the cell of this row
    cannot be edited, though others of the column can; empty: it can."""

    key: str
    title: str
    text: Callable[[R], str]
    width: int = 96
    stretch: bool = False
    least: int = 0
    align: Literal["left", "right", "center"] = "left"
    sort: Callable[[R], Any] | None = None
    tip: Callable[[R], str] | None = None
    tone: Callable[[R], Tone | None] | None = None
    ink: Callable[[R], str] | None = None
    strong: bool = False
    hidden: bool = False
    check: Callable[[R, str], str] | None = None
    choices: Callable[[R], Sequence[str]] | None = None
    locked: Callable[[R], str] | None = None
    head_tip: str = ""


class TableModel(QAbstractTableModel, Generic[R]):
    """Rows are values; ``order`` says which are shown, in which order."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[R] = []
        self.order: Sequence[int] = ()
        self._texts: list[tuple[str, ...] | None] = []
        self._sorted: tuple[int, bool] | None = None
        self._filter: Callable[[R], bool] | None = None
        self._words = ""
        self._codes: dict[int, NDArray[np.int64]] = {}
        self._finder: Finder | None = None

    # ---- contents

    def replace(self, rows: Iterable[R]) -> None:
        """Show these rows, under the filter and order that stand."""
        self.beginResetModel()
        self.rows = list(rows)
        self._texts = [None] * len(self.rows)
        self._forget()
        self.order = self._arrange()
        self.endResetModel()

    def replace_row(self, number: int, row: R) -> None:
        """Put a new value in the place of row ``number`` (its number in ``rows``); only cells that differ repaint."""
        before = self.texts(number)
        self.rows[number], self._texts[number] = row, None
        self._forget()
        after = self.texts(number)
        if number in self.order:
            shown = self.order.index(number)
            for column, (old, new) in enumerate(zip(before, after, strict=True)):
                if old != new:
                    index = self.index(shown, column)
                    self.dataChanged.emit(index, index, [_DISPLAY])

    def row(self, index: Index | int) -> R:
        """The value of a shown row."""
        return self.rows[self.order[index if isinstance(index, int) else index.row()]]

    def texts(self, number: int) -> tuple[str, ...]:
        """The texts of a row (its number in ``rows``), made once."""
        known = self._texts[number]
        if known is None:
            row = self.rows[number]
            known = self._texts[number] = tuple(c.text(row) for c in self.columns)
        return known

    # ---- order and filter

    def narrow(self, words: str, keep: Callable[[R], bool] | None = None) -> None:
        """Show only rows that hold all the words (also by pinyin initials) and that keep lets through."""
        self.beginResetModel()
        self._words, self._filter = words.strip(), keep
        self.order = self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; −1: as the rows came."""
        self.layoutAboutToBeChanged.emit()
        self._sorted = None if column < 0 else (column, order == Qt.SortOrder.DescendingOrder)
        old = self.order
        self.order = self._arrange()
        if held := self.persistentIndexList():
            places = dict(zip(self.order, range(len(self.order)), strict=True))
            moved = [self.index(places[old[index.row()]], index.column()) for index in held]
            self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _forget(self) -> None:
        """Keys and search texts of rows that have changed."""
        self._codes.clear()
        self._finder = None

    def _arrange(self) -> Sequence[int]:
        if not self._words and self._sorted is None and self._filter is None:
            return range(len(self.rows))
        if not self._words and self._sorted is None:
            return [i for i, row in enumerate(self.rows) if self._filter is None or self._filter(row)]
        import numpy as np  # not before somebody sorts or searches: the first window must be painted without it

        from app.ui.item_models.ordering import arranged

        kept = np.ones(len(self.rows), bool)
        if self._filter is not None:
            kept &= np.fromiter((self._filter(row) for row in self.rows), bool, len(self.rows))
        if self._words:
            kept &= self._found()
        found = np.flatnonzero(kept)
        if self._sorted is not None:
            found = arranged(self._keys(self._sorted[0]), found, self._sorted[1])
        return found.tolist()

    def _found(self) -> NDArray[np.bool_]:
        """Rows in whose words and codes (not numbers) every word of the search is found."""
        if self._finder is None:
            from app.ui.item_models.search import Finder

            worded = [column.text for column in self.columns if column.align != "right"]
            self._finder = Finder(["\x1f".join(text(row) for text in worded) for row in self.rows])
        first, *more = [self._finder.mask(word) for word in self._words.split()]
        for mask in more:
            first &= mask
        return first

    def _keys(self, number: int) -> NDArray[np.int64]:
        """The column's keys as integers, made once."""
        if number not in self._codes:
            from app.ui.item_models.ordering import codes

            key = self.columns[number].sort or self.columns[number].text
            self._codes[number] = codes([key(row) for row in self.rows])
        return self._codes[number]

    # ---- what Qt asks

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.order)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role in (_DISPLAY, _EDIT):
            return self.texts(self.order[index.row()])[index.column()]
        if role == _TIP:
            tip = self.columns[index.column()].tip
            return plain_tip(tip(self.row(index))) if tip else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            if role == _DISPLAY:
                return self.columns[section].title
            if role == _ALIGNMENT:
                return int(ALIGN[self.columns[section].align])
            if role == _TIP:
                return plain_tip(self.columns[section].head_tip or self.columns[section].title)
        return None


class EditableModel(TableModel[R]):
    """A model with columns that can be edited. A class of its own, because Qt asks for flags at every cell it paints,
    and a table that is only read is quicker without the question."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return _TO_READ
        column = self.columns[index.column()]
        free = column.check is not None and not (column.locked and column.locked(self.row(index)))
        return _TO_EDIT if free else _TO_READ


def plain_tip(text: str) -> str:
    """A tool tip that Qt does not take for rich text, whatever a unit is called."""
    if "<" not in text:
        return text
    return "<p>" + text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>") + "</p>"
