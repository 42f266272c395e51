"""The two things a window or a command line holds: the desk (no year open) and the services of one open year.

Heavy parts (database, numpy, workbooks) are loaded when a year is opened, not when this module is: the first window
must be painted before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.progress import Progress, no_progress

if TYPE_CHECKING:
    from app.services.audit import AuditService
    from app.services.backups import BackupService
    from app.services.events import EventService
    from app.services.exports import ExportService
    from app.services.history import HistoryService
    from app.services.results import ResultService
    from app.services.schemes import SchemeService
    from app.services.sheets import SheetService
    from app.services.units import UnitService
    from app.services.votes import VoteService
    from app.services.year import YearService


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """The use cases of one open year, one attribute per area. May be called from a worker thread, one call at a
    time."""

    year: YearService
    schemes: SchemeService
    units: UnitService
    sheets: SheetService
    votes: VoteService
    events: EventService
    results: ResultService
    exports: ExportService
    audit: AuditService
    backups: BackupService
    history: HistoryService

    def close(self) -> None:
        """Close the year file and give its lock back."""
        raise NotImplementedError


class Desk:
    """What one can do before a year is open."""

    def open(self, path: Path, break_lock: bool = False) -> Services:
        """Open a year file. Raises the E-DB and E-FILE errors; a read-only place opens for reading."""
        raise NotImplementedError

    def create(
        self, path: Path, scheme_paths: Sequence[Path], register_path: Path | None, who: str, title: str
    ) -> Services:
        """A new year file from scheme files and the register workbook; the year is that of the schemes. Raises
        SCHEME_BAD, REGISTER_BAD with findings; then no file is left."""
        raise NotImplementedError

    def build_practice(self, directory: Path, progress: Progress = no_progress) -> Path:
        """Build the practice year (演练数据) into a folder and compute it; returns the path of its year file."""
        raise NotImplementedError

    def recent(self) -> tuple[Path, ...]:
        """Year files opened last, newest first, those that still exist."""
        raise NotImplementedError
