"""Making groups comparable (统一口径)."""

from __future__ import annotations

from fractions import Fraction

from tests.scoring.naive.arithmetic import NONE, half_up, mean, spread
from tests.scoring.naive.members import partition


def normalised(rule, unit, value, points, taking_part):
    """The value on the common measure. ``taking_part``: (unit, value) of every unit that takes part and has a value."""
    groups = {}
    for other, number in taking_part:
        groups.setdefault(partition(other, rule.within), []).append(number)
    own = groups.get(partition(unit, rule.within), [])
    if len(own) < rule.smallest:
        return value if rule.small == "keep" else NONE
    if not own:
        return NONE
    everything = [number for _, number in taking_part]
    if rule.method == "mean_ratio":
        return by_mean(rule, value, own, everything, [g for g in groups.values() if len(g) >= rule.smallest])
    if rule.method == "z_score":
        return by_spread(rule, value, own, everything)
    times = points if rule.times == "full" else rule.times
    if times is None or max(own) == 0:
        return NONE
    return value / max(own) * times


def by_mean(rule, value, own, everything, groups):
    middle = mean(inner(rule, own))
    if middle == 0:
        return NONE
    if rule.reference == "means":
        reference = mean([mean(inner(rule, group)) for group in groups])
    else:
        reference = mean(inner(rule, everything))
    factor = reference / middle
    return value * (factor if rule.digits is None else half_up(factor, rule.digits))


def inner(rule, values):
    """The values without so many highest and lowest, when there are more than these."""
    if len(values) <= rule.high + rule.low:
        return values
    return sorted(values)[rule.low : len(values) - rule.high]


def by_spread(rule, value, own, everything):
    middle = mean(everything) if rule.target_mean is None else rule.target_mean
    wide = spread(everything, rule.digits) if rule.target_spread is None else rule.target_spread
    own_wide = spread(own, rule.digits)
    if own_wide == 0:
        return Fraction(middle)
    return middle + (value - mean(own)) / own_wide * wide
