"""The master of a hand-out workbook: the score sheet, 填写说明, and the hidden sheet with identity and lists."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.domain.quantities import MarkState, number_text
from app.domain.sheets import FormItem, SheetForm
from app.files.excel import layout as at
from app.files.excel.instructions import write_instructions
from app.files.excel.layout import Layout, limits_text, plan
from app.files.excel.strangers import SIGNATURE
from app.files.excel.styles import FIXED_DATE, HandoutStyles
from app.files.excel.texts import clean, column_letters, lines_needed, subject_of

# Tokens that stamping replaces in each copy; FOOT: with & doubled, as a footer wants it; NAME_QUOTED: inside a formula.
IDENTITY, IDENTITY_QUOTED, WHO, SHEET, FOOT = (
    "SLK-TOKEN-IDENTITY",
    "SLK-TOKEN-QUOTED",
    "SLK-TOKEN-WHO",
    "SLK-TOKEN-SHEET",
    "SLK-TOKEN-FOOT",
)
TOKENS = (IDENTITY, IDENTITY_QUOTED, WHO, SHEET, FOOT)
IDENTITY_NAME = "SLK_ID"
SCORE_SHEET, GUIDE_SHEET, HIDDEN_SHEET = "评分表", "填写说明", "表格标识"
WORD_IN_LISTS = "弃权"
_OPEN_END = Fraction(10**9)
_LIST_COLUMN = 3  # in the hidden sheet: lists from column D on, each with its points in the next column


@dataclass(frozen=True, slots=True)
class _List:
    """Choices of one kind and where they stand in the hidden sheet."""

    choices: tuple[tuple[str | float, float | None], ...]
    source: str
    points: str


def build_master(form: SheetForm) -> bytes:
    """The workbook of this form with tokens where evaluator and identity belong."""
    import xlsxwriter  # slow to load, and not needed where sheets are only read

    from app.files.excel.fast_sheet import FastSheet

    buffer = io.BytesIO()
    book: Any = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {
            "title": clean(f"{form.identity.year}年度{subject_of(form.scheme_name)}评分表"),
            "author": "三联考评",
            "comments": "演练数据" if form.practice else "",
            "created": FIXED_DATE,
        }
    )
    styles = HandoutStyles(book)
    sheet = book.add_worksheet(SCORE_SHEET, FastSheet)
    guide = book.add_worksheet(GUIDE_SHEET)
    hidden = book.add_worksheet(HIDDEN_SHEET)
    lists = _write_lists(hidden, form)
    placed = plan(form)
    _ScoreSheet(sheet, form, placed, styles, lists).write()
    write_instructions(guide, form, styles, SHEET, WHO)
    _write_identity(book, sheet, hidden)
    _set_up_page(sheet, form, placed)
    sheet.activate()
    book.close()
    return buffer.getvalue()


def _write_identity(book: Any, sheet: Any, hidden: Any) -> None:
    # Texts with tokens come last: then they stand at the end of the shared strings, and little is compressed anew.
    sheet.write_string(at.INFO_ROW, at.NUMBER_COLUMN, f"评议人：{WHO}")
    sheet.write_string(at.ID_ROW, at.CODE_COLUMN, IDENTITY)
    hidden.write_string(0, 0, IDENTITY)
    hidden.very_hidden()
    hidden.protect()
    book.set_custom_property(IDENTITY_NAME, IDENTITY, "text")
    book.define_name(IDENTITY_NAME, f'="{IDENTITY_QUOTED}"')


def _write_lists(hidden: Any, form: SheetForm) -> dict[tuple[tuple[str | float, float | None], ...], _List]:
    lists: dict[tuple[tuple[str | float, float | None], ...], _List] = {}
    words = [w for w, state in form.words if state is not MarkState.BLANK]
    hidden.write_column(0, _LIST_COLUMN - 1, words)
    for item in form.items:
        choices = _choices(item)
        if not choices or choices in lists:
            continue
        column = _LIST_COLUMN + 2 * len(lists)
        for row, (choice, points) in enumerate(choices):
            if isinstance(choice, str):
                hidden.write_string(row, column, choice)
            else:
                hidden.write_number(row, column, choice)
            if points is not None:
                hidden.write_number(row, column + 1, points)
        end = len(choices)
        name, beside = column_letters(column), column_letters(column + 1)
        lists[choices] = _List(
            choices, f"{HIDDEN_SHEET}!${name}$1:${name}${end}", f"{HIDDEN_SHEET}!${beside}$1:${beside}${end}"
        )
    return lists


def _choices(item: FormItem) -> tuple[tuple[str | float, float | None], ...]:
    if item.levels:
        found = [(clean(v.name), None if v.points is None else float(v.points)) for v in item.levels]
    elif item.allowed:
        found = [(float(a), float(a)) for a in item.allowed]
    else:
        return ()
    return (*found, (WORD_IN_LISTS, None))


class _ScoreSheet:
    """Writes the score sheet; one object so that its parts need not hand five things to each other."""

    def __init__(self, sheet: Any, form: SheetForm, placed: Layout, styles: HandoutStyles, lists: Any) -> None:
        self.sheet = sheet
        self.form = form
        self.placed = placed
        self.styles = styles
        self.lists = lists
        self.last_row = placed.first + len(form.units) - 1
        self.first_letter = column_letters(at.ITEM_COLUMN)
        self.last_letter = column_letters(placed.last_column)
        self.words = f"{HIDDEN_SHEET}!$C$1:$C${sum(s is not MarkState.BLANK for _, s in form.words)}"

    def write(self) -> None:
        self._columns()
        self._top()
        self._heads()
        self._units()
        self._signature()
        self._rules()
        self._colours()
        self.sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})

    def _columns(self) -> None:
        sheet = self.sheet
        sheet.set_column(at.CODE_COLUMN, at.CODE_COLUMN, 10, None, {"hidden": True})
        sheet.set_column(at.NUMBER_COLUMN, at.NUMBER_COLUMN, 5)
        sheet.set_column(at.NAME_COLUMN, at.NAME_COLUMN, self.placed.name_width)
        sheet.set_column(at.SUM_COLUMN, at.SUM_COLUMN, 9)
        sheet.set_column(at.OPEN_COLUMN, at.OPEN_COLUMN, 8)
        for n, width in enumerate(self.placed.item_widths):
            sheet.set_column(at.ITEM_COLUMN + n, at.ITEM_COLUMN + n, width)

    def _top(self) -> None:
        sheet, form, styles, last = self.sheet, self.form, self.styles, self.placed.last_column
        mark = "【演练数据】" if form.practice else ""
        title = clean(f"{mark}{form.identity.year}年度{subject_of(form.scheme_name)}评分表")
        # Merged over what is seen at once: a title in the middle of sixty columns would be off the screen.
        wide = min(last, at.ITEM_COLUMN + 12) if self.placed.a3 else last
        sheet.merge_range(at.TITLE_ROW, at.NUMBER_COLUMN, at.TITLE_ROW, wide, title, styles.title)
        sheet.set_row(at.TITLE_ROW, 34)
        sheet.set_row(at.INFO_ROW, 22)
        count = self._open_total()
        cells = f"{self.first_letter}{self.placed.first + 1}:{self.last_letter}{self.last_row + 1}"
        formula = f'=IF(COUNTBLANK({cells})=0,"已全部评完","还有 "&COUNTBLANK({cells})&" 项未评")'
        sheet.write_formula(at.INFO_ROW, at.SUM_COLUMN, formula, styles.remaining, f"还有 {count} 项未评")
        due = f"    请于 {form.due} 前交回" if form.due else ""
        sheet.write_string(
            at.INFO_ROW, at.ITEM_COLUMN + min(1, len(form.items) - 1), clean(f"单位：分{due}"), styles.info
        )
        for row in (at.ID_ROW, at.MINIMUM_ROW, at.MAXIMUM_ROW):
            sheet.set_row(row, None, None, {"hidden": True})
        for n, item in enumerate(form.items):
            column = at.ITEM_COLUMN + n
            sheet.write_string(at.ID_ROW, column, item.id)
            if not item.levels and not item.allowed:
                sheet.write_number(at.MINIMUM_ROW, column, float(-_OPEN_END if item.minimum is None else item.minimum))
                sheet.write_number(at.MAXIMUM_ROW, column, float(_OPEN_END if item.maximum is None else item.maximum))

    def _open_total(self) -> int:
        return sum(self._open(n) for n in range(len(self.form.units)))

    def _open(self, unit: int) -> int:
        chosen = self.form.units[unit]
        return 0 if chosen.recused else len(self.form.items) - len(chosen.not_applicable)

    def _heads(self) -> None:
        sheet, placed, styles = self.sheet, self.placed, self.styles
        for row, height in placed.heights.items():
            sheet.set_row(row, height)
        sheet.set_row(placed.points, placed.heights[placed.points])
        for column, text in enumerate(("序号", "单位", "小计", "未评"), at.NUMBER_COLUMN):
            _merge(sheet, at.HEAD_ROW, column, placed.first - 1, column, text, styles.head)
        for row in range(at.HEAD_ROW, placed.points):
            for column in range(at.ITEM_COLUMN, placed.last_column + 1):
                sheet.write_blank(row, column, None, styles.head)
        for head in placed.heads:
            _merge(sheet, head.top, head.first, head.bottom, head.last, clean(head.text), styles.head)
        for n, item in enumerate(self.form.items):
            column = at.ITEM_COLUMN + n
            points = (
                "等级"
                if item.points is None and item.levels
                else ""
                if item.points is None
                else f"{number_text(item.points)}分"
            )
            _text(sheet, placed.points, column, points, styles.small_head)
            sheet.write_string(placed.limits, column, clean(limits_text(item)), styles.small_head)
            if placed.notes >= 0:
                _text(sheet, placed.notes, column, item.note, styles.note)

    def _units(self) -> None:
        sheet, form, styles = self.sheet, self.form, self.styles
        # XlsxWriter's empty cell without the conversion of "A1" addresses: thousands of them make up a sheet.
        blank = getattr(sheet, "_write_blank", sheet.write_blank)
        row_range = f"{self.first_letter}{{0}}:{self.last_letter}{{0}}"
        total = "+".join(self._sum_terms())
        for n, unit in enumerate(form.units):
            row = self.placed.first + n
            lines = lines_needed(unit.name, self.placed.name_width - 1)
            sheet.set_row(row, 22 if lines == 1 else 14 * lines + 4)
            sheet.write_string(row, at.CODE_COLUMN, unit.code)
            sheet.write_number(row, at.NUMBER_COLUMN, n + 1, styles.number)
            sheet.write_string(row, at.NAME_COLUMN, clean(unit.name), styles.name)
            sheet.write_formula(row, at.SUM_COLUMN, "=" + total.format(row + 1), styles.total, 0)
            sheet.write_formula(
                row, at.OPEN_COLUMN, f"=COUNTBLANK({row_range.format(row + 1)})", styles.open_count, self._open(n)
            )
            if unit.recused:
                for column in range(at.ITEM_COLUMN, self.placed.last_column + 1):
                    sheet.write_string(row, column, "回避", styles.closed)
                continue
            for m, item in enumerate(form.items):
                if item.id in unit.not_applicable:
                    sheet.write_string(row, at.ITEM_COLUMN + m, "—", styles.closed)
                else:
                    blank(row, at.ITEM_COLUMN + m, None, styles.choice if item.levels else styles.entry)

    def _sum_terms(self) -> list[str]:
        """SUM over runs of number columns; over a run of choices the points beside their list."""
        terms: list[str] = []
        start = 0
        items = self.form.items
        for n in range(1, len(items) + 1):
            here = _choices(items[start]) if items[start].levels else ()
            if n < len(items) and (_choices(items[n]) if items[n].levels else ()) == here:
                continue
            run = f"{column_letters(at.ITEM_COLUMN + start)}{{0}}:{column_letters(at.ITEM_COLUMN + n - 1)}{{0}}"
            if here:
                found = self.lists[here]
                terms.append(f"SUMPRODUCT(SUMIF({found.source},{run},{found.points}))")
            else:
                terms.append(f"SUM({run})")
            start = n
        return terms

    def _signature(self) -> None:
        row = self.last_row + 2
        self.sheet.set_row(row, 26)
        text = f"{SIGNATURE}：____________________        日期：________年____月____日"
        self.sheet.write_string(row, at.NAME_COLUMN, text, self.styles.info)

    def _rules(self) -> None:
        """One input rule per column; the same place shows what the column asks for when a cell is chosen."""
        for n, item in enumerate(self.form.items):
            column = at.ITEM_COLUMN + n
            rule: dict[str, Any] = {
                "ignore_blank": True,
                "error_title": "不能这样填",
                "input_title": clean(item.name)[:16],
                "input_message": clean(f"{limits_text(item)}\n{item.note}".strip())[:250],
            }
            choices = _choices(item)
            if choices:
                names = "、".join(c if isinstance(c, str) else number_text(Fraction(c)) for c, _ in choices)
                rule |= {
                    "validate": "list",
                    "source": f"={self.lists[choices].source}",
                    "error_message": f"请选择：{names}。"[:250],
                }
            else:
                span = limits_text(item).replace("\n", "，")
                hint = f"请填 {span} 的数字，小数不超过 {item.digits} 位；不评时填“弃权”。"
                rule |= {"validate": "custom", "value": self._number_rule(item, column), "error_message": hint}
            self.sheet.data_validation(self.placed.first, column, self.last_row, column, rule)

    def _number_rule(self, item: FormItem, column: int) -> str:
        letter = column_letters(column)
        cell = f"{letter}{self.placed.first + 1}"
        low, high = f"{letter}${at.MINIMUM_ROW + 1}", f"{letter}${at.MAXIMUM_ROW + 1}"
        tests = [f"{cell}>={low}", f"{cell}<={high}", f"ROUND({cell},{item.digits})={cell}"]
        if item.step is not None:
            start = number_text(item.minimum or Fraction(0))
            steps = f"({cell}-{start})/{number_text(item.step)}"
            tests.append(f"ABS({steps}-ROUND({steps},0))<0.000001")
        return f"=IF(ISNUMBER({cell}),AND({','.join(tests)}),COUNTIF({self.words},{cell})>0)"

    def _colours(self) -> None:
        placed, styles = self.placed, self.styles
        top = placed.first + 1
        cell = f"{self.first_letter}{top}"
        span = (placed.first, at.ITEM_COLUMN, self.last_row, placed.last_column)
        low, high = f"{self.first_letter}${at.MINIMUM_ROW + 1}", f"{self.first_letter}${at.MAXIMUM_ROW + 1}"
        outside = f"=AND(ISNUMBER({cell}),ISNUMBER({low}),OR({cell}<{low},{cell}>{high}))"
        self.sheet.conditional_format(*span, {"type": "formula", "criteria": outside, "format": styles.outside})
        row = f"${self.first_letter}{top}:${self.last_letter}{top}"
        begun = f'COUNTA({row})-COUNTIF({row},"—")-COUNTIF({row},"回避")>0'
        gap = f"=AND(ISBLANK({cell}),{begun})"
        self.sheet.conditional_format(*span, {"type": "formula", "criteria": gap, "format": styles.gap})
        count = (placed.first, at.OPEN_COLUMN, self.last_row, at.OPEN_COLUMN)
        self.sheet.conditional_format(*count, {"type": "cell", "criteria": "==", "value": 0, "format": styles.complete})


def _text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    """A text, or an empty cell of the same look: an empty text would count as content."""
    if text:
        sheet.write_string(row, column, clean(text), style)
    else:
        sheet.write_blank(row, column, None, style)


def _merge(sheet: Any, top: int, left: int, bottom: int, right: int, text: str, style: Any) -> None:
    if (top, left) == (bottom, right):
        sheet.write_string(top, left, text, style)
    else:
        sheet.merge_range(top, left, bottom, right, "", style)
        sheet.write_string(top, left, text, style)


def _set_up_page(sheet: Any, form: SheetForm, placed: Layout) -> None:
    sheet.freeze_panes(placed.first, at.ITEM_COLUMN)
    sheet.set_landscape()
    sheet.set_paper(8 if placed.a3 else 9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(at.HEAD_ROW, placed.first - 1)
    sheet.print_area(at.TITLE_ROW, at.NUMBER_COLUMN, placed.first + len(form.units) + 1, placed.last_column)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.75, bottom=0.75)
    sheet.set_header(_header(form))
    sheet.set_footer(f"&L&9{FOOT}&C&9第 &P 页 共 &N 页&R&9评议人签字：________________")


def _header(form: SheetForm) -> str:
    left = f"&L&10{clean(form.secrecy).replace('&', '&&')[:60]}" if form.secrecy else ""
    return left + ("&R&10演练数据" if form.practice else "")
