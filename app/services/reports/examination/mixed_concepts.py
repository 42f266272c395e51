"""Terms that are mixed up, by the office's list of pairs: the one that is meant here and the one often put in its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.reports import Concept, ReportFinding
from app.services.reports.examination.question import Question, Writing, at_most, finding, writings_of

_SAME = r"\s*[“”\"]?(?:（|\(|、|/|／|即|也就是|也称|又称|或者?|亦即|就是|等同于|以及（)(?:即|也就是|或)?[“”\"]?\s*"
_TITLE = re.compile(r"《[^《》\n]{1,60}》")
_HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+[.．、]|第[一二三四五六七八九十]+[，、])?.{2,40}[^。；！？，,;]$"
)


def check_concepts(question: Question) -> Iterator[ReportFinding]:
    """R-CONCEPT, in three cases: the other term stands and the meant one is nowhere; both are put as the same; a heading
    speaks of the one and what follows only of the other. Titles in 《》 are left out."""
    writings = writings_of(question)
    for concept in question.concepts:
        if concept.term and concept.other:
            yield from _of_pair(concept, writings)


def _of_pair(concept: Concept, writings: tuple[Writing, ...]) -> Iterator[ReportFinding]:
    texts = {w.where: _without_titles(w.text) for w in writings}
    known = any(concept.term in t for t in texts.values())
    same = re.compile(
        f"{re.escape(concept.term)}{_SAME}{re.escape(concept.other)}|{re.escape(concept.other)}{_SAME}{re.escape(concept.term)}"
    )
    for writing in writings:
        text = texts[writing.where]
        if not known:
            yield from at_most(_alone(concept, writing, text))
        else:
            for match in same.finditer(text):
                message = f"把“{concept.term}”和“{concept.other}”当成了一回事。"
                yield finding("R-CONCEPT", writing, match.start(), match.end(), message, _advice(concept))
            yield from _under_heading(concept, writing, text)


def _alone(concept: Concept, writing: Writing, text: str) -> Iterator[ReportFinding]:
    for match in re.finditer(re.escape(concept.other), text):
        message = f"写的是“{concept.other}”，全文没有写“{concept.term}”，可能混淆了两个概念。"
        yield finding("R-CONCEPT", writing, match.start(), match.end(), message, _advice(concept))


def _under_heading(concept: Concept, writing: Writing, text: str) -> Iterator[ReportFinding]:
    """A heading line with the one term, and up to the next heading only the other."""
    lines = list(_lines(text))
    for n, (_, line) in enumerate(lines):
        if concept.term not in line or not _HEADING.match(line):
            continue
        below: list[tuple[int, str]] = []
        for later in lines[n + 1 :]:
            if _HEADING.match(later[1]):
                break
            below.append(later)
        said = "".join(part for _, part in below)
        if concept.other in said and concept.term not in said:
            at = next(here + part.find(concept.other) for here, part in below if concept.other in part)
            message = f"标题写“{concept.term}”，下面写的却是“{concept.other}”。"
            yield finding("R-CONCEPT", writing, at, at + len(concept.other), message, _advice(concept))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _without_titles(text: str) -> str:
    """Titles of documents blanked out, all places kept."""
    return _TITLE.sub(lambda m: "\x00" * len(m.group()), text)


def _advice(concept: Concept) -> str:
    return concept.advice or f"请核对应当写哪一个；这里通常应写“{concept.term}”。"
