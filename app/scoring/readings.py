"""Readings of single values: what a value, a level or a gathered value is worth to one unit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from app.domain.quantities import Quantity, State
from app.domain.schemes import (
    Amount,
    Band,
    BandsReading,
    Condition,
    DirectReading,
    Level,
    LevelsReading,
    RankReading,
    RatioReading,
    Reading,
    ThresholdReading,
)

Holds = Callable[[tuple[Condition, ...]], bool]


class Peers:
    """The values that a reading compares with: those of the units that take part, from the lowest up."""

    def __init__(self, values: Sequence[Fraction]) -> None:
        self.ordered = sorted(values)

    @cached_property
    def distinct(self) -> list[Fraction]:
        """Each value once."""
        return sorted(set(self.ordered))

    @cached_property
    def mean(self) -> Fraction | None:
        """The plain mean; None without values."""
        return sum(self.ordered, Fraction(0)) / len(self.ordered) if self.ordered else None

    def reference(self, to: str) -> Fraction | None:
        """The best, lowest or average value; None without values."""
        if not self.ordered:
            return None
        return self.mean if to == "average" else self.ordered[-1 if to == "best" else 0]


@dataclass(frozen=True, slots=True)
class Given:
    """What a reading may need besides the value, of one unit: full points, the figure's target and standard, the
    values of the group (``takes_part``: its own is among them), whether conditions hold."""

    points: Fraction | None = None
    target: Fraction | None = None
    standard: Fraction | None = None
    peers: Peers | None = None
    takes_part: bool = True
    holds: Holds | None = None

    def amount(self, stated: Amount) -> Fraction | None:
        """A number, or the full points (None: not stated)."""
        return self.points if stated == "full" else stated


NOTHING = Given()
NO_POINTS = Quantity.no_result("没有写满分，不能按满分读出")


# ---- bands


def band_points(reading: BandsReading, value: Fraction, holds: Holds | None = None) -> Fraction | None:
    """Points of the first band that the value reaches; None when it reaches none."""
    band = band_of(reading, value, holds)
    return None if band is None else band.points


def band_of(reading: BandsReading, value: Fraction, holds: Holds | None = None) -> Band | None:
    """The first band that the value reaches and whose conditions hold."""
    for band, read_as in zip(reading.bands, with_gaps_shared(reading).bands, strict=True):
        if reaches(read_as, value) and (not band.when or (holds is not None and holds(band.when))):
            return band
    return None


def reaches(band: Band, value: Fraction) -> bool:
    """Whether the value is at, or above, the lower end."""
    return band.minimum is None or value > band.minimum or (value == band.minimum and not band.above)


def with_gaps_shared(reading: BandsReading) -> BandsReading:
    """``nearest`` said by the lower ends alone: a gap's upper half, its middle included, belongs to the upper band."""
    if reading.gaps == "half_open":
        return reading
    bands = [_lowered(band, reading.bands[i + 1 :]) for i, band in enumerate(reading.bands)]
    return replace(reading, bands=tuple(bands), gaps="half_open")


def _lowered(band: Band, below: Sequence[Band]) -> Band:
    start = band.minimum
    if start is None:
        return band
    lower = next((b for b in below if b.minimum is None or b.minimum < start), None)
    if lower is None or lower.maximum is None or lower.maximum >= start:
        return band
    return replace(band, minimum=(lower.maximum + start) / 2, above=False)


def level_of(reading: LevelsReading, level_id: str) -> Level | None:
    """The level with this id."""
    return next((level for level in reading.levels if level.id == level_id), None)


# ---- one value


def read_value(reading: Reading, value: Fraction, given: Given = NOTHING) -> Quantity:
    """A number through a reading; a level choice cannot read a number."""
    if isinstance(reading, DirectReading):
        base = given.amount(reading.base)
        return NO_POINTS if base is None else Quantity.of(base + value * reading.factor)
    if isinstance(reading, BandsReading):
        points = band_points(reading, value, given.holds)
        return Quantity.no_result("该值不在分段表的任何一段") if points is None else Quantity.of(points)
    if isinstance(reading, ThresholdReading):
        return _by_threshold(reading, value, given)
    if isinstance(reading, RatioReading):
        return _by_ratio(reading, value, given)
    if isinstance(reading, RankReading):
        return Quantity.of(rank_points(reading, value, given.peers or Peers(()), given.takes_part))
    return Quantity.no_result("等级读法不能换算数值")


def target_of(stated: Fraction | str, given: Given) -> Fraction | None:
    """A number, or the figure's target or standard."""
    if isinstance(stated, Fraction):
        return stated
    return given.target if stated == "target" else given.standard


def steps_of(reading: ThresholdReading, distance: Fraction) -> Fraction:
    """How many steps a distance is, by the rule for parts of a step."""
    steps = distance / reading.step
    if reading.count == "full":
        return Fraction(steps.__floor__())
    return Fraction(steps.__ceil__()) if reading.count == "started" else steps


def _by_threshold(reading: ThresholdReading, value: Fraction, given: Given) -> Quantity:
    target, reached = target_of(reading.target, given), given.amount(reading.reached)
    if target is None:
        return Quantity.no_result("没有录入目标值" if reading.target == "target" else "没有录入标准值")
    if reached is None:
        return NO_POINTS
    if reading.step <= 0:
        return Quantity.no_result("步长应大于 0")
    beyond = value - target if reading.side == "at_least" else target - value
    steps = steps_of(reading, abs(beyond))
    return Quantity.of(reached + steps * reading.bonus if beyond >= 0 else reached - steps * reading.per_step)


def reference_of(reading: RatioReading, given: Given) -> Fraction | None:
    """What a value is divided by (or what is divided by it); None when there is none."""
    if reading.to == "number":
        return reading.number
    if reading.to in ("target", "standard"):
        return target_of(reading.to, given)
    return (given.peers or Peers(())).reference(reading.to)


_NO_REFERENCE = {
    "target": "没有录入目标值",
    "standard": "没有录入标准值",
    "number": "方案没有写参照的数",
}


def _by_ratio(reading: RatioReading, value: Fraction, given: Given) -> Quantity:
    reference, times = reference_of(reading, given), given.amount(reading.times)
    if reference is None:
        return Quantity.no_result(_NO_REFERENCE.get(reading.to, "没有可比的单位"))
    if times is None:
        return NO_POINTS
    above, below = (reference, value) if reading.inverse else (value, reference)
    return Quantity.no_result("除数为 0，不能求比率") if below == 0 else Quantity.of(above / below * times)


# ---- places


def places_of(reading: RankReading, value: Fraction, peers: Peers, takes_part: bool = True) -> range:
    """The places (from 1) that values equal to this one take up; a unit that does not take part has just one: one more
    than there are better ones, whatever the ties."""
    upwards = (reading.order == "lower") != reading.from_end  # whether lower values come first
    values = peers.distinct if reading.ties == "dense" and takes_part else peers.ordered
    before = bisect_left(values, value) if upwards else len(values) - bisect_right(values, value)
    equal = bisect_right(values, value) - bisect_left(values, value) if takes_part else 0
    return range(before + 1, before + 1 + max(equal, 1))


def place_points(reading: RankReading, place: int) -> Fraction:
    """What one place is worth."""
    listed = len(reading.points)
    return reading.points[place - 1] if place <= listed else reading.points[-1] - reading.step * (place - listed)


def rank_points(reading: RankReading, value: Fraction, peers: Peers, takes_part: bool = True) -> Fraction:
    """What the value's place is worth."""
    places = places_of(reading, value, peers, takes_part)
    if reading.ties != "mean":
        return place_points(reading, places[0])
    return sum((place_points(reading, p) for p in places), Fraction(0)) / len(places)


def converted(quantity: Quantity, reading: Reading | None, given: Given = NOTHING) -> Quantity:
    """A quantity through a reading; what has no value stays as it is."""
    if reading is None or quantity.state is not State.VALUE or quantity.value is None:
        return quantity
    return read_value(reading, quantity.value, given)
