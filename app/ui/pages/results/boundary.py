"""名额与边界: how each quota was used, who stands equal on its line, and what the computation remarked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.findings import Finding
from app.domain.results import SeriesResult
from app.domain.schemes import Scheme
from app.ui.colours import WARN_TONE
from app.ui.pages.results.rows import ResultRow, grade_name
from app.ui.widgets.chips import Chip, GradeChip
from app.ui.widgets.text import button, label

MOST_WAITING = 4  # more of them are counted only; their rows in the ranking are marked, too


class Boundary(QWidget):
    """The desk for boundary cases below the ranking. decide(row), show_findings(findings): what its buttons do."""

    def __init__(
        self, decide: Callable[[ResultRow], object], show_findings: Callable[[Sequence[Finding]], object]
    ) -> None:
        super().__init__()
        self._decide, self._show_findings = decide, show_findings
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        self._inside = QWidget()
        rows.addWidget(self._inside)

    def show_series(
        self, scheme: Scheme, series: Sequence[SeriesResult], rows: Sequence[ResultRow], findings: Sequence[Finding]
    ) -> None:
        """Show the quotas of these series and the units that wait for a decision."""
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        waiting = [row for row in rows if row.result.grade.pending and not row.result.grade.manual]
        for row in waiting[:MOST_WAITING]:
            lines.addWidget(self._waiting(row))
        if len(waiting) > MOST_WAITING:
            lines.addWidget(label(f"……另有 {len(waiting) - MOST_WAITING} 家等待决定，见上面标“待定”的各行。", "soft"))
        for one in series:
            for quota in one.quotas:
                where = f"{one.series}：" if len(series) > 1 and one.series else ""
                lines.addWidget(_quota_line(scheme, quota.grade, f"{where}{quota.sentence}"))
        if findings:
            lines.addWidget(self._remarks(findings))
        layout = self.layout()
        assert layout is not None
        layout.replaceWidget(self._inside, inside)
        self._inside.hide()
        self._inside.deleteLater()
        self._inside = inside
        self.setVisible(bool(waiting or findings or any(one.quotas for one in series)))

    def _waiting(self, row: ResultRow) -> QWidget:
        note = row.result.grade.note or "名额线上分数相同，需要研究决定。"
        made, line = _line(
            Chip("待决定", WARN_TONE), f"{row.name}（名次 {row.rank}，总分 {row.total}）：{note}", "body"
        )
        decide = button("决定…")
        decide.clicked.connect(partial(self._ask, row))
        line.addWidget(decide)
        return made

    def _ask(self, row: ResultRow, checked: bool = False) -> None:
        self._decide(row)

    def _remarks(self, findings: Sequence[Finding]) -> QWidget:
        first = findings[0]
        said = f"{first.place}：{first.message}" if first.place else first.message
        made, line = _line(None, f"计算时有 {len(findings)} 条提示：{said}", "soft")
        every = button("全部提示", "link")
        every.clicked.connect(lambda: self._show_findings(findings))
        line.addWidget(every)
        return made


def _quota_line(scheme: Scheme, grade: str, text: str) -> QWidget:
    chip = GradeChip(scheme, grade)
    chip.setToolTip(f"“{grade_name(scheme, grade)}”的名额")
    return _line(chip, text, "soft")[0]


def _line(chip: QWidget | None, text: str, role: str) -> tuple[QWidget, QHBoxLayout]:
    """A chip and a sentence; a long sentence is whole in its tool tip."""
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    if chip is not None:
        line.addWidget(chip)
    said = label(text, "body" if role == "body" else "soft", wrap=True, selectable=True)
    line.addWidget(said, 1)
    return made, line
