"""The cells of the tree of indicators: painted quickly, typed in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QTreeView, QWidget

from app.ui.pages.schemes.tree_model import NAME, Index, TreeModel

# Enumerations of Qt are slow in Python, and a picture has hundreds of cells: plain integers here.
_MARKED = (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_MouseOver).value
_PLACE = {
    right: int(align | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
    for right, align in ((True, Qt.AlignmentFlag.AlignRight), (False, Qt.AlignmentFlag.AlignLeft))
}


class TypedDelegate(QStyledItemDelegate):
    """Cells that are typed in place: the sums follow every key, Enter goes one down. Plain cells are painted here, as
    the style would paint them but sooner; by the style those that are chosen, under the mouse or have a sign."""

    def __init__(self, tree: QTreeView, contents: TreeModel, one_down: Callable[[], None]) -> None:
        super().__init__(tree)
        self.contents = contents
        self._one_down = one_down
        self._margin = tree.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, tree) + 1

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        look = None if option.state.value & _MARKED else self.contents.look(index)
        if look is None:
            super().paint(painter, option, index)
            return
        if not look.text:
            return
        room = option.rect.adjusted(self._margin, 0, -self._margin, 0)
        painter.setFont(look.font or option.font)
        painter.setPen(look.ink or option.palette.text().color())
        metrics = QFontMetrics(look.font) if look.font else option.fontMetrics
        fitting = metrics.elidedText(look.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _PLACE[look.right], fitting)

    def createEditor(self, parent: QWidget, option: Any, index: Index) -> QWidget:
        line = QLineEdit(parent)
        line.setFrame(False)
        if index.column() != NAME:
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
            line.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly | Qt.InputMethodHint.ImhPreferLatin)
        model, id, column = self.contents, self.contents.line_at(index).id, index.column()

        def typing(text: str) -> None:
            model.edit(id, column, text, really=False)

        line.textEdited.connect(typing)
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        line = cast(QLineEdit, editor)
        if not line.isModified():
            line.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            line.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        line = cast(QLineEdit, editor)
        if line.isModified():
            self.contents.setData(index, line.text())

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        self.contents.draft.forget_typed()
        super().destroyEditor(editor, index)

    def eventFilter(self, object: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            key = cast(QKeyEvent, event).key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.commitData.emit(object)
                self.closeEditor.emit(object, QStyledItemDelegate.EndEditHint.NoHint)
                self._one_down()
                return True
        return super().eventFilter(object, event)
