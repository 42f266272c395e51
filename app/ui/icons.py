"""Icons: line drawings from resources/icons (Lucide, ISC licence), tinted when they are drawn."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QBuffer, QByteArray, QSize
from PySide6.QtGui import QGuiApplication, QIcon, QImageReader, QPixmap

from app.ui import colours, places


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
    made.addPixmap(pixmap(name, "#bdb4a9", size), QIcon.Mode.Disabled)
    return made
