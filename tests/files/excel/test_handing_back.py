"""退回: the copy that goes back to the evaluator is the own workbook, with remarks, and can be mended and taken in."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from app.domain.errors import AppError, Fault
from app.domain.sheets import HandBack, HandBackRemark, SheetReading
from app.files.excel import returned_copy
from app.files.excel.handing_back import REMARK_SHEET, for_the_evaluator
from tests.files.excel.workbooks import (
    FIRST,
    ITEMS,
    SCORES,
    SHEET,
    UNITS,
    blank,
    cell,
    edited,
    errors,
    form,
    reworked,
    scanned,
    values_of,
    with_cells,
    with_xml,
)

FAULTY = {cell(1, "report"): "九十五", cell(2, "duty"): 18.3, cell(3, "report"): 19}


def back_of(reading: SheetReading, **more: Any) -> HandBack:
    remarks = tuple(
        HandBackRemark(
            cell=r.address,
            unit=UNITS[r.unit].name,
            item=ITEMS[r.item].name,
            seen=r.seen,
            found=r.finding.message,
            step=r.finding.step,
            must=r.finding.severity == "error",
        )
        for r in reading.remarks
    )
    plain = HandBack(
        sheet=SHEET,
        evaluator="评议人甲",
        scheme_name="部门单位考核方案",
        remarks=remarks,
        day="2026-11-24",
        practice=True,
    )
    from dataclasses import replace

    return replace(plain, **more)


def handed_back(data: bytes, **more: Any) -> bytes:
    return returned_copy("表.xlsx", data, back_of(scanned(data), **more))


def opened(data: bytes, **how: Any) -> Any:
    return load_workbook(io.BytesIO(data), **how)


def colouring(book: Any, address: str) -> list[str]:
    rules = book[SHEET].conditional_formatting
    return [r.formula[0] for ranged in rules if str(ranged.sqref) == address for r in ranged.rules]


def test_that_the_remark_stands_at_the_cell_and_in_the_list() -> None:
    book = opened(handed_back(with_cells(FAULTY), note="请周五前改好", office="考核办"))
    address = cell(1, "report")
    assert "“九十五”不是数字" in book[SHEET][address].comment.text and "0～20" in book[SHEET][address].comment.text
    assert colouring(book, address) and colouring(book, cell(2, "duty"))
    assert book.active.title == REMARK_SHEET
    assert [s.title for s in book if s.sheet_view.tabSelected] == [REMARK_SHEET]  # else both would be typed into
    said = "\n".join(str(c.value) for row in book[REMARK_SHEET].iter_rows() for c in row if c.value)
    for text in (
        "【演练数据】",
        "评议人甲",
        "请周五前改好",
        "须改 2 处",
        address,
        "市晨光局",
        "九十五",
        "责任落实",
        "18.3",
    ):
        assert text in said
    links = {c.hyperlink.location for row in book[REMARK_SHEET].iter_rows() for c in row if c.hyperlink}
    assert links == {f"'{SHEET}'!{address}", f"'{SHEET}'!{cell(2, 'duty')}"}


def test_that_everything_the_form_needs_is_still_in_the_copy() -> None:
    given, back = opened(with_cells(FAULTY)), opened(handed_back(with_cells(FAULTY)))
    old, new = given[SHEET], back[SHEET]
    rules = [(str(r.sqref), r.type, r.formula1, r.error) for r in old.data_validations.dataValidation]
    assert [(str(r.sqref), r.type, r.formula1, r.error) for r in new.data_validations.dataValidation] == rules
    assert len(rules) == len(ITEMS)
    assert new.protection.sheet and not new[cell(1, "report")].protection.locked and new["C11"].protection.locked
    assert back["表格标识"].sheet_state == "veryHidden"
    assert back.custom_doc_props["SLK_ID"].value == given.custom_doc_props["SLK_ID"].value
    assert back.defined_names["SLK_ID"].value == given.defined_names["SLK_ID"].value
    assert new["A3"].value == old["A3"].value
    assert (new.print_title_rows, new.print_area, new.freeze_panes) == (
        old.print_title_rows,
        old.print_area,
        old.freeze_panes,
    )
    assert (new.page_setup.orientation, new.page_setup.paperSize) == ("landscape", old.page_setup.paperSize)
    assert "核对码" in new.oddFooter.left.text
    assert {c.coordinate: c.value for row in new for c in row} == {c.coordinate: c.value for row in old for c in row}
    kept = {str(r.sqref): [x.formula for x in r.rules] for r in old.conditional_formatting}
    assert kept.items() <= {str(r.sqref): [x.formula for x in r.rules] for r in new.conditional_formatting}.items()


def test_that_stored_results_of_formulas_are_still_in_the_copy() -> None:
    data = with_xml(
        {"F11": 't="str"><f>"九"&amp;"五"</f><v>九五</v>', "G11": "><f>3*6</f><v>18</v>", "H11": 't="e"><v>#DIV/0!</v>'}
    )
    copy = handed_back(data)
    stored = opened(copy, data_only=True)[SHEET]
    assert (stored["D11"].value, stored["E11"].value, stored["F11"].value, stored["G11"].value) == (0, 5, "九五", 18)
    assert scanned(copy).content == scanned(data).content
    assert colouring(opened(copy), "H11") == ['AND("退回"<>"",ISERROR(H11))']


def test_that_drop_downs_which_excel_keeps_in_an_extension_are_still_in_the_copy() -> None:
    x14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    xm = "http://schemas.microsoft.com/office/excel/2006/main"

    def moved(xml: str) -> str:
        """As Excel saves a list that lies on another sheet."""
        found = re.search(
            r"<dataValidation type=\"list\"(?P<words>[^>]*) sqref=\"(?P<at>J[^\"]*)\">.*?</dataValidation>", xml
        )
        assert found
        rule = (
            f'<x14:dataValidation type="list"{found["words"]}><x14:formula1><xm:f>表格标识!$F$1:$F$5</xm:f></x14:formula1>'
            f"<xm:sqref>{found['at']}</xm:sqref></x14:dataValidation>"
        )
        extension = (
            f'<extLst><ext xmlns:x14="{x14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}">'
            f'<x14:dataValidations xmlns:xm="{xm}" count="1">{rule}</x14:dataValidations></ext></extLst>'
        )
        return (
            xml.replace(found.group(0), "")
            .replace('count="5"', 'count="4"')
            .replace("</worksheet>", f"{extension}</worksheet>")
        )

    data = reworked(with_xml({"F11": 't="str"><v>九十五</v>'}), {SCORES: moved})
    assert errors(scanned(data))
    rules = {str(r.sqref): r for r in opened(handed_back(data))[SHEET].data_validations.dataValidation}
    assert len(rules) == len(ITEMS)
    assert rules["J11:J16"].formula1 == "表格标识!$F$1:$F$5" and rules["J11:J16"].showErrorMessage


def test_that_remarks_do_not_disturb_and_the_mended_copy_is_the_same_sheet() -> None:
    data = with_cells(FAULTY)
    first, copy = scanned(data), handed_back(data)
    again = scanned(copy)
    assert again.identity == first.identity and again.content == first.content and again.saved == first.saved
    assert [f.message for f in again.findings] == [f.message for f in first.findings]
    book = opened(copy)
    book[SHEET][cell(1, "report")], book[SHEET][cell(2, "duty")] = 18, 18.5
    buffer = io.BytesIO()
    book.save(buffer)
    mended = scanned(buffer.getvalue())
    assert mended.findings == () and mended.identity == first.identity
    assert values_of(mended)["D01"]["report"] == 1800 and values_of(mended)["D03"]["report"] == 1900


def test_that_a_second_handing_back_takes_the_remarks_of_the_first_away() -> None:
    book = opened(handed_back(with_cells(FAULTY)))
    book[SHEET][cell(1, "report")] = 18
    buffer = io.BytesIO()
    book.save(buffer)
    again = opened(handed_back(buffer.getvalue()))
    assert again[SHEET][cell(1, "report")].comment is None and not colouring(again, cell(1, "report"))
    assert again[SHEET][cell(2, "duty")].comment.text.count("【退回】") == 1
    assert len(colouring(again, cell(2, "duty"))) == 1
    assert again.sheetnames.count(REMARK_SHEET) == 1 and len(again.sheetnames) == 4


def test_that_a_note_of_the_evaluator_at_the_cell_is_kept() -> None:
    from openpyxl.comments import Comment

    def fill(book: Any) -> None:
        book[SHEET][cell(1, "report")] = "九十五"
        book[SHEET][cell(1, "report")].comment = Comment("会上这样说的", "评议人甲")

    data = edited(fill)
    text = opened(handed_back(data))[SHEET][cell(1, "report")].comment.text
    assert text.startswith("会上这样说的\n【退回】")
    twice = opened(handed_back(handed_back(data)))[SHEET][cell(1, "report")].comment.text
    assert twice.count("【退回】") == 1 and twice.startswith("会上这样说的")


def test_that_merged_cells_and_hidden_columns_carry_the_remark_where_it_is_seen() -> None:
    def merge(book: Any) -> None:
        book[SHEET][cell(1, "report")] = 18
        book[SHEET].merge_cells(f"{cell(1, 'report')}:{cell(2, 'report')}")

    data = edited(merge)
    sheet = opened(handed_back(data))[SHEET]
    assert "合并" in sheet[cell(1, "report")].comment.text
    hidden = HandBackRemark(cell=f"A{FIRST}", found="行里写的是别的单位。", step="请重新填写后重新导入。")
    copy = returned_copy("表.xlsx", blank(form()), back_of(scanned(blank(form())), remarks=(hidden,)))
    assert opened(copy)[SHEET][f"B{FIRST}"].comment is not None


def test_that_a_remark_on_the_whole_file_needs_no_cell() -> None:
    remark = HandBackRemark(found="整张表都是空白。", step="", must=True)
    copy = returned_copy("表.xlsx", blank(form()), back_of(scanned(blank(form())), sheet="", remarks=(remark,)))
    assert "整份表" in {c.value for row in opened(copy)[REMARK_SHEET].iter_rows() for c in row}


def test_that_a_step_is_said_to_somebody_who_imports_nothing() -> None:
    assert for_the_evaluator("请改填分数后重新导入。") == "请改填分数后交回。"
    assert for_the_evaluator("请重新填写这一格后再导入。") == "请重新填写这一格后交回。"
    assert for_the_evaluator("请填 0～20 的数字。") == "请填 0～20 的数字。"


@pytest.mark.parametrize("damage", ["xl/externalLinks/externalLink1.xml", "xl/vbaProject.bin"])
def test_that_what_the_preflight_refuses_is_never_opened(damage: str) -> None:
    buffer = io.BytesIO(with_cells(FAULTY))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(damage, b"<x/>")
    with pytest.raises(AppError) as refused:
        returned_copy("表.xlsx", buffer.getvalue(), back_of(scanned(with_cells(FAULTY))))
    assert refused.value.fault is Fault.XLS_ACTIVE
