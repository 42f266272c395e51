"""The property pane: what a line of the scheme says, and the four fields of a part that can be edited."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.schemes import Scheme
from app.services.schemes import PartEdit
from app.ui import colours, words
from app.ui.pages.schemes.outline import Line, parent_of, sums
from app.ui.widgets.forms import Wrong
from app.ui.widgets.text import button, label, line, mark_wrong

Field = Literal["name", "note", "points", "weight"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pane shows now: texts of the fields as they are stored."""

    name: str
    note: str
    points: str
    weight: str


class PropertyPane(QFrame):
    """saved (tuple of PartEdit): the user wants these changes. dirty (bool): something is typed and not saved."""

    saved = Signal(object)
    dirty = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._scheme: Scheme | None = None
        self._line: Line | None = None
        self._stored = Shown("", "", "", "")
        self._read_only = ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(18, 14, 10, 12)
        outer.setSpacing(10)
        self.title = label("", "heading", wrap=True)
        self.kind = label("", "small")
        outer.addWidget(self.title)
        outer.addWidget(self.kind)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("inside")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.setSpacing(12)
        self.fields = self._make_fields()
        rows.addWidget(self.fields)
        self.settings = QFormLayout()
        self.settings.setHorizontalSpacing(14)
        self.settings.setVerticalSpacing(8)
        self.settings.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self.settings.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        rows.addLayout(self.settings)
        rows.addStretch(1)
        area.setWidget(inside)
        outer.addWidget(area, 1)

    def _make_fields(self) -> QWidget:
        made = QWidget()
        rows = QVBoxLayout(made)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self.name, self.points, self.weight = QLineEdit(), QLineEdit(), QLineEdit()
        self.note = QPlainTextEdit()
        self.note.setFixedHeight(66)
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText("评分标准，印在评分表上")
        for field in (self.points, self.weight):
            field.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly | Qt.InputMethodHint.ImhPreferLatin)
            field.setFixedWidth(96)
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
        numbers = QHBoxLayout()
        numbers.setSpacing(8)
        numbers.addWidget(self.points)
        numbers.addSpacing(10)
        self.weight_name = label("权重", "soft")
        numbers.addWidget(self.weight_name)
        numbers.addWidget(self.weight)
        numbers.addStretch(1)
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        form.addRow(label("名称", "soft"), self.name)
        form.addRow(label("满分", "soft"), numbers)
        form.addRow(label("说明", "soft"), self.note)
        rows.addLayout(form)
        self.sums: QLabel = label("", "small", wrap=True)
        rows.addWidget(self.sums)
        self.effect: QLabel = label("", "small", wrap=True)
        self.effect.hide()
        rows.addWidget(self.effect)
        ends = QHBoxLayout()
        self.save = button("保存改动", "primary")
        self.revert = button("还原")
        self.save.clicked.connect(self.save_now)
        self.revert.clicked.connect(self.show_stored)
        ends.addStretch(1)
        ends.addWidget(self.revert)
        ends.addWidget(self.save)
        rows.addLayout(ends)
        rows.addWidget(line())
        for field in (self.name, self.points, self.weight):
            field.textEdited.connect(self._typed)
            field.returnPressed.connect(self.save_now)
        self.note.textChanged.connect(self._typed)
        return made

    # ---- showing

    def show_line(self, scheme: Scheme, shown: Line, read_only: str) -> None:
        """Show a line of the scheme; read_only: why nothing can be edited, or empty."""
        before = (self._scheme.id, self._line.key, self._stored) if self._scheme and self._line else None
        self._scheme, self._line, self._read_only = scheme, shown, read_only
        self.title.setText(shown.title)
        self.kind.setText(shown.kind)
        part = shown.part
        self.fields.setVisible(part is not None)
        if part is not None:
            points, weight = words.number(part.points, ""), words.number(part.weight, "")
            self._stored = Shown(part.name, part.note, points, weight)
            parent = parent_of(scheme, part.id)
            weighted = part.weight is not None or (parent is not None and parent.join in ("weighted", "scaled"))
            self.weight.setVisible(weighted)
            self.weight_name.setVisible(weighted)
            self.points.setPlaceholderText("" if part.points is not None else shown.points)
            for field in (self.name, self.points, self.weight, self.note):
                field.setReadOnly(bool(read_only))
                field.setToolTip(read_only)
            if before != (
                scheme.id,
                shown.key,
                self._stored,
            ):  # what is being typed stands while nothing else is stored
                self.show_stored()
            self._typed()
        while self.settings.rowCount():
            self.settings.removeRow(0)
        for name, text in shown.settings:
            self.settings.addRow(label(name, "soft"), label(text, wrap=True, selectable=True))

    def show_stored(self) -> None:
        """Put back what is stored."""
        stored = self._stored
        self.name.setText(stored.name)
        self.points.setText(stored.points)
        self.weight.setText(stored.weight)
        if self.note.toPlainText() != stored.note:
            self.note.setPlainText(stored.note)
        self._typed()

    # ---- editing

    def edits(self) -> tuple[PartEdit, ...]:
        """What differs from what is stored. Raises Wrong."""
        if self._line is None or self._line.part is None:
            return ()
        if not self.name.text().strip():
            raise Wrong(self.name, "名称不能为空。")
        for field, what in ((self.points, "满分"), (self.weight, "权重")):
            if field.text().strip() and typed_number(field.text()) is None:
                raise Wrong(field, f"{what}要写成数字，如 12.5。")
        now: list[tuple[Field, str, str]] = [
            ("name", self.name.text().strip(), self._stored.name),
            ("note", self.note.toPlainText().strip(), self._stored.note),
            ("points", plain(self.points.text()), self._stored.points),
            ("weight", plain(self.weight.text()), self._stored.weight),
        ]
        part = self._line.part.id
        return tuple(PartEdit(part=part, field=f, value=text) for f, text, before in now if text != before)

    def show_effect(self, text: str, more: str) -> None:
        """What the typed change would move; more: the whole list, as a tool tip."""
        self.effect.setText(text)
        self.effect.setToolTip(more.replace("<", "&lt;"))
        self.effect.setVisible(bool(text))

    def is_dirty(self) -> bool:
        """Whether something is typed and not saved."""
        try:
            return bool(self.edits())
        except Wrong:
            return True

    def _typed(self) -> None:
        for field in (self.name, self.points, self.weight):
            mark_wrong(field, False)
        changed = self.is_dirty()
        why = self._read_only or ("" if changed else "还没有改动。")
        for one, what in ((self.save, "保存改动"), (self.revert, "放弃没有保存的改动")):
            one.setEnabled(not why)
            one.setToolTip(f"{what}：现在不能用。{why}" if why else what)
        self._show_sums()
        self.dirty.emit(changed)

    def _show_sums(self) -> None:
        if self._scheme is None or self._line is None or self._line.part is None:
            return
        points = typed_number(self.points.text()) or typed_number(self.points.placeholderText())
        said = sums(self._scheme, self._line.part, points, typed_number(self.weight.text()))
        self.sums.setText("　".join(text for text, _ in said))
        right = all(good for _, good in said)
        self.sums.setStyleSheet(f"color: {colours.GOOD if right else colours.WARN}")
        self.sums.setVisible(bool(said))

    def save_now(self) -> bool:
        """Hand the edits over; False when a field cannot be taken as it is."""
        try:
            edits = self.edits()
        except Wrong as wrong:
            if wrong.field is not None:
                mark_wrong(wrong.field, True)
                wrong.field.setFocus()
            self.sums.setText(wrong.why)
            self.sums.setStyleSheet(f"color: {colours.BAD}")
            self.sums.show()
            return False
        if edits and not self._read_only:
            self.saved.emit(edits)
        return True


def plain(text: str) -> str:
    """A typed number with full-width digits and points taken as plain ones."""
    return text.strip().translate(str.maketrans("０１２３４５６７８９．。", "0123456789.."))


def typed_number(text: str) -> Fraction | None:
    """The number typed; none when it is no number (or nothing)."""
    typed = plain(text)
    return Fraction(typed) if re.fullmatch(r"\d{1,9}(\.\d{1,6})?|\d{1,9}/[1-9]\d{0,8}", typed) else None
