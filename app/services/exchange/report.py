"""A plan of receiving as lines of text, for the printed report and the command line. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from app.services.exchange.trust import KINDS
from app.services.exchange.values import MergeChange, MergePlan, PlannedPackage
from app.services.imports.report import question_lines
from app.services.imports.values import CellKind, CellTotals

FATES = {"take": "接收", "same": "相同", "waiting": "待定", "skipped": "不接收", "refused": "拒绝"}
CHANGES = {
    CellKind.NEW: "新",
    CellKind.SAME: "相同",
    CellKind.CHANGED_THERE: "包里已改",
    CellKind.CHANGED_HERE: "这里已改",
    CellKind.BOTH: "两边都改",
    CellKind.BLANK: "空白",
}
NOUNS = {
    "mark": "分数", "text": "文字", "answer": "指标说明", "evidence": "佐证材料", "remark": "批注", "state": "状态", "version": "版本",
    "entry": "清单", "result": "结果", "hearing": "述职安排", "unit": "名册", "scheme": "方案",
}  # fmt: skip


def merge_report_lines(plan: MergePlan) -> tuple[str, ...]:
    """Packages with what becomes of them, open questions, changes one by one."""
    return tuple(_lines(plan))


def _lines(plan: MergePlan) -> Iterator[str]:
    if not plan.packages:
        yield "没有找到数据包：所选的位置里没有 .slp 文件。"
    for question in plan.questions:
        yield from question_lines(question)
    for package in plan.packages:
        yield from _package_lines(package)


def _package_lines(package: PlannedPackage) -> Iterator[str]:
    kind = KINDS.get(package.kind, "")
    who = f"：{package.unit_name}（{package.unit}）第 {package.sequence} 号{kind}" if package.id else ""
    yield f"{FATES[package.fate]}  {package.name}{who}：{package.reason}"
    counted = (("分数", package.marks), ("段落", package.texts), ("其他", package.others))
    for name, totals in counted:
        if totals.cells:
            yield f"　　{name} {totals.cells}：{totals_text(totals)}"
    for finding in package.findings:
        yield f"　　{finding}"
    for change in package.changes:
        yield f"　　{change_line(change)}"


def totals_text(totals: CellTotals) -> str:
    """``新 120，相同 3``; kinds without any are left out."""
    counted = [(name, int(getattr(totals, kind.value))) for kind, name in CHANGES.items()]
    return "，".join(f"{name} {count}" for name, count in counted if count)


def change_line(change: MergeChange) -> str:
    """What has changed, where, and how both sides say it."""
    here, there = _short(change.ours), _short(change.theirs)
    said = there if change.kind is CellKind.NEW else f"这里 {here}，包里 {there}"
    return f"{NOUNS[change.noun]} {change.place}：{CHANGES.get(change.kind, '')}，{said}"


def _short(text: str) -> str:
    line = " ／ ".join(text.split("\n")) or "（没有）"
    return line if len(line) <= 60 else f"{line[:59]}…"
