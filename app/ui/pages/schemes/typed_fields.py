"""Editors of fields that are typed: one line, several lines, a number or a word. What is typed wrongly is said beside
the field and stays there."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPlainTextEdit, QToolButton

from app.domain.errors import AppError
from app.domain.scheme_editing import Path, change, typed
from app.domain.scheme_words import PERCENTS, choice_word
from app.ui import icons
from app.ui.pages.schemes.choices import EMPTY, offered
from app.ui.pages.schemes.chosen_fields import QuietCombo
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.field_editor import Editor, text_of
from app.ui.widgets.text import mark_wrong

PERCENT = 62  # width of a short number


class LineEditor(Editor):
    """Text, number, or several of them in one line. What is typed shows at once everywhere, and is a step on Enter or
    when the field is left."""

    def __init__(self, draft: Draft, path: Path, inline: bool) -> None:
        super().__init__(draft, path)
        self.line = QLineEdit()
        self.line.setAccessibleName(self.word)
        self.line.setPlaceholderText(EMPTY.get((self.record.__name__, self.field.name), ""))
        numeric = self.field.sort in ("number", "whole", "number_or_word")
        if numeric:
            self.line.setInputMethodHints(
                Qt.InputMethodHint.ImhFormattedNumbersOnly | Qt.InputMethodHint.ImhPreferLatin
            )
            hint = self.line.fontMetrics().horizontalAdvance(self.line.placeholderText()) + 24
            self.line.setFixedWidth(max(PERCENT if inline else 96, hint))
        self._flexible = inline and not numeric
        self.rows.addWidget(self.line)
        self._add_known()
        if numeric:
            self.rows.addStretch(1)
        self.line.textEdited.connect(self._typing)
        self.line.editingFinished.connect(self._finished)
        self.line.installEventFilter(self)
        self._text = self._why = ""
        self.refresh()

    def _add_known(self) -> None:
        words = offered(self.draft.known, self.record.__name__, self.field.name)
        if self.field.sort != "texts" or not words:
            return
        pick = QToolButton()
        pick.setIcon(icons.icon("chevron-down"))
        pick.setProperty("role", "known")
        pick.setToolTip("从名册中选")
        pick.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(pick)
        menu.aboutToShow.connect(lambda: self._fill(menu, words))
        pick.setMenu(menu)
        self.rows.addWidget(pick)

    def _fill(self, menu: QMenu, words: tuple[str, ...]) -> None:
        menu.clear()
        now = cast(tuple[str, ...], self.value())
        for word in dict.fromkeys((*words, *now)):
            action = menu.addAction(word)
            action.setCheckable(True)
            action.setChecked(word in now)
            action.toggled.connect(partial(self._toggle, word))

    def _toggle(self, word: str, on: bool) -> None:
        now = tuple(w for w in cast(tuple[str, ...], self.value()) if w != word)
        self.store((*now, word) if on else now)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and cast(Any, event).key() == Qt.Key.Key_Escape:
            self.draft.forget_typed()
            self._show()
            return True
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        if not (self.line.hasFocus() and self.line.isModified()):
            self._show()
        self.line.setReadOnly(bool(self.draft.read_only))

    def _show(self) -> None:
        self._text = text_of(self.value() * 100 if self._is_share and self.value() is not None else self.value())
        if self.line.text() != self._text:
            self.line.setText(self._text)
            self.line.setCursorPosition(0)
        if self._flexible:
            wanted = self.line.fontMetrics().horizontalAdvance(self._text) + 26
            self.line.setFixedWidth(max(104, min(wanted, 300)))
        self.line.setModified(False)
        self._complain("")

    def _read(self, text: str) -> Any:
        if self.field.sort in ("number", "numbers"):
            text = text.replace("。", ".").replace("满分", "full")
        value = typed(self.field, text.rstrip("%％ ") if self._is_share else text, self.word)
        return value / 100 if self._is_share and value is not None else value

    @property
    def _is_share(self) -> bool:
        return (self.record.__name__, self.field.name) in PERCENTS

    def _typing(self, text: str) -> None:
        path = self.path
        try:
            value = self._read(text)
        except AppError:
            self.draft.forget_typed()
            return
        self.draft.preview(lambda s: change(s, path, value))

    def _finished(self) -> None:
        if not self.line.isModified() or self.line.text() == self._text:
            return
        try:
            value = self._read(self.line.text())
        except AppError as error:
            self._complain(error.detail)
            return
        self.line.setModified(False)
        self.store(value)
        self._show()

    def _complain(self, why: str) -> None:
        if why == self._why:
            return
        self._why = why
        mark_wrong(self.line, bool(why))
        self.line.setToolTip(why)
        self.said.emit(why)


class TextEditor(Editor):
    """Several lines; a step when the field is left."""

    def __init__(self, draft: Draft, path: Path) -> None:
        super().__init__(draft, path)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.word)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(60)
        hint = "评分标准，印在评分表上" if self.record.__name__ in ("Item", "Node") else ""
        self.text.setPlaceholderText(hint)
        self.text.installEventFilter(self)
        self.rows.addWidget(self.text)
        self.refresh()

    def refresh(self) -> None:
        if not self.text.hasFocus() and self.text.toPlainText() != self.value():
            self.text.setPlainText(self.value())
        self.text.setReadOnly(bool(self.draft.read_only))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and watched is self.text:
            self.store(self.text.toPlainText().strip())
        return super().eventFilter(watched, event)


class AmountEditor(Editor):
    """A number, or a word (满分, 目标值), or nothing (不限)."""

    def __init__(self, draft: Draft, path: Path, inline: bool) -> None:
        super().__init__(draft, path)
        self.box = QuietCombo()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setAccessibleName(self.word)
        cls = self.record.__name__
        self._words = {choice_word(cls, self.field.name, c): c for c in self.field.choices}
        if self.field.optional:
            self._words[EMPTY.get((cls, self.field.name), "不限")] = ""
        for word in self._words:
            self.box.addItem(word)
        self.box.setFixedWidth(110)
        self.rows.addWidget(self.box)
        if not inline:
            self.rows.addStretch(1)
        line = self.box.lineEdit()
        assert line is not None
        self.line = line
        line.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin)
        self.refresh()
        self.box.activated.connect(self._chosen)
        line.textEdited.connect(self._typing)
        line.editingFinished.connect(self._finished)

    def refresh(self) -> None:
        if self.line.hasFocus() and self.line.isModified():
            return
        now = self.value()
        word = next((w for w, c in self._words.items() if c == (now or "") and not isinstance(now, Fraction)), "")
        self.box.setEditText(word or text_of(now))
        self.line.setModified(False)
        self.box.setEnabled(not self.draft.read_only)

    def bind(self, path: Path) -> None:
        if path != self.path and self.box.property("wrong"):
            mark_wrong(self.box, False)
        super().bind(path)

    def _chosen(self, place: int) -> None:
        self._finished()

    def _read(self) -> Any:
        text = self.box.currentText().strip()
        return typed(self.field, self._words.get(text, text), self.word)

    def _typing(self) -> None:
        path = self.path
        try:
            value = self._read()
        except AppError:
            return
        self.draft.preview(lambda s: change(s, path, value))

    def _finished(self) -> None:
        try:
            value = self._read()
        except AppError as error:
            mark_wrong(self.box, True)
            self.said.emit(error.detail)
            return
        mark_wrong(self.box, False)
        self.said.emit("")
        self.line.setModified(False)
        self.store(value)
