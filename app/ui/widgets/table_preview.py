"""What taking in a table would change, before it is taken in: line by line, with what cannot be taken in below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.domain.findings import Finding, Severity
from app.ui.colours import BAD_TONE, NEUTRAL, WARN_TONE
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label

SEVERITIES = {Severity.ERROR: "拒收", Severity.WARNING: "提醒", Severity.NOTE: "说明"}
SEVERITY_TONES = {Severity.ERROR: BAD_TONE, Severity.WARNING: WARN_TONE, Severity.NOTE: NEUTRAL}


class TablePreview(QDialog):
    """changes: lines that would be written; summary: how many of what; save: the button; apply(close, wrong): write
    them, then close the dialog, or open the button again."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        summary: str,
        columns: Sequence[Column[Any]],
        changes: Sequence[Any],
        findings: Sequence[Finding],
        save: str,
        apply: Callable[[Callable[[], object], Callable[[BaseException], bool]], object],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(title)
        self.resize(980, 560)
        self._apply = apply
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(12)
        self.summary = label(summary, "body", wrap=True)
        rows.addWidget(self.summary)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        self.table: Table[Any] = Table(tuple(columns))
        self.table.show_rows(changes)
        parts.addWidget(self.table)
        self.findings: Table[Finding] = Table(_finding_columns())
        self.findings.show_rows(findings)
        parts.addWidget(self.findings)
        self.findings.setVisible(bool(findings))
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 1)
        rows.addWidget(parts, 1)
        foot = QHBoxLayout()
        foot.addWidget(label("确认之前什么都不写入；写入后可以一次撤销。", "soft"), 1)
        cancel = button("取消")
        cancel.clicked.connect(self.reject)
        self.save = button(save, "primary")
        self.save.setEnabled(bool(changes))
        self.save.clicked.connect(self._taken)
        foot.addWidget(cancel)
        foot.addWidget(self.save)
        rows.addLayout(foot)

    def _taken(self) -> None:
        self.save.setEnabled(False)
        self._apply(self.accept, self._refused)

    def _refused(self, error: BaseException) -> bool:
        self.save.setEnabled(True)
        return False


def _finding_columns() -> tuple[Column[Finding], ...]:
    return (
        Column(
            key="severity",
            title="提示",
            text=lambda f: SEVERITIES[f.severity],
            tone=lambda f: SEVERITY_TONES[f.severity],
            align="center",
            width=72,
        ),
        Column(key="place", title="位置", text=lambda f: f.place, tip=lambda f: f.place, width=250),
        Column(key="message", title="问题", text=lambda f: f.message, tip=lambda f: f.message, width=330, stretch=True),
        Column(key="step", title="怎么办", text=lambda f: f.step, tip=lambda f: f.step, width=230),
    )
