"""Pictures among the evidence, decoded with limits; whatever else is attached is never opened here."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

FORMATS = frozenset({b"png", b"jpeg", b"jpg", b"bmp", b"gif", b"webp", b"tiff"})
MOST_PIXELS = 100_000_000  # a 100-megapixel photo; more is no photo
MEMORY = 512  # megabytes that Qt may take for one picture


def decoded(data: bytes, room: QSize) -> QImage | None:
    """The picture, no larger than the room (pixels) and never enlarged; none: it cannot be shown. Fit for any thread."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(MEMORY)
    size = reader.size()
    if bytes(reader.format().data()) not in FORMATS or not size.isValid():
        return None
    if size.width() * size.height() > MOST_PIXELS:
        return None
    turned = bool(reader.transformation().value & 4)  # turned by 90 degrees: width and height change places
    inside = room.transposed() if turned else room
    if size.width() > inside.width() or size.height() > inside.height():
        reader.setScaledSize(size.scaled(inside, Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    return None if picture.isNull() else picture
