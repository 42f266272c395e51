"""The table of cells gives what calamine gives, or nothing at all: also for sheets that were tampered with."""

from __future__ import annotations

import io
import math
import random
import re
import zipfile
from datetime import date
from typing import Any

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import AppError
from app.files.excel.cellscan import scan_cells
from app.files.excel.celltable import read_table
from app.files.excel.content import read_content, shared_texts
from app.files.excel.preflight import check_bytes
from app.files.excel.reading import scan_bytes
from app.files.excel.values import Grid, read_grids

PART = "xl/worksheets/sheet1.xml"
NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.integers(0, 10000).map(lambda n: n / 100),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
)
TEXTS = st.one_of(
    st.sampled_from(["弃权", "8.5", " 好 ", "a&b<c>", "_x000D_", "", "第一\n第二", "√"]), st.text(max_size=8)
)
CELLS = st.dictionaries(
    st.tuples(st.integers(0, 20), st.integers(0, 60)),
    st.one_of(NUMBERS, NUMBERS, NUMBERS, TEXTS, st.booleans(), st.just(date(2026, 11, 23)), st.just(None)),
    min_size=1,
    max_size=40,
)


def workbook(cells: dict[tuple[int, int], Any]) -> bytes:
    """A workbook of one sheet; None is a formula with a stored result."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("评分表")
    formats = [None, book.add_format({"num_format": "0.00"}), book.add_format({"bold": True})]
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for (row, column), value in cells.items():
        if value is None:
            sheet.write_formula(row, column, "=SUM(A1:A3)&IF(1<2,1,2)", value="12 < 13")
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, day)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, str):
            sheet.write_string(row, column, value.replace("\x00", "")[:50])
        else:
            sheet.write_number(row, column, value, formats[row % 3])
    book.close()
    return buffer.getvalue()


def by_table(data: bytes) -> Grid | None:
    checked = check_bytes("x.xlsx", data)
    (scan,) = checked.scans.values()
    shared = shared_texts(checked.strings)
    if scan.table is None or shared is None:
        return None
    page = read_content(scan.table, shared, checked.plain)
    if page is None:
        return None
    assert page.numbers is not None and page.filled is not None
    grid: Grid = [[page.at(r, c) for c in range(len(line))] for r, line in enumerate(page.grid)]
    for row, line in enumerate(grid):
        for column, value in enumerate(line):
            number = page.numbers[row, column]
            assert math.isnan(number) if not isinstance(value, float) else number == value
            assert page.filled[row, column] == (value != "")
    return grid


def by_calamine(data: bytes) -> Grid:
    return read_grids(data)("评分表")


def same(one: Grid, other: Grid) -> bool:
    """Equal in every cell, types too; rows and columns of nothing at the edges do not count."""

    def filled(grid: Grid) -> dict[tuple[int, int], object]:
        return {(r, c): (type(v), v) for r, line in enumerate(grid) for c, v in enumerate(line) if v != ""}

    return filled(one) == filled(other)


@given(CELLS)
def test_that_the_table_gives_what_calamine_gives(cells: dict[tuple[int, int], Any]) -> None:
    data = workbook(cells)
    grid = by_table(data)
    assert grid is None or same(grid, by_calamine(data))


def test_that_plain_sheets_are_read_by_the_table() -> None:
    cells: dict[tuple[int, int], Any] = {(r, c): (r * 61 + c) / 100 for r in range(40) for c in range(60)}
    cells |= {(41, 0): "合计", (41, 1): None, (41, 2): True, (41, 3): "a&b<c>"}
    data = workbook(cells)
    grid = by_table(data)
    assert grid is not None
    assert same(grid, by_calamine(data))


def test_that_a_date_is_never_taken_for_a_number() -> None:
    assert by_table(workbook({(0, 0): 1.5, (1, 0): date(2026, 11, 23)})) is None


def with_sheet(data: bytes, xml: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, xml if info.filename == PART else old.read(info))
    return buffer.getvalue()


SNIPPETS = (
    b'<c r="A1"><v>9</v></c>', b"<v>7</v>", b"</c>", b"<c>", b"</row>", b"<row>", b'<row r="3">', b"<!-- -->", b" ",
    b"<f>1</f>", b'r="B7"', b' t="s"', b' t="e"', b"'", b'"', b">", b"<", b"&#49;", b"<x:c/>", b"1e5", b".", b"</sheetData>",
    b"<sheetData>", b"<v/>", b"0", b"-", b"nan", b"<is><t>9</t></is>", b"\n", b'<c r="ZZ1"/>', b"\xff",
)  # fmt: skip


def test_that_a_sheet_that_was_tampered_with_is_read_alike_or_not_at_all() -> None:
    base = workbook({(r, c): (r + c) / 4 if c else f"单位{r}" for r in range(6) for c in range(5)} | {(6, 1): None})
    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        xml = archive.read(PART)
    dice, start, end = random.Random(5), xml.index(b"<sheetData>"), xml.index(b"</sheetData>")
    taken = 0
    for _ in range(1500):
        at = dice.randrange(start, end + 12)
        cut = dice.choice((0, 0, 1, 2, 5))
        data = with_sheet(base, xml[:at] + dice.choice(SNIPPETS) * dice.randrange(2) + xml[at + cut :])
        try:
            grid = by_table(data)
        except AppError:
            continue
        if grid is None:
            continue
        try:
            other = by_calamine(data)
        except AppError:
            continue  # not well-formed in a way that does not matter to the cells
        taken += 1
        assert same(grid, other)
    assert taken > 20


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1"><c r="A2"><v>1</v></c></row>',
        b'<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
        b'<row r="0"><c r="A0"><v>1</v></c></row>',
        b'<row r="01"><c r="A01"><v>1</v></c></row>',
        b'<row r="1"><c r="A1">7<v>1</v></c></row>',
        b'<row r="1"><c r="a1"><v>1</v></c></row>',
        b'<row r="1"><c r="CW1"><v>1</v></c></row>',
        b'<row r="5001"><c r="A5001"><v>1</v></c></row>',
        b'<row r="1"><c  r="A1"><v>1</v></c></row>',
        b'<row r="1"><c r="A1" t="d"><v>2026-01-01</v></c></row>',
        b'<row r="1"><c r="A1" t="n"t="s"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c></rox>',
        b'<row r="1"><c r="A1"><v></v></c></row>',
        b'<row r="1"><c r="A1"></v>1<v></c></row>',
        b'<row r="1"><c r="A1"><v>1</c></v></row>',
        b'<row r="1"><c r="A1"><v>1<b/>2</v></c></row>',
        b'<row r="1"><c r="A1" t="str"><v>x</v></c><c r="B1"><v>1</v></c>7</row>',
        b'<row r="1"><c r="A1" t="n"><v>1</v></c></row><row r="1"><c r="B1"><v>1</v></c></row>',
        b'<row r="1"/><c r="A1"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c></row></row>',
        b'<row r="1"><row r="2"><c r="A2"><v>1</v></c></row></row>',
        b'<c r="A1"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c>',
        b'<row r="1"><c r="A1"><f>B1<v>1</v></f></c></row>',
        b"",
    ],
)
def test_that_the_table_refuses_whatever_is_not_the_usual_way(cells: bytes) -> None:
    frame = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    assert read_table(frame % b'<row r="1"><c r="A1" s="7"><v>1</v></c></row>') is not None
    assert read_table(frame % cells) is None


def test_that_numbers_with_and_without_their_type_are_read_alike() -> None:
    frame = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    cells = (
        b'<row r="1" spans="1:3"><c r="A1"><v>87.5</v></c><c r="B1" s="3" t="n"><v>0.25</v></c><c r="C1"/></row><row r="2"/>'
        b'<row r="3"></row><row r="5000"><c r="A5000" t="n"><f aca="false">1/3</f><v>0.333333333333</v></c>'
        b'<c r="B5000"><f si="0"/></c><c r="CV5000" s="999" t="n"></c></row>'
    )
    table = read_table(frame % cells)
    assert table is not None
    assert table.addresses(np.arange(6)) == {"A1", "B1", "C1", "A5000", "B5000", "CV5000"}
    assert [table.text(n) for n in range(3)] == [b"87.5", b"0.25", b"0.333333333333"]
    assert table.plain.tolist()[:2] == [87.5, 0.25] and math.isnan(table.plain[2])
    assert table.addresses(table.formulas) == {"A5000", "B5000"}


def sheet_of(*rows: bytes) -> bytes:
    frame = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    return frame % b"".join(rows)


def test_that_a_sheet_is_never_taken_for_the_one_before_it() -> None:
    row = b'<row r="7"><c r="%s"><v>1</v></c><c r="AB7"%s><v>2</v></c></row>'
    told: list[tuple[list[int], list[int], list[int]]] = []
    for address, style in ((b"A7", b""), (b"A7", b' s="5"'), (b"B7", b' s="5"'), (b"B7", b' s="52"'), (b"A7", b"")):
        table = read_table(sheet_of(row % (address, style)))
        assert table is not None
        told.append((table.rows.tolist(), table.columns.tolist(), table.styles.tolist()))
    assert told == [
        ([6, 6], [0, 27], [0, 0]),
        ([6, 6], [0, 27], [0, 5]),
        ([6, 6], [1, 27], [0, 5]),
        ([6, 6], [1, 27], [0, 52]),
        ([6, 6], [0, 27], [0, 0]),
    ]
    assert read_table(sheet_of(row % (b"A8", b""))) is None  # in the row of another number
    moved = row.replace(b'r="7"', b'r="8"').replace(b"AB7", b"AB8")
    table = read_table(sheet_of(moved % (b"A8", b"")))
    assert table is not None and table.rows.tolist() == [7, 7]


def test_that_short_numbers_are_read_to_the_last_bit_and_nothing_else_as_a_number() -> None:
    dice = random.Random(11)
    texts = ["".join(dice.choices("0123456789.", k=dice.randrange(1, 11))) for _ in range(3000)]
    texts += ["".join(dice.choices("0123456789.-+eE /:;xX", k=dice.randrange(1, 10))) for _ in range(1500)]
    rows = (b'<row r="%d"><c r="A%d"><v>%s</v></c></row>' % (n, n, t.encode()) for n, t in enumerate(texts, 1))
    table = read_table(sheet_of(*rows))
    assert table is not None
    for text, number in zip(texts, table.plain.tolist(), strict=True):
        if len(text) <= 8 and re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
            assert number == float(text)
        else:
            assert math.isnan(number)


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("", []),
        ("<si><t>a</t></si><si><t></t></si>", ["a", ""]),
        ('<si><t xml:space="preserve"> b </t></si><si><t>x xml:space="preserve">y</t></si>', [" b ", 'x xml:space="preserve">y']),
        ('<si><t>c</t><phoneticPr fontId="1"/></si><si><t>1 &lt; 2</t></si>', ["c", "1 < 2"]),
        ("<si><r><t>rich</t></r></si>", None),
        ("<si><t>a</t></si>lost<si><t>b</t></si>", None),
        ("<si><t>a</t></si><si/>", None),
        ("<si><t>_x000D_</t></si>", None),
    ],
)  # fmt: skip
def test_that_shared_texts_are_read_whole_or_not_at_all(body: str, texts: list[str] | None) -> None:
    read = shared_texts(f'<?xml version="1.0"?>\n<sst count="1">{body}</sst>'.encode())
    assert (None if read is None else list(read.values())) == texts


def test_that_comments_and_prefixes_around_the_cells_go_the_slow_way() -> None:
    frame = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>%s</worksheet>'
    assert scan_cells(frame % (b"", b"")).table is not None
    for odd in (b"<!-- <sheetData> -->", b'<x:c xmlns:x="x"/>', b"<?p <c r?>", b"<dimension\nref='A1'/>"):
        for parts in ((odd, b""), (b"", odd)):
            assert scan_cells(frame % parts).table is None


def test_that_long_numbers_keep_every_binary_digit() -> None:
    values = [0.1, 1 / 3, 87.950000000000003, 1e-7, 123456789012345.0, -0.5, 5e-324, 1e308, 99999999.0]
    grid = by_table(workbook({(n, 0): v for n, v in enumerate(values)}))
    assert grid is not None
    assert [np.float64(line[0]).tobytes() for line in grid] == [np.float64(v).tobytes() for v in values]


def test_that_scanning_names_the_file_when_nothing_is_ours() -> None:
    reading = scan_bytes("x.xlsx", workbook({(0, 0): 1.0}), lambda _: pytest.fail("asked for a form"))
    assert not reading.accepted
