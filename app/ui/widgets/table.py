"""Tables: columns as data, a model that only looks up, a delegate that paints the text itself.

``Table(columns)`` → ``table.show_rows(rows)``; ``table.picked`` (row value) when the current row changes by the
user, ``table.opened`` (row value, column key) on double click or Enter. Sorting, filtering, copying (Ctrl+C as text
for Excel), the sum of the selection, remembered widths and a column chooser come with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QTableView,
)

from app.ui import colours, style
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
_ALIGN = {
    "left": Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignCenter,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Column(Generic[R]):
    """One column. text: what a row shows. key: its stable name. width: pixels at 100 %; stretch: takes what is left.
    sort: what it is ordered by (a number or a string; None stands last); without it the text. tone: a chip with
    these colours around the text. ink: colour of the text. check: the column can be edited; check(row, text) is why
    a text is refused, or empty. choices: what can be picked in it instead of typed."""

    key: str
    title: str
    text: Callable[[R], str]
    width: int = 96
    stretch: bool = False
    align: Literal["left", "right", "center"] = "left"
    sort: Callable[[R], Any] | None = None
    tip: Callable[[R], str] | None = None
    tone: Callable[[R], Tone | None] | None = None
    ink: Callable[[R], str] | None = None
    strong: bool = False
    hidden: bool = False
    check: Callable[[R, str], str] | None = None
    choices: Callable[[R], Sequence[str]] | None = None
    head_tip: str = ""


class TableModel(QAbstractTableModel, Generic[R]):
    """Rows are values; ``order`` says which are shown, in which order."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[R] = []
        self.order: list[int] = []
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

    def _arrange(self) -> list[int]:
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
            if role == _TIP:
                return plain_tip(self.columns[section].head_tip or self.columns[section].title)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and self.columns[index.column()].check is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags


def plain_tip(text: str) -> str:
    """A tool tip that Qt does not take for rich text, whatever a unit is called."""
    if "<" not in text:
        return text
    return "<p>" + text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>") + "</p>"


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of a Table: text, chip, selection; about half the time of the style's own painting."""

    PADDING = 8

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._font = style.font()
        self._strong = style.font(bold=True)
        self._chip = style.font(12, bold=True)
        self._metrics = QFontMetrics(self._font)
        self._chip_metrics = QFontMetrics(self._chip)
        self._ink = colours.colour(colours.TEXT)
        self._selected = colours.colour(colours.ACCENT_SOFT)
        self._edge = QPen(colours.colour(colours.ACCENT), 1)
        self._editable = colours.colour(colours.INPUT)
        self._colours: dict[str, QColor] = {}

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        model: Any = index.model()
        column: Column[Any] = model.columns[index.column()]
        number = model.order[index.row()]
        text: str = model.texts(number)[index.column()]
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._selected)
        elif column.check is not None:
            painter.fillRect(rect, self._editable)
        if text:
            tone = column.tone(model.rows[number]) if column.tone else None
            if tone is not None:
                self._paint_chip(painter, rect, text, tone, column.align)
            else:
                ink = column.ink(model.rows[number]) if column.ink else ""
                self._paint_text(painter, rect, text, column, self._colour(ink) if ink else self._ink)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._edge)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _paint_text(self, painter: QPainter, rect: QRect, text: str, column: Column[Any], ink: QColor) -> None:
        font: QFont = self._strong if column.strong else self._font
        painter.setFont(font)
        painter.setPen(ink)
        inner = rect.adjusted(self.PADDING, 0, -self.PADDING, 0)
        if len(text) * 7 > inner.width() and self._metrics.horizontalAdvance(text) > inner.width():
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(_ALIGN[column.align] | Qt.TextFlag.TextSingleLine), text)

    def _paint_chip(self, painter: QPainter, rect: QRect, text: str, tone: Tone, align: str) -> None:
        width = min(self._chip_metrics.horizontalAdvance(text) + 16, rect.width() - 8)
        left = rect.left() + (rect.width() - width) // 2 if align == "center" else rect.left() + 6
        chip = QRect(left, rect.center().y() - 9, width, 20)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._colour(tone.edge))
        painter.setBrush(self._colour(tone.paper))
        painter.drawRoundedRect(chip, 10, 10)
        painter.setPen(self._colour(tone.ink))
        painter.setFont(self._chip)
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()

    def _colour(self, code: str) -> QColor:
        if code not in self._colours:
            self._colours[code] = colours.colour(code)
        return self._colours[code]


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
        self.contents: TableModel[R] = TableModel(columns, self)
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
        self._set_up_columns(sortable)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(self._sum_selection)
        self.doubleClicked.connect(self._open)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask)

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
        indexes = self.selectedIndexes()
        if len(indexes) < 2 or len(indexes) > 20_000:
            self.summed.emit("")
            return
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
