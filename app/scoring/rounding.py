"""The only place where a number is rounded: exact integers in, exact integers out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from app.domain.schemes import Rounding


def _nearest(twice: Any, doubled: Any) -> Any:
    """floor((2a + b) / 2b): the half goes up. Works on integers and on integer arrays alike."""
    return twice // doubled


def round_ratio(num: Any, den: Any, rounding: Rounding) -> Any:
    """num ÷ den in units of 10^-digits, as integers (int, or array of int64 or Python ints; den > 0).

    half_up and down/up count away from and towards zero, as 四舍五入 is taught; half_even goes to the even neighbour.
    """
    scale = 10**rounding.digits
    size, sign = abs(num * scale), (num > 0) * 1 - (num < 0)  # np.sign would take a whole number for 64 bits
    if rounding.mode == "down":
        return sign * (size // den)
    if rounding.mode == "up":
        return sign * -((-size) // den)
    up = _nearest(2 * size + den, 2 * den)
    if rounding.mode == "half_even":
        exact_half = (2 * size + den) % (2 * den) == 0
        up = up - exact_half * (up % 2)
    return sign * up


def round_value(value: Fraction, rounding: Rounding) -> Fraction:
    """The value with the stated decimals."""
    return Fraction(round_ratio(value.numerator, value.denominator, rounding), 10**rounding.digits)
