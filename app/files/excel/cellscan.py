"""Where the cells of one sheet stand, from its XML: checked against the limits and counted, without reading values.

Two lanes with one answer. Sheets written the usual way become a table of cells; anything that is not exactly so
(prefixes, other quotes, other encodings, comments, blanks between cells) goes through expat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

import numpy as np

from app.domain.errors import AppError, Fault
from app.files.excel.celltable import CellTable, read_table
from app.files.excel.limits import MAX_CELLS, MAX_COLUMN, MAX_MERGED, MAX_ROW, MAX_TEXT
from app.files.excel.parts import kept

_MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_ROOT = re.compile(rb'<worksheet [^>]*?xmlns="(?:' + "|".join(re.escape(n) for n in _MAIN).encode() + rb')"')
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_MERGE = re.compile(rb'<mergeCell [^>]*?ref="([^"]*)"')
# Around the cells: declarations and comments, cells or rows, tags with a prefix.
_DECEIVING = re.compile(rb"<(?:[!?]|(?:c|row)[ />]|/?[A-Za-z_][\w.-]*:)")
_LONG_TEXT = re.compile(rb">[^<]{%d}" % (MAX_TEXT + 1))


@dataclass(frozen=True, slots=True)
class SheetScan:
    """What stands in a sheet. values: cells that hold a value; formulas, errors: addresses of such cells; merges:
    (first row, first column, last row, last column), counted from 0; table: all cells, when the usual lane took it."""

    values: int
    formulas: frozenset[str]
    errors: frozenset[str]
    merges: tuple[tuple[int, int, int, int], ...]
    xml: bytes = field(repr=False)
    table: CellTable | None = field(default=None, repr=False)


def scan_cells(xml: bytes) -> SheetScan:
    """Scan a sheet's XML. Raises AppError: out of range, too many cells, too long a text, a DTD, broken XML."""
    table = read_table(xml) if _frame_is_plain(xml) else None
    return _scan_with_expat(xml) if table is None else _scan_table(table)


def column_number(letters: str) -> int:
    """1 for ``A``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def styled_cells(scan: SheetScan, styles: frozenset[int]) -> frozenset[str]:
    """Addresses of the cells that have one of these formats."""
    if not styles:
        return frozenset()
    if scan.table:
        return scan.table.addresses(np.flatnonzero(np.isin(scan.table.styles, sorted(styles))))
    wanted = b"|".join(str(s).encode() for s in sorted(styles))
    found = re.findall(rb'<c r="([A-Z]+[0-9]+)"[^>]*? s="(?:' + wanted + rb')"', scan.xml)
    return frozenset(a.decode() for a in found)


def empty_cells(xml: bytes, empty: frozenset[int]) -> int:
    """How many cells have a value without content: ``<v></v>``, or one of these shared texts."""
    texts = re.findall(rb' t="s"[^>]*><v>([0-9]+)</v>', xml) if empty else []
    return xml.count(b"<v></v>") + sum(int(t) in empty for t in texts)


def _out_of_range(place: str) -> AppError:
    return AppError(Fault.XLS_OUT_OF_RANGE, f"{place} 超出第 {MAX_ROW} 行或 CV 列。")


# ---- the usual way


def _frame_is_plain(xml: bytes) -> bool:
    """Whether what stands around the cells is written so that a search finds what is there."""
    start, end = xml.find(b"<sheetData>", 0, 100_000), xml.rfind(b"</sheetData>")
    if not 0 <= start < end:
        return False
    return _is_plain(xml[:start]) and not _deceives(xml[end:])


def _is_plain(before: bytes) -> bool:
    """The same of what stands before the cells."""
    after = before.find(b"?>", 0, 200) + 2 if before.startswith((b"<?xml", b"\xef\xbb\xbf<?xml")) else 0
    if not 0 <= after <= len(before) or not _is_utf8(before[:after], before[after:]):
        return False
    head = before[after:].lstrip(b"\r\n")
    return bool(_ROOT.match(head)) and not _deceives(head)


def _deceives(part: bytes) -> bool:
    blanks = b"\t" in part or b"\r" in part or b"\n" in part
    return blanks or bool(_DECEIVING.search(part)) or (len(part) > MAX_TEXT and bool(_LONG_TEXT.search(part)))


def _is_utf8(declaration: bytes, begin: bytes) -> bool:
    encoding = re.search(rb"encoding=[\"']([^\"']+)", declaration)
    if encoding and encoding.group(1).lower() not in (b"utf-8", b"us-ascii"):
        return False
    return begin.lstrip(b"\r\n ").startswith(b"<") and b"\x00" not in begin


def _scan_table(table: CellTable) -> SheetScan:
    merges = tuple(_MERGE.findall(table.xml, table.xml.rfind(b"</sheetData>")))
    return SheetScan(
        values=len(table.valued),
        formulas=table.addresses(table.formulas),
        errors=table.addresses(table.errors),
        merges=kept(_merges_of, 100 * len(merges))(merges),
        xml=table.xml,
        table=table,
    )


@lru_cache(maxsize=16)
def _merges_of(references: tuple[bytes, ...]) -> tuple[tuple[int, int, int, int], ...]:
    return _merged([r.decode("ascii", "replace") for r in references])


def _too_long() -> AppError:
    return AppError(Fault.XLS_TOO_LARGE, f"有一段文字超过 {MAX_TEXT} 个字符。")


def _merged(references: list[str]) -> tuple[tuple[int, int, int, int], ...]:
    merges: list[tuple[int, int, int, int]] = []
    area = 0
    for reference in references:
        match = _RANGE.fullmatch(reference)
        if not match:
            raise _out_of_range(f"合并区域 {reference[:30]}")
        first, top, last, bottom = match.groups()
        merge = (int(top) - 1, column_number(first) - 1, int(bottom or top) - 1, column_number(last or first) - 1)
        if merge[2] >= MAX_ROW or merge[3] >= MAX_COLUMN or merge[0] < 0:
            raise _out_of_range(f"合并区域 {reference}")
        area += (merge[2] - merge[0] + 1) * (merge[3] - merge[1] + 1)
        if area > MAX_MERGED:
            raise AppError(Fault.XLS_OUT_OF_RANGE, f"合并的单元格超过 {MAX_MERGED} 个。")
        merges.append(merge)
    return tuple(merges)


# ---- any other way


def _scan_with_expat(xml: bytes) -> SheetScan:
    walk = _Walk()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise AppError(
            Fault.XLS_BROKEN, f"工作表的内容不完整（{expat.errors.messages.get(error.code, error.code)}）。"
        ) from error
    return SheetScan(walk.values, frozenset(walk.formulas), frozenset(walk.errors), _merged(walk.merges), xml)


def _refuse_doctype(*_: object) -> None:
    raise AppError(Fault.XLS_ACTIVE, "文件中含有 DTD 声明。")


class _Walk:
    """What expat meets on its way through one sheet."""

    def __init__(self) -> None:
        self.values = 0
        self.cells = 0
        self.row = 0
        self.column = 0
        self.formulas: set[str] = set()
        self.errors: set[str] = set()
        self.merges: list[str] = []
        self._inside = False
        self._address = ""
        self._length = 0
        self._in_value = False
        self._has_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition("}")
        if not self._inside and (tag != "worksheet" or space not in _MAIN):
            raise AppError(Fault.XLS_BROKEN, "工作表的内容不是表格。")
        self._inside = True
        self._length = 0
        if tag == "c":
            self._cell(attributes)
        elif tag == "row":
            self.row = self._number(attributes.get("r", str(self.row + 1)))
            self.column = 0
        elif tag in ("v", "is"):
            self._in_value, self._has_value = True, tag == "is"
        elif tag == "f":
            self.formulas.add(self._address)
        elif tag == "mergeCell":
            self.merges.append(attributes.get("ref", ""))

    def _number(self, text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= MAX_ROW or len(text) > 9:
            raise _out_of_range(f"行号 {text[:20]}")
        return int(text)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise AppError(Fault.XLS_TOO_LARGE, f"一张表里的单元格超过 {MAX_CELLS} 个。")
        given = attributes.get("r")
        if given is None:
            self.column += 1
            row = max(self.row, 1)
        else:
            match = _ADDRESS.fullmatch(given)
            if not match:
                raise _out_of_range(f"单元格地址 {given[:20]}")
            self.column, row = column_number(match.group(1)), int(match.group(2))
        if self.column > MAX_COLUMN or row > MAX_ROW:
            raise _out_of_range(f"单元格 {given or self.column}")
        self._address = given or f"R{row}C{self.column}"
        if attributes.get("t") == "e":
            self.errors.add(self._address)

    def end(self, name: str) -> None:
        if self._in_value and name.rpartition("}")[2] in ("v", "is"):
            self.values += self._has_value
            self._in_value = False

    def text(self, text: str) -> None:
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise _too_long()
        if self._in_value:
            self._has_value = True
