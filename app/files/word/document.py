"""A .docx as paragraphs in reading order: body, tables as lines, then text boxes, notes, comments, headers. Nothing is lost."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

from app.domain.errors import AppError, Fault
from app.files.saving.whole import file_error
from app.files.word.archive import require_docx
from app.files.word.limits import MAX_FILE, MAX_PARAGRAPHS
from app.files.word.markup import W, attribute, child_value
from app.files.word.numbering import Numbers
from app.files.word.roles import ROLES, Role
from app.files.word.runs import Read, read_paragraph
from app.files.word.texts import plain_lines, tidy_lines

Kind = Literal["heading", "text", "list", "table", "note", "box", "header", "contents", "comment", "frame"]

_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_PAGE_ONLY = re.compile(r"[-—–\s\d第页共/,，.·|]*(?:page|of|[-—–\s\d])*", re.IGNORECASE)
_LONG_CELL = 80  # signs from which a cell is a text of its own, not a part of its row
_NOTE_SIGN = "\ufdd0"
_PARTS = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}


@dataclass(frozen=True, slots=True)
class WordParagraph:
    """One line of text. level: of a heading, 1 the highest; 0: the title, or no heading. role: what it is in a report that
    this program wrote (empty: not said)."""

    text: str
    kind: Kind
    level: int = 0
    role: Role = ""


@dataclass(frozen=True, slots=True)
class WordDocument:
    """A document as read. pictures, objects: how many there are that hold no text."""

    sha256: str
    paragraphs: tuple[WordParagraph, ...]
    pictures: int
    objects: int


def read_document(path: Path) -> WordDocument:
    """Read a .docx. Raises DOC_BAD for what is none, is damaged or must not be opened, and the E-FILE errors."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise AppError(Fault.DOC_BAD, f"{path.name} 超过 {MAX_FILE // 1_000_000} MB。")
        data = path.read_bytes()
    except OSError as error:
        raise file_error(error, path) from error
    return document_of(data)


def document_of(data: bytes) -> WordDocument:
    """The same of bytes in memory. Whatever the library makes of a strange file is a damaged file."""
    require_docx(data)
    try:
        return _Reader(data).document()
    except AppError:
        raise
    except MemoryError as error:
        raise AppError(Fault.DOC_BAD, "内存不足，无法展开文件。") from error
    except Exception as error:
        raise AppError(Fault.DOC_BAD, "文件的内部结构不合规。") from error


class _Reader:
    def __init__(self, data: bytes) -> None:
        import docx  # 0.2 s that only an import waits for

        self._sha256 = hashlib.sha256(data).hexdigest()
        self._document: Any = docx.Document(io.BytesIO(data))
        self._parts = _related(self._document)
        self._numbers = Numbers(_root(self._parts.get("numbering")))
        self._levels = _heading_levels(self._document)
        self._roles: dict[str, Role] = {
            str(s.style_id): ROLES[str(s.name)] for s in self._document.styles if s.name in ROLES
        }
        self._found: list[WordParagraph] = []
        self._boxes: list[Any] = []
        self._notes: list[tuple[str, str]] = []
        self._pictures = self._objects = 0

    def document(self) -> WordDocument:
        """Everything, in reading order."""
        self._body(self._document.element.body)
        for box in self._boxes:  # a box may hold further boxes: the list grows while it is read
            self._add_all("box", self._plain(box))
        self._add_notes()
        self._add_edges()
        return WordDocument(self._sha256, tuple(self._found), self._pictures, self._objects)

    def _body(self, element: Any) -> None:
        for child in element:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                for line in self._rows(child):
                    self._add_all("table", line)
            elif isinstance(child.tag, str) and child.tag not in (f"{W}sectPr", f"{W}del", f"{W}moveFrom"):
                self._body(child)  # content controls and other wrappings

    def _paragraph(self, paragraph: Any) -> None:
        read = self._read(paragraph)
        properties = paragraph.find(f"{W}pPr")
        style = child_value(properties, "pStyle") if properties is not None else ""
        outline = child_value(properties, "outlineLvl") if properties is not None else ""
        level, name = self._levels.get(style, (None, ""))
        if outline.isdecimal():
            level = int(outline) + 1 if int(outline) < 9 else None  # 9 is body text
        number = self._number(properties, style) if read.text.strip() else ""
        role: Role = self._roles.get(style, "")
        if role:
            kind: Kind = "heading" if role == "section" else "frame" if role == "frame" else "text"
            self._add_all(kind, number + read.text, 1 if role == "section" else 0, role)
        elif name.startswith(("toc ", "目录")):
            self._add_all("contents", read.text)
        elif level is not None:
            self._add_all("heading", number + read.text, level)
        else:
            self._add_all("list" if number else "text", number + read.text)

    def _number(self, properties: Any, style: str) -> str:
        """The automatic number, from the paragraph or its style."""
        given = properties.find(f"{W}numPr") if properties is not None else None
        if given is None:
            given = self._style_numbers.get(style)
        if given is None:
            return ""
        depth = child_value(given, "ilvl")
        return self._numbers.next(child_value(given, "numId"), int(depth) if depth.isdecimal() else 0)

    @cached_property
    def _style_numbers(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for style in self._document.styles.element.findall(f"{W}style"):
            given = style.find(f"{W}pPr/{W}numPr")
            if given is not None:
                found[attribute(style, "styleId")] = given
        return found

    def _read(self, paragraph: Any) -> Read:
        read = read_paragraph(paragraph)
        self._boxes += read.boxes
        self._pictures += read.pictures
        self._objects += read.objects
        for kind, name in read.notes:
            self._notes.append((kind, name))
            read.pieces[read.pieces.index(_NOTE_SIGN)] = f"［注{len(self._notes)}］"
        return read

    def _rows(self, table: Any) -> Iterator[str]:
        """A row is a line; long cells are texts of their own."""
        for row in table.iter(f"{W}tr"):
            cells = [self._plain(cell) for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]
            if any(len(cell) > _LONG_CELL for cell in cells):
                yield "\n".join(cells)
            else:
                yield "\u3000".join(cell.replace("\n", "\u3000") for cell in cells if cell)

    def _plain(self, element: Any) -> str:
        """The paragraphs of a cell, box or note, tables inside it left to ``_rows``."""
        lines: list[str] = []
        for child in element:
            if child.tag == f"{W}p":
                lines.append(self._read(child).text)
            elif isinstance(child.tag, str) and child.tag not in (f"{W}tbl", f"{W}tcPr", f"{W}del"):
                lines.append(self._plain(child))
            elif child.tag == f"{W}tbl" and element.tag != f"{W}tc":
                lines += self._rows(child)
        return tidy_lines("\n".join(lines))

    def _add_notes(self) -> None:
        roots: dict[str, Any] = {kind: _children(self._parts.get(part)) for part, kind in _PARTS.items()}
        notes = {
            (kind, attribute(note, "id")): note
            for kind in ("footnote", "endnote")
            for note in roots[kind]
            if not attribute(note, "type")
        }
        for number, key in enumerate(list(self._notes), 1):
            if key in notes:
                self._add_all("note", f"［注{number}］{self._plain(notes.pop(key))}")
        for note in notes.values():
            self._add_all("note", self._plain(note))
        for comment in roots["comment"]:
            text = self._plain(comment)
            if text:
                self._add_all("comment", f"［批注 {attribute(comment, 'author')}］{text}")

    def _add_edges(self) -> None:
        """Headers and footers, each once; page numbers are no text."""
        seen: set[str] = set()
        for name, part in self._parts.items():
            root = _root(part) if name.startswith(("header", "footer")) else None
            text = self._plain(root) if root is not None else ""
            if text and text not in seen and not _PAGE_ONLY.fullmatch(text):
                self._add_all("header", text)
            seen.add(text)

    def _add_all(self, kind: Kind, text: str, level: int = 0, role: Role = "") -> None:
        for line in (plain_lines(text) if role else tidy_lines(text)).split("\n"):
            if line:
                self._found.append(WordParagraph(line, kind, level, role))
        if len(self._found) > MAX_PARAGRAPHS:
            raise AppError(Fault.DOC_BAD, f"文件超过 {MAX_PARAGRAPHS} 段。")


def _related(document: Any) -> dict[str, Any]:
    """Parts that the main part refers to, by the last word of their kind; several headers are numbered."""
    found: dict[str, Any] = {}
    for number, relation in enumerate(document.part.rels.values()):
        if not relation.is_external:
            name = str(relation.reltype).rpartition("/")[2]
            found[f"{name}{number}" if name in ("header", "footer") else name] = relation.target_part
    return found


def _root(part: Any | None) -> Any | None:
    if part is None:
        return None
    element = getattr(part, "element", None)
    if element is not None:
        return element
    from docx.oxml.parser import parse_xml

    return cast(Any, parse_xml(part.blob))


def _children(part: Any | None) -> list[Any]:
    root = _root(part)
    return [] if root is None else list(root)


def _heading_levels(document: Any) -> dict[str, tuple[int | None, str]]:
    """Style id → level of heading (none: no heading; 0: the title) and the style's name, inherited ones included."""
    styles: dict[str, tuple[int | None, str, str]] = {}
    for style in document.styles.element.findall(f"{W}style"):
        name = child_value(style, "name")
        given = style.find(f"{W}pPr/{W}outlineLvl")
        by_name = _HEADING_STYLE.match(name)
        level = int(by_name[1]) if by_name else None
        if given is not None and attribute(given, "val").isdecimal():
            level = int(attribute(given, "val")) + 1
        if name.lower() in ("title", "标题"):
            level = 0
        styles[attribute(style, "styleId")] = (level, name.lower(), child_value(style, "basedOn"))
    return {key: (_inherited(key, styles), name) for key, (_, name, _) in styles.items()}


def _inherited(key: str, styles: dict[str, tuple[int | None, str, str]]) -> int | None:
    seen: set[str] = set()
    while key in styles and key not in seen:
        seen.add(key)
        level, _, above = styles[key]
        if level is not None:
            return level if level < 10 else None
        key = above
    return None
