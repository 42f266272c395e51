"""退回: a copy of the evaluator's own workbook with the remark at the cell and a page that lists all of them.

openpyxl writes the remarks; what it would lose of our own form is put back afterwards (``openpyxl_losses``). Only
workbooks that have passed the preflight come here.
"""

from __future__ import annotations

import io
import re
from typing import Any

from app.domain.sheets import HandBack, HandBackRemark
from app.files.excel.handout import HIDDEN_SHEET
from app.files.excel.openpyxl_losses import lists_lost, put_back
from app.files.excel.preflight import check_bytes
from app.files.excel.styles import BODY_FONT, HEAD_FONT, TITLE_FONT
from app.files.excel.texts import clean, column_letters, lines_needed, subject_of
from app.files.excel.values import behind_wall

REMARK_SHEET = "退回说明"
_MARK = "【退回】"  # begins our remarks, so that a second handing back takes the first one's away
_RULE = '"退回"<>""'  # always true; tells our colouring rules from those of the form
_LONGEST_TEXT = 200  # of a text in a formula; Excel allows 255
_HEADS = (("序号", 6), ("单元格", 12), ("单位", 20), ("项目", 20), ("原来填的", 14), ("发现的问题", 34), ("怎么办", 34))
_TO_THE_EVALUATOR = re.compile("后?重新导入|后?再导入")


def returned_copy(name: str, data: bytes, back: HandBack) -> bytes:
    """The workbook with the remarks in it; drop-downs, locks, identity, print set-up and stored values stay. Raises
    the named refusals of the preflight, and XLS_BROKEN for what openpyxl cannot read. Pictures and shapes that somebody
    has put into the sheet are not in the copy."""
    checked = check_bytes(name, data)

    def work() -> bytes:
        from openpyxl import load_workbook

        book: Any = load_workbook(io.BytesIO(data), rich_text=True)
        stored: Any = load_workbook(io.BytesIO(data), data_only=True)
        _clear_earlier(book)
        for title, scan in checked.scans.items():
            for rule in lists_lost(scan.xml):
                book[title].add_data_validation(rule)
        if HIDDEN_SHEET in book and book[HIDDEN_SHEET].sheet_state == "hidden":
            book[HIDDEN_SHEET].sheet_state = "veryHidden"  # LibreOffice leaves it less deep
        if back.sheet in book:
            _write_remarks(book[back.sheet], stored[back.sheet], back.remarks)
        _write_list(book, back)
        buffer = io.BytesIO()
        book.save(buffer)
        return put_back(buffer.getvalue(), data, book, stored)

    return behind_wall(work)


def for_the_evaluator(step: str) -> str:
    """A next step as the evaluator reads it, who does not import anything."""
    return _TO_THE_EVALUATOR.sub("后交回", step)


# ---- at the cells


def _write_remarks(sheet: Any, stored: Any, remarks: tuple[HandBackRemark, ...]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    marked: dict[str, list[HandBackRemark]] = {}
    for remark in remarks:
        if remark.cell:
            marked.setdefault(_place(sheet, remark.cell), []).append(remark)
    for address, found in marked.items():
        cell = sheet[address]
        lines = [r.found + (f"\n{for_the_evaluator(r.step)}" if r.step else "") for r in found]
        own = f"{cell.comment.text.rstrip()}\n" if cell.comment else ""
        text = f"{own}{_MARK}" + "\n".join(lines)
        cell.comment = Comment(text, "考核办", height=24 + 18 * lines_needed(text, 34), width=260)
    rules = [(a, _still_so(a, sheet[a].value, stored[a].value)) for a, found in marked.items() if _to_mend(found)]
    for ranged in sheet.conditional_formatting:
        for rule in ranged.rules:
            rule.priority += len(rules)  # ours are seen over the form's own colours
    red = DifferentialStyle(fill=PatternFill(bgColor="F0836B"))
    for n, (address, formula) in enumerate(rules, 1):
        formulas = [f"AND({_RULE},{formula})"]
        sheet.conditional_formatting.add(address, Rule(type="expression", dxf=red, priority=n, formula=formulas))


def _to_mend(remarks: list[HandBackRemark]) -> bool:
    return any(r.must for r in remarks)


def _place(sheet: Any, address: str) -> str:
    """Where a remark can be seen: the first cell of merged ones, and beside a hidden column."""
    cell = sheet[address]
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            return str(merged.start_cell.coordinate)
    column = cell.column
    while sheet.column_dimensions[column_letters(column - 1)].hidden and column < sheet.max_column:
        column += 1
    row = cell.row
    while sheet.row_dimensions[row].hidden and row < sheet.max_row:
        row += 1
    return f"{column_letters(column - 1)}{row}"


def _still_so(address: str, written: Any, stored: Any) -> str:
    """A condition that holds as long as the cell says what it says now: the colour goes when it is mended."""
    if isinstance(stored, str) and stored.startswith("#"):
        return f"ISERROR({address})"
    if stored is None:
        return f"_xlfn.ISFORMULA({address})" if written is not None else f"ISBLANK({address})"
    if isinstance(stored, bool):
        return f'EXACT({address}&"","{str(stored).upper()}")'
    if isinstance(stored, int | float):
        return f"AND(ISNUMBER({address}),ABS({address}-({stored!r}))<0.000000001)"
    if isinstance(stored, str):
        text = clean(stored)[:_LONGEST_TEXT].replace('"', '""')
        return f'EXACT(LEFT({address},{_LONGEST_TEXT}),"{text}")'
    from openpyxl.utils import datetime as dates

    conversions: Any = dates
    number = float(conversions.to_excel(stored))
    return f"AND(ISNUMBER({address}),ABS({address}-({number!r}))<0.000001)"


def _clear_earlier(book: Any) -> None:
    """Take away what an earlier handing back has written."""
    from openpyxl.formatting.formatting import ConditionalFormattingList

    if REMARK_SHEET in book and len(book.sheetnames) > 1:
        del book[REMARK_SHEET]
    for sheet in book.worksheets:
        if any(_RULE in str(f) for ranged in sheet.conditional_formatting for r in ranged.rules for f in r.formula):
            kept: Any = ConditionalFormattingList()
            for ranged in sheet.conditional_formatting:
                for rule in ranged.rules:
                    if not any(_RULE in str(f) for f in rule.formula):
                        kept.add(str(ranged.sqref), rule)
            sheet.conditional_formatting = kept
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and _MARK in cell.comment.text:
                    own = cell.comment.text.split(_MARK)[0].rstrip()
                    cell.comment.text = own
                    cell.comment = cell.comment if own else None


# ---- the page that lists them


def _write_list(book: Any, back: HandBack) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet = book.create_sheet(REMARK_SHEET, 0)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    sheet.sheet_properties.tabColor = "A3261F"
    body = Font(name=BODY_FONT, size=11)
    wrapped = Alignment(vertical="center", wrap_text=True)
    width = sum(w for _, w in _HEADS)
    for n, (_, wide) in enumerate(_HEADS):
        sheet.column_dimensions[column_letters(n)].width = wide
    practice = "【演练数据】" if back.practice else ""
    lead = [(f"{practice}评分表退回说明", Font(name=TITLE_FONT, size=18))]
    lead += [(text, body) for text in _lead(back)]
    for row, (text, font) in enumerate(lead, 1):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADS))
        cell = sheet.cell(row, 1, clean(text))
        cell.font, cell.alignment, cell.data_type = font, wrapped, "s"
        sheet.row_dimensions[row].height = 30 if row == 1 else 16 * lines_needed(text, width - 4) + 4
    line = Side(style="thin", color="8C8479")
    border = Border(left=line, right=line, top=line, bottom=line)
    top = len(lead) + 1
    for n, (head, _) in enumerate(_HEADS, 1):
        cell = sheet.cell(top, n, head)
        cell.font, cell.fill, cell.border = Font(name=HEAD_FONT, size=11), PatternFill("solid", "E9E4DC"), border
        cell.alignment = Alignment(horizontal="center", vertical="center")
    for number, (remark, cells) in enumerate(_together(back.remarks), 1):
        row = top + number
        texts = _line(number, remark, cells)
        for n, text in enumerate(texts, 1):
            cell = sheet.cell(row, n, clean(text))
            cell.font, cell.border, cell.alignment, cell.data_type = body, border, wrapped, "s"
        if remark.cell and back.sheet in book:
            place = _place(book[back.sheet], remark.cell)
            title = back.sheet.replace("'", "''")
            sheet.cell(row, 2).hyperlink = Hyperlink(ref="", location=f"'{title}'!{place}")
            sheet.cell(row, 2).font = Font(name=BODY_FONT, size=11, color="1F5FA8", underline="single")
        needed = max(lines_needed(text, _HEADS[n][1] - 1) for n, text in enumerate(texts))
        sheet.row_dimensions[row].height = min(400, 16 * needed + 6)
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
    sheet.protection.sheet = True


def _lead(back: HandBack) -> list[str]:
    mend = sum(len(cells) for r, cells in _together(back.remarks) if r.must)
    first = f"评议人：{back.evaluator}    {subject_of(back.scheme_name)}评分表    {back.day} 退回"
    first += f"    {back.office}" if back.office else ""
    lines = [first]
    if back.note:
        lines.append(f"考核办留言：{back.note}")
    where = f"请在“{back.sheet}”里按下面所列改正" if back.sheet else "请按下面所列改正"
    lines.append(
        f"{where}{f'（须改 {mend} 处）' if mend else ''}，保存后把这份文件交回。"
        "点蓝色的单元格可以跳到该处；批注写着原因，红色的格子改好后颜色自动消失。其他已填的分数不用重填。"
    )
    return lines


def _together(remarks: tuple[HandBackRemark, ...]) -> list[tuple[HandBackRemark, list[str]]]:
    """Equal remarks on neighbouring cells of one unit stand in one line."""
    lines: list[tuple[HandBackRemark, list[str]]] = []
    for remark in remarks:
        last = lines[-1] if lines else None
        if last and remark.cell and (last[0].unit, last[0].found) == (remark.unit, remark.found) and last[0].cell:
            last[1].append(remark.cell)
        else:
            lines.append((remark, [remark.cell]))
    return lines


def _line(number: int, remark: HandBackRemark, cells: list[str]) -> tuple[str, ...]:
    more = f" 等 {len(cells)} 格" if len(cells) > 1 else ""
    return (
        str(number),
        (remark.cell or "整份表") + more,
        remark.unit,
        remark.item + (" 等" if more and remark.item else ""),
        remark.seen[:60],
        remark.found,
        for_the_evaluator(remark.step) or ("请改正。" if remark.must else "请看一看对不对；不对请改正。"),
    )
