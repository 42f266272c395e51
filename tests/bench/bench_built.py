"""G6 of the built program: its first paint beside that of a bare PySide6 window frozen with the same build.spec.

python -m tests.bench.bench_built [ROUNDS]      (freezes both first, some minutes; needs what ./build needs)

Both are given in wall time and in processor time: on a busy machine only the second one is steady.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.ui.test_start import BARE, HEAVY, ROOT

NAME = "三联考评"

# As main.py, with everything it reaches inside; ended where the program would go on after its first paint.
OURS = """
import json, os, sys, time
if __name__ == "__main__":
    import app.bootstrap
    from app.ui import application
    def stop(window, make_desk):
        print(time.monotonic(), flush=True)
        print(json.dumps(sorted(sys.modules)), flush=True)
        os._exit(0)
    application.begin = stop
    app.bootstrap.main([])
"""


def frozen(folder: Path, name: str, code: str) -> Path:
    """The program made of a start script, with the packages of build.lock."""
    from tools.build_program import PYTHON

    start = folder / f"{name}.py"
    start.write_text(code, encoding="utf-8")
    command = [PYTHON, "-m", "PyInstaller", ROOT / "build.spec", "--noconfirm", "--log-level", "ERROR"]
    places = ["--distpath", folder / name, "--workpath", folder / f"{name}-work"]
    subprocess.run([*command, *places], cwd=folder, env=os.environ | {"FREEZE_START": str(start)}, check=True)
    return folder / name / NAME / NAME


def painted(program: Path, own: Path) -> tuple[float, float, list[str]]:
    """Wall and processor seconds of a fresh process until its first paint, and the modules loaded by then (ours)."""
    shutil.rmtree(own, ignore_errors=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "SLK_HOME": str(own)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    run = subprocess.run([program], env=environment, capture_output=True, text=True, check=True, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    end, *modules = run.stdout.splitlines()
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return float(end) - begun, spent, json.loads(modules[0]) if modules else []


def main(rounds: int) -> None:
    """Freeze both, run them in turn, print medians and ratios."""
    subprocess.run([ROOT / "build", "--environment"], check=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        programs = {"bare window": frozen(folder, "bare", BARE), "first paint": frozen(folder, "ours", OURS)}
        seen: dict[str, list[tuple[float, float, list[str]]]] = {way: [] for way in programs}
        for turn in range(-2, rounds):
            for way, program in programs.items():
                result = painted(program, folder / "own")
                if turn >= 0:
                    seen[way].append(result)
    heavy = [m for m in seen["first paint"][0][2] if m.split(".")[0] in HEAVY]
    for way, results in seen.items():
        wall, cpu = (median(r[i] for r in results) for i in (0, 1))
        pairs = list(zip(results, seen["bare window"], strict=True))
        by_wall, by_cpu = (median(r[i] / b[i] for r, b in pairs) for i in (0, 1))
        print(f"{way:<20}{wall:8.3f} s {by_wall:6.2f} ×      processor {cpu:8.3f} s {by_cpu:6.2f} ×")
    print(f"loaded before the first paint of {', '.join(HEAVY)}: {', '.join(heavy) or 'nothing'}")
    print("aim: first paint at most 1.3 × the bare window")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
