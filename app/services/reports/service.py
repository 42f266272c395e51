"""Self-reports of the open year: writing, versions, and the way from draft over submission and return to acceptance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.domain.progress import Progress, no_progress
from app.domain.quantities import number_text
from app.domain.reports import Evidence, Remark, Report, ReportFinding, ReportState
from app.files.documents.reports import read_report
from app.services.changes import Area, Outcome
from app.services.reports.evidence import EvidenceFiles
from app.services.reports.examining import Examining
from app.services.reports.papers import Papers, file_name, paper_html
from app.services.reports.remarks import Remarks
from app.services.reports.self_scores import take_self_scores
from app.services.reports.store import (
    STATE_NAMES,
    Place,
    in_form_order,
    items_asked,
    keep,
    place_of,
    require_open,
    store,
)
from app.services.reports.values import (
    DocxProposal,
    EarlierReportsPlan,
    RemarkDraft,
    ReportFormView,
    ReportLine,
    ReportView,
    TextDifference,
    UnitFindings,
    VersionLine,
)
from app.services.reports.views import Views
from app.services.session import Session, done, need_reason, refuse_when_wrong
from app.storage.records import Details
from app.storage.work import Work

if TYPE_CHECKING:
    from app.services.results import ResultService

_BAD = Fault.INPUT_BAD.value.code
_Check = Callable[[Work, Place], None]


class ReportService:
    """Self-reports of the open year. Examination and reading Word files are advice and proposals; they change nothing."""

    def __init__(self, session: Session, results: ResultService) -> None:
        self._session = session
        self._examining = Examining(session, results)
        self._views = Views(session, results, self._examining)
        self._evidence = EvidenceFiles(session)
        self._remarks = Remarks(session)
        self._papers = Papers(session)

    # ---- looking

    def forms(self) -> tuple[ReportFormView, ...]:
        """Schemes whose units write a report, highest level first."""
        return self._views.forms()

    def list(self, scheme: str) -> tuple[ReportLine, ...]:
        """A line for each unit of the scheme, in official order. Raises NOT_FOUND."""
        return self._views.list(scheme)

    def get(self, scheme: str, unit: str) -> ReportView:
        """Everything on one report; where nothing was written, an empty draft. Raises NOT_FOUND."""
        return self._views.get(scheme, unit)

    def version(self, scheme: str, unit: str, number: int) -> Report:
        """The content of a kept version; 0: the present one. Raises NOT_FOUND."""
        with self._session.read() as work:
            place = place_of(self._session, work, scheme, unit)
            if number == 0:
                return place.report
            kept = next((v for v in work.report_versions.of(scheme, unit) if v.number == number), None)
        if kept is None:
            raise AppError(Fault.NOT_FOUND, f"{place.unit.name}的报告没有第 {number} 版。")
        return in_form_order(read_report(kept.content), place.form)

    def compare(self, scheme: str, unit: str, before: int, after: int) -> tuple[TextDifference, ...]:
        """Two versions side by side (0: the present one), every paragraph of both."""
        from app.services.reports.differences import compare_reports

        with self._session.read() as work:
            place = place_of(self._session, work, scheme, unit)
            names = {i.id: i.name for i in items_asked(work, place)}
        old, new = self.version(scheme, unit, before), self.version(scheme, unit, after)
        return compare_reports(old, new, place.form, names)

    # ---- writing

    def save(self, report: Report) -> Outcome[Report]:
        """Save what is written so far, as one step that can be undone; the same content again writes nothing but the
        entry. Raises REPORT_LOCKED, NOT_FOUND, INPUT_BAD with findings."""
        label = "保存述职报告"
        with self._write("save-report", label) as work:
            place = place_of(self._session, work, report.scheme, report.unit)
            require_open(place)
            report = _with_kept_texts(report, place)
            refuse_when_wrong(check_report(report, place, frozenset(i.id for i in items_asked(work, place)), work))
            before = place.stored.fingerprint if place.stored else ""
            stored = store(work, place, report, place.state)
            said = _subject(place)
            work.describe(
                subject=said, before=before[:16], after=stored.fingerprint[:16], fingerprint=stored.fingerprint
            )
        return done(in_form_order(read_report(stored.content), place.form), label, Area.REPORTS)

    def keep_version(self, scheme: str, unit: str, reason: str = "") -> Outcome[VersionLine]:
        """Keep the report as it is as a version. Raises NOT_FOUND when nothing was written."""
        label = "留存述职报告版本"
        with self._write("keep-report-version", label, reason) as work:
            place = place_of(self._session, work, scheme, unit)
            if place.stored is None:
                raise AppError(Fault.NOT_FOUND, f"{place.unit.name}还没有写报告。")
            version = keep(work, place.stored, reason)
            work.describe(subject=_subject(place), after=f"第 {version.number} 版", fingerprint=version.fingerprint)
        return done(version, label, Area.REPORTS)

    # ---- the steps

    def submit(self, scheme: str, unit: str) -> Outcome[VersionLine]:
        """Hand the report in: from then on it is locked. Raises INPUT_BAD when nothing was written, REPORT_LOCKED."""

        def check(_: Work, place: Place) -> None:
            require_open(place)
            if place.stored is None or not any(s.text.strip() for s in place.report.sections):
                raise AppError(Fault.INPUT_BAD, f"{place.unit.name}的报告还是空的，不能提交。")

        return self._step(scheme, unit, "submitted", "submit-report", "提交述职报告", check)

    def return_(self, scheme: str, unit: str, reason: str, remarks: Sequence[RemarkDraft] = ()) -> Outcome[VersionLine]:
        """Give a submitted report back with a reason and remarks at passages; it can then be changed again."""
        need_reason(reason, "退回")

        def check(work: Work, place: Place) -> None:
            _require(place, "submitted", "退回")
            for draft in remarks:
                self._remarks.add(work, place, draft)

        return self._step(scheme, unit, "returned", "return-report", "退回述职报告", check, reason)

    def accept(self, scheme: str, unit: str) -> Outcome[VersionLine]:
        """Accept a submitted report; it stays locked. Its self-scores become the values of the items whose source is the
        unit itself. Raises INPUT_BAD for a score outside an item's range, CALC_FROZEN when such a value would change."""
        taken = 0

        def check(work: Work, place: Place) -> None:
            nonlocal taken
            _require(place, "submitted", "通过")
            taken = take_self_scores(work, place, len(work.report_versions.of(scheme, unit)) + 1)

        outcome = self._step(scheme, unit, "accepted", "accept-report", "通过述职报告", check)
        return done(outcome.value, outcome.change.label, Area.REPORTS, *((Area.EVENTS,) if taken else ()))

    def reopen(self, scheme: str, unit: str, reason: str) -> Outcome[VersionLine]:
        """Open a locked report again: one that was submitted becomes a draft (taken back by its unit), an accepted one
        is given back."""
        need_reason(reason, "重新打开")
        with self._session.read() as work:
            state = place_of(self._session, work, scheme, unit).state
        to: ReportState = "draft" if state == "submitted" else "returned"

        def check(_: Work, place: Place) -> None:
            _require(place, "accepted" if to == "returned" else "submitted", "重新打开")

        return self._step(scheme, unit, to, "reopen-report", "重新打开述职报告", check, reason)

    def _step(
        self, scheme: str, unit: str, to: ReportState, action: str, label: str, check: _Check, reason: str = ""
    ) -> Outcome[VersionLine]:
        with self._write(action, label, reason) as work:
            place = place_of(self._session, work, scheme, unit)
            check(work, place)
            stored = store(work, place, place.report, to)
            version = keep(work, stored, reason)
            before, after = STATE_NAMES[place.state], f"{STATE_NAMES[to]}，第 {version.number} 版"
            work.describe(subject=_subject(place), before=before, after=after, fingerprint=stored.fingerprint)
            label = f"{label}：{place.unit.name}"
        return done(version, label, Area.REPORTS)

    # ---- remarks

    def remark(self, scheme: str, unit: str, draft: RemarkDraft) -> Outcome[Remark]:
        """Set a remark at a passage of a report that was submitted or given back. Raises INPUT_BAD when it says nothing
        or lies outside the text."""
        label = "写批注"
        with self._write("remark-report", label) as work:
            place = place_of(self._session, work, scheme, unit)
            if place.state not in ("submitted", "returned"):
                raise AppError(Fault.INPUT_BAD, f"报告现在是“{STATE_NAMES[place.state]}”，提交或退回后才能写批注。")
            remark = self._remarks.add(work, place, draft)
            work.describe(subject=_subject(place), after=remark.text)
        return done(remark, label, Area.REPORTS)

    def settle_remark(self, remark_id: str, settled: bool = True) -> Outcome[Remark]:
        """Note that a remark has been dealt with, or has not. Raises NOT_FOUND."""
        label = "处理批注" if settled else "重新打开批注"
        with self._write("settle-remark", label) as work:
            remark = self._remarks.settle(work, remark_id, settled)
        return done(remark, label, Area.REPORTS)

    def delete_remark(self, remark_id: str) -> Outcome[None]:
        """Take a remark out. Raises NOT_FOUND."""
        with self._write("delete-remark", "删除批注") as work:
            self._remarks.delete(work, remark_id)
        return done(None, "删除批注", Area.REPORTS)

    # ---- evidence

    def attach(self, scheme: str, unit: str, path: Path, item: str = "", note: str = "") -> Outcome[Evidence]:
        """Take a file into the year file and name it in the report. Its kind is told by its content. Raises
        EVIDENCE_KIND, EVIDENCE_TOO_LARGE, REPORT_LOCKED, NOT_FOUND, E-FILE errors."""
        return self._evidence.attach(scheme, unit, path, item, note)

    def change_evidence(
        self, scheme: str, unit: str, digest: str, item: str, new_item: str, note: str
    ) -> Outcome[Evidence]:
        """Put an attached file to another indicator, or change what is said of it."""
        return self._evidence.change(scheme, unit, digest, item, new_item, note)

    def detach(self, scheme: str, unit: str, digest: str, item: str = "") -> Outcome[None]:
        """Name a file in the report no longer; its bytes stay for undo and for the versions."""
        return self._evidence.detach(scheme, unit, digest, item)

    def evidence(self, digest: str) -> bytes:
        """The bytes of an attached file. Raises NOT_FOUND."""
        return self._evidence.bytes_of(digest)

    def save_evidence(self, digest: str, path: Path) -> Path:
        """Write an attached file to a place; it is never opened or run. Raises NOT_FOUND, E-FILE errors."""
        return self._evidence.save_to(digest, path)

    def purge_evidence(self, reason: str) -> Outcome[int]:
        """Clear away the contents of attached files that neither a report nor any of its versions names; how many. Undo
        steps before it end, as they might bring such a report back; a backup is made first. Raises INPUT_BAD."""
        return self._evidence.purge(reason)

    # ---- texts from elsewhere

    def read_docx(self, path: Path, scheme: str) -> DocxProposal:
        """Which paragraphs of a Word file go to which section. Raises DOC_BAD, NOT_FOUND, E-FILE errors."""
        from app.services.reports.word_reports import propose

        with self._session.read() as work:
            wanted = self._session.scheme(work, scheme).scheme
        return propose(path, wanted)

    def clean_paste(self, text_or_html: str) -> str:
        """A pasted text or HTML fragment as plain paragraphs, one a line; nothing that can be read is lost."""
        from app.files.word.paste import clean_paste

        return clean_paste(text_or_html)

    # ---- on paper

    def export_docx(self, scheme: str, unit: str, path: Path) -> Outcome[Path]:
        """One report as a Word file, the same report as the same bytes. Raises NOT_FOUND, E-FILE errors."""
        return done(self._papers.docx(scheme, unit, path), "导出述职报告", undoable=False)

    def export_all(
        self, schemes: Sequence[str], folder: Path, progress: Progress = no_progress
    ) -> Outcome[tuple[Path, ...]]:
        """Every report of these schemes that was begun, as Word files in a folder (made when missing): all or none; what
        lies there is not replaced. Raises INPUT_BAD when there is none, NOT_FOUND, E-FILE errors."""
        return done(self._papers.all(schemes, folder, progress), "导出述职报告", undoable=False)

    def export_pdf(self, scheme: str, unit: str, path: Path, pdf: bytes) -> Outcome[Path]:
        """Keep the printed page that the window has made of ``paper_html``."""
        return done(self._papers.pdf(scheme, unit, path, pdf), "导出述职报告", undoable=False)

    def paper_html(self, scheme: str, unit: str) -> str:
        """One report as a page to print. Raises NOT_FOUND."""
        return paper_html(self._papers.paper(scheme, unit))

    def paper_name(self, scheme: str, unit: str) -> str:
        """The proposed name of its Word file. Raises NOT_FOUND."""
        return file_name(self._papers.paper(scheme, unit))

    # ---- examination

    def examine(self, scheme: str, unit: str, report: Report | None = None) -> tuple[ReportFinding, ...]:
        """Advice on a report: of the stored one, or of a text that is being edited. Raises NOT_FOUND."""
        return self._examining.one(scheme, unit, report)

    def examine_all(self, scheme: str, progress: Progress = no_progress) -> tuple[UnitFindings, ...]:
        """Advice on every report of a scheme that has been begun. Raises NOT_FOUND."""
        return self._examining.all(scheme, progress)

    # ---- last year

    def plan_last_year(self, path: Path, schemes: Mapping[str, str] | None = None) -> EarlierReportsPlan:
        """The reports in an earlier year file, of units that are here too; an accepted one before any other. schemes: id
        there → id here (none: the same ids). Raises the E-DB and E-FILE errors, INPUT_BAD when it is no earlier year."""
        from app.services.reports.last_year import plan_last_year

        return plan_last_year(self._session, path, schemes)

    def take_last_year(self, plan: EarlierReportsPlan) -> Outcome[int]:
        """Take them in as one step; returns how many."""
        from app.services.reports.last_year import take_last_year

        return take_last_year(self._session, plan)

    def _write(self, action: str, label: str, reason: str = "") -> AbstractContextManager[Work]:
        return self._session.write(action, label, reason=reason, details=Details(), touches_facts=False)


def check_report(report: Report, place: Place, items: frozenset[str], work: Work) -> tuple[Finding, ...]:
    """What cannot be stored: sections the form does not have, doubles, answers to items it does not ask about, scores that
    are no points, evidence that is not in the year file."""
    found: list[Finding] = []
    sections = [s.section for s in report.sections]
    known = {s.id for s in place.form.sections} | {s.section for s in place.report.sections}
    items |= {a.item for a in place.report.answers}
    name = place.unit.name
    for section in sections:
        if section not in known:
            found.append(Finding(_BAD, name, f"报告格式中没有“{section}”这一栏。", "请按本年度的格式填写。"))
    answered = [a.item for a in report.answers]
    if len(set(sections)) < len(sections) or len(set(answered)) < len(answered):
        found.append(Finding(_BAD, name, "同一栏或同一指标写了两次。", "请合并成一处。"))
    for answer in report.answers:
        if answer.item not in items:
            found.append(Finding(_BAD, name, f"报告不要求填写指标“{answer.item}”。", "请删去这一项。"))
        if answer.score is not None and (answer.score < 0 or "/" in number_text(answer.score)):
            found.append(Finding(_BAD, name, f"自评分“{number_text(answer.score)}”不是分数。", "请填 0 以上的小数。"))
    kept = work.evidence.digests() if report.evidence else frozenset[str]()
    for evidence in report.evidence:
        if evidence.digest not in kept:
            found.append(Finding(_BAD, name, f"佐证材料“{evidence.name}”不在年度文件中。", "请重新添加该文件。"))
    return tuple(found)


def _with_kept_texts(report: Report, place: Place) -> Report:
    """Texts of sections that the form no longer has stay with the report."""
    form = {s.id for s in place.form.sections}
    given = {s.section for s in report.sections}
    kept = tuple(s for s in place.report.sections if s.section not in form | given)
    return replace(report, sections=(*report.sections, *kept)) if kept else report


def _require(place: Place, state: ReportState, what: str) -> None:
    if place.state != state:
        said = f"{place.unit.name}的报告现在是“{STATE_NAMES[place.state]}”，不能{what}。"
        raise AppError(Fault.INPUT_BAD, said)


def _subject(place: Place) -> str:
    return f"述职报告 {place.scheme.id} {place.unit.code}"
