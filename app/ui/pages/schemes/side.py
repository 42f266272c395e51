"""The right side: the settings of the chosen part with its examples, or the try-out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.domain.scheme_editing import MEASURES, part_path
from app.domain.schemes import Item
from app.ui.pages.schemes.choices import source_word
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.examples import Examples, of_item
from app.ui.pages.schemes.form import RecordForm
from app.ui.pages.schemes.try_out import TryOut
from app.ui.widgets.text import label
from app.ui.workspace import Workspace

FORM, TRY = 0, 1


class Side(QFrame):
    """shape_changed: another tab is in front."""

    shape_changed = Signal()

    def __init__(self, work: Workspace, draft: Draft) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.draft = draft
        self._part = ""
        self._tries = False
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setObjectName("tabs")
        self.bar.addTab("属性")
        self.bar.addTab("试算")
        draft.changed.connect(self._head)  # before the form follows: the part may stand elsewhere now
        self.form = RecordForm(draft)
        self.examples = Examples(work, draft)
        self.title = label("", "heading", wrap=True)
        self.kind = label("", "small")
        self.try_out = TryOut(work, draft)
        about = QWidget()
        rows = QVBoxLayout(about)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.title)
        rows.addWidget(self.kind)
        rows.addWidget(self.form, 1)
        rows.addWidget(self.examples)
        self.stack = QStackedWidget()
        self.stack.addWidget(about)
        self.stack.addWidget(self.try_out)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 6, 8, 10)
        outer.setSpacing(8)
        outer.addWidget(self.bar)
        outer.addWidget(self.stack, 1)
        self.bar.currentChanged.connect(self._tab_chosen)
        self.setMinimumWidth(300)

    @property
    def tries(self) -> bool:
        """Whether somebody wants to see the try-out."""
        return self._tries

    def show_form(self) -> None:
        """The settings in front."""
        self.bar.setCurrentIndex(FORM)

    def show_try_out(self) -> None:
        """The try-out in front."""
        if self.bar.currentIndex() == TRY:
            self._tab_chosen(TRY)
        self.bar.setCurrentIndex(TRY)

    def hide_try_out(self) -> None:
        """No try-out any more."""
        self._tries = False
        self.shape_changed.emit()

    def allow_form(self, on: bool) -> None:
        """Whether there is a part whose settings can be shown here."""
        self.bar.blockSignals(True)
        self.bar.setTabVisible(FORM, on)
        self.bar.setCurrentIndex(FORM if on and not self._tries else TRY)
        self.bar.blockSignals(False)
        self.stack.setCurrentIndex(self.bar.currentIndex())

    def show_part(self, id: str) -> None:
        """The settings of this part."""
        self._part = id
        self._head()

    def other_scheme(self) -> None:
        """The figures of the try-out belong to another scheme now."""
        if self.tries:
            self.try_out.start()
        else:
            self.try_out.forget()

    def _head(self) -> None:
        scheme, id = self.draft.scheme, self._part
        part = self.draft.path("part", id) if id and id != MEASURES else None
        if part is None:
            self.title.setText("条件用的量" if id == MEASURES else "")
            self.kind.setText("不计入总分，只供等次的条件和调整引用。按 Ins 插入一个。" if id == MEASURES else "")
            self.form.show_paths(())
            self.examples.show_for(None)
            return
        from app.domain.scheme_editing import value_at

        value = value_at(scheme, part)
        self.title.setText(value.name)
        self.kind.setText(source_word(value))
        self.form.show_paths((part_path(scheme, id),))
        if isinstance(value, Item) and self._shown_examples != id:
            self.examples.show_for(of_item(id))
        elif not isinstance(value, Item):
            self.examples.show_for(None)
        self._shown_examples = id if isinstance(value, Item) else ""

    _shown_examples = ""

    def _tab_chosen(self, tab: int) -> None:
        self.stack.setCurrentIndex(tab)
        self._tries = tab == TRY
        if tab == TRY:
            self.try_out.start_once()
        self.shape_changed.emit()
