"""What a page shows while there is nothing to show: why, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui import colours, icons
from app.ui.widgets.commands import Command
from app.ui.widgets.text import label


class EmptyState(QWidget):
    """A drawing, a sentence, and the command that ends the emptiness."""

    def __init__(self, icon: str, title: str, text: str = "", command: Command | None = None, width: int = 420) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rows.setSpacing(8)
        drawing = QLabel()
        drawing.setPixmap(icons.pixmap(icon, colours.LINE_STRONG, 48))
        drawing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rows.addWidget(drawing)
        self.title = label(title, "heading")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rows.addWidget(self.title)
        self.text = label(text, "soft", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text.setFixedWidth(width)
        rows.addWidget(self.text, 0, Qt.AlignmentFlag.AlignHCenter)
        if command is not None:
            rows.addSpacing(8)
            rows.addWidget(command.button("primary"), 0, Qt.AlignmentFlag.AlignHCenter)

    def show_text(self, title: str, text: str) -> None:
        """Another reason."""
        self.title.setText(title)
        self.text.setText(text)
