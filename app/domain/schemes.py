"""The scheme: one immutable document that says how a level is scored, ranked and graded.

The same tree of values is the scheme file (docs/formats/scheme.md); field names here are the names there. Every
number is exact. A rule of an office is a combination of these fields, never a class of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.ladders import Adjustment as Adjustment
from app.domain.ladders import Condition as Condition
from app.domain.ladders import EventKind as EventKind
from app.domain.ladders import Grade as Grade
from app.domain.ladders import Ladder as Ladder
from app.domain.ladders import Quota as Quota
from app.domain.ladders import Ranking as Ranking
from app.domain.ladders import Rounding as Rounding
from app.domain.ladders import RoundingMode as RoundingMode
from app.domain.ladders import RoundingStages as RoundingStages
from app.domain.ladders import Scope as Scope
from app.domain.ladders import Stacking as Stacking
from app.domain.ladders import TieBreak as TieBreak

# A limit: a number, the full points of the part ("full"), or no limit (None).
Bound = Fraction | Literal["full"] | None
Relation = Literal["own", "above", "below", "in_charge", "same_series", "same_level", "other"]

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


# ---- the document


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
    rounding: RoundingStages = RoundingStages()  # noqa: RUF009 - frozen values may be shared
    ranking: Ranking = Ranking()  # noqa: RUF009
    ladder: Ladder
    event_kinds: tuple[EventKind, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    stacking: Stacking = Stacking()  # noqa: RUF009


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
