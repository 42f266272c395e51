"""名额与边界: how each quota was used, who stands equal on its line, and what the computation remarked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.findings import Finding
from app.domain.results import SeriesResult
from app.domain.schemes import Scheme
from app.ui.colours import WARN_TONE
from app.ui.pages.results.rows import ResultRow, grade_name
from app.ui.widgets.chips import Chip, GradeChip
from app.ui.widgets.text import button, label

TALLEST = 148


class Boundary(QScrollArea):
    """The desk for boundary cases below the ranking. decide(row), show_findings(findings): what its buttons do."""

    def __init__(
        self, decide: Callable[[ResultRow], object], show_findings: Callable[[Sequence[Finding]], object]
    ) -> None:
        super().__init__()
        self._decide, self._show_findings = decide, show_findings
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def show_series(
        self, scheme: Scheme, series: Sequence[SeriesResult], rows: Sequence[ResultRow], findings: Sequence[Finding]
    ) -> None:
        """Show the quotas of these series and the units that wait for a decision."""
        inside = QWidget()
        inside.setObjectName("inside")
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        waiting = [row for row in rows if row.result.grade.pending and not row.result.grade.manual]
        for row in waiting:
            lines.addWidget(self._waiting(row))
        for one in series:
            for quota in one.quotas:
                where = f"{one.series}：" if len(series) > 1 and one.series else ""
                lines.addWidget(_quota_line(scheme, quota.grade, f"{where}{quota.sentence}"))
        if findings:
            lines.addWidget(self._remarks(findings))
        lines.addStretch(1)
        self.setWidget(inside)
        shown = bool(waiting or findings or any(one.quotas for one in series))
        self.setVisible(shown)
        width = max(self.width() - 16, 400)
        self.setFixedHeight(min(max(lines.heightForWidth(width), lines.sizeHint().height() // 2) + 10, TALLEST))

    def _waiting(self, row: ResultRow) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(Chip("待决定", WARN_TONE))
        note = row.result.grade.note or "名额线上分数相同，需要研究决定。"
        line.addWidget(label(f"{row.name}（名次 {row.rank}，总分 {row.total}）：{note}", wrap=True), 1)
        decide = button("决定…")
        decide.clicked.connect(lambda: self._decide(row))
        line.addWidget(decide)
        return made

    def _remarks(self, findings: Sequence[Finding]) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(label(f"计算时有 {len(findings)} 条提示：{findings[0].message}", "soft", wrap=True), 1)
        every = button("全部提示", "link")
        every.clicked.connect(lambda: self._show_findings(findings))
        line.addWidget(every)
        return made


def _quota_line(scheme: Scheme, grade: str, text: str) -> QWidget:
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    chip = GradeChip(scheme, grade)
    chip.setToolTip(f"“{grade_name(scheme, grade)}”的名额")
    line.addWidget(chip)
    line.addWidget(label(text, "soft", wrap=True, selectable=True), 1)
    return made
