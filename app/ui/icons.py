"""Icons: line drawings from resources/icons (Lucide, ISC licence), tinted when they are drawn."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QBuffer, QByteArray, QSize
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImageReader, QPainter, QPixmap

from app.ui import colours, places

PALE = "#bdb4a9"
ROOM = 5  # pixels between the drawing and the text of a button


@cache
def pixmap(name: str, colour: str = colours.TEXT_SOFT, size: int = 18) -> QPixmap:
    """The drawing in one colour, sharp on the first screen's scale. Empty when there is no such icon."""
    try:
        drawing = (places.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    except OSError:
        return QPixmap()
    buffer = QBuffer()
    buffer.setData(QByteArray(drawing.replace("currentColor", colour).encode()))
    screen = QGuiApplication.primaryScreen()
    ratio = max(1.0, screen.devicePixelRatio() if screen else 1.0)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(round(size * ratio), round(size * ratio)))
    drawn = QPixmap.fromImage(reader.read())
    drawn.setDevicePixelRatio(ratio)
    return drawn


@cache
def icon(name: str, colour: str = colours.TEXT_SOFT, size: int = 18) -> QIcon:
    """An icon with a paler picture for the disabled state."""
    made = QIcon(pixmap(name, colour, size))
    made.addPixmap(pixmap(name, PALE, size), QIcon.Mode.Disabled)
    return made


@cache
def spaced(name: str, colour: str = colours.TEXT_SOFT, checked: str = "", size: int = 16) -> QIcon:
    """An icon for a button with text: with some room to its right. checked: colour when the button is checked."""
    made = QIcon(_widened(pixmap(name, colour, size)))
    made.addPixmap(_widened(pixmap(name, PALE, size)), QIcon.Mode.Disabled)
    if checked:
        made.addPixmap(_widened(pixmap(name, checked, size)), QIcon.Mode.Normal, QIcon.State.On)
    return made


def spaced_size(size: int = 16) -> QSize:
    """The icon size of a button with a ``spaced`` icon."""
    return QSize(size + ROOM, size)


def _widened(drawing: QPixmap) -> QPixmap:
    if drawing.isNull():
        return drawing
    ratio = drawing.devicePixelRatio()
    wide = QPixmap(drawing.width() + round(ROOM * ratio), drawing.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(QColor(0, 0, 0, 0))
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, drawing)
    painter.end()
    return wide


def program_icon() -> QIcon:
    """The program's own sign, in the sizes that task bars and title bars ask for."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(pixmap("app", colours.ACCENT, size))
    return made
