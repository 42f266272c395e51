"""The start screen: a new year, an existing file, the last ones, or the practice year.

It is the first thing painted; what can wait (drawings, the list of files) comes with ``complete``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui import colours

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = 6


def _words(text: str, role: str, colour: str = "") -> QLabel:
    """A label with our own words (for data: ``widgets.text.label``)."""
    made = QLabel(text)
    made.setProperty("role", role)
    if colour:
        made.setStyleSheet(f"color: {colour}")
    return made


class Choice(QPushButton):
    """A large button with a drawing, a name and a sentence."""

    def __init__(self, icon: str, title: str, text: str, *, first: bool = False) -> None:
        super().__init__()
        self._icon, self._first = icon, first
        self.setProperty("role", "choice-first" if first else "choice")
        self.setAccessibleName(title)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 10, 18, 10)
        row.setSpacing(14)
        self._drawing = QLabel()
        self._drawing.setFixedSize(24, 24)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addStretch(1)
        words.addWidget(_words(title, "strong", colours.SURFACE if first else ""))
        words.addWidget(_words(text, "small", "#f1d9d4" if first else ""))
        words.addStretch(1)
        row.addWidget(self._drawing)
        row.addLayout(words, 1)

    def complete(self) -> None:
        """The drawing; and the labels let the mouse through."""
        from app.ui import icons

        self._drawing.setPixmap(icons.pixmap(self._icon, colours.SURFACE if self._first else colours.ACCENT, 24))
        let_mouse_through(self)


class StartScreen(QWidget):
    """new_wanted, open_wanted, task_wanted, practice_wanted: what the user chose; recent_wanted (Path): a file of the
    list."""

    new_wanted = Signal()
    open_wanted = Signal()
    task_wanted = Signal()
    practice_wanted = Signal()
    recent_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        middle = QWidget()
        middle.setFixedWidth(860)
        rows = QVBoxLayout(middle)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        title = QLabel("三联考评")
        title.setStyleSheet(f"font-size: 34px; font-weight: 600; color: {colours.ACCENT}; letter-spacing: 4px")
        rows.addWidget(title)
        rows.addSpacing(4)
        rows.addWidget(_words("三级联述 · 联评 · 联考　　每一个等次都能追溯到评分表的单元格", "soft"))
        rows.addSpacing(28)
        both = QHBoxLayout()
        both.setSpacing(36)
        both.addLayout(self._choices(), 5)
        both.addLayout(self._last(), 6)
        rows.addLayout(both)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(middle)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)

    def _choices(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(10)
        self.new = Choice("file-plus", "新建年度", "从方案文件和名册工作簿开始", first=True)
        self.open = Choice("folder-open", "打开年度文件", "扩展名为 .slk 的文件")
        self.task = Choice("package", "打开任务包", "考核办发来的 .slp 文件，填报单位从这里开始")
        self.practice = Choice("flask-conical", "生成演练年度", "虚构的一年，数据齐全，可随意试用")
        for choice, signal in (
            (self.new, self.new_wanted),
            (self.open, self.open_wanted),
            (self.task, self.task_wanted),
            (self.practice, self.practice_wanted),
        ):
            choice.clicked.connect(signal)
            rows.addWidget(choice)
        rows.addStretch(1)
        return rows

    def _last(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(8)
        rows.addWidget(_words("最近打开", "heading"))
        box = QFrame()
        box.setProperty("role", "card")
        self._recent = QVBoxLayout(box)
        self._recent.setContentsMargins(6, 6, 6, 6)
        self._recent.setSpacing(0)
        self._recent.addWidget(self._note("正在查找…"))
        rows.addWidget(box)
        rows.addStretch(1)
        return rows

    def complete(self) -> None:
        """After the first paint: the drawings."""
        for choice in (self.new, self.open, self.task, self.practice):
            choice.complete()

    def show_recent(self, paths: tuple[Path, ...]) -> None:
        """The files opened last, newest first."""
        while self._recent.count():
            self._recent.takeAt(0).widget().deleteLater()
        if not paths:
            self._recent.addWidget(self._note("还没有打开过年度文件。第一次使用可以先生成演练年度。"))
        for path in paths[:SHOWN]:
            self._recent.addWidget(RecentFile(path, partial(self.recent_wanted.emit, path)))

    def _note(self, text: str) -> QLabel:
        made = _words(text, "soft")
        made.setContentsMargins(10, 10, 10, 10)
        return made


class RecentFile(QPushButton):
    """A file opened before: its name, and the folder below it."""

    def __init__(self, path: Path, open_it: Callable[[], object]) -> None:
        from PySide6.QtCore import Qt

        super().__init__()
        self.setProperty("role", "recent")
        self.setAccessibleName(path.stem)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 4, 10, 4)
        rows.setSpacing(0)
        name, place = _words("", "strong"), _words("", "small")
        for part, text in ((name, path.stem), (place, str(path.parent))):
            part.setTextFormat(Qt.TextFormat.PlainText)
            part.setText(part.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 380))
            rows.addWidget(part)
        let_mouse_through(self)
        self.clicked.connect(lambda: open_it())


def let_mouse_through(button: QPushButton) -> None:
    """The labels on a button do not take its clicks."""
    from PySide6.QtCore import Qt

    for part in button.findChildren(QLabel):
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
