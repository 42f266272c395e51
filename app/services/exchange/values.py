"""What sending, scanning and planning hand over. Plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from app.domain.facts import Assignment, EarlierResult, Evaluator, Exemption, MarkBlock, MarkEdit, Unit
from app.domain.findings import Finding
from app.domain.packages import Package, PackageKind, YearReport
from app.domain.reports import Concept, Hearing, ListEntry, Remark, Report, ReportState, ReportVersion
from app.services.imports.values import CellKind, CellTotals, Question
from app.storage.records import ReceivedPackage, Sender

# ---- scan


@dataclass(frozen=True, kw_only=True, slots=True)
class ScannedPackage:
    """One file as read. package: what it holds (none: refused, and the finding says why); locked: a passphrase is missing
    or wrong, ask for it and scan again."""

    path: Path
    name: str
    package: Package | None = None
    finding: Finding | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class PackageScan:
    """Every package found in the chosen files and folders, in the order of their names."""

    packages: tuple[ScannedPackage, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why files were refused."""
        return tuple(p.finding for p in self.packages if p.finding)


# ---- plan

Noun = Literal[
    "mark", "text", "answer", "evidence", "remark", "state", "version", "entry", "result", "hearing", "unit", "scheme"
]
Rule = Literal["ask", "theirs", "ours"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeChange:
    """One cell, paragraph or line that is neither the same nor a plainly new mark. place: where, as people say it; base: as
    it was when both sides last agreed; question: the id of what is asked about it (empty: nothing)."""

    noun: Noun
    kind: CellKind
    place: str
    base: str
    ours: str
    theirs: str
    question: str = ""


NOTHING = CellTotals()
Fate = Literal["take", "same", "waiting", "skipped", "refused"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedPackage:
    """What becomes of one package. fate: take, same (brings nothing new, but is noted as received), waiting (for an answer),
    skipped (by answer, or because a newer one lies beside it), refused; reason: why, in Chinese; fault: the code of the
    refusal. unit: of the sender (of a task: of the receiver); sender: its name; marks, texts, others: every cell,
    every paragraph, and every other thing counted by what becomes of it."""

    name: str
    path: Path
    id: str = ""
    kind: PackageKind | Literal[""] = ""
    unit: str = ""
    unit_name: str = ""
    sender: str = ""
    key_code: str = ""
    sequence: int = 0
    made: str = ""
    practice: bool = False
    fate: Fate
    reason: str = ""
    fault: str = ""
    marks: CellTotals = NOTHING
    texts: CellTotals = NOTHING
    others: CellTotals = NOTHING
    changes: tuple[MergeChange, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def totals(self) -> CellTotals:
        """Everything in it."""
        return self.marks + self.texts + self.others


@dataclass(frozen=True, kw_only=True, slots=True)
class MergedReport:
    """A report as it stands after the merge. versions: kept states that were not known here; remarks: to be stored."""

    report: Report
    state: ReportState
    changed: bool
    versions: tuple[ReportVersion, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MergedSheet:
    """One evaluator's marks as they came, and the changes that stand on top of them: the sender's own, and what was decided
    here. standing: the block with all of them; marks: how many it brings."""

    block: MarkBlock
    edits: tuple[tuple[MarkEdit, int], ...]
    standing: MarkBlock
    marks: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Effects:
    """What applying one package writes. received: without time and name, which applying knows. The register part of a task is the
    office's: evaluators and units that differ, assignments and exemptions as a whole (none: as they are).
    only_received: schemes whose documents came with results only; gone_entries, gone_results: what the sender has taken
    out."""

    package: Package
    received: ReceivedPackage
    sender: Sender | None = None
    schemes: tuple[tuple[str, str], ...] = ()
    only_received: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    evaluators: tuple[Evaluator, ...] = ()
    assignments: tuple[Assignment, ...] | None = None
    exemptions: tuple[Exemption, ...] | None = None
    concepts: tuple[Concept, ...] | None = None
    earlier_reports: tuple[YearReport, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    sheets: tuple[MergedSheet, ...] = ()
    reports: tuple[MergedReport, ...] = ()
    entries: tuple[ListEntry, ...] = ()
    gone_entries: tuple[str, ...] = ()
    results: tuple[EarlierResult, ...] = ()
    gone_results: tuple[EarlierResult, ...] = ()
    is_task: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MergePlan:
    """What receiving would do; every file and everything in it is accounted for. Either an OpenMerge or a ReadyMerge."""

    packages: tuple[PlannedPackage, ...]
    questions: tuple[Question, ...]

    @property
    def totals(self) -> CellTotals:
        """Everything in all packages that are taken in."""
        return sum((p.totals for p in self.packages), CellTotals())

    @property
    def writes(self) -> bool:
        """Whether applying it would store anything at all; a package that brings nothing new is stored as received."""
        return any(p.fate in ("take", "same") for p in self.packages)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenMerge(MergePlan):
    """A plan with at least one open question; it cannot be applied."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadyMerge(MergePlan):
    """A finished plan. state: of the year file it was made against; when that has moved, apply refuses."""

    effects: tuple[Effects, ...] = field(repr=False)
    state: str


# ---- lists of what went out and came in


@dataclass(frozen=True, kw_only=True, slots=True)
class SentInfo:
    """A package that went out. code: the id as it stands on paper (``1A2B-3C4D``)."""

    id: str
    kind: PackageKind
    unit: str
    unit_name: str
    sequence: int
    at: str
    by: str
    file: str
    code: str
    answers: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedInfo:
    """A package that came in. batch: the import; key_code: of the installation it came from."""

    id: str
    kind: PackageKind
    unit: str
    unit_name: str
    sequence: int
    at: str
    by: str
    file: str
    code: str
    key_code: str
    batch: int


@dataclass(frozen=True, slots=True)
class Packages:
    """Both ways, newest first."""

    sent: tuple[SentInfo, ...]
    received: tuple[ReceivedInfo, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderInfo:
    """An installation whose key was compared with the paper."""

    key: str
    code: str
    unit: str
    unit_name: str
    confirmed_by: str
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskUnit:
    """A unit to which a task can be sent, and what would be in it. sent_at, returned_at: of the newest task, and of the
    return that answers it (empty: none)."""

    unit: str
    name: str
    level: str
    level_name: str
    report: bool
    sheets: int
    entries: int
    sent_at: str = ""
    returned_at: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outstanding:
    """A unit that has not answered its newest task. since: when that was sent (local time with offset); times: tasks sent to
    it so far; last_return: when it last answered an earlier one; what: what was asked for."""

    unit: str
    unit_name: str
    since: str
    days: int
    times: int
    file: str
    last_return: str
    what: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SentTasks:
    """What was written, in the order of the units."""

    folder: Path
    packages: tuple[SentInfo, ...]
    files: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Upper:
    """The office above, to which results go, and what this year file is there: unit is the code in the office's register."""

    office: str
    year_file: str
    year: int
    unit: str
    unit_name: str
    key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskView:
    """What a task package says before anything is made of it."""

    unit: str
    unit_name: str
    office: str
    year: int
    title: str
    practice: bool
    secrecy: str
    key_code: str
    sequence: int
    made: str
    sheets: int
    reports: int
    entries: int
