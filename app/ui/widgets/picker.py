"""Choosing one of very many: a field that opens as a list and finds while one types, by text, code, pinyin, initials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

if TYPE_CHECKING:
    from app.ui.item_models.search import Finder

MOST_FOUND = 200


class Picker(QComboBox):
    """A choice among (code, name). What is typed narrows the list; ``code()`` is what is chosen, None when the text
    is none of the choices. The code is shown behind the name, because names need not differ."""

    def __init__(self, choices: Sequence[tuple[str, str]], chosen: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes = [code for code, _ in choices]
        self._texts = [shown(code, name) for code, name in choices]
        self._finder: Finder | None = None
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(16)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(16)
        for code, text in zip(self._codes, self._texts, strict=True):
            self.addItem(text, code)
        self._found = QStringListModel(self)
        completer = QCompleter(self._found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(12)
        self.setCompleter(completer)
        completer.activated.connect(self.show_text)
        field = self.lineEdit()
        assert field is not None
        field.setPlaceholderText("输入名称、编码或拼音首字母")
        field.textEdited.connect(self._narrow)
        field.editingFinished.connect(self._settle)
        self.choose(chosen)

    def choose(self, code: str) -> None:
        """Choose by code; one that is not there leaves the field empty."""
        if code in self._codes:
            self.setCurrentIndex(self._codes.index(code))
        else:
            self.setCurrentIndex(-1)
            self.setEditText("")

    def show_text(self, text: str) -> None:
        """Choose the choice that is shown like this."""
        if text in self._texts:
            self.setCurrentIndex(self._texts.index(text))

    def code(self) -> str | None:
        """The code of the choice; None when the text is none of them. A text that finds exactly one chooses it."""
        text = self.currentText().strip()
        if text in self._texts:
            return self._codes[self._texts.index(text)]
        if not text:
            return "" if "" in self._codes else None
        found = self._places(text)
        return self._codes[found[0]] if len(found) == 1 else None

    def _settle(self) -> None:
        """What was typed and finds exactly one becomes that choice."""
        code = self.code()
        if code is not None and self.currentText() != self.itemText(self.currentIndex()):
            self.choose(code)

    def found(self) -> list[str]:
        """The texts that fit what is typed."""
        return self._found.stringList()

    def focusInEvent(self, e: QFocusEvent) -> None:
        super().focusInEvent(e)
        field = self.lineEdit()
        if field is not None and e.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            field.selectAll()

    def _narrow(self, text: str) -> None:
        self._found.setStringList([self._texts[at] for at in self._places(text)[:MOST_FOUND]])

    def _places(self, text: str) -> list[int]:
        if self._finder is None:
            from app.ui.item_models.search import Finder  # with numpy: not before somebody types

            self._finder = Finder(self._texts)
        mask = None
        for word in text.split():
            found = self._finder.mask(word)
            mask = found if mask is None else mask & found
        return list(range(len(self._texts))) if mask is None else [int(at) for at in mask.nonzero()[0]]


def shown(code: str, name: str) -> str:
    """How a choice is shown: name, and its code behind."""
    return f"{name}　{code}" if code and code != name else name
