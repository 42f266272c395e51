"""The way to a figure: steps built from the very columns, groups, tallies and standings that were computed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from app.domain.quantities import Quantity, State
from app.domain.results import AppliedAdjustment, GradeOutcome, Step
from app.domain.schemes import Adjustment, Condition, Item, Node, Part
from app.scoring.board import Board
from app.scoring.explain_items import ItemTeller
from app.scoring.outcome import Outcome
from app.scoring.parts import maximum_of
from app.scoring.quota import condition_column
from app.scoring.rounding import round_value
from app.scoring.tree import joined
from app.scoring.wording import exact_text, fixed_text, join_text, quantity_text, rounding_text

if TYPE_CHECKING:
    from app.scoring.engine import Evaluation

_SCOPES: dict[str, str] = {"unit": "单位", "leading_group": "班子", "person": "个人"}


class Explainer:
    """Explains one scheme's figures; ``evaluation`` gives the schemes below for children's results."""

    def __init__(self, outcome: Outcome, evaluation: Evaluation) -> None:
        self.outcome = outcome
        self.board: Board = outcome.board
        self.evaluation = evaluation
        self.grade_name = {g.id: g.name for g in self.board.scheme.ladder.grades}

    def explain(self, unit: str, quantity: str) -> Step:
        """One figure of one unit: ``grade`` (``grade/班子's scope``), ``rank``, ``total``, a part, a measure, or
        something below a part (``part/group/evaluator``)."""
        place = self.board.place[unit]
        head, _, rest = quantity.partition("/")
        if head == "grade":
            step = self.grade(place, rest if rest in _SCOPES else "unit")
            return step if not rest or rest in _SCOPES else _found(step, quantity)
        if head == "rank":
            return self.rank(place)
        step = self.part(place, self.board.scheme.tree.id if head == "total" else head)
        return _found(step, quantity) if rest else step

    # ---- the tree

    def part(self, place: int, part_id: str) -> Step:
        """A part of the tree or a measure; the root is the total."""
        if part_id == "zero_items":
            value = self.board.column(part_id).quantity(place)
            return Step(part_id, "得 0 分的指标数", "count", value, quantity_text(value), "数出得分恰为 0 的指标")
        part = self.board.parts[part_id]
        self.board.column(part_id)
        if place in self.board.not_concerned(part):
            reason = self.board.not_concerned(part)[place]
            value = Quantity.not_applicable(reason)
            return Step(part.id, part.name, "not_applicable", value, "不适用", reason)
        return self._node(place, part) if isinstance(part, Node) else self._item(place, part)

    def _node(self, place: int, node: Node) -> Step:
        value = self.board.column(node.id).quantity(place)
        inputs = tuple(self.part(place, child.id) for child in node.children)
        plan = self.board.plan(node, tuple(self.board.column(c.id).quantity(place).state for c in node.children))
        is_root = node is self.board.scheme.tree
        title = "总分" if is_root else node.name
        if plan.state is not State.VALUE:
            return Step(node.id, title, f"join.{node.join}", value, quantity_text(value), plan.reason, inputs)
        sentence = join_text(node) + self._filled(node, plan.filled, plan.enlarged) + "：" + self._sum(place, node)
        sentence += self._ending(self._before_limits(place, node), value, node, is_root)
        return Step(node.id, title, f"join.{node.join}", value, quantity_text(value), sentence, inputs)

    def _filled(self, node: Node, filled: tuple[tuple[int, str], ...], enlarged: Fraction) -> str:
        how = {"full": "按满分", "zero": "按 0 分", "mean_of_others": "按其他部分的平均"}
        notes = [f"“{node.children[i].name}”不适用，{how[policy]}计" for i, policy in filled]
        if enlarged != 1:
            notes.append(f"不适用部分的满分分给其余部分，其余部分 × {exact_text(enlarged)}")
        return "（" + "；".join(notes) + "）" if notes else ""

    def _sum(self, place: int, node: Node) -> str:
        columns = [self.board.column(c.id).quantity(place) for c in node.children]
        plan = self.board.plan(node, tuple(c.state for c in columns))
        if node.join == "minimum":
            told = [(c, f"{c.name} {quantity_text(q)}") for c, q in zip(node.children, columns, strict=True)]
            return " + ".join(("、".join(t for c, t in told if not c.on_top), *(t for c, t in told if c.on_top)))
        terms = [
            f"{child.name} {exact_text(q.value)}" + (f"×{exact_text(k)}" if k != 1 else "")
            for child, q, k in zip(node.children, columns, plan.coefficients, strict=True)
            if q.value is not None and k
        ]
        if plan.constant:
            terms.append(f"填补 {exact_text(plan.constant)}")
        return " + ".join(terms) if terms else "没有可加的部分"

    def _before_limits(self, place: int, node: Node) -> Fraction:
        columns = [self.board.column(c.id) for c in node.children]
        plan = self.board.plan(node, tuple(c.quantity(place).state for c in columns))
        return joined(node, plan, columns, np.array([place])).at(0)

    def _ending(self, before: Fraction | None, value: Quantity, part: Part, is_root: bool) -> str:
        """What limits and rounding did to the value that came before them."""
        if before is None or value.value is None:
            return ""
        text = f" = {exact_text(before)}"
        low, high = part.limits.minimum, maximum_of(part.limits.maximum, part)
        current = before
        if low is not None and before < low:
            current = low
            text += f"，低于下限，按 {exact_text(low)}"
        elif high is not None and before > high:
            current = high
            text += f"，超过上限，按 {exact_text(high)}"
        rounding = part.rounding or (
            self.board.scheme.rounding.node if isinstance(part, Node) else self.board.scheme.rounding.item
        )
        for rule in (rounding, self.board.scheme.rounding.total if is_root else None):
            if rule is not None:
                current = round_value(current, rule)
                text += f"，{rounding_text(rule)}得 {exact_text(current)}"
        return text

    def _item(self, place: int, item: Item) -> Step:
        value = self.board.column(item.id).quantity(place)
        teller = ItemTeller(self.board, item, place, self._explain_below)
        inputs, rule, sentence = teller.tell()
        work = self.board.works[item.id]
        gathered, changed = work.gathered.quantity(place), work.converted.quantity(place)
        if value.value is None:
            return Step(item.id, item.name, rule, value, quantity_text(value), value.reason or sentence, inputs)
        if item.conversion is not None and gathered.value is not None and changed.value is not None:
            sentence += f"，得 {exact_text(gathered.value)}，按换算表得 {exact_text(changed.value)}"
            sentence += self._limit_note(changed.value, value.value, item)
        else:
            figure = "" if changed.value is None else exact_text(changed.value)
            ending = self._ending(changed.value, value, item, False)
            said = sentence.endswith((f" {figure}", f"“{figure}”"))  # no figure is told twice in a row
            sentence += ending.removeprefix(f" = {figure}") if said else ending
        return Step(item.id, item.name, rule, value, quantity_text(value), sentence, inputs)

    def _limit_note(self, before: Fraction, after: Fraction, item: Item) -> str:
        return "" if before == after else f"，经上下限和取舍得 {exact_text(after)}"

    def _explain_below(self, scheme: str, unit: str, quantity: str) -> Step:
        other = Explainer(self.evaluation.outcomes[scheme], self.evaluation) if scheme else self
        return other.explain(unit, quantity)

    # ---- rank and grade

    def rank(self, place: int) -> Step:
        """The place among its field, with the neighbours and what settled a tie."""
        field, board = self.outcome.field_of(place), self.board
        rank = field.ranks.get(place)
        total = self.part(place, board.scheme.tree.id)
        where = f"“{field.name}”系列" if field.name else "全部单位"
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
        built_in = {"total": "总分", "rank": "名次", "zero_items": "得 0 分的指标数"}
        return built_in.get(quantity) or (self.board.parts[quantity].name if quantity in self.board.parts else quantity)

    def grade(self, place: int, scope: str = "unit") -> Step:
        """The grade of one scope: line, conditions, quota, every adjustment, a decision by hand."""
        outcomes = {o.scope: o for o in self.outcome.outcomes(place)}
        outcome = outcomes[scope]  # type: ignore[index]
        title = "等次" if scope == "unit" else f"等次（{_SCOPES[scope]}）"
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
                f"quota/{line.grade}",
                f"“{self.grade_name[line.grade]}”的名额",
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
        line = next((x for x in allocation.lines if x.grade == grade.id), None)
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
        return f"“{name}”应{words[condition.test]} {exact_text(condition.value)}，实为 {quantity_text(value)}"

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


def _found(step: Step, quantity: str) -> Step:
    """The step with this id below another one. Raises KeyError."""
    if step.quantity == quantity:
        return step
    for inner in step.inputs:
        try:
            return _found(inner, quantity)
        except KeyError:
            continue
    raise KeyError(quantity)
