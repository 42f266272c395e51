"""The verb that checks the program itself. As little as can be is loaded before the program's files are compared with
their list: one that is missing must be named, not stumbled over."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.speaking import WITH_FINDINGS, Speaker
from app.domain.findings import Finding
from app.domain.results import Step
from app.services.own_files import built_folder, file_faults

if TYPE_CHECKING:
    from app.services.container import Desk, Services


def selftest(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """selftest: the built program's files; then a whole practice year in a temporary folder whose name breaks careless
    programs. Nothing of it stays, not even in the list of years opened last."""
    folder = built_folder()
    if folder is not None and (faults := file_faults(folder)):
        return _incomplete(faults, speaker)
    from app.cli.checking import report

    return report("自检", _practice_year(desk, speaker), speaker)


def _incomplete(faults: tuple[Finding, ...], speaker: Speaker) -> int:
    """An incomplete program is not tried: what it does then says nothing."""
    speaker.findings(faults)
    document = {
        "file": "自检",
        "findings": [{"code": f.code, "place": f.place, "message": f.message, "step": f.step} for f in faults],
    }
    speaker.result(document, f"自检：{len(faults)} 个程序文件缺失或已改变，没有继续检查")
    return WITH_FINDINGS


def _practice_year(desk: Desk, speaker: Speaker) -> tuple[Finding, ...]:
    import tempfile

    from app.cli.year_verbs import opened

    with tempfile.TemporaryDirectory(prefix="自检 a#b ") as folder:
        aside = desk.aside(Path(folder))
        path = aside.build_practice(Path(folder) / "演练", speaker.progress)
        with opened(aside, path) as services:
            failures = tuple(_failures(services, Path(folder)))
        return failures + aside.check_year(path)


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
