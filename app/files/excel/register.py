"""Writes the register workbook, filled or as an empty template."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.domain.sheets import Register
from app.files.excel.register_columns import (
    ASSIGNMENTS,
    COLUMNS,
    EVALUATORS,
    PARTICIPATION_NAMES,
    UNITS,
    register_texts,
)
from app.files.excel.styles import BODY_FONT, FIXED_DATE, HEAD_FILL, HEAD_FONT, LINE_COLOUR, TITLE_FONT
from app.files.excel.texts import clean
from app.files.saving.whole import write_whole

Row = tuple[str | int, ...]
_GUIDES = {
    UNITS: "每个考核对象一行。层级填方案里的层级代号；上级填上一级单位的编码；标签之间用顿号；排序号决定名单的先后。"
    "起始日期是参评状态自何日起；同时向几家报告的，其余的填在其他上级；关联写成“单位编码=名称”。",
    EVALUATORS: "每位评议人一行。单位填本人所在单位的编码；角色要与方案分组中的角色一致；分管填单位编码，多个之间用顿号。"
    "其他关系写成“单位编码=关系”。",
    ASSIGNMENTS: "只在需要时填：填了的评议人在该方案中只评所列单位；组别可不填，填了就按这个组计算。",
}
_WIDTHS = {
    UNITS: (12, 34, 14, 18, 14, 12, 9, 14, 28, 20, 13, 16, 24),
    EVALUATORS: (12, 16, 12, 18, 9, 30, 30),
    ASSIGNMENTS: (14, 16, 60, 16),
}
_SPARE_ROWS = 200  # empty lines that are ready to be filled in


def write_register(register: Register, path: Path) -> None:
    """Write the register as a workbook that read_register reads back whole. Raises a named AppError."""
    write_whole(path, register_bytes(register))


def write_register_template(path: Path) -> None:
    """Write an empty register workbook to fill in. Raises a named AppError."""
    write_whole(path, register_bytes(Register()))


def register_bytes(register: Register) -> bytes:
    """The workbook; the same register gives the same bytes."""
    import xlsxwriter  # slow to load

    buffer = io.BytesIO()
    book: Any = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "名册", "author": "三联考评", "created": FIXED_DATE})
    for table, values in zip(COLUMNS, (register.units, register.evaluators, register.assignments), strict=True):
        _write_table(book, table, COLUMNS[table], [_row(register_texts(value)) for value in values])
    book.close()
    return buffer.getvalue()


def _row(texts: dict[str, str]) -> Row:
    """The texts of a line; the order is a number."""
    return tuple(int(text) if column == "排序号" else text for column, text in texts.items())


def _write_table(book: Any, title: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    sheet = book.add_worksheet(title)
    boxed = {"border": 1, "border_color": LINE_COLOUR, "valign": "vcenter", "font_size": 11}
    head = book.add_format(boxed | {"font_name": HEAD_FONT, "bg_color": HEAD_FILL, "align": "center"})
    text = book.add_format(boxed | {"font_name": BODY_FONT, "num_format": "@", "text_wrap": True})
    number = book.add_format(boxed | {"font_name": BODY_FONT, "num_format": "0", "align": "center"})
    guide = book.add_format({"font_name": BODY_FONT, "font_size": 10, "text_wrap": True, "valign": "vcenter"})
    last = len(columns) - 1
    for column, width in enumerate(_WIDTHS[title]):
        sheet.set_column(column, column, width)
    name = book.add_format({"font_name": TITLE_FONT, "font_size": 18, "align": "center", "valign": "vcenter"})
    sheet.merge_range(0, 0, 0, last, f"名册：{title}", name)
    sheet.merge_range(1, 0, 1, last, _GUIDES[title], guide)
    sheet.set_row(0, 32)
    sheet.set_row(1, 34)
    sheet.set_row(2, 22)
    for column, label in enumerate(columns):
        sheet.write_string(2, column, label, head)
    end = 3
    for row in rows:
        for column, value in enumerate(row):
            _write_cell(sheet, end, column, value, number if isinstance(value, int) else text)
        end += 1
    for row in range(end, end + (_SPARE_ROWS if end == 3 else 0)):
        for column, label in enumerate(columns):
            sheet.write_blank(row, column, None, number if label == "排序号" else text)
    if "参评状态" in columns:
        column = columns.index("参评状态")
        choices = {"validate": "list", "source": list(PARTICIPATION_NAMES.values())}
        sheet.data_validation(3, column, max(end, 3) + _SPARE_ROWS, column, choices)
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&9第 &P 页 共 &N 页")


def _write_cell(sheet: Any, row: int, column: int, value: str | int, style: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(row, column, value, style)
    elif value:
        sheet.write_string(row, column, clean(value), style)
    else:
        sheet.write_blank(row, column, None, style)
