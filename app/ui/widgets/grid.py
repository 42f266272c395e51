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
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
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

    # ---- one cell

    def enter_text(self, row: int, column: int, text: str) -> None:
        """A text was typed into a shown cell; with Ctrl+Enter it fills the selection."""
        cells = [(row, column)]
        if self._filling:
            cells = [(i.row(), i.column()) for i in self.selectedIndexes()] or cells
        self._filling = False
        self._apply([(r, c, text) for r, c in cells])

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self._step_down()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._apply([(i.row(), i.column(), "") for i in self.selectedIndexes()])
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            text = str(self.currentIndex().data() or "")
            self._apply([(i.row(), i.column(), text) for i in self.selectedIndexes()])
        elif enter and self.state() == QAbstractItemView.State.EditingState:
            self._filling = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            super().keyPressEvent(event)
        elif enter:
            self._step_down()
        else:
            super().keyPressEvent(event)

    def _step_down(self) -> None:
        """Enter: the cell below; at the end of the column the top of the next one that can be edited."""
        index = self.currentIndex()
        row, column = index.row() + 1, index.column()
        if row >= self.contents.rowCount():
            later = [c for c in range(column + 1, self.contents.columnCount()) if self._editable(c)]
            row, column = (0, later[0]) if later else (index.row(), column)
        self.setCurrentIndex(self.contents.index(row, column))

    def _editable(self, column: int) -> bool:
        return self.contents.columns[column].check is not None and not self.isColumnHidden(column)

    # ---- blocks

    def paste(self) -> None:
        """Take a block from the clipboard, from the current cell on; one value fills the selection. All or nothing."""
        block = parse_block(QGuiApplication.clipboard().text())
        start = self.currentIndex()
        if not block or not start.isValid():
            return
        if len(block) == 1 and len(block[0]) == 1:
            self._apply([(i.row(), i.column(), block[0][0]) for i in self.selectedIndexes()])
            return
        columns = [c for c in range(start.column(), self.contents.columnCount()) if not self.isColumnHidden(c)]
        if start.row() + len(block) > self.contents.rowCount() or max(map(len, block)) > len(columns):
            self.refused.emit(["粘贴的内容超出了表格，没有粘贴任何内容。请从合适的单元格开始，或减少行列。"])
            return
        self._apply(
            [(start.row() + r, columns[c], text) for r, line in enumerate(block) for c, text in enumerate(line)]
        )

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
