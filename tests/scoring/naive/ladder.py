"""Ranks, grades by line and quota, and what the adjustments make of them."""

from __future__ import annotations

from fractions import Fraction

from app.domain.schemes import Rounding
from tests.scoring.naive.arithmetic import has_value, rounded
from tests.scoring.naive.items import in_year
from tests.scoring.naive.members import in_order

TESTS = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def fields(scheme, facts):
    """Series (or the whole level, named "") → its units in official order."""
    found = {}
    for unit in in_order(facts.units):
        if unit.level == scheme.level:
            found.setdefault(unit.series if scheme.ranking.within == "series" else "", []).append(unit)
    return found


def sort_key(world, scheme, unit):
    """Smaller is better; equal keys are equal ranks."""
    total = world.part(scheme, unit, scheme.tree)
    if scheme.ranking.on == "shown":
        total = rounded(total, scheme.rounding.shown)
    key = [-total]
    for tie in scheme.ranking.ties:
        value = world.quantity(scheme, unit, tie.quantity)
        if not has_value(value):
            key.append((1, Fraction(0)))
        else:
            key.append((0, -value if tie.order == "higher" else value))
    return tuple(key)


def ranking(world, scheme, units):
    """Unit code → (rank or None, shared) of the ranked units, and the ranked units best first."""
    ranked = [u for u in units if u.participation == "ranked" and has_value(world.part(scheme, u, scheme.tree))]
    keys = {u.code: sort_key(world, scheme, u) for u in ranked}
    ranks = {}
    for unit in ranked:
        better = [k for k in keys.values() if k < keys[unit.code]]
        number = 1 + len(set(better) if scheme.ranking.style == "dense" else better)
        alike = sum(1 for k in keys.values() if k == keys[unit.code]) > 1
        ranks[unit.code] = (None, alike) if scheme.ranking.style == "none" else (number, alike)
    ranked.sort(key=lambda u: keys[u.code])
    return ranks, ranked, keys


def holds(world, scheme, unit, condition):
    value = world.quantity(scheme, unit, condition.quantity)
    if not has_value(value):
        return False
    if scheme.ladder.on == "shown":
        value = rounded(value, scheme.rounding.shown)
    return TESTS[condition.test](value, condition.value)


def reaches(world, scheme, unit, index):
    """Whether the unit meets line and conditions of the grade."""
    grade = scheme.ladder.grades[index]
    if index == len(scheme.ladder.grades) - 1:
        return True
    total = world.part(scheme, unit, scheme.tree)
    if scheme.ladder.on == "shown":
        total = rounded(total, scheme.rounding.shown)
    if grade.line is not None and total < grade.line:
        return False
    return all(holds(world, scheme, unit, c) for c in grade.conditions)


def first_reached(world, scheme, unit, index):
    """The best grade from ``index`` downwards whose line and conditions the unit meets."""
    last = len(scheme.ladder.grades) - 1
    index = min(index, last)
    while not reaches(world, scheme, unit, index):
        index += 1
    return index


# ---- quota


def places(world, scheme, index, units, ranked, taken_above):
    """(places, base) of the quota of a grade in one field."""
    quota = scheme.ladder.grades[index].quota
    base = {
        "ranked": len(ranked),
        "all": sum(1 for u in units if u.participation in ("ranked", "listed_apart")),
        "eligible": sum(1 for u in ranked if reaches(world, scheme, u, index)),
    }[quota.base]
    if quota.count is not None:
        number = quota.count
    else:
        exact = quota.share * base / 100
        if quota.rounding == "half_up":
            number = int(rounded(exact, Rounding(digits=0)))
        else:
            number = int(rounded(exact, Rounding(digits=0, mode="down" if quota.rounding == "floor" else "up")))
    number = max(number, quota.at_least)
    if quota.with_above:
        number = max(0, number - taken_above)
    return number, base


def allocate(world, scheme, units, ranked, keys, ceilings):
    """Grades of the ranked units of one field: code → index, the pending codes, and the quota lines."""
    last = len(scheme.ladder.grades) - 1
    grade_of, pending, lines = {}, set(), []
    for index, grade in enumerate(scheme.ladder.grades):
        waiting = [u for u in ranked if u.code not in grade_of and ceilings.get(u.code, 0) <= index]
        candidates = [u for u in waiting if reaches(world, scheme, u, index)]
        if index == last or grade.quota is None:
            grade_of.update({u.code: index for u in candidates})
            continue
        number, base = places(world, scheme, index, units, ranked, len(grade_of))
        taken, tied = [], []
        while candidates:
            alike = [u for u in candidates if keys[u.code] == keys[candidates[0].code]]
            room = number - len(taken)
            if len(alike) <= room:
                taken += alike
                candidates = candidates[len(alike) :]
                continue
            if room > 0:
                tied = [u.code for u in alike]
                if grade.quota.ties == "all_in":
                    taken += alike
                if grade.quota.ties == "decide":
                    pending.update(tied)
            break
        grade_of.update({u.code: index for u in taken})
        lines.append(
            {
                "grade": grade.id,
                "places": number,
                "base": base,
                "taken": len(taken),
                "tied": sorted(tied),
                "vacant": max(0, number - len(taken)),
                "last": world.part(scheme, taken[-1], scheme.tree) if taken else None,
            }
        )
    return grade_of, pending, lines


# ---- adjustments


def triggered(world, scheme, unit, rule):
    """Whether the adjustment acts on this unit."""
    if not rule.events and not rule.when:
        return False
    if rule.events:
        good = [
            e
            for e in world.facts.events
            if e.unit == unit.code
            and e.kind in rule.events
            and in_year(e, scheme.year)
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
    acting = [r for r in rules if r.effect != "down"] + downs_that_count(scheme, rules)
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
    index = min(last, index + steps_down(scheme, rules))
    for rule in rules:
        if rule.effect == "bar" and index <= index_of[rule.grade]:
            index = first_reached(world, scheme, unit, index_of[rule.grade] + 1)
    for rule in rules:
        if rule.effect in ("cap", "fix"):
            index = max(index, index_of[rule.grade])
    return index


def field_outcome(world, scheme, units):
    """Everything about one series: ranks, grades of every scope, quota lines, order."""
    ranks, ranked, keys = ranking(world, scheme, units)
    world.ranks.update({(scheme.id, code): rank for code, (rank, _) in ranks.items()})
    acting = {u.code: [r for r in scheme.adjustments if triggered(world, scheme, u, r)] for u in units}
    before = {c: [r for r in rules if r.scope == "unit" and r.order == "before_quota"] for c, rules in acting.items()}
    after = {c: [r for r in rules if r.scope == "unit" and r.order == "after_quota"] for c, rules in acting.items()}
    apart = [u for u in units if u.participation == "listed_apart" and has_value(world.part(scheme, u, scheme.tree))]
    ceilings = {u.code: ceiling(world, scheme, u, before[u.code]) for u in ranked + apart}
    by_quota, pending, lines = allocate(world, scheme, units, ranked, keys, ceilings)
    for unit in apart:
        by_quota[unit.code] = first_reached(world, scheme, unit, ceilings[unit.code])
    final = {u.code: lowered(world, scheme, u, by_quota[u.code], after[u.code]) for u in ranked + apart}
    moved = [u.code for u in ranked if passes_on(scheme, after[u.code]) and final[u.code] != by_quota[u.code]]
    if moved:
        ceilings.update({code: final[code] for code in moved})
        again, pending, lines = allocate(world, scheme, units, ranked, keys, ceilings)
        for unit in ranked:
            if unit.code in moved:
                final[unit.code] = again[unit.code]
            else:
                by_quota[unit.code] = again[unit.code]
                final[unit.code] = lowered(world, scheme, unit, again[unit.code], after[unit.code])
    grades = {}
    for unit in units:
        grades[unit.code] = scopes(world, scheme, unit, by_quota, final, pending, acting[unit.code])
    order = [u.code for u in ranked + apart] + [u.code for u in units if u not in ranked + apart]
    return {"ranks": ranks, "grades": grades, "quotas": lines, "order": order}


def scopes(world, scheme, unit, by_quota, final, pending, rules):
    """The grade of the unit, its leading group and its persons."""
    names = [g.id for g in scheme.ladder.grades]
    found = {}
    for scope in ("unit", "leading_group", "person"):
        start = by_quota.get(unit.code)
        if start is None:
            end = None
        elif scope == "unit":
            end = final[unit.code]
        else:
            end = lowered(world, scheme, unit, start, [r for r in rules if r.scope == scope])
        decided = [d for d in world.facts.decisions if (d.scheme, d.unit, d.scope) == (scheme.id, unit.code, scope)]
        found[scope] = {
            "by_quota": "" if start is None else names[start],
            "final": decided[-1].grade if decided else "" if end is None else names[end],
            "manual": bool(decided),
            "pending": unit.code in pending and not decided,
        }
    return found
