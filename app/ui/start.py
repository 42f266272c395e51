"""The start screen: a new year, an existing file, the last ones, or the practice year."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui import colours, icons
from app.ui.widgets.text import card, label


class Choice(QPushButton):
    """A large button with a drawing, a name and a sentence."""

    def __init__(self, icon: str, title: str, text: str, *, first: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "choice-first" if first else "choice")
        self.setAccessibleName(title)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 10, 18, 10)
        row.setSpacing(14)
        drawing = QLabel()
        drawing.setPixmap(icons.pixmap(icon, colours.SURFACE if first else colours.ACCENT, 24))
        words = QVBoxLayout()
        words.setSpacing(1)
        name, line = label(title, "strong"), label(text, "small")
        if first:
            name.setStyleSheet(f"color: {colours.SURFACE}")
            line.setStyleSheet("color: #f1d9d4")
        words.addWidget(name)
        words.addWidget(line)
        row.addWidget(drawing)
        row.addLayout(words, 1)
        for part in (drawing, name, line):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class StartScreen(QWidget):
    """new_wanted, open_wanted, practice_wanted: what the user chose; recent_wanted (Path): a file of the list."""

    new_wanted = Signal()
    open_wanted = Signal()
    practice_wanted = Signal()
    recent_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        middle = QWidget()
        middle.setFixedWidth(860)
        rows = QVBoxLayout(middle)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        title = label("三联考评", "title")
        title.setStyleSheet(f"font-size: 34px; color: {colours.ACCENT}; letter-spacing: 4px")
        rows.addWidget(title)
        rows.addSpacing(4)
        rows.addWidget(label("三级联述 · 联评 · 联考　　每一个等次都能追溯到评分表的单元格", "soft"))
        rows.addSpacing(28)
        both = QHBoxLayout()
        both.setSpacing(36)
        both.addLayout(self._choices(), 5)
        both.addLayout(self._last(), 6)
        rows.addLayout(both)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(middle, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)

    def _choices(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(10)
        self.new = Choice("file-plus", "新建年度", "从方案文件和名册工作簿开始", first=True)
        self.open = Choice("folder-open", "打开年度文件", "扩展名为 .slk 的文件")
        self.practice = Choice("flask-conical", "生成演练年度", "虚构的一年，数据齐全，可随意试用")
        self.new.clicked.connect(self.new_wanted)
        self.open.clicked.connect(self.open_wanted)
        self.practice.clicked.connect(self.practice_wanted)
        for choice in (self.new, self.open, self.practice):
            rows.addWidget(choice)
        rows.addStretch(1)
        return rows

    def _last(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(8)
        rows.addWidget(label("最近打开", "heading"))
        box: QFrame = card()
        self._recent = QVBoxLayout(box)
        self._recent.setContentsMargins(6, 6, 6, 6)
        self._recent.setSpacing(0)
        rows.addWidget(box)
        rows.addStretch(1)
        self.show_recent(None)
        return rows

    def show_recent(self, paths: tuple[Path, ...] | None) -> None:
        """The files opened last, newest first; None: not known yet."""
        while self._recent.count():
            self._recent.takeAt(0).widget().deleteLater()
        if not paths:
            text = "正在查找…" if paths is None else "还没有打开过年度文件。第一次使用可以先生成演练年度。"
            note = label(text, "soft", wrap=True)
            note.setContentsMargins(10, 10, 10, 10)
            self._recent.addWidget(note)
            return
        for path in paths[:6]:
            self._recent.addWidget(self._line(path))

    def _line(self, path: Path) -> QPushButton:
        made = QPushButton()
        made.setProperty("role", "recent")
        made.setAccessibleName(path.stem)
        rows = QVBoxLayout(made)
        rows.setContentsMargins(10, 4, 10, 4)
        rows.setSpacing(0)
        name = label(path.stem, "strong")
        place = label("", "small")
        metrics = place.fontMetrics()
        place.setText(metrics.elidedText(str(path.parent), Qt.TextElideMode.ElideMiddle, 340))
        for part in (name, place):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            rows.addWidget(part)
        made.clicked.connect(lambda: self.recent_wanted.emit(path))
        return made
