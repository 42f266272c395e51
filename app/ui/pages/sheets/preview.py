"""The preview of an import: cells that add up, files with their fate, open questions with their answers in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QRadioButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.services.imports.handing_back import faulty_files
from app.services.imports.values import CellKind, CellTotals, ImportPlan, PlannedFile, Question, ReadyPlan
from app.ui import colours
from app.ui.colours import WARN_TONE, Tone
from app.ui.pages.sheets.words import FATE, FATE_TONES, KIND_TONES, KINDS, SEVERITIES, SEVERITY_TONES
from app.ui.widgets.chips import Chip
from app.ui.widgets.commands import Command
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, card, label

LEAST_FILES, LEAST_DETAILS, LEAST_QUESTIONS = 190, 130, 128  # pixels that each part keeps in a small window
FATE_ORDER = ("refused", "unread", "waiting", "update", "import", "skipped", "same")


@dataclass(frozen=True, slots=True)
class Detail:
    """One line about a file: a cell that changes or was refused, or a remark on it."""

    kind: str
    tone: Tone
    place: str
    unit: str
    item: str
    stored: str
    found: str
    note: str


DETAIL_COLUMNS: tuple[Column[Detail], ...] = (
    Column(key="kind", title="处理", text=lambda d: d.kind, tone=lambda d: d.tone, align="center", width=96),
    Column(key="place", title="单元格", text=lambda d: d.place, tip=lambda d: d.place, width=110),
    Column(key="unit", title="单位", text=lambda d: d.unit, tip=lambda d: d.unit, width=140),
    Column(key="item", title="项目", text=lambda d: d.item, tip=lambda d: d.item, width=140),
    Column(key="stored", title="已有", text=lambda d: d.stored, align="right", width=70),
    Column(key="found", title="文件中", text=lambda d: d.found, align="right", width=80, tip=lambda d: d.found),
    Column(key="note", title="说明", text=lambda d: d.note, tip=lambda d: d.note, width=200, stretch=True),
)


class Preview(QWidget):
    """Shows a plan. answered ({question: choice}), applied, left, report_wanted, hand_back_wanted."""

    hand_back_wanted = Signal()
    answered = Signal(object)
    applied = Signal()
    left = Signal()
    report_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._names: dict[str, str] = {}
        self._asked: QVBoxLayout | None = None
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
        self.questions = QScrollArea()
        self.questions.setWidgetResizable(True)
        self.questions.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.addWidget(self.questions)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        self.files = Table(_file_columns())
        self.files.picked.connect(self._show_file)
        parts.addWidget(self.files)
        self.details = Table(DETAIL_COLUMNS, row_height=26)
        parts.addWidget(self.details)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        self.files.setMinimumHeight(LEAST_FILES)
        self.details.setMinimumHeight(LEAST_DETAILS)
        rows.addWidget(parts, 1)
        outer.addWidget(self.page, 1)
        outer.addLayout(self._buttons())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_questions()

    def _fit_questions(self) -> None:
        """As high as the questions are; more than two thirds of the page scroll on their own."""
        if self._asked is not None:
            wrapped = self._asked.totalHeightForWidth(self.page.viewport().width() - 4)
            wanted = max(wrapped, self._asked.totalMinimumSize().height()) + 4
            self.questions.setFixedHeight(min(wanted, max(LEAST_QUESTIONS, self.height() * 2 // 3)))

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.state = label("", "soft", wrap=True)
        self.apply = Command(self, "导入", self.applied.emit, icon="check")
        self.hand_back = Command(
            self,
            "退回…",
            self.hand_back_wanted.emit,
            icon="undo-2",
            tip="为有问题的评分表各写一份副本，问题标在单元格旁，退给评议人改正",
        )
        report, leave = button("导出清单…", icon="download"), button("放弃")
        report.clicked.connect(self.report_wanted)
        leave.clicked.connect(self.left)
        leave.setToolTip("不导入，回到批次列表；没有写入任何内容")
        line.addWidget(self.state, 1)
        line.addWidget(self.hand_back.button())
        line.addWidget(report)
        line.addWidget(leave)
        line.addWidget(self.apply.button("primary"))
        return line

    # ---- showing

    def show_plan(self, plan: ImportPlan, names: dict[str, str]) -> None:
        """Show what importing would do."""
        self._names = names
        self._show_sums(plan)
        self._show_questions(plan.questions)
        self.files.show_rows(sorted(plan.files, key=lambda f: (FATE_ORDER.index(f.fate), f.name)))
        if plan.files:
            self.files.setCurrentIndex(self.files.contents.index(0, 0))
            self._show_file(self.files.contents.row(0))
        self._show_state(plan)

    def _show_state(self, plan: ImportPlan) -> None:
        taken = sum(f.fate in ("import", "update") for f in plan.files)
        open_ones = sum(not q.answer for q in plan.questions)
        self.apply.setText(f"导入 {taken} 份")
        if open_ones:
            why = f"还有 {open_ones} 个问题等您答复。"
        elif not isinstance(plan, ReadyPlan) or taken == 0:
            why = "没有新内容可以写入。" if plan.found_sheets else "没有找到评分表：所选的位置里没有 .xlsx 文件。"
        else:
            why = ""
        refused = sum(f.fate == "refused" for f in plan.files)
        left_out = f"另有 {refused} 份拒收，原因见列表。" if refused else ""
        cells = sum(count_of(f.totals, CellKind.REFUSED) for f in plan.files if f.block is not None)
        left_out += f"拒收的 {cells} 格不写入，可按“退回…”请评议人改。" if cells else ""
        unread = sum(f.fate == "unread" for f in plan.files)
        left_out += f"有 {unread} 个其他文件未读，怎么办见列表。" if unread else ""
        self.state.setText((why or f"确认后写入 {taken} 份评分表，作为一批，可以整批撤销。") + left_out)
        self.apply.set_reason(why)
        self.hand_back.set_reason("" if faulty_files(plan) else "没有需要评议人改正的评分表。")

    def _show_sums(self, plan: ImportPlan) -> None:
        made = QWidget()
        rows = QVBoxLayout(made)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        fates = Counter(f.fate for f in plan.files)
        first = _line(f"文件 {len(plan.files)} 个 = ")
        for fate in FATE_ORDER:
            if fates[fate]:
                first.addWidget(Chip(f"{FATE[fate]} {fates[fate]}", FATE_TONES[fate]))
        first.addStretch(1)
        rows.addLayout(first)
        second = _line(f"单元格 {plan.totals.cells} 个 = ")
        for kind in CellKind:
            count = count_of(plan.totals, kind)
            if count:
                second.addWidget(Chip(f"{KINDS[kind]} {count}", KIND_TONES[kind]))
        second.addStretch(1)
        rows.addLayout(second)
        self.rows.replaceWidget(self.sums, made)
        self.sums.hide()
        self.sums.deleteLater()
        self.sums = made

    # ---- questions

    def _show_questions(self, questions: Sequence[Question]) -> None:
        inside = QWidget()
        inside.setObjectName("inside")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        waiting = [q for q in questions if not q.answer]
        if len(waiting) > 1:
            line = QHBoxLayout()
            line.addWidget(label(f"有 {len(waiting)} 个问题需要您定夺", "heading"), 1)
            every = button("全部按建议答复")
            every.clicked.connect(lambda: self.answered.emit({q.id: q.suggested for q in waiting}))
            line.addWidget(every)
            rows.addLayout(line)
        for question in (*waiting, *(q for q in questions if q.answer)):
            rows.addWidget(self._question(question))
        rows.addStretch(1)
        self.questions.setWidget(inside)
        self._asked = rows
        self.questions.setVisible(bool(questions))
        self._fit_questions()
        QTimer.singleShot(0, self, self._fit_questions)  # once more when they have their look
        self.page.verticalScrollBar().setValue(0)

    def _question(self, question: Question) -> QWidget:
        made = card()
        rows = QVBoxLayout(made)
        rows.setContentsMargins(14, 10, 14, 10)
        rows.setSpacing(4)
        rows.addWidget(label(question.text, "strong", wrap=True))
        for detail in question.details[:4]:
            rows.addWidget(label(detail, "soft", wrap=True))
        if len(question.details) > 4:
            rows.addWidget(label(f"……共 {len(question.details)} 处，见下面的明细。", "small"))
        group = QButtonGroup(made)
        wide = sum(len(choice.text) for choice in question.choices) > 46
        choices = QVBoxLayout() if wide else QHBoxLayout()
        choices.setSpacing(4 if wide else 18)
        for choice in question.choices:
            radio = QRadioButton(choice.text + ("（建议）" if choice.id == question.suggested else ""))
            radio.setChecked(question.answer == choice.id)
            radio.clicked.connect(lambda _=False, chosen=choice.id: self.answered.emit({question.id: chosen}))
            group.addButton(radio)
            choices.addWidget(radio)
        if not wide:
            choices.addStretch(1)
        rows.addLayout(choices)
        return made

    # ---- one file

    def _show_file(self, file: PlannedFile) -> None:
        self.details.show_rows(details_of(file, self._names))


def count_of(totals: CellTotals, kind: CellKind) -> int:
    """How many cells of this kind."""
    return int(getattr(totals, kind.value))


def details_of(file: PlannedFile, names: dict[str, str]) -> list[Detail]:
    """Refused and changed cells first, then the remarks on the file."""
    notes = {_cell_of(f.place, file): f for f in file.findings}
    changed = {change.address for change in file.changes}
    cells = [
        Detail(
            KINDS[change.kind],
            KIND_TONES[change.kind],
            change.address,
            names.get(change.unit, change.unit),
            change.item_name,
            change.stored or "空白",
            change.file or "空白",
            note.message + (f" {note.step}" if note.step else "") if (note := notes.get(change.address)) else "",
        )
        for change in sorted(file.changes, key=lambda c: list(CellKind).index(c.kind), reverse=True)
    ]
    remarks = [
        Detail(
            SEVERITIES[f.severity], SEVERITY_TONES[f.severity], place, "", "", "", "", f"{f.message} {f.step}".strip()
        )
        for f in file.findings
        if (place := _cell_of(f.place, file)) not in changed or notes[place] is not f
    ]
    whole = (
        [Detail(FATE[file.fate], FATE_TONES[file.fate], "整份文件", "", "", "", "", file.reason)] if file.reason else []
    )
    return whole + cells + remarks


def _cell_of(place: str, file: PlannedFile) -> str:
    """The cell that a finding is about; the file's own name says nothing here."""
    cell = place.rsplit("›", 1)[-1].strip()
    return "整份文件" if cell in ("", file.name) else cell


def _file_columns() -> tuple[Column[PlannedFile], ...]:
    def counted(kind: CellKind, title: str) -> Column[PlannedFile]:
        return Column(
            key=kind.value,
            title=title,
            text=lambda f: str(count_of(f.totals, kind)) if count_of(f.totals, kind) else "",
            sort=lambda f: count_of(f.totals, kind),
            ink=lambda f: colours.BAD if kind is CellKind.REFUSED else colours.TEXT,
            align="right",
            width=60,
            head_tip=KINDS[kind],
        )

    return (
        Column(
            key="fate",
            title="处理",
            text=lambda f: FATE[f.fate],
            tone=_fate_tone,
            align="center",
            width=84,
        ),
        Column(key="name", title="文件", text=lambda f: f.name, tip=lambda f: f.name, width=200, stretch=True),
        Column(key="evaluator", title="评议人", text=lambda f: f.evaluator_name or "—", width=118),
        Column(key="reason", title="说明", text=lambda f: f.reason, tip=lambda f: f.reason, width=180),
        counted(CellKind.NEW, "新增"),
        counted(CellKind.SAME, "不变"),
        counted(CellKind.CHANGED_THERE, "表改"),
        counted(CellKind.CHANGED_HERE, "程序改"),
        counted(CellKind.BOTH, "两边改"),
        counted(CellKind.BLANK, "空白"),
        counted(CellKind.REFUSED, "拒收"),
        counted(CellKind.SKIPPED, "不导入"),
    )


def _fate_tone(file: PlannedFile) -> Tone:
    """A file that is taken in without some of its cells is not shown as if all was well."""
    some = file.fate in ("import", "update") and count_of(file.totals, CellKind.REFUSED)
    return WARN_TONE if some else FATE_TONES[file.fate]


def _line(text: str) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(6)
    line.addWidget(label(text, "soft"))
    return line
