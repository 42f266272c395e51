"""Columns as data: what a row shows in one of them, what it is sorted by, and which figure of a unit stands there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Generic, TypeVar

from app.ui.colours import Tone

R = TypeVar("R")
Key = int | str | Fraction | tuple[int, ...]


class Align(Enum):
    """Where the text stands in its cell: words left, numbers right, short marks in the middle."""

    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


class Ink(Enum):
    """What the colour of a text means; which colour it is, stands in app/ui/colours.py."""

    PLAIN = "plain"
    SOFT = "soft"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    ACCENT = "accent"


@dataclass(frozen=True, kw_only=True)
class Column(Generic[R]):
    """One column of a table of rows ``R``.

    key: what the column is sorted by (none: by the text; a row whose key is None stands last in either direction).
    width: in Chinese characters. figure: the quantity id of the figure shown, for the 依据 panel ("": none). chip:
    colours of the chip around the text (none: plain text). tip: the longer text shown under the mouse.
    """

    title: str
    text: Callable[[R], str]
    key: Callable[[R], Key | None] | None = None
    width: int = 8
    align: Align = Align.LEFT
    ink: Callable[[R], Ink] | None = None
    chip: Callable[[R], Tone | None] | None = None
    tip: Callable[[R], str] | None = None
    figure: Callable[[R], str] | None = None
    head_tip: str = ""
