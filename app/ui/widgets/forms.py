"""Form dialogs: fields one below the other, what is wrong said in the form, nothing typed is lost.

::

    class SessionForm(FormDialog[VoteSession]):
        def __init__(self, parent, session):
            super().__init__(parent, "票决会议", save="保存")
            self.name = self.add_line("名称", session.name, hint="如：机关党委民主测评")
            self.reason = self.add_text("理由", "")

        def value(self) -> VoteSession:      # raises Wrong(field, "为什么不行") for what cannot be
            ...

    form = SessionForm(self, session)
    form.submit(lambda session, close, wrong: self.change(
        "正在保存…", lambda s, p: s.votes.save(session), lambda _: close(), wrong))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QDate, QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import AppError
from app.ui.widgets.text import button, label, mark_wrong

V = TypeVar("V")
TALLEST = 680  # pixels: a 1366 × 768 screen with its task bar


class Wrong(Exception):
    """A field cannot be taken as it is: which one, and why (a sentence)."""

    def __init__(self, field: QWidget | None, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(why)


class _Note(QLabel):
    """A wrapped label that asks for the height of the width that it has; Qt guesses one line more."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), self.heightForWidth(self.width())) if self.width() > 200 else hint


class FormDialog(QDialog, Generic[V]):
    """The base of all forms."""

    def __init__(self, parent: QWidget | None, title: str, *, save: str = "保存", lead: str = "", width: int = 460):
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(width, 100)
        self.setMaximumHeight(TALLEST)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 16)
        outer.setSpacing(12)
        if lead:
            outer.addWidget(label(lead, "soft", wrap=True))
        inside = QWidget()
        inside.setObjectName("inside")
        self.fields = QFormLayout(inside)
        self.fields.setContentsMargins(0, 0, 0, 0)
        self.fields.setHorizontalSpacing(14)
        self.fields.setVerticalSpacing(10)
        self.fields.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.fields.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inside)
        outer.addWidget(self.area, 1)
        self.problem: QLabel = label("", "error", wrap=True)
        self.problem.hide()
        outer.addWidget(self.problem)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.cancel_button = button("取消")
        self.save_button = button(save, "primary")
        self.save_button.setDefault(True)
        self.cancel_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._save)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        outer.addLayout(buttons)
        self._submit: Callable[[V, Callable[[], object], Callable[[BaseException], bool]], object] | None = None
        self._marked: QWidget | None = None

    # ---- fields

    def add_line(self, name: str, text: str = "", hint: str = "", *, number: bool = False) -> QLineEdit:
        """A line; number: keeps the input method out of the way."""
        field = QLineEdit(text)
        field.setPlaceholderText(hint)
        if number:
            field.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly | Qt.InputMethodHint.ImhPreferLatin)
        self.add_field(name, field)
        return field

    def add_text(self, name: str, text: str = "", hint: str = "", height: int = 72) -> QPlainTextEdit:
        """Several lines of text."""
        field = QPlainTextEdit(text)
        field.setPlaceholderText(hint)
        field.setTabChangesFocus(True)
        field.setFixedHeight(height)
        self.add_field(name, field)
        return field

    def add_choice(self, name: str, choices: Sequence[tuple[str, str]], chosen: str = "") -> QComboBox:
        """A choice among (id, name); ``currentData()`` is the id."""
        field = QComboBox()
        field.setMaxVisibleItems(16)
        for key, text in choices:
            field.addItem(text, key)
        field.setCurrentIndex(max(0, field.findData(chosen)))
        self.add_field(name, field)
        return field

    def add_date(self, name: str, day: str = "") -> QDateEdit:
        """A date (YYYY-MM-DD; empty: today); ``date_text(field)`` reads it."""
        field = QDateEdit(QDate.fromString(day, "yyyy-MM-dd") if day else QDate.currentDate())
        field.setDisplayFormat("yyyy-MM-dd")
        field.setCalendarPopup(True)
        self.add_field(name, field)
        return field

    def add_field(self, name: str, field: QWidget) -> None:
        """Any field with its name before it."""
        self.fields.addRow(label(name, "soft"), field)

    def add_note(self, text: str) -> QLabel:
        """A small line of explanation below the field before it."""
        made = _Note(text)
        made.setProperty("role", "small")
        made.setWordWrap(True)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.fields.addRow("", made)
        return made

    # ---- saving

    def value(self) -> V:
        """What the form says now. Raises Wrong."""
        raise NotImplementedError

    def submit(self, then: Callable[[V, Callable[[], object], Callable[[BaseException], bool]], object]) -> None:
        """Show the form; at 保存 then(value, close, wrong) is called: close() ends the form, wrong(error) tells a
        named error in the form and leaves it open (fit for ``failed=``)."""
        self._submit = then
        self.open()

    def _save(self) -> None:
        self._show_problem(None, "")
        try:
            value = self.value()
        except Wrong as wrong:
            self._show_problem(wrong.field, wrong.why)
            return
        if self._submit is not None:
            self.save_button.setEnabled(False)
            self._submit(value, self.accept, self._refused)

    def _refused(self, error: BaseException) -> bool:
        self.save_button.setEnabled(True)
        if not isinstance(error, AppError):
            return False
        words = error.fault.value
        lines = [error.detail or words.cause, *(f"· {finding}" for finding in error.findings[:5])]
        if error.fault.name.startswith("FILE_"):  # nothing to mend in the form: say where to look
            lines.append(words.step)
        self._show_problem(None, "\n".join(lines))
        return True

    def _show_problem(self, field: QWidget | None, why: str) -> None:
        if self._marked is not None:
            mark_wrong(self._marked, False)
        self._marked = field
        self.problem.setText(why)
        self.problem.setVisible(bool(why))
        if why and self.isVisible():
            QTimer.singleShot(0, self, self._fit)
        if field is not None:
            mark_wrong(field, True)
            field.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the fields ask for at this width, but never higher than a small screen."""
        outer, inside = self.layout(), self.area.widget().layout()
        if outer is None or inside is None:
            return
        outer.activate()
        wanted = inside.sizeHint().height()
        if inside.hasHeightForWidth():
            wanted = max(wanted, inside.totalHeightForWidth(self.area.viewport().width()))
        around = self.height() - self.area.height()
        if self.problem.isVisible():
            around = max(around, outer.totalMinimumHeightForWidth(self.width()) - self.area.minimumSizeHint().height())
        self.resize(self.width(), min(TALLEST, max(wanted + 4 + around, 140)))


def date_text(field: QDateEdit) -> str:
    """The date of a field as YYYY-MM-DD."""
    return field.date().toString("yyyy-MM-dd")
