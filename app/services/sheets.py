"""Score sheets: out, back, and how far the returns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.domain.facts import MarkBlock
from app.domain.findings import Finding
from app.domain.progress import Progress, no_progress
from app.domain.sheets import SheetForm
from app.services.changes import Outcome
from app.services.imports.values import Batch, ImportPlan, OpenPlan, ReadyPlan, Scan


class SheetStatus(StrEnum):
    """Where one evaluator's sheet stands."""

    NOT_SENT = "not_sent"
    SENT = "sent"
    RETURNED = "returned"
    GAPS = "gaps"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetState:
    """One evaluator's sheet under one scheme. expected: cells on the sheet; returned: cells with a mark or a stated
    abstention; refused: cells of the last import that could not be read; edited: marks changed in the program.
    file and address of origin: empty until returned; batch 0 until returned."""

    sheet: str
    evaluator: str
    evaluator_name: str
    scheme: str
    status: SheetStatus
    expected: int
    returned: int
    refused: int
    edited: int
    file: str
    batch: int
    sent_at: str
    returned_at: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetProgress:
    """All sheets of the year, by scheme (lowest level first) and evaluator."""

    sheets: tuple[SheetState, ...]

    @property
    def expected(self) -> int:
        """Cells on all sheets."""
        return sum(s.expected for s in self.sheets)

    @property
    def returned(self) -> int:
        """Cells that came back with a mark."""
        return sum(s.returned for s in self.sheets)


@dataclass(frozen=True, kw_only=True, slots=True)
class SentSheets:
    """What was written: the files, in the order of the sheets."""

    folder: Path
    files: tuple[Path, ...]


class SheetService:
    """Score sheets of the open year."""

    def forms(self, scheme_id: str | None = None) -> tuple[SheetForm, ...]:
        """The sheets that would be handed out (all schemes when none is named)."""
        raise NotImplementedError

    def send(
        self,
        out_dir: Path,
        scheme_id: str | None = None,
        evaluators: Sequence[str] | None = None,
        progress: Progress = no_progress,
    ) -> Outcome[SentSheets]:
        """Write one workbook per evaluator and scheme and note the hand-out. Existing files of the same name are
        replaced; a cancelled run leaves no new file."""
        raise NotImplementedError

    def scan(self, paths: Sequence[Path], progress: Progress = no_progress) -> Scan:
        """Read files and folders (with everything below them); decides nothing, writes nothing, never raises for
        what is in a file."""
        raise NotImplementedError

    def plan(self, scan: Scan, answers: Mapping[str, str] | None = None) -> OpenPlan | ReadyPlan:
        """What importing would do. Call again with answers {question id: choice id} until it is a ReadyPlan."""
        raise NotImplementedError

    def apply(self, plan: ReadyPlan, progress: Progress = no_progress) -> Outcome[Batch]:
        """Carry the plan out as one batch. Refuses an open plan, and one made against an older state."""
        raise NotImplementedError

    def undo_batch(self, number: int, reason: str) -> Outcome[Batch]:
        """Take an import back: what was stored before it stands again. Raises NOT_UNDOABLE when later steps build on
        its sheets, INPUT_BAD without a reason."""
        raise NotImplementedError

    def batches(self) -> tuple[Batch, ...]:
        """All imports, newest first."""
        raise NotImplementedError

    def progress(self) -> SheetProgress:
        """How far the returns are."""
        raise NotImplementedError

    def block(self, scheme_id: str, evaluator: str) -> MarkBlock | None:
        """The current marks of one evaluator, with origin and edits; None until something is there."""
        raise NotImplementedError

    def edit_mark(
        self, scheme_id: str, evaluator: str, unit: str, item: str, text: str, reason: str
    ) -> Outcome[MarkBlock]:
        """Change one mark in the program; text as it would stand in the cell (``87.5``, ``好``, ``弃权``; empty: blank).
        The cell of origin stays, the edit is kept beside it. Raises INPUT_BAD."""
        raise NotImplementedError


__all__ = [
    "Batch",
    "ImportPlan",
    "OpenPlan",
    "ReadyPlan",
    "Scan",
    "SentSheets",
    "SheetProgress",
    "SheetService",
    "SheetState",
    "SheetStatus",
]
