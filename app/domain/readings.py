"""Readings: how a raw value becomes points; and the test of a quantity, which readings, grades and rules share."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Amount = Fraction | Literal["full"]  # a number, or the full points of the part
Bound = Fraction | Literal["full"] | None  # a limit: a number, the full points, or no limit

# How a level's units fall into comparable groups: "series", "kind", "parent", "level" (all together), or "tag:KEY",
# where the tag "KEY=value" of a unit names its group.
Partition = str


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """A test of one quantity: a part, a measure, or a built-in one. A quantity without a value never meets it.
    alternatives: the condition also holds when one of these does (有下列情形之一)."""

    quantity: str
    test: Literal[">=", ">", "<=", "<", "=", "!="] = ">="
    value: Fraction
    alternatives: tuple[Condition, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectReading:
    """base + the value × ``factor``. What may be entered: minimum to maximum ("full": the item's points), in steps,
    or one of ``allowed``; at most ``digits`` decimals (0 to 4)."""

    kind: Literal["direct"] = "direct"
    minimum: Fraction = Fraction(0)
    maximum: Bound = "full"
    step: Fraction | None = None
    allowed: tuple[Fraction, ...] = ()
    digits: int = 2
    factor: Fraction = Fraction(1)
    base: Amount = Fraction(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """One answer of a level choice. No points: the answer is outside the count (不了解)."""

    id: str
    name: str
    points: Fraction | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelsReading:
    """A choice among named levels, best first; yes and no are two levels."""

    kind: Literal["levels"] = "levels"
    levels: tuple[Level, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """From ``minimum`` (inclusive, or exclusive when ``above``) up to the next higher band; no minimum: the rest.
    ``maximum`` is only the printed end, for the check of gaps and overlaps. when: further conditions of the band."""

    points: Fraction
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    above: bool = False
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class BandsReading:
    """A table of bands, highest first: the first band that the value reaches gives the points. gaps: a value between
    the printed ends of two bands belongs to the lower one, or to the nearer (in the middle: the upper)."""

    kind: Literal["bands"] = "bands"
    bands: tuple[Band, ...]
    gaps: Literal["half_open", "nearest"] = "half_open"


@dataclass(frozen=True, kw_only=True, slots=True)
class ThresholdReading:
    """``reached`` points at the target; per ``step`` short of it ``per_step`` points less, per step beyond it ``bonus``
    more. count: parts of a step count in proportion, not at all (full), or as a whole one (started)."""

    kind: Literal["threshold"] = "threshold"
    target: Fraction | Literal["target", "standard"]
    side: Literal["at_least", "at_most"] = "at_least"
    reached: Amount = "full"
    step: Fraction = Fraction(1)
    per_step: Fraction
    bonus: Fraction = Fraction(0)
    count: Literal["proportional", "full", "started"] = "proportional"


@dataclass(frozen=True, kw_only=True, slots=True)
class RatioReading:
    """The value ÷ a reference × ``times`` (``inverse``: reference ÷ value). to: the figure's target or standard, a
    number, or the best, lowest or mean value of the units in the same group of ``within``."""

    kind: Literal["ratio"] = "ratio"
    to: Literal["target", "standard", "number", "best", "lowest", "average"]
    number: Fraction | None = None
    inverse: bool = False
    times: Amount = "full"
    within: Partition = "series"


@dataclass(frozen=True, kw_only=True, slots=True)
class RankReading:
    """The place of the value among the units of its group: ``points`` for the first, second, … place, each further one
    ``step`` less. from_end: places are counted from the last. ties: equal values share the first of their places, or
    the mean of what these places are worth, or leave no gap behind them (dense)."""

    kind: Literal["rank"] = "rank"
    order: Literal["higher", "lower"] = "higher"
    within: Partition = "series"
    points: tuple[Fraction, ...]
    step: Fraction = Fraction(0)
    from_end: bool = False
    ties: Literal["shared", "mean", "dense"] = "shared"


Reading = DirectReading | LevelsReading | BandsReading | ThresholdReading | RatioReading | RankReading


def looks_across(reading: Reading | None) -> bool:
    """Whether a unit's points depend on other units' values."""
    return isinstance(reading, RankReading) or (
        isinstance(reading, RatioReading) and reading.to in ("best", "lowest", "average")
    )
