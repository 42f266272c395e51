"""Everything about one field: ranks, grades of every scope, quota lines, order."""

from __future__ import annotations

from tests.scoring.naive.adjusting import acts, ceiling, lowered, passes_on
from tests.scoring.naive.arithmetic import has_value
from tests.scoring.naive.quota import Field, decision, first_reached, promoted
from tests.scoring.naive.ranking import rankable, sort_key


def field_outcome(world, scheme, units):
    keys = {u.code: sort_key(world, scheme, u) for u in rankable(world, scheme, units)}
    ranked = sorted(rankable(world, scheme, units), key=lambda u: keys[u.code])
    apart = [u for u in units if u.participation == "listed_apart" and has_value(world.part(scheme, u, scheme.tree))]
    acting = {u.code: [r for r in scheme.adjustments if acts(world, scheme, u, r)] for u in units}
    own = {c: [r for r in rules if r.scope == "unit"] for c, rules in acting.items()}
    before = {c: [r for r in rules if r.order == "before_quota"] for c, rules in own.items()}
    after = {c: [r for r in rules if r.order == "after_quota"] for c, rules in own.items()}
    vetoed = {c for c, rules in own.items() if any(r.effect in ("bar", "fix") for r in rules)}
    field = Field(world, scheme, units, ranked, keys, vetoed)
    ceilings = {u.code: ceiling(world, scheme, u, before[u.code]) for u in ranked + apart}

    by_quota, pending, lines = field.allocate(ceilings)
    for unit in apart:
        by_quota[unit.code] = first_reached(world, scheme, unit, ceilings[unit.code])
    index_of = {g.id: i for i, g in enumerate(scheme.ladder.grades)}
    for unit in ranked + apart:
        if promoted(world, scheme, unit):
            by_quota[unit.code] = index_of[decision(world, scheme, unit, "unit").grade]
    final = {u.code: lowered(world, scheme, u, by_quota[u.code], after[u.code]) for u in ranked + apart}

    moved = [u.code for u in field.competing if passes_on(scheme, after[u.code]) and final[u.code] != by_quota[u.code]]
    if moved:
        ceilings.update({code: final[code] for code in moved})
        again, pending, lines = field.allocate(ceilings)
        for unit in field.competing:
            if unit.code in moved:
                final[unit.code] = again[unit.code]
            else:
                by_quota[unit.code] = again[unit.code]
                final[unit.code] = lowered(world, scheme, unit, again[unit.code], after[unit.code])
    grades = {}
    for unit in units:
        grades[unit.code] = scopes(world, scheme, unit, by_quota, final, pending, acting[unit.code])
    listed = ranked if scheme.ranking.listed == "rank" else [u for u in units if u in ranked]
    order = [u.code for u in listed + apart] + [u.code for u in units if u not in ranked + apart]
    return {"keys": keys, "grades": grades, "quotas": lines, "order": order}


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
        decided = decision(world, scheme, unit, scope)
        found[scope] = {
            "by_quota": "" if start is None else names[start],
            "final": decided.grade if decided else "" if end is None else names[end],
            "manual": bool(decided),
            "pending": unit.code in pending and not decided,
        }
    return found
