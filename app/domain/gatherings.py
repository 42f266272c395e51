"""Gathering: many values become one, within groups, between groups, over periods; and who makes groups comparable."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.readings import Amount, Partition


@dataclass(frozen=True, kw_only=True, slots=True)
class Applies:
    """Which units something concerns: every filled list must contain the unit's value (tags: at least one in
    common)."""

    series: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Within:
    """How the values of one group become one. trimmed: leave out the ``high`` highest and ``low`` lowest, but only
    when there are more than ``above`` values (and something stays); otherwise the plain mean. equal: of values equal
    to the extreme one only so many are left out, or all of them. latest: the last one in the order of the sheets."""

    method: Literal["mean", "trimmed", "median", "sum", "best", "lowest", "latest"] = "mean"
    high: int = 0
    low: int = 0
    above: int = 0
    equal: Literal["so_many", "all"] = "so_many"


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupShare:
    """A group and its weight in one gathering (relative to the other weights there), for the units it applies to."""

    group: str
    weight: Fraction
    applies_to: Applies = Applies()


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathering:
    """Values of raters → groups → one value by the groups' weights.

    groups: empty means every group of the scheme with its own weight. weighting: the stated weights, or each weight
    times the number of values the group has. missing_group: what a group without enough values does: block (no
    result, with notice), zero, renormalise (the other weights are scaled up), use (the value of group ``use`` stands
    in). min_marks: fewer values than this make the group missing. blank, abstained: what such a mark does: left out,
    counted as zero, or no result. Marks "not applicable" are always left out; a group whose raters all say so is not
    applicable and drops out of the weights.
    """

    within: Within = Within()
    groups: tuple[GroupShare, ...] = ()
    weighting: Literal["stated", "counted"] = "stated"
    missing_group: Literal["block", "zero", "renormalise", "use"] = "block"
    use: str = ""
    min_marks: int = 1
    blank: Literal["leave_out", "zero", "block"] = "leave_out"
    abstained: Literal["leave_out", "zero", "block"] = "leave_out"


@dataclass(frozen=True, kw_only=True, slots=True)
class Periods:
    """Months, quarters: a value for each, gathered into the year's. weights: one for each name (none: all alike).
    missing: a period without a value blocks, is left out, or counts zero."""

    names: tuple[str, ...]
    within: Within = Within()
    weights: tuple[Fraction, ...] = ()
    missing: Literal["block", "leave_out", "zero"] = "block"


@dataclass(frozen=True, kw_only=True, slots=True)
class Normalisation:
    """Makes the groups of ``within`` comparable; the value before it is kept (``before:ID``).

    mean_ratio: × reference ÷ the group's mean (二次平均法; with ``high`` and ``low`` the means leave so many extremes
    out). z_score: the group gets the target's mean and spread. best_ratio: ÷ the group's best × ``times``. reference:
    the mean of the groups' means, or of all values. digits: decimals of the factor (mean_ratio; none: exact) or of the
    spreads (z_score; needed there, roots are not rational). smallest: groups with fewer values stay as they are, or
    have no result.
    """

    method: Literal["mean_ratio", "z_score", "best_ratio"]
    within: Partition = "series"
    reference: Literal["means", "all"] = "means"
    high: int = 0
    low: int = 0
    digits: int | None = None
    target_mean: Fraction | None = None
    target_spread: Fraction | None = None
    times: Amount = "full"
    smallest: int = 2
    small: Literal["keep", "block"] = "keep"
