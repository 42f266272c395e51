"""A page of HTML on paper: for a printer, or as PDF."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QFont, QPageSize, QPdfWriter, QTextDocument

from app.ui import style


def document_of(html: str, points: float) -> QTextDocument:
    """The page, set for paper in letters of this size."""
    document = QTextDocument()
    font = QFont(style.FONTS)
    font.setPointSizeF(points)
    document.setDefaultFont(font)
    document.setHtml(html)
    return document


def pdf_of(html: str, title: str, points: float) -> bytes:
    """The page on A4."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))  # the document keeps its own distance
    writer.setTitle(title)
    document_of(html, points).print_(writer)
    del writer  # which writes the end of the file
    return bytes(buffer.data().data())
