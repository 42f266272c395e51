"""The scheme: one immutable document that says how a level is scored, ranked and graded.

The same tree of values is the scheme file (docs/formats/scheme.md); field names here are the names there. Every
number is exact. A rule of an office is a combination of these fields, never a class of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

# A limit: a number, the full points of the part ("full"), or no limit (None).
Bound = Fraction | Literal["full"] | None
Relation = Literal["own", "above", "below", "in_charge", "same_series", "same_level", "other"]
RoundingMode = Literal["half_up", "half_even", "down", "up"]
Scope = Literal["unit", "leading_group", "person"]

BUILT_IN_QUANTITIES = ("total", "rank", "zero_items")


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A group of evaluators. Members: role in ``roles`` (empty: any) and relation to the unit in ``relations``
    (empty: any). Who stands to the unit in one of ``recused`` belongs to the group but must not score it."""

    id: str
    name: str
    weight: Fraction = Fraction(1)
    roles: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    recused: tuple[Relation, ...] = ()


# ---- sources: where the raw values of an item come from


@dataclass(frozen=True, kw_only=True, slots=True)
class MarksSource:
    """Marks by evaluators on their score sheets."""

    kind: Literal["marks"] = "marks"


@dataclass(frozen=True, kw_only=True, slots=True)
class VotesSource:
    """Counted answers of a vote; the reading gives each answer its points (no points: outside the count).

    denominator: what the sum of points is divided by: counted answers only (``answers``), valid ballots, ballots
    returned, ballots issued, or voters present. Answers without points reduce none but ``answers``.
    """

    kind: Literal["votes"] = "votes"
    denominator: Literal["answers", "valid", "returned", "issued", "present"] = "valid"


@dataclass(frozen=True, kw_only=True, slots=True)
class EventsSource:
    """Events of the year that deduct from, or add to, a start value.

    start: ``full`` (deduct from full points) or a number. same_matter: what counts when several events carry the
    same matter number: each of them, or once (highest, latest, sum is the same as each). year_by: which date puts
    an event into the scheme's year; an event without that date counts.
    """

    kind: Literal["events"] = "events"
    kinds: tuple[str, ...] = ()
    direction: Literal["deduct", "add"] = "deduct"
    start: Fraction | Literal["full"] = Fraction(0)
    same_matter: Literal["each", "highest", "latest"] = "highest"
    year_by: Literal["concluded", "occurred"] = "concluded"


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficeSource:
    """One value per unit, set by the assessment office with its basis."""

    kind: Literal["office"] = "office"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildrenSource:
    """A quantity of the units below (those whose parent is this unit) out of the results of another scheme.

    quantity: ``total``, a part or measure of that scheme, or ``grade``: then each child counts 100 when its final
    grade is one of ``grades`` and 0 when not, so that a mean is a share in percent.
    """

    kind: Literal["children"] = "children"
    scheme: str
    quantity: str = "total"
    grades: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class QuantitySource:
    """Another quantity of this scheme."""

    kind: Literal["quantity"] = "quantity"
    quantity: str


Source = MarksSource | VotesSource | EventsSource | OfficeSource | ChildrenSource | QuantitySource


# ---- readings: a raw value becomes points


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectReading:
    """The value itself, times ``factor``. What may be entered: minimum to maximum ("full": the item's points), in
    steps, or one of ``allowed``; at most ``digits`` decimals (0 to 4)."""

    kind: Literal["direct"] = "direct"
    minimum: Fraction = Fraction(0)
    maximum: Bound = "full"
    step: Fraction | None = None
    allowed: tuple[Fraction, ...] = ()
    digits: int = 2
    factor: Fraction = Fraction(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """One answer of a level choice. No points: the answer is outside the count (不了解)."""

    id: str
    name: str
    points: Fraction | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelsReading:
    """A choice among named levels, best first."""

    kind: Literal["levels"] = "levels"
    levels: tuple[Level, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """From ``minimum`` (inclusive, or exclusive when ``above``) up to the next higher band; no minimum: the rest.
    ``maximum`` is only the printed end, for the check of gaps and overlaps."""

    points: Fraction
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    above: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BandsReading:
    """A table of bands, highest first: the first band that the value reaches gives the points."""

    kind: Literal["bands"] = "bands"
    bands: tuple[Band, ...]


Reading = DirectReading | LevelsReading | BandsReading


# ---- gathering: many values become one


@dataclass(frozen=True, kw_only=True, slots=True)
class Within:
    """How the values of one group become one. trimmed: leave out the ``high`` highest and ``low`` lowest, but only
    when there are more than ``above`` values (and something stays); otherwise the plain mean. latest: the last one
    in the order of the sheets."""

    method: Literal["mean", "trimmed", "median", "sum", "best", "lowest", "latest"] = "mean"
    high: int = 0
    low: int = 0
    above: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupShare:
    """A group and its weight in one gathering (relative to the other weights there)."""

    group: str
    weight: Fraction


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathering:
    """Values of raters → groups → one value by the groups' weights.

    groups: empty means every group of the scheme with its own weight. missing_group: what a group without enough
    values does: block (no result, with notice), zero, renormalise (the other weights are scaled up), use (the value
    of group ``use`` stands in). min_marks: fewer values than this make the group missing. blank, abstained: what
    such a mark does: left out, counted as zero, or no result. Marks "not applicable" are always left out; a group
    whose raters all say so is not applicable and drops out of the weights.
    """

    within: Within = Within()
    groups: tuple[GroupShare, ...] = ()
    missing_group: Literal["block", "zero", "renormalise", "use"] = "block"
    use: str = ""
    min_marks: int = 1
    blank: Literal["leave_out", "zero", "block"] = "leave_out"
    abstained: Literal["leave_out", "zero", "block"] = "leave_out"


# ---- the tree


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Ends of a value. Minimum 0 is 扣完为止; no minimum lets it fall below zero (倒扣)."""

    minimum: Fraction | None = Fraction(0)
    maximum: Bound = "full"


@dataclass(frozen=True, kw_only=True, slots=True)
class Applies:
    """Which units a part concerns: every filled list must contain the unit's value (tags: at least one in common)."""

    series: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


NotApplicablePolicy = Literal["block", "renormalise", "mean_of_others", "full", "zero"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A leaf: source → reading of each value → gathering → conversion of the gathered value → limits → rounding.

    points: full points. weight: share inside a weighted or scaled parent. on_top: added to the parent after it has
    joined its children, outside its points and weights. not_applicable: what the parent does when the part does not
    concern a unit. gathering: none means the scheme's.
    """

    kind: Literal["item"] = "item"
    id: str
    name: str
    note: str = ""
    points: Fraction | None = None
    weight: Fraction | None = None
    on_top: bool = False
    applies_to: Applies = Applies()
    not_applicable: NotApplicablePolicy = "block"
    source: Source
    reading: Reading = DirectReading()
    gathering: Gathering | None = None
    conversion: Reading | None = None
    limits: Limits = Limits()
    rounding: Rounding | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """An inner part. join: ``sum`` of the children's points; ``weighted`` mean of their values; ``scaled``: each
    child contributes value ÷ its points × its weight; ``mean``; ``minimum``. Then the children on top are added."""

    kind: Literal["node"] = "node"
    id: str
    name: str
    note: str = ""
    points: Fraction | None = None
    weight: Fraction | None = None
    on_top: bool = False
    applies_to: Applies = Applies()
    not_applicable: NotApplicablePolicy = "block"
    join: Literal["sum", "weighted", "scaled", "mean", "minimum"] = "sum"
    limits: Limits = Limits(minimum=None, maximum=None)
    rounding: Rounding | None = None
    children: tuple[Part, ...]


Part = Item | Node


# ---- after the tree


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """The whole document. level: the code of the level whose units it assesses. source: the rule it follows."""

    format: Literal["slk-scheme"] = "slk-scheme"
    version: Literal[1] = 1
    id: str
    name: str
    year: int
    level: str
    level_name: str = ""
    source: str = ""
    note: str = ""
    practice: bool = False
    groups: tuple[Group, ...] = ()
    gathering: Gathering = Gathering()
    tree: Node
    measures: tuple[Item, ...] = ()
    rounding: RoundingStages = RoundingStages()
    ranking: Ranking = Ranking()
    ladder: Ladder
    event_kinds: tuple[EventKind, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    stacking: Stacking = Stacking()


def walk(part: Part) -> list[Part]:
    """The part and everything below it, in the order of the document."""
    below = [p for child in part.children for p in walk(child)] if isinstance(part, Node) else []
    return [part, *below]


def items_of(scheme: Scheme) -> list[Item]:
    """Every item: those of the tree in order, then the measures."""
    return [p for p in walk(scheme.tree) if isinstance(p, Item)] + list(scheme.measures)


def sheet_items(scheme: Scheme) -> list[Item]:
    """The items that stand on score sheets, in order."""
    return [i for i in items_of(scheme) if isinstance(i.source, MarksSource)]


def full_points(part: Part) -> Fraction | None:
    """The part's full points: stated, or for a sum the sum of its children's (on-top parts left out)."""
    if part.points is not None or isinstance(part, Item):
        return part.points
    counted = [c for c in part.children if not c.on_top]
    if part.join == "sum":
        known = [full_points(c) for c in counted]
    elif part.join == "scaled":
        known = [c.weight for c in counted]
    else:
        known = [full_points(c) for c in counted][:1]
    return sum((k for k in known if k is not None), Fraction(0)) if all(k is not None for k in known) else None
