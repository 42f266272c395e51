"""One raw value becomes points."""

from __future__ import annotations

from fractions import Fraction

from tests.scoring.naive.arithmetic import NONE, mean, whole_number
from tests.scoring.naive.members import assessed

TESTS = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


class View:
    """What a reading sees besides the value: the unit, its full points, target and standard; ``others(within)`` gives
    the values it is compared with (its own among them when it takes part); ``holds(condition)`` tests a condition."""

    def __init__(self, unit, points, holds, others=None, target=None, standard=None):
        self.unit = unit
        self.points = points
        self.holds = holds
        self.others = others
        self.named = {"target": target, "standard": standard}

    def amount(self, number):
        """A number, or the full points (None: there are none)."""
        return self.points if number == "full" else number


def read(view, reading, value):
    """Points, or NONE when the value cannot be read; None for an answer outside the count."""
    return READ[reading.kind](view, reading, value)


def direct(view, reading, value):
    base = view.amount(reading.base)
    return NONE if base is None else base + value * reading.factor


def levels(view, reading, value):
    return next(one.points for one in reading.levels if one.id == value)


def bands(view, reading, value):
    """The first band that the value reaches and whose conditions hold. A value in a gap that is nearer to the band
    above it is read as if it had reached that one."""
    reached = [n for n, band in enumerate(reading.bands) if at_least(value, band)]
    start = reached[0] if reached else len(reading.bands)
    if reading.gaps == "nearest" and 0 < start < len(reading.bands):
        upper, lower = reading.bands[start - 1], reading.bands[start]
        if lower.maximum is not None and value > lower.maximum and upper.minimum - value <= value - lower.maximum:
            start -= 1
            while start > 0 and reading.bands[start - 1].minimum == upper.minimum:
                start -= 1
    for band in reading.bands[start:]:
        if all(view.holds(c) for c in band.when):
            return band.points
    return NONE


def at_least(value, band):
    return band.minimum is None or value > band.minimum or (value == band.minimum and not band.above)


def threshold(view, reading, value):
    target = view.named.get(reading.target, reading.target)
    reached = view.amount(reading.reached)
    if target is None or reached is None:
        return NONE
    beyond = value - target if reading.side == "at_least" else target - value
    steps = abs(beyond) / reading.step
    if reading.count == "full":
        steps = whole_number(steps, "floor")
    if reading.count == "started":
        steps = whole_number(steps, "ceiling")
    return reached + reading.bonus * steps if beyond >= 0 else reached - reading.per_step * steps


def ratio(view, reading, value):
    times = view.amount(reading.times)
    if reading.to in ("target", "standard"):
        reference = view.named[reading.to]
    elif reading.to == "number":
        reference = reading.number
    else:
        values = view.others(reading.within)
        reference = {"best": max, "lowest": min, "average": mean}[reading.to](values) if values else None
    if reference is None or times is None:
        return NONE
    above, below = (reference, value) if reading.inverse else (value, reference)
    return NONE if below == 0 else above / below * times


def rank(view, reading, value):
    """The place among the others: how many stand before it, counted from the chosen end."""
    values = view.others(reading.within)
    high_first = (reading.order == "higher") != reading.from_end
    before = [v for v in values if (v > value if high_first else v < value)]
    place = 1 + len(before)
    if not assessed(view.unit) or reading.ties == "shared":
        return worth(reading, place)
    if reading.ties == "dense":
        return worth(reading, 1 + len(set(before)))
    return mean([worth(reading, place + n) for n in range(values.count(value))])


def worth(reading, place):
    """What the place is worth: out of the list, then so much less for each further place."""
    listed = len(reading.points)
    if place <= listed:
        return reading.points[place - 1]
    return reading.points[-1] - reading.step * (place - listed)


READ = {"direct": direct, "levels": levels, "bands": bands, "threshold": threshold, "ratio": ratio, "rank": rank}


def condition_holds(condition, quantity_of, seen=lambda value: value):
    """Whether the condition, or one of its alternatives, holds; ``seen`` makes the value as it is looked at."""
    value = quantity_of(condition.quantity)
    if isinstance(value, Fraction) and TESTS[condition.test](seen(value), condition.value):
        return True
    return any(condition_holds(c, quantity_of, seen) for c in condition.alternatives)
