"""The lines of the section list: how far each section and the indicators are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.domain.report_forms import ReportForm, Section
from app.domain.reports import Report, ReportFinding
from app.services.reports.passages import characters
from app.ui import colours
from app.ui.pages.reports.section_list import SectionRow
from app.ui.pages.reports.words import count_ink, limits_text, range_text, shortfall
from app.ui.pages.reports.writing import Writing

if TYPE_CHECKING:
    from app.services.reports import ReportView

ITEMS = "items"


def sections_of(form: ReportForm, report: Report, old_names: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections of the form, and those it no longer has as long as something is written in them, by their old names."""
    known = {section.id for section in form.sections}
    left = (s.section for s in report.sections if s.section not in known and s.text.strip())
    about = "方案里已经没有这一栏。请把还用得着的文字移到别的栏目，再清空这里。"
    return (
        *form.sections,
        *(Section(id=i, name=f"{old_names.get(i, i)}（已取消）", required=False, guide=about) for i in left),
    )


def section_rows(view: ReportView, writing: Writing, findings: Sequence[ReportFinding]) -> list[SectionRow]:
    """A line for each section, and one for the indicators when the form asks about any."""
    wheres = [f.passage.where for f in findings if f.passage is not None]
    remarks = [r.remark.where for r in view.remarks if not r.remark.settled]
    rows: list[SectionRow] = []
    for section in sections_of(view.form, writing.report, view.old_names):
        where, text = f"section:{section.id}", writing.text(section.id)
        count, wrong = characters(text), shortfall(section, text)
        said = f"{count} 字 · {wrong}" if count and wrong else f"{count} 字" if count else limits_text(section)
        ink = count_ink(section, text) if count else colours.TEXT_FAINT
        rows.append(SectionRow(where, section.name, said, ink, remarks.count(where), wheres.count(where)))
    if view.items:
        rows.append(_items_row(view, writing, remarks, wheres))
    return rows


def _items_row(view: ReportView, writing: Writing, remarks: Sequence[str], wheres: Sequence[str]) -> SectionRow:
    answers, asked = view.form.answers, [item for item in view.items if not item.concern]
    done = sum(
        (answers.score != "required" or writing.answer(item.id).score is not None)
        and (answers.text != "required" or bool(writing.answer(item.id).text.strip()))
        for item in asked
    )
    ink = colours.GOOD if done == len(asked) else colours.WARN if done else colours.TEXT_FAINT
    counted = [sum(where.startswith("item:") for where in found) for found in (remarks, wheres)]
    return SectionRow(ITEMS, "逐项自评", f"{done} / {len(asked)} 项", ink, *counted)


def whole_text(form: ReportForm, writing: Writing) -> str:
    """How long the report is against the form's limits, and how much of it is about problems."""
    lengths = {section.id: characters(writing.text(section.id)) for section in form.sections}
    total = sum(lengths.values())
    bounds = range_text(form.minimum, form.maximum)
    said = f"全文 {total} 字" + (f"（{bounds}）" if bounds else "")
    if form.problem_share is not None and total:
        share = sum(lengths[s.id] for s in form.sections if s.purpose in form.problem_purposes) * 100 // total
        said += f" · 问题部分占 {share}%（不少于 {round(form.problem_share * 100)}%）"
    return said
