"""What a scheme says about everything after the tree: rounding, ranking, ladder and quotas, events, adjustments."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

RoundingMode = Literal["half_up", "half_even", "down", "up"]
Scope = Literal["unit", "leading_group", "person"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rounding:
    """Decimals kept (0 to 6) and mode; half_up is 四舍五入 (away from zero on the half)."""

    digits: int = 2
    mode: RoundingMode = "half_up"


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundingStages:
    """Where values are rounded for good (none: not at all), and how they are shown. A part may state its own."""

    group: Rounding | None = None
    item: Rounding | None = None
    node: Rounding | None = None
    total: Rounding | None = None
    shown: Rounding = Rounding()


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """A test of one quantity: a part, a measure, ``total``, ``rank``, ``zero_items``. A quantity without a value
    never meets a condition."""

    quantity: str
    test: Literal[">=", ">", "<=", "<", "=", "!="] = ">="
    value: Fraction


@dataclass(frozen=True, kw_only=True, slots=True)
class TieBreak:
    """The next quantity to compare when units are equal so far."""

    quantity: str
    order: Literal["higher", "lower"] = "higher"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """Ranking of the totals inside each series or over the whole level. style: shared 1, 2, 2, 4; dense 1, 2, 2, 3;
    none: sorted, but without ranks. on: compare exact totals, or the shown ones."""

    within: Literal["series", "level"] = "series"
    style: Literal["shared", "dense", "none"] = "shared"
    on: Literal["exact", "shown"] = "exact"
    ties: tuple[TieBreak, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """Ceiling of a grade: a share (percent) of the base, or a fixed count. base: ranked units; all units of the
    series that are assessed; eligible ones (line and conditions met). rounding of share × base. at_least: never
    fewer places than this. with_above: places taken by better grades count too. ties: units that are equal on the
    line: by decision (they wait for it one grade lower), all in, none in."""

    share: Fraction | None = None
    count: int | None = None
    base: Literal["ranked", "all", "eligible"] = "ranked"
    rounding: Literal["half_up", "floor", "ceiling"] = "half_up"
    at_least: int = 0
    with_above: bool = False
    ties: Literal["decide", "all_in", "none_in"] = "decide"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grade:
    """One rung. A unit reaches it when the total reaches ``line`` and every condition holds; the quota then says
    how many of those get it. The lowest grade has neither."""

    id: str
    name: str
    line: Fraction | None = None
    conditions: tuple[Condition, ...] = ()
    quota: Quota | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """Grades, best first. on: lines and conditions look at exact values, or at shown ones."""

    grades: tuple[Grade, ...]
    on: Literal["exact", "shown"] = "exact"


@dataclass(frozen=True, kw_only=True, slots=True)
class EventKind:
    """A kind of event: what it is called and what one event costs or brings (none: each event states it). cap:
    the most that all events of this kind together count."""

    id: str
    name: str
    amount: Fraction | None = None
    cap: Fraction | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjustment:
    """A rule that acts on the grade and never on the score, and never raises it.

    It takes effect when at least ``events_at_least`` events of ``events`` are there (if any kinds are named) and all
    conditions of ``when`` hold. effect: bar (``grade`` and better are closed, the next lower is given), cap (at most
    ``grade``), fix (``grade``), down (``steps`` grades lower). order: before or after the quota. freed_place: a place
    freed after the quota stays vacant, is passed on, or waits for a decision. family: the kind of adjustment for
    stacking. An event without the required evidence or approver has no effect on the grade and is reported.
    """

    id: str
    name: str
    basis: str = ""
    effect: Literal["bar", "cap", "fix", "down"]
    grade: str = ""
    steps: int = 1
    scope: Scope = "unit"
    events: tuple[str, ...] = ()
    events_at_least: int = 1
    when: tuple[Condition, ...] = ()
    order: Literal["before_quota", "after_quota"] = "after_quota"
    freed_place: Literal["vacant", "passed_on", "decide"] = "vacant"
    family: str = ""
    evidence_required: bool = True
    approver_required: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Stacking:
    """Several "down" adjustments at once: only the worst, the worst of each family added up, or all added up;
    at most ``at_most`` steps together (none: no limit)."""

    down: Literal["worst", "worst_per_family", "add"] = "worst"
    at_most: int | None = None
