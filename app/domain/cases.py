"""A self-contained case: schemes, facts and, for worked examples, what must come out (docs/formats/case.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from app.domain.facts import (
    Assignment,
    BallotBatch,
    Decision,
    EarlierResult,
    Evaluator,
    Event,
    Exemption,
    OfficeMark,
    Unit,
    VoteSession,
)
from app.domain.schemes import Scheme

# A mark as somebody writes it: a number, a level (id or name), or one of the words for a mark that is not a number.
Written = Fraction | str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseMarks:
    """The marks of one evaluator for one unit: item id → mark. Items left out are blank."""

    scheme: str
    evaluator: str
    unit: str
    marks: dict[str, Written] = field(default_factory=dict[str, Written])


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What must come out for one unit; fields left out are not compared. ``none``: ids of quantities that must
    have no value. grade: the final grade's id, "" for no grade; grades: those of other scopes (leading_group, person)."""

    scheme: str
    unit: str
    total: Fraction | None = None
    rank: int | None = None
    grade: str | None = None
    grade_by_quota: str | None = None
    grades: dict[str, str] = field(default_factory=dict[str, str])
    parts: dict[str, Fraction] = field(default_factory=dict[str, Fraction])
    none: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """The whole case file."""

    format: Literal["slk-case"] = "slk-case"
    version: Literal[1] = 1
    title: str = ""
    note: str = ""
    schemes: tuple[Scheme, ...]
    units: tuple[Unit, ...]
    evaluators: tuple[Evaluator, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    marks: tuple[CaseMarks, ...] = ()
    sessions: tuple[VoteSession, ...] = ()
    ballots: tuple[BallotBatch, ...] = ()
    events: tuple[Event, ...] = ()
    office_marks: tuple[OfficeMark, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    decisions: tuple[Decision, ...] = ()
    earlier: tuple[EarlierResult, ...] = ()
    expect: tuple[Expected, ...] = ()
