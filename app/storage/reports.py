"""Self-reports and their kept versions, as text: what stands in a report the services know."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import Connection, insert, select

from app.domain.reports import ReportState
from app.models.reports import report, report_version
from app.storage.documents import Documents, text_hash
from app.storage.records import StoredReport, StoredVersion
from app.storage.rows import Rows


class Reports(Rows[StoredReport]):
    """The report of each scheme and unit as it is now, by (scheme, unit)."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, report, StoredReport, ("scheme", "unit"))

    def save(self, *values: StoredReport) -> None:
        """Insert, or replace what has the same key. A fingerprint that is not the content's is our bug (ValueError)."""
        for value in values:
            require_fingerprint(value)
        super().save(*values)

    def states(self) -> dict[tuple[str, str], ReportState]:
        """(scheme, unit) → state of every report that was begun; without reading the texts."""
        rows = self._connection.execute(select(report.c.scheme, report.c.unit, report.c.state)).all()
        return {(row.scheme, row.unit): row.state for row in rows}


class ReportVersions:
    """Kept states of the reports. Nothing changes them; undo alone takes one back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._documents = Documents(connection)

    def of(self, scheme: str, unit: str) -> tuple[StoredVersion, ...]:
        """Oldest first."""
        mine = (report_version.c.scheme == scheme, report_version.c.unit == unit)
        rows = self._connection.execute(select(report_version).where(*mine).order_by(report_version.c.number)).all()
        texts = self._documents.many({row.fingerprint for row in rows})
        return tuple(
            StoredVersion(
                scheme=row.scheme,
                unit=row.unit,
                number=row.number,
                state=row.state,
                content=texts[row.fingerprint],
                fingerprint=row.fingerprint,
                at=row.at,
                by=row.by,
                reason=row.reason,
            )
            for row in rows
        )

    def add(self, *versions: StoredVersion) -> None:
        """Keep some. A number that is taken, or a fingerprint that is not the content's, is our bug."""
        if not versions:
            return
        for version in versions:
            require_fingerprint(version)
        self._documents.put(*(version.content for version in versions))
        names = [f.name for f in fields(StoredVersion) if f.name != "content"]
        self._connection.execute(insert(report_version), [{n: getattr(v, n) for n in names} for v in versions])


def require_fingerprint(kept: StoredReport | StoredVersion) -> None:
    """Raises ValueError when the fingerprint is not the SHA-256 of the content."""
    if text_hash(kept.content) != kept.fingerprint:
        raise ValueError(f"report {kept.scheme} {kept.unit}: not the fingerprint of its content")
