"""Editors of single fields of a scheme: one widget each, which knows its place in the document. The same ones stand in
forms and inside sentences."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.domain.errors import AppError
from app.domain.scheme_differences import number_text
from app.domain.scheme_editing import Field, Path, change, field_at, typed, value_at
from app.domain.scheme_words import choice_word, field_word
from app.ui.pages.schemes.choices import EMPTY, choices_of, offered
from app.ui.pages.schemes.draft import Draft
from app.ui.widgets.text import mark_wrong

LONG = (("Item", "note"), ("Node", "note"), ("Scheme", "note"), ("Override", "note"))
PERCENT = 62  # width of a short number


class Editor(QWidget):
    """One field. said (str): what is wrong with what is typed (empty: nothing)."""

    said = Signal(str)

    def __init__(self, draft: Draft, path: Path) -> None:
        super().__init__()
        self.draft, self.path = draft, path
        self.field: Field = field_at(draft.scheme, path)
        self.record = cast("type[Any]", type(value_at(draft.scheme, path[:-1])))
        self.word = field_word(self.record, self.field.name)
        self.rows = QHBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(4)
        self.setAccessibleName(self.word)

    def value(self) -> Any:
        """What stands in the document."""
        return value_at(self.draft.scheme, self.path)

    def refresh(self) -> None:
        """Show what the document says now."""
        raise NotImplementedError

    def store(self, value: Any) -> None:
        """One step; a refusal is said and the old value shown again."""
        if value != self.value():
            path = self.path
            self.draft.do(lambda s: change(s, path, value))


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
        pick.setText("▾")
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
        self._text = text_of(self.value())
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
        return typed(self.field, text, self.word)

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


class QuietCombo(QComboBox):
    """A choice that the wheel does not change while somebody scrolls the form."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaxVisibleItems(16)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def wheelEvent(self, e: QWheelEvent) -> None:
        e.ignore()

    def minimumSizeHint(self) -> QSize:
        return QSize(64, super().minimumSizeHint().height())


class ChoiceEditor(Editor):
    """One of several, or a name of something else in the scheme."""

    def __init__(self, draft: Draft, path: Path, inline: bool) -> None:
        super().__init__(draft, path)
        self.box = QuietCombo()
        self.box.setAccessibleName(self.word)
        self.rows.addWidget(self.box)
        self.box.setMaximumWidth(200 if inline else 320)
        if not inline:
            self.rows.addStretch(1)
        self._shown: list[tuple[str, str]] = []
        self.refresh()
        self.box.activated.connect(self._chosen)

    def _chosen(self, place: int) -> None:
        self.store(self.box.itemData(place))

    def refresh(self) -> None:
        now = self.value()
        found = choices_of(self.draft, self.path, value_at(self.draft.scheme, self.path[:-1]), self.field) or []
        if now not in dict(found):
            found = [(now, f"{now}（没有这一项）" if now else "（未选）"), *found]
        if found != self._shown:
            self._shown = found
            self.box.clear()
            for key, word in found:
                self.box.addItem(word, key)
        self.box.setCurrentIndex(self.box.findData(now))
        self.box.setEnabled(not self.draft.read_only)


class YesNoEditor(Editor):
    """A box to tick. text: what stands beside it."""

    def __init__(self, draft: Draft, path: Path, text: str = "") -> None:
        super().__init__(draft, path)
        self.box = QCheckBox(text)
        self.box.setAccessibleName(self.word)
        self.rows.addWidget(self.box)
        self.rows.addStretch(1)
        self.refresh()
        self.box.clicked.connect(self.store)

    def refresh(self) -> None:
        self.box.setChecked(bool(self.value()))
        self.box.setEnabled(not self.draft.read_only)


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


class SeveralEditor(Editor):
    """Several of a list: the chosen ones as text on a button that opens the list."""

    def __init__(self, draft: Draft, path: Path) -> None:
        super().__init__(draft, path)
        self.button = QToolButton()
        self.button.setProperty("role", "pick")
        self.button.setAccessibleName(self.word)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.menu = QMenu(self.button)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        self.rows.addWidget(self.button)
        self.rows.addStretch(1)
        self.refresh()

    def choices(self) -> list[tuple[str, str]]:
        """(value, word) of all there is."""
        record = value_at(self.draft.scheme, self.path[:-1])
        found = choices_of(self.draft, self.path, record, self.field) or []
        gone = [(v, f"{v}（没有这一项）") for v in cast(tuple[str, ...], self.value()) if v not in dict(found)]
        return [*found, *gone]

    def refresh(self) -> None:
        words = dict(self.choices())
        chosen = [words[v] for v in cast(tuple[str, ...], self.value())]
        text = "、".join(chosen)
        self.button.setText(text if len(text) <= 36 else f"{text[:34]}…等 {len(chosen)} 项")
        if not chosen:
            self.button.setText(EMPTY.get((self.record.__name__, self.field.name), "选择…"))
        self.button.setToolTip(text.replace("<", "&lt;"))
        self.button.setEnabled(not self.draft.read_only)

    def _fill(self) -> None:
        self.menu.clear()
        now = cast(tuple[str, ...], self.value())
        choices = self.choices()
        for value, word in choices:
            action: QAction = self.menu.addAction(word.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(value in now)
            action.toggled.connect(partial(self.toggle, value))
        if not choices:
            self.menu.addAction("还没有可选的内容").setEnabled(False)

    def toggle(self, value: str, on: bool) -> None:
        """Choose one more, or one less; the order is that of the list."""
        now = {v for v in cast(tuple[str, ...], self.value()) if v != value} | ({value} if on else set[str]())
        self.store(tuple(v for v, _ in self.choices() if v in now))


def editor(draft: Draft, path: Path, inline: bool = False, text: str = "") -> Editor:
    """The editor that fits the field at this place."""
    field, record = field_at(draft.scheme, path), value_at(draft.scheme, path[:-1])
    choices = choices_of(draft, path, record, field)
    if field.sort in ("choices", "texts") and choices is not None:
        return SeveralEditor(draft, path)
    if choices is not None:
        return ChoiceEditor(draft, path, inline)
    if field.sort == "yes_no":
        return YesNoEditor(draft, path, text)
    if field.sort == "number_or_word":
        return AmountEditor(draft, path, inline)
    if (type(record).__name__, field.name) in LONG and not inline:
        return TextEditor(draft, path)
    return LineEditor(draft, path, inline)


def text_of(value: Any) -> str:
    """A value as it is typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction | int):
        return number_text(value)
    if isinstance(value, tuple):
        return "、".join("满分" if v == "full" else text_of(v) for v in cast(tuple[Any, ...], value))
    return str(value)
