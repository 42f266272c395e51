"""Dialogs of the results: a decision by hand, freezing, and two versions side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.facts import Decision
from app.domain.schemes import Scheme, Scope
from app.services.comparison import ResultChange
from app.services.figures import shown
from app.services.results import SnapshotInfo
from app.ui import colours
from app.ui.pages.results.rows import NO_GRADE, SCOPES, ResultRow, grade_name
from app.ui.widgets.chips import tone_of
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label


class DecisionForm(FormDialog[Decision]):
    """A grade set by hand, with reason and name."""

    def __init__(self, parent: QWidget, row: ResultRow) -> None:
        now = f"按分数线和名额为“{row.before}”，现为“{row.after}”。"
        super().__init__(
            parent,
            f"人工决定：{row.name}",
            save="保存决定",
            lead=now + "保存后重新计算生效；结果里始终注明“人工决定”。",
        )
        self._row = row
        known = row.decision
        self.grade = self.add_choice(
            "等次",
            tuple((g.id, g.name) for g in row.scheme.ladder.grades),
            known.grade if known else row.result.grade.final,
        )
        limited = any(g.quota is not None for g in row.scheme.ladder.grades)
        self.places = self.add_choice(
            "名额",
            (("in", "按人工决定，占原有名额"), ("outside", "专项晋优，不占名额")),
            "outside" if known and known.outside_quota else "in",
        )
        self.places.setToolTip("专项晋优的单位直接得该等次，不参加名额分配；只用于有名额限制的等次")
        self.fields.setRowVisible(self.places, limited)
        scopes = tuple((grade.scope, SCOPES[grade.scope]) for grade in row.result.grades)
        self.scope = self.add_choice("对谁", scopes)
        self.reason = self.add_text(
            "理由", known.reason if known else "", "如：工委会议研究决定（会议纪要〔2026〕12 号）"
        )
        self.by = self.add_line("决定人", known.by if known else "", "会议或负责人")
        self.date = self.add_date("日期", known.date if known else "")

    def value(self) -> Decision:
        reason, by = self.reason.toPlainText().strip(), self.by.text().strip()
        if not reason:
            raise Wrong(self.reason, "请写明理由。")
        if not by:
            raise Wrong(self.by, "请写明由谁决定。")
        outside = self.places.currentData() == "outside"
        if outside and self.scope.currentData() != "unit":
            raise Wrong(self.scope, "专项晋优只用于单位自身的等次。")
        grades = {g.id: g for g in self._row.scheme.ladder.grades}
        if outside and grades[str(self.grade.currentData())].quota is None:
            raise Wrong(self.grade, "这个等次没有名额限制，用不着专项晋优，请选“占原有名额”。")
        return Decision(
            scheme=self._row.scheme.id,
            unit=self._row.result.unit,
            grade=str(self.grade.currentData()),
            reason=reason,
            by=by,
            scope=cast(Scope, self.scope.currentData()),
            outside_quota=outside,
            date=self.date.date().toString("yyyy-MM-dd")
            if self.date.date().isValid()
            else QDate.currentDate().toString("yyyy-MM-dd"),
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """A reason and who gives it."""

    reason: str
    by: str


class SignedForm(FormDialog[Signed]):
    """A step that needs a reason and a name."""

    def __init__(self, parent: QWidget, title: str, lead: str, save: str, hint: str) -> None:
        super().__init__(parent, title, save=save, lead=lead)
        self.reason = self.add_text("理由", hint=hint)
        self.by = self.add_line("决定人", hint="会议或负责人")

    def value(self) -> Signed:
        reason, by = self.reason.toPlainText().strip(), self.by.text().strip()
        if not reason:
            raise Wrong(self.reason, "请写明理由，它会留在审计记录里。")
        if not by:
            raise Wrong(self.by, "请写明由谁决定。")
        return Signed(reason, by)


Compare = Callable[[int, int, Callable[[tuple[ResultChange, ...]], None]], object]


class CompareDialog(QDialog):
    """Two versions side by side: only what differs. compare(before, after, done) asks for it."""

    def __init__(
        self, parent: QWidget, versions: Sequence[SnapshotInfo], schemes: Sequence[Scheme], compare: Compare
    ) -> None:
        super().__init__(parent)
        self._schemes = {scheme.id: scheme for scheme in schemes}
        self._compare = compare
        self.setWindowTitle("版本比较")
        self.resize(1040, 600)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(12)
        head = QHBoxLayout()
        self.before, self.after = QComboBox(), QComboBox()
        for info in versions:
            text = f"第 {info.version} 版 · {info.made_at[:16].replace('T', ' ')}" + ("（定稿）" if info.frozen else "")
            self.before.addItem(text, info.version)
            self.after.addItem(text, info.version)
        self.before.setCurrentIndex(min(1, len(versions) - 1))
        head.addWidget(label("从", "soft"))
        head.addWidget(self.before)
        head.addWidget(label("到", "soft"))
        head.addWidget(self.after)
        self.summary = label("", "soft")
        head.addWidget(self.summary, 1)
        rows.addLayout(head)
        self.stack = QStackedWidget()
        self.table = Table(self._columns())
        self.stack.addWidget(EmptyState("git-compare", "两个版本完全相同", "没有单位的总分、名次或等次发生变化。"))
        self.stack.addWidget(self.table)
        rows.addWidget(self.stack, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        close = button("关闭")
        close.clicked.connect(self.accept)
        foot.addWidget(close)
        rows.addLayout(foot)
        self.before.currentIndexChanged.connect(self._ask)
        self.after.currentIndexChanged.connect(self._ask)
        self._ask()

    def _columns(self) -> tuple[Column[ResultChange], ...]:
        return (
            Column(key="level", title="层级", text=lambda c: self._level(c), width=100),
            Column(key="series", title="系列", text=lambda c: c.series or "—", width=90),
            Column(
                key="name",
                title="单位",
                text=lambda c: c.name,
                tip=lambda c: c.name,
                width=190,
                stretch=True,
                strong=True,
            ),
            Column(key="total", title="总分", text=self._total, tip=self._total, width=150, align="right"),
            Column(
                key="rank",
                title="名次",
                text=lambda c: _pair(str(c.rank_before or "—"), str(c.rank_after or "—")),
                ink=lambda c: _rank_ink(c),
                width=90,
                align="center",
            ),
            Column(
                key="before",
                title="原等次",
                text=lambda c: self._grade(c, c.grade_before),
                width=90,
                align="center",
                tone=lambda c: self._tone(c, c.grade_before),
            ),
            Column(
                key="after",
                title="现等次",
                text=lambda c: self._grade(c, c.grade_after),
                width=90,
                align="center",
                tone=lambda c: self._tone(c, c.grade_after),
            ),
            Column(key="note", title="说明", text=_note, width=170),
        )

    def _ask(self) -> None:
        self._compare(int(self.before.currentData()), int(self.after.currentData()), self._show)

    def _show(self, changes: tuple[ResultChange, ...]) -> None:
        self.table.show_rows(changes)
        self.stack.setCurrentIndex(1 if changes else 0)
        graded = sum(c.grade_before != c.grade_after for c in changes)
        self.summary.setText(f"{len(changes)} 家有变化，{graded} 家等次不同" if changes else "")

    def _level(self, change: ResultChange) -> str:
        scheme = self._schemes.get(change.scheme)
        return (scheme.level_name or scheme.name) if scheme else change.scheme

    def _total(self, change: ResultChange) -> str:
        scheme = self._schemes.get(change.scheme)
        values = (change.total_before, change.total_after)
        before, after = ("—" if v is None or scheme is None else shown(v, scheme.rounding.shown) for v in values)
        if before == after and values[0] != values[1]:
            return f"{before}（末位变化）"
        return _pair(before, after)

    def _grade(self, change: ResultChange, grade: str) -> str:
        scheme = self._schemes.get(change.scheme)
        return grade_name(scheme, grade) if scheme and grade else NO_GRADE

    def _tone(self, change: ResultChange, grade: str) -> colours.Tone | None:
        return tone_of(self._schemes.get(change.scheme), grade) if change.grade_before != change.grade_after else None


def _note(change: ResultChange) -> str:
    """Says what differs when neither total, rank nor grade of the unit does."""
    same = (change.total_before, change.rank_before, change.grade_before) == (
        change.total_after,
        change.rank_after,
        change.grade_after,
    )
    return "班子或个人的等次有变化" if same else ""


def _pair(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _rank_ink(change: ResultChange) -> str:
    if change.rank_before is None or change.rank_after is None or change.rank_before == change.rank_after:
        return ""
    return colours.GOOD if change.rank_after < change.rank_before else colours.BAD
