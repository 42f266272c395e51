"""Rounding, roots, limits, and the ways many values become one, in plain fractions."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from app.domain.schemes import Rounding

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


def half_up(value, digits):
    return rounded(value, Rounding(digits=digits, mode="half_up"))


def whole_number(value, mode):
    """The value as a whole number: half_up, floor or ceiling (values are never negative here)."""
    return int(rounded(value, Rounding(digits=0, mode={"floor": "down", "ceiling": "up"}.get(mode, mode))))


def mean(values):
    return sum(values, Fraction(0)) / len(values)


def spread(values, digits):
    """Standard deviation (÷ n), rounded half up: the whole number n with (n − 1/2)² ≤ variance × 100^digits < (n + 1/2)²."""
    middle = mean(values)
    scaled = mean([(v - middle) ** 2 for v in values]) * 100**digits
    twice = isqrt(4 * scaled.numerator // scaled.denominator)
    return Fraction((twice + 1) // 2, 10**digits)


def together(values, within):
    """Several values, in official order, made one."""
    ordered = sorted(values)
    count = len(values)
    if within.method == "sum":
        return sum(values, Fraction(0))
    if within.method == "best":
        return ordered[-1]
    if within.method == "lowest":
        return ordered[0]
    if within.method == "latest":
        return values[-1]
    if within.method == "median":
        return (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    if within.method == "trimmed" and count > within.above:
        return mean(trimmed(ordered, within) or ordered)
    return mean(ordered)


def trimmed(ordered, within):
    """What is left of the values, lowest first."""
    if within.equal == "all":
        return [
            v
            for v in ordered
            if not (within.high > 0 and v == ordered[-1]) and not (within.low > 0 and v == ordered[0])
        ]
    return ordered[within.low : max(within.low, len(ordered) - within.high)]


def within_limits(value, limits, points):
    """The value between its ends."""
    if limits.minimum is not None and value < limits.minimum:
        value = limits.minimum
    top = points if limits.maximum == "full" else limits.maximum
    if top is not None and value > top:
        value = top
    return value
