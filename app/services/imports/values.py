"""What scan and plan hand over: files read, cells accounted for, open questions. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from app.domain.facts import MarkBlock, MarkEdit
from app.domain.findings import Finding
from app.domain.sheets import SheetReading


@dataclass(frozen=True, kw_only=True, slots=True)
class ScannedFile:
    """One file as read (a refused one has a reading without block). path: where it lies; name: as shown, relative to
    the chosen folder; modified: when it was saved last, seconds since 1970."""

    path: Path
    name: str
    modified: float
    reading: SheetReading


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file of another kind in a chosen folder; finding: that it was not read, and what to do if it holds marks."""

    path: Path
    name: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything found in the chosen files and folders, in the order of their names; unread: files of other kinds."""

    files: tuple[ScannedFile, ...]
    unread: tuple[UnreadFile, ...] = ()


class CellKind(StrEnum):
    """What becomes of one cell: file against what is stored now, and against what the sheet said last time.

    new: nothing was stored. same: as stored. changed_there: the file has changed, the program has not. changed_here:
    the mark was changed in the program and stays. both: changed on both sides, differently. blank: nothing stored
    and nothing filled in. refused: cannot be read as a mark; the stored one stays. skipped: in a file that is not
    taken in.
    """

    NEW = "new"
    SAME = "same"
    CHANGED_THERE = "changed_there"
    CHANGED_HERE = "changed_here"
    BOTH = "both"
    BLANK = "blank"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class CellTotals:
    """How many cells of each kind; the sum is the number of cells looked at."""

    new: int = 0
    same: int = 0
    changed_there: int = 0
    changed_here: int = 0
    both: int = 0
    blank: int = 0
    refused: int = 0
    skipped: int = 0

    @property
    def cells(self) -> int:
        """All cells."""
        return sum(getattr(self, kind.value) for kind in CellKind)

    def __add__(self, other: CellTotals) -> CellTotals:
        return CellTotals(**{kind.value: getattr(self, kind.value) + getattr(other, kind.value) for kind in CellKind})


@dataclass(frozen=True, kw_only=True, slots=True)
class CellChange:
    """One cell that is neither plainly new nor the same, as shown in the preview. unit, item: code and id; all else as
    people write it."""

    unit: str
    item: str
    item_name: str
    address: str
    kind: CellKind
    stored: str
    file: str


QuestionKind = Literal[
    "two_versions",
    "foreign_year",
    "other_scheme",
    "own_unit",
    "older_file",
    "unknown_evaluator",
    "emptied",
    "conflict",
    "blank_sheet",
    "unknown_sender",
    "merge",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Something only the user can decide. id is stable: answers are given as {question id: choice id}. suggested: the
    careful choice, preselected. answer: what was chosen; empty: open."""

    id: str
    kind: QuestionKind
    text: str
    files: tuple[str, ...]
    choices: tuple[Choice, ...]
    suggested: str
    answer: str = ""
    details: tuple[str, ...] = ()


FileFate = Literal["import", "update", "same", "skipped", "waiting", "refused", "unread"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedFile:
    """What becomes of one file. fate: import (first return), update, same (nothing to do), skipped (by answer or
    because a newer one is there), waiting (for an answer), refused, unread (no workbook). totals cover every cell of the file; reason: why,
    in Chinese. block: the marks as read (none: nothing is stored); edits: what stands on top of them, because it was
    decided in the program and not in the file, each with the mark as packed integer. issue, saved, modified: of the file."""

    name: str
    path: Path
    sha256: str
    sheet: str
    evaluator: str
    evaluator_name: str
    scheme: str
    fate: FileFate
    reason: str
    totals: CellTotals
    changes: tuple[CellChange, ...]
    findings: tuple[Finding, ...]
    content: str = ""
    issue: int = 1
    saved: float = 0
    modified: float = 0
    block: MarkBlock | None = None
    edits: tuple[tuple[MarkEdit, int], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPlan:
    """What an import would do; every file and every cell is accounted for. Either an OpenPlan or a ReadyPlan."""

    files: tuple[PlannedFile, ...]
    questions: tuple[Question, ...]
    totals: CellTotals

    @property
    def writes(self) -> bool:
        """Whether applying it would store anything at all."""
        return any(file.block is not None for file in self.files)

    @property
    def found_sheets(self) -> bool:
        """Whether there was any workbook in the chosen places."""
        return any(file.fate != "unread" for file in self.files)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPlan(ImportPlan):
    """A plan with at least one open question; it cannot be applied."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadyPlan(ImportPlan):
    """A finished plan. state: fingerprint of the stored state it was made against; when that has moved, apply
    refuses and asks to plan again."""

    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """One import. undone: it was taken back, for the reason given. sheets: how many sheets it wrote; cells: how many
    marks they brought."""

    number: int
    at: str
    by: str
    label: str
    sheets: int
    cells: int
    files: tuple[str, ...]
    undone: bool
    reason: str = ""
