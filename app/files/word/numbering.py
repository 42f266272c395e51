"""The numbers that Word makes itself and does not write into the text: 一、 （一） 1. ① and their like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.files.word.markup import W, attribute, child_value

_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "ideographTraditional",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_DIGITS = "零一二三四五六七八九"
_LEGAL = str.maketrans("零一二三四五六七八九十百", "零壹贰叁肆伍陆柒捌玖拾佰")
_MOST_LEVELS = 9


@dataclass
class _Level:
    start: int
    format: str
    text: str


@dataclass
class _List:
    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict[int, int])


class Numbers:
    """Counts through the lists of one document, in reading order. root: the element w:numbering, none: no lists."""

    def __init__(self, root: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        self._of_number: dict[str, tuple[str, dict[int, int]]] = {}
        self._begun = set[tuple[str, int]]()
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        linked: dict[str, str] = {}
        for abstract in root.findall(f"{W}abstractNum"):
            name = attribute(abstract, "abstractNumId")
            self._lists[name] = _List({int(attribute(v, "ilvl") or 0): _level(v) for v in abstract.findall(f"{W}lvl")})
            style = child_value(abstract, "styleLink")
            if style:
                linked[style] = name
        for abstract in root.findall(f"{W}abstractNum"):  # a list that borrows the levels of a list style
            style = child_value(abstract, "numStyleLink")
            if style in linked:
                self._lists[attribute(abstract, "abstractNumId")] = self._lists[linked[style]]
        for number in root.findall(f"{W}num"):
            starts: dict[int, int] = {}
            for override in number.findall(f"{W}lvlOverride"):
                start = child_value(override, "startOverride")
                if start.isdecimal():
                    starts[int(attribute(override, "ilvl") or 0)] = int(start)
            self._of_number[attribute(number, "numId")] = (child_value(number, "abstractNumId"), starts)

    def next(self, number: str, depth: int) -> str:
        """What stands before the paragraph that comes next in this list at this depth; empty for bullets."""
        abstract, starts = self._of_number.get(number, ("", {}))
        here = self._lists.get(abstract)
        if here is None or depth not in here.levels or not 0 <= depth < _MOST_LEVELS:
            return ""
        level = here.levels[depth]
        if depth in starts and (number, depth) not in self._begun:
            here.counts[depth] = starts[depth]
        else:
            here.counts[depth] = here.counts.get(depth, level.start - 1) + 1
        self._begun.add((number, depth))
        here.counts = {d: count for d, count in here.counts.items() if d <= depth}
        if level.format in ("bullet", "none"):
            return ""
        return self._said(here, level)

    def _said(self, here: _List, level: _Level) -> str:
        text = level.text
        for depth, other in here.levels.items():
            count = here.counts.get(depth, other.start)
            text = text.replace(f"%{depth + 1}", written_number(count, other.format))
        return text


def _level(element: Any) -> _Level:
    start = child_value(element, "start")
    return _Level(
        start=int(start) if start.isdecimal() else 1,
        format=child_value(element, "numFmt") or "decimal",
        text=child_value(element, "lvlText"),
    )


def written_number(number: int, style: str) -> str:
    """A number in one of Word's styles; one that is not known as plain digits."""
    if style in _CHINESE:
        return chinese(number)
    if style == "chineseLegalSimplified":
        return chinese(number).translate(_LEGAL)
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if style in ("upperLetter", "lowerLetter") and number >= 1:
        letter = chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if style == "upperLetter" else letter.lower()
    if style in ("upperRoman", "lowerRoman") and 1 <= number < 4000:
        return _roman(number) if style == "upperRoman" else _roman(number).lower()
    return f"{number:02d}" if style == "decimalZero" else str(number)


def chinese(number: int) -> str:
    """12 as 十二; beyond 999 plain digits."""
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        said += "零"
    return said + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    said = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        said += sign * times
    return said
