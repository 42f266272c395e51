"""What the pages and the command line are shown of self-reports. Values without behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from app.domain.findings import Finding
from app.domain.report_forms import ReportForm
from app.domain.reports import Hearing, ListEntry, Remark, Report, ReportFinding, ReportState, SectionText


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportFormView:
    """A scheme whose units write a report. units: how many of them do."""

    scheme: str
    name: str
    level: str
    level_name: str
    form: ReportForm
    units: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportLine:
    """One unit's report in the list of its scheme. state: none as long as nothing was written; characters: of all
    sections, without blanks; findings: how many the examination has (none: not examined since the last change);
    remarks: not settled yet; at, by: of the last change (local time with offset), empty when there is none; bodies: names
    of those it reports to."""

    scheme: str
    unit: str
    name: str
    series: str
    state: ReportState | None
    characters: int
    findings: int | None
    remarks: int
    evidence: int
    at: str
    by: str
    bodies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionLine:
    """One kept version. reason: why it was returned or opened again, or what it was kept for."""

    number: int
    state: ReportState
    at: str
    by: str
    reason: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedRemark:
    """A remark and where its passage stands in the present text: characters start to end of ``remark.where``; moved:
    it is no longer where it was set; found: False when the passage has gone (then start and end are 0), or the remark
    is on a whole text."""

    remark: Remark
    start: int
    end: int
    moved: bool
    found: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemLine:
    """An indicator of the scheme that the unit answers. path: names of the parts above it; given: the score it has in
    the newest result (none: no result, or it must not be shown here); concern: why it does not concern the unit (empty:
    it does)."""

    id: str
    name: str
    note: str
    path: tuple[str, ...]
    points: Fraction | None
    given: Fraction | None
    concern: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HearingLine:
    """Before whom a unit reports, with names."""

    hearing: Hearing
    unit_name: str
    body_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportView:
    """Everything that stands on a report's page. items: those the form asks about. last_year: the unit's report of the
    year before (none: not taken in). locked: why it cannot be changed now, as a sentence (empty: it can). old_names: of sections
    that the form has lost, where a kept version of the scheme knows them."""

    scheme: str
    unit: str
    unit_name: str
    form: ReportForm
    report: Report
    state: ReportState
    items: tuple[ItemLine, ...]
    versions: tuple[VersionLine, ...]
    remarks: tuple[PlacedRemark, ...]
    duties: tuple[ListEntry, ...]
    problems: tuple[ListEntry, ...]
    promises: tuple[ListEntry, ...]
    hearings: tuple[HearingLine, ...]
    last_year: Report | None
    at: str
    by: str
    locked: str
    old_names: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True, slots=True)
class RemarkDraft:
    """A remark before it is set: at characters start to end of ``where`` (``section:ID``, ``item:ID``; empty: the whole
    report, then start and end are 0)."""

    where: str
    start: int
    end: int
    text: str


DifferenceKind = Literal["same", "changed", "added", "removed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A piece of a changed paragraph; differs: it is not in the other version."""

    text: str
    differs: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TextDifference:
    """One paragraph of one of two versions (or a pair of them), in reading order. where: as in ``Remark`` (or
    ``evidence``); name: of that place; before, after: the paragraph in pieces, empty where it is not there."""

    where: str
    name: str
    kind: DifferenceKind
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


Found = Literal["heading", "text", "list", "table", "note", "box", "header", "contents", "comment", "frame"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedParagraph:
    """One paragraph of a Word file. section: where it is proposed to go (empty: nowhere, the user decides); found: what
    it was in the file (note: foot- or endnote; box: text box; contents: a line of the table of contents; frame: title,
    signature or annex of a report written by this program); names_section: it only says the section's name and is no
    part of its text; why: in a few words."""

    text: str
    section: str
    found: Found
    names_section: bool = False
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocxProposal:
    """Which paragraphs go to which section, every paragraph of the file exactly once and in its order. findings: notes on
    what cannot become text (pictures, objects) and on what is doubtful. sha256: of the file."""

    file: str
    sha256: str
    paragraphs: tuple[ProposedParagraph, ...]
    findings: tuple[Finding, ...] = ()

    def sections(self) -> tuple[SectionText, ...]:
        """The texts as proposed, in the order of the file; unassigned paragraphs and names of sections are left out."""
        texts: dict[str, list[str]] = {}
        for paragraph in self.paragraphs:
            if paragraph.section and not paragraph.names_section:
                texts.setdefault(paragraph.section, []).append(paragraph.text)
        return tuple(SectionText(section=s, text="\n".join(lines)) for s, lines in texts.items())

    def unassigned(self) -> tuple[ProposedParagraph, ...]:
        """What has no section yet."""
        return tuple(p for p in self.paragraphs if not p.section)


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryPlan:
    """Lines of a list before they are taken in. new, changed, same: how many of ``entries`` are which; fingerprint: SHA-256
    of the table."""

    source: str
    fingerprint: str
    entries: tuple[ListEntry, ...]
    new: int
    changed: int
    same: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierReportsPlan:
    """Last year's reports in an earlier year file, before they are taken in: of units that are here too."""

    source: str
    fingerprint: str
    year: int
    reports: tuple[Report, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitFindings:
    """What the examination has on one unit's report."""

    unit: str
    name: str
    findings: tuple[ReportFinding, ...]
