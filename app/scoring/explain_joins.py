"""How a node's children became its value, in words, by the very plan that joined them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from app.domain.quantities import Quantity
from app.domain.scheme_sentences import applies
from app.domain.schemes import Node
from app.scoring.board import Board
from app.scoring.parts import EVERYBODY
from app.scoring.stand_ins import with_stand_ins
from app.scoring.tree import LINEAR, joined
from app.scoring.wording import exact_text, join_text, quantity_text

_FILLED = {"full": "按满分", "zero": "按 0 分", "mean_of_others": "按其他部分的平均", "series_mean": "按同系列的平均"}


class JoinTeller:
    """Tells one node of one unit, with the points and weights it has for this unit."""

    def __init__(self, board: Board, node: Node, place: int) -> None:
        self.board = board
        self.place = place
        own = board.own(node, place)
        self.node = own if isinstance(own, Node) else node
        columns = [board.column(c.id) for c in node.children]
        self.columns = [with_stand_ins(board, c, column) for c, column in zip(node.children, columns, strict=True)]
        self.plan = board.plan(self.node, tuple(c.quantity(place).state for c in self.columns))
        self.filled = dict(self.plan.filled)

    def before_limits(self) -> Fraction:
        """The joined value."""
        return joined(self.node, self.plan, self.columns, np.array([self.place])).at(0)

    def text(self) -> str:
        """The rule and its terms."""
        return join_text(self.node) + self._notes() + "：" + self._terms()

    def _notes(self) -> str:
        notes = [f"“{self.node.children[i].name}”不适用，{self._filled_by(i)}计" for i, _ in self.plan.filled]
        if self.plan.enlarged != 1:
            notes.append(f"不适用部分的满分分给其余部分，其余部分 × {exact_text(self.plan.enlarged)}")
        return "（" + "；".join(notes) + "）" if notes else ""

    def _filled_by(self, index: int) -> str:
        child, policy = self.node.children[index], self.filled[index]
        if policy == "series_mean" and child.mean_of != EVERYBODY:
            return f"按{applies(child.mean_of)}的平均"
        return _FILLED[policy]

    def _value(self, index: int) -> Quantity:
        """A child's value, or what stands in for it."""
        if self.filled.get(index) == "series_mean":
            return Quantity.of(self.columns[index].exact.at(self.place))
        return self.columns[index].quantity(self.place)

    def _terms(self) -> str:
        told = [(child, self._value(i)) for i, child in enumerate(self.node.children)]
        if self.node.join not in LINEAR:
            sign = " × " if self.node.join == "product" else "、"
            inside = [f"{c.name} {quantity_text(q)}" for c, q in told if not c.on_top]
            on_top = [f"{c.name} {quantity_text(q)}" for c, q in told if c.on_top]
            return " + ".join((sign.join(inside), *on_top))
        terms = [
            f"{child.name} {exact_text(q.value)}" + (f"×{exact_text(k)}" if k != 1 else "")
            for (child, q), k in zip(told, self.plan.coefficients, strict=True)
            if q.value is not None and k
        ]
        if self.plan.constant:
            terms.append(f"填补 {exact_text(self.plan.constant)}")
        return " + ".join(terms) if terms else "没有可加的部分"
