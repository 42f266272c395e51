"""Self-scores on their way into the assessment: an accepted report's scores for items whose source is the unit itself."""

from __future__ import annotations

from app.domain.facts import OfficeMark
from app.domain.schemes import DirectReading, Item, OfficeSource, items_of
from app.services.reports.store import Place
from app.services.session import refuse_when_frozen, refuse_when_wrong
from app.services.value_checks import check_office_mark
from app.storage.work import Work


def take_self_scores(work: Work, place: Place, version: int) -> int:
    """Store them as the values of these items; how many are new or other than before. Items by periods or levels are left
    to be entered. Raises INPUT_BAD for a score outside the item's range, CALC_FROZEN when a value would change a frozen
    result."""
    answers = {a.item: a.score for a in place.report.answers}
    marks = [
        OfficeMark(
            scheme=place.scheme.id,
            unit=place.unit.code,
            item=item.id,
            value=score,
            basis=f"述职报告第 {version} 版自评分",
            by=place.unit.name,
        )
        for item in items_of(place.scheme)
        if _is_self_score(item) and (score := answers.get(item.id)) is not None
    ]
    known = {place.scheme.id: place.scheme}, {place.unit.code: place.unit}
    refuse_when_wrong(tuple(f for mark in marks for f in check_office_mark(mark, *known)))
    changed = [m for m in marks if not _is_there(work, m)]
    if changed:
        refuse_when_frozen(work)
        work.office_marks.save(*changed)
    return len(changed)


def _is_self_score(item: Item) -> bool:
    source = item.source
    plain = isinstance(item.reading, DirectReading) and item.periods is None
    return isinstance(source, OfficeSource) and source.kind == "self" and plain


def _is_there(work: Work, mark: OfficeMark) -> bool:
    before = work.office_marks.get(mark.scheme, mark.unit, mark.item, mark.period)
    return before is not None and before.value == mark.value
