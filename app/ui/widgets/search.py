"""Where one types what to search for; what is found, app/ui/item_models/search.py says."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.ui import icons

AROUND = 66  # pixels left and right of the hint: magnifier, cross, edges


class SearchField(QLineEdit):
    """A search line; connect ``textChanged`` to ``table.narrow``. Escape clears it."""

    def __init__(self, hint: str = "搜索名称、编码或拼音首字母") -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(hint) + AROUND)
        self.setMaximumWidth(280)
        self.addAction(icons.icon("search", size=16), QLineEdit.ActionPosition.LeadingPosition)

    def sizeHint(self) -> QSize:
        return QSize(230, super().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
