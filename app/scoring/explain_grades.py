"""The way to a rank and a grade: lines, conditions, places, every adjustment, a decision by hand."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from app.domain.quantities import Quantity
from app.domain.results import AppliedAdjustment, GradeOutcome, Step
from app.domain.schemes import RANK_OF, Adjustment, Condition
from app.scoring.board import Board
from app.scoring.conditions import condition_column
from app.scoring.outcome import Outcome
from app.scoring.partitions import partition_text
from app.scoring.wording import exact_text, fixed_text, quantity_text

SCOPES: dict[str, str] = {"unit": "单位", "leading_group": "班子", "person": "个人"}
_BUILT_IN = {"total": "总分", "rank": "名次", "rank_from_last": "从末位数起的名次", "zero_items": "得 0 分的指标数"}


class GradeTeller:
    """Tells ranks and grades of one outcome; ``part`` explains a part of the tree."""

    def __init__(self, outcome: Outcome, part: Callable[[int, str], Step]) -> None:
        self.outcome = outcome
        self.board: Board = outcome.board
        self.part = part
        self.grade_name = {g.id: g.name for g in self.board.scheme.ladder.grades}

    def rank(self, place: int, quantity: str = "rank") -> Step:
        """The place among its field, with the neighbours and what settled a tie."""
        if quantity != "rank":
            return self._other_rank(place, quantity)
        field, board = self.outcome.field_of(place), self.board
        rank = field.ranks.get(place)
        total = self.part(place, board.scheme.tree.id)
        where = partition_text(board.units[place], board.scheme.ranking.within)
        if place not in field.ranks:
            outcome = self.outcome.outcomes(place)[0]
            reason = outcome.note or "单列，不参加排名"
            return Step("rank", "名次", "rank", None, "不排名", reason, (total,))
        position = field.ranked.index(place)
        sentence = f"{where}参加排名 {len(field.ranked)} 个，按总分从高到低"
        if rank is not None:
            sentence += f"排第 {rank} 名" + ("（并列）" if field.shared(place) else "")
        sentence += self._neighbours(field.ranked, position)
        value = None if rank is None else Quantity.of(rank)
        return Step(
            "rank", "名次", "rank", value, "—" if rank is None else str(rank), sentence, (total, *self._ties(place))
        )

    def _other_rank(self, place: int, quantity: str) -> Step:
        """``rank_from_last``, or the rank by a further quantity."""
        field = self.outcome.field_of(place)
        found = field.ranks_by(quantity)
        if place not in found and quantity not in ("rank_from_last", *(RANK_OF + q for q in field.also)):
            raise KeyError(quantity)
        rank, title = found.get(place), self._name_of(quantity)
        if quantity == "rank_from_last":
            inputs, how = (self.rank(place),), "从最后一名数起"
        else:
            name = quantity.removeprefix(RANK_OF)
            inputs, how = (self.part(place, name),), f"按“{self._name_of(name)}”从高到低"
        text = "—" if rank is None else str(rank)
        sentence = f"{len(found)} 个单位{how}" + ("，本单位没有名次" if rank is None else f"，排第 {rank} 名")
        return Step(quantity, title, "rank", None if rank is None else Quantity.of(rank), text, sentence, inputs)

    def _neighbours(self, ranked: tuple[int, ...], position: int) -> str:
        notes: list[str] = []
        keys = self.outcome.field_of(ranked[position]).keys
        for side, other in (("前一名", position - 1), ("后一名", position + 1)):
            if 0 <= other < len(ranked):
                word = "同名次的" if keys[ranked[other]] == keys[ranked[position]] else side
                value = self.board.total.quantity(ranked[other]).value
                notes.append(f"{word}{self.board.units[ranked[other]].name} {exact_text(value or Fraction(0))}")
        return "；" + "，".join(notes) if notes else ""

    def _ties(self, place: int) -> tuple[Step, ...]:
        """The quantities that were compared with a unit of the same total."""
        field, total = self.outcome.field_of(place), self.board.total
        same = [p for p in field.ranked if p != place and field.keys[p][0] == field.keys[place][0]]
        if not same or total.quantity(place).value is None:
            return ()
        names = "、".join(self.board.units[p].name for p in same)
        steps: list[Step] = []
        for tie in self.board.scheme.ranking.ties:
            column = self.board.column(tie.quantity)
            order = "高者在前" if tie.order == "higher" else "低者在前"
            others = "，".join(f"{self.board.units[p].name} {quantity_text(column.quantity(p))}" for p in same)
            title = self._name_of(tie.quantity)
            value = column.quantity(place)
            steps.append(
                Step(
                    f"tie/{tie.quantity}",
                    f"总分相同时比较：{title}",
                    "tie",
                    value,
                    quantity_text(value),
                    f"与{names}总分相同，比较“{title}”（{order}）：本单位 {quantity_text(value)}；{others}",
                )
            )
        return tuple(steps)

    def _name_of(self, quantity: str) -> str:
        if quantity.startswith(RANK_OF):
            return f"“{self._name_of(quantity.removeprefix(RANK_OF))}”的名次"
        if quantity.startswith("before:"):
            return f"统一口径之前的“{self._name_of(quantity.removeprefix('before:'))}”"
        return _BUILT_IN.get(quantity) or (
            self.board.parts[quantity].name if quantity in self.board.parts else quantity
        )

    def grade(self, place: int, scope: str = "unit") -> Step:
        """The grade of one scope: line, conditions, quota, every adjustment, a decision by hand."""
        outcomes = {o.scope: o for o in self.outcome.outcomes(place)}
        outcome = outcomes[scope]  # type: ignore[index]
        title = "等次" if scope == "unit" else f"等次（{SCOPES[scope]}）"
        text = self.grade_name.get(outcome.final, "没有等次")
        steps: list[Step] = [self.rank(place)]
        if outcome.by_quota:
            steps.append(self._by_quota(place, outcome))
        steps.extend(self._adjusted(place, r) for r in self.outcome.records(place) if r.scope == scope)
        if outcome.manual:
            steps.append(Step("grade/decision", "人工决定", "decision", None, text, outcome.note))
        return Step("grade", title, "grade", None, text, self._grade_sentence(outcome, text), tuple(steps))

    def _grade_sentence(self, outcome: GradeOutcome, text: str) -> str:
        if not outcome.final:
            return outcome.note
        if outcome.manual:
            return outcome.note + f"，等次为“{text}”"
        before = self.grade_name[outcome.by_quota]
        if outcome.by_quota == outcome.final:
            return f"按分数线和名额评为“{text}”" + (f"；{outcome.note}" if outcome.note else "")
        return f"按分数线和名额应为“{before}”，调整后为“{text}”"

    def _by_quota(self, place: int, outcome: GradeOutcome) -> Step:
        if place in self.outcome.promoted:
            text = self.grade_name[outcome.by_quota]
            return Step("grade/by_quota", "专项晋优", "ladder", None, text, f"直接得“{text}”，不占名额")
        inputs: list[Step] = []
        scheme = self.board.scheme
        for index, grade in enumerate(scheme.ladder.grades):
            given = grade.id == outcome.by_quota
            inputs.append(self._rung(place, index, given))
            if given:
                break
        field = self.outcome.field_of(place)
        lines = self.outcome.allocations[field.name].lines
        inputs.extend(
            Step(
                f"{'quota' if line.kind == 'ceiling' else 'floor'}/{line.grade}",
                f"“{self.grade_name[line.grade]}”的名额" + ("" if line.kind == "ceiling" else "下限"),
                "quota",
                Quantity.of(line.places),
                str(line.places),
                line.sentence,
            )
            for line in lines
        )
        text = self.grade_name[outcome.by_quota]
        return Step(
            "grade/by_quota", "分数线和名额", "ladder", None, text, f"从高到低逐档看，得“{text}”", tuple(inputs)
        )

    def _missed(self, place: int, index: int) -> str:
        """Why a unit that reaches a grade did not get it."""
        field = self.outcome.field_of(place)
        allocation = self.outcome.allocations[field.name]
        grade = self.board.scheme.ladder.grades[index]
        if self.outcome.ceilings.get(place, 0) > index:
            names = "、".join(f"“{t.rule.name}”" for t in self.outcome.adjuster.of(place, "unit", "before_quota")[0])
            return f"{names}在分配名额之前封住了这一档，不能得“{grade.name}”"
        if allocation.pending.get(place) == index:
            return f"与别的单位并列在“{grade.name}”的名额线上，名额不够分，待人工决定，暂归下一档"
        if allocation.pushed.get(place, 0) > index:
            pusher = self.board.scheme.ladder.grades[allocation.pushed[place]].id
            floor = next(x for x in allocation.lines if x.kind == "floor" and x.grade == pusher)
            return f"{floor.sentence}：本单位名次靠后，不能得“{grade.name}”"
        line = next((x for x in allocation.lines if x.grade == grade.id and x.kind == "ceiling"), None)
        if line is None:
            return ""
        if self.board.units[place].code in line.tied:
            return f"与别的单位并列在“{grade.name}”的名额线上，名额不够分，按方案均不计入，落到下一档"
        rank = field.ranks.get(place)
        return f"“{grade.name}”的 {line.places} 个名额已由排在前面的单位用完" + (
            f"，本单位第 {rank} 名，落到下一档" if rank else "，落到下一档"
        )

    def _rung(self, place: int, index: int, given: bool) -> Step:
        grade = self.board.scheme.ladder.grades[index]
        total = self.board.total.quantity(place).value or Fraction(0)
        tests: list[str] = []
        if grade.line is not None:
            seen = (
                fixed_text(total, self.board.scheme.rounding.shown)
                if self.board.scheme.ladder.on == "shown"
                else exact_text(total)
            )
            tests.append(
                f"总分 {seen} {'达到' if self._reached_line(place, index) else '未达到'} {exact_text(grade.line)} 分线"
            )
        tests.extend(self._condition(place, c) for c in grade.conditions)
        reached = bool(self.outcome.reach[index][place]) or index == len(self.board.scheme.ladder.grades) - 1
        missed = self._missed(place, index) if reached and not given else ""
        tests += [missed] if missed else []
        sentence = "；".join(tests) if tests else "没有分数线和条件"
        text = ("符合，未得" if missed else "符合") if reached else "不符合"
        return Step(f"rung/{grade.id}", f"“{grade.name}”的线和条件", "line", None, text, sentence)

    def _reached_line(self, place: int, index: int) -> bool:
        line = self.board.scheme.ladder.grades[index].line
        column = condition_column(self.board, "total", self.outcome.fields)
        return line is None or not bool(column.exact.less(line)[place])

    def _condition(self, place: int, condition: Condition) -> str:
        value = condition_column(self.board, condition.quantity, self.outcome.fields).quantity(place)
        words = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于", "!=": "不等于"}
        name = self._name_of(condition.quantity)
        told = f"“{name}”应{words[condition.test]} {exact_text(condition.value)}，实为 {quantity_text(value)}"
        return "，或者".join((told, *(self._condition(place, other) for other in condition.alternatives)))

    def _freed(self, rule: Adjustment, record: AppliedAdjustment) -> str:
        """What becomes of the place that a lowered unit leaves."""
        left = next((g for g in self.board.scheme.ladder.grades if g.id == record.before), None)
        if (
            not record.effective
            or rule.scope != "unit"
            or rule.order != "after_quota"
            or left is None
            or not left.quota
        ):
            return ""
        return f"；空出的“{left.name}”名额{_freed_words(rule.freed_place)}"

    def _adjusted(self, place: int, record: AppliedAdjustment) -> Step:
        rule = next(a for a in self.board.scheme.adjustments if a.id == record.adjustment)
        events = {e.id: e for e in self.board.facts.events}
        inputs = [
            Step(
                f"event/{e.id}",
                e.title or e.id,
                "event",
                None if e.amount is None else Quantity.of(e.amount),
                e.concluded or e.occurred or "",
                f"依据：{e.evidence or '无'}；批准人：{e.approver or '无'}"
                + (f"；提供单位：{e.provider}" if e.provider else ""),
            )
            for e in (events[i] for i in record.events)
        ]
        inputs.extend(
            Step(
                f"condition/{c.quantity}",
                self._name_of(c.quantity),
                "condition",
                None,
                "成立",
                self._condition(place, c),
            )
            for c in rule.when
        )
        sentence = record.sentence + self._freed(rule, record) + (f"。依据：{rule.basis}" if rule.basis else "")
        text = self.grade_name.get(record.after, record.after)
        return Step(
            f"grade/{record.adjustment}", record.name, f"adjust.{record.effect}", None, text, sentence, tuple(inputs)
        )


def _freed_words(policy: str) -> str:
    return {"vacant": "不递补", "passed_on": "由后面的单位递补", "decide": "是否递补由人工决定"}[policy]
