"""A page of HTML on paper: for a printer, or as PDF; plain, or in the layout of official documents."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QPagedPaintDevice,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtPrintSupport import QPrinter

from app.ui import style

_PX = 96 / 72  # lengths inside a document are counted in pixels of 96 to the inch, whatever it is printed on
_SPACING = 98.5  # percent: 28 signs fill a line of 156 mm
_BIG, _BIG_LINE = 18, 36  # letters larger than this stand on lines of their own height (points)


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """points: size of the letters; margins: left, top, right, bottom (mm); line: from line to line (points; 0: as the
    letters want); official: page numbers as in GB/T 9704, else only where there are several pages."""

    points: float
    margins: tuple[float, float, float, float] = (20, 20, 20, 20)
    fonts: tuple[str, ...] = tuple(style.FONTS)
    line: float = 0
    official: bool = False


OFFICIAL = Layout(
    points=16,
    margins=(28, 37, 26, 35),
    fonts=("仿宋", "FangSong", "仿宋_GB2312", "FangSong_GB2312", "STFangsong", "Noto Serif CJK SC", *style.FONTS),
    line=28.95,
    official=True,
)


def document_of(html: str, layout: Layout) -> QTextDocument:
    """The page as text, not yet cut into sheets."""
    document = QTextDocument()
    font = QFont(list(layout.fonts))
    font.setPointSizeF(layout.points)
    if layout.official:
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, _SPACING)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setHtml(html)
    if layout.line:
        _set_lines(document, layout.line)
    return document


def print_html(html: str, printer: QPrinter, layout: Layout) -> None:
    """Print it."""
    printer.setFullPage(True)
    _print(document_of(html, layout), printer, layout)


def pdf_of(html: str, title: str, layout: Layout) -> bytes:
    """It on A4."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title)
    _print(document_of(html, layout), writer, layout)
    del writer  # which writes the end of the file
    return bytes(buffer.data().data())


def _set_lines(document: QTextDocument, line: float) -> None:
    """The same distance from line to line everywhere but in tables."""
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        if not cursor.currentTable():
            wanted = QTextBlockFormat()
            height = _BIG_LINE if _letters(block) > _BIG else line
            wanted.setLineHeight(height * _PX, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            cursor.mergeBlockFormat(wanted)
        block = block.next()


def _letters(block: QTextBlock) -> float:
    cursor = QTextCursor(block)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    return cursor.charFormat().fontPointSize()


def _print(document: QTextDocument, device: QPagedPaintDevice, layout: Layout) -> None:
    dots = device.logicalDpiX() / 25.4
    left, top, right, bottom = (edge * dots for edge in layout.margins)
    paper = device.pageLayout().fullRectPixels(device.logicalDpiX())
    body = QRectF(left, top, paper.width() - left - right, paper.height() - top - bottom)
    _scale_margins(document, dots * 25.4 / 96)
    document.documentLayout().setPaintDevice(device)
    document.setPageSize(body.size())
    painter = QPainter(device)
    for number in range(1, document.pageCount() + 1):
        if number > 1:
            device.newPage()
        _print_page(painter, document, body, number)
        if layout.official or document.pageCount() > 1:
            _print_number(painter, body, number, document.pageCount(), layout)
    painter.end()


def _scale_margins(document: QTextDocument, by: float) -> None:
    """Qt scales letters and tables to the device, but not the left and right margins of paragraphs."""
    block = document.begin()
    while block.isValid():
        format_ = block.blockFormat()
        if format_.leftMargin() > 0 or format_.rightMargin() > 0:
            wanted = QTextBlockFormat()
            wanted.setLeftMargin(format_.leftMargin() * by)
            wanted.setRightMargin(format_.rightMargin() * by)
            QTextCursor(block).mergeBlockFormat(wanted)
        block = block.next()


def _print_page(painter: QPainter, document: QTextDocument, body: QRectF, number: int) -> None:
    painter.save()
    above = (number - 1) * body.height()
    painter.translate(body.left(), body.top() - above)
    context = QAbstractTextDocumentLayout.PaintContext()
    view = QRectF(0, above, body.width(), body.height())
    painter.setClipRect(view)
    context.clip = view  # pyright: ignore[reportAttributeAccessIssue]
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
    context.palette = palette  # pyright: ignore[reportAttributeAccessIssue]
    document.documentLayout().draw(painter, context)
    painter.restore()


def _print_number(painter: QPainter, body: QRectF, number: int, pages: int, layout: Layout) -> None:
    """Official: — 1 — outside, a letter from the edge, 7 mm below the text."""
    dots = painter.device().logicalDpiX() / 25.4
    font = QFont(["宋体", "SimSun", *layout.fonts] if layout.official else list(layout.fonts))
    font.setPointSizeF(14 if layout.official else 9)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.black)
    inside = 5 * dots if layout.official else 0
    place = QRectF(body.left() + inside, body.bottom() + 5 * dots, body.width() - 2 * inside, 8 * dots)
    if not layout.official:
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"第 {number} 页，共 {pages} 页")
        return
    side = Qt.AlignmentFlag.AlignRight if number % 2 else Qt.AlignmentFlag.AlignLeft
    painter.drawText(place, side | Qt.AlignmentFlag.AlignTop, f"— {number} —")
