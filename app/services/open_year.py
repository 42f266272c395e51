"""What a window or a command line holds of one open year: a service per area."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.findings import Finding
    from app.services.assignment import AssignmentService
    from app.services.audit import AuditService
    from app.services.backups import BackupService
    from app.services.ballots import BallotService
    from app.services.double_entry import DoubleEntryService
    from app.services.earlier import EarlierService
    from app.services.events import EventService
    from app.services.exchange.service import ExchangeService
    from app.services.exports import ExportService
    from app.services.history import HistoryService
    from app.services.objections import ObjectionService
    from app.services.reports import ReportService
    from app.services.reports.hearings import HearingService
    from app.services.reports.lists import ListService
    from app.services.results import ResultService
    from app.services.schemes import SchemeService
    from app.services.session import Session
    from app.services.sheets import SheetService
    from app.services.tasks import TaskService
    from app.services.units import UnitService
    from app.services.values import ValueService
    from app.services.votes import VoteService
    from app.services.year import YearService


class Services:
    """The use cases of one open year, one attribute per area. May be called from a worker thread, one call at a
    time. Each service is loaded when it is first asked for: opening a year needs neither workbooks nor the engine."""

    def __init__(self, session: Session, remarks: tuple[Finding, ...] = ()) -> None:
        self.session = session
        self.remarks = remarks
        """What was noticed about the register while this year was made of it; of a year that was opened, nothing."""

    @cached_property
    def year(self) -> YearService:
        from app.services.year import YearService

        return YearService(self.session, self.results)

    @cached_property
    def schemes(self) -> SchemeService:
        from app.services.schemes import SchemeService

        return SchemeService(self.session)

    @cached_property
    def units(self) -> UnitService:
        from app.services.units import UnitService

        return UnitService(self.session)

    @cached_property
    def assignment(self) -> AssignmentService:
        from app.services.assignment import AssignmentService

        return AssignmentService(self.session)

    @cached_property
    def sheets(self) -> SheetService:
        from app.services.sheets import SheetService

        return SheetService(self.session)

    @cached_property
    def double_entry(self) -> DoubleEntryService:
        from app.services.double_entry import DoubleEntryService

        return DoubleEntryService(self.session)

    @cached_property
    def votes(self) -> VoteService:
        from app.services.votes import VoteService

        return VoteService(self.session)

    @cached_property
    def events(self) -> EventService:
        from app.services.events import EventService

        return EventService(self.session)

    @cached_property
    def ballots(self) -> BallotService:
        from app.services.ballots import BallotService

        return BallotService(self.session)

    @cached_property
    def values(self) -> ValueService:
        from app.services.values import ValueService

        return ValueService(self.session)

    @cached_property
    def earlier(self) -> EarlierService:
        from app.services.earlier import EarlierService

        return EarlierService(self.session)

    @cached_property
    def objections(self) -> ObjectionService:
        from app.services.objections import ObjectionService

        return ObjectionService(self.session, self.results)

    @cached_property
    def results(self) -> ResultService:
        from app.services.results import ResultService

        return ResultService(self.session)

    @cached_property
    def reports(self) -> ReportService:
        from app.services.reports import ReportService

        return ReportService(self.session, self.results)

    @cached_property
    def hearings(self) -> HearingService:
        from app.services.reports.hearings import HearingService

        return HearingService(self.session)

    @cached_property
    def lists(self) -> ListService:
        from app.services.reports.lists import ListService

        return ListService(self.session)

    @cached_property
    def exchange(self) -> ExchangeService:
        from app.services.exchange.service import ExchangeService

        return ExchangeService(self.session, self.results)

    @cached_property
    def tasks(self) -> TaskService:
        from app.services.tasks import TaskService

        return TaskService(self.session, self.reports)

    @cached_property
    def exports(self) -> ExportService:
        from app.services.exports import ExportService

        return ExportService(self.session, self.results)

    @cached_property
    def audit(self) -> AuditService:
        from app.services.audit import AuditService

        return AuditService(self.session)

    @cached_property
    def backups(self) -> BackupService:
        from app.services.backups import BackupService

        return BackupService(self.session)

    @cached_property
    def history(self) -> HistoryService:
        from app.services.history import HistoryService

        return HistoryService(self.session)

    def close(self) -> None:
        """Close the year file and give its lock back; a backup is made when something has changed. May be called
        twice."""
        self.session.close()
