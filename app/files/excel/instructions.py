"""The page 填写说明 of a hand-out workbook: how to fill in, and every item with its points, limits and note."""

from __future__ import annotations

from typing import Any

from app.domain.quantities import MarkState, number_text
from app.domain.sheets import SheetForm
from app.files.excel.layout import limits_text
from app.files.excel.styles import HandoutStyles
from app.files.excel.texts import clean, lines_needed, subject_of

_MEANING = {
    MarkState.ABSTAINED: "不发表意见，不计入平均分",
    MarkState.NOT_APPLICABLE: "该项与该单位无关",
    MarkState.RECUSED: "与该单位有利害关系，不参与评分",
}
_WIDTHS = (6, 26, 30, 9, 16, 46)


def _steps(form: SheetForm) -> list[str]:
    due = f"请于 {form.due} 前交回" if form.due else "请按通知要求的时间交回"
    office = f"交{form.office}" if form.office else "交考核办"
    return [
        "1. 在“评分表”中浅黄色单元格内填写，其余单元格已锁定；每个单位一行，每个指标一列。",
        "2. 填数字的列只填数字，不必写“分”；填等级的列从下拉框中选择。允许的范围写在表头“分值”下面一行。",
        "3. 表头上方显示还有多少项未评；已开始评的行，漏填的格子变为深黄色，超出范围的变为红色。",
        "4. 确实不评的，请按下表填写，不要留空：",
        *(f"    “{word}”：{_MEANING[state]}" for state, word in _shown_words(form).items()),
        "5. 灰色的格子（“—”或“回避”）不需要评分，请勿改动。",
        "6. “小计”只供填写时参考；正式得分由程序按方案计算。",
        "7. 可以调整行高、列宽；请不要合并单元格、删除行列或把内容复制到别的工作簿。",
        f"8. 填完保存为 .xlsx（Excel、WPS、LibreOffice 均可），{due}（{office}）。打印签字的，请勿撕去页脚的核对码。",
    ]


def _shown_words(form: SheetForm) -> dict[MarkState, str]:
    """The first accepted word for each state."""
    shown: dict[MarkState, str] = {}
    for word, state in form.words:
        if state is not MarkState.BLANK:
            shown.setdefault(state, word)
    return shown


def write_instructions(sheet: Any, form: SheetForm, styles: HandoutStyles, sheet_token: str, who_token: str) -> None:
    """Write the page; the tokens stand where number of the sheet and evaluator belong."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    last = len(_WIDTHS) - 1
    mark = "【演练数据】" if form.practice else ""
    sheet.merge_range(
        0,
        0,
        0,
        last,
        clean(f"{mark}{form.identity.year}年度{subject_of(form.scheme_name)}评分表 填写说明"),
        styles.title,
    )
    sheet.set_row(0, 36)
    row = 3
    for text in _steps(form):
        sheet.merge_range(row, 0, row, last, "", styles.plain)
        sheet.write_string(row, 0, clean(text), styles.plain)
        sheet.set_row(row, 16 * lines_needed(text, sum(_WIDTHS) - 4) + 3)
        row += 1
    row = _write_items(sheet, form, styles, row + 1)
    # Last, like every text with a token (see handout).
    sheet.write_string(1, 0, f"评议人：{who_token}", styles.strong)
    sheet.write_string(2, 0, f"表号：{sheet_token}", styles.strong)
    sheet.set_row(1, 20)
    sheet.set_row(2, 20)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, row - 1, last)
    sheet.center_horizontally()
    sheet.set_margins(left=0.7, right=0.7, top=0.75, bottom=0.75)
    sheet.set_footer("&C&9第 &P 页 共 &N 页")
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _write_items(sheet: Any, form: SheetForm, styles: HandoutStyles, row: int) -> int:
    sheet.write_string(row, 0, "指标一览", styles.strong)
    for column, text in enumerate(("序号", "所属", "指标", "分值", "填写范围", "说明")):
        sheet.write_string(row + 1, column, text, styles.head)
    row += 2
    for n, item in enumerate(form.items, 1):
        texts = (
            " / ".join(item.above),
            item.name,
            "" if item.points is None else number_text(item.points),
            limits_text(item),
            item.note,
        )
        sheet.write_number(row, 0, n, styles.cell_centre)
        for column, text in enumerate(texts, 1):
            style = styles.cell_centre if column in (3, 4) else styles.cell
            if text:
                sheet.write_string(row, column, clean(text), style)
            else:
                sheet.write_blank(row, column, None, style)
        lines = max(lines_needed(t, w - 1) for t, w in zip(texts, _WIDTHS[1:], strict=True))
        sheet.set_row(row, max(20, 14 * lines + 4))
        row += 1
    return row
