"""One thing to do in the list of tasks: a sign, what it is, how far it is; a click leads there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.services.tasks import TaskLine
from app.ui import colours, icons
from app.ui.widgets.text import ElidedLabel, label

NUMBERS = 64  # pixels for ``12/12``


class TaskButton(QPushButton):
    """A line of the list. level: of the units that a sheet is about."""

    def __init__(self, line: TaskLine, level: str, go: Callable[[TaskLine], object]) -> None:
        super().__init__()
        self.line = line
        self.setProperty("role", "task")
        self.setAccessibleName(f"{line.text} {line.done}/{line.total} {line.detail}")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 5, 12, 5)
        row.setSpacing(12)
        sign = QLabel()
        name, ink = ("circle-check", colours.GOOD) if line.finished else ("pencil", colours.WARN)
        sign.setPixmap(icons.pixmap(name, ink, 18))
        row.addWidget(sign)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(ElidedLabel(line.text, "strong"))
        said = " · ".join(part for part in (level, line.detail) if part)
        if said:
            words.addWidget(ElidedLabel(said, "small"))
        words.addStretch(1)
        row.addLayout(words, 1)
        if line.total > 1:
            bar = QProgressBar()
            bar.setTextVisible(False)
            bar.setFixedWidth(120)
            bar.setRange(0, line.total)
            bar.setValue(min(line.done, line.total))
            if line.finished:
                bar.setStyleSheet(f"QProgressBar::chunk {{ background: {colours.GOOD}; }}")
            row.addWidget(bar)
        numbers = label(f"{line.done}/{line.total}", "soft")
        numbers.setMinimumWidth(NUMBERS)
        numbers.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(numbers)
        arrow = QLabel()
        arrow.setPixmap(icons.pixmap("chevron-right", colours.TEXT_FAINT, 16))
        row.addWidget(arrow)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clicked.connect(lambda: go(self.line))
