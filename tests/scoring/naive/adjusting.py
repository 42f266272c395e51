"""Adjustments: which act on a unit, and what they make of a grade."""

from __future__ import annotations

from tests.scoring.naive.happenings import in_years
from tests.scoring.naive.members import subjects
from tests.scoring.naive.quota import first_reached, holds


def acts(world, scheme, unit, rule):
    """Whether the adjustment acts on this unit."""
    if not rule.events and not rule.when:
        return False
    if rule.events:
        whose = {u.code for u in subjects(world.facts, unit, rule.events_of, rule.link)}
        good = [
            e
            for e in world.facts.events
            if e.unit in whose
            and e.kind in rule.events
            and in_years(e, scheme.year, rule.year_by, rule.years)
            and (e.evidence or not rule.evidence_required)
            and (e.approver or not rule.approver_required)
        ]
        if len(good) < rule.events_at_least:
            return False
    return all(holds(world, scheme, unit, c) for c in rule.when)


def downs_that_count(scheme, rules):
    """Several "down" adjustments: the worst (of equal ones the first), the worst of each family, or all."""
    downs = [r for r in rules if r.effect == "down"]
    if scheme.stacking.down == "add":
        return downs
    counted = {}
    for rule in downs:
        family = rule.family if scheme.stacking.down == "worst_per_family" else "all of them"
        if family not in counted or rule.steps > counted[family].steps:
            counted[family] = rule
    return list(counted.values())


def steps_down(scheme, rules):
    """How many steps they make together."""
    steps = sum(r.steps for r in downs_that_count(scheme, rules))
    return steps if scheme.stacking.at_most is None else min(steps, scheme.stacking.at_most)


def passes_on(scheme, rules):
    """Whether one of the adjustments that act passes the freed place on."""
    acting = [r for r in rules if r.effect not in ("down", "remark")] + downs_that_count(scheme, rules)
    return any(r.freed_place == "passed_on" for r in acting)


def ceiling(world, scheme, unit, rules):
    """The best grade that adjustments before the quota leave open."""
    last = len(scheme.ladder.grades) - 1
    index_of = {g.id: i for i, g in enumerate(scheme.ladder.grades)}
    best = 0
    if any(r.effect == "down" for r in rules):
        best = first_reached(world, scheme, unit, 0) + steps_down(scheme, rules)
    for rule in rules:
        if rule.effect == "bar":
            best = max(best, index_of[rule.grade] + 1)
        if rule.effect in ("cap", "fix"):
            best = max(best, index_of[rule.grade])
    return min(best, last)


def lowered(world, scheme, unit, index, rules):
    """The grade after the adjustments that act after the quota."""
    last = len(scheme.ladder.grades) - 1
    index_of = {g.id: i for i, g in enumerate(scheme.ladder.grades)}

    def step_down(index):
        return min(last, index + steps_down(scheme, rules))

    def close(index):
        for rule in rules:
            if rule.effect == "bar" and index <= index_of[rule.grade]:
                index = first_reached(world, scheme, unit, index_of[rule.grade] + 1)
        for rule in rules:
            if rule.effect in ("cap", "fix"):
                index = max(index, index_of[rule.grade])
        return index

    return close(step_down(index)) if scheme.stacking.order == "down_first" else step_down(close(index))
