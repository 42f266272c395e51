"""Passages copied from the responsibility list, from last year, from another unit. Pure.

What is quoted (《》, “”), set phrases of party documents and the words of the form itself are left out (``masks``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.domain.report_forms import ReportForm
from app.domain.reports import Passage, Report, ReportFinding
from app.services.reports.examination.masks import masked
from app.services.reports.examination.question import MOST, Question, Writing, quoted, writings_of
from app.services.reports.examination.shingles import Shared, Text, shared_passages

LEAST = 40  # same signs that make a passage a copy of another report
LEAST_OF_LIST = 20
_SHORT_ENTRY = 12  # a shorter entry of a list is a heading that may well be repeated
_REPORT, _BESIDE = "report", "beside"


def check_list(question: Question) -> Iterator[ReportFinding]:
    """R-LIST-COPIED: the responsibility list in place of what was done."""
    writings = writings_of(question)
    entries = [e for e in question.duties if len(e.text) >= _SHORT_ENTRY]
    if not writings or not entries:
        return
    texts = [_text(_REPORT, w, question.form) for w in writings] + [Text(_BESIDE, e.text) for e in entries]
    best: list[Shared] = []
    for shared in shared_passages(texts, _SHORT_ENTRY - 2):
        whole = shared.signs * 10 >= 8 * len(entries[shared.other - len(writings)].text)
        if shared.signs >= LEAST_OF_LIST or whole:
            best.append(shared)
    for shared in _apart(best):
        writing, entry = writings[shared.one], entries[shared.other - len(writings)]
        beside = Passage(
            unit=entry.unit,
            year=entry.year or question.year,
            where=f"entry:{entry.id}",
            start=shared.other_start,
            end=shared.other_end,
            quote=entry.text[shared.other_start : shared.other_end],
        )
        passage = writing.passage(shared.start, shared.end)
        yield ReportFinding(
            code="R-LIST-COPIED",
            message=f"{writing.name}：{quoted(passage.quote)}照抄了责任清单（{shared.signs} 字相同）。",
            step="请写自己怎样做的、做成了什么，不要复述清单条文。",
            passage=passage,
            beside=beside,
        )


def check_last_year(question: Question) -> Iterator[ReportFinding]:
    """R-LAST-YEAR: the same words as in the unit's report of the year before."""
    if question.last_year is None:
        return
    before = replace(question, report=question.last_year, year=question.year - 1)
    now, then = writings_of(question), writings_of(before)
    texts = [_text(_REPORT, w, question.form) for w in now] + [_text(_BESIDE, w, question.form) for w in then]
    for shared in _apart(shared_passages(texts, LEAST)):
        writing, old = now[shared.one], then[shared.other - len(now)]
        passage = writing.passage(shared.start, shared.end)
        yield ReportFinding(
            code="R-LAST-YEAR",
            message=f"{writing.name}：{quoted(passage.quote)}与 {old.year} 年的报告相同（{shared.signs} 字）。",
            step="请写今年的情况；问题仍未解决的，写明今年做了什么、为什么还没解决。",
            passage=passage,
            beside=old.passage(shared.other_start, shared.other_end),
        )


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A report among all of the year, with its form and what its unit is called."""

    report: Report
    form: ReportForm
    name: str


Key = tuple[str, str]  # scheme, unit


def copies_among(
    reports: Mapping[Key, Neighbour], year: int, only: Key | None = None
) -> dict[Key, tuple[ReportFinding, ...]]:
    """R-OTHER-UNIT for every report at once: what stands in another unit's report too, passages side by side. only: of
    this one, the same findings in a fraction of the time."""
    keys: list[Key] = []
    writings: list[Writing] = []
    texts: list[Text] = []
    for key, one in reports.items():
        for writing in writings_of(Question(form=one.form, report=one.report, year=year, items=())):
            keys.append(key)
            writings.append(writing)
            texts.append(_text(one.report.unit, writing, one.form))
    mine: dict[Key, list[Shared]] = {}
    for shared in shared_passages(texts, LEAST, only=reports[only].report.unit if only else ""):
        mine.setdefault(keys[shared.one], []).append(shared)
        mine.setdefault(keys[shared.other], []).append(_turned(shared))
    names = {key: one.name for key, one in reports.items()}
    wanted = mine if only is None else {key: found for key, found in mine.items() if key == only}
    return {key: tuple(_of_others(found, keys, writings, names)) for key, found in wanted.items()}


def _of_others(
    found: Sequence[Shared], keys: Sequence[Key], writings: Sequence[Writing], names: Mapping[Key, str]
) -> Iterator[ReportFinding]:
    for shared, more in _grouped(found, keys)[:MOST]:
        writing, other = writings[shared.one], writings[shared.other]
        passage = writing.passage(shared.start, shared.end)
        also = f"，另有 {more} 个单位也有这段话" if more else ""
        yield ReportFinding(
            code="R-OTHER-UNIT",
            message=(
                f"{writing.name}：{quoted(passage.quote)}与“{names[keys[shared.other]]}”的报告相同"
                f"（{shared.signs} 字{also}）。"
            ),
            step="请对照两处，写本单位自己的做法和问题。",
            passage=passage,
            beside=other.passage(shared.other_start, shared.other_end),
        )


def _grouped(found: Sequence[Shared], keys: Sequence[Key]) -> list[tuple[Shared, int]]:
    """Passages of one report that do not overlap, longest first, each with the number of further units that have it."""
    kept: list[tuple[Shared, set[str]]] = []
    for shared in sorted(found, key=lambda s: (-s.signs, s.one, s.start)):
        unit = keys[shared.other][1]
        same = next((k for k in kept if _overlap(k[0], shared)), None)
        if same is None:
            kept.append((shared, {unit}))
        else:
            same[1].add(unit)
    return [(shared, len(units) - 1) for shared, units in kept]


def _apart(found: Sequence[Shared]) -> list[Shared]:
    """The longest of those that overlap in the report, in the order of the report; not more than are worth reading."""
    kept: list[Shared] = []
    for shared in sorted(found, key=lambda s: -s.signs):
        if not any(_overlap(k, shared) for k in kept):
            kept.append(shared)
    return sorted(kept[:MOST], key=lambda s: (s.one, s.start))


def _overlap(one: Shared, other: Shared) -> bool:
    return one.one == other.one and one.start < other.end and other.start < one.end


def _turned(shared: Shared) -> Shared:
    return Shared(
        one=shared.other,
        start=shared.other_start,
        end=shared.other_end,
        other=shared.one,
        other_start=shared.start,
        other_end=shared.end,
        signs=shared.signs,
    )


def _text(owner: str, writing: Writing, form: ReportForm) -> Text:
    words = (*(s.name for s in form.sections), *(s.guide for s in form.sections if s.guide))
    return Text(owner, writing.text, _left_out(writing.text, words))


@lru_cache(maxsize=1024)
def _left_out(text: str, words: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Kept: while one report is being written, the others stay as they are."""
    return tuple(masked(text, words))
