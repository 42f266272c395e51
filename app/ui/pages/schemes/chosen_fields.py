"""Editors of fields that are chosen: one of several, several of a list, yes or no."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QMenu, QSizePolicy, QToolButton

from app.domain.scheme_editing import Path, value_at
from app.ui.pages.schemes.choices import EMPTY, choices_of
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.field_editor import Editor


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
