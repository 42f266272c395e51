"""Last year's reports out of last year's year file, to be held against this year's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.domain.reports import Report
from app.files.documents.reports import read_report, write_report
from app.services.changes import Area, Outcome
from app.services.reports.values import EarlierReportsPlan
from app.services.session import Session, done
from app.storage.records import Details, EarlierReport, StoredReport
from app.storage.year_file import YearFile

_BAD = Fault.INPUT_BAD.value.code


def plan_last_year(session: Session, path: Path, schemes: Mapping[str, str] | None) -> EarlierReportsPlan:
    """The reports of an earlier year file; it is opened for reading only."""
    file = YearFile.open(path, read_only=True)
    try:
        with file.read() as old:
            year, code = int(old.settings.get("year", "0")), old.audit.checkpoint()
            stored = old.reports.all()
    finally:
        file.close()
    with session.read() as work:
        this_year = int(work.settings.get("year"))
        forms = {s.scheme.id: s.scheme for s in session.schemes(work) if s.scheme.report is not None}
        units = {u.code: u for u in work.units.all()}
    if year >= this_year:
        raise AppError(Fault.INPUT_BAD, f"{path.name} 是 {year} 年度的文件，不早于本年度 {this_year}。")
    wanted = schemes or {s: s for s in forms}
    reports: list[Report] = []
    findings: list[Finding] = []
    for one in stored:
        here = forms.get(wanted.get(one.scheme, ""))
        unit = units.get(one.unit)
        if here is None:
            continue
        if unit is None or unit.level != here.level:
            message = f"“{one.unit}”今年不按“{here.name}”述职，没有取"
            findings.append(Finding(_BAD, f"{one.unit} {year}", message, "撤并、改编码的不用处理", Severity.NOTE))
            continue
        reports.append(replace(read_report(one.content), scheme=here.id))
        findings += _unfinished(one, unit.name, year)
    if not reports:
        step = "请确认是上一年度的文件；上一年没有在程序里写报告的，不能比对"
        findings.append(Finding(_BAD, path.name, "没有可取的述职报告", step, Severity.WARNING))
    return EarlierReportsPlan(
        source=path.name, fingerprint=code, year=year, reports=tuple(reports), findings=tuple(findings)
    )


def _unfinished(stored: StoredReport, name: str, year: int) -> list[Finding]:
    if stored.state in ("accepted", "submitted"):
        return []
    return [Finding(_BAD, f"{name} {year}", "上年的报告没有提交，取的是草稿", "请留意", Severity.NOTE)]


def take_last_year(session: Session, plan: EarlierReportsPlan) -> Outcome[int]:
    """Take them in; what was there of the same year is replaced."""
    label = f"取 {plan.year} 年述职报告 {len(plan.reports)} 份"
    details = Details(subject=plan.source, fingerprint=plan.fingerprint)
    with session.write("take-earlier-reports", label, details=details, touches_facts=False) as work:
        units = {u.code for u in work.units.all()}
        gone = [r.unit for r in plan.reports if r.unit not in units]
        if gone:
            raise AppError(Fault.NOT_FOUND, f"名册中没有单位“{gone[0]}”。请重新读取。")
        work.describe(after=f"{len(plan.reports)} 份")
        work.earlier_reports.save(
            *(
                EarlierReport(scheme=r.scheme, unit=r.unit, year=plan.year, content=write_report(r), source=plan.source)
                for r in plan.reports
            )
        )
    return done(len(plan.reports), label, Area.REPORTS)
