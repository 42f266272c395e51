"""Half-width punctuation between Chinese words, full-width digits and letters, doubled punctuation. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.reports import ReportFinding
from app.services.reports.examination.question import Question, Writing, at_most, finding, writings_of

_HAN = r"\u4e00-\u9fff"
_CLOSING = "”’》）】"
_HALF = re.compile(
    rf"(?<=[{_HAN}{_CLOSING}%％])[,;:?!]+(?=[{_HAN}“‘《（\s]|$)|(?<=[{_HAN}{_CLOSING}])\.(?=[{_HAN}“《\s]|$)"
    rf"|(?<=[0-9])[,;:](?=[{_HAN}])|\"[^\"\n]*[{_HAN}][^\"\n]*\"|'[^'\n]*[{_HAN}][^'\n]*'"
    rf"|(?<!^)\([^()\n]*[{_HAN}][^()\n]*\)(?!、)",
    re.MULTILINE,
)
_FULL = re.compile(r"[０-９Ａ-Ｚａ-ｚ]+(?:[．，％][０-９]+)*|(?<=[0-9])．(?=[0-9])")
_DOUBLED = re.compile(
    r"[，、；：]{2,}|[。]{2,}|[，、；：][。，、；：]|。[，、；：]|[,;:。，；]\s*[,;](?=\s|$)|（）|《》|“”"
)


def check_widths(question: Question) -> Iterator[ReportFinding]:
    """R-WIDTH."""
    for writing in writings_of(question):
        yield from at_most(_of_writing(writing))


def _of_writing(writing: Writing) -> Iterator[ReportFinding]:
    for pattern, message, step in (
        (_HALF, "{}用了半角标点。", "中文句子里请用全角标点：，。；：？！（）“”。"),
        (_FULL, "{}用了全角数字或字母。", "数字和字母请用半角：0-9、A-Z。"),
        (_DOUBLED, "{}标点连用或括号里没有内容。", "请删去多余的标点。"),
    ):
        for match in pattern.finditer(writing.text):
            yield finding("R-WIDTH", writing, match.start(), match.end(), message, step)
