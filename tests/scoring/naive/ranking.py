"""Ranks inside each field: by the total with its ties, and by further quantities."""

from __future__ import annotations

from fractions import Fraction

from tests.scoring.naive.arithmetic import has_value, rounded
from tests.scoring.naive.members import in_order, partition


def fields(scheme, facts):
    """The fields of the ranking: lists of units in official order."""
    found = {}
    for unit in in_order(facts.units):
        if unit.level == scheme.level:
            found.setdefault(partition(unit, scheme.ranking.within), []).append(unit)
    return list(found.values())


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


def rankable(world, scheme, units):
    """Ranked units with a total, in official order."""
    return [u for u in units if u.participation == "ranked" and has_value(world.part(scheme, u, scheme.tree))]


def numbers(keys, style, from_last=False):
    """Code → rank, out of keys of which the smaller is better; from_last: counted from the worst."""
    found = {}
    for code, key in keys.items():
        before = [k for k in keys.values() if (k > key if from_last else k < key)]
        found[code] = 1 + len(set(before) if style == "dense" else before)
    return {} if style == "none" else found


def ranks_of_field(world, scheme, units):
    """Name of a rank quantity → code → number, for one field."""
    ranked = rankable(world, scheme, units)
    keys = {u.code: sort_key(world, scheme, u) for u in ranked}
    style = scheme.ranking.style
    found = {"rank": numbers(keys, style), "rank_from_last": numbers(keys, style, from_last=True)}
    for name in scheme.ranking.also:
        values = {u.code: world.quantity(scheme, u, name) for u in ranked}
        found[f"rank:{name}"] = numbers({c: -v for c, v in values.items() if has_value(v)}, style)
    return found
