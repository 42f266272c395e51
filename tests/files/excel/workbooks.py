"""A small fictional form, and workbooks as people send them back: edited by openpyxl or in their XML."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from openpyxl import load_workbook

from app.domain.findings import Finding, Severity
from app.domain.sheets import FormItem, FormLevel, FormUnit, SheetForm, SheetIdentity, SheetReading
from app.files.excel import scan_bytes, sheet_bytes

LEVELS = (
    FormLevel(id="good", name="好", points=Fraction(95)),
    FormLevel(id="fair", name="较好", points=Fraction(80)),
    FormLevel(id="poor", name="差", points=Fraction(50)),
    FormLevel(id="unknown", name="不了解", points=None),
)
ITEMS = (
    FormItem(id="report", name="述职报告质量", above=("述职评议",), points=Fraction(20), maximum=Fraction(20)),
    FormItem(id="duty", name="责任落实", above=("日常工作", "责任清单"), maximum=Fraction(30), step=Fraction(1, 2)),
    FormItem(id="style", name="作风建设", above=("日常工作", "责任清单"), maximum=Fraction(100), digits=1),
    FormItem(id="bonus", name="加分", maximum=None, allowed=(Fraction(0), Fraction(3), Fraction(5))),
    FormItem(id="whole", name="总体评价", maximum=None, levels=LEVELS),
)
UNITS = tuple(
    FormUnit(code=f"D{n:02d}", name=name, recused=n == 4, not_applicable=("style",) if n == 5 else ())
    for n, name in enumerate(("市晨光局", "市远山局", "市清波办", "市长桥局", "市文澜办", "市松风局"), 1)
)
FIRST = 11  # row of the first unit on the sheet of this form
COLUMNS = {"report": "F", "duty": "G", "style": "H", "bonus": "I", "whole": "J"}
SHEET = "评分表"


def form(evaluator: str = "E001", **changes: Any) -> SheetForm:
    """The form of one evaluator."""
    identity = SheetIdentity(
        sheet=f"2026-department-{evaluator}",
        year=2026,
        year_file="3f2a" * 8,
        scheme="department",
        fingerprint="ab12" * 16,
        evaluator=evaluator,
        issue=changes.pop("issue", 1),
    )
    start: dict[str, Any] = {
        "identity": identity,
        "scheme_name": "部门单位考核",
        "evaluator_name": "评议人甲",
        "units": UNITS,
        "items": ITEMS,
        "practice": True,
        "secrecy": "内部资料",
    }
    return SheetForm(**(start | changes))


def known(*forms: SheetForm) -> Callable[[SheetIdentity], SheetForm | Finding]:
    """The lookup that a year with these forms would give."""
    by_sheet = {f.identity.sheet: f for f in forms}

    def lookup(identity: SheetIdentity) -> SheetForm | Finding:
        return by_sheet.get(identity.sheet) or Finding("E-XLS-09", identity.sheet, "不是本年度的评分表")

    return lookup


def cell(unit: int, item: str) -> str:
    """Address of a cell: unit counted from 1."""
    return f"{COLUMNS[item]}{FIRST + unit - 1}"


@cache
def blank(chosen: SheetForm) -> bytes:
    """The hand-out itself; made once for each form."""
    return sheet_bytes(chosen)


def edited(change: Callable[[Any], None], chosen: SheetForm | None = None) -> bytes:
    """The hand-out after ``change(workbook)`` by openpyxl, as another program would save it."""
    book = load_workbook(io.BytesIO(blank(chosen or form())))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_cells(values: Mapping[str, Any]) -> bytes:
    """The hand-out with these cells (address → value) filled in."""

    def fill(book: Any) -> None:
        for address, value in values.items():
            book[SHEET][address] = value

    return edited(fill)


def scanned(data: bytes, chosen: SheetForm | None = None, name: str = "表.xlsx") -> SheetReading:
    """The reading of these bytes, with one known form."""
    return scan_bytes(name, data, known(chosen or form()))


def reworked(data: bytes, changes: Mapping[str, Callable[[str], str]]) -> bytes:
    """The workbook with some parts rewritten as text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename in changes:
                part = changes[info.filename](part.decode()).encode()
            new.writestr(info.filename, part)
    return buffer.getvalue()


SCORES = "xl/worksheets/sheet1.xml"


def with_xml(changes: Mapping[str, str], data: bytes | None = None) -> bytes:
    """The hand-out with the content of cells (address → XML attributes and content) put straight into the part, for
    what openpyxl does not write: ``{"F11": 't="e"><v>#DIV/0!</v>'}``."""

    def put(xml: str) -> str:
        for address, content in changes.items():
            style = re.search(f'<c r="{address}" s="([0-9]+)"/>', xml)
            assert style, address
            xml = xml.replace(style.group(0), f'<c r="{address}" s="{style.group(1)}" {content}</c>')
        return xml

    return reworked(data or blank(form()), {SCORES: put})


def values_of(reading: SheetReading) -> dict[str, dict[str, int]]:
    """Unit code → item id → packed integer."""
    block = reading.block
    assert block is not None
    width = block.width
    numbers = [
        int.from_bytes(block.values[i : i + width], "little", signed=True) for i in range(0, len(block.values), width)
    ]
    rows = [numbers[i : i + len(block.items)] for i in range(0, len(numbers), len(block.items))]
    return {u: dict(zip(block.items, row, strict=True)) for u, row in zip(block.units, rows, strict=True)}


BLANK, ABSTAINED, NOT_APPLICABLE, RECUSED = -32768, -32767, -32766, -32765


def remark_at(reading: SheetReading, address: str) -> Finding | None:
    """The finding of this cell."""
    return next((r.finding for r in reading.remarks if r.address == address), None)


def errors(reading: SheetReading) -> list[Finding]:
    """The findings that refuse something."""
    return [f for f in reading.findings if f.severity is Severity.ERROR]


def add_up(reading: SheetReading) -> bool:
    """Whether every cell of the form is accounted for."""
    c = reading.counts
    return c.cells == c.numbers + c.blanks + c.abstained + c.not_applicable + c.recused + c.refused
