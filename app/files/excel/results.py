"""The result workbook: everything an office prints, signs and files, from one result book."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from app.domain.sheets import ResultBook
from app.files.excel.result_charts import write_charts
from app.files.excel.result_details import write_details
from app.files.excel.result_page import Pages, Styles, levels_of
from app.files.excel.result_records import (
    write_adjustments,
    write_contents,
    write_events,
    write_hand_changes,
    write_methods,
    write_votes,
)
from app.files.excel.result_summary import write_all
from app.files.excel.styles import FIXED_DATE
from app.files.excel.texts import clean
from app.files.saving.whole import write_whole


def write_result_workbook(book: ResultBook, path: Path) -> None:
    """Write the workbook whole or not at all. Raises a named AppError."""
    write_whole(path, result_bytes(book))


def result_bytes(book: ResultBook) -> bytes:
    """The workbook; the same book gives the same bytes."""
    import xlsxwriter  # slow to load

    buffer = io.BytesIO()
    workbook: Any = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    workbook.set_properties(
        {
            "title": clean(book.title or f"{book.year}年度考核结果"),
            "author": "三联考评",
            "comments": "演练数据" if book.practice else "",
            "created": FIXED_DATE,
        }
    )
    pages = Pages(book, workbook, Styles(workbook), {u.code: u for u in book.facts.units})
    levels = levels_of(book)
    pages.taken.add("目录")
    contents = workbook.add_worksheet("目录")
    summaries = write_all(pages, list(reversed(levels)))  # people look at the highest level first
    for level in reversed(levels):
        write_details(pages, level)
    write_adjustments(pages, levels)
    write_votes(pages, levels)
    write_events(pages, levels)
    write_hand_changes(pages, levels)
    write_charts(pages, summaries)
    write_methods(pages, levels)
    write_contents(pages, contents, levels)
    workbook.close()
    return buffer.getvalue()
