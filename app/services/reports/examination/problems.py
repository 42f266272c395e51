"""Whether problems are named, how much room they take, and whether the report tells successes only. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from app.domain.quantities import number_text
from app.domain.reports import ReportFinding
from app.services.reports.examination.question import Question, Writing, finding, quoted, sections_of
from app.services.reports.examination.sentences import praise_in, sentences_of
from app.services.reports.passages import characters

_PRAISE_PER_THOUSAND = 6
_FEW_PROBLEMS = 15  # percent of the text


def check_problems(question: Question) -> Iterator[ReportFinding]:
    """R-NO-PROBLEM, R-PROBLEM-SHARE, R-PRAISE."""
    sections = [s for s in sections_of(question) if s.text.strip()]
    if not sections:
        return
    asked = any(s.purpose == "problems" for s in question.form.sections)
    named = [s for s in sections if s.purpose == "problems"]
    for section in named:
        yield from _unnamed(section)
    if not asked and not any(s.names_problem for w in sections for s in sentences_of(w.text)):
        step = "请写明存在的主要问题，一条一条点到具体事。"
        yield ReportFinding(code="R-NO-PROBLEM", message="全文没有写到任何问题。", step=step)
    yield from _share(question, sections)
    yield from _praise(question, sections)


def _unnamed(section: Writing) -> Iterator[ReportFinding]:
    """The section on problems has sentences, and none of them names one."""
    said = list(sentences_of(section.text))
    if any(s.names_problem for s in said):
        return
    first = next((s for s in said if s.denies), said[0])
    message = "没有点出具体问题，{}不是问题。" if first.denies else "写到的都不是问题，例如{}。"
    step = "请写出真实存在的问题：什么事、差在哪里、涉及谁，一条写一个。"
    yield finding("R-NO-PROBLEM", section, first.start, first.end, message, step)


def _share(question: Question, sections: list[Writing]) -> Iterator[ReportFinding]:
    wanted = question.form.problem_share
    if wanted is None:
        return
    total = sum(characters(s.text) for s in sections)
    about = [s for s in sections if s.purpose in question.form.problem_purposes]
    count = sum(characters(s.text) for s in about)
    if not about or count >= wanted * total:  # what was not written at all is another finding
        return
    needed = -((count - wanted * total) // (1 - wanted)) if wanted < 1 else total
    names = "、".join(f"“{s.name}”" for s in question.form.sections if s.purpose in question.form.problem_purposes)
    message = (
        f"写问题的栏目（{names}）共 {count} 字，占全文 {total} 字的 {count * 1000 // total / 10}%，"
        f"要求不少于 {_share_said(wanted)}。"
    )
    step = f"请把问题和原因写透（约再写 {needed} 字），或压缩成绩部分。"
    yield ReportFinding(code="R-PROBLEM-SHARE", message=message, step=step, passage=about[0].whole())


def _share_said(share: Fraction) -> str:
    """25%, or 1/3 where percent would not be exact."""
    percent = number_text(share * 100)
    return number_text(share) if "/" in percent else f"{percent}%"


def _praise(question: Question, sections: list[Writing]) -> Iterator[ReportFinding]:
    about = [s for s in sections if s.purpose in ("problems", "causes")]
    for section in about:
        yield from _praise_for_problems(section)
    total = sum(characters(s.text) for s in sections)
    praise = sum(praise_in(s.text) for s in sections)
    few = sum(characters(s.text) for s in about) * 100 < _FEW_PROBLEMS * total
    if praise * 1000 >= _PRAISE_PER_THOUSAND * total and praise >= _PRAISE_PER_THOUSAND and few:
        most = max(sections, key=lambda s: praise_in(s.text))
        first = next(s for s in sentences_of(most.text) if praise_in(s.text))
        message = f"全文有 {praise} 处赞扬自己的话，写问题的不到一成半，例如{quoted(first.text)}。"
        step = "请用事例和数字代替评价，把问题和原因写足。"
        yield finding("R-PRAISE", most, first.start, first.end, message, step)


def _praise_for_problems(section: Writing) -> Iterator[ReportFinding]:
    said = list(sentences_of(section.text))
    for sentence in said:
        if sentence.flatters:
            message = "{}是把优点当缺点写。"
            step = "请换成真实存在的问题。"
            yield finding("R-PRAISE", section, sentence.start, sentence.end, message, step)
    praising = [s for s in said if s.praises]
    if sum(characters(s.text) for s in praising) * 2 > characters(section.text):
        first = praising[0]
        message = "一半以上是成绩，例如{}。"
        step = "这里只写问题和原因，请把成绩移到前面的栏目。"
        yield finding("R-PRAISE", section, first.start, first.end, message, step)
