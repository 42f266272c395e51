"""Random damage (R-13): thousands of mutated workbooks, no uncaught exception, and no value that is not in the file."""

from __future__ import annotations

import io
import random
import re
import xml.etree.ElementTree as ET
import zipfile
from fractions import Fraction

import pytest

from app.domain.errors import Fault
from app.domain.sheets import SheetReading
from app.files.excel import scan_bytes
from tests.files.excel.workbooks import BLANK, SCORES, add_up, blank, cell, form, known, values_of, with_xml

SEED = 20261123
CODES = {fault.value.code for fault in Fault}
PARTS = (SCORES, SCORES, SCORES, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "docProps/custom.xml")
OTHERS = ("xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/worksheets/sheet3.xml", "_rels/.rels")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SPLINTERS = (
    b"<",
    b">",
    b'"',
    b"&",
    b"/>",
    b"<c ",
    b"</v>",
    b"<v>",
    b'r="A1"',
    b't="s"',
    b't="e"',
    b"<f>",
    b"\x00",
    b"\xff",
    b"9" * 30,
)


PLAIN = {
    cell(1, "report"): "><v>18.5</v>",
    cell(2, "report"): "><v>7</v>",
    cell(1, "duty"): 't="inlineStr"><is><t>12.5</t></is>',
    cell(2, "style"): "><v>88.5</v>",
    cell(1, "whole"): 't="inlineStr"><is><t>较好</t></is>',
    cell(6, "bonus"): "><v>5</v>",
}
# Formulas and errors send a file through openpyxl, which is slow: one file in ten has them.
FLAGGED = {cell(3, "report"): "><f>3+4</f><v>7</v>", cell(3, "style"): 't="e"><v>#N/A</v>'}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, cut, doubled or put in."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(max(1, len(data)))
        length = chance.choice((1, 1, 2, 5, 40, 400))
        kind = chance.randrange(5)
        if kind == 0:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + length :]
        elif kind == 2:
            data = data[:at] + data[at : at + length] + data[at:]
        elif kind == 3:
            data = data[:at] + chance.choice(SPLINTERS) + data[at:]
        else:
            data = re.sub(rb"\d+", str(chance.randrange(10**6)).encode(), data[at : at + 30], count=1).join(
                (data[:at], data[at + 30 :])
            )
    return data


def damaged(parts: dict[str, bytes], whole: bytes, chance: random.Random) -> bytes:
    """Damage in the zip itself, or inside a part that is packed again."""
    if chance.random() < 0.25:
        return mutated(whole, chance)
    part = chance.choice(PARTS + OTHERS)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for name, data in parts.items():
            new.writestr(name, mutated(data, chance) if name == part else data)
    return buffer.getvalue()


def tiny_reader(data: bytes) -> dict[str, str] | None:
    """Plain contents by address, read by nobody's library but Python's own; none when Python cannot read it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            strings = [
                "".join(t.text or "" for t in si.iter(f"{MAIN}t"))
                for si in ET.fromstring(archive.read("xl/sharedStrings.xml"))
            ]
            cells: dict[str, str] = {}
            for c in ET.fromstring(archive.read(SCORES)).iter(f"{MAIN}c"):
                value, inline = c.find(f"{MAIN}v"), c.find(f"{MAIN}is")
                text = (value.text or "") if value is not None else ""
                if inline is not None:
                    text = "".join(t.text or "" for t in inline.iter(f"{MAIN}t"))
                cells[c.attrib["r"]] = strings[int(text)] if c.get("t") == "s" else text
            return cells
    except (
        ET.ParseError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        return None


def same_as_in_the_file(reading: SheetReading, data: bytes) -> bool:
    """Every number that was taken without a remark stands in the file at the place of origin."""
    block = reading.block
    if block is None or block.origin is None or block.origin.sheet != "评分表":
        return True
    cells = tiny_reader(data)
    if cells is None:
        return True
    remarked = {(r.unit, r.item) for r in reading.remarks} | reading.refused
    for n, (code, row) in enumerate(values_of(reading).items()):
        for m, (item, packed) in enumerate(row.items()):
            if (n, m) in remarked:
                continue
            seen = cells.get(f"{block.origin.columns[m]}{block.origin.rows[n]}", "")
            if packed >= 0 and item != "whole" and Fraction(seen) * 10 ** block.digits[m] != packed:
                print("differs", code, item, packed, seen)
                return False
            if packed == BLANK and seen:
                print("lost", code, item, seen)
                return False
    return True


def survive(count: int, seed: int) -> tuple[int, int]:
    """(accepted, refused) of so many damaged files."""
    chance = random.Random(seed)
    bases = [with_xml(PLAIN), with_xml(PLAIN | FLAGGED)]
    unpacked: list[dict[str, bytes]] = []
    for base in bases:
        with zipfile.ZipFile(io.BytesIO(base)) as archive:
            unpacked.append({name: archive.read(name) for name in archive.namelist()})
    lookup = known(form())
    accepted = 0
    for n in range(count):
        data = damaged(unpacked[n % 10 == 0], bases[n % 10 == 0], chance)
        reading = scan_bytes("表.xlsx", data, lookup)
        assert all(f.code in CODES and f.message for f in reading.findings), (seed, n)
        assert reading.accepted or reading.findings, (seed, n)
        assert add_up(reading) and same_as_in_the_file(reading, data), (seed, n)
        accepted += reading.accepted
    return accepted, count - accepted


def test_that_the_undamaged_sheet_is_read_as_it_stands() -> None:
    data = with_xml(PLAIN | FLAGGED)
    reading = scan_bytes("表.xlsx", data, known(form()))
    assert reading.counts.numbers == 7 and reading.counts.refused == 1
    assert same_as_in_the_file(reading, data) and tiny_reader(blank(form())) is not None


def test_that_two_thousand_damaged_workbooks_are_read_or_refused_by_name() -> None:
    accepted, refused = survive(2000, SEED)
    assert accepted > 100 and refused > 500


@pytest.mark.release
def test_that_a_hundred_thousand_damaged_workbooks_are_read_or_refused_by_name() -> None:
    survive(100_000, SEED + 1)
