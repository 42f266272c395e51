"""All marks of one item read at once, where reading takes more than the mark: the same rules as ``readings``, in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from math import lcm

import numpy as np

from app.domain.schemes import BandsReading, DirectReading, RankReading, RatioReading, Reading, ThresholdReading
from app.scoring.exact import SAFE, Integers, peak_of, times_each, wide
from app.scoring.exact import times as times_of
from app.scoring.marks import NO_SHEET
from app.scoring.near import Reference
from app.scoring.readings import Given, place_points, read_value, with_gaps_shared
from app.scoring.tables import FAR, Codes, Flags, read_codes, read_den

Read = tuple[Integers, int]  # integers over a denominator, FAR where there is no value


def by_classes(reading: Reading, codes: Codes, digits: int, classes: Sequence[tuple[list[int], Given]]) -> Read:
    """Marks over 10^digits, of which each is read by itself; classes: places of units and what the reading is told
    about them."""
    parts = [(places, *_of_class(reading, codes[:, places], digits, given)) for places, given in classes]
    den = lcm(1, *(own for _, _, own in parts))
    if len(parts) == 1 and len(parts[0][0]) == codes.shape[1]:
        return parts[0][1], den
    enlarged = [(places, _enlarged(values, den // own)) for places, values, own in parts]
    kind = object if any(values.dtype == object for _, values in enlarged) else np.int64
    result = np.full(codes.shape, FAR, dtype=kind)
    for places, values in enlarged:
        result[:, places] = values
    return result, den


def _enlarged(values: Integers, factor: int) -> Integers:
    if factor == 1:
        return values
    found = np.asarray(values != FAR, dtype=np.bool_)
    return np.where(found, times_of(np.where(found, values, 0), factor), FAR)


def _of_class(reading: Reading, codes: Codes, digits: int, given: Given) -> Read:
    plain = _as_plain(reading, given)
    if plain is not None:
        den = read_den(plain, digits)
        return read_codes(plain, codes, digits, den), den
    if isinstance(reading, ThresholdReading) and isinstance(reading.target, Fraction) and reading.step > 0:
        reached = given.amount(reading.reached)
        if reached is not None:
            return _by_steps(reading, codes, digits, reading.target, reached)
    return _by_table(reading, codes, 10**digits, given)


def _as_plain(reading: Reading, given: Given) -> Reading | None:
    """A reading that needs nothing but the mark and comes to the same for these units; None when there is none."""
    if isinstance(reading, DirectReading):
        base = given.amount(reading.base)
        return None if base is None else replace(reading, base=base)
    if isinstance(reading, BandsReading):
        shared, holds = with_gaps_shared(reading), given.holds
        kept = tuple(replace(b, when=()) for b in shared.bands if not b.when or (holds is not None and holds(b.when)))
        return replace(shared, bands=kept)
    if isinstance(reading, RatioReading) and reading.to == "number" and not reading.inverse:
        times = given.amount(reading.times)
        return DirectReading(factor=times / reading.number) if times is not None and reading.number else None
    return None


def _by_steps(reading: ThresholdReading, codes: Codes, digits: int, target: Fraction, reached: Fraction) -> Read:
    """Points by the distance from a target: steps are a whole number over ``span``, or rounded to whole ones."""
    sign, scale = (1 if reading.side == "at_least" else -1), 10**digits
    span = scale * target.denominator * reading.step.numerator
    farthest = 2**31 * target.denominator + abs(target.numerator) * scale
    small = farthest * reading.step.denominator < SAFE and span < SAFE
    marks = codes.astype(np.int64 if small else object)
    beyond = sign * (marks * target.denominator - target.numerator * scale) * reading.step.denominator
    short = np.asarray(beyond < 0, dtype=np.bool_)
    steps = abs(beyond)
    if reading.count != "proportional":
        steps = steps // span if reading.count == "full" else -(-steps // span)
    unit = span if reading.count == "proportional" else 1
    den = lcm(reached.denominator, unit * reading.bonus.denominator, unit * reading.per_step.denominator)
    gain, loss = int(reading.bonus * den / unit), int(reading.per_step * den / unit)
    change = np.where(short, -times_of(steps, loss), times_of(steps, gain))
    start = int(reached * den)
    if change.dtype != object and peak_of(change) + abs(start) >= SAFE:
        change = wide(change)
    return narrow(np.where(codes > NO_SHEET, change + start, FAR)), den


def _by_table(reading: Reading, codes: Codes, scale: int, given: Given) -> Read:
    """Each distinct mark read once."""
    known = np.unique(codes[codes > NO_SHEET], return_counts=True)[0]
    points = [read_value(reading, Fraction(int(c), scale), given).value for c in known]
    den = lcm(1, *(p.denominator for p in points if p is not None))
    result = np.full(codes.shape, FAR, dtype=object)
    if known.size:
        worth = np.array([FAR if p is None else int(p * den) for p in points], dtype=object)
        found = worth[np.minimum(np.searchsorted(known, codes), len(known) - 1)]
        result = np.where(codes > NO_SHEET, found, FAR)
    return narrow(result), den


def by_places(reading: RankReading, codes: Codes, compared: Flags, groups: Sequence[list[int]]) -> Read:
    """Each row's marks by their place among the row's compared marks of the same group of units."""
    first, equal = np.zeros(codes.shape, np.int64), np.ones(codes.shape, np.int64)
    for places in groups:
        before, alike = _before(reading, codes[:, places].astype(np.int64), compared[:, places])
        first[:, places], equal[:, places] = before, np.maximum(alike, 1)
    last = int((first + equal).max(initial=0))
    worth = [place_points(reading, place) for place in range(1, last + 1)]
    den = lcm(1, *(p.denominator for p in worth))
    table = np.array([0, *accumulate(int(p * den) for p in worth)], dtype=object)  # the sum of the first places
    if reading.ties != "mean":
        found = _as_narrow(np.diff(table))[first] if last else np.full(codes.shape, FAR, dtype=object)
        return narrow(np.where(codes > NO_SHEET, found, FAR)), den
    present = np.flatnonzero(np.bincount(equal.ravel()))
    shared = lcm(1, *present.tolist())
    enlarging = np.ones(int(present.max(initial=0)) + 1, dtype=object)
    enlarging[present] = [shared // n for n in present.tolist()]
    table = _as_narrow(table)
    found = times_each(table[first + equal] - table[first], _as_narrow(enlarging)[equal])
    return narrow(np.where(codes > NO_SHEET, found, FAR)), den * shared


def _as_narrow(table: Integers) -> Integers:
    """A table of Python integers as int64 where differences of any two of them fit."""
    return table.astype(np.int64) if 2 * peak_of(table) < SAFE else table


_ROW = 2**33  # keeps the marks of one row apart from those of the next


def _before(reading: RankReading, lines: Integers, inside: Flags) -> tuple[Integers, Integers]:
    """How many compared marks of its row come before each mark, and how many equal it."""
    upwards = (reading.order == "lower") != reading.from_end
    lines = lines + np.arange(len(lines))[:, None] * _ROW
    ordered = np.sort(lines[inside])
    before, equal = _count(ordered, lines, upwards)
    if reading.ties == "dense":
        new = np.ones(len(ordered), dtype=np.bool_)
        new[1:] = ordered[1:] != ordered[:-1]
        dense, _ = _count(ordered[new], lines, upwards)
        before = np.where(inside, dense, before)
    return before, np.where(inside, equal, 1)


def _count(ordered: Integers, lines: Integers, upwards: bool) -> tuple[Integers, Integers]:
    starts = np.searchsorted(ordered, (np.arange(len(lines) + 1) * _ROW) - _ROW // 2)
    left, right = np.searchsorted(ordered, lines, "left"), np.searchsorted(ordered, lines, "right")
    return (left - starts[:-1, None] if upwards else starts[1:, None] - right), right - left


def by_ratio(codes: Codes, references: Sequence[Reference], times: Sequence[Fraction | None]) -> Read:
    """Each row's marks ÷ the best, lowest or mean of the row's compared marks of the same group × the unit's times."""
    common = lcm(1, *(end for _, (ends, _) in references for end in set(ends.tolist()) if end))
    den = common * lcm(*(t.denominator for t in times if t is not None))
    result = np.full(codes.shape, FAR, dtype=object)
    for places, (ends, counts) in references:
        for worth in {times[p] for p in places}:
            if worth is None:
                continue
            whole = int(worth * den) // common
            pairs = zip(ends.tolist(), counts.tolist(), strict=True)
            shares = [common // end * count * whole if end else 0 for end, count in pairs]
            own = [p for p in places if times[p] == worth]
            there = (codes[:, own] > NO_SHEET) & (ends != 0)[:, None]
            products = codes[:, own].astype(object) * np.array(shares, dtype=object)[:, None]
            result[:, own] = np.where(there, products, FAR)
    return narrow(result), den


def references(to: str, codes: Codes, compared: Flags) -> tuple[Integers, Integers]:
    """What the marks of each row are divided by, as numerators (0: nothing to divide by) and denominators."""
    if to == "average":
        sums = np.where(compared, codes, 0).sum(axis=1, dtype=np.int64)
        return sums, np.maximum(compared.sum(axis=1), 1)
    some = compared.any(axis=1)
    far = np.iinfo(np.int32)
    ends = (
        np.where(compared, codes, far.min).max(axis=1)
        if to == "best"
        else np.where(compared, codes, far.max).min(axis=1)
    )
    return np.where(some, ends, 0).astype(np.int64), np.ones(len(ends), np.int64)


def narrow(values: Integers) -> Integers:
    """As int64 where everything fits."""
    if values.dtype != object:
        return values
    own = values[values != FAR]
    fits = not own.size or max(int(own.max()), -int(own.min())) < SAFE
    return values.astype(np.int64) if fits else values
