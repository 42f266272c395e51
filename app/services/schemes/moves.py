"""Who would move, and why: two evaluations of the same facts compared, with the parts that make the difference. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from app.domain.quantities import State, number_text
from app.domain.scheme_differences import Difference, differences
from app.domain.schemes import Node, Part, walk
from app.scoring.engine import Evaluation
from app.scoring.outcome import Outcome
from app.services.comparison import MoveReason, ResultChange
from app.services.figures import shown

_Seen = tuple[Fraction | None, int | None, tuple[str, ...]]  # exact total, rank, final grade of each scope
_AFTER_TREE = ("ranking", "ladder", "adjustments", "stacking", "event_kinds", "rounding")


def moves(before: Evaluation, after: Evaluation) -> tuple[ResultChange, ...]:
    """Every unit whose total, rank or grade differs, level by level, in the order of the newer result, with the
    reasons. Both know the same units."""
    return tuple(
        move
        for id, outcome in after.outcomes.items()
        if id in before.outcomes
        for move in _Sides(before.outcomes[id], outcome).moves()
    )


class _Sides:
    """One scheme before and after. Units are known by their place in official order."""

    def __init__(self, before: Outcome, after: Outcome) -> None:
        self.before, self.after = before, after
        self.old, self.new = before.board.scheme, after.board.scheme
        self.then = {u.code: place for place, u in enumerate(before.board.units)}
        self.alike = [u.code for u in after.board.units] == list(self.then)
        self._changed: dict[str, frozenset[int]] = {}

    def moves(self) -> Iterator[ResultChange]:
        """In the order in which the result lists them."""
        for field in self.after.fields:
            ranked = field.ranked if self.new.ranking.listed == "rank" else sorted(field.ranked)
            for place in (*ranked, *field.apart, *field.others):
                move = self.move(place)
                if move is not None:
                    yield move

    def move(self, place: int) -> ResultChange | None:
        """What has become of a unit; nothing: it stands as before."""
        unit = self.after.board.units[place]
        then = self.then.get(unit.code)
        a = _seen(self.before, then) if then is not None else (None, None, ("",))
        b = _seen(self.after, place)
        if a == b:
            return None
        return ResultChange(
            scheme=self.new.id,
            unit=unit.code,
            name=unit.name,
            series=unit.series,
            total_before=a[0],
            total_after=b[0],
            rank_before=a[1],
            rank_after=b[1],
            grade_before=a[2][0],
            grade_after=b[2][0],
            reasons=tuple(self.reasons(place, a, b)) if self.alike else (),
        )

    # ---- why

    def reasons(self, place: int, a: _Seen, b: _Seen) -> Iterator[MoveReason]:
        """The parts behind another total; for a rank or grade alone, what else has changed."""
        if a[0] != b[0]:
            yield from self.inside(self.new.tree, place)
        elif a[1] != b[1]:
            yield self.of_rank(place, a[1], b[1])
        if a[2] != b[2]:
            yield from self.of_grade(place, a[:2] == b[:2])

    def inside(self, part: Part, place: int) -> Iterator[MoveReason]:
        """The lowest parts that have changed; a node that has changed above unchanged children is one itself."""
        deeper = list(self.below(part, place)) if isinstance(part, Node) else []
        yield from deeper
        if not deeper and place in self.changed(part.id):
            a, b = self.value(self.before, part.id, place), self.value(self.after, part.id, place)
            yield MoveReason(part.id, part.name, a, b, f"“{part.name}” {self.said(a)} → {self.said(b)}")

    def below(self, node: Node, place: int) -> Iterator[MoveReason]:
        for child in node.children:
            was = self.parts_then.get(child.id)
            if was is None:
                value = self.value(self.after, child.id, place)
                yield MoveReason(child.id, child.name, None, value, f"新增“{child.name}”，得 {self.said(value)}")
                continue
            yield from self.inside(child, place)
            if was.weight != child.weight:
                told = f"“{child.name}”的权重 {_number(was.weight)} → {_number(child.weight)}"
                yield MoveReason(child.id, child.name, was.weight, child.weight, told)
        was_node = self.parts_then.get(node.id)
        for gone in was_node.children if isinstance(was_node, Node) else ():
            if gone.id not in self.parts_now:
                value = self.value(self.before, gone.id, place)
                yield MoveReason(gone.id, gone.name, value, None, f"删去“{gone.name}”，原得 {self.said(value)}")

    def of_rank(self, place: int, before: int | None, after: int | None) -> MoveReason:
        rule = next((str(d) for d in self.rules if d.path[0] in ("ranking", "rounding")), "")
        others = [n for f in self.after.fields if place in (*f.ranked, *f.apart, *f.others) for n in f.ranked]
        count = len(self.changed("total").intersection(others))
        said = rule or f"本单位总分没有变，同范围内有 {count} 个单位的总分变了"
        return MoveReason("rank", "名次", _whole(before), _whole(after), said)

    def of_grade(self, place: int, stands: bool) -> Iterator[MoveReason]:
        """A rule that acts now or no longer, a changed rule; else, when total and rank are as before, the others."""
        then = {r.adjustment: r for r in self.before.records(place) if r.effective}
        now = {r.adjustment: r for r in self.after.records(place) if r.effective}
        for id in (i for i in {**then, **now} if (i in then) != (i in now)):
            said = f"“{now[id].name}”起作用：{now[id].sentence}" if id in now else f"“{then[id].name}”不再起作用"
            yield MoveReason("grade", "等次", None, None, said)
        changed = [d for d in self.rules if d.path[0] != "rounding"]
        for rule in changed:
            yield MoveReason("grade", "等次", None, None, str(rule))
        if not changed and stands:
            yield MoveReason("grade", "等次", None, None, "同范围内其他单位变动，名额的分配随之改变")

    # ---- what both sides know

    @cached_property
    def parts_then(self) -> dict[str, Part]:
        """The parts of the older tree."""
        return {p.id: p for p in walk(self.old.tree)}

    @cached_property
    def parts_now(self) -> frozenset[str]:
        """The ids of the newer tree."""
        return frozenset(p.id for p in walk(self.new.tree))

    @cached_property
    def rules(self) -> tuple[Difference, ...]:
        """What has changed in everything after the tree."""
        return tuple(d for d in differences(self.old, self.new) if d.path[0] in _AFTER_TREE)

    def changed(self, quantity: str) -> frozenset[int]:
        """Units for which a quantity that both sides have differs."""
        known = self._changed.get(quantity)
        if known is None:
            both = quantity == "total" or quantity in self.parts_then
            known = self._changed[quantity] = _differing(self.before, self.after, quantity) if both else frozenset()
        return known

    def value(self, outcome: Outcome, quantity: str, place: int) -> Fraction | None:
        """A part's value of one unit."""
        return outcome.board.column(quantity).quantity(place).value

    def said(self, value: Fraction | None) -> str:
        return "无结果" if value is None else shown(value, self.new.rounding.shown)


def _seen(outcome: Outcome, place: int) -> _Seen:
    """Exact total, rank and final grade of every scope of a unit."""
    code = outcome.board.units[place].code
    scopes = len(outcome.adjuster.scopes) > 1
    grades = tuple(g.final for g in outcome.outcomes(place)) if scopes else (outcome.grades[code],)
    return outcome.board.total.quantity(place).value, outcome.ranks.get(code), grades


def _differing(before: Outcome, after: Outcome, quantity: str) -> frozenset[int]:
    a, b = before.board.column(quantity), after.board.column(quantity)
    left, right, den_a, den_b = a.exact.num.tolist(), b.exact.num.tolist(), a.exact.den, b.exact.den
    return frozenset(
        n
        for n, (s, t) in enumerate(zip(a.states().tolist(), b.states().tolist(), strict=True))
        if s != t or (s == State.VALUE and left[n] * den_b != right[n] * den_a)
    )


def _number(value: Fraction | None) -> str:
    return "（空）" if value is None else number_text(value)


def _whole(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value)
