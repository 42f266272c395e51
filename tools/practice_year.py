"""What `./run` shows: a year in the window, or, without a display, its results as a workbook.

Standard library only; everything is done by the program's own commands (docs/development.md lists them).
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRACTICE = ROOT / "演练年度"
SENT, RETURNED = "发出的评分表", "收回的评分表"
DONE = (0, 1)  # 1: done, with findings that the program has named


class Stopped(Exception):
    """A command of the program did not get to its end; it has said why. The value is its exit code."""


def program(*arguments: str | Path, quiet: bool = False) -> None:
    """Run one command of the program to its end. Raises Stopped when it was refused or broke."""
    output = subprocess.DEVNULL if quiet else None
    status = subprocess.run([sys.executable, ROOT / "main.py", *arguments], check=False, stdout=output).returncode
    if status not in DONE:
        raise Stopped(status)


def practice_year() -> Path:
    """The practice year's file, built when it is not there yet."""
    if not (files := sorted(PRACTICE.glob("*.slk"))):
        say(f"建立演练年度（虚构数据，约需一分钟）：{PRACTICE}")
        program("practice", PRACTICE)
        files = sorted(PRACTICE.glob("*.slk"))
    return files[0]


def has_display() -> bool:
    """Whether a window can be opened. Asked of Qt in a process of its own: without a reachable display it aborts."""
    if sys.platform != "linux":
        return True
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    probe = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    return subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False).returncode == 0


def results_without_window(year: Path) -> Path:
    """The year's chain without a window: sheets out, sheets back, computation, result workbook."""
    folder = year.parent
    workbook = folder / "结果.xlsx"
    say("生成评分表 …")
    program("sheets", year, "--out", folder / SENT, quiet=True)
    if (folder / RETURNED).is_dir():
        say("导入收回的评分表 …")
        program("import", year, folder / RETURNED)
    say("计算 …")
    program("compute", year)
    program("export", year, "--out", workbook, quiet=True)
    return workbook


def say(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Show the year named on the command line, or the practice year."""
    try:
        year = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else practice_year()
        if has_display():
            program(year)
        else:
            workbook = results_without_window(year)
            say(f"没有显示器，已在后台完成。结果工作簿：{workbook}\n年度文件：{year}")
    except Stopped as stopped:
        return stopped.args[0]
    return 0


if __name__ == "__main__":
    sys.exit(main())
