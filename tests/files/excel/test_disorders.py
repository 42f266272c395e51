"""What people really do to score sheets: the table in docs/manual/score-sheet-disorders.md, a test for each line."""

from __future__ import annotations

import datetime
import io
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.domain.findings import Severity
from app.domain.quantities import MarkState
from app.files.excel import scan_bytes, workbook_paths
from app.files.excel.texts import column_letters
from tests.files.excel.workbooks import (
    ABSTAINED,
    BLANK,
    FIRST,
    NOT_APPLICABLE,
    RECUSED,
    SHEET,
    add_up,
    blank,
    cell,
    edited,
    errors,
    form,
    known,
    remark_at,
    scanned,
    values_of,
    with_cells,
    with_xml,
)


def taken(value: Any, item: str = "report") -> tuple[int, Severity | None]:
    """What a cell with this content counts as, and how grave the remark on it is."""
    reading = scanned(with_cells({cell(1, item): value}))
    remark = remark_at(reading, cell(1, item))
    assert add_up(reading)
    assert remark is None or (cell(1, item) in remark.place and "评分表" in remark.place and "表.xlsx" in remark.place)
    return values_of(reading)["D01"][item], remark.severity if remark else None


def refused(value: Any, item: str = "report") -> str:
    """The message with which a cell of this content is refused; it must say what to do."""
    reading = scanned(with_cells({cell(1, item): value}))
    remark = remark_at(reading, cell(1, item))
    assert remark is not None and remark.severity is Severity.ERROR and remark.step
    assert (0, form().items.index(next(i for i in form().items if i.id == item))) in reading.refused
    assert values_of(reading)["D01"][item] == BLANK and reading.counts.refused == 1 and add_up(reading)
    return remark.message


# ---- numbers


def test_that_a_plain_number_is_taken_without_a_word() -> None:
    assert taken(18.5) == (1850, None)
    assert taken(0) == (0, None)


def test_that_full_width_digits_are_taken_with_a_note() -> None:
    assert taken("１８．５") == (1850, Severity.NOTE)


def test_that_a_chinese_full_stop_as_decimal_point_is_taken_with_a_note() -> None:
    assert taken("18。5") == (1850, Severity.NOTE)


def test_that_blanks_around_a_number_are_taken_off_with_a_note() -> None:
    assert taken(" 18.5 　") == (1850, Severity.NOTE)


def test_that_a_number_with_the_word_points_is_taken_with_a_note() -> None:
    assert taken("18分") == (1800, Severity.NOTE)
    assert taken("１８．５ 分") == (1850, Severity.NOTE)


def test_that_a_number_stored_as_text_is_taken_with_a_note() -> None:
    assert taken("18.5") == (1850, Severity.NOTE)


def test_that_the_tail_left_by_binary_arithmetic_is_taken_off_with_a_note() -> None:
    assert taken(18.1 + 0.2 - 0.2 + 1e-14) == (1810, Severity.NOTE)


def test_that_more_decimals_than_allowed_are_refused() -> None:
    assert "小数超过 2 位" in refused(18.333)
    assert "小数超过 2 位" in refused("18.333")


def test_that_a_number_out_of_range_is_refused() -> None:
    assert "超过最高分 20" in refused(20.5)
    assert "低于最低分 0" in refused(-1)


def test_that_a_number_off_the_step_is_refused() -> None:
    assert "步长 0.5" in refused(10.25, "duty")
    assert taken(10.5, "duty") == (1050, None)


def test_that_a_number_not_among_the_allowed_is_refused() -> None:
    assert "不在可填的分值之内" in refused(4, "bonus")
    assert taken(3, "bonus") == (300, None)


@pytest.mark.parametrize("text", ["九十五", "95,5", "约18", "18-20", "1e5", "∞", "nan", "18..5"])
def test_that_a_text_that_is_no_number_is_refused(text: str) -> None:
    assert "不是数字" in refused(text)


# ---- words


@pytest.mark.parametrize(
    ("word", "packed", "severity"),
    [
        ("弃权", ABSTAINED, None),
        (" 弃 权 ", ABSTAINED, Severity.NOTE),
        ("缺考", ABSTAINED, Severity.NOTE),
        ("不适用", NOT_APPLICABLE, None),
        ("—", NOT_APPLICABLE, Severity.NOTE),
        ("－", NOT_APPLICABLE, Severity.NOTE),
        ("Ｎ／Ａ", NOT_APPLICABLE, Severity.NOTE),
        ("回避", RECUSED, None),
        ("未评", BLANK, None),
    ],
)
def test_that_the_words_for_marks_without_number_are_understood(
    word: str, packed: int, severity: Severity | None
) -> None:
    assert taken(word) == (packed, severity)


def test_that_an_office_may_have_its_own_words() -> None:
    chosen = form(words=(("免评", MarkState.NOT_APPLICABLE),))
    reading = scanned(with_cells({cell(1, "report"): "免评", cell(2, "report"): "弃权"}), chosen)
    assert values_of(reading)["D01"]["report"] == NOT_APPLICABLE
    assert remark_at(reading, cell(2, "report")) is not None and reading.counts.refused == 1


def test_that_a_cell_with_blanks_only_is_blank_with_a_note() -> None:
    assert taken(" 　 ") == (BLANK, Severity.NOTE)


def test_that_an_empty_cell_is_blank_and_not_zero() -> None:
    reading = scanned(blank(form()))
    assert values_of(reading)["D01"]["report"] == BLANK and not reading.findings
    assert reading.counts.blanks == 24 and reading.counts.numbers == 0


# ---- levels


def test_that_a_level_is_taken_by_its_name() -> None:
    assert taken("较好", "whole") == (1, None)
    assert taken("不了解", "whole") == (3, None)


def test_that_a_level_with_blanks_or_full_width_signs_is_taken_with_a_note() -> None:
    assert taken(" 较 好", "whole") == (1, Severity.NOTE)
    assert taken("ｇｏｏｄ", "whole") == (0, Severity.NOTE)


def test_that_a_level_that_is_not_there_is_refused() -> None:
    assert "不是可选的等级" in refused("优秀", "whole")


def test_that_a_number_in_a_level_column_is_refused() -> None:
    assert "应选等级" in refused(95, "whole")


# ---- cells that mislead


def test_that_a_logical_value_is_refused() -> None:
    assert "TRUE" in refused(True)


def test_that_a_number_turned_into_a_date_is_refused() -> None:
    assert "日期" in refused(datetime.date(2026, 9, 5))


def test_that_a_percent_cell_is_refused_because_nobody_can_say_what_was_meant() -> None:
    def fill(book: Any) -> None:
        book[SHEET][cell(1, "report")] = 0.95
        book[SHEET][cell(1, "report")].number_format = "0%"

    reading = scanned(edited(fill))
    remark = remark_at(reading, cell(1, "report"))
    assert remark is not None and remark.severity is Severity.ERROR and "95%" in remark.message


def test_that_a_percent_text_is_refused() -> None:
    assert "百分数" in refused("95%")


def test_that_an_error_value_is_refused_and_not_read_as_blank() -> None:
    data = with_xml({cell(1, "report"): 't="e"><v>#DIV/0!</v>'})
    remark = remark_at(scanned(data), cell(1, "report"))
    assert remark is not None and remark.severity is Severity.ERROR and "#DIV/0!" in remark.message


def test_that_a_formula_with_a_stored_result_is_taken_with_a_note() -> None:
    data = with_xml({cell(1, "report"): "><f>9+9.5</f><v>18.5</v>"})
    reading = scanned(data)
    remark = remark_at(reading, cell(1, "report"))
    assert values_of(reading)["D01"]["report"] == 1850
    assert remark is not None and remark.severity is Severity.NOTE and "=9+9.5" in remark.message


def test_that_a_formula_without_a_stored_result_is_refused_and_not_read_as_blank() -> None:
    reading = scanned(with_cells({cell(1, "report"): "=9+9.5"}))
    remark = remark_at(reading, cell(1, "report"))
    assert remark is not None and remark.code == "E-XLS-11" and remark.severity is Severity.ERROR


def test_that_merged_score_cells_keep_the_first_and_refuse_the_covered_ones() -> None:
    def merge(book: Any) -> None:
        book[SHEET][cell(1, "report")] = 18
        book[SHEET].merge_cells(f"{cell(1, 'report')}:{cell(2, 'report')}")

    reading = scanned(edited(merge))
    first, second = remark_at(reading, cell(1, "report")), remark_at(reading, cell(2, "report"))
    assert values_of(reading)["D01"]["report"] == 1800 and (1, 0) in reading.refused
    assert first is not None and first.severity is Severity.WARNING
    assert second is not None and second.severity is Severity.ERROR and "合并" in second.message


def test_that_a_score_in_a_closed_cell_is_not_used_and_said_so() -> None:
    reading = scanned(with_cells({cell(4, "report"): 15, cell(5, "style"): 60}))
    assert values_of(reading)["D04"]["report"] == RECUSED and values_of(reading)["D05"]["style"] == NOT_APPLICABLE
    said = [remark_at(reading, a) for a in (cell(4, "report"), cell(5, "style"))]
    assert all(r is not None and r.severity is Severity.WARNING and "没有采用" in r.message for r in said)


# ---- rows, columns, sheets moved about


def filled_book() -> Any:
    """An openpyxl workbook in which unit n has n points for the report and 2n for style."""
    book = load_workbook(io.BytesIO(blank(form())))
    for n in (1, 2, 3, 6):
        book[SHEET][cell(n, "report")] = n
        if n != 5:
            book[SHEET][cell(n, "style")] = 2 * n
    return book


def read_back(book: Any) -> dict[str, dict[str, int]]:
    buffer = io.BytesIO()
    book.save(buffer)
    reading = scanned(buffer.getvalue())
    assert not errors(reading), errors(reading)
    return values_of(reading)


def expect_all(values: dict[str, dict[str, int]]) -> None:
    for n in (1, 2, 3, 6):
        assert values[f"D0{n}"]["report"] == 100 * n and values[f"D0{n}"]["style"] == 20 * n


def test_that_inserted_rows_and_columns_do_no_harm() -> None:
    book = filled_book()
    book[SHEET].insert_rows(FIRST + 2)
    book[SHEET].insert_rows(1, 2)
    book[SHEET].insert_cols(7)
    expect_all(read_back(book))


def test_that_sorted_rows_find_their_units() -> None:
    book = filled_book()
    sheet = book[SHEET]
    rows = [[sheet.cell(FIRST + r, c).value for c in range(1, 11)] for r in range(6)]
    for r, row in enumerate(reversed(rows)):
        for c, value in enumerate(row, 1):
            sheet.cell(FIRST + r, c).value = value
    expect_all(read_back(book))


def test_that_moved_columns_find_their_items() -> None:
    book = filled_book()
    sheet = book[SHEET]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    for row in range(1, FIRST + 6):
        left, right = sheet.cell(row, 6), sheet.cell(row, 8)
        left.value, right.value = right.value, left.value
    expect_all(read_back(book))


def test_that_hidden_rows_columns_and_renamed_sheets_do_no_harm() -> None:
    book = filled_book()
    book[SHEET].column_dimensions["G"].hidden = True
    book[SHEET].row_dimensions[FIRST + 1].hidden = True
    book[SHEET].title = "张三打分"
    expect_all(read_back(book))


def test_that_a_sheet_without_hidden_ids_is_read_by_names() -> None:
    book = filled_book()
    for row in range(1, FIRST + 8):
        book[SHEET].cell(row, 1).value = None
    for column in range(1, 12):
        book[SHEET].cell(3, column).value = None
    expect_all(read_back(book))


def test_that_sorting_only_part_of_the_columns_is_noticed() -> None:
    book = filled_book()
    sheet = book[SHEET]
    names = [sheet.cell(FIRST + r, 3).value for r in range(6)]
    for r, name in enumerate(reversed(names)):
        sheet.cell(FIRST + r, 3).value = name
    buffer = io.BytesIO()
    book.save(buffer)
    reading = scanned(buffer.getvalue())
    assert reading.counts.refused == 30 and add_up(reading)
    assert all("排了序" in f.message for f in errors(reading))


def test_that_a_renamed_unit_is_read_by_its_hidden_code_with_a_warning() -> None:
    reading = scanned(with_cells({f"C{FIRST}": "市晨光局（新）", cell(1, "report"): 18}))
    assert values_of(reading)["D01"]["report"] == 1800
    assert [f.severity for f in reading.findings] == [Severity.WARNING]


def test_that_a_deleted_row_refuses_its_unit_and_no_other() -> None:
    book = filled_book()
    book[SHEET].delete_rows(FIRST + 1)
    buffer = io.BytesIO()
    book.save(buffer)
    reading = scanned(buffer.getvalue())
    assert {u for u, _ in reading.refused} == {1} and values_of(reading)["D06"]["report"] == 600
    assert ["市远山局" in f.message for f in errors(reading)] == [True] and add_up(reading)


def test_that_a_unit_standing_twice_is_taken_only_when_both_say_the_same() -> None:
    def twice(other: int) -> Any:
        def change(book: Any) -> None:
            for column, value in ((1, "D01"), (3, "市晨光局"), (6, other)):
                book[SHEET].cell(FIRST + 9, column).value = value
            book[SHEET][cell(1, "report")] = 18

        return change

    same, different = scanned(edited(twice(18))), scanned(edited(twice(15)))
    assert values_of(same)["D01"]["report"] == 1800 and not errors(same)
    assert {u for u, _ in different.refused} == {0} and "两行" in errors(different)[0].message


def test_that_scores_in_a_line_of_nobody_are_reported() -> None:
    reading = scanned(with_cells({f"F{FIRST + 10}": 17}))
    assert [f.severity for f in reading.findings] == [Severity.WARNING] and str(FIRST + 10) in reading.findings[
        0
    ].message


def test_that_a_copied_sheet_in_the_same_file_is_refused_when_it_says_something_else() -> None:
    def copy(value: int) -> Any:
        def change(book: Any) -> None:
            book[SHEET][cell(1, "report")] = 18
            book.copy_worksheet(book[SHEET])[cell(1, "report")] = value

        return change

    same, different = scanned(edited(copy(18))), scanned(edited(copy(15)))
    assert values_of(same)["D01"]["report"] == 1800
    assert not different.accepted and "两张内容不同" in different.findings[0].message


# ---- files


def test_that_owner_files_of_excel_and_wps_are_skipped(awkward_folder: Path) -> None:
    below = awkward_folder / "收回 表#1"
    below.mkdir()
    for name in ("~$表.xlsx", ".~表.xlsx", "表.xlsx", "说明.txt", "旧表.xls", "表.ET"):
        (below / name).write_bytes(b"x")
    assert [p.name for p in workbook_paths([awkward_folder])] == ["旧表.xls", "表.ET", "表.xlsx"]


def test_that_the_file_name_proves_nothing() -> None:
    data = with_cells({cell(1, "report"): 18})
    reading = scan_bytes("李四 最终版(2).xlsx", data, known(form()))
    assert reading.identity is not None and reading.identity.evaluator == "E001"
    assert values_of(reading)["D01"]["report"] == 1800


def test_that_words_beside_and_below_the_table_are_named_and_change_no_mark() -> None:
    reading = scanned(with_cells({"T5": "这家不错", "C60": "建议明年早些发表", cell(1, "report"): 18}))
    told = [f for f in reading.findings if "表外" in f.message]
    assert len(told) == 1 and told[0].severity is Severity.WARNING and told[0].step
    assert "T5、C60" in told[0].message and "这家不错" in told[0].message
    assert values_of(reading)["D01"]["report"] == 1800 and add_up(reading)
    assert not any("表外" in f.message for f in scanned(with_cells({cell(1, "report"): 18})).findings)


def test_that_the_address_of_every_mark_is_kept() -> None:
    reading = scanned(blank(form()))
    assert reading.block is not None and reading.block.origin is not None
    assert reading.block.origin.rows == tuple(range(FIRST, FIRST + 6)) and reading.block.origin.columns == tuple(
        "FGHIJ"
    )
    assert reading.block.origin.sha256 == reading.sha256 and column_letters(5) == "F"


def test_that_the_manual_lists_every_test_here() -> None:
    page = (Path(__file__).parents[3] / "docs/manual/score-sheet-disorders.md").read_text(encoding="utf-8")
    source = Path(__file__).read_text(encoding="utf-8")
    named = set(re.findall(r"test_that_[a-z_0-9]+", page))
    written = set(re.findall(r"def (test_that_[a-z_0-9]+)", source)) - {"test_that_the_manual_lists_every_test_here"}
    assert named == written
