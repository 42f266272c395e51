"""复核与申诉: who objects to what, until when it is answered, what came of it, with the result before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.results import UnitResult
from app.domain.schemes import Scheme
from app.services.figures import shown, shown_quantity
from app.ui.colours import BAD_TONE, GOOD_TONE, INFO_TONE, NEUTRAL, WARN_TONE, Tone
from app.ui.pages.results.rows import grade_name
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.forms import FormDialog, Wrong, date_text
from app.ui.widgets.picker import Picker
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, card, label

if TYPE_CHECKING:
    from app.services.objections import Objection, ObjectionView

KINDS = {"review": "复核", "appeal": "申诉"}
OUTCOMES = {"upheld": "维持", "corrected": "更正"}
Close = Callable[[], object]


class ObjectionForm(FormDialog["Objection"]):
    """A new objection. units: (code, name) of the scheme's units; versions: (number, name), newest first; due: the
    usual date of the answer for a date of filing."""

    def __init__(
        self,
        parent: QWidget,
        scheme: Scheme,
        units: Sequence[tuple[str, str]],
        versions: Sequence[tuple[int, str]],
        days: int,
        unit: str = "",
    ) -> None:
        super().__init__(parent, "登记复核、申诉", save="登记", lead="针对哪一版结果，登记后不改；各版结果都保留。")
        self._scheme, self._days = scheme, days
        self.kind = self.add_choice("种类", tuple(KINDS.items()))
        self.unit = Picker(units, unit)
        self.add_field("单位", self.unit)
        self.version = self.add_choice("针对", tuple((str(number), name) for number, name in versions))
        self.by = self.add_line("提出人", hint="单位或个人")
        self.text = self.add_text("理由", hint="认为哪一项不对、为什么")
        self.filed = self.add_date("提出日期")
        self.due = self.add_date("答复期限")
        self.filed.dateChanged.connect(self._filed)
        self._filed(self.filed.date())

    def _filed(self, day: QDate) -> None:
        self.due.setDate(day.addDays(self._days))

    def value(self) -> Objection:
        from app.services.objections import Objection

        unit = self.unit.code()
        if not unit:
            raise Wrong(self.unit, "请从列表里选一家单位。")
        if not self.by.text().strip():
            raise Wrong(self.by, "请写明由谁提出。")
        if not self.text.toPlainText().strip():
            raise Wrong(self.text, "请写明提出的理由。")
        return Objection(
            id="",
            kind=cast(Literal["review", "appeal"], self.kind.currentData()),
            scheme=self._scheme.id,
            unit=unit,
            by=self.by.text().strip(),
            text=self.text.toPlainText().strip(),
            filed=date_text(self.filed),
            due=date_text(self.due),
            before=int(self.version.currentData()),
        )


class DaysForm(FormDialog[int]):
    """Within how many days objections are answered."""

    def __init__(self, parent: QWidget, days: int) -> None:
        super().__init__(parent, "答复期限", lead="登记时按这个天数写上期限，可以逐件改；已登记的不变。")
        self.days = self.add_line("天数", str(days), "1 至 365", number=True)

    def value(self) -> int:
        text = self.days.text().strip()
        if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 365:
            raise Wrong(self.days, "请填 1 至 365 的整数。")
        return int(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, why, by whom and when."""

    outcome: Literal["upheld", "corrected"]
    reason: str
    by: str
    on: str


class AnswerForm(FormDialog[Answer]):
    """The answer to an objection."""

    def __init__(self, parent: QWidget, name: str) -> None:
        lead = "更正的：先解除定稿、改正数据、重新计算并定稿，再在这里答复；原来那一版仍保留。"
        super().__init__(parent, f"答复：{name}", save="答复", lead=lead)
        self.outcome = self.add_choice(
            "结论",
            tuple(
                (key, f"{text}原结果" if key == "upheld" else f"{text}为最新定稿的结果")
                for key, text in OUTCOMES.items()
            ),
        )
        self.reason = self.add_text("理由", hint="核对了什么，依据哪一条")
        self.by = self.add_line("答复人", hint="会议或负责人")
        self.on = self.add_date("答复日期")

    def value(self) -> Answer:
        reason, by = self.reason.toPlainText().strip(), self.by.text().strip()
        if not reason:
            raise Wrong(self.reason, "请写明理由，它会留在审计记录里。")
        if not by:
            raise Wrong(self.by, "请写明由谁答复。")
        return Answer(cast(Literal["upheld", "corrected"], self.outcome.currentData()), reason, by, date_text(self.on))


@dataclass(frozen=True, slots=True)
class Ways:
    """What the dialog's buttons do. read(show): the objections as they are now; file, answer, withdraw: open a form and
    write, then call done."""

    read: Callable[[Callable[[Sequence[ObjectionView]], None]], object]
    file: Callable[[QWidget, Close], object]
    answer: Callable[[QWidget, ObjectionView, Close], object]
    withdraw: Callable[[QWidget, ObjectionView, Close], object]
    days: Callable[[QWidget], object]


class ObjectionsDialog(QDialog):
    """The list, and below it the chosen one with its two results side by side. names: code → unit; why_not: why nothing
    can be written."""

    def __init__(
        self, parent: QWidget, schemes: Sequence[Scheme], names: dict[str, str], ways: Ways, why_not: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("复核与申诉")
        self.resize(1040, 620)
        self._schemes = {scheme.id: scheme for scheme in schemes}
        self._names, self._ways, self._why_not = names, ways, why_not
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(12)
        head = QHBoxLayout()
        self.which = QComboBox()
        self.which.addItem("全部", "all")
        self.which.addItem("未答复的", "open")
        self.which.currentIndexChanged.connect(self._narrow)
        head.addWidget(self.which)
        self.summary = label("", "soft")
        head.addWidget(self.summary, 1)
        self.days = button("期限…", "plain", "file-clock")
        self.days.setToolTip(why_not or "登记时答复期限默认多少天")
        self.days.setEnabled(not why_not)
        self.days.clicked.connect(lambda: ways.days(self))
        head.addWidget(self.days)
        self.withdraw = button("撤回…", "plain", "undo-2")
        self.answer = button("答复…", "plain", "check")
        self.file = button("登记…", "primary", "plus")
        for made in (self.withdraw, self.answer, self.file):
            made.setToolTip(why_not)
            head.addWidget(made)
        self.file.clicked.connect(lambda: ways.file(self, self.refresh))
        self.answer.clicked.connect(partial(self._with_current, ways.answer))
        self.withdraw.clicked.connect(partial(self._with_current, ways.withdraw))
        rows.addLayout(head)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "scale", "没有复核或申诉", "单位对结果有异议时在这里登记，写明期限和理由；答复后两版结果都可对照。"
            )
        )
        self.table: Table[ObjectionView] = Table(self._columns())
        self.table.picked.connect(self._chosen)
        self.stack.addWidget(self.table)
        rows.addWidget(self.stack, 1)
        self.detail = QWidget()
        rows.addWidget(self.detail)
        foot = QHBoxLayout()
        foot.addStretch(1)
        close = button("关闭")
        close.clicked.connect(self.accept)
        foot.addWidget(close)
        rows.addLayout(foot)
        self._chosen()
        self.refresh()

    def refresh(self) -> None:
        """Read the objections again."""
        self._ways.read(self._show)

    def _show(self, views: Sequence[ObjectionView]) -> None:
        self.table.show_rows(views)
        self.stack.setCurrentIndex(1 if views else 0)
        waiting = sum(view.objection.state == "open" for view in views)
        late = sum(view.overdue for view in views)
        self.summary.setText(f"{len(views)} 件，{waiting} 件未答复" + (f"，其中 {late} 件超期" if late else ""))
        self._narrow()

    def _narrow(self) -> None:
        only = self.which.currentData() == "open"
        kept = self.table.current()
        self.table.narrow("", (lambda view: view.objection.state == "open") if only else None)
        chosen = kept.objection.id if kept is not None else ""
        if not self.table.go_to(lambda view: view.objection.id == chosen):
            self.table.go_to(lambda view: True)
        self._chosen()

    def _with_current(self, way: Callable[[QWidget, ObjectionView, Close], object], checked: bool = False) -> None:
        view = self.table.current()
        if view is not None:
            way(self, view, self.refresh)

    # ---- the chosen one

    def _chosen(self) -> None:
        view = self.table.current()
        waiting = view is not None and view.objection.state == "open" and not self._why_not
        self.answer.setEnabled(waiting)
        self.withdraw.setEnabled(waiting)
        self.file.setEnabled(not self._why_not)
        made = self._details(view) if view is not None else QWidget()
        layout = self.layout()
        assert layout is not None
        layout.replaceWidget(self.detail, made)
        self.detail.hide()
        self.detail.deleteLater()
        self.detail = made

    def _details(self, view: ObjectionView) -> QWidget:
        one = view.objection
        made = card()
        rows = QVBoxLayout(made)
        rows.addWidget(label(f"{one.by}：{one.text}", "body", wrap=True, selectable=True))
        if one.state == "answered":
            text = f"{one.answered} {one.answered_by}答复“{OUTCOMES[one.outcome]}”：{one.reason}"
            rows.addWidget(label(text, "strong", wrap=True, selectable=True))
        elif one.state == "withdrawn":
            rows.addWidget(label(f"已撤回：{one.reason}", "soft", wrap=True, selectable=True))
        self.figures = QGridLayout()
        self.figures.setHorizontalSpacing(24)
        heads = ["", f"第 {one.before} 版（原结果）", f"第 {one.after} 版（答复后）" if one.after else "答复后"]
        for column, text in enumerate(heads):
            self.figures.addWidget(label(text, "soft"), 0, column)
        for line, cells in enumerate(self.sides(view), start=1):
            differs = bool(cells[2]) and cells[1] != cells[2]
            for column, text in enumerate(cells):
                role = "soft" if column == 0 else "strong" if differs else "body"
                self.figures.addWidget(label(text or "—", role), line, column)
        self.figures.setColumnStretch(3, 1)
        rows.addLayout(self.figures)
        return made

    def sides(self, view: ObjectionView) -> list[tuple[str, str, str]]:
        """Total, rank and grade before and after, and the parts that differ."""
        scheme = self._schemes.get(view.objection.scheme)
        if scheme is None:
            return []
        before, after = view.before, view.after
        lines = [(name, read(before), read(after)) for name, read in self._readers(scheme)]
        if before is not None and after is not None:
            names = {part.id: part.name for part in scheme.tree.children}
            for part, name in names.items():
                old, new = before.parts.get(part), after.parts.get(part)
                if old is not None and new is not None and old != new:
                    digits = scheme.rounding.shown
                    lines.append((name, shown_quantity(old, digits), shown_quantity(new, digits)))
        return lines

    @staticmethod
    def _readers(scheme: Scheme) -> list[tuple[str, Callable[[UnitResult | None], str]]]:
        def total(one: UnitResult | None) -> str:
            if one is None:
                return ""
            digits = scheme.rounding.shown
            return shown_quantity(one.total, digits) if one.shown_total is None else shown(one.shown_total, digits)

        return [
            ("总分", total),
            ("名次", lambda one: "" if one is None or one.rank is None else str(one.rank)),
            ("等次", lambda one: "" if one is None else grade_name(scheme, one.grade.final)),
        ]

    def _columns(self) -> tuple[Column[ObjectionView], ...]:
        return (
            Column(key="id", title="编号", text=lambda v: v.objection.id, width=60),
            Column(key="kind", title="种类", text=lambda v: KINDS[v.objection.kind], width=60),
            Column(key="unit", title="单位", text=self._name, tip=self._name, width=190, strong=True),
            Column(key="by", title="提出人", text=lambda v: v.objection.by, tip=lambda v: v.objection.by, width=120),
            Column(
                key="text",
                title="理由",
                text=lambda v: v.objection.text,
                tip=lambda v: v.objection.text,
                width=180,
                stretch=True,
            ),
            Column(key="filed", title="提出", text=lambda v: v.objection.filed, width=96),
            Column(key="due", title="期限", text=lambda v: v.objection.due, width=96),
            Column(key="state", title="办理", text=_state, tone=_tone, align="center", width=90),
        )

    def _name(self, view: ObjectionView) -> str:
        return self._names.get(view.objection.unit, view.objection.unit)


def _state(view: ObjectionView) -> str:
    one = view.objection
    if one.state == "open":
        return "超期" if view.overdue else "待答复"
    return "已撤回" if one.state == "withdrawn" else OUTCOMES[one.outcome]


def _tone(view: ObjectionView) -> Tone:
    tones = {"超期": BAD_TONE, "待答复": WARN_TONE, "已撤回": NEUTRAL, "维持": GOOD_TONE, "更正": INFO_TONE}
    return tones[_state(view)]
