"""Self-reports of the units and what belongs to them: versions, remarks, evidence, hearings, lists, findings."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.report_forms import EvidenceKind, Manner

ReportState = Literal["draft", "submitted", "returned", "accepted"]
EntryKind = Literal["duty", "problem", "promise"]
EntryState = Literal["open", "doing", "done"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionText:
    """What stands in one section. text: paragraphs (of a list: its entries), one a line, without formatting."""

    section: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemAnswer:
    """What the unit says to one indicator; score: its own score in points of the item."""

    item: str
    score: Fraction | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One attached file. digest: SHA-256 of its bytes, hex, under which the year file keeps them; size: bytes; item: the
    indicator it belongs to (empty: the report as a whole); note: what it shows."""

    digest: str
    name: str
    kind: EvidenceKind
    size: int
    item: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The content of a unit's report under a scheme; who and when stand with its versions."""

    scheme: str
    unit: str
    sections: tuple[SectionText, ...] = ()
    answers: tuple[ItemAnswer, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportVersion:
    """A kept state of a report. number: 1, 2, … within the unit's report here; fingerprint: SHA-256 of the content's
    canonical text, by which the same version is known in every year file; state: what the report was from then on;
    reason: why it was returned, or what the version was kept for."""

    number: int
    state: ReportState
    report: Report
    fingerprint: str
    at: str
    by: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """A remark of the office at a passage. id: 32 random hex digits; where: ``section:ID``, ``item:ID`` or empty (the
    whole report); start, end: characters within that text in the version with this fingerprint; quote: the passage
    itself, by which it is found again when the text has moved; settled: the unit has dealt with it."""

    id: str
    scheme: str
    unit: str
    version: str
    where: str
    start: int
    end: int
    quote: str
    text: str
    by: str
    at: str
    settled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hearing:
    """That a unit reports to a body (its parent or another it reports to), how, and when in the row. body: code of a unit;
    order: place in the order of oral reports, 0: not drawn or not oral."""

    scheme: str
    unit: str
    body: str
    manner: Manner = "written"
    order: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ListEntry:
    """One line of a list (清单): a duty of a level or unit, a problem of last year or of an inspection, a promise.
    unit: code (empty: every unit of the level); owner: who answers for it; due: YYYY-MM-DD or free words; items:
    indicators it belongs to (``SCHEME/ITEM``); year: the year it stems from; source: where it was found or said."""

    id: str
    kind: EntryKind
    level: str
    unit: str = ""
    text: str
    owner: str = ""
    due: str = ""
    state: EntryState = "open"
    items: tuple[str, ...] = ()
    year: int = 0
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Concept:
    """Two terms that are often mixed up, as the office lists them; advice: what tells them apart."""

    term: str
    other: str
    advice: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A place in a report: whose, of which year, where (as in ``Remark``), characters from start to end."""

    unit: str
    year: int
    where: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportFinding:
    """Advice of the examination, never a score. code: ``R-…``, one per kind; passage: where it is (none: the report as a
    whole); beside: the same words elsewhere, for copied passages."""

    code: str
    message: str
    step: str
    passage: Passage | None = None
    beside: Passage | None = None
