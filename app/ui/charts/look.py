"""How charts look: paper, inks, sizes, the ramp of the heat map, short helpers for texts."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtWidgets import QWidget

from app.ui import colours
from app.ui.colours import colour

PAPER = colour(colours.SURFACE)
INK = colour(colours.TEXT)
MUTED = colour(colours.TEXT_SOFT)
FAINT = colour(colours.TEXT_FAINT)
GRID = colour(colours.LINE)
STRIPE = colour(colours.PAPER)
POINTED = colour(colours.ACCENT)
QUOTA = colour(colours.ACCENT)
NOTHING = colour(colours.HOVER)
MARGIN = 16

# Light to dark in one warm-to-green ramp: lightness falls all the way, so it reads in a grey print too.
RAMP = ((253, 238, 226), (246, 214, 160), (208, 205, 138), (129, 175, 134), (62, 124, 102), (24, 78, 60))


def png_of(image: QImage) -> bytes:
    """The bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    cast(Any, image).save(buffer, "PNG")  # the stubs know no devices
    return bytes(buffer.data().data())


def font_of(widget: QWidget) -> QFont:
    """The widget's own font, for painting into pictures as well."""
    return QFont(widget.font())


def ramp_color(share: float) -> tuple[int, int, int]:
    """The colour at a place of the ramp, 0 to 1."""
    place = min(max(share, 0.0), 1.0) * (len(RAMP) - 1)
    low = min(int(place), len(RAMP) - 2)
    part = place - low
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(RAMP[low], RAMP[low + 1], strict=True))
    return red, green, blue


def ink_on(share: float) -> QColor:
    """A readable ink on the ramp's colour."""
    return PAPER if share > 0.62 else INK


def grade_colours(grade: int, count: int) -> colours.Tone:
    """The colours of a grade, or the neutral ones when there is none (-1)."""
    return colours.NEUTRAL if grade < 0 else colours.grade_tone(grade, count)
