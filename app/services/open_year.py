"""What a window or a command line holds of one open year: a service per area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.audit import AuditService
    from app.services.backups import BackupService
    from app.services.events import EventService
    from app.services.exports import ExportService
    from app.services.history import HistoryService
    from app.services.results import ResultService
    from app.services.schemes import SchemeService
    from app.services.session import Session
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
    session: Session

    def close(self) -> None:
        """Close the year file and give its lock back; a backup is made when something has changed. May be called
        twice."""
        self.session.close()
