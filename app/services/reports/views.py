"""What the page of self-reports is shown: the forms, the list of a scheme, one report with everything beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.facts import Unit
from app.domain.reports import EntryKind, ListEntry, Remark, Report
from app.domain.schemes import Scheme
from app.files.documents.reports import read_report
from app.services.reports.hearing_lines import bodies_of, hearing_lines
from app.services.reports.old_names import old_section_names
from app.services.reports.passages import characters, place
from app.services.reports.store import LOCKED, Place, form_of, items_asked, line_of, place_of
from app.services.reports.values import HearingLine, ItemLine, ReportFormView, ReportLine, ReportView
from app.services.session import Session
from app.storage.records import StoredReport
from app.storage.work import Work

if TYPE_CHECKING:
    from app.services.reports.examining import Examining
    from app.services.results import ResultService

_YEARS_BACK = 3
_READ_ONLY = "年度文件以只读方式打开，不能修改。"


class Views:
    """Reading only."""

    def __init__(self, session: Session, results: ResultService, examining: Examining) -> None:
        self._session = session
        self._results = results
        self._examining = examining

    def forms(self) -> tuple[ReportFormView, ...]:
        """Schemes with a form, highest level first."""
        with self._session.read() as work:
            schemes = [s.scheme for s in self._session.schemes(work)]
            levels = [u.level for u in work.units.all() if u.participation != "ceased"]
        return tuple(
            ReportFormView(
                scheme=s.id,
                name=s.name,
                level=s.level,
                level_name=s.level_name or s.name,
                form=s.report,
                units=levels.count(s.level),
            )
            for s in reversed(schemes)
            if s.report is not None
        )

    def list(self, scheme_id: str) -> tuple[ReportLine, ...]:
        """A line for each unit, in official order."""
        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            form_of(scheme)
            units = work.units.all()
            stored = {r.unit: r for r in work.reports.all() if r.scheme == scheme_id}
            remarks = [r for r in work.remarks.all() if r.scheme == scheme_id and not r.settled]
            bodies: dict[str, list[str]] = {}
            for line in self._hearings(work, scheme):
                bodies.setdefault(line.hearing.unit, []).append(line.body_name)
        counts = self._examining.known(scheme_id, stored)
        return tuple(
            _line(
                ReportLine(
                    scheme=scheme_id,
                    unit=unit.code,
                    name=unit.name,
                    series=unit.series,
                    state=None,
                    characters=0,
                    findings=None,
                    remarks=sum(r.unit == unit.code for r in remarks),
                    evidence=0,
                    at="",
                    by="",
                    bodies=tuple(bodies.get(unit.code, ())),
                ),
                stored.get(unit.code),
                counts.get(unit.code),
            )
            for unit in units
            if unit.level == scheme.level and unit.participation != "ceased"
        )

    def get(self, scheme_id: str, unit: str) -> ReportView:
        """Everything on one report."""
        with self._session.read() as work:
            here = place_of(self._session, work, scheme_id, unit)
            report = here.report
            entries = entries_for(work.list_entries.all(), here.unit)
            return ReportView(
                scheme=scheme_id,
                unit=unit,
                unit_name=here.unit.name,
                form=here.form,
                report=report,
                state=here.state,
                items=self.items(work, here),
                versions=tuple(line_of(v) for v in work.report_versions.of(scheme_id, unit)),
                remarks=tuple(place(r, report) for r in _remarks(work, scheme_id, unit)),
                duties=_of_kind(entries, "duty"),
                problems=_of_kind(entries, "problem"),
                promises=_of_kind(entries, "promise"),
                hearings=_hearings_of(work, here),
                last_year=last_year_of(work, here),
                at=here.stored.at if here.stored else "",
                by=here.stored.by if here.stored else "",
                locked=_READ_ONLY if self._session.file.read_only else LOCKED.get(here.state, ""),
                old_names=old_section_names(self._session, work, here),
            )

    def items(self, work: Work, here: Place) -> tuple[ItemLine, ...]:
        """The indicators asked about, with the scores of the newest result."""
        items = items_asked(work, here)
        given = self._given(work, here) if items else {}
        return tuple(replace(i, given=given.get(i.id)) for i in items)

    def _given(self, work: Work, here: Place) -> dict[str, Fraction]:
        """Part → value in the newest result."""
        newest = next(iter(work.snapshots.all()), None)
        if newest is None:
            return {}
        for result in self._results.loaded(work, newest).results.schemes:
            if result.scheme == here.scheme.id and here.unit.code in result.units:
                parts = result.units[here.unit.code].parts
                return {part: q.value for part, q in parts.items() if q.value is not None}
        return {}

    def _hearings(self, work: Work, scheme: Scheme) -> tuple[HearingLine, ...]:
        units = work.units.all()
        names = {u.code: u.name for u in units} | {"": work.settings.get("office")}
        return hearing_lines(scheme, form_of(scheme), units, work.hearings.all(), names)


def _hearings_of(work: Work, here: Place) -> tuple[HearingLine, ...]:
    """Before whom one unit reports; the rest of the register is not read."""
    codes = bodies_of(here.unit)
    stored = [work.hearings.get(here.scheme.id, here.unit.code, code) for code in codes]
    names = {"": work.settings.get("office")} | {u.code: u.name for c in codes if (u := work.units.get(c))}
    return hearing_lines(here.scheme, here.form, [here.unit], [h for h in stored if h], names)


def entries_for(entries: Iterable[ListEntry], unit: Unit) -> tuple[ListEntry, ...]:
    """Lines of the lists that concern a unit: its own, and those of every unit of its level."""
    return tuple(e for e in entries if e.unit == unit.code or (not e.unit and e.level == unit.level))


def last_year_of(work: Work, here: Place) -> Report | None:
    """The unit's report of the newest earlier year that was taken in."""
    for year in range(here.scheme.year - 1, here.scheme.year - 1 - _YEARS_BACK, -1):
        earlier = work.earlier_reports.get(here.scheme.id, here.unit.code, year)
        if earlier is not None:
            return read_report(earlier.content)
    return None


def _of_kind(entries: tuple[ListEntry, ...], kind: EntryKind) -> tuple[ListEntry, ...]:
    return tuple(e for e in entries if e.kind == kind)


def _remarks(work: Work, scheme: str, unit: str) -> tuple[Remark, ...]:
    return tuple(r for r in work.remarks.all() if (r.scheme, r.unit) == (scheme, unit))


def _line(line: ReportLine, stored: StoredReport | None, findings: int | None) -> ReportLine:
    if stored is None:
        return line
    report = read_report(stored.content)
    return replace(
        line,
        state=stored.state,
        characters=sum(characters(s.text) for s in report.sections),
        findings=findings,
        evidence=len(report.evidence),
        at=stored.at,
        by=stored.by,
    )
