"""Numbers of headings and points: 一、 （一） 1. （1） in this form and this order, and 一是、二是 without gaps. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.reports import ReportFinding
from app.services.reports.examination.question import Question, Writing, at_most, finding, writings_of

_DIGITS = "一二三四五六七八九"
_CHINESE = r"[一二三四五六七八九十]{1,3}"
# level, right form, wrong forms
_FORMS = (
    (1, re.compile(rf"({_CHINESE})、"), re.compile(rf"({_CHINESE})[.．,，:：](?!\d)")),
    (2, re.compile(rf"（({_CHINESE})）(?![、.．，])"), re.compile(rf"[(（]({_CHINESE})[)）][、.．，]?")),
    (3, re.compile(r"(\d{1,2})[.．](?!\d)"), re.compile(r"(\d{1,2})、(?!\d)|(\d{1,2})）(?!\d)")),
    (4, re.compile(r"（(\d{1,2})）(?![、.．，])"), re.compile(r"[(（](\d{1,2})[)）][、.．，]?")),
)
_RIGHT = {1: "一、", 2: "（一）", 3: "1.", 4: "（1）"}
_POINT = re.compile(rf"(?:(?<=[。；：:;，,\n])|^)\s*({_CHINESE})(?:是(?!否|\1)|要(?![素件点求领闻义紧害好]))")


@dataclass
class _Counters:
    """The last number at each level; ``below`` remembers that a level 3 was open when the first level 2 came."""

    last: dict[int, int] = field(default_factory=dict[int, int])

    def take(self, level: int, number: int) -> str:
        """What is wrong with this number here; empty: nothing."""
        before = self.last.get(level)
        inverted = level == 2 and before is None and 3 in self.last
        expected = 1 if before is None else before + 1
        self.last = {k: v for k, v in self.last.items() if k < level} | {level: number}
        if inverted:
            return "“（一）”写在“1.”的下面，层次颠倒"
        if number == expected or number == 1 or (before is None and level == 1):
            return ""
        if before is None:
            return f"没有从第一项起编号，一开始就是第 {number} 项"
        return (
            f"编号重复或倒退：第 {before} 项之后又是第 {number} 项"
            if number <= before
            else (f"编号跳号：第 {before} 项之后是第 {number} 项")
        )


def check_numbering(question: Question) -> Iterator[ReportFinding]:
    """R-NUMBERING."""
    for writing in writings_of(question):
        yield from at_most(_of_writing(writing))


def _of_writing(writing: Writing) -> Iterator[ReportFinding]:
    counters = _Counters()
    at, point = 0, 0
    for line in writing.text.split("\n"):
        start = at + len(line) - len(line.lstrip())
        yield from _of_line(writing, line.strip(), start, counters)
        for match in _POINT.finditer(line):
            number = number_of(match.group(1))
            if number not in (1, point + 1):
                place = at + match.start(1)
                gap = f"“{_said(point)}是”之后是" if point else "没有“一是”就写"
                message = f"{gap}“{match.group(1)}是”，编号不连续。"
                step = "请补上缺的一条，或改正编号。"
                yield finding("R-NUMBERING", writing, place, at + match.end(), message, step)
            point = number
        at += len(line) + 1


def _of_line(writing: Writing, line: str, start: int, counters: _Counters) -> Iterator[ReportFinding]:
    for level, right, wrong in _FORMS:
        match = right.match(line) or wrong.match(line)
        if match is None:
            continue
        text = next(g for g in match.groups() if g)
        if not right.match(line):
            message = f"编号{{}}的写法不规范，这一层应写成“{_RIGHT[level]}”的样子。"
            step = "层次序数依次用“一、”“（一）”“1.”“（1）”。"
            yield finding("R-NUMBERING", writing, start, start + match.end(), message, step)
        said = counters.take(level, number_of(text))
        if said:
            message = f"{{}}：{said}。"
            yield finding("R-NUMBERING", writing, start, start + match.end(), message, "请按顺序重新编号。")
        return


def number_of(text: str) -> int:
    """12 of 十二 or 12."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.find(text[-1]) + 1
    return (_DIGITS.find(tens) + 1 if tens else 1) * 10 + (_DIGITS.find(ones) + 1 if ones else 0)


def _said(number: int) -> str:
    if number < 10:
        return _DIGITS[number - 1]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _DIGITS[tens - 1]) + "十" + (_DIGITS[ones - 1] if ones else "")
