"""What a scheme says besides the tree: rounding, votes, ranking, ladder and quotas, events, adjustments."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.readings import Amount, Condition, Partition
from app.domain.sources import Subjects

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
class TieBreak:
    """The next quantity to compare when units are equal so far."""

    quantity: str
    order: Literal["higher", "lower"] = "higher"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """Ranking of the totals inside each series or other partition. style: shared 1, 2, 2, 4; dense 1, 2, 2, 3;
    none: without ranks. listed: results stand in the order of the rank, or in the official one. on: compare exact
    totals, or the shown ones. also: further quantities with a ranking of their own (``rank:ID``)."""

    within: Partition = "series"
    style: Literal["shared", "dense", "none"] = "shared"
    listed: Literal["rank", "official"] = "rank"
    on: Literal["exact", "shown"] = "exact"
    ties: tuple[TieBreak, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """Number of places: a share (percent) of the base, or a fixed count. base: ranked units; all units of the series
    that are assessed; eligible ones (line and conditions met); ranked ones without those whose grade an adjustment
    bars or fixes. rounding of share × base. at_least: never fewer places than this. with_above: places taken by better
    grades count too (as a floor: lower grades count too). ties: units that are equal on the line: by decision (they
    wait for it one grade lower), all in, none in. promoted: a unit promoted outside the quota is part of the base."""

    share: Fraction | None = None
    count: int | None = None
    base: Literal["ranked", "all", "eligible", "without_vetoed"] = "ranked"
    rounding: Literal["half_up", "floor", "ceiling"] = "half_up"
    at_least: int = 0
    with_above: bool = False
    ties: Literal["decide", "all_in", "none_in"] = "decide"
    promoted: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Grade:
    """One rung. A unit reaches it when the total reaches ``line`` and every condition holds; the quota then says
    how many of those get it at most. floor: at least so many units get it (or less), the last ones first. maximum: the
    printed upper end of the line, for the check of gaps only. The lowest grade has neither line nor quota."""

    id: str
    name: str
    line: Fraction | None = None
    conditions: tuple[Condition, ...] = ()
    quota: Quota | None = None
    floor: Quota | None = None
    maximum: Fraction | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """Grades, best first. on: lines and conditions look at exact values, or at shown ones."""

    grades: tuple[Grade, ...]
    on: Literal["exact", "shown"] = "exact"


@dataclass(frozen=True, kw_only=True, slots=True)
class EventAmount:
    """A row of a kind's table: what an event counts for this class of person and this sanction (empty: any)."""

    person_class: str = ""
    sanction: str = ""
    amount: Fraction


@dataclass(frozen=True, kw_only=True, slots=True)
class EventKind:
    """A kind of event: what it is called and what one event costs or brings (none: each event states it). table: by
    class of person and sanction, the first row that fits, before ``amount``. steps: what the first, second, … event of
    the kind counts instead (the last one repeats). factor: every amount times this. cap: the most that all events of
    this kind together count."""

    id: str
    name: str
    amount: Fraction | None = None
    table: tuple[EventAmount, ...] = ()
    steps: tuple[Amount, ...] = ()
    factor: Fraction = Fraction(1)
    cap: Fraction | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Voting:
    """When a vote counts. present, returned: at least (``more``: more than) this percent of those expected are present,
    ballots returned of those issued. invalid: at most this percent of the returned ballots is invalid. more_returned:
    more ballots back than out. failed: such a session is left out, or blocks the result."""

    present: Fraction | None = None
    present_more: bool = False
    returned: Fraction | None = None
    returned_more: bool = False
    invalid: Fraction | None = None
    more_returned: Literal["void", "accept"] = "void"
    failed: Literal["leave_out", "block"] = "leave_out"


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotRule:
    """What makes one ballot (or one rater's sheet) valid as a whole. rule: the number, or the share in percent, of the
    subjects on it with one of ``answers`` or a value from ``minimum`` to ``maximum`` is at least and at most so much
    (``rounding`` of share × subjects); every field is filled; not all values are equal; not all are the full points.
    item: only answers to this one (empty: each item by itself). basis: the answers item by item, or their sum for each
    subject. on: ballots, score sheets, or both. groups: only ballots of these groups, and on a sheet only the subjects
    whom its owner scores as one of them (empty: all)."""

    id: str
    name: str
    rule: Literal["number", "share", "complete", "not_all_equal", "not_all_full"]
    item: str = ""
    basis: Literal["item", "sum"] = "item"
    answers: tuple[str, ...] = ()
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    at_least: Fraction | None = None
    at_most: Fraction | None = None
    rounding: Literal["half_up", "floor", "ceiling"] = "floor"
    on: Literal["ballots", "sheets", "both"] = "both"
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjustment:
    """A rule that acts on the grade and never on the score, and never raises it.

    It takes effect when at least ``events_at_least`` events of ``events`` are there (if any kinds are named) and all
    conditions of ``when`` hold. events_of: whose events: the unit's own, or those of subjects it stands to. year_by,
    years: which date counts, and how many years back. effect: bar (``grade`` and better are closed, the next lower is
    given), cap (at most ``grade``), fix (``grade``), down (``steps`` grades lower), remark (recorded only: 取消评优资格,
    警示; ``grades``: only for units that end with one of these). order: before or after the quota. freed_place: a place
    freed after the quota stays vacant, is passed on, or waits for a decision. family: the kind of adjustment for
    stacking. An event without the required evidence or approver has no effect on the grade and is reported.
    """

    id: str
    name: str
    basis: str = ""
    effect: Literal["bar", "cap", "fix", "down", "remark"]
    grade: str = ""
    steps: int = 1
    grades: tuple[str, ...] = ()
    scope: Scope = "unit"
    events: tuple[str, ...] = ()
    events_at_least: int = 1
    events_of: Subjects = "own"
    link: str = ""
    year_by: Literal["concluded", "occurred"] = "concluded"
    years: int = 1
    when: tuple[Condition, ...] = ()
    order: Literal["before_quota", "after_quota"] = "after_quota"
    freed_place: Literal["vacant", "passed_on", "decide"] = "vacant"
    family: str = ""
    evidence_required: bool = True
    approver_required: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Stacking:
    """Several "down" adjustments at once: only the worst, the worst of each family added up, or all added up;
    at most ``at_most`` steps together (none: no limit). order: the downs act before bars, caps and fixed grades, or
    after them."""

    down: Literal["worst", "worst_per_family", "add"] = "worst"
    at_most: int | None = None
    order: Literal["down_first", "caps_first"] = "down_first"
