"""The form of a self-report (述职报告), as a scheme states it: sections, lengths, answers to the items, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Purpose = Literal["done", "problems", "causes", "plans", "promises", "inspection", "other"]
ProblemPurpose = Literal["problems", "causes", "plans", "promises", "inspection"]
Need = Literal["none", "optional", "required"]
Manner = Literal["oral", "written"]
EvidenceKind = Literal["pdf", "image", "docx", "xlsx"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One section of the report. purpose: what it is for (a form in three lists has ``done``, ``problems`` and
    ``plans`` as lists); guide: what the unit reads beside it. shape: running text, or a list with one entry a line,
    of which there are at least ``entries``. minimum, maximum: characters without blanks (none: no upper end)."""

    id: str
    name: str
    purpose: Purpose = "other"
    guide: str = ""
    required: bool = True
    shape: Literal["text", "list"] = "text"
    entries: int = 0
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What the unit says to each indicator: its own score, a text, evidence. items: ids (empty: every item of the tree
    that concerns the unit). gap: how far the own score may lie from the score given before the examination remarks on
    it, as a share of the item's full points (none: never)."""

    score: Need = "none"
    text: Need = "none"
    evidence: Need = "none"
    items: tuple[str, ...] = ()
    gap: Fraction | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceLimits:
    """Which files may be attached, and how large: megabytes (1 MB = 1,048,576 bytes) of one file and of all of a
    report."""

    kinds: tuple[EvidenceKind, ...] = ("pdf", "image", "docx", "xlsx")
    file: int = 20
    total: int = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportForm:
    """The whole form. minimum, maximum: characters of all sections together, without blanks. problem_share: least share
    of the sections with one of ``problem_purposes`` in all sections' text (none: not asked for); reports with a
    quarter or a third are published rules. manner: how units report where nothing else was settled; lots: whether
    the order of the oral reports before one body is drawn by lot."""

    title: str = "述职报告"
    sections: tuple[Section, ...]
    minimum: int = 0
    maximum: int | None = None
    problem_share: Fraction | None = None
    problem_purposes: tuple[ProblemPurpose, ...] = ("problems", "causes")
    answers: Answers = Answers()
    evidence: EvidenceLimits = EvidenceLimits()
    manner: Manner = "written"
    lots: bool = False
