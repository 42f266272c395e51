"""Who rates whom, and in which group: from the register, the scheme's groups and the assignments."""

from __future__ import annotations

from app.domain.facts import Assignment, Evaluator, Facts, Unit
from app.domain.schemes import Group, Relation, Scheme

EVERYBODY = Group(id="", name="全体评议人")


class Membership:
    """Looks up relations, groups and rated units; built once for a set of facts."""

    def __init__(self, facts: Facts) -> None:
        self._units = {u.code: u for u in facts.units}
        self._levels: dict[str, list[Unit]] = {}
        for unit in sorted(facts.units, key=lambda u: (u.order, u.code)):
            self._levels.setdefault(unit.level, []).append(unit)
        self._derived_before: dict[tuple[str, str], frozenset[Relation]] = {}
        self._chains: dict[str, list[str]] = {}
        self._assigned: dict[tuple[str, str], list[Assignment]] = {}
        for line in facts.assignments:
            self._assigned.setdefault((line.evaluator, line.scheme), []).append(line)

    def units_of(self, level: str) -> list[Unit]:
        """Units of a level in official order."""
        return self._levels.get(level, [])

    def above(self, code: str) -> list[str]:
        """Codes of the units above this one, nearest first; a cycle in the register ends the walk."""
        if code not in self._chains:
            self._chains[code] = self._climbed(code)
        return self._chains[code]

    def _climbed(self, code: str) -> list[str]:
        chain: list[str] = []
        while (unit := self._units.get(code)) and unit.parent and unit.parent not in chain:
            chain.append(unit.parent)
            code = unit.parent
        return chain

    def relations(self, evaluator: Evaluator, unit: Unit) -> frozenset[Relation]:
        """How the evaluator stands to the unit; a relation stated in the register replaces the derived ones."""
        stated: set[Relation] = {r.relation for r in evaluator.relations if r.unit == unit.code}
        if stated:
            return frozenset[Relation](stated)
        pair = (evaluator.unit, unit.code)
        if pair not in self._derived_before:
            self._derived_before[pair] = frozenset(self._derived(evaluator.unit, unit))
        return self._derived_before[pair]

    def _derived(self, own_code: str, unit: Unit) -> set[Relation]:
        own = self._units.get(own_code)
        if own is None:
            return {"other"}
        if own.code == unit.code:
            return {"own"}
        if own.code in self.above(unit.code):
            return {"above"}
        if unit.code in self.above(own.code):
            return {"below"}
        found: set[Relation] = set()
        if own.level == unit.level:
            found.add("same_level")
            if own.series == unit.series:
                found.add("same_series")
        return found or {"other"}

    def groups_for(self, scheme: Scheme, evaluator: Evaluator, unit: Unit) -> tuple[str, ...]:
        """Ids of the groups in which this evaluator counts for this unit; empty: does not rate it."""
        if unit.level != scheme.level:
            return ()
        lines = self._assigned.get((evaluator.code, scheme.id), [])
        if lines:
            hits = [line for line in lines if unit.code in line.units]
            if not hits:
                return ()
            named = tuple(dict.fromkeys(line.group for line in hits if line.group))
            if named:
                return named
        fitting = [g for g in groups_of(scheme) if not g.roles or evaluator.role in g.roles]
        if all(not g.relations for g in fitting):
            return tuple(g.id for g in fitting)
        relations = self.relations(evaluator, unit)
        return tuple(g.id for g in fitting if not g.relations or not relations.isdisjoint(g.relations))

    def signature(self, scheme: Scheme, evaluator: Evaluator) -> tuple[object, ...]:
        """Evaluators with the same signature count in the same groups for the same units."""
        if evaluator.relations or (evaluator.code, scheme.id) in self._assigned:
            return (evaluator.code,)
        by_relation = any(g.relations or g.recused for g in groups_of(scheme))
        return ("", evaluator.role, evaluator.unit if by_relation else "")

    def recused(self, group: Group, evaluator: Evaluator, unit: Unit) -> bool:
        """True when the member must not score this unit (回避)."""
        return bool(group.recused) and not self.relations(evaluator, unit).isdisjoint(group.recused)

    def recused_everywhere(self, scheme: Scheme, evaluator: Evaluator, unit: Unit) -> bool:
        """True when the evaluator is recused in every group he counts in for this unit."""
        groups = {g.id: g for g in groups_of(scheme)}
        ids = self.groups_for(scheme, evaluator, unit)
        return bool(ids) and all(g in groups and self.recused(groups[g], evaluator, unit) for g in ids)

    def rated_units(self, scheme: Scheme, evaluator: Evaluator) -> tuple[Unit, ...]:
        """The units on this evaluator's sheet, in official order: recused and ceased ones are not on it."""
        return tuple(
            unit
            for unit in self.units_of(scheme.level)
            if unit.participation != "ceased"
            and self.groups_for(scheme, evaluator, unit)
            and not self.recused_everywhere(scheme, evaluator, unit)
        )


def groups_of(scheme: Scheme) -> tuple[Group, ...]:
    """The scheme's groups; a scheme without any has one that takes in everybody."""
    return scheme.groups or (EVERYBODY,)


def rated_units(scheme: Scheme, facts: Facts, evaluator: Evaluator) -> tuple[Unit, ...]:
    """The units on this evaluator's sheet, in official order."""
    return Membership(facts).rated_units(scheme, evaluator)
