"""Missing and empty sections, too short and too long ones. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.report_forms import Section
from app.domain.reports import Passage, ReportFinding
from app.services.reports.examination.question import Question, Writing, sections_of
from app.services.reports.passages import characters


def check_lengths(question: Question) -> Iterator[ReportFinding]:
    """R-EMPTY, R-SHORT, R-LONG of each section, R-TOTAL of all together."""
    for section, writing in zip(question.form.sections, sections_of(question), strict=True):
        yield from _of_section(section, writing)
    yield from _of_all(question)


def _of_section(section: Section, writing: Writing) -> Iterator[ReportFinding]:
    count = characters(writing.text)
    if not count:
        if section.required:
            yield ReportFinding(
                code="R-EMPTY",
                message=f"{writing.name}没有写。",
                step=f"请补写。{section.guide}" if section.guide else "请补写；确实没有的，写明“无”和原因。",
                passage=writing.whole(),
            )
        return
    if count < section.minimum:
        message = f"{writing.name}只有 {count} 字，要求不少于 {section.minimum} 字。"
        step = f"请再写 {section.minimum - count} 字以上，补充具体做法、事例和数字。"
        yield ReportFinding(code="R-SHORT", message=message, step=step, passage=writing.whole())
    if section.maximum is not None and count > section.maximum:
        message = f"{writing.name}有 {count} 字，要求不超过 {section.maximum} 字。"
        step = f"请压缩 {count - section.maximum} 字以上。"
        yield ReportFinding(code="R-LONG", message=message, step=step, passage=_beyond(writing, section.maximum))
    entries = sum(bool(line.strip()) for line in writing.text.split("\n"))
    if section.shape == "list" and entries < section.entries:
        message = f"{writing.name}只列了 {entries} 条，要求至少 {section.entries} 条。"
        yield ReportFinding(code="R-SHORT", message=message, step="请一行写一条，补足条数。", passage=writing.whole())


def _beyond(writing: Writing, maximum: int) -> Passage:
    """What stands behind the allowed number of characters."""
    seen = 0
    for place, sign in enumerate(writing.text):
        seen += not sign.isspace()
        if seen > maximum:
            return writing.passage(place, len(writing.text))
    return writing.whole()


def _of_all(question: Question) -> Iterator[ReportFinding]:
    form = question.form
    count = sum(characters(w.text) for w in sections_of(question))
    if count and count < form.minimum:
        message = f"全文共 {count} 字，要求不少于 {form.minimum} 字。"
        yield ReportFinding(code="R-TOTAL", message=message, step=f"请再写 {form.minimum - count} 字以上。")
    if form.maximum is not None and count > form.maximum:
        message = f"全文共 {count} 字，要求不超过 {form.maximum} 字。"
        yield ReportFinding(code="R-TOTAL", message=message, step=f"请压缩 {count - form.maximum} 字以上。")
