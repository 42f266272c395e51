"""The editor of a section: plain text with Chinese manners, passages marked in it, pasted clean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QMimeData, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QTextEdit

from app.ui import colours, style
from app.ui.pages.reports.passages import shown_place, text_place

SIZE = 15  # pixels: this is read, not scanned
LINES = 155  # percent
ROOM = 34  # pixels for the numbers of a list
Look = Literal["remark", "settled", "finding", "current"]
_PAPER: dict[Look, str] = {
    "remark": colours.WARN_SOFT,
    "settled": colours.SIDE,
    "finding": colours.BAD_SOFT,
    "current": "#f4c9bf",
}
_LINE: dict[Look, str] = {"remark": "#c79a2e", "settled": colours.LINE_STRONG, "finding": "#d98c80", "current": ""}


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage to be seen in the text: characters from start to end; key: what it belongs to."""

    start: int
    end: int
    look: Look
    key: str = ""


class TextEditor(QTextEdit):
    """Plain text in paragraphs; a list has one entry a line, numbered at the side.

    clean: makes plain paragraphs of pasted HTML or text. written (text): the user has changed the text.
    marked (key): the cursor was put into a marked passage.
    """

    written = Signal(str)
    marked = Signal(str)

    def __init__(self, clean: Callable[[str], str]) -> None:
        super().__init__()
        self._clean = clean
        self._numbered = False
        self._marks: tuple[Mark, ...] = ()
        self._current: Mark | None = None
        self._loading = False
        self._text = ""
        self.setAcceptRichText(False)
        self.setProperty("role", "reading")
        self.setFont(style.font(SIZE))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(14)
        self.document().setDefaultFont(style.font(SIZE))
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._changed)

    # ---- the text

    def show_text(self, text: str, *, numbered: bool = False) -> None:
        """Show another text; what was typed before cannot be taken back here any more."""
        self._numbered = numbered
        self._put(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._current = None
        self._paint_marks()

    def follow_text(self, text: str) -> None:
        """The same section was changed elsewhere: show it, with the cursor where it was."""
        if text == self.text():
            return
        place, scrolled = self.textCursor().position(), self.verticalScrollBar().value()
        self._put(text)
        cursor = self.textCursor()
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(scrolled)
        self._paint_marks()

    def text(self) -> str:
        """The text, one paragraph a line."""
        return self._text

    def fix(self, fixed: bool) -> None:
        """Whether it can only be read. Nothing is touched when that has not changed: somebody may be composing a word."""
        if self.isReadOnly() != fixed:
            self.setReadOnly(fixed)

    def end_step(self) -> None:
        """What is typed from now on is a step of its own for undo; Qt would join it to what stands before it."""
        self.document().setModified(False)

    def _put(self, text: str) -> None:
        self._loading = True
        self.document().setUndoRedoEnabled(False)
        self.setPlainText(text)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.setBlockFormat(self._paragraph())
        self.document().setUndoRedoEnabled(True)
        self._text = self.toPlainText()
        self._loading = False

    def _paragraph(self) -> QTextBlockFormat:
        made = QTextBlockFormat()
        made.setLineHeight(LINES, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if self._numbered:
            made.setLeftMargin(ROOM)
            made.setBottomMargin(4)
        else:
            made.setTextIndent(2 * SIZE)
            made.setBottomMargin(2)
        return made

    def _changed(self) -> None:
        if not self._loading:
            text = self.toPlainText()
            if text != self._text:
                self._text = text
                self.written.emit(text)

    # ---- pasting

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasHtml() or (source.hasText() and not source.hasUrls())

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Word and WPS bring HTML: the paragraphs come in, their looks stay outside. Files go elsewhere."""
        if not self.canInsertFromMimeData(source):
            return
        brought = source.html() if source.hasHtml() else source.text()
        self.textCursor().insertText(self._clean(brought))
        self.ensureCursorVisible()

    # ---- passages

    def selected(self) -> tuple[int, int, str]:
        """Start and end of the selection in characters, and its text."""
        cursor, text = self.textCursor(), self.text()
        start, end = text_place(text, cursor.selectionStart()), text_place(text, cursor.selectionEnd())
        return start, end, text[start:end]

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Mark these passages instead of those marked now."""
        self._marks = tuple(marks)
        self._paint_marks()

    def go_to(self, start: int, end: int) -> None:
        """Bring a passage into sight and make it the current one."""
        self._current = Mark(start, end, "current")
        cursor = self.textCursor()
        cursor.setPosition(shown_place(self.text(), start))
        self.setTextCursor(cursor)
        self._paint_marks()
        place = self.cursorRect().center().y() - self.viewport().height() // 3
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + place)

    def forget_current(self) -> None:
        """No passage is the current one."""
        self._current = None
        self._paint_marks()

    def _paint_marks(self) -> None:
        marks = (*self._marks, self._current) if self._current else self._marks
        self.setExtraSelections([made for mark in marks if (made := self._selection(mark)) is not None])

    def _selection(self, mark: Mark) -> Any | None:
        text = self.text()
        if not 0 <= mark.start < mark.end <= len(text):
            return None
        made: Any = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(shown_place(text, mark.start))
        cursor.setPosition(shown_place(text, mark.end), QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setBackground(QColor(_PAPER[mark.look]))
        if line := _LINE[mark.look]:
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            look.setUnderlineColor(QColor(line))
        made.cursor, made.format = cursor, look
        return made

    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        super().mouseReleaseEvent(e)
        cursor = self.textCursor()
        if e.button() == Qt.MouseButton.LeftButton and not cursor.hasSelection():
            place = text_place(self.text(), cursor.position())
            hit = next((m for m in self._marks if m.key and m.start <= place <= m.end), None)
            if hit is not None:
                self.marked.emit(hit.key)

    # ---- the numbers of a list

    def paintEvent(self, e: QPaintEvent) -> None:
        super().paintEvent(e)
        if not self._numbered:
            return
        painter = QPainter(self.viewport())
        painter.setFont(style.font(13))
        painter.setPen(colours.colour(colours.TEXT_FAINT))
        layout = self.document().documentLayout()
        offset = QPointF(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        block, number = self.document().begin(), 0
        while block.isValid():
            number += bool(block.text().strip())
            place = layout.blockBoundingRect(block).translated(offset)
            if place.top() > self.viewport().height():
                break
            if place.bottom() > 0 and block.text().strip() and block.layout().lineCount():
                line = block.layout().lineAt(0)
                place.setHeight(line.height())
                place.setLeft(8)
                place.setWidth(ROOM)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), f"{number}.")
            block = block.next()
        painter.end()
