"""Reports as they are stored, and as they travel."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.packages import UnitReport
from app.domain.reports import Remark, ReportVersion
from app.files.documents import fingerprint
from app.files.documents.reports import read_report, write_report
from app.services.exchange.values import MergedReport
from app.storage.records import StoredReport, StoredVersion
from app.storage.work import Work


def unit_reports(work: Work, units: Iterable[str] | None = None) -> dict[tuple[str, str], UnitReport]:
    """Reports with versions and remarks by (scheme, unit), of all units or of these."""
    wanted = None if units is None else set(units)
    remarks: dict[tuple[str, str], list[Remark]] = {}
    for remark in work.remarks.all():
        remarks.setdefault((remark.scheme, remark.unit), []).append(remark)
    return {
        (s.scheme, s.unit): UnitReport(
            report=read_report(s.content),
            state=s.state,
            versions=tuple(_version(v) for v in work.report_versions.of(s.scheme, s.unit)),
            remarks=tuple(sorted(remarks.get((s.scheme, s.unit), ()), key=lambda m: (m.at, m.id))),
        )
        for s in work.reports.all()
        if wanted is None or s.unit in wanted
    }


def _version(stored: StoredVersion) -> ReportVersion:
    return ReportVersion(
        number=stored.number,
        state=stored.state,
        report=read_report(stored.content),
        fingerprint=stored.fingerprint,
        at=stored.at,
        by=stored.by,
        reason=stored.reason,
    )


def store_report(work: Work, merged: MergedReport) -> None:
    """Write a merged report with what came with it; new versions get the next numbers."""
    report = merged.report
    if merged.changed:
        content = write_report(report)
        work.reports.save(
            StoredReport(
                scheme=report.scheme,
                unit=report.unit,
                state=merged.state,
                content=content,
                fingerprint=fingerprint(content),
                at=work.at,
                by=work.who,
            )
        )
    kept = max((v.number for v in work.report_versions.of(report.scheme, report.unit)), default=0)
    for number, version in enumerate(merged.versions, start=kept + 1):
        content = write_report(version.report)
        work.report_versions.add(
            StoredVersion(
                scheme=report.scheme,
                unit=report.unit,
                number=number,
                state=version.state,
                content=content,
                fingerprint=fingerprint(content),
                at=version.at,
                by=version.by,
                reason=version.reason,
            )
        )
    if merged.remarks:
        work.remarks.save(*merged.remarks)
