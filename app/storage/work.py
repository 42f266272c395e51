"""What a reader or a writer of the year file holds: its repositories, by noun. Values in, values out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.domain.facts import Decision, EarlierResult, Evaluator, Event, Exemption, Facts, HandChange, OfficeMark, Unit
from app.models.exchange import sender
from app.models.happenings import decision, earlier_result, event, exemption, objection, office_mark
from app.models.marks import sheet_entry
from app.models.register import evaluator, hand_change, unit
from app.models.reports import earlier_report, hearing, list_entry, remark
from app.storage.audit import Audit
from app.storage.ballots import Ballots
from app.storage.evidence import EvidenceFiles
from app.storage.exchange import PackagesIn, PackagesOut
from app.storage.marks import Batches, Blocks, Edits, SentSheets
from app.storage.records import Details, EarlierReport, Objection, Sender, SheetEntry
from app.storage.reports import Reports, ReportVersions
from app.storage.rows import Assignments, Rows, VoteSessions
from app.storage.versions import Schemes, Settings, Snapshots, changes_revision, facts_revision

if TYPE_CHECKING:
    from app.domain.reports import Hearing, ListEntry, Remark


class Work:
    """The repositories over one connection. ``number``, ``at``, ``who``: the entry of the trail that this transaction
    will write (reading: the newest one); ``details``: what the entry will say besides; ``touched``: names of tables that
    were changed without an image."""

    def __init__(self, connection: Connection, number: int, at: str, who: str, details: Details) -> None:
        self._connection = connection
        self.number = number
        self.at = at
        self.who = who
        self.details = details
        self.touched = set[str]()
        self.settings = Settings(connection)
        self.schemes = Schemes(connection, at, who)
        self.units = Rows(connection, unit, Unit, ("code",), order=("order", "code"))
        self.evaluators = Rows(connection, evaluator, Evaluator, ("code",), order=("order", "code"))
        self.assignments = Assignments(connection)
        self.hand_changes = Rows(connection, hand_change, HandChange, ("scheme", "evaluator", "unit"))
        self.sent = SentSheets(connection)
        self.batches = Batches(connection, at, who)
        self.blocks = Blocks(connection, number)
        self.edits = Edits(connection, self.blocks, number)
        self.sessions = VoteSessions(connection)
        self.events = Rows(connection, event, Event, ("id",))
        self.office_marks = Rows(connection, office_mark, OfficeMark, ("scheme", "unit", "item", "period"))
        self.exemptions = Rows(connection, exemption, Exemption, ("scheme", "unit", "part"))
        self.decisions = Rows(connection, decision, Decision, ("scheme", "unit", "scope"))
        self.ballots = Ballots(connection, self.touched)
        self.earlier = Rows(connection, earlier_result, EarlierResult, ("scheme", "unit", "year"))
        self.objections = Rows(connection, objection, Objection, ("id",))
        self.entries = Rows(connection, sheet_entry, SheetEntry, ("scheme", "evaluator", "turn"))
        self.reports = Reports(connection)
        self.report_versions = ReportVersions(connection)
        self.earlier_reports = Rows(connection, earlier_report, EarlierReport, ("scheme", "unit", "year"))
        self.evidence = EvidenceFiles(connection, self.touched)
        self.packages_out = PackagesOut(connection)
        self.packages_in = PackagesIn(connection)
        self.senders = Rows(connection, sender, Sender, ("key",))
        self.snapshots = Snapshots(connection, at, who)
        self.audit = Audit(connection)

    # Asked for only by who works on reports: opening a year does not load their values.

    @property
    def remarks(self) -> Rows[Remark]:
        """Remarks of the office at passages of reports, by id."""
        from app.domain.reports import Remark

        return Rows(self._connection, remark, Remark, ("id",))

    @property
    def hearings(self) -> Rows[Hearing]:
        """Which unit reports to which body, by (scheme, unit, body)."""
        from app.domain.reports import Hearing

        return Rows(self._connection, hearing, Hearing, ("scheme", "unit", "body"))

    @property
    def list_entries(self) -> Rows[ListEntry]:
        """Lines of lists, by id."""
        from app.domain.reports import ListEntry

        return Rows(self._connection, list_entry, ListEntry, ("id",))

    def facts(self) -> Facts:
        """Everything the engine is told."""
        return Facts(
            units=self.units.all(),
            evaluators=self.evaluators.all(),
            assignments=self.assignments.all(),
            blocks=self.blocks.all(),
            sessions=self.sessions.all(),
            events=self.events.all(),
            office_marks=self.office_marks.all(),
            exemptions=self.exemptions.all(),
            decisions=self.decisions.all(),
            ballots=self.ballots.all(),
            earlier=self.earlier.all(),
        )

    def facts_revision(self) -> int:
        """Number of the last entry of the trail that has changed a scheme or a fact (0: none). A cheap sign
        that a result may be stale; after undo only the fingerprints tell for sure. Inside a transaction: as it was
        before it."""
        return facts_revision(self._connection)

    def changes_revision(self) -> int:
        """The same for anything at all that undo watches over, reports and packages too."""
        return changes_revision(self._connection)

    def describe(self, *, subject: str = "", before: str = "", after: str = "", fingerprint: str = "") -> None:
        """Say in the trail what only became known during the transaction; given words replace earlier ones."""
        said = {"subject": subject, "before": before, "after": after, "fingerprint": fingerprint}
        self.details = replace(self.details, **{name: text for name, text in said.items() if text})
