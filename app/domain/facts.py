"""The facts of a year: units, evaluators and what they marked, votes, events, decisions. Values without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from app.domain.quantities import MarkState
from app.domain.schemes import Relation, Scope

Participation = Literal["ranked", "listed_apart", "not_graded", "new", "under_investigation", "ceased"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A named tie from one subject to another: member of a leading group, head of a unit, joint project."""

    unit: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A subject of assessment. parent: code of the unit above. reports_to: further bodies it reports to; their
    evaluators stand "above" too. order: official number (排序号). participation: ranked; listed_apart (单列: graded by
    the lines, without rank and quota); the others are computed, but get neither rank nor grade, for the stated reason,
    since the stated date. tags: words, or KEY=value, which partitions may name."""

    code: str
    name: str
    level: str
    series: str = ""
    kind: str = "organisation"
    parent: str = ""
    order: int = 0
    participation: Participation = "ranked"
    reason: str = ""
    since: str = ""
    tags: tuple[str, ...] = ()
    reports_to: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitRelation:
    """A relation stated by hand; it replaces the one derived from the units' chain."""

    unit: str
    relation: Relation


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluator:
    """Who scores. unit: code of the own unit; role: a word the scheme's groups name."""

    code: str
    name: str
    unit: str = ""
    role: str = ""
    order: int = 0
    relations: tuple[UnitRelation, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """Who rates whom, stated by hand: this evaluator rates only these units under this scheme (several lines add
    up); group: counts in this group whatever the role says. Without any line an evaluator rates every unit for
    which some group takes him in."""

    evaluator: str
    scheme: str
    units: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandChange:
    """Who rates whom, changed by hand for one evaluator and one unit under a scheme: in exactly these groups (none: he
    does not rate it), whatever the scheme's groups and the register say. at: local time with offset."""

    scheme: str
    evaluator: str
    unit: str
    groups: tuple[str, ...]
    reason: str
    by: str
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a block of marks was read: file name, SHA-256 of the file, sheet; row of each unit, column letters of
    each item. ``batch`` is the number of the import. packages: names of the packages it travelled in, first to last. What was
    typed into the program elsewhere and came in a package has no file; row 0: read from no cell."""

    file: str
    sha256: str
    sheet: str
    rows: tuple[int, ...]
    columns: tuple[str, ...]
    batch: int = 0
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkEdit:
    """A later change of one mark inside the program."""

    unit: str
    item: str
    before: str
    after: str
    by: str
    at: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkBlock:
    """All marks of one evaluator's returned sheet as packed integers.

    values: row by row (units), little-endian signed integers of ``width`` bytes (2 or 4); a mark is
    integer ÷ 10^digits of its item; for a level choice the index of the level (digits 0). The lowest four integers
    of the width stand for blank, abstained, not applicable, recused, in the order of ``MARK_STATES``.
    """

    sheet: str
    evaluator: str
    scheme: str
    units: tuple[str, ...]
    items: tuple[str, ...]
    values: bytes
    width: Literal[2, 4]
    digits: tuple[int, ...]
    origin: Origin | None = None
    edits: tuple[MarkEdit, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class VoteCount:
    """Counted answers for one unit and one item: answer (level id) → number of ballots."""

    unit: str
    item: str
    counts: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, kw_only=True, slots=True)
class VoteSession:
    """A vote of one group: 应到, 实到, 发出, 收回, 无效 ballots, and the counts. valid = returned − invalid.
    Sessions of the same group, period and item add up; one that names ``replaces`` stands instead of that session."""

    id: str
    name: str
    scheme: str
    group: str
    date: str = ""
    expected: int = 0
    present: int = 0
    issued: int = 0
    returned: int = 0
    invalid: int = 0
    replaces: str = ""
    period: str = ""
    counts: tuple[VoteCount, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotBatch:
    """Single ballots of one session, without order, time, name or number (reliability: a ballot is secret). Each row of
    ``ballots`` is one: its answers (level ids or numbers as text, "" for none) for units × items, items fastest. The
    session's own counts then come from the ballots that the scheme's rules leave valid."""

    session: str
    units: tuple[str, ...]
    items: tuple[str, ...]
    ballots: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened to a unit and counts: dates as YYYY-MM-DD. matter: events with the same number are
    one matter. person: whom it concerns; person_class, sanction: rows of the kind's table. amount: points when the kind
    leaves them open. shared_by: the amount is divided by so many units or authors. counted_in: the year that has
    counted it already (0: none)."""

    id: str
    kind: str
    unit: str
    title: str = ""
    occurred: str = ""
    concluded: str = ""
    matter: str = ""
    person: str = ""
    person_class: str = ""
    sanction: str = ""
    amount: Fraction | None = None
    shared_by: int = 1
    counted_in: int = 0
    evidence: str = ""
    provider: str = ""
    approver: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficeMark:
    """A value that no evaluator gave (a level choice: the level's id in ``level``), with its basis: set by the office,
    measured, the unit's own score, or taken from elsewhere. period: month or quarter, if the item has such. target,
    standard: what a measured value is compared with."""

    scheme: str
    unit: str
    item: str
    value: Fraction | MarkState = MarkState.BLANK
    level: str = ""
    period: str = ""
    target: Fraction | None = None
    standard: Fraction | None = None
    basis: str = ""
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exemption:
    """A part that does not concern a unit this year, with the reason."""

    scheme: str
    unit: str
    part: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A grade set by hand: always with reason and name, always shown as manual. outside_quota: a special promotion
    (专项晋优), which takes none of the places that are handed out."""

    scheme: str
    unit: str
    grade: str
    reason: str
    by: str
    scope: Scope = "unit"
    date: str = ""
    outside_quota: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierResult:
    """A result that was not computed here. Of an earlier year: what a unit had under a scheme. Of this year: what the body
    that assessed it has sent up; it stands in the place of a result computed here. grade: id; rank_from_last: 1 is last;
    package: the name of the package it came in."""

    scheme: str
    unit: str
    year: int
    grade: str = ""
    total: Fraction | None = None
    rank: int | None = None
    rank_from_last: int | None = None
    parts: dict[str, Fraction] = field(default_factory=dict[str, Fraction])
    package: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything the engine is told about a year, besides the schemes."""

    units: tuple[Unit, ...] = ()
    evaluators: tuple[Evaluator, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    blocks: tuple[MarkBlock, ...] = ()
    sessions: tuple[VoteSession, ...] = ()
    events: tuple[Event, ...] = ()
    office_marks: tuple[OfficeMark, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    decisions: tuple[Decision, ...] = ()
    ballots: tuple[BallotBatch, ...] = ()
    earlier: tuple[EarlierResult, ...] = ()
