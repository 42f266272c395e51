"""A folder in a form: typed, or chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.ui.notices import Notices
from app.ui.widgets.forms import Wrong
from app.ui.widgets.text import button


class FolderField(QWidget):
    """A folder typed or chosen."""

    def __init__(self, notices: Notices, title: str) -> None:
        super().__init__()
        self._notices, self._title = notices, title
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.line = QLineEdit()
        self.line.setPlaceholderText("如 U 盘上的文件夹")
        choose = button("选择…")
        choose.clicked.connect(self.choose)
        row.addWidget(self.line, 1)
        row.addWidget(choose)
        self.setFocusProxy(self.line)

    def choose(self) -> None:
        """Ask for the folder."""
        folder = self._notices.folder(self._title, self.line.text())
        if folder is not None:
            self.line.setText(str(folder))

    def value(self) -> Path:
        """The folder. Raises Wrong when it is not there."""
        text = self.line.text().strip()
        if not text:
            raise Wrong(self.line, "请选择写到哪个文件夹。")
        if not Path(text).is_dir():
            raise Wrong(self.line, "这个文件夹不存在，请重新选择。")
        return Path(text)
