"""Who rates whom, and in which group: from the register, the scheme's groups and the assignments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from app.domain.facts import Assignment, Evaluator, Facts, Unit
from app.domain.schemes import Group, Relation, Scheme

EVERYBODY = Group(id="", name="全体评议人")

Relations = frozenset[Relation]
OTHER = Relations(("other",))
OWN, ABOVE, BELOW = Relations(("own",)), Relations(("above",)), Relations(("below",))
SAME_LEVEL, SAME_SERIES = Relations(("same_level",)), Relations(("same_level", "same_series"))


class Seat(NamedTuple):
    """One evaluator and one unit. groups: ids of the groups in which he counts for it (empty: he does not rate it);
    scoring: those of them in which he is not recused."""

    unit: Unit
    groups: tuple[str, ...]
    scoring: tuple[str, ...]


class Membership:
    """Looks up relations, groups and rated units; built once for a set of facts."""

    def __init__(self, facts: Facts) -> None:
        self._units = {u.code: u for u in facts.units}
        self._levels: dict[str, list[Unit]] = {}
        for unit in sorted(facts.units, key=lambda u: (u.order, u.code)):
            self._levels.setdefault(unit.level, []).append(unit)
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

    def relations(self, evaluator: Evaluator, unit: Unit) -> Relations:
        """How the evaluator stands to the unit; a relation stated in the register replaces the derived ones."""
        stated: set[Relation] = {r.relation for r in evaluator.relations if r.unit == unit.code}
        return frozenset(stated) if stated else self._derived(evaluator.unit, (unit,))[0]

    def _derived(self, own_code: str, units: Sequence[Unit]) -> list[Relations]:
        """How somebody of a unit stands to each of these."""
        own = self._units.get(own_code)
        if own is None:
            return [OTHER] * len(units)
        below, above = self._below.get(own.code, frozenset[str]()), {*self.above(own.code), *own.reports_to}
        return [self._stands(own, unit, unit.code in below, unit.code in above) for unit in units]

    def _stands(self, own: Unit, unit: Unit, below: bool, above: bool) -> Relations:
        """below, above: whether the unit stands below and above the own one."""
        if own.code == unit.code:
            return OWN
        upright = ABOVE if below else OTHER
        if above:
            upright = BELOW if upright is OTHER else ABOVE | BELOW
        if own.level != unit.level:
            return upright
        beside = SAME_SERIES if own.series == unit.series else SAME_LEVEL
        return beside if upright is OTHER else upright | beside

    @cached_property
    def _below(self) -> dict[str, set[str]]:
        """Unit → all units below it, however deep, and those that say they report to it."""
        found: dict[str, set[str]] = {}
        for code, unit in self._units.items():
            for upper in (*self.above(code), *unit.reports_to):
                found.setdefault(upper, set()).add(code)
        return found

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
        fitting = _fitting(scheme, evaluator)
        if all(not g.relations for g in fitting):
            return tuple(g.id for g in fitting)
        relations = self.relations(evaluator, unit)
        return tuple(g.id for g in fitting if not g.relations or not relations.isdisjoint(g.relations))

    def seats(self, scheme: Scheme, evaluator: Evaluator) -> Iterator[Seat]:
        """The evaluator beside every unit of the scheme's level, in official order."""
        units = self.units_of(scheme.level)
        if evaluator.relations or (evaluator.code, scheme.id) in self._assigned:
            yield from (self._seat(scheme, evaluator, unit) for unit in units)
            return
        fitting = _fitting(scheme, evaluator)
        if not any(g.relations or g.recused for g in fitting):
            everywhere = tuple(g.id for g in fitting)
            yield from (Seat(unit, everywhere, everywhere) for unit in units)
            return
        known: dict[Relations, Seat] = {}  # who stands to two units alike sits in the same groups
        for unit, relations in zip(units, self._derived(evaluator.unit, units), strict=True):
            if relations not in known:
                known[relations] = self._seat(scheme, evaluator, unit)
            _, groups, scoring = known[relations]
            yield Seat(unit, groups, scoring)

    def sits_nowhere(self, scheme: Scheme, evaluator: Evaluator) -> bool:
        """True when it is plain without looking at the units that the evaluator rates none of them."""
        return (evaluator.code, scheme.id) not in self._assigned and not _fitting(scheme, evaluator)

    def _seat(self, scheme: Scheme, evaluator: Evaluator, unit: Unit) -> Seat:
        ids = self.groups_for(scheme, evaluator, unit)
        if not ids:
            return Seat(unit, (), ())
        groups = {g.id: g for g in groups_of(scheme)}
        return Seat(unit, ids, tuple(g for g in ids if g not in groups or not self.recused(groups[g], evaluator, unit)))

    def signature(self, scheme: Scheme, evaluator: Evaluator) -> tuple[object, ...]:
        """Evaluators with the same signature count in the same groups for the same units."""
        if evaluator.relations or (evaluator.code, scheme.id) in self._assigned:
            return (evaluator.code,)
        return ("", evaluator.role, evaluator.unit if _by_relation(scheme) else "")

    def recused(self, group: Group, evaluator: Evaluator, unit: Unit) -> bool:
        """True when the member must not score this unit (回避)."""
        return bool(group.recused) and not self.relations(evaluator, unit).isdisjoint(group.recused)

    def recused_everywhere(self, scheme: Scheme, evaluator: Evaluator, unit: Unit) -> bool:
        """True when the evaluator is recused in every group he counts in for this unit."""
        seat = self._seat(scheme, evaluator, unit)
        return bool(seat.groups) and not seat.scoring

    def rated_units(self, scheme: Scheme, evaluator: Evaluator) -> tuple[Unit, ...]:
        """The units on this evaluator's sheet, in official order: recused and ceased ones are not on it."""
        if self.sits_nowhere(scheme, evaluator):
            return ()
        return tuple(s.unit for s in self.seats(scheme, evaluator) if s.scoring and s.unit.participation != "ceased")


def groups_of(scheme: Scheme) -> tuple[Group, ...]:
    """The scheme's groups; a scheme without any has one that takes in everybody."""
    return scheme.groups or (EVERYBODY,)


def _fitting(scheme: Scheme, evaluator: Evaluator) -> list[Group]:
    """The groups that are open to the evaluator's role."""
    return [g for g in groups_of(scheme) if not g.roles or evaluator.role in g.roles]


def _by_relation(scheme: Scheme) -> bool:
    """Whether it matters anywhere how an evaluator stands to a unit."""
    return any(g.relations or g.recused for g in groups_of(scheme))


def rated_units(scheme: Scheme, facts: Facts, evaluator: Evaluator) -> tuple[Unit, ...]:
    """The units on this evaluator's sheet, in official order."""
    return Membership(facts).rated_units(scheme, evaluator)
