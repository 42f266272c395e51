"""Tables with a head of named columns: written, filled in by other programs, read back as exact texts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from app.domain.errors import AppError
from app.files.excel.named_table import read_named_table, write_named_table

COLUMNS = (("编码", 10), ("数值", 10), ("说明", 20))


def saved(path: Path, *rows: list[object], title: str = "表") -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].title = title
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def test_that_a_written_table_comes_back_as_exact_texts(awkward_folder: Path) -> None:
    path = awkward_folder / "表.xlsx"
    rows = [("A", Fraction("0.1"), "=1+1"), ("007", Fraction(1, 3), ""), ("丙", Fraction(-5), "长" * 300)]
    write_named_table(path, "数值", "怎样填", COLUMNS, rows)
    read = read_named_table(path, ("编码",))
    assert read.findings == ()
    assert read.columns == ("编码", "数值", "说明")
    assert [tuple(row.texts.values()) for row in read.rows] == [
        ("A", "0.1", "=1+1"),
        ("007", "1/3", ""),
        ("丙", "-5", "长" * 300),
    ]
    assert read.rows[0].places["数值"] == "表.xlsx › 数值 › B4"
    assert len(read.sha256) == 64


def test_that_the_same_table_gives_the_same_bytes(awkward_folder: Path) -> None:
    one, two = awkward_folder / "一.xlsx", awkward_folder / "二.xlsx"
    for path in (one, two):
        write_named_table(path, "数值", "怎样填", COLUMNS, [("A", Fraction(1), "")])
    assert one.read_bytes() == two.read_bytes()


def test_that_cells_of_other_programs_are_read_for_what_they_mean(awkward_folder: Path) -> None:
    path = saved(
        awkward_folder / "表.xlsx",
        ["某市"],
        ["编 码", "数值", "日期", None, "是否"],
        ["Ａ１", 92.1, date(2026, 3, 1), "无头", True],
        [None, None, None, "只有这里", None],
        [12.0, " ９ ", "2026-3-1", None, False],
    )
    read = read_named_table(path, ("编码", "数值"))
    assert [row.texts for row in read.rows] == [
        {"编 码": "A1", "数值": "92.1", "日期": "2026-03-01", "是否": "是"},
        {"编 码": "12", "数值": "9", "日期": "2026-3-1", "是否": "否"},
    ]


def test_that_the_sheet_with_the_head_is_found_among_others(awkward_folder: Path) -> None:
    path = saved(awkward_folder / "表.xlsx", ["说明"], title="封面")
    book = openpyxl.load_workbook(path)
    book.create_sheet("数据").append(["编码"])
    book["数据"].append(["A"])
    book.save(path)
    read = read_named_table(path, ("编码",))
    assert [row.places["编码"] for row in read.rows] == ["表.xlsx › 数据 › A2"]


def test_that_an_error_and_an_uncalculated_formula_are_named_with_their_cells(awkward_folder: Path) -> None:
    path = saved(awkward_folder / "表.xlsx", ["编码", "数值"], ["A", "#DIV/0!"], ["B", "=1+1"])
    read = read_named_table(path, ("编码",))
    assert [(f.place, f.message) for f in read.findings] == [
        ("表.xlsx › 表 › B2", "单元格是错误值。"),
        ("表.xlsx › 表 › B3", "单元格是公式，但没有保存计算结果。"),
    ]
    assert [row.texts["数值"] for row in read.rows] == ["", ""]


def test_that_two_columns_of_one_name_are_refused(awkward_folder: Path) -> None:
    path = saved(awkward_folder / "表.xlsx", ["编码", "数值", "数 值"], ["A", 1, 2])
    [finding] = read_named_table(path, ("编码",)).findings
    assert finding.place.endswith("C1")


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04broken"])
def test_that_what_is_no_workbook_is_a_finding(awkward_folder: Path, content: bytes) -> None:
    path = awkward_folder / "坏.xlsx"
    path.write_bytes(content)
    read = read_named_table(path, ("编码",))
    assert read.rows == ()
    assert read.findings[0].code.startswith("E-XLS-")


def test_that_a_missing_head_and_a_missing_file_are_findings(awkward_folder: Path) -> None:
    path = saved(awkward_folder / "表.xlsx", ["名称"], ["A"])
    assert "找不到表头" in read_named_table(path, ("编码",)).findings[0].message
    assert read_named_table(awkward_folder / "没有.xlsx", ("编码",)).findings[0].code == "E-FILE-01"


def test_that_writing_onto_a_folder_is_a_named_error(awkward_folder: Path) -> None:
    with pytest.raises(AppError):
        write_named_table(awkward_folder, "数值", "", COLUMNS, [])
