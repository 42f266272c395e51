"""Every colour of the window: one deep red accent, warm greys, grades that differ in lightness."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor

ACCENT = "#9b1c1c"
ACCENT_DARK = "#7a1414"
ACCENT_SOFT = "#f8ebe8"
ACCENT_LINE = "#e6c4bd"

TEXT = "#2b2622"
TEXT_SOFT = "#675f57"
TEXT_FAINT = "#8b8178"

SURFACE = "#ffffff"
PAPER = "#faf8f5"
SIDE = "#f3efe9"
HOVER = "#ece6dd"
LINE = "#e5dfd6"
LINE_STRONG = "#cfc6ba"
INPUT = "#fffbea"

GOOD = "#2f6b4f"
GOOD_SOFT = "#e9f2ec"
WARN = "#8a5a00"
WARN_SOFT = "#fcf3dc"
WARN_LINE = "#ecd9a4"
BAD = "#a11d1d"
BAD_SOFT = "#fbe9e6"
INFO = "#3c5a78"
INFO_SOFT = "#eaf0f6"


@dataclass(frozen=True, slots=True)
class Tone:
    """Colours of a chip or a cell: paper, ink and edge as ``#rrggbb``."""

    paper: str
    ink: str
    edge: str


NEUTRAL = Tone("#f3efe9", TEXT_SOFT, "#ddd5ca")
GOOD_TONE = Tone(GOOD_SOFT, GOOD, "#bcd8c7")
WARN_TONE = Tone(WARN_SOFT, WARN, WARN_LINE)
BAD_TONE = Tone(BAD_SOFT, BAD, "#e9bab2")
INFO_TONE = Tone(INFO_SOFT, INFO, "#c3d2e0")

# Best first: dark, middle, light, and pale with a red edge. They differ in lightness (about 35, 58, 82, 94 of 100),
# so that they stay apart in a grey print and for colour-blind eyes; the name always stands inside.
_BEST = Tone("#1f5c46", "#ffffff", "#1f5c46")
_SECOND = Tone("#6aa287", "#10231b", "#6aa287")
_MIDDLE = Tone("#f0d68c", "#4d3900", "#dfc06a")
_LOW = Tone("#fdeeea", BAD, "#cf7a70")


def grade_tone(index: int, count: int) -> Tone:
    """Colours of the grade at ``index`` (0 is best) on a ladder of ``count`` rungs."""
    if count <= 1 or index <= 0:
        return _BEST
    if index >= count - 1:
        return _LOW
    return _SECOND if index == 1 and count > 3 else _MIDDLE


def colour(code: str) -> QColor:
    """The QColor of ``#rrggbb``."""
    return QColor(code)
