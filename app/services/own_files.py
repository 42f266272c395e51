"""The built program's own files against the list of sums beside it: what a virus scanner took, or a copy lost."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from app.domain.errors import Fault
from app.domain.findings import Finding

SUMS = "SHA256SUMS"
_CODE = Fault.SYS_FILE_MISSING.value.code
_STEP = "请重新复制完整的程序文件夹；再次出现时，请信息人员查看杀毒软件的隔离区，把本程序列为信任"


def built_folder() -> Path | None:
    """The folder of the built program; None when it runs from its source."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else None


def file_faults(folder: Path) -> tuple[Finding, ...]:
    """A finding for every file that is listed in SHA256SUMS and is missing, changed or unreadable. Files that are not
    listed are no fault: people put their own beside the program."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        lines = []
    if not lines:
        return (Finding(_CODE, SUMS, "清单文件缺失或不能读取，无法核对程序文件", _STEP),)
    found: list[Finding] = []
    for line in lines:
        expected, _, name = line.partition("  ")
        if said := _fault(folder / name, expected):
            found.append(Finding(_CODE, name, said, _STEP))
    return tuple(found)


def _fault(path: Path, expected: str) -> str:
    try:
        with path.open("rb") as file:
            return "" if hashlib.file_digest(file, "sha256").hexdigest() == expected else "文件内容已改变"
    except FileNotFoundError:
        return "文件缺失"
    except OSError as error:
        return f"文件不能读取（{error.strerror or error}）"
