"""The form of one event: what happened, what it costs or lowers, on what basis and by whose approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.facts import Event, Unit
from app.domain.schemes import Adjustment, EventKind, EventsSource, Scheme, items_of
from app.services.imports.grid import plain
from app.ui import colours
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.grid import FULL_WIDTH
from app.ui.widgets.picker import Picker


def effect_text(scheme: Scheme, adjustment: Adjustment) -> str:
    """What an adjustment does to the grade: ``降 1 档``."""
    names = {grade.id: grade.name for grade in scheme.ladder.grades}
    grade = names.get(adjustment.grade, adjustment.grade)
    if adjustment.effect == "down":
        return f"降 {adjustment.steps} 档"
    return {"bar": f"不得评为“{grade}”", "cap": f"最高“{grade}”", "fix": f"定为“{grade}”"}[adjustment.effect]


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
    amount = "按填写的分值" if kind.amount is None else f"{plain(kind.amount)} 分"
    return f"每件{verb} {amount}" + (f"，合计最多 {plain(kind.cap)} 分" if kind.cap is not None else "")


def effects_in_words(scheme: Scheme, kind: EventKind) -> str:
    """All that an event of the kind does, in one line."""
    parts = [score_effect(scheme, kind)]
    parts += [
        f"{effect_text(scheme, a)}（{a.name}" + (f"，满 {a.events_at_least} 件" if a.events_at_least > 1 else "") + "）"
        for a in adjustments_of(scheme, kind.id)
    ]
    return "；".join(part for part in parts if part) or "只作记录，不影响分数和等次"


class EventForm(FormDialog[Event]):
    """One event. schemes: all of the year, the unit's level decides which one counts; approvers: names used before."""

    def __init__(
        self, parent: QWidget, event: Event | None, units: Sequence[Unit], schemes: Sequence[Scheme], unit: str = ""
    ) -> None:
        super().__init__(parent, "修改事项" if event else "录入事项", width=560)
        self._event = event or Event(id="", kind="", unit=unit)
        self._units = {u.code: u for u in units}
        self._schemes = schemes
        known = self._event
        self.unit = Picker([(u.code, u.name) for u in units], known.unit)
        self.add_field("单位", self.unit)
        self.kind = self.add_choice("种类", ())
        self.effect = self.add_note("")
        self.title_line = self.add_line("内容", known.title, "一句话写明发生了什么")
        self.occurred = self.add_line("发生日期", known.occurred, "2026-05-01，可不填")
        self.concluded = self.add_line("办结日期", known.concluded, "2026-06-30，可不填；按它确定计入哪一年")
        self.matter = self.add_line("事由编号", known.matter, "同一件事多次处理时填相同编号，只计一次；可不填")
        self.amount = self.add_line("分值", "" if known.amount is None else plain(known.amount), "正数", number=True)
        self.evidence = self.add_line("依据", known.evidence, "文件名称、文号或材料")
        self.provider = self.add_line("提供单位", known.provider, "如：市纪委监委机关")
        self.approver = self.add_line("批准人", known.approver, "谁批准按此处理")
        self.note = self.add_text("备注", known.note, height=52)
        self.unit.currentIndexChanged.connect(self._unit_chosen)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self._unit_chosen()
        self.kind.setCurrentIndex(max(self.kind.findData(known.kind), 0))
        self._kind_chosen()

    def _scheme(self) -> Scheme | None:
        unit = self._units.get(self.unit.code() or "")
        return next((s for s in self._schemes if unit is not None and s.level == unit.level), None)

    def _unit_chosen(self) -> None:
        scheme, kept = self._scheme(), self.kind.currentData()
        self.kind.blockSignals(True)
        self.kind.clear()
        for kind in scheme.event_kinds if scheme else ():
            self.kind.addItem(kind.name, kind.id)
        self.kind.setCurrentIndex(max(self.kind.findData(kept), 0))
        self.kind.blockSignals(False)
        self._kind_chosen()

    def _chosen_kind(self) -> EventKind | None:
        scheme = self._scheme()
        return next((k for k in scheme.event_kinds if k.id == self.kind.currentData()), None) if scheme else None

    def _kind_chosen(self) -> None:
        """Say what the event will do, before it is saved."""
        scheme, kind = self._scheme(), self._chosen_kind()
        if scheme is None or kind is None:
            self.effect.setText("这一层级的方案没有规定事项种类。")
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
        scored = bool(score_effect(scheme, kind))
        self.amount.setEnabled(kind.amount is None and scored)
        hint = "正数" if kind.amount is None else f"方案规定 {plain(kind.amount)} 分"
        self.amount.setPlaceholderText(hint if scored else "这一类不计分")

    def value(self) -> Event:
        kind = self._chosen_kind()
        unit = self.unit.code()
        if not unit:
            raise Wrong(self.unit, f"没有叫“{self.unit.currentText()}”的单位，请从列表里选。")
        if kind is None:
            raise Wrong(self.kind, "请选择事项种类。")
        if not self.title_line.text().strip():
            raise Wrong(self.title_line, "请用一句话写明发生了什么。")
        return replace(
            self._event,
            kind=kind.id,
            unit=unit,
            title=self.title_line.text().strip(),
            occurred=_day(self.occurred),
            concluded=_day(self.concluded),
            matter=self.matter.text().strip(),
            amount=self._amount() if kind.amount is None else None,
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
