"""Self-reports (述职报告): writing and handing in, versions, remarks, evidence, examination; who reports to whom; lists."""

from app.services.reports.service import ReportService
from app.services.reports.values import (
    DocxProposal,
    EarlierReportsPlan,
    EntryPlan,
    HearingLine,
    ItemLine,
    Piece,
    PlacedRemark,
    ProposedParagraph,
    RemarkDraft,
    ReportFormView,
    ReportLine,
    ReportView,
    TextDifference,
    UnitFindings,
    VersionLine,
)

__all__ = [
    "DocxProposal",
    "EarlierReportsPlan",
    "EntryPlan",
    "HearingLine",
    "ItemLine",
    "Piece",
    "PlacedRemark",
    "ProposedParagraph",
    "RemarkDraft",
    "ReportFormView",
    "ReportLine",
    "ReportService",
    "ReportView",
    "TextDifference",
    "UnitFindings",
    "VersionLine",
]
