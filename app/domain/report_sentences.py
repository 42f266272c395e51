"""The form of a self-report told in sentences, for the page of methods and for whoever writes one."""

from __future__ import annotations

from app.domain.quantities import number_text as number
from app.domain.report_forms import ReportForm, Section
from app.domain.scheme_words import choice_word

_NEEDS = {"optional": "可填", "required": "必填"}


def lengths(minimum: int, maximum: int | None) -> str:
    """How long a text should be, in characters without blanks; empty when it may have any length."""
    ends = (f"不少于 {minimum} 字" if minimum else "", f"不超过 {maximum} 字" if maximum is not None else "")
    return "，".join(end for end in ends if end)


def section(one: Section) -> str:
    """What a section asks for."""
    entries = f"至少 {one.entries} 条" if one.entries else ""
    shape = "一行一条" if one.shape == "list" else ""
    needs = "必填" if one.required else "可不写"
    return "，".join(t for t in (needs, shape, entries, lengths(one.minimum, one.maximum)) if t)


def report_form(form: ReportForm) -> list[tuple[str, str]]:
    """The whole form as lines (name, text)."""
    lines = [(one.name, section(one)) for one in form.sections]
    if whole := lengths(form.minimum, form.maximum):
        lines.append(("全文", whole))
    if form.problem_share is not None:
        named = "、".join(choice_word("Section", "purpose", p) for p in form.problem_purposes)
        lines.append(("问题部分", f"写{named}的栏目不少于全文的 {number(form.problem_share * 100)}%"))
    asked = {"自评分": form.answers.score, "文字说明": form.answers.text, "佐证": form.answers.evidence}
    needed = [f"{name}{_NEEDS[need]}" for name, need in asked.items() if need != "none"]
    if needed:
        lines.append(("逐项填写", "、".join(needed)))
    kinds = "、".join(choice_word("EvidenceLimits", "kinds", k) for k in form.evidence.kinds)
    if kinds:
        lines.append(("佐证材料", f"{kinds}；单个不超过 {form.evidence.file} MB，合计不超过 {form.evidence.total} MB"))
    lots = "，先后由抽签决定" if form.lots else ""
    lines.append(("述职方式", f"{choice_word('ReportForm', 'manner', form.manner)}{lots}"))
    return lines
