"""Bars, caps, fixed grades and 降档: which take effect for a unit, and what they do to its grade. Never upwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.domain.facts import Event, Unit
from app.domain.findings import Finding, Severity
from app.domain.results import AppliedAdjustment
from app.domain.schemes import Adjustment, Scope, Stacking, Subjects
from app.scoring.board import Board
from app.scoring.conditions import Reach, holds
from app.scoring.events import in_years
from app.scoring.ranking import Field
from app.scoring.subjects import others_of

# After the quota the effects act in this order; a remark changes nothing.
_ORDER = {"down_first": ("down", "bar", "cap", "fix", "remark"), "caps_first": ("bar", "cap", "fix", "down", "remark")}


@dataclass(frozen=True, slots=True)
class Triggered:
    """An adjustment whose trigger is there for a unit, with the events behind it."""

    rule: Adjustment
    events: tuple[str, ...]


class Adjuster:
    """The adjustments of one board: triggers, ceilings before the quota, changes after it."""

    def __init__(self, board: Board, fields: Sequence[Field], reach: Reach) -> None:
        self.board = board
        self.fields = fields
        self.reach = reach
        self.findings: list[Finding] = []
        self._others: dict[tuple[Subjects, str], Callable[[Unit], tuple[str, ...]]] = {}
        self.grade_at = {g.id: i for i, g in enumerate(board.scheme.ladder.grades)}
        self.lowest = len(board.scheme.ladder.grades) - 1

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """The unit first, then every other scope that an adjustment names."""
        named: set[Scope] = {a.scope for a in self.board.scheme.adjustments}
        others: tuple[Scope, ...] = ("leading_group", "person")
        return ("unit", *(scope for scope in others if scope in named))

    @cached_property
    def _when(self) -> dict[str, NDArray[np.bool_]]:
        masks: dict[str, NDArray[np.bool_]] = {}
        for rule in self.board.scheme.adjustments:
            mask = np.ones(len(self.board.units), dtype=np.bool_)
            for condition in rule.when:
                mask &= holds(self.board, condition, self.fields)
            masks[rule.id] = mask
        return masks

    @cached_property
    def triggered(self) -> dict[int, list[Triggered]]:
        """Unit → adjustments whose trigger is there, in the order of the scheme."""
        found: dict[int, list[Triggered]] = {}
        for rule in self.board.scheme.adjustments:
            if not rule.events and not rule.when and not rule.grades:
                continue
            for place in self._candidates(rule):
                events = self._events(rule, place)
                if not rule.events or len(events) >= rule.events_at_least:
                    found.setdefault(place, []).append(Triggered(rule, tuple(e.id for e in events)))
        return found

    def _candidates(self, rule: Adjustment) -> list[int]:
        holding = self._when[rule.id]
        if not rule.events:
            return np.flatnonzero(holding).tolist()
        struck = [u for u, events in self.board.events.items() if _any_of(events, rule.events)]
        if rule.events_of == "own":
            place = self.board.place
            return sorted(p for p in (place[u] for u in struck if u in place) if holding[p])
        whose, known = self._whose(rule), frozenset(struck)
        return [p for p in np.flatnonzero(holding).tolist() if not known.isdisjoint(whose(p))]

    def _whose(self, rule: Adjustment) -> Callable[[int], tuple[str, ...]]:
        """Codes of the units whose events act on the unit at a place."""
        if rule.events_of == "own":
            return lambda place: (self.board.units[place].code,)
        key = (rule.events_of, rule.link)
        if key not in self._others:
            self._others[key] = others_of(self.board.facts.units, rule.events_of, rule.link)
        codes = self._others[key]
        return lambda place: codes(self.board.units[place])

    def _events(self, rule: Adjustment, place: int) -> list[Event]:
        unit = self.board.units[place]
        valid: list[Event] = []
        struck = [e for code in self._whose(rule)(place) for e in self.board.events.get(code, ())]
        for event in struck:
            if event.kind in rule.events and in_years(event, self.board.scheme.year, rule.year_by, rule.years):
                lack = [
                    word
                    for word, needed, given in (
                        ("依据", rule.evidence_required, event.evidence),
                        ("批准人", rule.approver_required, event.approver),
                    )
                    if needed and not given.strip()
                ]
                if lack:
                    self._report(rule, unit.name, event, lack)
                else:
                    valid.append(event)
        return valid

    def _report(self, rule: Adjustment, unit: str, event: Event, lack: Sequence[str]) -> None:
        title = event.title or event.id
        self.findings.append(
            Finding(
                "A-EVIDENCE",
                f"{unit} › {title}",
                f"没有填{'和'.join(lack)}，“{rule.name}”暂不起作用",
                f"请在“评分 › 事项”补填{'和'.join(lack)}后重新计算",
                Severity.WARNING,
                rule.id,
            )
        )

    @cached_property
    def _grade_ids(self) -> tuple[str, ...]:
        return tuple(self.grade_at)

    @cached_property
    def vetoed(self) -> frozenset[int]:
        """Units whose own grade is barred or fixed."""
        return frozenset(
            p
            for p, found in self.triggered.items()
            if any(t.rule.scope == "unit" and t.rule.effect in ("bar", "fix") for t in found)
        )

    def of(self, place: int, scope: Scope, order: str) -> tuple[list[Triggered], list[Triggered]]:
        """What acts on this scope of a unit at this point; and the downs that stacking leaves out."""
        mine = [t for t in self.triggered.get(place, []) if t.rule.scope == scope and _order_of(t.rule) == order]
        downs = [t for t in mine if t.rule.effect == "down"]
        kept = stacked(downs, self.board.scheme.stacking)
        left_out = [t for t in downs if t not in kept]
        return [t for t in mine if t.rule.effect != "down" or t in kept], left_out

    def steps(self, acting: Sequence[Triggered]) -> int:
        """Steps down of the kept downs together."""
        total = sum(t.rule.steps for t in acting if t.rule.effect == "down")
        most = self.board.scheme.stacking.at_most
        return total if most is None else min(total, most)

    # ---- before the quota

    def ceilings(self) -> dict[int, int]:
        """Unit → best grade index it may still get, out of the adjustments before the quota."""
        found: dict[int, int] = {}
        for place in self.triggered:
            acting, _ = self.of(place, "unit", "before_quota")
            if acting:
                found[place] = min(max(self._ceiling(t, place, acting) for t in acting), self.lowest)
        return found

    def _ceiling(self, triggered: Triggered, place: int, acting: Sequence[Triggered]) -> int:
        rule = triggered.rule
        if rule.effect == "down":
            own = next((i for i in range(self.lowest) if self.reach[i][place]), self.lowest)
            return own + self.steps(acting)
        return self.grade_at[rule.grade] + (1 if rule.effect == "bar" else 0)

    # ---- after the quota

    def apply(self, place: int, scope: Scope, start: int) -> tuple[int, list[AppliedAdjustment]]:
        """The grade index after everything that acts after the quota, with one record for each adjustment."""
        acting, left_out = self.of(place, scope, "after_quota")
        grade = start
        records: list[AppliedAdjustment] = []
        downs = [t for t in acting if t.rule.effect == "down"]
        for effect in _ORDER[self.board.scheme.stacking.order]:
            if effect == "remark":
                acting = [t for t in acting if not t.rule.grades or self._grade_ids[grade] in t.rule.grades]
            todo = downs if effect == "down" else [t for t in acting if t.rule.effect == effect]
            budget = self.steps(acting)
            for t in todo:
                steps = min(t.rule.steps, budget) if effect == "down" else 0
                budget -= steps
                after = self._after(t.rule, grade, steps, place)
                records.append(self._record(t, grade, after, self._sentence(t.rule, grade, after, steps)))
                grade = after
        stacking = {"worst": "几项降档只取最重一项", "worst_per_family": "同类降档只取最重一项"}
        note = stacking.get(self.board.scheme.stacking.down, "已到合计上限")
        records.extend(self._record(t, grade, grade, f"“{t.rule.name}”：{note}，本项不再降") for t in left_out)
        return grade, records

    def _after(self, rule: Adjustment, grade: int, steps: int, place: int) -> int:
        if rule.effect == "remark":
            return grade
        if rule.effect == "down":
            return min(grade + steps, self.lowest)
        named = self.grade_at[rule.grade]
        if rule.effect == "bar":
            if grade > named:
                return grade
            return next((i for i in range(named + 1, self.lowest) if self.reach[i][place]), self.lowest)
        return max(grade, named)

    def _record(self, t: Triggered, before: int, after: int, sentence: str) -> AppliedAdjustment:
        ids = [g.id for g in self.board.scheme.ladder.grades]
        return AppliedAdjustment(
            t.rule.id,
            t.rule.name,
            t.rule.scope,
            t.rule.effect,
            ids[before],
            ids[after],
            t.events,
            after != before or t.rule.effect == "remark",
            sentence,
        )

    def _sentence(self, rule: Adjustment, before: int, after: int, steps: int) -> str:
        names = [g.name for g in self.board.scheme.ladder.grades]
        if rule.effect == "remark":
            return f"“{rule.name}”：记入结果，等次不变"
        if rule.effect == "down" and steps == 0:
            return f"“{rule.name}”：降档已到合计上限，本项不再降"
        what = {
            "down": f"降 {steps} 档",
            "bar": f"不得评为“{names[self.grade_at.get(rule.grade, 0)]}”及以上",
            "cap": f"最高评为“{names[self.grade_at.get(rule.grade, 0)]}”",
            "fix": f"定为“{names[self.grade_at.get(rule.grade, 0)]}”",
        }[rule.effect]
        change = f"由“{names[before]}”到“{names[after]}”" if after != before else f"等次不变，仍为“{names[after]}”"
        return f"“{rule.name}”{what}：{change}"

    def before_records(self, place: int, ceiling: int, given: int) -> list[AppliedAdjustment]:
        """What acted before the quota, told with the grade that came out of it."""
        acting, left_out = self.of(place, "unit", "before_quota")
        names = [g.name for g in self.board.scheme.ladder.grades]
        records = [
            AppliedAdjustment(
                t.rule.id,
                t.rule.name,
                "unit",
                t.rule.effect,
                "",
                self.board.scheme.ladder.grades[given].id,
                t.events,
                True,
                f"“{t.rule.name}”在分配名额之前作用：最高只能得“{names[ceiling]}”",
            )
            for t in acting
        ]
        return records + [
            self._record(t, given, given, f"“{t.rule.name}”：已有更重的降档，本项不再降") for t in left_out
        ]


def _order_of(rule: Adjustment) -> str:
    """What does not act on the unit's own grade acts after the quota, whatever it says."""
    return rule.order if rule.scope == "unit" and rule.effect != "remark" else "after_quota"


def _any_of(events: Sequence[Event], kinds: Sequence[str]) -> bool:
    return any(e.kind in kinds for e in events)


def stacked(downs: Sequence[Triggered], stacking: Stacking) -> list[Triggered]:
    """The downs that count: the worst one, the worst of each family, or all of them."""
    if stacking.down == "add" or not downs:
        return list(downs)
    if stacking.down == "worst":
        return [max(downs, key=lambda t: t.rule.steps)]
    families: dict[str, Triggered] = {}
    for t in downs:
        best = families.get(t.rule.family)
        if best is None or t.rule.steps > best.rule.steps:
            families[t.rule.family] = t
    return list(families.values())


def moved_on(adjuster: Adjuster, place: int) -> bool:
    """Whether the place that this lowered unit leaves is to be passed on."""
    return _freed_place(adjuster, place, "passed_on")


def freed_to_decide(adjuster: Adjuster, place: int) -> bool:
    """Whether the place that this lowered unit leaves waits for a decision."""
    return _freed_place(adjuster, place, "decide")


def _freed_place(adjuster: Adjuster, place: int, policy: str) -> bool:
    acting, _ = adjuster.of(place, "unit", "after_quota")
    return any(t.rule.freed_place == policy and t.rule.effect != "remark" for t in acting)
