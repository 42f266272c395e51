"""How the parts of a node become one value; full points and weights as they are for one unit."""

from __future__ import annotations

from fractions import Fraction

from tests.scoring.naive.arithmetic import NA, NONE, has_value
from tests.scoring.naive.members import fits


def for_unit(part, unit, field):
    """The part's points or weight for this unit: of its first fitting variant, if that says so."""
    for variant in part.variants:
        if fits(variant.applies_to, unit):
            stated = getattr(variant, field)
            return getattr(part, field) if stated is None else stated
    return getattr(part, field)


def weight(part, unit):
    return for_unit(part, unit, "weight")


def full(part, unit):
    """Full points: stated, or after the join."""
    points = for_unit(part, unit, "points")
    if points is not None or part.kind == "item":
        return points
    below = [c for c in part.children if not c.on_top]
    if part.join in ("sum", "scaled"):
        known = [full(c, unit) if part.join == "sum" else weight(c, unit) for c in below]
        return None if None in known else sum(known, Fraction(0))
    return full(below[0], unit)


def join(node, unit, values, series_mean):
    """The children's values made one, with those on top."""
    if NONE in values.values():
        return NONE
    counted = [c for c in node.children if not c.on_top]
    if all(values[c.id] == NA for c in counted):
        return NA
    if any(values[c.id] == NA and c.not_applicable == "block" for c in counted):
        return NONE
    value = joined(node, unit, counted, values, series_mean)
    if value == NONE:
        return NONE
    return value + sum((values[c.id] for c in node.children if c.on_top and has_value(values[c.id])), Fraction(0))


def joined(node, unit, counted, values, series_mean):
    """The counted parts made one, holes filled first."""
    applicable = [c for c in counted if has_value(values[c.id])]
    filled = {}
    for part in counted:
        if has_value(values[part.id]):
            filled[part.id] = values[part.id]
        elif part.not_applicable != "renormalise":
            filled[part.id] = filling(node, unit, part, applicable, values, series_mean)
            if filled[part.id] is None:
                return NONE
    here = [c for c in counted if c.id in filled]
    if node.join == "minimum":
        return min(filled.values())
    if node.join == "maximum":
        return max(filled.values())
    if node.join == "mean":
        return sum(filled.values(), Fraction(0)) / len(filled)
    if node.join == "product":
        value = Fraction(1)
        for factor in filled.values():
            value *= factor
        return value
    if node.join == "weighted":
        weights = sum(weight(c, unit) for c in here)
        return sum(filled[c.id] * weight(c, unit) for c in here) / weights if weights else NONE
    if node.join == "scaled":
        weights = sum(weight(c, unit) for c in here)
        if not weights or not all(full(c, unit) for c in counted):
            return NONE
        rates = sum(filled[c.id] / full(c, unit) * weight(c, unit) for c in here)
        return rates * sum(weight(c, unit) for c in counted) / weights
    total = sum(filled.values(), Fraction(0))
    if len(here) == len(counted):
        return total
    if any(full(c, unit) is None for c in counted) or not sum(full(c, unit) for c in here):
        return NONE
    return total * sum(full(c, unit) for c in counted) / sum(full(c, unit) for c in here)


def filling(node, unit, part, applicable, values, series_mean):
    """What stands in for a part that does not apply (None: cannot be said)."""
    if part.not_applicable == "full":
        return full(part, unit)
    if part.not_applicable == "zero":
        return Fraction(0)
    if part.not_applicable == "series_mean":
        return series_mean(part)
    if node.join in ("sum", "scaled"):
        if not full(part, unit) or not all(full(c, unit) for c in applicable):
            return None
        rate = sum(values[c.id] / full(c, unit) for c in applicable) / len(applicable)
        return rate * full(part, unit)
    return sum(values[c.id] for c in applicable) / len(applicable)
