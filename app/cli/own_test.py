"""The verb that checks the program itself. As little as can be is loaded before the program's files are compared with
their list: one that is missing must be named, not stumbled over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import WindowFaults
from app.cli.speaking import DONE, WITH_FINDINGS, Speaker
from app.domain.findings import Finding, Severity
from app.services.own_files import built_folder, file_faults

if TYPE_CHECKING:
    from app.services.container import Desk


def selftest(desk: Desk, speaker: Speaker, window_faults: WindowFaults) -> int:
    """selftest: the built program's files; then its parts, its window and a whole practice year in a temporary folder
    whose name breaks careless programs. Nothing of it stays, not even in the list of years opened last."""
    folder = built_folder()
    if folder is not None and (faults := file_faults(folder)):
        return _told(faults, f"自检：{len(faults)} 个程序文件缺失或已改变，没有继续检查", speaker)
    findings = _all_parts(desk, speaker, window_faults)
    grave = [f for f in findings if f.severity is not Severity.NOTE]
    return _told(findings, f"自检：检查完成，{len(grave)} 处错误" if grave else "自检：检查通过", speaker)


def _told(findings: tuple[Finding, ...], said: str, speaker: Speaker) -> int:
    """Say what was found; remarks that are no fault of the program leave the exit code alone."""
    speaker.findings(findings)
    plain = [
        {"code": f.code, "place": f.place, "message": f.message, "step": f.step, "severity": f.severity.value}
        for f in findings
    ]
    speaker.result({"file": "自检", "findings": plain}, said)
    return WITH_FINDINGS if any(f.severity is not Severity.NOTE for f in findings) else DONE


def _all_parts(desk: Desk, speaker: Speaker, window_faults: WindowFaults) -> tuple[Finding, ...]:
    import tempfile

    from app.services.own_parts import part_faults, tried

    with tempfile.TemporaryDirectory(prefix="自检 a#b ", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        found: list[Finding] = []
        no_part = tried("界面", lambda: found.extend(window_faults(folder, lambda: _no_window(speaker))) or "")
        found += [no_part] if no_part else []
        found += part_faults(desk, folder)
        return (*found, *_practice_year(desk, folder, speaker))


def _no_window(speaker: Speaker) -> int:
    """Qt is about to end the program: the last words."""
    step = "请确认显示器、远程桌面或显示服务可用后重试"
    _told((Finding("E-SYS-01", "界面", "不能在这台电脑上打开窗口", step),), "自检：没有继续检查", speaker)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # pyright: ignore[reportUnnecessaryComparison]
            stream.flush()
    return WITH_FINDINGS


def _practice_year(desk: Desk, folder: Path, speaker: Speaker) -> tuple[Finding, ...]:
    from app.cli.year_verbs import opened
    from app.services.own_year import year_faults

    aside = desk.aside(folder)
    path = aside.build_practice(folder / "演练", speaker.progress)
    with opened(aside, path) as services:
        faults = year_faults(aside, services, folder)
    return faults + aside.check_year(path)
