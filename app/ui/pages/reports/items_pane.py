"""The indicators that the unit answers: its own score in the table, its words and files to the one in front below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.domain.quantities import number_text
from app.domain.report_forms import Answers
from app.domain.reports import ItemAnswer
from app.domain.schemes import Rounding
from app.services.figures import shown
from app.services.reports.passages import characters
from app.ui import colours
from app.ui.pages.reports.text_editor import TextEditor
from app.ui.pages.reports.writing import Writing
from app.ui.widgets.grid import Grid
from app.ui.widgets.table import Column
from app.ui.widgets.text import ElidedLabel, card, label

if TYPE_CHECKING:
    from app.services.reports import ItemLine


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One indicator with what the unit says to it. files: how many are attached to it; locked: why nothing can be
    written; gap: how far the own score may lie from the one given, in points; given: that score as it is shown."""

    item: ItemLine
    answer: ItemAnswer
    files: int
    locked: str
    gap: Fraction | None
    given: str

    @property
    def far(self) -> bool:
        """Whether the own score lies further from the one given than the form wants."""
        own, given = self.answer.score, self.item.given
        return None not in (own, given, self.gap) and abs(own - given) > self.gap  # type: ignore[operator]


class ItemsPane(QWidget):
    """chosen (item): another indicator is in front. refused (sentences): why a score was not taken."""

    chosen = Signal(str)
    refused = Signal(object)

    def __init__(self, writing: Writing, clean: Callable[[str], str]) -> None:
        super().__init__()
        self.writing = writing
        self._items: tuple[ItemLine, ...] = ()
        self._answers = Answers()
        self._rounding = Rounding()
        self._item = ""
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        self.across = QSplitter(Qt.Orientation.Vertical)
        self.across.setHandleWidth(10)
        self.across.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.across.setChildrenCollapsible(False)
        self.table: Grid[AnswerRow] = Grid(_columns(), row_height=28)
        self.table.edited.connect(self._edited)
        self.table.refused.connect(self.refused.emit)
        self.table.picked.connect(self._picked)
        self.across.addWidget(self.table)
        self.across.addWidget(self._words(clean))
        self.across.setStretchFactor(0, 3)
        self.across.setStretchFactor(1, 2)
        rows.addWidget(self.across)
        writing.changed.connect(self._follow)

    def _words(self, clean: Callable[[str], str]) -> QWidget:
        self.words = card()
        rows = QVBoxLayout(self.words)
        rows.setContentsMargins(14, 10, 14, 10)
        rows.setSpacing(6)
        head = QHBoxLayout()
        self.name = ElidedLabel("", "strong")
        self.count = label("", "small")
        head.addWidget(self.name, 1)
        head.addWidget(self.count)
        rows.addLayout(head)
        self.note = label("", "soft", wrap=True)
        rows.addWidget(self.note)
        self.editor = TextEditor(clean)
        self.editor.setMinimumHeight(70)
        self.editor.written.connect(self._written)
        rows.addWidget(self.editor, 1)
        return self.words

    # ---- showing

    def show_items(self, items: Sequence[ItemLine], answers: Answers, rounding: Rounding) -> None:
        """The indicators that the form asks about. rounding: how scores are shown."""
        self._items, self._answers, self._rounding = tuple(items), answers, rounding
        asked = {"score": answers.score, "text": answers.text, "files": answers.evidence}
        for at, column in enumerate(self.table.contents.columns):
            self.table.setColumnHidden(at, asked.get(column.key) == "none")
            if column.key == "given":
                self.table.setColumnHidden(at, all(item.given is None for item in items))
        self.words.setVisible(answers.text != "none")
        self._follow()
        if self.table.current() is None and self._items:
            self.table.go_to(lambda row: not row.item.concern)

    def item(self) -> str:
        """The indicator in front."""
        return self._item

    def go_to(self, item: str) -> None:
        """Bring an indicator to the front."""
        self.table.go_to(lambda row: row.item.id == item)

    def _follow(self) -> None:
        if [r.item for r in self.table.contents.rows] == list(self._items):
            for at, row in enumerate(self._rows()):
                if row != self.table.contents.rows[at]:
                    self.table.contents.replace_row(at, row)
        else:
            self.table.show_rows(self._rows())
        self._show_words()

    def _rows(self) -> list[AnswerRow]:
        report, answers = self.writing.report, self._answers
        return [
            AnswerRow(
                item,
                self.writing.answer(item.id),
                sum(e.item == item.id for e in report.evidence),
                (item.concern or self.writing.locked).rstrip("。"),
                None if answers.gap is None or item.points is None else answers.gap * item.points,
                "" if item.given is None else shown(item.given, self._rounding),
            )
            for item in self._items
        ]

    def _picked(self, row: AnswerRow) -> None:
        if row.item.id != self._item:
            self._item = row.item.id
            self.editor.show_text(row.answer.text)
            self._show_words()
            self.chosen.emit(self._item)

    def _show_words(self) -> None:
        row = next((r for r in self.table.contents.rows if r.item.id == self._item), None)
        if row is None:
            return
        self.name.setText(row.item.name)
        self.name.setToolTip(" › ".join((*row.item.path, row.item.name)))
        count = characters(row.answer.text)
        self.count.setText(f"{count} 字" if count else "还没有说明")
        self.note.setText(row.item.concern or row.item.note)
        self.note.setVisible(bool(self.note.text()))
        self.editor.follow_text(row.answer.text)
        self.editor.fix(bool(row.locked))

    # ---- writing

    def _written(self, text: str) -> None:
        self.writing.write_answer(self._item, text)

    def _edited(self, edits: list[tuple[AnswerRow, str, str]]) -> None:
        for row, _, text in edits:
            self.writing.give_score(row.item.id, Fraction(text) if text else None)


def _score_check(row: AnswerRow, text: str) -> str:
    if not text:
        return ""
    try:
        score = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return f"自评分应填数字，现在是“{text}”。"
    if row.item.points is not None and score > row.item.points:
        return f"自评分不能超过满分 {number_text(row.item.points)}，现在是 {text}。"
    return "" if score >= 0 else f"自评分不能是负数，现在是 {text}。"


def _number(value: Fraction | None) -> str:
    return "" if value is None else number_text(value)


def _said(row: AnswerRow) -> str:
    if row.item.concern:
        return "不涉及"
    count = characters(row.answer.text)
    return f"{count} 字" if count else "未写"


def _columns() -> tuple[Column[AnswerRow], ...]:
    return (
        Column(
            key="name",
            title="指标",
            text=lambda r: r.item.name,
            tip=lambda r: " › ".join((*r.item.path, r.item.name)),
            width=160,
            stretch=True,
        ),
        Column(key="points", title="满分", text=lambda r: _number(r.item.points), width=64, align="right"),
        Column(
            key="score",
            title="自评分",
            text=lambda r: _number(r.answer.score),
            width=78,
            align="right",
            check=_score_check,
            locked=lambda r: r.locked,
            ink=lambda r: colours.BAD if r.far else "",
            tip=lambda r: "与得分相差较大，请核对。" if r.far else r.locked,
        ),
        Column(key="given", title="得分", text=lambda r: r.given, width=64, align="right", hidden=True),
        Column(
            key="text",
            title="说明",
            text=_said,
            width=76,
            align="right",
            ink=lambda r: "" if r.answer.text.strip() else colours.TEXT_FAINT,
        ),
        Column(
            key="files",
            title="佐证",
            text=lambda r: f"{r.files} 件" if r.files else "—",
            width=64,
            align="right",
            ink=lambda r: "" if r.files else colours.TEXT_FAINT,
        ),
    )
