"""Exact numbers in bulk: integers over one common denominator. int64 while they fit, Python integers beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.schemes import Rounding
from app.scoring.rounding import round_ratio

Integers = NDArray[Any]
SAFE = 2**61  # below this a product or sum is sure to fit an int64


def peak_of(num: Integers) -> int:
    """The largest absolute value (0 for nothing)."""
    return max(int(num.max()), -int(num.min())) if num.size else 0


def wide(num: Integers) -> Integers:
    """The same integers as Python integers, which never overflow."""
    return num if num.dtype == object else num.astype(object)


def times(num: Integers, factor: int) -> Integers:
    """num × factor without overflow."""
    if factor == 1:
        return num
    if num.dtype != object and max(peak_of(num), 1) * abs(factor) >= SAFE:
        num = wide(num)
    return num * factor


def times_each(num: Integers, factors: Integers) -> Integers:
    """Element by element product without overflow."""
    if (num.dtype != object or factors.dtype != object) and peak_of(num) * peak_of(factors) >= SAFE:
        num, factors = wide(num), wide(factors)
    return num * factors


def narrowed(num: Integers) -> Integers:
    """Back to int64 where everything fits again."""
    return num.astype(np.int64) if num.dtype == object and peak_of(num) < SAFE else num


@dataclass(frozen=True, slots=True)
class Exact:
    """An array of exact rationals: num ÷ den, element by element; den > 0. ``limit``: no |num| is above it (found
    out when it is first asked for)."""

    num: Integers
    den: int
    limit: int | None = field(default=None, compare=False)

    @property
    def peak(self) -> int:
        """An upper bound of |num|, by which overflow is ruled out."""
        if self.limit is None:
            object.__setattr__(self, "limit", peak_of(self.num))
        return self.limit or 0

    @classmethod
    def of(cls, values: Sequence[Fraction]) -> Exact:
        """From single values."""
        den = lcm(*(v.denominator for v in values)) if values else 1
        numerators = [v.numerator * (den // v.denominator) for v in values]
        fits = all(abs(n) < SAFE for n in numerators)
        return cls(np.array(numerators, dtype=np.int64 if fits else object), den)

    @classmethod
    def constant(cls, value: Fraction, count: int) -> Exact:
        """The same value everywhere."""
        return cls.of([value] * count) if count else cls(np.zeros(0, np.int64), 1)

    def at(self, index: int) -> Fraction:
        """One value."""
        return Fraction(int(self.num[index]), self.den)

    def take(self, index: Integers) -> Exact:
        """The values at these positions."""
        return Exact(self.num[index], self.den)

    def scaled(self, factor: Fraction) -> Exact:
        """Times a number."""
        return Exact(times(self.num, factor.numerator), self.den * factor.denominator)

    def divided(self, divisors: Integers, rounding: Rounding | None = None) -> Exact:
        """Each value by its own positive integer (all below a million), then rounded if a rule is given."""
        if rounding is not None:
            return self._divided_rounded(divisors, rounding)
        present = np.flatnonzero(np.bincount(divisors))
        common = lcm(1, *present.tolist())
        if common == 1:
            return self
        table = np.zeros(int(present[-1]) + 1, dtype=np.int64 if common < SAFE else object)
        table[present] = [common // int(d) for d in present]
        return Exact(times_each(self.num, table[divisors]), self.den * common)

    def _divided_rounded(self, divisors: Integers, rounding: Rounding) -> Exact:
        scale, den = 10**rounding.digits, self.den * int(divisors.max(initial=1))
        small = self.num.dtype != object and peak_of(self.num) * scale * 2 + den < SAFE and 2 * den < SAFE
        num, parts = (self.num, divisors) if small else (wide(self.num), wide(divisors))
        return Exact(narrowed(round_ratio(num, parts * self.den, rounding)), scale)

    def rounded(self, rounding: Rounding | None) -> Exact:
        """With the stated decimals; unchanged without a rule."""
        if rounding is None:
            return self
        scale = 10**rounding.digits
        num = self.num
        if num.dtype != object and (peak_of(num) * scale * 2 + self.den >= SAFE or 2 * self.den >= SAFE):
            num = wide(num)
        return Exact(narrowed(round_ratio(num, self.den, rounding)), scale)

    def clipped(self, low: Fraction | None, high: Fraction | None) -> Exact:
        """Kept between two ends."""
        if not self.num.size:
            return self
        result = self
        if low is not None and int(self.num.min()) * low.denominator < low.numerator * self.den:
            result = result._replaced(result.less(low), low)
        if high is not None and int(self.num.max()) * high.denominator > high.numerator * self.den:
            result = result._replaced(result.greater(high), high)
        return result

    def _replaced(self, where: NDArray[np.bool_], value: Fraction) -> Exact:
        den = lcm(self.den, value.denominator)
        num = times(self.num, den // self.den)
        filled = value.numerator * (den // value.denominator)
        num = wide(num).copy() if abs(filled) >= SAFE else num.copy()
        num[where] = filled
        return Exact(num, den)

    def placed(self, index: Integers | slice, values: Exact) -> Exact:
        """With other values at these positions."""
        den = lcm(self.den, values.den)
        own, other = den // self.den, den // values.den
        num, new = times(self.num, own), times(values.num, other)
        if num.dtype != new.dtype:
            num, new = wide(num), wide(new)
        num = num.copy()
        num[index] = new
        known = self.limit is not None and values.limit is not None
        return Exact(num, den, max(self.peak * own, values.peak * other) if known else None)

    def less(self, value: Fraction) -> NDArray[np.bool_]:
        """Where num/den < value, decided on integers."""
        bound = value.numerator * self.den
        return np.asarray(self.num < -(-bound // value.denominator), dtype=np.bool_)

    def greater(self, value: Fraction) -> NDArray[np.bool_]:
        """Where num/den > value, decided on integers."""
        bound = value.numerator * self.den
        return np.asarray(self.num > bound // value.denominator, dtype=np.bool_)

    def keys(self) -> list[int]:
        """Integers that compare as the values do."""
        return [int(n) for n in self.num.tolist()]


def multiplied(one: Exact, other: Exact) -> Exact:
    """Element by element product, exactly."""
    return Exact(times_each(one.num, other.num), one.den * other.den)


def combined(terms: Sequence[tuple[Exact, Fraction]], constant: Fraction = Fraction(0)) -> Exact:
    """Σ coefficient × values + constant, exactly."""
    if terms and terms[0][0].num.size == 1:
        return _combined_one(terms, constant)
    den = lcm(constant.denominator, *(e.den * c.denominator for e, c in terms))
    factors = [c.numerator * (den // (e.den * c.denominator)) for e, c in terms]
    start = constant.numerator * (den // constant.denominator)
    bound = abs(start) + sum(e.peak * abs(f) for (e, _), f in zip(terms, factors, strict=True))
    if bound < SAFE and all(abs(f) < SAFE for f in factors):
        total = np.full(terms[0][0].num.shape, start, dtype=np.int64) if terms else np.zeros(0, np.int64)
        for (exact, _), factor in zip(terms, factors, strict=True):
            total = total + (exact.num if exact.num.dtype != object else exact.num.astype(np.int64)) * factor
        return Exact(total, den, bound)
    total = wide(terms[0][0].num) * factors[0] + start
    for (exact, _), factor in zip(terms[1:], factors[1:], strict=True):
        total = total + wide(exact.num) * factor
    return Exact(total, den, bound)


def _combined_one(terms: Sequence[tuple[Exact, Fraction]], constant: Fraction) -> Exact:
    """The same of one unit alone: its few numbers are quicker added up without arrays."""
    den = lcm(constant.denominator, *(e.den * c.denominator for e, c in terms))
    total = constant.numerator * (den // constant.denominator)
    for exact, factor in terms:
        total += int(exact.num[0]) * factor.numerator * (den // (exact.den * factor.denominator))
    return Exact(np.array([total], dtype=np.int64 if abs(total) < SAFE else object), den, abs(total))
