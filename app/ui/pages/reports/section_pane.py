"""The section in front: its name, what the form says to it, its text, and how long it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.report_forms import Section
from app.services.reports.passages import characters
from app.ui.pages.reports.text_editor import TextEditor
from app.ui.pages.reports.words import count_ink, limits_text, shortfall
from app.ui.pages.reports.writing import Writing
from app.ui.widgets.text import label


class SectionPane(QFrame):
    """Shows one section of the writing, and writes into it."""

    def __init__(self, writing: Writing, clean: Callable[[str], str]) -> None:
        super().__init__()
        self.writing = writing
        self.section: Section | None = None
        self.setProperty("role", "card")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 12, 16, 10)
        rows.setSpacing(6)
        head = QHBoxLayout()
        self.name = label("", "heading")
        self.limits = label("", "small")
        head.addWidget(self.name)
        head.addStretch(1)
        head.addWidget(self.limits, 0, Qt.AlignmentFlag.AlignBottom)
        rows.addLayout(head)
        self.guide = label("", "soft", wrap=True)
        rows.addWidget(self.guide)
        self.editor = TextEditor(clean)
        self.editor.setMinimumHeight(90)
        self.editor.written.connect(self._written)
        rows.addWidget(self.editor, 1)
        self.count = label("", "soft")
        rows.addWidget(self.count)
        writing.changed.connect(self._show_count)

    def show_section(self, section: Section) -> None:
        """Another section."""
        self.section = section
        self.name.setText(section.name)
        self.limits.setText(limits_text(section))
        self.guide.setText(section.guide)
        self.guide.setVisible(bool(section.guide))
        self.editor.show_text(self.writing.text(section.id), numbered=section.shape == "list")
        self.follow_lock()
        self._show_count()

    def follow(self) -> None:
        """The text was changed elsewhere."""
        if self.section is not None:
            self.editor.follow_text(self.writing.text(self.section.id))
            self._show_count()

    def follow_lock(self) -> None:
        """Whether it can be written in now."""
        fixed = bool(self.writing.locked)
        self.editor.fix(fixed)
        said = "这一栏没有写。" if fixed else "在这里写，或从 Word、WPS 复制后粘贴；格式会自动去掉。"
        self.editor.setPlaceholderText(said)

    def _written(self, text: str) -> None:
        if self.section is not None:
            self.writing.write(self.section.id, text)

    def _show_count(self) -> None:
        if self.section is None:
            return
        text = self.writing.text(self.section.id)
        wrong = shortfall(self.section, text)
        self.count.setText(f"本栏 {characters(text)} 字" + (f"，{wrong}" if wrong and wrong != "未写" else ""))
        self.count.setStyleSheet(f"color: {count_ink(self.section, text)};")
