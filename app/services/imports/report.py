"""An import plan as lines of text, for the printed report and the command line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.services.imports.values import CellChange, CellKind, CellTotals, ImportPlan, PlannedFile, Question

FATES = {
    "import": "导入",
    "update": "更新",
    "same": "相同",
    "skipped": "不导入",
    "waiting": "待定",
    "refused": "拒绝",
    "unread": "未读",
}
KINDS = {
    CellKind.NEW: "新",
    CellKind.SAME: "相同",
    CellKind.CHANGED_THERE: "表中已改",
    CellKind.CHANGED_HERE: "程序中已改",
    CellKind.BOTH: "两边都改",
    CellKind.BLANK: "空白",
    CellKind.REFUSED: "不能识别",
    CellKind.SKIPPED: "未读入",
}


def import_report_lines(plan: ImportPlan, units: Mapping[str, str]) -> tuple[str, ...]:
    """Files with what becomes of them, open questions, cells one by one. units: names by code."""
    return tuple(_lines(plan, units))


def _lines(plan: ImportPlan, units: Mapping[str, str]) -> Iterator[str]:
    if not plan.found_sheets:
        yield "没有找到评分表：所选的位置里没有 .xlsx 文件。"
    yield f"共 {len(plan.files)} 个文件，{plan.totals.cells} 格：{totals_text(plan.totals)}"
    for question in plan.questions:
        yield from question_lines(question)
    for file in plan.files:
        yield from _file_lines(file, units)


def totals_text(totals: CellTotals) -> str:
    """``新 120，空白 3``; kinds without a cell are left out."""
    counted = [(name, int(getattr(totals, kind.value))) for kind, name in KINDS.items()]
    return "，".join(f"{name} {count}" for name, count in counted if count) or "没有单元格"


def question_lines(question: Question) -> Iterator[str]:
    """The question, what it is about, and the answers with their ids."""
    yield f"？ {question.text}（{question.id}）"
    for detail in question.details:
        yield f"　　{detail}"
    for choice in question.choices:
        mark = "●" if choice.id == question.answer else "○"
        yield f"　　{mark} {choice.id}：{choice.text}{'（建议）' if choice.id == question.suggested else ''}"


def _file_lines(file: PlannedFile, units: Mapping[str, str]) -> Iterator[str]:
    who = f" {file.evaluator_name}（{file.evaluator}）" if file.evaluator else ""
    yield f"{FATES[file.fate]}  {file.name}{who}：{file.reason or totals_text(file.totals)}"
    for finding in file.findings:
        yield f"　　{finding}"
    for change in file.changes:
        if change.kind is not CellKind.REFUSED:  # those have a finding of their own
            yield f"　　{_change_line(change, units)}"


def _change_line(change: CellChange, units: Mapping[str, str]) -> str:
    place = f"{change.address} {units.get(change.unit, change.unit)} {change.item_name}"
    return f"{place}：{KINDS[change.kind]}，已存 {change.stored or '空白'}，表中 {change.file or '空白'}"
