"""The preview of receiving: what becomes of each package, every change with both sides, the open questions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QScrollArea, QSplitter, QVBoxLayout, QWidget

from app.services.exchange.values import MergeChange, MergePlan, PlannedPackage, ReadyMerge, Rule
from app.services.imports.values import CellKind
from app.ui.packages.columns import change_columns, count_of, package_columns
from app.ui.packages.questions import Questions
from app.ui.packages.words import FATE_ORDER, FATE_TONES, FATES, KIND_TONES, KINDS
from app.ui.widgets.chips import Chip
from app.ui.widgets.commands import Command
from app.ui.widgets.table import Table
from app.ui.widgets.text import button, label

LEAST_PACKAGES, LEAST_CHANGES, LEAST_QUESTIONS = 96, 150, 128  # pixels that each part keeps in a small window
FEW, HEAD, ROW = 4, 38, 30  # so many packages leave the rest of the room to their changes
ALL_KINDS = ""


class MergePreview(QWidget):
    """Shows a plan. theirs: what the other side is called (报来). answered ({question: choice}), ruled (Rule), applied, left,
    report_wanted, unlock_wanted."""

    answered = Signal(object)
    ruled = Signal(str)
    applied = Signal()
    left = Signal()
    report_wanted = Signal()
    unlock_wanted = Signal()

    def __init__(self, parent: QWidget, theirs: str) -> None:
        super().__init__(parent)
        self._theirs = theirs
        self.plan: MergePlan | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(10)
        self.page = QScrollArea()  # in a small window one scrolls from the questions to the tables
        self.page.setWidgetResizable(True)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("inside")
        rows = self.rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        self.page.setWidget(inside)
        self.sums = QWidget()
        rows.addWidget(self.sums)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.questions: Questions | None = None
        rows.addWidget(self.area)
        rows.addWidget(self._tables(), 1)
        outer.addWidget(self.page, 1)
        outer.addLayout(self._buttons())

    def _tables(self) -> QWidget:
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        self.packages: Table[PlannedPackage] = Table(package_columns())
        self.packages.setMinimumHeight(LEAST_PACKAGES)
        self.packages.picked.connect(self._show_package)
        parts.addWidget(self.packages)
        lower = self.detail = QWidget()
        rows = QVBoxLayout(lower)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        self.about = label("改动", "heading")
        self.kind = QComboBox()
        self.kind.setMinimumWidth(130)
        self.kind.activated.connect(self._narrow)
        self.keep = Command(self, "保留现有的", lambda: self._decide("ours"), tip="选中的几处保留现有内容")
        self.take = Command(
            self, f"用{self._theirs}的", lambda: self._decide("theirs"), tip=f"选中的几处用{self._theirs}的内容"
        )
        head.addWidget(self.about, 1)
        head.addWidget(self.kind)
        self.deciding = (self.keep.button(), self.take.button())
        for one in self.deciding:
            head.addWidget(one)
        rows.addLayout(head)
        self.changes: Table[MergeChange] = Table(change_columns(), row_height=26)
        self.changes.setMinimumHeight(LEAST_CHANGES)
        self.changes.picked.connect(self._show_change)
        self.changes.selectionModel().selectionChanged.connect(self._allow_deciding)
        rows.addWidget(self.changes, 1)
        rows.addLayout(self._texts())
        parts.addWidget(lower)
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 3)
        return parts

    def _texts(self) -> QHBoxLayout:
        """The change in front in full: before, here, there."""
        line = QHBoxLayout()
        line.setSpacing(8)
        self.sides: list[QPlainTextEdit] = []
        for hint in ("原来", "这里", "包里"):
            field = QPlainTextEdit()
            field.setReadOnly(True)
            field.setProperty("role", "reading")
            field.setFixedHeight(66)
            field.setPlaceholderText(f"{hint}：没有")
            field.setToolTip(hint)
            field.setTabChangesFocus(True)
            field.setAccessibleName(hint)
            line.addWidget(field, 1)
            self.sides.append(field)
        return line

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.state = label("", "soft", wrap=True)
        self.apply = Command(self, "接收", self.applied.emit, icon="check")
        self.unlock = Command(self, "输入口令…", self.unlock_wanted.emit, icon="lock-open", tip="有的包设了口令")
        report, leave = button("导出清单…", icon="download"), button("放弃")
        report.clicked.connect(self.report_wanted)
        leave.clicked.connect(self.left)
        leave.setToolTip("不接收；没有写入任何内容")
        line.addWidget(self.state, 1)
        line.addWidget(self.unlock.button())
        line.addWidget(report)
        line.addWidget(leave)
        line.addWidget(self.apply.button("primary"))
        return line

    # ---- showing

    def show_plan(self, plan: MergePlan, rule: Rule, locked: int) -> None:
        """Show what receiving would do. locked: how many packages wait for a passphrase."""
        self.plan = plan
        self._show_sums(plan)
        self._show_questions(plan, rule)
        self.detail.setVisible(any(p.changes for p in plan.packages))
        chosen = self.packages.current()
        rows = sorted(plan.packages, key=lambda p: (FATE_ORDER.index(p.fate), p.name))
        self.packages.show_rows(rows)
        place = next((n for n, p in enumerate(rows) if chosen and p.path == chosen.path), 0)
        few = len(rows) <= FEW and not self.detail.isHidden()
        self.packages.setMaximumHeight(HEAD + ROW * max(2, len(rows)) if few else 16_777_215)
        if rows:
            self.packages.setCurrentIndex(self.packages.contents.index(place, 0))
            self._show_package(rows[place])
        self._show_state(plan, locked)

    def _show_state(self, plan: MergePlan, locked: int) -> None:
        taken = sum(p.fate in ("take", "same") for p in plan.packages)
        open_ones = sum(not q.answer for q in plan.questions)
        self.apply.setText(f"接收 {taken} 个包" if taken else "接收")
        if open_ones:
            why = f"还有 {open_ones} 个问题等您答复。"
        elif not isinstance(plan, ReadyMerge) or not plan.writes:
            why = "没有可以接收的包，原因见列表。"
        else:
            why = ""
        refused = sum(p.fate == "refused" for p in plan.packages) - locked
        more = f"有 {locked} 个包设了口令，还没有打开。" if locked else ""
        more += f"另有 {refused} 个拒收，原因见列表。" if refused > 0 else ""
        self.state.setText((why or f"确认后写入 {taken} 个包，作为一步，可以撤销。") + more)
        self.apply.set_reason(why)
        self.unlock.setVisible(locked > 0)

    def _show_sums(self, plan: MergePlan) -> None:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        fates = Counter(p.fate for p in plan.packages)
        line.addWidget(label(f"包 {len(plan.packages)} 个 = ", "soft"))
        for fate in FATE_ORDER:
            if fates[fate]:
                line.addWidget(Chip(f"{FATES[fate]} {fates[fate]}", FATE_TONES[fate]))
        if plan.totals.cells:
            line.addSpacing(18)
            line.addWidget(label(f"内容 {plan.totals.cells} 处 = ", "soft"))
        for kind in CellKind:
            count = count_of(plan.totals, kind)
            if count:
                line.addWidget(Chip(f"{KINDS[kind]} {count}", KIND_TONES[kind]))
        line.addStretch(1)
        self.rows.replaceWidget(self.sums, made)
        self.sums.hide()
        self.sums.deleteLater()
        self.sums = made

    def _show_questions(self, plan: MergePlan, rule: Rule) -> None:
        place = self.area.verticalScrollBar().value()
        self.questions = Questions(plan.questions, rule, self._theirs)
        self.questions.answered.connect(self.answered)
        self.questions.ruled.connect(self.ruled)
        self.area.setWidget(self.questions)
        self.area.setVisible(bool(plan.questions))
        self._fit_questions()
        QTimer.singleShot(0, self, self._fit_questions)  # once more when they have their look
        self.area.verticalScrollBar().setValue(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_questions()

    def _fit_questions(self) -> None:
        """As high as the questions are; more than half of the page scroll on their own."""
        if self.questions is not None:
            rows = self.questions.rows
            wanted = rows.totalHeightForWidth(self.page.viewport().width() - 4) + 4
            self.area.setFixedHeight(min(wanted, max(LEAST_QUESTIONS, self.height() // 2)))

    # ---- one package

    def _show_package(self, package: PlannedPackage) -> None:
        counted = Counter(c.kind for c in package.changes)
        said = f"{package.unit_name or package.name}：改动 {len(package.changes)} 处" if package.changes else "没有改动"
        self.about.setText(said)
        kept = self.kind.currentData()
        self.kind.clear()
        self.kind.addItem("全部改动", ALL_KINDS)
        for kind in CellKind:
            if counted[kind]:
                self.kind.addItem(f"{KINDS[kind]}（{counted[kind]}）", kind.value)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kept)))
        self.kind.setVisible(len(counted) > 1)
        for one in self.deciding:
            one.setVisible(bool(counted[CellKind.BOTH]))
        self.changes.show_rows(sorted(package.changes, key=lambda c: c.kind is not CellKind.BOTH))
        self._narrow()
        self._allow_deciding()

    def _narrow(self, place: object = None) -> None:
        wanted = str(self.kind.currentData() or ALL_KINDS)
        self.changes.narrow("", (lambda c: c.kind.value == wanted) if wanted else None)
        self._show_change(self.changes.current() or next(iter(self.changes.contents.rows), None))

    def _show_change(self, change: Any) -> None:
        texts = (change.base, change.ours, change.theirs) if isinstance(change, MergeChange) else ("", "", "")
        for field, text in zip(self.sides, texts, strict=True):
            field.setPlainText(text)

    # ---- deciding in the table

    def _questions_chosen(self) -> list[str]:
        return [c.question for c in self.changes.chosen() if c.question]

    def _allow_deciding(self, *_: object) -> None:
        why = "" if self._questions_chosen() else "请先在表中选中“两边都改”的行。"
        self.keep.set_reason(why)
        self.take.set_reason(why)

    def _decide(self, side: str) -> None:
        self.answered.emit({question: side for question in self._questions_chosen()})
