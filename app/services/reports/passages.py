"""Finding a passage again in a text that has moved on. Pure."""

from __future__ import annotations

from app.domain.reports import Remark, Report
from app.services.reports.values import PlacedRemark


def text_at(report: Report, where: str) -> str:
    """The text that ``section:ID`` or ``item:ID`` names; empty for the report as a whole or where nothing stands."""
    kind, _, name = where.partition(":")
    if kind == "section":
        return next((s.text for s in report.sections if s.section == name), "")
    return next((a.text for a in report.answers if a.item == name), "") if kind == "item" else ""


def place(remark: Remark, report: Report) -> PlacedRemark:
    """Where the remark's passage stands now: the occurrence of its words that is nearest to where it was set."""
    if not remark.quote:
        return PlacedRemark(remark=remark, start=0, end=0, moved=False, found=False)
    at = _nearest(text_at(report, remark.where), remark.quote, remark.start)
    if at < 0:
        return PlacedRemark(remark=remark, start=0, end=0, moved=True, found=False)
    return PlacedRemark(remark=remark, start=at, end=at + len(remark.quote), moved=at != remark.start, found=True)


def _nearest(text: str, quote: str, wanted: int) -> int:
    found: list[int] = []
    at = text.find(quote)
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + 1)
    return min(found, key=lambda here: abs(here - wanted), default=-1)


def characters(text: str) -> int:
    """How many characters without blanks: what length limits count."""
    return len("".join(text.split()))
