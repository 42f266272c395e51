"""Whether a practice year that was just built holds what it should, and goes through every door; for the selftest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.findings import Finding
from app.domain.results import Step
from app.services.own_parts import tried

if TYPE_CHECKING:
    from app.services.container import Desk, Services

Part = Callable[["Desk", "Services", Path], str]
_PASSPHRASE = "自检口令 12345678"


def year_faults(desk: Desk, services: Services, folder: Path) -> tuple[Finding, ...]:
    """What does not hold, part by part. services: of the practice year; folder: one to work in."""
    found = (tried(name, lambda part=part: part(desk, services, folder)) for name, part in _PARTS.items())
    return tuple(finding for finding in found if finding)


def _sheets(desk: Desk, services: Services, folder: Path) -> str:
    return "" if services.sheets.batches() else "没有一份评分表读进来"


def _grades(desk: Desk, services: Services, folder: Path) -> str:
    graded = any(grade for _, _, grade in _graded(services))
    return "" if graded else "没有一个单位得到等次"


def _ways(desk: Desk, services: Services, folder: Path) -> str:
    found = any(_reaches_a_cell(services.results.explain(scheme, unit)) for scheme, unit, _ in _graded(services))
    return "" if found else "没有一个等次能追到评分表的单元格"


def _trail(desk: Desk, services: Services, folder: Path) -> str:
    return "操作记录不连续" if services.audit.verify() else ""


def _workbook(desk: Desk, services: Services, folder: Path) -> str:
    files = [folder / "结果一.xlsx", folder / "结果二.xlsx"]
    for file in files:
        services.exports.results(file)
    return "" if files[0].read_bytes() == files[1].read_bytes() else "同一结果导出两次，内容不同"


def _word(desk: Desk, services: Services, folder: Path) -> str:
    """A report written as a Word file and read again: the same words in the same sections."""
    scheme, unit = _reported(services)
    file = services.reports.export_docx(scheme, unit, folder / "报告.docx").value
    written = {s.section: s.text for s in services.reports.get(scheme, unit).report.sections if s.text}
    read = {s.section: s.text for s in services.reports.read_docx(file, scheme).sections()}
    return "" if written and written == read else "导出的报告读回来不一样"


def _packages(desk: Desk, services: Services, folder: Path) -> str:
    """A unit's task goes out under a passphrase, is opened elsewhere, and what is handed in comes back."""
    _, unit = _reported(services)
    sent = services.exchange.send_tasks(folder / "任务包", [unit], _PASSPHRASE).value
    there = desk.aside(folder / "单位").open_task(sent.files[0], folder / "单位年度.slk", _PASSPHRASE)
    try:
        receipt = there.tasks.submit(folder / "回传包.slp", _PASSPHRASE).value
    finally:
        there.close()
    scan = services.exchange.scan([folder / "回传包.slp"], {"": _PASSPHRASE})
    fates = [(p.fate, p.unit, p.key_code) for p in services.exchange.plan(scan).packages]
    return "" if fates == [("waiting", unit, receipt.key_code)] else "交回来的数据包认不出来"


def _graded(services: Services) -> list[tuple[str, str, str]]:
    """Scheme, unit and grade of every unit with a result."""
    snapshot = services.results.current()
    results = snapshot.results.schemes if snapshot else ()
    return [(s.scheme, u.unit, u.grade.final) for s in results for u in s.units.values()]


def _reported(services: Services) -> tuple[str, str]:
    """Scheme and unit of a report that has been accepted."""
    lines = (line for form in services.reports.forms() for line in services.reports.list(form.scheme))
    return next((line.scheme, line.unit) for line in lines if line.state == "accepted")


def _reaches_a_cell(step: Step) -> bool:
    return step.source is not None or any(_reaches_a_cell(below) for below in step.inputs)


_PARTS: dict[str, Part] = {
    "导入": _sheets,
    "计算": _grades,
    "说明": _ways,
    "记录": _trail,
    "导出": _workbook,
    "Word 报告": _word,
    "数据包的收发": _packages,
}
