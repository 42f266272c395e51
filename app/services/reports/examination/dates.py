"""Dates that do not exist or are not written as official texts write them. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator

from app.domain.reports import ReportFinding
from app.services.reports.examination.question import Question, Writing, at_most, finding, writings_of

_FULL = re.compile(r"(?<!\d)(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日)?(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d〔\[（(])\d{2}年(?=\d{1,2}月)")
_POINTED = re.compile(r"(?<![\d.])20\d{2}([./-])\d{1,2}\1\d{1,2}(?![\d.])")
_POINTED_MONTH = re.compile(r"(?<![\d.])20\d{2}[./](?:0[1-9]|1[0-2]|[1-9])(?![\d.万亿元%％人个分])")
_CHINESE = re.compile(
    r"二[〇○零O0]二[〇○零O0一二三四五六七八九]年(?:[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?)?"
)
_STEP = "请写成“2026年5月3日”的样子：四位年份，月、日前面不加 0。"
_LEAP = 2024


def check_dates(question: Question) -> Iterator[ReportFinding]:
    """R-DATE."""
    for writing in writings_of(question):
        yield from at_most(_of_writing(writing))


def _of_writing(writing: Writing) -> Iterator[ReportFinding]:
    for match in _FULL.finditer(writing.text):
        year, month, day = (int(g) if g else None for g in match.groups())
        if not _exists(year, month or 0, day):
            message, step = "没有{}这个日期。", "请核对后改正。"
            yield finding("R-DATE", writing, match.start(), match.end(), message, step)
        elif any(g and g.startswith("0") for g in match.groups()[1:]):
            yield finding("R-DATE", writing, match.start(), match.end(), "{}的月、日前面多了 0。", _STEP)
    for pattern, message in (
        (_SHORT_YEAR, "{}的年份只写了两位。"),
        (_POINTED, "{}的日期没有用年、月、日写。"),
        (_POINTED_MONTH, "{}的年月没有用年、月写。"),
        (_CHINESE, "{}用了汉字数字，正文中的日期用阿拉伯数字。"),
    ):
        for match in pattern.finditer(writing.text):
            yield finding("R-DATE", writing, match.start(), match.end(), message, _STEP)


def _exists(year: int | None, month: int, day: int | None) -> bool:
    if not 1 <= month <= 12 or (year is not None and not 1900 <= year <= 2100):
        return False
    return day is None or 1 <= day <= monthrange(year or _LEAP, month)[1]
