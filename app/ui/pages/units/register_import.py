"""Preview of a register, from a workbook or pasted: each cell new, same, changed or refused; then it is taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from app.domain.findings import Finding, Severity
from app.services.register_plan import COLUMNS_OF, LineKind, RegisterLine, RegisterPlan
from app.ui import colours
from app.ui.colours import BAD_TONE, NEUTRAL, WARN_TONE, Tone
from app.ui.pages.units.words import LINE_TONES, LINES
from app.ui.widgets.chips import Chip
from app.ui.widgets.frozen import FrozenColumns
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label

SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}
SEVERITY_TONES = {Severity.ERROR: BAD_TONE, Severity.WARNING: WARN_TONE, Severity.NOTE: NEUTRAL}
KINDS: dict[LineKind, str] = {"unit": "单位", "evaluator": "评议人", "assignment": "谁评谁"}
ORDER = {"refused": 0, "new": 1, "changed": 2, "gone": 3, "missing": 4, "same": 5}
WIDTHS = {"名称": 200, "姓名": 110, "原因": 150, "单位": 170, "分管": 170, "其他关系": 170, "关联": 150, "系列": 110}
NARROW = 92

FINDING_COLUMNS: tuple[Column[Finding], ...] = (
    Column(
        key="severity",
        title="级别",
        text=lambda f: SEVERITIES[f.severity],
        tone=lambda f: SEVERITY_TONES[f.severity],
        width=72,
        align="center",
    ),
    Column(key="place", title="位置", text=lambda f: f.place, tip=lambda f: f.place, width=240),
    Column(key="message", title="问题", text=lambda f: f.message, tip=lambda f: f.message, width=260, stretch=True),
    Column(key="step", title="怎么改", text=lambda f: f.step, tip=lambda f: f.step, width=380),
)


def line_columns(kind: LineKind) -> tuple[Column[RegisterLine], ...]:
    """What becomes of the line, and then its cells."""
    state: Column[RegisterLine] = Column(
        key="row",
        title="处理",
        text=lambda r: LINES[r.row],
        tone=lambda r: LINE_TONES[r.row],
        tip=lambda r: "\n".join(r.changes) or ("保留原有记录" if r.row == "missing" else ""),
        width=104,
        align="center",
    )
    return (state, *(_cell_column(at, title) for at, title in enumerate(COLUMNS_OF[kind])))


def _cell_column(at: int, title: str) -> Column[RegisterLine]:
    def text(line: RegisterLine) -> str:
        cell = line.cells[at]
        return cell.text or ("（空）" if cell.state in ("changed", "refused") else "")

    def tone(line: RegisterLine) -> Tone | None:
        return {"changed": WARN_TONE, "refused": BAD_TONE}.get(line.cells[at].state)

    def ink(line: RegisterLine) -> str:
        return colours.TEXT_FAINT if line.cells[at].state == "kept" or line.row in ("same", "missing") else ""

    def tip(line: RegisterLine) -> str:
        cell = line.cells[at]
        if cell.state == "changed":
            return f"{title}：{cell.before or '空'} → {cell.text or '空'}"
        if cell.state == "kept" and cell.text and line.row not in ("missing", "gone"):
            return f"没有“{title}”一栏，保留原来的“{cell.text}”。"
        return cell.why or cell.text

    return Column(key=title, title=title, text=text, tone=tone, ink=ink, tip=tip, width=WIDTHS.get(title, NARROW))


class RegisterPreview(QDialog):
    """Shows a plan; ``apply`` is called when the user takes it in."""

    def __init__(self, parent: QWidget, plan: RegisterPlan, apply: Callable[[RegisterPlan], object]) -> None:
        super().__init__(parent)
        self.plan = plan
        self.setWindowTitle("导入名册")
        self.resize(1180, 640)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(12)
        rows.addWidget(label(plan.source, "heading"))
        rows.addLayout(self._sums())
        self.tabs = QTabWidget()
        self.lines: dict[LineKind, Table[RegisterLine]] = {}
        self.frozen: list[FrozenColumns] = []
        if not plan.ready:
            self._add_findings(plan.findings)
        for kind in KINDS:
            self._add_lines(kind, [line for line in plan.lines if line.kind == kind])
        if plan.findings and plan.ready:
            self._add_findings(plan.findings)
        rows.addWidget(self.tabs, 1)
        rows.addLayout(self._buttons(apply))

    def _add_lines(self, kind: LineKind, lines: Sequence[RegisterLine]) -> None:
        if not lines:
            return
        table = Table(line_columns(kind))
        table.show_rows(sorted(lines, key=lambda r: ORDER[r.row]))
        self.lines[kind] = table
        self.tabs.addTab(table, f"{KINDS[kind]}（{len(lines)}）")
        self.frozen.append(FrozenColumns(table, 3))

    def _add_findings(self, findings: Sequence[Finding]) -> None:
        self.findings = Table(FINDING_COLUMNS)
        self.findings.show_rows(findings)
        self.tabs.addTab(self.findings, f"问题（{len(findings)}）")

    def _sums(self) -> QHBoxLayout:
        """What becomes of the lines, as numbers that add up to all of them."""
        line = QHBoxLayout()
        line.setSpacing(8)
        counted = Counter(r.row for r in self.plan.lines)
        line.addWidget(label(f"共 {len(self.plan.lines)} 行：", "soft"))
        for row, name in LINES.items():
            if counted[row]:
                line.addWidget(Chip(f"{name} {counted[row]}", LINE_TONES[row]))
        line.addWidget(label("黄色的格子会改动，指着看原来的内容；红色的格子要改。", "soft"))
        line.addStretch(1)
        return line

    def _buttons(self, apply: Callable[[RegisterPlan], object]) -> QHBoxLayout:
        line = QHBoxLayout()
        why = ""
        if not self.plan.ready:
            why = "有错误，请按“问题”里的位置改好后重新导入或粘贴；现在没有写入任何内容。"
        elif not self.plan.changes_something:
            why = "与已有内容完全一致，不需要导入。"
        line.addWidget(label(why, "soft" if self.plan.ready else "error", wrap=True), 1)
        cancel, self.apply_button = button("取消"), button("导入", "primary")
        cancel.clicked.connect(self.reject)
        self.apply_button.setEnabled(not why)
        self.apply_button.setToolTip(why)
        self.apply_button.clicked.connect(lambda: (self.accept(), apply(self.plan)))
        line.addWidget(cancel)
        line.addWidget(self.apply_button)
        return line
