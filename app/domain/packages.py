"""Packages that travel between isolated PCs (.slp): the signed manifest and what a package carries."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from app.domain.facts import Assignment, EarlierResult, Evaluator, Exemption, MarkBlock, Unit
from app.domain.reports import Concept, Hearing, ListEntry, Remark, Report, ReportState, ReportVersion
from app.domain.results import Step
from app.domain.sheets import SheetForm

PackageKind = Literal["task", "return", "results"]


def key_code(key: str) -> str:
    """The short form of a public key (hex) that goes on paper: 16 hex digits of its SHA-256 in groups of four."""
    digest = hashlib.sha256(bytes.fromhex(key)).hexdigest().upper()
    return "-".join(digest[i : i + 4] for i in range(0, 16, 4))


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """One end of the way. unit: code in the office's register (the office itself: empty); key: the installation's Ed25519
    public key, 64 hex digits (empty: unknown, as for who a task is made for)."""

    name: str
    unit: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageFile:
    """One file inside: its path in the zip, its size in bytes, SHA-256 of its bytes, hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SchemeStamp:
    """A scheme that the content rests on, with the fingerprint of its document."""

    id: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What is signed. id: 32 random hex digits; year_file: id of the office's year file that the package belongs to;
    sequence: 1, 2, … per sender and receiver, never going back; answers: id of the task package that a return answers;
    checkpoint: code of the sender's trail; made: local time with offset (shown only, nothing rests on it); by: the
    person who made it."""

    format: Literal["slk-package"] = "slk-package"
    version: Literal[1] = 1
    id: str
    kind: PackageKind
    year: int
    year_file: str
    title: str
    practice: bool = False
    secrecy: str = ""
    sender: Party
    receiver: Party
    sequence: int
    answers: str = ""
    made: str = ""
    by: str = ""
    program: str = ""
    checkpoint: str = ""
    schemes: tuple[SchemeStamp, ...] = ()
    signature: Literal["ed25519"] = "ed25519"
    files: tuple[PackageFile, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitReport:
    """A unit's report as it travels: the present content and state, every kept version (oldest first), the remarks."""

    report: Report
    state: ReportState
    versions: tuple[ReportVersion, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class YearReport:
    """A unit's report of an earlier year; source: the file it was taken from."""

    year: int
    report: Report
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """The explanation of one figure that was computed elsewhere, down to the cells it came from."""

    scheme: str
    unit: str
    quantity: str
    step: Step


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageContent:
    """What a package carries besides the scheme documents and the evidence files; every kind uses what it needs.

    task: the unit's part of the register, its raters' forms, what is already known (marks, reports, those of earlier
    years), lists, hearings.
    return: reports, marks, lists with their states. results: units, ``results`` (of this year, computed by the sender) and
    the ways to them.
    """

    units: tuple[Unit, ...] = ()
    evaluators: tuple[Evaluator, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    forms: tuple[SheetForm, ...] = ()
    blocks: tuple[MarkBlock, ...] = ()
    reports: tuple[UnitReport, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    entries: tuple[ListEntry, ...] = ()
    concepts: tuple[Concept, ...] = ()
    earlier_reports: tuple[YearReport, ...] = ()
    results: tuple[EarlierResult, ...] = ()
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A package that was checked and read. schemes: scheme id → text of its document, as stored; evidence: digest →
    bytes; sha256: of the file as it came, hex; name: of the file."""

    manifest: Manifest
    content: PackageContent
    schemes: dict[str, str] = field(default_factory=dict[str, str])
    evidence: dict[str, bytes] = field(default_factory=dict[str, bytes])
    sha256: str = ""
    name: str = ""
