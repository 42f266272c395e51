"""Plain tables with a head of named columns: written as templates to fill in, read back cell by cell as exact texts.

For figures, ballots and earlier results; the register and score sheets have readers of their own.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.domain.quantities import number_text
from app.files.excel.cellscan import SheetScan
from app.files.excel.preflight import check_bytes, read_file
from app.files.excel.styles import BODY_FONT, FIXED_DATE, HEAD_FILL, HEAD_FONT, LINE_COLOUR, TITLE_FONT
from app.files.excel.texts import clean, column_letters, normal, tidy, tight
from app.files.excel.values import CellValue, Grid, read_grids
from app.files.saving.whole import write_whole

_CODE = Fault.XLS_BAD_CELL.value.code
_HEAD_ROWS = 20  # the head is looked for in so many rows from the top
_SPARE_ROWS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedRow:
    """One filled line. texts: column → exact text (a number as people write it, a date as YYYY-MM-DD), empty where
    nothing stands; places: column → ``file › sheet › cell``; prose: column → the words as they stand there, full-width
    signs and all, for texts that are kept as texts."""

    texts: dict[str, str]
    places: dict[str, str]
    prose: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedTable:
    """A table as read. columns: those of the head, in order; findings: cells that have no readable value (errors), and
    what keeps the file from being read at all; sha256: of the file."""

    columns: tuple[str, ...] = ()
    rows: tuple[NamedRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    sha256: str = ""


def read_named_table(path: Path, required: Sequence[str]) -> NamedTable:
    """The first sheet with a head that has the required columns. Never raises for what is in the file."""
    try:
        checked = check_bytes(path.name, read_file(path))
        open_sheet = read_grids(checked.data)
        for sheet, scan in checked.scans.items():
            grid = open_sheet(sheet)
            head = _head(grid, required)
            if head >= 0:
                return _read(grid, head, f"{checked.name} › {sheet}", scan, checked.sha256)
    except AppError as error:
        text = error.fault.value
        said = f"{text.title}：{error.detail or text.cause}"
        return NamedTable(findings=(Finding(text.code, path.name, said, text.step),))
    wanted = "、".join(f"“{name}”" for name in required)
    said = f"找不到表头，应有{wanted}等栏。"
    return NamedTable(findings=(Finding(_CODE, path.name, said, "请用导出的空表填写，不要改动表头。"),))


def named_table_of_cells(cells: Sequence[Sequence[str]], required: Sequence[str], name: str) -> NamedTable:
    """A pasted block with a head that has the required columns; places are its cells. Never raises for what is in it."""
    grid: Grid = [list(line) for line in cells]
    head = _head(grid, required)
    sha256 = hashlib.sha256("\n".join("\t".join(line) for line in cells).encode()).hexdigest()
    if head >= 0:
        plain = SheetScan(values=0, formulas=frozenset(), errors=frozenset(), merges=(), xml=b"")
        return _read(grid, head, name, plain, sha256)
    wanted = "、".join(f"“{name}”" for name in required)
    return NamedTable(findings=(Finding(_CODE, name, f"找不到表头，应有{wanted}等栏。", "请连同列名一起复制。"),))


def _head(grid: Grid, required: Sequence[str]) -> int:
    wanted = {tight(name) for name in required}
    rows = ({tight(str(v)) for v in row if v != ""} for row in grid[:_HEAD_ROWS])
    return next((r for r, names in enumerate(rows) if wanted <= names), -1)


def _read(grid: Grid, head: int, place: str, scan: SheetScan, sha256: str) -> NamedTable:
    names = {c: tidy(str(value)) for c, value in enumerate(grid[head]) if tidy(str(value))}
    rows: list[NamedRow] = []
    findings = _doubles(names, place, head)
    for r in range(head + 1, len(grid)):
        texts: dict[str, str] = {}
        places: dict[str, str] = {}
        prose: dict[str, str] = {}
        for c, name in names.items():
            address = f"{column_letters(c)}{r + 1}"
            value = grid[r][c] if c < len(grid[r]) else ""
            texts[name], places[name] = _text(value), f"{place} › {address}"
            prose[name] = tidy(value) if isinstance(value, str) else texts[name]
            if address in scan.errors:
                texts[name] = ""
                findings.append(Finding(_CODE, places[name], "单元格是错误值。", "请直接填写。"))
            elif address in scan.formulas and not texts[name]:
                step = "请用 Excel/WPS 打开并保存一次，或直接填写。"
                findings.append(Finding(_CODE, places[name], "单元格是公式，但没有保存计算结果。", step))
        if any(texts.values()):
            rows.append(NamedRow(texts=texts, places=places, prose=prose))
    return NamedTable(columns=tuple(names.values()), rows=tuple(rows), findings=tuple(findings), sha256=sha256)


def _doubles(names: dict[int, str], place: str, head: int) -> list[Finding]:
    seen: set[str] = set()
    found: list[Finding] = []
    for column, name in names.items():
        if tight(name) in seen:
            where = f"{place} › {column_letters(column)}{head + 1}"
            found.append(Finding(_CODE, where, f"有两栏都叫“{name}”。", "请删去或改名其中一栏。", Severity.ERROR))
        seen.add(tight(name))
    return found


def _text(value: CellValue) -> str:
    """What the cell says, exactly: a binary number as the shortest decimal that means it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return number_text(Fraction(Decimal(repr(value))))
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return normal(str(value))


# ---- writing


def write_named_table(
    path: Path,
    title: str,
    guide: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str | Fraction]],
    row_height: int = 0,
) -> None:
    """A workbook with one table: title, a line of guidance, the head (name, width of each column), the rows; numbers that
    a decimal can say stand as numbers. row_height: points, where there must be room to write by hand (0: as the text
    wants). Raises a named AppError."""
    write_whole(path, _table_bytes(title, guide, columns, rows, row_height))


def _table_bytes(
    title: str,
    guide: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str | Fraction]],
    row_height: int,
) -> bytes:
    buffer = io.BytesIO()
    book: Any = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "author": "三联考评", "created": FIXED_DATE})
    sheet = book.add_worksheet(title[:31])
    boxed = {"border": 1, "border_color": LINE_COLOUR, "valign": "vcenter", "font_size": 11}
    head = book.add_format(
        boxed | {"font_name": HEAD_FONT, "bg_color": HEAD_FILL, "align": "center", "text_wrap": True}
    )
    text = book.add_format(boxed | {"font_name": BODY_FONT, "num_format": "@", "text_wrap": True})
    number = book.add_format(boxed | {"font_name": BODY_FONT})
    named = book.add_format({"font_name": TITLE_FONT, "font_size": 18, "align": "center", "valign": "vcenter"})
    said = book.add_format({"font_name": BODY_FONT, "font_size": 10, "text_wrap": True, "valign": "vcenter"})
    last = max(len(columns) - 1, 1)
    sheet.merge_range(0, 0, 0, last, clean(title), named)
    sheet.merge_range(1, 0, 1, last, clean(guide), said)
    sheet.set_row(0, 32)
    sheet.set_row(1, 48)
    for column, (name, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, clean(name), head)
    for r, row in enumerate(rows, start=3):
        if row_height:
            sheet.set_row(r, row_height)
        for c, value in enumerate(row):
            _write_value(sheet, r, c, value, text, number)
    for r in range(3 + len(rows), 3 + (0 if rows else _SPARE_ROWS)):
        for c in range(len(columns)):
            sheet.write_blank(r, c, None, number)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&9第 &P 页 共 &N 页")
    book.close()
    return buffer.getvalue()


def _write_value(sheet: Any, row: int, column: int, value: str | Fraction, text: Any, number: Any) -> None:
    said = number_text(value) if isinstance(value, Fraction) else clean(value)
    if isinstance(value, Fraction) and "/" not in said and len(said) <= 15:
        sheet.write_number(row, column, float(value), number)
    elif said:
        sheet.write_string(row, column, said, text)
    else:
        sheet.write_blank(row, column, None, number)
