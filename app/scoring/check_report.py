"""Contradictions in the form of the self-report."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.findings import Finding, Severity
from app.domain.report_forms import ReportForm
from app.domain.schemes import Item, Scheme, walk

_PATH = "$.report"


def check_report(scheme: Scheme) -> Iterator[Finding]:
    """All findings of the scheme's report form; none when it has no form."""
    form = scheme.report
    if form is None:
        return
    if not form.sections:
        yield _wrong("S-REPORT", "sections", "述职报告没有栏目", "请至少设一个栏目")
    yield from _check_sections(form)
    yield from _check_whole(form)
    yield from _check_answers(scheme, form)
    yield from _check_evidence(form)


def _wrong(code: str, place: str, message: str, step: str, warning: bool = False) -> Finding:
    severity = Severity.WARNING if warning else Severity.ERROR
    return Finding(code, f"{_PATH}.{place}", message, step, severity)


def _check_sections(form: ReportForm) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, one in enumerate(form.sections):
        place = f"sections[{index}]"
        if one.id in seen:
            yield _wrong("S-DOUBLE", f"{place}.id", f"栏目代号“{one.id}”用了不止一次", "请换一个代号")
        seen.add(one.id)
        if not one.id.strip() or "/" in one.id or ":" in one.id:
            yield _wrong("S-ID", f"{place}.id", f"栏目代号“{one.id}”不能用", "代号不能空，也不能有“/”和“:”")
        if one.minimum < 0 or one.entries < 0:
            yield _wrong("S-REPORT", place, f"“{one.name}”的字数、条数不能是负数", "请改正")
        if one.maximum is not None and one.maximum < max(one.minimum, 1):
            yield _wrong("S-REPORT", f"{place}.maximum", f"“{one.name}”的字数上限低于下限", "请改正上限或下限")
        if one.entries and one.shape == "text":
            yield _wrong("S-REPORT", f"{place}.entries", f"“{one.name}”不是清单，却写了条数", "请改为清单，或删去条数")


def _check_whole(form: ReportForm) -> Iterator[Finding]:
    least = max(form.minimum, sum(s.minimum for s in form.sections if s.required))
    if form.maximum is not None and form.maximum < least:
        yield _wrong("S-REPORT", "maximum", f"全文上限 {form.maximum} 字低于各处下限合计 {least} 字", "请改正字数")
    most = [s.maximum for s in form.sections]
    room = sum(m for m in most if m is not None)
    if None not in most and room < form.minimum:
        yield _wrong("S-REPORT", "minimum", f"各栏目上限合计只有 {room} 字，达不到全文下限", "请改正字数")
    share = form.problem_share
    if share is None:
        return
    if not 0 < share < 1:
        yield _wrong("S-REPORT", "problem_share", "问题部分的比例应大于 0、小于 1", "如四分之一写 0.25")
    if not any(s.purpose in form.problem_purposes for s in form.sections):
        message = "规定了问题部分的比例，但没有写问题的栏目"
        yield _wrong("S-REPORT", "problem_share", message, "请增加用途为“问题”的栏目，或删去比例")


def _check_answers(scheme: Scheme, form: ReportForm) -> Iterator[Finding]:
    answers = form.answers
    known = {p.id for p in walk(scheme.tree) if isinstance(p, Item)}
    for index, name in enumerate(answers.items):
        if name not in known:
            message = f"指标“{name}”不在指标树上"
            yield _wrong("S-REFERENCE", f"answers.items[{index}]", message, "请改正")
    if answers.gap is not None and not 0 < answers.gap <= 1:
        yield _wrong("S-REPORT", "answers.gap", "自评相差的提示线应大于 0、不超过 1", "如 15% 写 0.15")
    if answers.gap is not None and answers.score == "none":
        message = "要比较自评与得分，但不填自评分"
        yield _wrong("S-REPORT", "answers.gap", message, "请让单位填自评分，或删去提示线", warning=True)


def _check_evidence(form: ReportForm) -> Iterator[Finding]:
    limits = form.evidence
    if limits.file < 1 or limits.total < limits.file:
        message = "佐证材料的大小上限不合理"
        yield _wrong("S-REPORT", "evidence", message, "单个至少 1 MB，合计不低于单个")
    if limits.total > 500:
        message = f"一份报告的佐证可达 {limits.total} MB，年度文件和数据包会很大"
        yield _wrong("S-REPORT", "evidence.total", message, "建议不超过 200 MB", warning=True)
    if form.answers.evidence == "required" and not limits.kinds:
        yield _wrong("S-REPORT", "evidence.kinds", "佐证必填，却没有允许的文件类型", "请选至少一种")
