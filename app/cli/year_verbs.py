"""The verbs that work on a year file."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.speaking import DONE, WITH_FINDINGS, Speaker
from app.domain.errors import AppError, Fault
from app.domain.results import GradeOutcome, SchemeResult, UnitResult
from app.domain.schemes import Scheme
from app.services.imports.report import FATES, import_report_lines, totals_text
from app.services.imports.values import ImportPlan, OpenPlan, Question, ReadyPlan, Scan
from app.services.plain import to_plain
from app.services.results import Snapshot

if TYPE_CHECKING:
    from app.services.container import Desk, Services


@contextmanager
def opened(desk: Desk, path: Path) -> Generator[Services]:
    """The year, closed again whatever happens."""
    services = desk.open(path)
    try:
        yield services
    finally:
        services.close()


def practice(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """practice DIR"""
    path = desk.build_practice(arguments.folder, speaker.progress)
    speaker.say(f"演练年度已建立：{path}")
    speaker.result({"file": str(path)}, str(path))
    return DONE


def new(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """new FILE --scheme S… --register R"""
    schemes = [path for group in arguments.scheme for path in group]
    services = desk.create(arguments.file, schemes, arguments.register, "", arguments.title)
    try:
        info = services.year.info()
        findings = [*services.remarks, *(f for s in services.schemes.all() for f in services.schemes.check(s.id))]
        counts = {"units": len(services.units.units()), "evaluators": len(services.units.evaluators())}
    finally:
        services.close()
    speaker.findings(findings)
    speaker.say(f"年度文件已建立：{info.path}，{counts['units']} 个单位，{counts['evaluators']} 名评议人")
    speaker.result({"file": str(info.path), **counts, "findings": to_plain(findings)}, str(info.path))
    return WITH_FINDINGS if findings else DONE


def sheets(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """sheets FILE --out DIR"""
    with opened(desk, arguments.file) as services:
        sent = services.sheets.send(arguments.out, arguments.scheme, arguments.evaluator, speaker.progress).value
    speaker.say(f"已生成 {len(sent.files)} 份评分表：{sent.folder}")
    names = [str(f) for f in sent.files]
    speaker.result({"folder": str(sent.folder), "files": names}, *names)
    return DONE


def take_in(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """import FILE PATH… [--dry-run]: open questions get the careful answer unless --answer gives another."""
    given = dict(answers_of(arguments.answer))
    with opened(desk, arguments.file) as services:
        scan = services.sheets.scan(arguments.paths, speaker.progress)
        plan = _settled(services, scan, given)
        _refuse_unknown(plan.questions, given)
        units = {u.code: u.name for u in services.units.units()}
        speaker.say(*import_report_lines(plan, units))
        batch = None
        if not plan.writes:
            speaker.say("没有新内容，未写入。")
        elif not arguments.dry_run and isinstance(plan, ReadyPlan):
            batch = services.sheets.apply(plan, speaker.progress).value
            speaker.say(f"已导入：第 {batch.number} 批，{batch.sheets} 份，{batch.cells} 格")
    document = {"batch": to_plain(batch), "totals": to_plain(plan.totals), "files": _files(plan)}
    speaker.result({**document, "questions": to_plain(plan.questions)}, totals_text(plan.totals))
    clean = plan.found_sheets and all(f.fate in ("import", "update", "same") and not f.findings for f in plan.files)
    return DONE if clean and not plan.questions else WITH_FINDINGS


def answers_of(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Answers as they are given on the command line. Raises INPUT_BAD."""
    for text in texts:
        question, equals, choice = text.rpartition("=")
        if not equals:
            raise AppError(Fault.INPUT_BAD, f"“{text}”应写成 问题=选择。")
        yield question, choice


def _settled(services: Services, scan: Scan, given: dict[str, str]) -> OpenPlan | ReadyPlan:
    """The plan with every question answered: as given, else as suggested. Answering may raise new questions."""
    answers = dict(given)
    plan = services.sheets.plan(scan, answers)
    while isinstance(plan, OpenPlan):
        answers |= {q.id: q.suggested for q in plan.questions if not q.answer}
        plan = services.sheets.plan(scan, answers)
    return plan


def _refuse_unknown(questions: Sequence[Question], given: dict[str, str]) -> None:
    """An answer that fits no question is a mistake that must not pass as the careful one."""
    asked = {q.id: q for q in questions}
    for identity, choice in given.items():
        question = asked.get(identity)
        if question is None:
            known = "、".join(asked) or "没有"
            raise AppError(Fault.INPUT_BAD, f"这次导入没有“{identity}”这个问题；有的问题：{known}。")
        choices = [c.id for c in question.choices]
        if choice not in choices:
            raise AppError(Fault.INPUT_BAD, f"“{identity}”不能回答“{choice}”，可选：{'、'.join(choices)}。")


def _files(plan: ImportPlan) -> list[dict[str, object]]:
    return [
        {
            "name": f.name,
            "sha256": f.sha256,
            "sheet": f.sheet,
            "evaluator": f.evaluator,
            "scheme": f.scheme,
            "fate": f.fate,
            "fate_text": FATES[f.fate],
            "reason": f.reason,
            "totals": to_plain(f.totals),
            "changes": to_plain(f.changes),
            "findings": to_plain(f.findings),
        }
        for f in plan.files
    ]


def compute(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """compute FILE"""
    with opened(desk, arguments.file) as services:
        snapshot = services.results.compute(speaker.progress).value
        schemes = {s.id: s for s in services.schemes.all()}
        names = {u.code: u.name for u in services.units.units()}
    findings = [f for s in snapshot.results.schemes for f in s.findings]
    speaker.findings(findings)
    speaker.say(f"已计算：第 {snapshot.info.version} 版")
    speaker.result(snapshot_document(snapshot, names), *result_lines(snapshot.results.schemes, schemes, names))
    return WITH_FINDINGS if findings else DONE


def snapshot_document(snapshot: Snapshot, names: dict[str, str]) -> dict[str, object]:
    """A kept result for programs."""
    return {"version": snapshot.info.version, "results": to_plain(snapshot.results), "names": names}


def result_lines(results: tuple[SchemeResult, ...], schemes: dict[str, Scheme], names: dict[str, str]) -> Iterator[str]:
    """Every level and series with rank, total and grade, as a table of text."""
    for result in results:
        scheme = schemes[result.scheme]
        grades = {g.id: g.name for g in scheme.ladder.grades}
        for series in result.series:
            yield f"── {scheme.name}{' · ' + series.series if series.series else ''}"
            for quota in series.quotas:
                yield f"　　{quota.sentence}"
            for code in series.order:
                yield "　　" + _unit_line(result.units[code], names.get(code, code), grades)


def _unit_line(unit: UnitResult, name: str, grades: dict[str, str]) -> str:
    rank = f"{unit.rank}" if unit.rank is not None else "—"
    total = number_text(unit)
    return f"{rank:>3}  {name}  {total}  {'；'.join(_grade_text(g, grades) for g in unit.grades)}"


def number_text(unit: UnitResult) -> str:
    """The total as shown, or why there is none."""
    if unit.shown_total is None:
        return unit.total.reason
    return str(to_plain(unit.shown_total))


def _grade_text(grade: GradeOutcome, grades: dict[str, str]) -> str:
    text = grades.get(grade.final, "") or f"没有等次（{grade.note}）"
    if grade.final and grade.by_quota and grade.by_quota != grade.final:
        text += f"（原 {grades.get(grade.by_quota, grade.by_quota)}）"
    marks = [word for word, there in (("待定", grade.pending), ("人工", grade.manual)) if there]
    scope = {"unit": "", "leading_group": "班子：", "person": "个人："}[grade.scope]
    return scope + text + "".join(f"［{m}］" for m in marks)


def explain(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """explain FILE UNIT [QUANTITY]"""
    with opened(desk, arguments.file) as services:
        scheme, unit = _find(services, arguments.unit, arguments.scheme)
        step = services.results.explain(scheme, unit, arguments.quantity)
        speaker.result({"scheme": scheme, "unit": unit, "step": to_plain(step)}, *services.results.sentences(step))
        if services.results.is_stale():
            speaker.say("注意：最近一次计算之后，方案或数据又有改动；以上按现在的数据说明。")
    return DONE


def _find(services: Services, text: str, scheme_id: str | None) -> tuple[str, str]:
    unit = next((u for u in services.units.units() if text in (u.code, u.name)), None)
    if unit is None:
        raise AppError(Fault.NOT_FOUND, f"没有单位“{text}”。")
    schemes = [s.id for s in services.schemes.all() if s.level == unit.level and scheme_id in (None, s.id)]
    if not schemes:
        raise AppError(Fault.NOT_FOUND, f"{unit.name}没有适用的方案。")
    return schemes[0], unit.code


def export(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """export FILE --out results.xlsx"""
    with opened(desk, arguments.file) as services:
        path = services.exports.results(arguments.out, arguments.version, speaker.progress).value
        checkpoint = services.exports.book(arguments.version).checkpoint
    speaker.say(f"已导出：{path}", f"核对指纹：{checkpoint}")
    speaker.result({"file": str(path), "checkpoint": checkpoint}, str(path))
    return DONE
