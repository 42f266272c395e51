"""Rounding, readings and the ways many values become one, in plain fractions."""

from __future__ import annotations

from fractions import Fraction

NA = "not applicable"
NONE = "no result"


def has_value(quantity):
    return isinstance(quantity, Fraction)


def rounded(value, rule):
    """The value kept to the rule's decimals; no rule: the value itself."""
    if rule is None:
        return value
    scaled = abs(value) * 10**rule.digits
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    half = Fraction(1, 2)
    if (
        (rule.mode == "up" and rest > 0)
        or (rule.mode == "half_up" and rest >= half)
        or (rule.mode == "half_even" and (rest > half or (rest == half and whole % 2 == 1)))
    ):
        whole += 1
    size = Fraction(whole, 10**rule.digits)
    return -size if value < 0 else size


def read(value, reading):
    """One raw value turned into points; NONE when no band is reached."""
    if reading is None:
        return value
    if reading.kind == "direct":
        return value * reading.factor
    if reading.kind == "bands":
        for band in reading.bands:
            if band.minimum is None or value > band.minimum or (value == band.minimum and not band.above):
                return band.points
    return NONE


def level_points(reading, level):
    """The points of a level, None when the level is outside the count."""
    for one in reading.levels:
        if one.id == level:
            return one.points
    raise KeyError(level)


def together(values, within):
    """Several values, in official order, made one."""
    ordered = sorted(values)
    count = len(values)
    if within.method == "sum":
        return sum(values)
    if within.method == "best":
        return ordered[-1]
    if within.method == "lowest":
        return ordered[0]
    if within.method == "latest":
        return values[-1]
    if within.method == "median":
        return (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    if within.method == "trimmed" and count > within.above and count > within.high + within.low:
        ordered = ordered[within.low : count - within.high]
    return sum(ordered) / len(ordered)


def within_limits(value, limits, points):
    """The value between its ends."""
    if limits.minimum is not None and value < limits.minimum:
        value = limits.minimum
    top = points if limits.maximum == "full" else limits.maximum
    if top is not None and value > top:
        value = top
    return value
