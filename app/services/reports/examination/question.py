"""What the examination is told about one report, and how its findings name a place. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain.report_forms import Purpose, ReportForm
from app.domain.reports import Concept, ListEntry, Passage, Report, ReportFinding
from app.services.reports.values import ItemLine

_SHOWN = 40  # characters of a passage that a message quotes
MOST = 8  # findings of one code in one text: the rest is counted in the last of them


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One report and what it is held against. items: those the form asks about; duties: entries that concern the unit;
    last_year: the unit's report of the year before (none: not known)."""

    form: ReportForm
    report: Report
    year: int
    items: tuple[ItemLine, ...] = ()
    duties: tuple[ListEntry, ...] = ()
    concepts: tuple[Concept, ...] = ()
    last_year: Report | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """One text of a report. where: ``section:ID`` or ``item:ID``; name: as messages call it (``“存在问题”一栏``)."""

    unit: str
    year: int
    where: str
    name: str
    purpose: Purpose | Literal["item"]
    text: str

    def passage(self, start: int, end: int) -> Passage:
        """The place of these characters."""
        return Passage(
            unit=self.unit, year=self.year, where=self.where, start=start, end=end, quote=self.text[start:end]
        )

    def whole(self) -> Passage:
        """The whole text as a place."""
        return self.passage(0, len(self.text))


def sections_of(question: Question) -> tuple[Writing, ...]:
    """The texts of the form's sections, in its order; an empty text where nothing was written."""
    report = question.report
    texts = {s.section: s.text for s in report.sections}
    return tuple(
        Writing(
            unit=report.unit,
            year=question.year,
            where=f"section:{s.id}",
            name=f"“{s.name}”一栏",
            purpose=s.purpose,
            text=texts.get(s.id, ""),
        )
        for s in question.form.sections
    )


def answers_of(question: Question) -> tuple[Writing, ...]:
    """The texts to the items that concern the unit; an empty text where nothing was written."""
    report = question.report
    texts = {a.item: a.text for a in report.answers}
    return tuple(
        Writing(
            unit=report.unit,
            year=question.year,
            where=f"item:{i.id}",
            name=f"指标“{i.name}”的说明",
            purpose="item",
            text=texts.get(i.id, ""),
        )
        for i in question.items
        if not i.concern
    )


def writings_of(question: Question) -> tuple[Writing, ...]:
    """Every text that is not empty."""
    return tuple(w for w in (*sections_of(question), *answers_of(question)) if w.text.strip())


def finding(code: str, writing: Writing, start: int, end: int, message: str, step: str) -> ReportFinding:
    """A finding at a passage; ``{}`` in the message stands for the passage, cut short."""
    passage = writing.passage(start, end)
    return ReportFinding(
        code=code, message=f"{writing.name}：{message.replace('{}', quoted(passage.quote))}", step=step, passage=passage
    )


def quoted(text: str) -> str:
    """A passage as messages quote it."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}”"


def at_most(findings: Iterator[ReportFinding]) -> Iterator[ReportFinding]:
    """The first few; of the others it is only said how many there are."""
    found = list(findings)
    yield from found[: MOST - 1]
    if len(found) == MOST:
        yield found[-1]
    elif len(found) > MOST:
        last, more = found[MOST - 1], len(found) - MOST
        yield ReportFinding(
            code=last.code,
            message=f"{last.message}（此类问题这里还有 {more} 处）",
            step=last.step,
            passage=last.passage,
            beside=last.beside,
        )
