"""The way to a figure: steps built from the very columns, groups, tallies and standings that were computed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.quantities import Quantity, State
from app.domain.results import Step
from app.domain.schemes import BEFORE, Gathering, Item, Node, Part, is_rank
from app.scoring.board import Board
from app.scoring.explain_grades import SCOPES, GradeTeller
from app.scoring.explain_items import ItemTeller, grouped_text, told_groups
from app.scoring.explain_joins import JoinTeller
from app.scoring.explain_marks import RaterNodeTeller
from app.scoring.explain_readings import normalisation_text
from app.scoring.outcome import Outcome
from app.scoring.parts import maximum_of
from app.scoring.rounding import round_value
from app.scoring.shares import sharing_of
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
        """A part of the tree or a measure; the root is the total; ``before:ID``: a part before its normalisation."""
        if part_id == "zero_items":
            value = self.board.column(part_id).quantity(place)
            return Step(part_id, "得 0 分的指标数", "count", value, quantity_text(value), "数出得分恰为 0 的指标")
        if part_id.startswith(BEFORE):
            return self._before(place, part_id)
        part = self.board.parts[part_id]
        self.board.column(part_id)
        if place in self.board.not_concerned(part):
            reason = self.board.not_concerned(part)[place]
            value = Quantity.not_applicable(reason)
            return Step(part.id, part.name, "not_applicable", value, "不适用", reason)
        return self._node(place, part) if isinstance(part, Node) else self._item(place, part)

    def _before(self, place: int, quantity: str) -> Step:
        part, value = self.board.parts[quantity.removeprefix(BEFORE)], self.board.column(quantity).quantity(place)
        after = self.part(place, part.id)
        text = quantity_text(value)
        sentence = f"“{part.name}”统一口径之前为 {text}，之后见“{part.name}”"
        return Step(quantity, f"{part.name}（统一口径之前）", "before", value, text, sentence, (after,))

    def _node(self, place: int, node: Node) -> Step:
        value = self.board.column(node.id).quantity(place)
        inputs = tuple(self.part(place, child.id) for child in node.children)
        title = "总分" if node is self.board.scheme.tree else node.name
        if node.gathering is not None:
            return self._gathered_node(place, node, node.gathering, title, inputs)
        teller = JoinTeller(self.board, node, place)
        if teller.plan.state is not State.VALUE or value.value is None:
            reason = teller.plan.reason or value.reason
            return Step(node.id, title, f"join.{node.join}", value, quantity_text(value), reason, inputs)
        sentence = teller.text() + self._ending(teller.before_limits(), value, node, place)
        return Step(node.id, title, f"join.{node.join}", value, quantity_text(value), sentence, inputs)

    def _gathered_node(
        self, place: int, node: Node, gathering: Gathering, title: str, inputs: tuple[Step, ...]
    ) -> Step:
        """A node whose raters' own values are gathered; the items below follow for information."""
        value = self.board.column(node.id).quantity(place)
        work = self.board.node_works[node.id]
        sharing = sharing_of(self.board.scheme, gathering, self.board.units[place])
        groups = work.drawn.groups
        teller = RaterNodeTeller(self.board, node, place, gathering)
        steps = tuple(teller.group(g) for g in told_groups(sharing, groups, place))
        sentence = (
            f"每个评议人先把各项合成本人的一个值（{join_text(node)}），再汇集：{grouped_text(sharing, groups, place)}"
        )
        gathered = work.gathered.quantity(place)
        if value.value is None:
            reason = value.reason or sentence
            return Step(node.id, title, "gather.raters", value, quantity_text(value), reason, (*steps, *inputs))
        sentence += self._ending(gathered.value, value, node, place)
        return Step(node.id, title, "gather.raters", value, quantity_text(value), sentence, (*steps, *inputs))

    def _ending(self, before: Fraction | None, value: Quantity, part: Part, place: int) -> str:
        """What limits, normalisation and rounding did to the value that came before them."""
        if before is None or value.value is None:
            return ""
        part = self.board.own(part, place)
        text = f" = {exact_text(before)}"
        low, high = part.limits.minimum, maximum_of(part.limits.maximum, part)
        current = before
        if low is not None and before < low:
            current = low
            text += f"，低于下限，按 {exact_text(low)}"
        if high is not None and current > high:
            current = high
            text += f"，超过上限，按 {exact_text(high)}"
        done = self.board.normalised.get(part.id)
        if done is not None:
            current = done.after.quantity(place).value or Fraction(0)
            text += normalisation_text(self.board, done, place)
        is_root = part.id == self.board.scheme.tree.id
        for rule in (self.board.rounding_of(part), self.board.scheme.rounding.total if is_root else None):
            if rule is not None:
                current = round_value(current, rule)
                text += f"，{rounding_text(rule)}得 {exact_text(current)}"
        return text

    def _item(self, place: int, item: Item) -> Step:
        value = self.board.column(item.id).quantity(place)
        teller = ItemTeller(self.board, item, place, self._explain_below)
        inputs, rule, sentence = teller.tell()
        if value.value is None:
            return Step(item.id, item.name, rule, value, quantity_text(value), value.reason or sentence, inputs)
        before = teller.before_limits()
        figure = "" if before is None else exact_text(before)
        ending = self._ending(before, value, item, place)
        said = sentence.endswith((f" {figure}", f"“{figure}”"))  # no figure is told twice in a row
        sentence += ending.removeprefix(f" = {figure}") if said else ending
        return Step(item.id, item.name, rule, value, quantity_text(value), sentence, inputs)

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
