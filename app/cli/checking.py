"""The verbs that check: year files, schemes, cases, and the program itself."""

from __future__ import annotations

import tempfile
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.speaking import DONE, WITH_FINDINGS, Speaker, count_text
from app.cli.year_verbs import opened, result_lines
from app.domain.findings import Finding, Severity
from app.domain.results import Step
from app.services.plain import to_plain

if TYPE_CHECKING:
    from app.services.container import Desk, Services


def check(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """check FILE | SCHEME"""
    path: Path = arguments.path
    is_scheme = path.suffix.lower() == ".json"
    findings = desk.check_scheme(path) if is_scheme else desk.check_year(path)
    return _report(path.name, findings, speaker)


def _report(name: str, findings: tuple[Finding, ...], speaker: Speaker) -> int:
    speaker.findings(findings)
    said = f"{name}：检查完成，{count_text(findings)}" if findings else f"{name}：检查通过"
    speaker.result({"file": name, "findings": to_plain(findings)}, said)
    return WITH_FINDINGS if findings else DONE


def assess(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """assess CASE.json"""
    found = desk.assess(arguments.path)
    names = {u.code: u.name for u in found.case.units}
    schemes = {s.id: s for s in found.case.schemes}
    lines = list(result_lines(found.results.schemes, schemes, names))
    for (scheme, unit), way in found.ways.items():
        lines += ["", f"── {schemes[scheme].name} · {names[unit]}", *way]
    speaker.findings(found.findings + found.differences)
    if found.case.expect and not found.differences:
        speaker.say(f"{len(found.case.expect)} 项应得结果全部相符")
    document = {
        "title": found.case.title,
        "results": to_plain(found.results),
        "ways": [{"scheme": s, "unit": u, "sentences": list(way)} for (s, u), way in found.ways.items()],
        "differences": to_plain(found.differences),
        "findings": to_plain(found.findings),
    }
    speaker.result(document, *lines)
    # A case that says what must come out is judged by that alone.
    grave = [f for f in found.findings if f.severity is not Severity.NOTE]
    wrong = found.differences or (grave and not found.case.expect)
    return WITH_FINDINGS if wrong else DONE


def selftest(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """selftest: a whole practice year in a temporary folder whose name breaks careless programs."""
    with tempfile.TemporaryDirectory(prefix="自检 a#b ") as folder:
        path = desk.build_practice(Path(folder) / "演练", speaker.progress)
        with opened(desk, path) as services:
            failures = tuple(_failures(services, Path(folder)))
        failures += desk.check_year(path)
    return _report("自检", failures, speaker)


def _failures(services: Services, folder: Path) -> list[Finding]:
    """What does not hold in the practice year that was just built."""
    found: list[Finding] = []
    snapshot = services.results.current()
    graded = [(s.scheme, u) for s in (snapshot.results.schemes if snapshot else ()) for u in s.units.values()]
    if not any(u.grade.final for _, u in graded):
        found.append(Finding("E-SYS-00", "计算", "没有一个单位得到等次"))
    files = [folder / "结果一.xlsx", folder / "结果二.xlsx"]
    for file in files:
        services.exports.results(file)
    if not any(_reaches_a_cell(services.results.explain(s, u.unit)) for s, u in graded):
        found.append(Finding("E-SYS-00", "说明", "没有一个等次能追到评分表的单元格"))
    if services.audit.verify():
        found.append(Finding("E-SYS-00", "记录", "操作记录不连续"))
    if files[0].read_bytes() != files[1].read_bytes():
        found.append(Finding("E-SYS-00", "导出", "同一结果导出两次，内容不同"))
    return found


def _reaches_a_cell(step: Step) -> bool:
    return step.source is not None or any(_reaches_a_cell(below) for below in step.inputs)
