"""G6 and G7: first paint, and the first usable page on the practice year, beside a bare PySide6 window.

python -m tests.bench.bench_start [ROUNDS]      (builds the practice year first, a few seconds)

Both are given in wall time and in processor time: on a busy machine only the second one is steady.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from app.bootstrap import desk
from tests.ui.test_start import BARE, OURS, ROOT

# As main.py opens a file, ended when the first page shows what is in it.
READY = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from PySide6.QtCore import QTimer
import app.bootstrap
from app.ui import application
begin = application.begin
def watched(window, make_desk):
    shell = begin(window, make_desk)
    timer = QTimer(shell)
    timer.timeout.connect(lambda: look(shell))
    timer.start(1)
    return shell
def look(shell):
    page = shell.view.current_page()
    if page is not None and page.is_ready:
        print(time.monotonic(), flush=True)
        os._exit(0)
application.begin = watched
app.bootstrap.run_window([sys.argv[2]])
"""


def measured(code: str, environment: dict[str, str], *arguments: str) -> tuple[float, float]:
    """Wall and processor seconds of a fresh process until it prints the time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    command = [sys.executable, "-c", code, str(ROOT), *arguments]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (
        float(run.stdout.splitlines()[0]) - begun,
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    )


def main(rounds: int) -> None:
    """Alternate the three ways, print medians and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        year = str(desk().build_practice(Path(folder) / "practice"))
        own = Path(folder) / "own"
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "SLK_HOME": str(own)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, as on any PC
        seen: dict[str, list[tuple[float, float]]] = {"bare window": [], "first paint": [], "first usable page": []}
        for turn in range(-1, rounds):
            for name, way in (("bare window", (BARE,)), ("first paint", (OURS,)), ("first usable page", (READY, year))):
                # The process before was cut off. What it left would be taken for a crash: a start after an orderly end
                # is measured, without the banner, the log and the whole check of the file that follow a crash.
                Path(year + ".lock").unlink(missing_ok=True)
                shutil.rmtree(own, ignore_errors=True)
                own.mkdir()
                result = measured(way[0], environment, *way[1:])
                if turn >= 0:
                    seen[name].append(result)
    bare = seen["bare window"]
    for name, results in seen.items():
        wall, cpu = (median(r[i] for r in results) for i in (0, 1))
        by_wall, by_cpu = (median(r[i] / b[i] for r, b in zip(results, bare, strict=True)) for i in (0, 1))
        print(f"{name:<20}{wall:8.3f} s {by_wall:6.2f} ×      processor {cpu:8.3f} s {by_cpu:6.2f} ×")
    print("aims: first paint at most 1.5 ×, first usable page at most 5 × the bare window")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
