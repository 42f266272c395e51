"""Ratios of marks as whole numbers of a fine unit, rounded down: quick sums whose error is known. Where the error could
change what is rounded, the exact marks decide."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from app.domain.schemes import Gathering, Rounding
from app.scoring.exact import SAFE, Exact, Integers
from app.scoring.gather import Gathered, within_group
from app.scoring.marks import NO_SHEET
from app.scoring.tables import FAR, Codes, Flags

if TYPE_CHECKING:
    from app.scoring.stacks import GroupMarks, Stack

# Places of the units of a group, and what the marks of each row are divided by: numerators (0: nothing), denominators.
Reference = tuple[Sequence[int], tuple[Integers, Integers]]
_FINE = 2**32  # the unit is at most so small
_COARSE = 2**12  # and at least so many times smaller than the last decimal that is kept


@dataclass(frozen=True)
class Near:
    """What stands behind a stack of values that were rounded down: each true value is less than one unit above."""

    exactly: Callable[[Collection[int]], Stack]  # the marks of some units, by their places (slow)


def may_be_near(gathering: Gathering) -> bool:
    """Whether a group's value comes about without asking which marks are equal."""
    return gathering.within.method != "trimmed" or gathering.within.equal != "all"


def settled(stack: Stack, group: GroupMarks, low: Gathered, total: Integers, rounding: Rounding) -> Gathered:
    """The group with the exact marks' values where the error decides. total: of the values that were rounded down, of
    which ``low`` is what it comes to."""
    slack = low.counted if stack.gathering.within.method == "sum" else low.used  # so many units it may be higher
    high = Exact(total + slack, stack.den).divided(low.used, rounding)
    unsure = np.flatnonzero(low.value.num != high.num)
    if stack.near is None or not unsure.size:
        return low
    exact = stack.near.exactly(frozenset(unsure.tolist()))
    true = next(g for g in exact.groups if g.group == group.group)
    _, sums, parts = within_group(true.marks[:, unsure], stack.gathering.within, exact.offset)
    value = Exact(sums, exact.den).divided(parts, rounding)
    return Gathered(low.group, low.name, low.counted, low.used, low.value.placed(unsure, value), low.state)


def near_ratios(
    codes: Codes, references: Sequence[Reference], times: Sequence[Fraction | None], rounding: Rounding
) -> tuple[Integers, int] | None:
    """Marks [row, unit] ÷ the reference of their row and group × the unit's times, rounded down to whole units (FAR
    where there is no value), and how many units are one. None when no unit is fine enough and yet keeps all sums in
    int64."""
    there = codes > NO_SHEET
    farthest = int(abs(np.where(there, codes, 0).astype(np.int64)).max(initial=0))
    ends = np.concatenate([abs(ends) for _, (ends, _) in references] or [np.zeros(0, np.int64)])
    counts = np.concatenate([counts for _, (_, counts) in references] or [np.zeros(0, np.int64)])
    above, below = int(ends.max(initial=1)), int(counts.max(initial=1))
    worths = {abs(t) for t in times if t is not None} or {Fraction(0)}
    some = ends > 0
    steepest = Fraction(int((-(-counts[some] * _FINE // ends[some])).max(initial=0)), _FINE)
    top = farthest * steepest * max(worths) + 1  # no value is above
    room = min(
        SAFE // (farthest * below * max(w.numerator for w in worths) + 1),
        int(SAFE / (top * (len(codes) + 1) * 10**rounding.digits * 4)),
    )
    unit = min(_FINE, 1 << max(room.bit_length() - 1, 0))
    if unit < _COARSE * 10**rounding.digits or any(above * w.denominator >= SAFE for w in worths):
        return None
    result = np.full(codes.shape, FAR, dtype=np.int64)
    for places, (ends, counts) in references:
        for worth in {w for p in places if (w := times[p]) is not None}:
            own = [p for p in places if times[p] == worth]
            result[:, own] = _ratios(codes[:, own], ends[:, None], counts[:, None], worth, unit)
    return result, unit


def _ratios(codes: Codes, ends: Integers, counts: Integers, worth: Fraction, unit: int) -> Integers:
    sign = np.where(ends < 0, -1, 1)
    there: Flags = np.asarray((codes > NO_SHEET) & (ends != 0), dtype=np.bool_)
    products = np.where(there, codes, 0).astype(np.int64) * (counts * sign * (worth.numerator * unit))
    return np.where(there, products // np.where(ends == 0, 1, abs(ends) * worth.denominator), FAR)
