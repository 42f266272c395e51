"""The way to a figure: steps built from the very columns, groups, tallies and standings that were computed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from app.domain.quantities import Quantity, State
from app.domain.results import Step
from app.domain.schemes import Item, Node, Part
from app.scoring.board import Board
from app.scoring.explain_grades import SCOPES, GradeTeller
from app.scoring.explain_items import ItemTeller
from app.scoring.outcome import Outcome
from app.scoring.parts import maximum_of
from app.scoring.ranking import is_rank
from app.scoring.rounding import round_value
from app.scoring.tree import joined
from app.scoring.wording import exact_text, join_text, quantity_text, rounding_text

if TYPE_CHECKING:
    from app.scoring.engine import Evaluation


class Explainer:
    """Explains one scheme's figures; ``evaluation`` gives the schemes below for children's results."""

    def __init__(self, outcome: Outcome, evaluation: Evaluation) -> None:
        self.outcome = outcome
        self.board: Board = outcome.board
        self.evaluation = evaluation

    def explain(self, unit: str, quantity: str) -> Step:
        """One figure of one unit: ``grade`` (``grade/班子's scope``), ``rank``, ``total``, a part, a measure, or
        something below a part (``part/group/evaluator``)."""
        place = self.board.place[unit]
        head, _, rest = quantity.partition("/")
        grades = GradeTeller(self.outcome, self.part)
        if head == "grade":
            step = grades.grade(place, rest if rest in SCOPES else "unit")
            return step if not rest or rest in SCOPES else _found(step, quantity)
        if is_rank(head):
            return grades.rank(place, head)
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
