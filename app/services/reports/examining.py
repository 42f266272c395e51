"""Examines the stored reports, and remembers what it has found as long as nothing it rests on has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from app.domain.progress import Progress, no_progress
from app.domain.reports import ListEntry, Report, ReportFinding
from app.files.documents.reports import read_report
from app.services.reports.concepts import concepts_of
from app.services.reports.store import Place, form_of, place_of
from app.services.reports.values import UnitFindings
from app.services.session import Session
from app.storage.records import StoredReport
from app.storage.work import Work

if TYPE_CHECKING:
    from app.services.reports.examination import Neighbour, Question
    from app.services.results import ResultService

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Copies:
    """Copied passages of all reports, as they were with these fingerprints."""

    state: frozenset[tuple[str, str, str]]
    found: dict[Key, tuple[ReportFinding, ...]]


class Examining:
    """Advice on the reports of the open year. May be called from a worker thread."""

    def __init__(self, session: Session, results: ResultService) -> None:
        self._session = session
        self._results = results
        self._lock = Lock()
        self._copies: _Copies | None = None
        self._counts: dict[Key, tuple[str, int]] = {}

    def one(self, scheme: str, unit: str, report: Report | None) -> tuple[ReportFinding, ...]:
        """Of the stored report, or of a text that is being edited."""
        from app.services.reports.examination import copies_among, examine

        with self._session.read() as work:
            place = place_of(self._session, work, scheme, unit)
            question = self._question(work, place, report or place.report, work.list_entries.all())
            neighbours = self._neighbours(work)
            stored = work.reports.all()
        own = examine(question)
        if report is None:
            copied = self._copied(stored, neighbours).get((scheme, unit), ())
            self._remember(stored, scheme, {unit: len(own) + len(copied)})
            return (*own, *copied)
        from app.services.reports.examination import Neighbour

        neighbours[scheme, unit] = Neighbour(report, place.form, place.unit.name)
        return (*own, *copies_among(neighbours, question.year, (scheme, unit)).get((scheme, unit), ()))

    def all(self, scheme_id: str, progress: Progress = no_progress) -> tuple[UnitFindings, ...]:
        """Of every report of the scheme that has been begun, in official order."""
        from app.services.reports.examination import examine

        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            form = form_of(scheme)
            stored = work.reports.all()
            mine = {r.unit: r for r in stored if r.scheme == scheme_id}
            units = [u for u in work.units.all() if u.code in mine and u.level == scheme.level]
            entries = work.list_entries.all()
            questions = [
                self._question(work, place, place.report, entries)
                for place in (Place(scheme, form, u, mine[u.code]) for u in units)
            ]
            neighbours = self._neighbours(work)
        progress("正在比对各单位的报告", 0)
        copied = self._copied(stored, neighbours)
        found: list[UnitFindings] = []
        for n, (unit, question) in enumerate(zip(units, questions, strict=True)):
            progress("正在审看报告", 20 + 80 * n // len(units))
            findings = (*examine(question), *copied.get((scheme_id, unit.code), ()))
            found.append(UnitFindings(unit=unit.code, name=unit.name, findings=findings))
        self._remember(stored, scheme_id, {f.unit: len(f.findings) for f in found})
        progress("审看完成", 100)
        return tuple(found)

    def known(self, scheme: str, stored: Mapping[str, StoredReport]) -> dict[str, int]:
        """Unit → how many findings its report had when it was last examined, if it has not changed since."""
        with self._lock:
            counts = {unit: self._counts.get((scheme, unit)) for unit in stored}
        return {unit: kept[1] for unit, kept in counts.items() if kept and kept[0] == stored[unit].fingerprint}

    def _remember(self, stored: Iterable[StoredReport], scheme: str, counts: Mapping[str, int]) -> None:
        prints = {r.unit: r.fingerprint for r in stored if r.scheme == scheme}
        with self._lock:
            self._counts |= {(scheme, unit): (prints.get(unit, ""), count) for unit, count in counts.items()}

    def _question(self, work: Work, place: Place, report: Report, entries: Iterable[ListEntry]) -> Question:
        from app.services.reports.examination import Question
        from app.services.reports.views import Views, entries_for, last_year_of

        return Question(
            form=place.form,
            report=report,
            year=int(work.settings.get("year")),
            items=Views(self._session, self._results, self).items(work, place),
            duties=tuple(e for e in entries_for(entries, place.unit) if e.kind == "duty"),
            concepts=concepts_of(work),
            last_year=last_year_of(work, place),
        )

    def _neighbours(self, work: Work) -> dict[Key, Neighbour]:
        """Every stored report of a scheme that still has a form."""
        from app.services.reports.examination import Neighbour

        forms = {s.scheme.id: s.scheme.report for s in self._session.schemes(work)}
        names = {u.code: u.name for u in work.units.all()}
        found: dict[Key, Neighbour] = {}
        for stored in work.reports.all():
            form = forms.get(stored.scheme)
            if form is not None:
                report = read_report(stored.content)
                found[stored.scheme, stored.unit] = Neighbour(report, form, names.get(stored.unit, stored.unit))
        return found

    def _copied(
        self, stored: Iterable[StoredReport], neighbours: Mapping[Key, Neighbour]
    ) -> dict[Key, tuple[ReportFinding, ...]]:
        from app.services.reports.examination import copies_among

        state = frozenset((r.scheme, r.unit, r.fingerprint) for r in stored)
        with self._lock:
            kept = self._copies
        if kept is None or kept.state != state:
            with self._session.read() as work:
                year = int(work.settings.get("year"))
            kept = _Copies(state, copies_among(neighbours, year))
            with self._lock:
                self._copies = kept
        return kept.found
