"""A self-report as it goes on paper: the value that the Word file and the printed page are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LineKind = Literal["text", "entry"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperSection:
    """heading: with its typed number (一、…); lines: one paragraph each; kind ``entry``: a list, its lines counted."""

    heading: str
    kind: LineKind
    lines: tuple[str, ...]


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
