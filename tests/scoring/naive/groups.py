"""Values of groups become one value by the groups' weights."""

from __future__ import annotations

from fractions import Fraction

from tests.scoring.naive.arithmetic import NA, NONE, has_value
from tests.scoring.naive.members import fits

MISSING = "missing"


def shares(scheme, gathering, unit):
    """(group, weight) of those that take part for this unit; a scheme without groups has one, named None."""
    by_id = {g.id: g for g in scheme.groups}
    if not gathering.groups:
        return [(g, g.weight) for g in scheme.groups] or [(None, Fraction(1))]
    found = {}
    for line in gathering.groups:
        if line.group not in found and fits(line.applies_to, unit):
            found[line.group] = (by_id[line.group], line.weight)
    return list(found.values())


def gathered(scheme, gathering, unit, group_value):
    """One value out of the groups. ``group_value(group)`` gives (a fraction, NA, NONE or MISSING; how many values)."""
    by_id = {g.id: g for g in scheme.groups}
    values, weights, missing = [], [], 0
    taking_part = shares(scheme, gathering, unit)
    for group, weight in taking_part:
        value, count = group_value(group)
        if value == MISSING:
            missing += 1
            if gathering.missing_group == "block":
                return NONE
            if gathering.missing_group == "renormalise":
                continue
            if gathering.missing_group == "zero":
                value = Fraction(0)
            if gathering.missing_group == "use":
                value = group_value(by_id[gathering.use])[0] if gathering.use in by_id else NONE
                if not has_value(value):
                    return NONE
        if value == NA:
            continue
        if value == NONE:
            return NONE
        values.append(value)
        weights.append(weight * count if gathering.weighting == "counted" else weight)
    if not values:
        return NONE if missing or not taking_part else NA
    if sum(weights) == 0:
        return NONE
    return sum((v * w for v, w in zip(values, weights, strict=True)), Fraction(0)) / sum(weights)
