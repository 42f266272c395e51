"""Sources: where the raw values of an item come from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.readings import Amount

Subjects = Literal["own", "children", "parent", "linked", "linking"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MarksSource:
    """Marks by evaluators on their score sheets."""

    kind: Literal["marks"] = "marks"


@dataclass(frozen=True, kw_only=True, slots=True)
class VotesSource:
    """Answers of a vote; the reading gives each answer its points (no points: outside the count; a direct reading: the
    answers are numbers).

    denominator: what the sum of points is divided by: counted answers only (``answers``), valid ballots, ballots
    returned, ballots issued, voters present, voters expected, or nothing (``none``: the plain sum). Answers without
    points reduce none but ``answers``. ballot_of: the counts are those of that item (rates out of one vote).
    """

    kind: Literal["votes"] = "votes"
    denominator: Literal["answers", "valid", "returned", "issued", "present", "expected", "none"] = "valid"
    ballot_of: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventsSource:
    """Events of the year that deduct from, or add to, a start value.

    start: ``full`` (deduct from full points) or a number. tally: amounts are added up, or events counted. same_matter:
    what counts when several events have the same ``same_by`` (matter number, person, kind): each of them, or once.
    year_by: which date puts an event into a year; an event without that date counts. years: this year and so many
    less one before it. An event that another year has counted (``counted_in``) never counts again.
    """

    kind: Literal["events"] = "events"
    kinds: tuple[str, ...] = ()
    direction: Literal["deduct", "add"] = "deduct"
    start: Amount = Fraction(0)
    tally: Literal["amount", "count"] = "amount"
    same_matter: Literal["each", "highest", "latest"] = "highest"
    same_by: Literal["matter", "person", "kind"] = "matter"
    year_by: Literal["concluded", "occurred"] = "concluded"
    years: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficeSource:
    """One value per unit (and period) that no evaluator gave: set by the office, measured (with target and standard),
    scored by the unit itself, or taken over from an assessment elsewhere."""

    kind: Literal["office", "figure", "self", "imported"] = "office"


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultsSource:
    """A quantity out of the results of a scheme, of other subjects or other years.

    of: units below (whose parent is this unit), the unit above, the unit itself, units it is linked to, units linked to
    it (``link``: only links of this name; ``tags``: only subjects with one of them, such as the sampled ones).
    years_ago: 0 this year, 1 last year …, out of the earlier results. quantity: ``total``, ``rank``,
    ``rank_from_last``, a part or measure, or ``grade``: then a subject counts 100 when its final grade is one of
    ``grades`` and 0 when not, so that a mean is a share in percent.
    """

    kind: Literal["results"] = "results"
    scheme: str
    of: Subjects = "children"
    link: str = ""
    tags: tuple[str, ...] = ()
    years_ago: int = 0
    quantity: str = "total"
    grades: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class QuantitySource:
    """Another quantity of this scheme."""

    kind: Literal["quantity"] = "quantity"
    quantity: str


Source = MarksSource | VotesSource | EventsSource | OfficeSource | ResultsSource | QuantitySource
