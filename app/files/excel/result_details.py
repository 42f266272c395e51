"""The detail of a level: every unit by every part of the tree and every measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.domain.quantities import number_text
from app.domain.schemes import Item, Node, Part, full_points
from app.files.excel.result_page import Level, Pages, merge, number_writer, row_height
from app.files.excel.texts import clean, display_width

_FIXED = 3  # 序号, 单位, 系列


@dataclass(frozen=True, slots=True)
class _Head:
    """A head cell: text over columns first..last (counted from the first part), rows top..bottom."""

    text: str
    top: int
    bottom: int
    first: int
    last: int


class _Columns:
    """The tree laid flat: children first, then the subtotal of their node."""

    def __init__(self, root: Node, measures: tuple[Item, ...]) -> None:
        self.ids: list[str] = []
        self.heads: list[_Head] = []
        self.depth = _depth(root)
        self._place(root, 0)
        if measures:
            first = len(self.ids)
            for measure in measures:
                self._leaf(measure.id, _label(measure), 1)
            self.heads.append(_Head("另计", 0, 0, first, len(self.ids) - 1))

    def _leaf(self, part: str, label: str, top: int) -> None:
        self.heads.append(_Head(label, min(top, self.depth - 1), self.depth - 1, len(self.ids), len(self.ids)))
        self.ids.append(part)

    def _place(self, part: Part, top: int) -> None:
        if isinstance(part, Item):
            self._leaf(part.id, _label(part), top)
            return
        first = len(self.ids)
        for child in part.children:
            self._place(child, top + 1)
        self._leaf(part.id, "总分" if top == 0 else "小计", top + 1)
        self.heads.append(_Head(_label(part), top, top, first, len(self.ids) - 1))


def _depth(part: Part) -> int:
    return 1 + max((_depth(c) for c in part.children), default=0) if isinstance(part, Node) else 1


def _label(part: Part) -> str:
    points = full_points(part)
    return part.name + (f"（{number_text(points)}）" if points is not None else "")


def write_details(pages: Pages, level: Level) -> None:
    """Write the page of this level."""
    _, sheet = pages.add(f"{level.label}明细", f"{level.label}：每个单位在每个指标上的得分")
    columns = _Columns(level.scheme.tree, level.scheme.measures)
    last = _FIXED + len(columns.ids) - 1
    top = pages.heading(sheet, f"{pages.book.year}年度{level.subject}得分明细表", min(last, 24), "单位：分")
    first = top + columns.depth
    width = 8.5 if len(columns.ids) > 20 else 11.0
    for column, size in enumerate((6.0, 28.0, 12.0)):
        sheet.set_column(column, column, size)
    sheet.set_column(_FIXED, last, width)
    for column, label in enumerate(("序号", "单位", "系列")):
        merge(sheet, top, column, first - 1, column, label, pages.styles.head)
    for head in columns.heads:
        area = (top + head.top, _FIXED + head.first, top + head.bottom, _FIXED + head.last)
        merge(sheet, *area, clean(head.text), pages.styles.head)
    for row in range(columns.depth):
        texts = [(h.text, width * (h.last - h.first + 1)) for h in columns.heads if h.top == h.bottom == row]
        sheet.set_row(top + row, row_height(texts, 20))
    names = [h.text for h in columns.heads if h.first == h.last and h.bottom == columns.depth - 1]
    lines = max((-(-display_width(n) // int(width - 1)) for n in names), default=1)
    sheet.set_row(first - 1, min(150.0, 14.0 * lines + 6))
    end = _write_units(pages, sheet, level, columns.ids, first)
    sheet.freeze_panes(first, _FIXED)
    pages.finish(sheet, end, last, (top, first - 1), level.scheme.id)


def _write_units(pages: Pages, page: Any, level: Level, ids: list[str], row: int) -> int:
    """The lines, series after series; gives the last row."""
    styles, shown = pages.styles, level.shown
    figure = styles.figure(shown.digits)
    number, scale = number_writer(page), 10**shown.digits
    for series in level.result.series:
        for place, code in enumerate(series.order, 1):
            parts = level.result.units[code].parts
            number(row, 0, place, styles.whole)
            page.write_string(row, 1, clean(pages.unit_name(code)), styles.name)
            page.write_string(row, 2, clean(series.series) or "—", styles.word)
            for column, part in enumerate(ids, _FIXED):
                quantity = parts.get(part)
                value = None if quantity is None else quantity.value
                if value is None:
                    pages.write_quantity(page, row, column, quantity, shown)
                else:
                    above, below = value.as_integer_ratio()
                    number(row, column, pages.number(value, shown) if scale % below else above / below, figure)
            row += 1
    return row - 1
