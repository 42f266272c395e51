"""A self-report as it goes on paper: the value that the Word file and the printed page are made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LineKind = Literal["text", "entry"]
_OWN_NUMBER = re.compile(
    r"(?:[(（]?(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})[)）]|[0-9０-９]{1,3}[.．、](?![0-9０-９])|[一二三四五六七八九十]{1,3}[、是]|[①-⑳])"
)
_SUBHEADING = re.compile(r"（[一二三四五六七八九十]{1,3}）.{1,34}(?<![。；：，！？])")


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperSection:
    """heading: with its typed number (一、…); lines: one paragraph each; kind ``entry``: a list, its lines counted."""

    heading: str
    kind: LineKind
    lines: tuple[str, ...]

    def numbers(self) -> Iterator[str]:
        """What is put before each line: 1． and so on in a list, nothing where the line begins with a number itself."""
        for number, line in enumerate(self.lines, 1):
            yield "" if self.kind != "entry" or _OWN_NUMBER.match(line) else f"{number}．"


def is_subheading(line: str) -> bool:
    """Whether a line of a text is a heading of the second level: （一）抓学习."""
    return _SUBHEADING.fullmatch(line) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperTable:
    """An annex: title, head and rows; widths: shares of the line."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """secrecy: 密级 (may be empty); state: said below the title (empty: nothing to say); at: when the report was last
    changed (ISO, empty: never)."""

    title: str
    unit: str
    secrecy: str
    practice: bool
    state: str
    at: str
    sections: tuple[PaperSection, ...]
    annexes: tuple[PaperTable, ...]

    @property
    def date(self) -> str:
        """2026年11月4日, no leading zeros; empty when the report was never changed."""
        if not self.at:
            return ""
        year, month, day = (int(number) for number in self.at[:10].split("-"))
        return f"{year}年{month}月{day}日"
