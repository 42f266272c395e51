"""Preview of a register workbook: what is new, what changes, what was refused and why; then it is taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.domain.findings import Finding, Severity
from app.services.units import RegisterLine, RegisterPlan
from app.ui.colours import BAD_TONE, NEUTRAL, WARN_TONE
from app.ui.pages.units.words import LINE_TONES, LINES
from app.ui.widgets.chips import Chip
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label

SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}
SEVERITY_TONES = {Severity.ERROR: BAD_TONE, Severity.WARNING: WARN_TONE, Severity.NOTE: NEUTRAL}
ORDER = {"new": 0, "changed": 1, "missing": 2, "same": 3}

LINE_COLUMNS: tuple[Column[RegisterLine], ...] = (
    Column(
        key="row",
        title="处理",
        text=lambda r: LINES[r.row],
        tone=lambda r: LINE_TONES[r.row],
        width=104,
        align="center",
    ),
    Column(key="kind", title="类别", text=lambda r: "单位" if r.kind == "unit" else "评议人", width=72),
    Column(key="code", title="编码", text=lambda r: r.code, width=90),
    Column(key="name", title="名称", text=lambda r: r.name, width=200),
    Column(
        key="changes",
        title="变化",
        text=lambda r: "；".join(r.changes) or ("保留原有记录" if r.row == "missing" else ""),
        tip=lambda r: "\n".join(r.changes),
        width=260,
        stretch=True,
    ),
)
FINDING_COLUMNS: tuple[Column[Finding], ...] = (
    Column(
        key="severity",
        title="级别",
        text=lambda f: SEVERITIES[f.severity],
        tone=lambda f: SEVERITY_TONES[f.severity],
        width=72,
        align="center",
    ),
    Column(key="place", title="位置", text=lambda f: f.place, tip=lambda f: f.place, width=220),
    Column(key="message", title="问题", text=lambda f: f.message, tip=lambda f: f.message, width=260, stretch=True),
    Column(key="step", title="怎么改", text=lambda f: f.step, tip=lambda f: f.step, width=220),
)


class RegisterPreview(QDialog):
    """Shows a plan; ``apply`` is called when the user takes it in."""

    def __init__(self, parent: QWidget, plan: RegisterPlan, apply: Callable[[RegisterPlan], object]) -> None:
        super().__init__(parent)
        self.plan = plan
        self.setWindowTitle("导入名册")
        self.resize(980, 620)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(12)
        rows.addWidget(label(plan.path.name, "heading"))
        rows.addLayout(self._sums())
        parts = QSplitter()
        parts.setOrientation(parts.orientation().Vertical)
        parts.setChildrenCollapsible(False)
        self.lines = Table(LINE_COLUMNS)
        self.lines.show_rows(sorted(plan.lines, key=lambda r: ORDER[r.row]))
        if plan.findings:
            self.findings = Table(FINDING_COLUMNS)
            self.findings.show_rows(plan.findings)
            parts.addWidget(self.findings)
        parts.addWidget(self.lines)
        rows.addWidget(parts, 1)
        rows.addLayout(self._buttons(apply))

    def _sums(self) -> QHBoxLayout:
        """What becomes of the lines, as numbers that add up to all of them."""
        line = QHBoxLayout()
        line.setSpacing(8)
        counted = Counter(r.row for r in self.plan.lines)
        line.addWidget(label(f"共 {len(self.plan.lines)} 行：", "soft"))
        for row, name in LINES.items():
            if counted[row]:
                line.addWidget(Chip(f"{name} {counted[row]}", LINE_TONES[row]))
        errors = sum(f.severity is Severity.ERROR for f in self.plan.findings)
        if errors:
            line.addWidget(Chip(f"错误 {errors}", BAD_TONE))
        if self.plan.assignments:
            line.addWidget(label(f"另有谁评谁 {len(self.plan.assignments)} 行", "soft"))
        line.addStretch(1)
        return line

    def _buttons(self, apply: Callable[[RegisterPlan], object]) -> QHBoxLayout:
        line = QHBoxLayout()
        why = "" if self.plan.ready else "名册有错误，请按上面的位置改好后重新导入；现在没有写入任何内容。"
        changed = any(r.row in ("new", "changed") for r in self.plan.lines) or bool(self.plan.assignments)
        if self.plan.ready and not changed:
            why = "名册与已有内容完全一致，不需要导入。"
        line.addWidget(label(why, "error" if not self.plan.ready else "soft", wrap=True), 1)
        cancel, self.apply_button = button("取消"), button("导入", "primary")
        cancel.clicked.connect(self.reject)
        self.apply_button.setEnabled(not why)
        self.apply_button.setToolTip(why)
        self.apply_button.clicked.connect(lambda: (self.accept(), apply(self.plan)))
        line.addWidget(cancel)
        line.addWidget(self.apply_button)
        return line
