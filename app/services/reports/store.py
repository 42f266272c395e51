"""What the report services share: which schemes have a form, the stored report as a value, and who may change it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.domain.errors import AppError, Fault
from app.domain.facts import Unit
from app.domain.report_forms import ReportForm
from app.domain.reports import Report, ReportState
from app.domain.schemes import Item, Node, Part, Scheme
from app.files.documents.reports import read_report, write_report
from app.services.applicability import not_applicable
from app.services.reports.values import ItemLine, VersionLine
from app.services.session import Session
from app.storage.records import StoredReport, StoredVersion
from app.storage.work import Work

LOCKED: dict[ReportState, str] = {
    "submitted": "报告已经提交，等待审核；要修改，请先由考核办退回。",
    "accepted": "报告已经通过；确需修改，请说明理由后重新打开。",
}
STATE_NAMES: dict[ReportState, str] = {
    "draft": "草稿",
    "submitted": "已提交",
    "returned": "已退回",
    "accepted": "已通过",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's report under a scheme: the scheme with its form, the unit, and what is stored (none: nothing yet)."""

    scheme: Scheme
    form: ReportForm
    unit: Unit
    stored: StoredReport | None

    @property
    def state(self) -> ReportState:
        return self.stored.state if self.stored else "draft"

    @property
    def report(self) -> Report:
        """The content; an empty report where nothing was written."""
        if self.stored is None:
            return Report(scheme=self.scheme.id, unit=self.unit.code)
        return in_form_order(read_report(self.stored.content), self.form)


def place_of(session: Session, work: Work, scheme_id: str, code: str) -> Place:
    """Raises NOT_FOUND when there is no such scheme or unit, or the scheme asks for no report."""
    scheme = session.scheme(work, scheme_id).scheme
    form = form_of(scheme)
    unit = work.units.get(code)
    if unit is None or unit.level != scheme.level:
        raise AppError(Fault.NOT_FOUND, f"“{scheme.name}”中没有编码为“{code}”的单位。")
    return Place(scheme, form, unit, work.reports.get(scheme_id, code))


def in_form_order(report: Report, form: ReportForm) -> Report:
    """The sections as the form has them; those it no longer has come last."""
    order = {s.id: n for n, s in enumerate(form.sections)}
    return replace(report, sections=tuple(sorted(report.sections, key=lambda s: order.get(s.section, len(order)))))


def form_of(scheme: Scheme) -> ReportForm:
    """Raises NOT_FOUND when the scheme asks for no report."""
    if scheme.report is None:
        raise AppError(Fault.NOT_FOUND, f"“{scheme.name}”没有要求写述职报告。")
    return scheme.report


def require_open(place: Place) -> None:
    """Raises REPORT_LOCKED when the report has been submitted or accepted."""
    if place.state in LOCKED:
        raise AppError(Fault.REPORT_LOCKED, f"{place.unit.name}的报告现在是“{STATE_NAMES[place.state]}”。")


def store(work: Work, place: Place, report: Report, state: ReportState) -> StoredReport:
    """Save content and state, with who and when."""
    content = write_report(report)
    stored = StoredReport(
        scheme=place.scheme.id,
        unit=place.unit.code,
        state=state,
        content=content,
        fingerprint=digest_of(content),
        at=work.at,
        by=work.who,
    )
    work.reports.save(stored)
    return stored


def keep(work: Work, stored: StoredReport, reason: str) -> VersionLine:
    """Keep the report as it is now as the next version."""
    number = max((v.number for v in work.report_versions.of(stored.scheme, stored.unit)), default=0) + 1
    version = StoredVersion(
        scheme=stored.scheme,
        unit=stored.unit,
        number=number,
        state=stored.state,
        content=stored.content,
        fingerprint=stored.fingerprint,
        at=work.at,
        by=work.who,
        reason=reason,
    )
    work.report_versions.add(version)
    return line_of(version)


def line_of(version: StoredVersion) -> VersionLine:
    """A version without its content."""
    return VersionLine(
        number=version.number,
        state=version.state,
        at=version.at,
        by=version.by,
        reason=version.reason,
        fingerprint=version.fingerprint,
    )


def digest_of(content: str) -> str:
    """SHA-256 of a report's canonical text, hex."""
    return hashlib.sha256(content.encode()).hexdigest()


def items_asked(work: Work, place: Place) -> tuple[ItemLine, ...]:
    """The indicators of the tree that the form asks about, in order; those that do not concern the unit with the reason."""
    asked = place.form.answers
    if asked.score == asked.text == asked.evidence == "none":
        return ()
    exempt = not_applicable(place.scheme, [place.unit], work.exemptions.all())
    wanted = set(asked.items)
    return tuple(
        ItemLine(
            id=item.id,
            name=item.name,
            note=item.note,
            path=path,
            points=item.points,
            given=None,
            concern=exempt.get((place.unit.code, item.id), ""),
        )
        for path, item in _items(place.scheme.tree, ())
        if not wanted or item.id in wanted
    )


def _items(part: Part, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Item]]:
    if isinstance(part, Node):
        for child in part.children:
            yield from _items(child, (*path, part.name) if path or part.name else path)
    else:
        yield path[1:], part
