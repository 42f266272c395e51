"""An editable table with Excel's habits: Enter down, Tab right, Delete clears, blocks in and out by the clipboard.

All edits of one gesture come as one ``edited`` signal: a list of (row value, column key, text). Nothing is changed in
the table itself: the page makes one change of it and shows the rows anew.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QComboBox, QLineEdit, QWidget

from app.ui.widgets.table import CellDelegate, Column, Table

R = TypeVar("R")
FULL_WIDTH = str.maketrans("０１２３４５６７８９．。，－＋％", "0123456789..,-+%")


class GridDelegate(CellDelegate):
    """Opens plain line editors, or a choice, and hands the typed text to the grid."""

    def createEditor(self, parent: QWidget, option: Any, index: QModelIndex | QPersistentModelIndex) -> QWidget:
        model: Any = index.model()
        column: Column[Any] = model.columns[index.column()]
        if column.choices is not None:
            box = QComboBox(parent)
            box.addItems(list(column.choices(model.row(index))))
            box.setCurrentText(str(index.data()))
            return box
        editor = QLineEdit(parent)
        editor.setFrame(False)
        if column.align == "right":
            editor.setAlignment(Qt.AlignmentFlag.AlignRight)
            editor.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly | Qt.InputMethodHint.ImhPreferLatin)
        return editor

    def setModelData(self, editor: QWidget, model: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        text = editor.currentText() if isinstance(editor, QComboBox) else ""
        if isinstance(editor, QLineEdit):
            text = editor.text()
        grid = self.parent()
        if isinstance(grid, Grid):
            grid.enter_text(index.row(), index.column(), text)


class Grid(Table[R]):
    """A Table whose columns with ``check`` can be edited.

    edited (list of (row, column key, text)): apply it as one change. refused (list of sentences): why nothing was
    applied; show the first five.
    """

    edited = Signal(object)
    refused = Signal(object)

    def __init__(self, columns: Sequence[Column[R]], *, row_height: int = 26, sortable: bool = False) -> None:
        super().__init__(columns, select="cells", row_height=row_height, sortable=sortable)
        self.setItemDelegate(GridDelegate(self))
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.AnyKeyPressed | trigger.DoubleClicked | trigger.EditKeyPressed)
        self.setTabKeyNavigation(True)
        self._filling = False
        self._tabbed_from: int | None = None  # the column where Tab began; Enter goes back to it
        self.selectionModel().currentChanged.connect(self._keep_input_method_out)

    # ---- one cell

    def enter_text(self, row: int, column: int, text: str) -> None:
        """A text was typed into a shown cell; with Ctrl+Enter it fills the selection."""
        cells = [(row, column)]
        if self._filling:
            cells = self._selected_editable() or cells
        self._filling = False
        self._apply([(r, c, text) for r, c in cells])

    def fill(self, text: str) -> None:
        """Put a text into the selected cells, or into the current one."""
        current = self.currentIndex()
        here = [(current.row(), current.column())] if current.isValid() else []
        self._apply([(r, c, text) for r, c in self._selected_editable() or here])

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self._step(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Shift) and not enter:
            self._tabbed_from = None
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._apply([(r, c, "") for r, c in self._selected_editable()])
        elif enter and self.state() == QAbstractItemView.State.EditingState:
            self._filling = control
            super().keyPressEvent(event)
        elif enter and control:
            self.fill(str(self.currentIndex().data() or ""))
        elif enter:
            self._step(-1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1)
        elif control and key == Qt.Key.Key_D:
            self.fill_down()
        elif self._choose(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _choose(self, event: QKeyEvent) -> bool:
        """In a column of choices: Alt+Down opens them, a digit takes the first, second … of them."""
        index = self.currentIndex()
        if not index.isValid() or not self._free(index.row(), index.column()):
            return False
        choices = self.contents.columns[index.column()].choices
        if choices is None:
            return False
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.edit(index)
            box = self.findChild(QComboBox)
            if box is not None:
                box.showPopup()
            return True
        names = [name for name in choices(self.contents.row(index.row())) if name]
        digit = event.text()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or digit not in tuple("123456789"):
            return False
        if int(digit) > len(names) or any(name.startswith(digit) for name in names):
            return False
        self._apply([(index.row(), index.column(), names[int(digit) - 1])])
        self._step(1)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._tabbed_from = None
        super().mousePressEvent(event)

    def moveCursor(self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Tab goes to the next cell that can be filled in, at the end of the row into the next one; Shift+Tab back."""
        action = QAbstractItemView.CursorAction
        index = self.currentIndex()
        if cursorAction not in (action.MoveNext, action.MovePrevious) or not index.isValid():
            return super().moveCursor(cursorAction, modifiers)
        if self._tabbed_from is None:
            self._tabbed_from = index.column()
        width = self.contents.columnCount()
        forward = cursorAction == action.MoveNext
        at = index.row() * width + index.column()
        places = range(at + 1, self.contents.rowCount() * width) if forward else range(at - 1, -1, -1)
        found = next((p for p in places if self._free(*divmod(p, width))), at)
        return self.contents.index(*divmod(found, width))

    def _step(self, by: int) -> None:
        """Enter: the cell below, after Tab below the one where Tab began; at the end of the column the top of the next
        one that can be edited. Shift+Enter: up."""
        index = self.currentIndex()
        column = index.column() if self._tabbed_from is None else self._tabbed_from
        self._tabbed_from = None
        row = max(0, index.row() + by)
        if row >= self.contents.rowCount():
            later = [c for c in range(column + 1, self.contents.columnCount()) if self._editable(c)]
            row, column = (0, later[0]) if later else (index.row(), column)
        self.setCurrentIndex(self.contents.index(row, column))

    def _editable(self, column: int) -> bool:
        return self.contents.columns[column].check is not None and not self.isColumnHidden(column)

    def _free(self, row: int, column: int) -> bool:
        """Whether this cell can be filled in."""
        locked = self.contents.columns[column].locked
        return self._editable(column) and not (locked and locked(self.contents.row(row)))

    def _selected_editable(self) -> list[tuple[int, int]]:
        places = sorted((i.row(), i.column()) for i in self.selectedIndexes())
        return [(row, column) for row, column in places if self._free(row, column)]

    # ---- the input method

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._keep_input_method_out()

    def _keep_input_method_out(self, *_: object) -> None:
        """While the table has the focus, what is being composed would be invisible, and in a column of numbers or
        choices nothing needs composing. Inside an opened editor the input method works (弃权 must be typed)."""
        index = self.currentIndex()
        if index.isValid():
            column = self.contents.columns[index.column()]
            if column.align == "right" or column.choices is not None:
                self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    # ---- blocks

    def paste(self) -> None:
        """Take a block from the clipboard, from the current cell on; one value fills the selection. All or nothing."""
        block = parse_block(QGuiApplication.clipboard().text())
        start = self.currentIndex()
        if not block or not start.isValid():
            return
        if len(block) == 1 and len(block[0]) == 1:
            self._apply([(i.row(), i.column(), block[0][0]) for i in self.selectedIndexes()] or self._one(block[0][0]))
            return
        columns = [c for c in range(start.column(), self.contents.columnCount()) if not self.isColumnHidden(c)]
        if start.row() + len(block) > self.contents.rowCount() or max(map(len, block)) > len(columns):
            self.refused.emit(["粘贴的内容超出了表格，没有粘贴任何内容。请从合适的单元格开始，或减少行列。"])
            return
        self._apply(
            [(start.row() + r, columns[c], text) for r, line in enumerate(block) for c, text in enumerate(line)]
        )

    def _one(self, text: str) -> list[tuple[int, int, str]]:
        return [(self.currentIndex().row(), self.currentIndex().column(), text)]

    def fill_down(self) -> None:
        """Ctrl+D: the top cell of each selected column into those below; of one cell, the one above into it."""
        places = [(i.row(), i.column()) for i in self.selectedIndexes()]
        cells: list[tuple[int, int, str]] = []
        for column in sorted({c for _, c in places}):
            rows = sorted(r for r, c in places if c == column and self._free(r, c))
            if len(rows) == 1:
                rows = [rows[0] - 1, rows[0]] if rows[0] > 0 else []
            if len(rows) > 1:
                text = self.contents.texts(self.contents.order[rows[0]])[column]
                cells += [(row, column, text) for row in rows[1:]]
        self._apply(cells)

    def _apply(self, cells: list[tuple[int, int, str]]) -> None:
        """Check all cells; hand them over as one edit, or say why not."""
        edits: list[tuple[R, str, str]] = []
        wrong: list[str] = []
        for row_number, column_number, typed in cells:
            row, column = self.contents.row(row_number), self.contents.columns[column_number]
            text = typed.strip()
            if column.align == "right":
                text = text.translate(FULL_WIDTH)
            shut = column.locked(row) if column.locked else ""
            if shut and text in ("", self.contents.texts(self.contents.order[row_number])[column_number]):
                continue  # a copied block comes back, or is cleared, over cells that stay as they are
            if shut:
                wrong.append(f"第 {row_number + 1} 行“{column.title}”不能修改：{shut}。")
            elif column.check is None:
                wrong.append(f"第 {row_number + 1} 行“{column.title}”不能修改。")
            elif why := column.check(row, text):
                wrong.append(f"第 {row_number + 1} 行“{column.title}”：{why}")
            elif text != self.contents.texts(self.contents.order[row_number])[column_number]:
                edits.append((row, column.key, text))
        if wrong:
            self.refused.emit(wrong)
        elif edits:
            self.edited.emit(edits)


def parse_block(text: str) -> list[list[str]]:
    """Clipboard text as a rectangle of cells. Quoted cells may hold line breaks; when the quotes do not pair up to a
    rectangle, the text is split plainly."""
    if not text:
        return []
    plain = [line.split("\t") for line in text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")]
    if text.count('"') % 2 or '"' not in text:  # an odd one would swallow the rest
        return _rectangle(plain)
    parsed = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter="\t")]
    widths = {len(line) for line in parsed}
    return parsed if len(widths) == 1 and len(parsed) > 0 else _rectangle(plain)


def _rectangle(lines: list[list[str]]) -> list[list[str]]:
    width = max(len(line) for line in lines)
    return [line + [""] * (width - len(line)) for line in lines]
