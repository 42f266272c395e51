"""The scheme: one immutable document that says how a level is scored, ranked and graded.

The same tree of values is the scheme file (docs/formats/scheme.md); field names here are the names there. Every
number is exact. A rule of an office is a combination of these fields, never a class of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.gatherings import Applies as Applies
from app.domain.gatherings import Gathering as Gathering
from app.domain.gatherings import GroupShare as GroupShare
from app.domain.gatherings import Normalisation as Normalisation
from app.domain.gatherings import Periods as Periods
from app.domain.gatherings import Within as Within
from app.domain.ladders import Adjustment as Adjustment
from app.domain.ladders import BallotRule as BallotRule
from app.domain.ladders import EventAmount as EventAmount
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
from app.domain.ladders import Voting as Voting
from app.domain.readings import Amount as Amount
from app.domain.readings import Band as Band
from app.domain.readings import BandsReading as BandsReading
from app.domain.readings import Bound as Bound
from app.domain.readings import Condition as Condition
from app.domain.readings import DirectReading as DirectReading
from app.domain.readings import Level as Level
from app.domain.readings import LevelsReading as LevelsReading
from app.domain.readings import Partition as Partition
from app.domain.readings import RankReading as RankReading
from app.domain.readings import RatioReading as RatioReading
from app.domain.readings import Reading as Reading
from app.domain.readings import ThresholdReading as ThresholdReading
from app.domain.readings import looks_across as looks_across
from app.domain.report_forms import Answers as Answers
from app.domain.report_forms import EvidenceLimits as EvidenceLimits
from app.domain.report_forms import ReportForm as ReportForm
from app.domain.report_forms import Section as Section
from app.domain.sources import EventsSource as EventsSource
from app.domain.sources import MarksSource as MarksSource
from app.domain.sources import OfficeSource as OfficeSource
from app.domain.sources import QuantitySource as QuantitySource
from app.domain.sources import ResultsSource as ResultsSource
from app.domain.sources import Source as Source
from app.domain.sources import Subjects as Subjects
from app.domain.sources import VotesSource as VotesSource

Relation = Literal["own", "above", "below", "in_charge", "same_series", "same_level", "other"]

# rank and rank_from_last exist after the tree only. ``rank:ID`` is the rank by a quantity of ``Ranking.also``,
# ``before:ID`` a part's value before its normalisation.
BUILT_IN_QUANTITIES = ("total", "rank", "rank_from_last", "zero_items")
RANK_OF = "rank:"
BEFORE = "before:"


def is_rank(quantity: str) -> bool:
    """Whether the quantity exists after the ranking only."""
    return quantity in ("rank", "rank_from_last") or quantity.startswith(RANK_OF)


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


# ---- the tree


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Ends of a value. Minimum 0 is 扣完为止; no minimum lets it fall below zero (倒扣)."""

    minimum: Fraction | None = Fraction(0)
    maximum: Bound = "full"


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """Other points or another weight of a part for some units; of several the first that fits."""

    applies_to: Applies
    points: Fraction | None = None
    weight: Fraction | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """When all conditions hold, the item's value is this one instead (before its limits)."""

    when: tuple[Condition, ...]
    points: Amount
    note: str = ""


NotApplicablePolicy = Literal["block", "renormalise", "mean_of_others", "series_mean", "full", "zero"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A leaf: source → reading of each value → gathering → periods → conversion of the gathered value → overrides →
    limits → normalisation → rounding.

    points: full points. weight: share inside a weighted or scaled parent. on_top: added to the parent after it has
    joined its children, outside its points and weights. not_applicable: what the parent does when the part does not
    concern a unit; mean_of: whose mean stands in under ``series_mean`` (nothing stated: that of the unit's own series).
    gathering: none means the scheme's.
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
    mean_of: Applies = Applies()
    source: Source
    reading: Reading = DirectReading()
    gathering: Gathering | None = None
    periods: Periods | None = None
    conversion: Reading | None = None
    overrides: tuple[Override, ...] = ()
    limits: Limits = Limits()
    normalisation: Normalisation | None = None
    rounding: Rounding | None = None
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """An inner part. join: ``sum`` of the children's points; ``weighted`` mean of their values; ``scaled``: each
    child contributes value ÷ its points × its weight; ``mean``; ``minimum``; ``maximum``; ``product`` (a score × a
    coefficient). Then the children on top are added.

    gathering: every evaluator's marks below are joined first, and the raters' values of this node are gathered (their
    own order: each judge's sum, then the trimmed mean); all items below must be marks.
    """

    kind: Literal["node"] = "node"
    id: str
    name: str
    note: str = ""
    points: Fraction | None = None
    weight: Fraction | None = None
    on_top: bool = False
    applies_to: Applies = Applies()
    not_applicable: NotApplicablePolicy = "block"
    mean_of: Applies = Applies()
    join: Literal["sum", "weighted", "scaled", "mean", "minimum", "maximum", "product"] = "sum"
    gathering: Gathering | None = None
    limits: Limits = Limits(minimum=None, maximum=None)
    normalisation: Normalisation | None = None
    rounding: Rounding | None = None
    variants: tuple[Variant, ...] = ()
    children: tuple[Part, ...]


Part = Item | Node


# ---- the document


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """The whole document. level: the code of the level whose units it assesses. source: the rule it follows. report: the
    form of the self-report its units write (none: they write none)."""

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
    voting: Voting = Voting()
    validity: tuple[BallotRule, ...] = ()
    tree: Node
    measures: tuple[Item, ...] = ()
    rounding: RoundingStages = RoundingStages()
    ranking: Ranking = Ranking()
    ladder: Ladder
    event_kinds: tuple[EventKind, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    stacking: Stacking = Stacking()
    report: ReportForm | None = None


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
