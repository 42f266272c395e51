"""Why a grade is what it is, in the few words that a summary has room for: what caused an adjustment, and what a unit
lacked for a better grade."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction

from app.domain.facts import Event
from app.domain.quantities import number_text
from app.domain.results import AppliedAdjustment, SeriesResult, UnitResult
from app.domain.schemes import Condition, Item, Node, Rounding
from app.domain.sheets import ResultBook
from app.files.excel.method import TESTS, quantity_names
from app.files.excel.result_page import Level

_HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip


def event_line(event: Event, kinds: dict[str, str]) -> str:
    """What happened, when, and by which document. kinds: id → name, for an event without a title."""
    when = event.concluded or event.occurred
    line = event.title or kinds.get(event.kind, event.kind)
    return line + (f"（{when}）" if when else "") + (f"，依据：{event.evidence}" if event.evidence else "")


class Reasons:
    """The reasons of one level's grades, told from its scheme and results."""

    def __init__(self, book: ResultBook, level: Level) -> None:
        self.book = book
        self.level = level
        self.names = quantity_names(level.scheme)
        self.counted = [i.id for i in _counted(level.scheme.tree)]
        self.events = {e.id: e for e in book.facts.events}
        self.kinds = {k.id: k.name for k in level.scheme.event_kinds}
        self.rules = {a.id: a for a in level.scheme.adjustments}

    # ---- what was changed

    def cause(self, result: UnitResult, adjustment: AppliedAdjustment) -> str:
        """Events with document and approver, and the conditions that held; else what the rule says of itself."""
        told = [self._event(self.events[e]) for e in adjustment.events if e in self.events]
        rule = self.rules.get(adjustment.adjustment)
        told += [self._held(result, c) for c in rule.when] if rule else []
        return "；".join(told) or (rule.basis if rule else "") or adjustment.sentence

    def _event(self, event: Event) -> str:
        return event_line(event, self.kinds) + (f"，批准：{event.approver}" if event.approver else "")

    def _held(self, result: UnitResult, condition: Condition) -> str:
        seen = self._shown(self._value(result, condition.quantity), condition)
        return f"“{self._name(condition)}”为 {seen}，{TESTS[condition.test]} {number_text(condition.value)}"

    # ---- what was not reached

    def shortfalls(self, series: SeriesResult) -> dict[str, str]:
        """Unit → why it has not the better grade that a unit ranked below it has, or whose line it meets. Units whose
        total falls short of every better line need no words."""
        found: dict[str, str] = {}
        best_below = len(self.level.scheme.ladder.grades)
        for code in reversed(series.order):
            result = self.level.result.units[code]
            place = self.level.grade_place(result.grade.by_quota)
            if result.participation != "ranked" or place < 0:
                continue
            if place > 0 and not result.grade.manual and not result.grade.pending:
                found[code] = self._shortfall(result, series, min(best_below, place - 1), best_below < place)
            best_below = min(best_below, place)
        return {code: said for code, said in found.items() if said}

    def _shortfall(self, result: UnitResult, series: SeriesResult, index: int, is_overtaken: bool) -> str:
        grade = self.level.scheme.ladder.grades[index]
        if grade.line is None and not is_overtaken:
            return ""
        total = self._value(result, "total")
        if grade.line is not None and total is not None and total < grade.line:
            return f"未达到“{grade.name}”的 {number_text(grade.line)} 分线" if is_overtaken else ""
        unmet = [c for c in grade.conditions if not self._holds(result, c)]
        if unmet:
            return f"未达到“{grade.name}”的条件：{'、'.join(self._unmet(result, c) for c in unmet)}"
        return self._without_place(result, series, grade.id, grade.name)

    def _without_place(self, result: UnitResult, series: SeriesResult, grade: str, name: str) -> str:
        if any(a.scope == "unit" and a.effective for a in result.adjustments):
            return ""  # the grade has another cause: told under 降档与限制
        quota = next((q for q in series.quotas if q.grade == grade), None)
        if quota is None:
            return ""
        if result.unit in quota.tied:
            return f"在“{name}”名额线上并列，并列的均不计入"
        return f"“{name}”名额 {quota.places} 个已用完" if not quota.vacant else ""

    def _unmet(self, result: UnitResult, condition: Condition) -> str:
        value = self._value(result, condition.quantity)
        if condition.quantity == "zero_items" and condition.test == "=" and not condition.value and value is not None:
            return f"有 {number_text(value)} 项指标得 0 分"
        needed = f"“{self._name(condition)}”应{TESTS[condition.test]} {number_text(condition.value)}"
        return f"{needed}，实为 {self._shown(value, condition)}"

    # ---- figures

    def _name(self, condition: Condition) -> str:
        return self.names.get(condition.quantity, condition.quantity)

    def _holds(self, result: UnitResult, condition: Condition) -> bool:
        value = self._value(result, condition.quantity)
        return value is not None and _HOLDS[condition.test](value, condition.value)

    def _value(self, result: UnitResult, quantity: str) -> Fraction | None:
        """What the ladder looks at: the exact value, or the shown one."""
        if quantity == "rank":
            return None if result.rank is None else Fraction(result.rank)
        if quantity == "zero_items":
            parts = (result.parts.get(i) for i in self.counted)
            return Fraction(sum(1 for p in parts if p is not None and p.value == 0))
        known = result.total if quantity == "total" else result.parts.get(quantity)
        value = known.value if known is not None else None
        if value is not None and self.level.scheme.ladder.on == "shown":
            return self.book.rounded(value, self.level.shown)
        return value

    def _shown(self, value: Fraction | None, condition: Condition) -> str:
        """As in the columns; finer when that would look like the bound itself."""
        if value is None:
            return "无结果"
        shown = self.book.rounded(value, self.level.shown)
        if shown == condition.value != value:
            shown = self.book.rounded(value, Rounding(digits=6))
        return number_text(shown)


def _counted(node: Node) -> list[Item]:
    """The items that can be counted as 得 0 分: not those on top."""
    found: list[Item] = []
    for child in node.children:
        if not child.on_top:
            found += _counted(child) if isinstance(child, Node) else [child]
    return found
