"""Who would move, and why: two results of the same facts compared, with the parts that make the difference. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from app.domain.results import Results, SchemeResult, UnitResult
from app.domain.scheme_differences import Difference, differences, number_text
from app.domain.schemes import Node, Part, Scheme, walk
from app.services.comparison import MoveReason, ResultChange, compare
from app.services.figures import shown

_AFTER_TREE = ("ranking", "ladder", "adjustments", "stacking", "event_kinds", "rounding")


def moves(
    before: Results, after: Results, old: Mapping[str, Scheme], new: Mapping[str, Scheme], names: Mapping[str, str]
) -> tuple[ResultChange, ...]:
    """Every unit whose total, rank or grade differs, with the reasons. old, new: scheme id → document; names: unit code
    → name."""
    left, right = ({s.scheme: s for s in r.schemes} for r in (before, after))
    sides = {
        id: _Sides(left[id], right[id], old[id], new[id]) for id in right if id in left and id in old and id in new
    }
    return tuple(
        replace(change, reasons=tuple(sides[change.scheme].reasons(change))) if change.scheme in sides else change
        for change in compare(before, after, names)
    )


@dataclass
class _Sides:
    """One scheme before and after."""

    before: SchemeResult
    after: SchemeResult
    old: Scheme
    new: Scheme

    @cached_property
    def parts_then(self) -> dict[str, Part]:
        return {p.id: p for p in walk(self.old.tree)}

    @cached_property
    def parts_now(self) -> set[str]:
        return {p.id for p in walk(self.new.tree)}

    @cached_property
    def rules(self) -> tuple[Difference, ...]:
        """What has changed in everything after the tree."""
        return tuple(d for d in differences(self.old, self.new) if d.path[0] in _AFTER_TREE)

    @cached_property
    def moved_totals(self) -> dict[str, int]:
        """Series → units whose total differs."""
        found: dict[str, int] = {}
        for code, unit in self.after.units.items():
            was = self.before.units.get(code)
            if was is None or was.total.value != unit.total.value:
                found[unit.series] = found.get(unit.series, 0) + 1
        return found

    def reasons(self, change: ResultChange) -> Iterator[MoveReason]:
        before, after = self.before.units.get(change.unit), self.after.units.get(change.unit)
        if before is None or after is None:
            return
        if change.total_before != change.total_after:
            yield from self.inside(self.new.tree, before, after)
        elif change.rank_before != change.rank_after:
            yield self.of_rank(change)
        if change.grade_before != change.grade_after:
            yield from self.of_grade(change, before, after)

    def inside(self, part: Part, before: UnitResult, after: UnitResult) -> Iterator[MoveReason]:
        """The lowest parts that have changed; a node that has changed above unchanged children is one itself."""
        deeper = list(self.below(part, before, after)) if isinstance(part, Node) else []
        yield from deeper
        a, b = _value(before, part.id), _value(after, part.id)
        if not deeper and a != b:
            yield MoveReason(part.id, part.name, a, b, f"“{part.name}” {self.said(a)} → {self.said(b)}")

    def below(self, node: Node, before: UnitResult, after: UnitResult) -> Iterator[MoveReason]:
        for child in node.children:
            was = self.parts_then.get(child.id)
            if was is None:
                value = _value(after, child.id)
                yield MoveReason(child.id, child.name, None, value, f"新增“{child.name}”，得 {self.said(value)}")
                continue
            yield from self.inside(child, before, after)
            if was.weight != child.weight:
                said = f"“{child.name}”的权重 {_number(was.weight)} → {_number(child.weight)}"
                yield MoveReason(child.id, child.name, was.weight, child.weight, said)
        was_node = self.parts_then.get(node.id)
        for gone in was_node.children if isinstance(was_node, Node) else ():
            if gone.id not in self.parts_now:
                value = _value(before, gone.id)
                yield MoveReason(gone.id, gone.name, value, None, f"删去“{gone.name}”，原得 {self.said(value)}")

    def of_rank(self, change: ResultChange) -> MoveReason:
        rule = next((str(d) for d in self.rules if d.path[0] in ("ranking", "rounding")), "")
        count = self.moved_totals.get(change.series, 0)
        said = rule or f"本单位总分没有变，同范围内有 {count} 个单位的总分变了"
        return MoveReason("rank", "名次", _whole(change.rank_before), _whole(change.rank_after), said)

    def of_grade(self, change: ResultChange, before: UnitResult, after: UnitResult) -> Iterator[MoveReason]:
        """Why the grade is another: a rule that acts now or no longer, a changed rule, or the total and rank."""
        then = {a.adjustment: a for a in before.adjustments if a.effective}
        now = {a.adjustment: a for a in after.adjustments if a.effective}
        for id in (i for i in {**then, **now} if (i in then) != (i in now)):
            said = f"“{now[id].name}”起作用：{now[id].sentence}" if id in now else f"“{then[id].name}”不再起作用"
            yield MoveReason("grade", "等次", None, None, said)
        changed = [d for d in self.rules if d.path[0] != "rounding"]
        for rule in changed:
            yield MoveReason("grade", "等次", None, None, str(rule))
        if not changed and change.total_before == change.total_after and change.rank_before == change.rank_after:
            yield MoveReason("grade", "等次", None, None, "同范围内其他单位变动，名额的分配随之改变")

    def said(self, value: Fraction | None) -> str:
        return "无结果" if value is None else shown(value, self.new.rounding.shown)


def _value(unit: UnitResult, part: str) -> Fraction | None:
    found = unit.parts.get(part)
    return found.value if found is not None else None


def _number(value: Fraction | None) -> str:
    return "（空）" if value is None else number_text(value)


def _whole(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value)
