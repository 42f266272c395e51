"""Hand-out workbooks as a spreadsheet program sees them, and that stamping copies changes nothing but the texts meant."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from app.domain.errors import AppError, Cancelled, Fault
from app.domain.sheets import FormItem, FormUnit, SheetIdentity
from app.files.excel import file_name, scan_bytes, scan_sheet, sheet_bytes, write_sheets
from app.files.excel.handout import build_master
from app.files.excel.layout import ITEM_COLUMN, plan
from tests.files.excel.workbooks import COLUMNS, FIRST, ITEMS, LEVELS, SHEET, blank, cell, form, known


@pytest.fixture(scope="module")
def book() -> Any:
    return load_workbook(io.BytesIO(blank(form())))


@pytest.fixture(scope="module")
def sheet(book: Any) -> Any:
    return book[SHEET]


def rule_of(sheet: Any, address: str) -> DataValidation:
    return next(v for v in sheet.data_validations.dataValidation if address in v.sqref)


def test_that_the_identity_stands_in_three_places_and_its_code_in_the_footer(book: Any, sheet: Any) -> None:
    identity = form().identity
    assert book["表格标识"]["A1"].value == identity.text and book["表格标识"].sheet_state == "veryHidden"
    assert book.defined_names["SLK_ID"].value == f'"{identity.text}"'
    assert book.custom_doc_props["SLK_ID"].value == identity.text
    assert identity.code in sheet.oddFooter.left.text and len(identity.text) <= 255
    assert SheetIdentity.parse(identity.text) == replace(identity, fingerprint=identity.fingerprint[:16])


def test_that_only_input_cells_are_unlocked_and_the_protection_has_no_password(sheet: Any) -> None:
    unlocked = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    expected = {cell(n, i) for n in (1, 2, 3, 5, 6) for i in COLUMNS} - {cell(5, "style")}
    assert unlocked == expected
    assert sheet.protection.sheet and not sheet.protection.password
    assert not sheet.protection.formatColumns and not sheet.protection.formatRows


def test_that_closed_cells_say_why(sheet: Any) -> None:
    assert sheet[cell(4, "report")].value == "回避" and sheet[cell(5, "style")].value == "—"


def test_that_heads_come_from_the_parts_above(sheet: Any) -> None:
    texts = {c.value for row in sheet.iter_rows(min_row=1, max_row=FIRST - 1) for c in row}
    assert {"述职评议", "日常工作", "责任清单", "述职报告质量", "总体评价", "20分"} <= texts
    merged = {str(r) for r in sheet.merged_cells.ranges}
    assert {"G6:H6", "G7:H7", "F7:F8", "J6:J8"} <= merged


def test_that_each_column_has_its_rule_and_list(sheet: Any) -> None:
    number, choice = rule_of(sheet, cell(1, "duty")), rule_of(sheet, cell(1, "whole"))
    assert number.type == "custom" and "ROUND" in str(number.formula1) and number.showErrorMessage
    assert choice.type == "list" and "表格标识" in str(choice.formula1)
    assert "好 95" in str(choice.prompt) and "弃权" in str(number.error)


def test_that_subtotals_and_gaps_are_live_and_right_before_any_recalculation(sheet: Any) -> None:
    stored = load_workbook(io.BytesIO(blank(form())), data_only=True)[SHEET]
    assert "SUM(F11:I11)" in sheet["D11"].value and "SUMIF" in sheet["D11"].value
    assert sheet["E11"].value == "=COUNTBLANK(F11:J11)"
    assert [stored[f"E{FIRST + n}"].value for n in range(6)] == [5, 5, 5, 0, 4, 5]
    assert stored["D2"].value == "还有 24 项未评" and "COUNTBLANK" in sheet["D2"].value


def test_that_the_page_is_ready_to_print(sheet: Any) -> None:
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$6:$10" and sheet.freeze_panes == "F11"
    assert "演练数据" in sheet.oddHeader.right.text and "内部资料" in sheet.oddHeader.left.text
    assert "演练数据" in sheet["B1"].value and sheet.column_dimensions["A"].hidden and sheet.row_dimensions[3].hidden


def test_that_a_wide_form_goes_on_a3_and_keeps_room_for_units_below_the_frozen_head() -> None:
    items = tuple(
        FormItem(
            id=f"i{n}",
            name=f"第{n}项工作落实情况",
            above=(f"第{n // 10}部分", f"第{n // 4}方面"),
            maximum=Fraction(10),
            note="说明" * 60,
        )
        for n in range(60)
    )
    placed = plan(form(items=items))
    assert placed.a3 and placed.notes == -1
    assert sum(placed.heights.values()) + 34 + 22 <= 260
    short = plan(form(items=tuple(replace(i, note="对照责任清单评价") for i in items[:3])))
    assert not short.a3 and short.notes > 0


def test_that_long_level_names_get_a_column_they_fit_into() -> None:
    long = tuple(
        replace(v, name=n)
        for v, n in zip(LEVELS[:3], ("落实到位、成效明显", "基本落实、有待加强", "落实不力、问题突出"), strict=True)
    )
    placed = plan(form(items=(replace(ITEMS[4], levels=long),)))
    assert placed.item_widths[0] >= 20


def test_that_copies_differ_in_the_stamped_texts_only() -> None:
    first, second = form("E001"), form("E002", evaluator_name="评议人<乙>&“丙”")
    with zipfile.ZipFile(io.BytesIO(sheet_bytes(first))) as a, zipfile.ZipFile(io.BytesIO(sheet_bytes(second))) as b:
        assert a.testzip() is None and b.testzip() is None and a.namelist() == b.namelist()
        different = {n for n in a.namelist() if a.read(n) != b.read(n)}
    assert different == {"xl/sharedStrings.xml", "xl/workbook.xml", "docProps/custom.xml", "xl/worksheets/sheet1.xml"}
    book = load_workbook(io.BytesIO(sheet_bytes(second)))
    assert book[SHEET]["B2"].value == "评议人：评议人<乙>&“丙”（E002）"
    for name in book.sheetnames:
        assert not [c.value for row in book[name].iter_rows() for c in row if "SLK-TOKEN" in str(c.value)]


def test_that_awkward_identities_come_through_every_place() -> None:
    awkward = replace(form().identity, sheet='2026-a|b%c"d&<e>-张三', evaluator="“甲”|1\n\x01")
    chosen = form(identity=awkward)
    book = load_workbook(io.BytesIO(sheet_bytes(chosen)))
    assert SheetIdentity.parse(book["表格标识"]["A1"].value) == replace(awkward, fingerprint=awkward.fingerprint[:16])
    assert SheetIdentity.parse(awkward.text.replace("a", "b", 1)) is None


DANGEROUS = [
    "=1+1",
    "@SUM(A1)",
    "{=1}",
    "http://example.org",
    "<b>粗</b>",
    "\x00甲\x07",
    "乙\u202e丙",
    "]]>",
    "_x0041_",
    "&P&N",
    "'=1",
    "a" * 300,
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_that_text_from_people_is_text_on_the_sheet_and_reads_back(text: str) -> None:
    """R-15."""
    chosen = form(
        units=(FormUnit(code="D01", name=text), *form().units[1:]),
        items=(replace(ITEMS[0], name=text, note=text, above=(text,)), *ITEMS[1:]),
        evaluator_name=text,
        scheme_name=text,
        secrecy=text,
        office=text,
        due=text,
    )
    data = sheet_bytes(chosen)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {n: archive.read(n).decode() for n in archive.namelist()}
    formulas = "".join(re.findall("<f>[^<]*</f>", parts["xl/worksheets/sheet1.xml"]))
    assert text not in formulas
    assert "<f>" not in parts["xl/worksheets/sheet2.xml"] and not [n for n, x in parts.items() if "<hyperlink" in x]
    assert not [x for x in parts.values() if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e]", x)]
    reading = scan_bytes("表.xlsx", data, known(chosen))
    assert reading.accepted and not reading.findings


def test_that_the_same_form_gives_the_same_bytes() -> None:
    """R-37."""
    digests = {hashlib.sha256(sheet_bytes(form())).hexdigest() for _ in range(3)}
    assert len(digests) == 1 and build_master(form()) == build_master(form())


def test_that_evaluators_with_different_units_get_their_own_rows(awkward_folder: Path) -> None:
    forms = [
        form("E001"),
        form("E002"),
        form("E003", units=form().units[:2]),
        form("E004", units=(FormUnit(code="X", name="独"),)),
    ]
    paths = write_sheets(forms, awkward_folder / "发出 #1")
    assert [p.name for p in paths] == [file_name(f) for f in forms] and len(list(paths[0].parent.iterdir())) == 4
    for path, chosen in zip(paths, forms, strict=True):
        reading = scan_sheet(path, known(*forms))
        assert reading.block is not None and reading.block.units == tuple(u.code for u in chosen.units)
        assert reading.identity is not None and reading.identity.evaluator == chosen.identity.evaluator
        assert not reading.findings


def test_that_two_forms_of_one_file_name_do_not_overwrite_each_other(awkward_folder: Path) -> None:
    forms = [form("E/1"), form("E:1")]
    paths = write_sheets(forms, awkward_folder)
    assert len({p.name for p in paths}) == 2 and all(p.exists() for p in paths)


def test_that_a_cancelled_run_leaves_nothing(awkward_folder: Path) -> None:
    def enough(text: str, percent: int) -> None:
        if percent >= 50:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_sheets([form(f"E{n:03d}") for n in range(4)], awkward_folder, enough)
    assert list(awkward_folder.iterdir()) == []


def test_that_a_place_where_nothing_can_be_written_is_named(awkward_folder: Path) -> None:
    (awkward_folder / "占用").write_text("a file", encoding="utf-8")
    with pytest.raises(AppError) as raised:
        write_sheets([form()], awkward_folder / "占用")
    assert raised.value.fault in (Fault.INPUT_BAD, Fault.FILE_BUSY, Fault.FILE_READ_ONLY)


def test_that_the_guide_lists_every_item_and_how_to_abstain(book: Any) -> None:
    texts = "\n".join(str(c.value) for row in book["填写说明"].iter_rows() for c in row if c.value)
    assert all(i.name in texts for i in ITEMS) and "弃权" in texts and "回避" in texts and form().identity.code in texts


def test_that_the_layout_starts_where_the_reader_tests_expect_it() -> None:
    assert plan(form()).first + 1 == FIRST and ITEM_COLUMN == 5
