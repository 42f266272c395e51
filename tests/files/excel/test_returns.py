"""Sheets coming back: identity from any place, the same sheet twice, other programs, many at once (R-14, R-16)."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import load_workbook

from app.domain.errors import Cancelled
from app.domain.progress import no_progress
from app.files.excel import scan_bytes, scan_sheet, scan_sheets, sheet_bytes, write_sheets
from tests.files.excel.workbooks import (
    SCORES,
    SHEET,
    add_up,
    blank,
    cell,
    edited,
    errors,
    form,
    known,
    reworked,
    scanned,
    values_of,
    with_cells,
    with_xml,
)

MARKS: dict[str, Any] = {
    cell(1, "report"): 18.5,
    cell(1, "duty"): 12.5,
    cell(1, "style"): "８８．５",
    cell(1, "bonus"): 3,
    cell(1, "whole"): "较好",
    cell(2, "report"): "弃权",
    cell(2, "duty"): "12分",
    cell(3, "whole"): " 不了解",
    cell(6, "report"): 0,
}


# ---- identity


def without_names(book: Any) -> None:
    del book.defined_names["SLK_ID"]


def without_properties(book: Any) -> None:
    del book.custom_doc_props["SLK_ID"]


def without_hidden_sheet(book: Any) -> None:
    del book["表格标识"]


def without_marker(book: Any) -> None:
    book[SHEET]["A3"].value = None


PLACES: tuple[Callable[[Any], None], ...] = (without_names, without_properties, without_hidden_sheet, without_marker)


@pytest.mark.parametrize("kept", range(len(PLACES)))
def test_that_any_single_place_is_enough_to_know_the_sheet(kept: int) -> None:
    def remove(book: Any) -> None:
        for n, place in enumerate(PLACES):
            if n != kept:
                place(book)

    reading = scanned(edited(remove))
    assert reading.identity is not None and reading.identity.evaluator == "E001" and reading.accepted


def test_that_a_sheet_without_any_identity_is_foreign() -> None:
    def remove(book: Any) -> None:
        for place in PLACES:
            place(book)

    reading = scanned(edited(remove))
    assert not reading.accepted and [f.code for f in reading.findings] == ["E-XLS-08"] and reading.findings[0].step


def test_that_two_identities_in_one_file_are_refused() -> None:
    def mix(book: Any) -> None:
        book["表格标识"]["A1"].value = form("E002").identity.text

    reading = scan_bytes("表.xlsx", edited(mix), known(form(), form("E002")))
    assert [f.code for f in reading.findings] == ["E-XLS-09"] and "E002" in reading.findings[0].message


def test_that_a_damaged_identity_is_not_taken_for_another_one() -> None:
    text = form().identity.text
    reading = scanned(
        reworked(
            blank(form()),
            dict.fromkeys(
                ("xl/workbook.xml", "docProps/custom.xml", "xl/sharedStrings.xml"),
                lambda x: x.replace(text, text.replace("E001", "E007")),
            ),
        )
    )
    assert [f.code for f in reading.findings] == ["E-XLS-08"]


def test_that_a_sheet_of_another_year_gets_the_answer_of_the_lookup() -> None:
    reading = scan_bytes("表.xlsx", blank(form("E009")), known(form()))
    assert not reading.accepted and [f.code for f in reading.findings] == ["E-XLS-09"]
    assert reading.identity is not None and reading.identity.evaluator == "E009"


def packed_again(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    return buffer.getvalue()


def test_that_the_same_sheet_saved_again_has_another_hash_and_the_same_content() -> None:
    data = with_cells(MARKS)
    first, again, renamed = scanned(data), scanned(packed_again(data)), scanned(data, name="副本.xlsx")
    assert first.sha256 != again.sha256 and first.content == again.content == renamed.content
    assert first.sha256 == renamed.sha256
    other = scanned(with_cells(MARKS | {cell(1, "report"): 18}))
    assert other.content != first.content
    refused = scanned(with_cells(MARKS | {cell(3, "report"): "约18"}))
    other_refusal = scanned(with_cells(MARKS | {cell(3, "report"): "约19"}))
    assert len({first.content, refused.content, other_refusal.content}) == 3


# ---- many


def test_that_two_hundred_ordinary_sheets_bring_no_refusal_and_every_mark(awkward_folder: Path) -> None:
    """R-14 over our own exports, each filled differently."""
    forms = [form(f"E{n:03d}") for n in range(200)]
    for path, chosen in zip(write_sheets(forms, awkward_folder), forms, strict=True):
        report = {cell(n, "report"): f"><v>{points(chosen.identity.evaluator, n)}</v>" for n in (1, 2, 3)}
        path.write_bytes(with_xml(report, path.read_bytes()))
    paths = sorted(awkward_folder.iterdir())
    readings = list(scan_sheets(paths, known(*forms)))
    assert [r.file for r in readings] == [p.name for p in paths]
    assert not [f for r in readings for f in r.findings] and all(add_up(r) for r in readings)
    for reading in readings:
        assert reading.block is not None
        values = values_of(reading)
        got = [Fraction(values[f"D0{n}"]["report"], 100) for n in (1, 2, 3)]
        assert got == [Fraction(points(reading.block.evaluator, n)) for n in (1, 2, 3)]


def points(evaluator: str, unit: int) -> str:
    return str(Random(f"{evaluator}{unit}").randrange(2001) / 100)


def test_that_reading_many_can_be_cancelled(awkward_folder: Path) -> None:
    paths = write_sheets([form(f"E{n:03d}") for n in range(5)], awkward_folder)

    def enough(text: str, percent: int) -> None:
        if percent >= 40:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(scan_sheets(paths, known(form()), enough))


def test_that_nothing_to_read_is_no_fault() -> None:
    assert list(scan_sheets([], known(form()), no_progress)) == []


def test_that_a_missing_file_is_a_finding(awkward_folder: Path) -> None:
    reading = scan_sheet(awkward_folder / "没有.xlsx", known(form()))
    assert [f.code for f in reading.findings] == ["E-FILE-01"]


# ---- the fast and the slow lane see the same


def as_another_program_writes(xml: str) -> str:
    """Prefixed names, single quotes and line breaks: valid XML that only the slow lane may read."""
    return (
        xml.replace("?>", "?>\n<!-- saved again -->", 1)
        .replace("<row ", "\n<row ")
        .replace("<sheetData>", "<sheetData >")
    )


def test_that_unusual_xml_is_read_like_usual_xml() -> None:
    data = with_xml({cell(1, "report"): "><v>18.5</v>", cell(2, "report"): 't="inlineStr"><is><t>弃权</t></is>'})
    usual, unusual = scanned(data), scanned(reworked(data, {SCORES: as_another_program_writes}))
    assert unusual.accepted and usual.content == unusual.content and usual.counts == unusual.counts


# ---- LibreOffice


@pytest.fixture(scope="module")
def saved_by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sheets that a real LibreOffice has opened and saved again."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (apt-get install libreoffice-calc)")
    folder = tmp_path_factory.mktemp("来回 a#b%20c")
    source, target = folder / "填好", folder / "另存"
    source.mkdir()
    (source / "一.xlsx").write_bytes(with_cells(MARKS))
    (source / "二.xlsx").write_bytes(sheet_bytes(form("E002")))

    def calculate(book: Any) -> None:
        book[SHEET][cell(1, "report")] = "=9+9.5"
        book[SHEET][cell(2, "report")] = "=1/0"

    (source / "三.xlsx").write_bytes(edited(calculate, form("E003")))
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    files = [str(p) for p in sorted(source.iterdir())]
    done = subprocess.run(
        [*command, "--outdir", str(target), *files], capture_output=True, text=True, timeout=240, check=False
    )
    assert len(list(target.glob("*.xlsx"))) == 3, done.stderr
    return target


def test_that_a_sheet_saved_by_libreoffice_comes_back_whole(saved_by_libreoffice: Path) -> None:
    ours = scanned(with_cells(MARKS))
    theirs = scan_sheet(saved_by_libreoffice / "一.xlsx", known(form()))
    assert theirs.accepted and theirs.counts == ours.counts and values_of(theirs) == values_of(ours)
    assert theirs.content == ours.content and theirs.sha256 != ours.sha256 and not errors(theirs)


def test_that_a_blank_sheet_saved_by_libreoffice_is_blank(saved_by_libreoffice: Path) -> None:
    theirs = scan_sheet(saved_by_libreoffice / "二.xlsx", known(form("E002")))
    assert theirs.accepted and not theirs.findings and theirs.counts.blanks == 24


def test_that_formulas_calculated_by_libreoffice_are_seen(saved_by_libreoffice: Path) -> None:
    theirs = scan_sheet(saved_by_libreoffice / "三.xlsx", known(form("E003")))
    assert values_of(theirs)["D01"]["report"] == 1850 and theirs.counts.refused == 1
    assert ["错误值" in f.message for f in errors(theirs)] == [True]


def test_that_identity_and_rules_survive_libreoffice(saved_by_libreoffice: Path) -> None:
    book = load_workbook(saved_by_libreoffice / "一.xlsx")
    assert book["表格标识"]["A1"].value == form().identity.text and SHEET in book.sheetnames
    sheet = book[SHEET]
    assert sheet.protection.sheet and len(sheet.data_validations.dataValidation) >= 5
    stored = load_workbook(saved_by_libreoffice / "一.xlsx", data_only=True)[SHEET]
    assert stored["D2"].value == "还有 15 项未评"
    # 18.5 + 12.5 + 3 + the 80 points of 较好; the full-width text is no number for the spreadsheet.
    assert stored["D11"].value == pytest.approx(114)
