"""The questions of a merge: who a sender is, and which side stands where both have changed something."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.services.exchange.values import Rule
from app.services.imports.values import Question
from app.ui import colours
from app.ui.colours import BAD_TONE, GOOD_TONE, WARN_TONE
from app.ui.widgets.chips import Chip
from app.ui.widgets.flow import Inside
from app.ui.widgets.text import button, card, label

MOST_SHOWN = 20  # cards at once; the rest stands in the table of changes, and is decided there or by rule
NOTHING = "（没有）"
WIDE = 40  # characters of all choices that still stand in one line


class Questions(Inside):
    """answered ({question: choice}): somebody has decided. ruled (Rule): for all where both have changed something."""

    answered = Signal(object)
    ruled = Signal(str)

    def __init__(self, questions: Sequence[Question], rule: Rule, theirs: str) -> None:
        super().__init__()
        rows = self.rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        senders = [q for q in questions if q.kind == "unknown_sender"]
        conflicts = [q for q in questions if q.kind != "unknown_sender"]
        for question in senders:
            rows.addWidget(self._settled(question) if question.answer else self._sender(question))
        if conflicts:
            rows.addLayout(self._rule(conflicts, rule, theirs))
        if rule == "ask":
            waiting = sorted(conflicts, key=lambda q: bool(q.answer))
            for question in waiting[:MOST_SHOWN]:
                rows.addWidget(self._conflict(question))
            if len(waiting) > MOST_SHOWN:
                more = f"另有 {len(waiting) - MOST_SHOWN} 处在下面的“改动”表里，可以选中多行一起答复。"
                rows.addWidget(label(more, "soft", wrap=True))
        rows.addStretch(1)

    def _rule(self, conflicts: Sequence[Question], rule: Rule, theirs: str) -> QHBoxLayout:
        """All by one rule, or one by one."""
        line = QHBoxLayout()
        line.setSpacing(16)
        waiting = sum(not q.answer for q in conflicts)
        said = f"有 {len(conflicts)} 处两边都改过，而且不一样" + (f"，{waiting} 处没有答复" if waiting else "")
        line.addWidget(label(said, "heading"))
        line.addStretch(1)
        group = QButtonGroup(self)
        choices: tuple[tuple[Rule, str], ...] = (
            ("ask", "逐项决定"),
            ("theirs", f"都用{theirs}的"),
            ("ours", "都保留现有的"),
        )
        self.rules: dict[Rule, QRadioButton] = {}
        for key, text in choices:
            radio = QRadioButton(text)
            radio.setChecked(key == rule)
            radio.clicked.connect(partial(self._ruled, key))
            group.addButton(radio)
            line.addWidget(radio)
            self.rules[key] = radio
        return line

    def _ruled(self, rule: Rule, on: bool = True) -> None:
        self.ruled.emit(rule)

    def _settled(self, question: Question) -> QWidget:
        """A computer that has been decided about, in one line."""
        made = card()
        line = QHBoxLayout(made)
        line.setContentsMargins(14, 6, 14, 6)
        line.setSpacing(10)
        confirmed = question.answer == question.choices[-1].id
        line.addWidget(Chip("来源已核对", GOOD_TONE) if confirmed else Chip("来源不符", BAD_TONE))
        line.addWidget(label("　".join(question.details), "soft", wrap=True), 1)
        change = button("更改", "link")
        change.setAccessibleName(f"更改：{question.details[0] if question.details else question.text}")
        change.clicked.connect(partial(self._answer, question.id, ""))
        line.addWidget(change)
        return made

    def _sender(self, question: Question) -> QWidget:
        """Whose computer this is; the code stands large, to be compared with the paper."""
        made = card()
        rows = QVBoxLayout(made)
        rows.setContentsMargins(14, 10, 14, 10)
        rows.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(Chip("核对来源", WARN_TONE))
        head.addWidget(label(question.text, "strong", wrap=True), 1)
        rows.addLayout(head)
        line = QHBoxLayout()
        line.setSpacing(10)
        for detail in question.details:
            name, _, code = detail.partition("：")
            if name != "密钥码":
                line.addWidget(label(detail, "soft"))
                continue
            shown = label(code, "strong", selectable=True)
            shown.setStyleSheet(f"font-size: 17px; letter-spacing: 1px; color: {colours.ACCENT}")
            line.insertWidget(0, shown)
        line.addStretch(1)
        rows.addLayout(line)
        rows.addLayout(self._choices(made, question))
        return made

    def _conflict(self, question: Question) -> QWidget:
        made = card()
        rows = QVBoxLayout(made)
        rows.setContentsMargins(14, 8, 14, 8)
        rows.setSpacing(4)
        rows.addWidget(label(question.text.split("：")[0], "strong", wrap=True))
        before = question.details[0] if question.details else ""
        if before and not before.endswith(NOTHING):  # as it was; the two sides stand in the choices
            rows.addWidget(label(before, "soft", wrap=True))
        rows.addLayout(self._choices(made, question))
        return made

    def _choices(self, parent: QWidget, question: Question) -> QVBoxLayout | QHBoxLayout:
        wide = sum(len(choice.text) for choice in question.choices) > WIDE
        line = QVBoxLayout() if wide else QHBoxLayout()
        line.setSpacing(4 if wide else 18)
        group = QButtonGroup(parent)
        for choice in question.choices:
            radio = QRadioButton(_plain(choice.text))
            radio.setChecked(question.answer == choice.id)
            radio.clicked.connect(partial(self._answer, question.id, choice.id))
            radio.setProperty("question", question.id)
            radio.setProperty("choice", choice.id)
            group.addButton(radio)
            line.addWidget(radio)
        if not wide:
            line.addStretch(1)
        return line

    def _answer(self, question: str, choice: str, on: bool = True) -> None:
        self.answered.emit({question: choice})


def _plain(text: str) -> str:
    """On a button an ampersand would become an underline."""
    return text.replace("&", "&&")
