"""The manual on the screen: local pages, found by the heading that a page names; nothing is fetched from anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QTimer, QUrl
from PySide6.QtGui import QImage, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMainWindow, QSplitter, QTextBrowser, QWidget

from app.ui import places, style

LINE_HEIGHT = 130.0  # percent


PICTURE_WIDTH = 670  # pictures of the window are wider than the text


class ManualText(QTextBrowser):
    """Text in which wide pictures are shown narrower."""

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        found: Any = super().loadResource(type, name)
        if type != QTextDocument.ResourceType.ImageResource.value or not isinstance(found, QByteArray):
            return found
        picture = QImage.fromData(found)
        if picture.width() <= PICTURE_WIDTH:
            return picture
        return picture.scaledToWidth(PICTURE_WIDTH, Qt.TransformationMode.SmoothTransformation)


class ManualWindow(QMainWindow):
    """Headings on the left, text on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("三联考评 · 使用手册")
        self.resize(1010, 660)
        self.headings = QListWidget()
        self.headings.setProperty("role", "plain")
        self.text = ManualText()
        self.text.setOpenLinks(False)
        self.text.setProperty("role", "plain")
        self.text.anchorClicked.connect(self._follow)
        self.text.document().setDocumentMargin(24)
        self.text.setFont(style.font(14))
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.headings)
        both.addWidget(self.text)
        both.setSizes([260, 750])
        self.setCentralWidget(both)
        self._file: Path | None = None
        self.headings.currentItemChanged.connect(self._chosen)
        for path in pages():
            self._list(path)

    def go_to(self, words: str) -> bool:
        """Show the first heading that holds these words; the beginning when there is none (then False)."""
        for row in range(self.headings.count()):
            if words and words in self.headings.item(row).text():
                self.headings.setCurrentRow(row)
                return True
        if self.headings.count():
            self.headings.setCurrentRow(0)
        else:
            self.text.setPlainText("手册文件没有随程序一起安装（docs/manual）。请重新复制完整的程序文件夹。")
        return False

    def _list(self, path: Path) -> None:
        for depth, heading in headings(path.read_text(encoding="utf-8")):
            item = QListWidgetItem("　" * (depth - 1) + heading, self.headings)
            item.setData(Qt.ItemDataRole.UserRole, (str(path), heading))
            if depth == 1:
                item.setFont(style.font(bold=True))

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        name, heading = item.data(Qt.ItemDataRole.UserRole)
        self._show(Path(name))
        QTimer.singleShot(0, self, lambda: self._scroll_to(heading))  # when the page has been laid out

    def _scroll_to(self, heading: str) -> None:
        document = self.text.document()
        block = document.begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and block.text().strip() == heading:
                self.text.setTextCursor(QTextCursor(block))
                top = document.documentLayout().blockBoundingRect(block).top()
                self.text.verticalScrollBar().setValue(int(top) - 8)
                return
            block = block.next()

    def _show(self, path: Path) -> None:
        if path == self._file:
            return
        self._file = path
        self.text.setSearchPaths([str(path.parent)])
        self.text.document().setBaseUrl(QUrl.fromLocalFile(str(path.parent) + "/"))
        self.text.document().setMarkdown(
            path.read_text(encoding="utf-8"), QTextDocument.MarkdownFeature.MarkdownDialectGitHub
        )
        self._give_room()

    def _give_room(self) -> None:
        """Lines and paragraphs as one likes to read them; Qt's own layout of Markdown is tight."""
        block = self.text.document().begin()
        while block.isValid():
            look = block.blockFormat()
            level = look.headingLevel()
            in_table = bool(QTextCursor(block).currentTable())
            if "\ufffc" not in block.text():  # a picture: more than its own height would be a hole in the page
                look.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            look.setTopMargin(20 if level else 2 if in_table else 4)
            look.setBottomMargin(8 if level else 2 if in_table else 6)
            QTextCursor(block).setBlockFormat(look)
            block = block.next()

    def _follow(self, link: QUrl) -> None:
        """Links to other pages that came with the program; everything else stays where it is (no network)."""
        if self._file is None or not link.path():
            return
        wanted = (self._file.parent / link.path()).resolve()
        for row in range(self.headings.count()):
            if Path(self.headings.item(row).data(Qt.ItemDataRole.UserRole)[0]) == wanted:
                self.headings.setCurrentRow(row)
                return
        if wanted.suffix == ".md" and wanted.is_file() and places.manual().parent in wanted.parents:
            self.headings.setCurrentRow(-1)
            self._show(wanted)
            self.text.verticalScrollBar().setValue(0)


def pages() -> list[Path]:
    """The manual's files, by name; the list of errors last."""
    found = sorted(places.manual().glob("*.md"))
    return sorted(found, key=lambda p: (p.name == "errors.md", p.name))


def headings(text: str) -> list[tuple[int, str]]:
    """(depth 1 to 3, heading) of a Markdown text, code blocks left out."""
    found: list[tuple[int, str]] = []
    code = False
    for line in text.splitlines():
        if line.startswith("```"):
            code = not code
        marks = len(line) - len(line.lstrip("#"))
        if not code and 1 <= marks <= 3 and line[marks : marks + 1] == " ":
            found.append((marks, line[marks:].strip()))
    return found
