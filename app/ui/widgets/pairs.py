"""A short list that one makes by choosing: units, or units with a word for each (分管 · 市晨光局)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.ui.widgets.picker import Picker
from app.ui.widgets.text import button

Pair = tuple[str, str]  # code of the unit, key of the word
_ROLE = Qt.ItemDataRole.UserRole


class PairList(QWidget):
    """Units chosen one after the other. words: (key, name) to choose from for each; ``None``: no word; empty: a word is
    typed. Delete or 移除 takes the marked ones out.

    altered: the list has changed.
    """

    altered = Signal()

    def __init__(
        self,
        units: Sequence[tuple[str, str]],
        pairs: Sequence[Pair],
        words: Sequence[tuple[str, str]] | None = None,
        hint: str = "",
    ) -> None:
        super().__init__()
        self._names = dict(units)
        self._words = dict(words or ())
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(6)
        self.word: QComboBox | QLineEdit | None = None
        if words:
            self.word = QComboBox()
            for key, name in words:
                self.word.addItem(name, key)
        elif words is not None:
            self.word = QLineEdit()
            self.word.setPlaceholderText(hint)
        if self.word is not None:
            self.word.setFixedWidth(104)
            line.addWidget(self.word)
        self.unit = Picker(units)
        self.unit.choose("\0")
        line.addWidget(self.unit, 1)
        self.add_button, self.remove_button = button("加入", icon="plus"), button("移除", "quiet")
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        line.addWidget(self.add_button)
        rows.addLayout(line)
        self.below = QWidget()
        below = QHBoxLayout(self.below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(6)
        self.list = QListWidget()
        self.list.setObjectName("pairs")
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.itemSelectionChanged.connect(self._follow)
        below.addWidget(self.list, 1)
        below.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)
        rows.addWidget(self.below)
        for pair in pairs:
            self._put(pair)
        self._follow()

    def pairs(self) -> tuple[Pair, ...]:
        """What is in the list, in its order."""
        return tuple(self.list.item(at).data(_ROLE) for at in range(self.list.count()))

    @property
    def pending(self) -> bool:
        """A unit is chosen but not yet in the list."""
        return bool(self.unit.currentText().strip())

    def _add(self) -> None:
        code = self.unit.code()
        if not code:
            self.unit.setFocus()
            return
        key = ""
        if isinstance(self.word, QComboBox):
            key = str(self.word.currentData())
        elif self.word is not None:
            key = self.word.text().strip()
        if (code, key) not in self.pairs():
            self._put((code, key))
            self.altered.emit()
        self.unit.choose("\0")
        self._follow()

    def _put(self, pair: Pair) -> None:
        code, key = pair
        word = self._words.get(key, key)
        name = self._names.get(code, code)
        item = QListWidgetItem(f"{word} · {name}" if word else name, self.list)
        item.setData(_ROLE, pair)

    def _remove(self) -> None:
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self._follow()
        self.altered.emit()

    def _follow(self) -> None:
        self.remove_button.setEnabled(bool(self.list.selectedItems()))
        self.below.setVisible(bool(self.list.count()))
        self.list.setFixedHeight(min(max(self.list.count(), 1), 4) * 27 + 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.list.hasFocus():
            self._remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.pending:
            self._add()
        else:
            super().keyPressEvent(event)
