"""The findings of the check, below the editor; a click leads to the place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout

from app.domain.findings import Finding, Severity
from app.domain.scheme_words import in_office_words
from app.ui import colours, icons
from app.ui.widgets.table_model import plain_tip
from app.ui.widgets.text import button, label

KEY = Qt.ItemDataRole.UserRole
SIGNS = {
    Severity.ERROR: ("circle-x", colours.BAD),
    Severity.WARNING: ("triangle-alert", colours.WARN),
    Severity.NOTE: ("info", colours.INFO),
}
HEIGHT = 92


class Findings(QFrame):
    """chosen (Finding): go there."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.found: tuple[Finding, ...] = ()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        head = QHBoxLayout()
        self.title = label("方案检查", "strong")
        self.fold = button("收起", "link")
        self.fold.clicked.connect(lambda: self._show_list(self.list.isHidden()))
        head.addWidget(self.title)
        head.addWidget(self.fold)
        head.addStretch(1)
        rows.addLayout(head)
        self.list = QListWidget()
        self.list.setFixedHeight(HEIGHT)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        rows.addWidget(self.list)
        self._wanted = True

    def show_findings(self, found: tuple[Finding, ...]) -> None:
        """Errors first."""
        order = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
        self.found = tuple(sorted(found, key=lambda f: order.index(f.severity)))
        errors = sum(f.severity is Severity.ERROR for f in found)
        said = f"{errors} 处错误，{len(found) - errors} 处提醒" if found else "没有发现问题"
        self.title.setText(f"方案检查：{said}")
        ink = colours.BAD if errors else colours.WARN if found else colours.GOOD
        self.title.setStyleSheet(f"color: {ink}")
        self.list.clear()
        for finding in self.found:
            message, step = in_office_words(finding.message), in_office_words(finding.step)
            said = f"{message}。　{step}" if step else f"{message}。"
            item = QListWidgetItem(icons.icon(*SIGNS[finding.severity], 16), said, self.list)
            item.setData(KEY, finding)
            item.setToolTip(plain_tip(f"{message}\n{step}\n{finding.code}"))
        self.list.setFixedHeight(min(HEIGHT, 12 + 26 * len(self.found)))
        self._show_list(self._wanted)

    def _show_list(self, on: bool) -> None:
        self._wanted = on
        self.fold.setVisible(bool(self.found))
        self.fold.setText("收起" if on else "展开")
        self.list.setVisible(on and bool(self.found))

    def _go(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(KEY))
