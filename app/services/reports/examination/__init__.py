"""The examination of self-reports: advice with passage and next step, never a score. Pure: what it needs is handed in."""

from __future__ import annotations

from app.domain.reports import ReportFinding
from app.services.reports.examination.answers import check_answers
from app.services.reports.examination.copies import Neighbour, check_last_year, check_list, copies_among
from app.services.reports.examination.dates import check_dates
from app.services.reports.examination.leftovers import check_leftovers
from app.services.reports.examination.lengths import check_lengths
from app.services.reports.examination.mixed_concepts import check_concepts
from app.services.reports.examination.numbering import check_numbering
from app.services.reports.examination.problems import check_problems
from app.services.reports.examination.question import Question
from app.services.reports.examination.widths import check_widths

_CHECKS = (
    check_lengths,
    check_problems,
    check_answers,
    check_leftovers,
    check_list,
    check_last_year,
    check_concepts,
    check_numbering,
    check_dates,
    check_widths,
)


def examine(question: Question) -> tuple[ReportFinding, ...]:
    """Every remark on one report but R-OTHER-UNIT, which ``copies_among`` finds for all reports at once."""
    return tuple(finding for check in _CHECKS for finding in check(question))


__all__ = ["Neighbour", "Question", "copies_among", "examine"]
