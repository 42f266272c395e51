"""A section that is no tree: what it is for, its settings as a form or as sentences, and what they come to."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.examples import Examples
from app.ui.pages.schemes.form import RecordForm
from app.ui.pages.schemes.sections import Section
from app.ui.widgets.text import button, label
from app.ui.workspace import Workspace


class SectionSheet(QFrame):
    """One form for all of them."""

    def __init__(self, work: Workspace, draft: Draft) -> None:
        super().__init__()
        self.setProperty("role", "card")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(18, 14, 8, 12)
        rows.setSpacing(8)
        self.title = label("", "heading")
        self.about = label("", "soft", wrap=True)
        self.form = RecordForm(draft, wide=True)
        self.examples = Examples(work, draft)
        self.try_out = button("试算", icon="flask-conical", tip="在旁边显示试算的结果")
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.try_out)
        rows.addLayout(head)
        rows.addWidget(self.about)
        rows.addWidget(self.form, 1)
        rows.addWidget(self.examples)

    def show_section(self, section: Section) -> None:
        """Another section."""
        self.title.setText(section.title)
        self.about.setText(section.about)
        self.form.show_paths(section.paths)
        self.examples.show_for(section.examples)
