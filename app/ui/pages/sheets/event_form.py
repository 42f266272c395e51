"""The form of one event: what happened, what it costs or lowers, on what basis and by whose approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from app.domain.facts import Event, Unit
from app.domain.ladder_sentences import effect
from app.domain.quantities import number_text
from app.domain.schemes import Adjustment, EventKind, EventsSource, Scheme, items_of
from app.services.event_checks import kinds_for
from app.services.event_effects import effects_of
from app.ui import colours
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.grid import FULL_WIDTH
from app.ui.widgets.picker import Picker
from app.ui.widgets.text import label


def effect_text(scheme: Scheme, adjustment: Adjustment) -> str:
    """What an adjustment does to the grade: ``降 1 档``."""
    return effect(adjustment, {grade.id: grade.name for grade in scheme.ladder.grades})


def adjustments_of(scheme: Scheme, kind: str) -> list[Adjustment]:
    """The adjustments that an event of this kind can bring about."""
    return [a for a in scheme.adjustments if kind in a.events]


def score_effect(scheme: Scheme, kind: EventKind) -> str:
    """What one event of the kind does to the score: ``每件扣 2 分``; empty: nothing."""
    directions = {
        item.source.direction
        for item in items_of(scheme)
        if isinstance(item.source, EventsSource) and kind.id in item.source.kinds
    }
    if not directions:
        return ""
    verb = "加" if directions == {"add"} else "扣"
    cap = f"，合计最多 {number_text(kind.cap)} 分" if kind.cap is not None else ""
    if kind.steps:
        steps = "、".join("满分" if isinstance(step, str) else number_text(step) for step in kind.steps)
        return f"逐次{verb} {steps} 分{cap}"
    if kind.table:
        least, most = min(r.amount for r in kind.table), max(r.amount for r in kind.table)
        return f"按分值表{verb} {number_text(least)} 至 {number_text(most)} 分{cap}"
    amount = "按填写的分值" if kind.amount is None else f"{number_text(kind.amount)} 分"
    return f"每件{verb} {amount}{cap}"


def effects_in_words(scheme: Scheme, kind: EventKind) -> str:
    """All that an event of the kind does, in one line."""
    parts = [score_effect(scheme, kind)]
    parts += [
        f"{effect_text(scheme, a)}（{a.name}" + (f"，满 {a.events_at_least} 件" if a.events_at_least > 1 else "") + "）"
        for a in adjustments_of(scheme, kind.id)
    ]
    return "；".join(part for part in parts if part) or "只作记录，不影响分数和等次"


class EventForm(FormDialog[Event]):
    """One event. schemes: all of the year, the unit's level decides which one counts; others: the year's other events,
    which say whether this one counts beside them."""

    def __init__(
        self,
        parent: QWidget,
        event: Event | None,
        units: Sequence[Unit],
        schemes: Sequence[Scheme],
        unit: str = "",
        others: Sequence[Event] = (),
    ) -> None:
        super().__init__(parent, "修改事项" if event else "录入事项", width=600)
        self._others = others
        self._event = event or Event(id="", kind="", unit=unit)
        self._units = {u.code: u for u in units}
        self._schemes = schemes
        known = self._event
        self.unit = Picker([(u.code, u.name) for u in units], known.unit)
        self.add_field("单位", self.unit)
        self.kind = self.add_choice("种类", ())
        self.effect = self.add_note("")
        self.title_line = self.add_line("内容", known.title, "一句话写明发生了什么")
        self.occurred, self.concluded = QLineEdit(known.occurred), QLineEdit(known.concluded)
        self.occurred.setPlaceholderText("2026-05-01")
        self.concluded.setPlaceholderText("2026-06-30")
        for field in (self.occurred, self.concluded):
            field.setToolTip("可不填；按方案规定的那个日期确定计入哪一年")
        self.add_field("发生日期", _beside(self.occurred, "办结日期", self.concluded))
        self.matter = self.add_line("事由编号", known.matter, "同一件事多次处理时填相同编号，只计一次；可不填")
        self.person = self.add_line("当事人", known.person, "涉及个人的填写；可不填")
        self.person_class, self.sanction = QComboBox(), QComboBox()
        self.ruled = _beside(self.person_class, "处理种类", self.sanction)
        self.add_field("人员类别", self.ruled)
        self.amount = self.add_line(
            "分值", "" if known.amount is None else number_text(known.amount), "正数", number=True
        )
        self.add_field("分摊与年度", self._sharing_line(known))
        self.worth = self.add_note("")
        self.evidence = self.add_line("依据", known.evidence, "文件名称、文号或材料")
        self.provider = self.add_line("提供单位", known.provider, "如：市纪委监委机关")
        self.approver = self.add_line("批准人", known.approver, "谁批准按此处理")
        self.note = self.add_text("备注", known.note, height=44)
        self.unit.currentIndexChanged.connect(self._unit_chosen)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self._unit_chosen()
        self.kind.setCurrentIndex(max(self.kind.findData(known.kind), 0))
        self._kind_chosen()
        for field in (self.amount, self.shared_by, self.counted_in, self.occurred, self.concluded, self.matter):
            field.textChanged.connect(self._weigh)
        for field in (self.person, self.evidence, self.approver):
            field.textChanged.connect(self._weigh)
        for box in (self.person_class, self.sanction):
            box.currentIndexChanged.connect(self._weigh)
        self._weigh()

    def _sharing_line(self, known: Event) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        self.shared_by = QLineEdit(str(known.shared_by))
        self.counted_in = QLineEdit(str(known.counted_in or ""))
        for before, field, after, width, tip in (
            ("由", self.shared_by, "家（人）分摊", 48, "几家单位或几人共同承担，分值除以这个数；一家填 1"),
            ("已在", self.counted_in, "年度计过", 64, "往年已经计过的填年份，本年不再计；没有计过的空着"),
        ):
            field.setFixedWidth(width)
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
            field.setToolTip(tip)
            line.addWidget(label(before, "soft"))
            line.addWidget(field)
            line.addWidget(label(after, "soft"))
            line.addSpacing(14)
        line.addStretch(1)
        return made

    def _weigh(self) -> None:
        """What the event comes to as typed so far, and what keeps it from acting."""
        scheme = self._scheme()
        try:
            event = self._typed()
        except Wrong as wrong:
            self._say_worth(wrong.why, colours.BAD)
            return
        if scheme is None or event is None:
            self._say_worth("", colours.TEXT_SOFT)
            return
        found = effects_of(event, scheme, self._others)
        lines = [f"这一件：{'；'.join(found.counted)}。"] if found.counted else []
        lines += [f"{why}。" for why in found.silent]
        self._say_worth("\n".join(lines), colours.WARN if found.silent else colours.GOOD)

    def _say_worth(self, text: str, ink: str) -> None:
        self.worth.setText(text)
        self.worth.setStyleSheet(f"color: {ink}")
        self._fit()

    def _scheme(self) -> Scheme | None:
        """The scheme by which the chosen kind counts."""
        return self._chosen()[0]

    def _unit_chosen(self) -> None:
        unit, kept = self._units.get(self.unit.code() or ""), self.kind.currentData()
        self._kinds: dict[str, tuple[Scheme, EventKind]] = {}
        self.kind.blockSignals(True)
        self.kind.clear()
        for scheme, kind in kinds_for(unit.level, self._schemes) if unit else ():
            if kind.id not in self._kinds:  # of several schemes the unit's own comes first
                self._kinds[kind.id] = scheme, kind
                other = "" if unit is None or scheme.level == unit.level else f"（作用于{_level(scheme)}）"
                self.kind.addItem(kind.name + other, kind.id)
        self.kind.setCurrentIndex(max(self.kind.findData(kept), 0))
        self.kind.blockSignals(False)
        self._kind_chosen()

    def _chosen(self) -> tuple[Scheme | None, EventKind | None]:
        return self._kinds.get(str(self.kind.currentData()), (None, None))

    def _chosen_kind(self) -> EventKind | None:
        return self._chosen()[1]

    def _kind_chosen(self) -> None:
        """Say what the event will do, before it is saved."""
        scheme, kind = self._chosen()
        if scheme is None or kind is None:
            chosen = self.unit.code() in self._units
            self.effect.setText("这一层级的方案没有规定事项种类。" if chosen else "请先选单位，再选事项种类。")
            return
        rules = adjustments_of(scheme, kind.id)
        text = effects_in_words(scheme, kind)
        needs = [
            name
            for name, wanted in (
                ("依据", any(a.evidence_required for a in rules)),
                ("批准人", any(a.approver_required for a in rules)),
            )
            if wanted
        ]
        if needs:
            text += f"。没有{'和'.join(needs)}就不影响等次。"
        self.effect.setText(text)
        self.effect.setStyleSheet(f"color: {colours.WARN if rules else colours.TEXT_SOFT}")
        self._offer(self.person_class, kind, "person_class", self._event.person_class)
        self._offer(self.sanction, kind, "sanction", self._event.sanction)
        self.fields.setRowVisible(self.ruled, self.person_class.isEnabled() or self.sanction.isEnabled())
        scored = bool(score_effect(scheme, kind))
        ruled = "按次数计分" if kind.steps else "按分值表" if kind.table else ""
        self.amount.setEnabled(_is_open(kind) and scored)
        hint = "正数" if kind.amount is None else f"方案规定 {number_text(kind.amount)} 分"
        self.amount.setPlaceholderText((ruled or hint) if scored else "这一类不计分")
        self._weigh()

    def _offer(self, box: QComboBox, kind: EventKind, field: str, known: str) -> None:
        """The words of the kind's table; a word that is not in it (any more) stays to be seen and is told at saving."""
        words = list(dict.fromkeys(str(getattr(row, field)) for row in kind.table if getattr(row, field)))
        kept = str(box.currentData() or "") or known
        box.blockSignals(True)
        box.clear()
        box.addItem("（不填）" if any(not getattr(row, field) for row in kind.table) else "请选择", "")
        for word in [*words, *([kept] if kept and kept not in words and kind.id == self._event.kind else [])]:
            box.addItem(word, word)
        box.setCurrentIndex(max(box.findData(kept), 0))
        box.blockSignals(False)
        box.setEnabled(box.count() > 1)

    def value(self) -> Event:
        kind = self._chosen_kind()
        unit = self.unit.code()
        if not unit:
            raise Wrong(self.unit, f"没有叫“{self.unit.currentText()}”的单位，请从列表里选。")
        if kind is None:
            raise Wrong(self.kind, "请选择事项种类。")
        if not self.title_line.text().strip():
            raise Wrong(self.title_line, "请用一句话写明发生了什么。")
        typed = self._typed()
        assert typed is not None
        return typed

    def _typed(self) -> Event | None:
        """The event as it stands in the fields; None: no unit or kind yet. Raises Wrong."""
        kind, unit = self._chosen_kind(), self.unit.code()
        if kind is None or not unit:
            return None
        return replace(
            self._event,
            kind=kind.id,
            unit=unit,
            title=self.title_line.text().strip(),
            occurred=_day(self.occurred),
            concluded=_day(self.concluded),
            matter=self.matter.text().strip(),
            person=self.person.text().strip(),
            person_class=str(self.person_class.currentData() or ""),
            sanction=str(self.sanction.currentData() or ""),
            amount=self._amount() if _is_open(kind) else None,
            shared_by=_whole(self.shared_by, "分摊的家数", 1),
            counted_in=_whole(self.counted_in, "已计过的年度", 0),
            evidence=self.evidence.text().strip(),
            provider=self.provider.text().strip(),
            approver=self.approver.text().strip(),
            note=self.note.toPlainText().strip(),
        )

    def _amount(self) -> Fraction | None:
        text = self.amount.text().strip().translate(FULL_WIDTH)
        if not text:
            return None
        try:
            return Fraction(text)
        except (ValueError, ZeroDivisionError):
            raise Wrong(self.amount, f"分值应填数字，现在是“{text}”。") from None


def _level(scheme: Scheme) -> str:
    return scheme.level_name or scheme.name


def _beside(first: QWidget, name: str, second: QWidget) -> QWidget:
    """Two fields in one line, the second with its name before it."""
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(10)
    line.addWidget(first, 1)
    line.addWidget(label(name, "soft"))
    line.addWidget(second, 1)
    return made


def _is_open(kind: EventKind) -> bool:
    """Whether every event of the kind states its own points."""
    return kind.amount is None and not kind.table and not kind.steps


def _whole(field: QLineEdit, name: str, empty: int) -> int:
    """A whole number of a field; raises Wrong."""
    text = field.text().strip().translate(FULL_WIDTH)
    if not text:
        return empty
    if not text.isdecimal() or len(text) > 4:
        raise Wrong(field, f"{name}应填整数，现在是“{text}”。")
    return int(text)


def _day(field: QLineEdit) -> str:
    """A date typed as 2026-5-1, 2026.5.1 or 2026年5月1日, as YYYY-MM-DD. Raises Wrong."""
    text = field.text().strip().translate(FULL_WIDTH)
    if not text:
        return ""
    plain_text = text.replace("年", "-").replace("月", "-").replace("日", "").replace(".", "-").replace("/", "-")
    day = QDate.fromString(plain_text, "yyyy-M-d")
    if not day.isValid():
        raise Wrong(field, f"“{text}”不是日期，请写成 2026-05-01。")
    return day.toString("yyyy-MM-dd")
