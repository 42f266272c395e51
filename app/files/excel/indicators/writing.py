"""The tree of a scheme as a workbook for the file cabinet; read as an indicator table, it comes back whole."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from app.domain.quantities import number_text
from app.domain.scheme_words import choice_word
from app.domain.schemes import Item, Node, Part, Scheme, full_points, walk
from app.files.excel.styles import BODY_FONT, FIXED_DATE, HEAD_FILL, HEAD_FONT, LINE_COLOUR, TITLE_FONT
from app.files.excel.texts import clean
from app.files.saving.whole import write_whole

_LEVELS = ("一级指标", "二级指标", "三级指标", "四级指标", "五级指标", "六级指标")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line. depth: the column of its name; own: it is a node, whose children follow below."""

    part: Part
    depth: int
    own: bool


def write_indicators(scheme: Scheme, path: Path) -> None:
    """Write the tree of the scheme. Raises a named AppError."""
    write_whole(path, indicator_bytes(scheme))


def indicator_bytes(scheme: Scheme) -> bytes:
    """The workbook; the same scheme gives the same bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": scheme.name, "author": "三联考评", "created": FIXED_DATE})
    _Page(book, scheme).write()
    book.close()
    return buffer.getvalue()


class _Page:
    def __init__(self, book: Any, scheme: Scheme) -> None:
        self.scheme = scheme
        self.rows = list(_rows(scheme.tree, 0))
        self.depth = max((r.depth for r in self.rows), default=0) + 1
        self.weights = any(p.weight is not None for p in walk(scheme.tree))
        self.on_top = any(p.on_top for p in walk(scheme.tree))
        self.sheet: Any = book.add_worksheet("指标表")
        boxed = {"border": 1, "border_color": LINE_COLOUR, "valign": "vcenter", "text_wrap": True, "font_size": 11}
        self.head = book.add_format(boxed | {"font_name": HEAD_FONT, "bg_color": HEAD_FILL, "align": "center"})
        self.text = book.add_format(boxed | {"font_name": BODY_FONT, "num_format": "@"})
        self.number = book.add_format(boxed | {"font_name": BODY_FONT, "align": "center"})
        self.title = book.add_format({"font_name": TITLE_FONT, "font_size": 18, "align": "center", "valign": "vcenter"})
        self.small = book.add_format({"font_name": BODY_FONT, "font_size": 10, "text_wrap": True, "valign": "vcenter"})

    def columns(self) -> list[str]:
        names = [_LEVELS[n] if n < len(_LEVELS) else f"{n + 1}级指标" for n in range(self.depth)]
        extra = [*(["权重"] if self.weights else []), *(["另加"] if self.on_top else [])]
        return [*names, "分值", *extra, "评分标准", "怎样计分"]

    def write(self) -> None:
        columns = self.columns()
        last = len(columns) - 1
        mark = "（演练数据）" if self.scheme.practice else ""
        self.sheet.merge_range(0, 0, 0, last, f"{self.scheme.name}{mark}", self.title)
        told = f"{self.scheme.year} 年度　{self.scheme.level_name or self.scheme.level}　依据：{self.scheme.source}"
        self.sheet.merge_range(1, 0, 1, last, clean(told), self.small)
        for column, name in enumerate(columns):
            self.sheet.write_string(2, column, name, self.head)
        for n, row in enumerate(self.rows):
            self._line(3 + n, row, columns)
        self._merge_names()
        end = 3 + len(self.rows)
        self.sheet.write_string(end, 0, "合计", self.text)
        for column in range(1, last + 1):
            self.sheet.write_blank(end, column, None, self.text)
        self._number(end, self.depth, full_points(self.scheme.tree))
        self._look(columns)

    def _line(self, at: int, row: _Row, columns: list[str]) -> None:
        part = row.part
        for column in range(len(columns)):
            self.sheet.write_blank(at, column, None, self.text)
        if part.name:
            self.sheet.write_string(at, row.depth, clean(part.name), self.text)
        self._number(at, self.depth, part.points)
        if self.weights:
            self._number(at, columns.index("权重"), part.weight)
        if part.on_top:
            self.sheet.write_string(at, columns.index("另加"), "是", self.number)
        if part.note:
            self.sheet.write_string(at, columns.index("评分标准"), clean(part.note), self.text)
        source = choice_word(type(part.source), "kind", part.source.kind) if isinstance(part, Item) else ""
        if source:
            self.sheet.write_string(at, len(columns) - 1, source, self.text)

    def _number(self, row: int, column: int, value: Fraction | None) -> None:
        if value is None:
            return
        whole = value * 1_000_000
        if whole.denominator == 1 and abs(whole) < 10**15:
            self.sheet.write_number(row, column, value.numerator / value.denominator, self.number)
        else:
            self.sheet.write_string(row, column, number_text(value), self.number)

    def _merge_names(self) -> None:
        """A node's name stands once beside all lines of its branch."""
        for n, row in enumerate(self.rows):
            if not row.own:
                continue
            last = n + len([p for p in walk(row.part)]) - 1
            if last > n:
                text = clean(row.part.name)
                self.sheet.merge_range(3 + n, row.depth, 3 + last, row.depth, text, self.text)

    def _look(self, columns: list[str]) -> None:
        widths = {"分值": 8, "权重": 8, "另加": 7, "评分标准": 60, "怎样计分": 14}
        for column, name in enumerate(columns):
            self.sheet.set_column(column, column, widths.get(name, 22))
        self.sheet.set_row(0, 32)
        self.sheet.freeze_panes(3, 0)
        self.sheet.repeat_rows(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&C&9第 &P 页 共 &N 页")


def _rows(node: Node, depth: int) -> Iterator[_Row]:
    for child in node.children:
        yield _Row(child, depth, isinstance(child, Node))
        if isinstance(child, Node):
            yield from _rows(child, depth + 1)
