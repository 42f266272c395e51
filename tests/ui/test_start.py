"""G6 and G7: what is loaded at the first paint, and how long it takes beside a bare window."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.volumes import volume

ROOT = Path(__file__).parents[2]
HEAVY = (
    "sqlalchemy",
    "numpy",
    "openpyxl",
    "pyqtgraph",
    "python_calamine",
    "xlsxwriter",
    "alembic",
    "pypinyin",
    "cattrs",
)

BARE = """
import os, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
app = QApplication(sys.argv[:1])
class Bare(QMainWindow):
    painted = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            QTimer.singleShot(0, stop)
def stop():
    print(time.monotonic(), flush=True)
    os._exit(0)
window = Bare()
window.setCentralWidget(QLabel("考核评分系统"))
window.resize(1280, 720)
window.show()
app.exec()
"""

# The program as main.py starts it, ended where it would go on after its first paint.
OURS = """
import json, os, sys, time
sys.path.insert(0, sys.argv[1])
import app.bootstrap
from app.ui import application
def stop(window, make_desk):
    print(time.monotonic(), flush=True)
    print(json.dumps(sorted(sys.modules)), flush=True)
    os._exit(0)
application.begin = stop
app.bootstrap.run_window([])
"""


def start(code: str, own: Path) -> tuple[float, list[str]]:
    """Seconds from the start of the process to its first paint, and the modules loaded by then (ours)."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "SLK_HOME": str(own)}
    begun = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    painted, *modules = run.stdout.splitlines()
    return float(painted) - begun, json.loads(modules[0]) if modules else []


def test_that_nothing_heavy_is_loaded_before_the_first_paint(tmp_path: Path) -> None:
    _, modules = start(OURS, tmp_path)
    assert "PySide6.QtWidgets" in modules
    assert [name for name in modules if name.split(".")[0] in HEAVY] == []


def test_that_the_first_paint_takes_at_most_half_as_long_again_as_a_bare_window(tmp_path: Path) -> None:
    pairs = [(start(BARE, tmp_path)[0], start(OURS, tmp_path)[0]) for _ in range(7)]
    ratio = statistics.median(ours / bare for bare, ours in pairs)
    assert ratio <= 1.5, f"{ratio:.2f} times the bare window; pairs in seconds: {pairs}"


# What is read for the first page of an open year. Of what lies below, it needs the database and nothing else: each of
# the others would make the user wait (the engine's numpy alone a tenth of the way).
FIRST_PAGE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from app.services import history, opening, results, year
print(0)
print(json.dumps(sorted(sys.modules)))
"""


def test_that_the_first_page_of_a_year_needs_the_database_only(tmp_path: Path) -> None:
    _, modules = start(FIRST_PAGE, tmp_path)
    assert "sqlalchemy" in modules
    assert [name for name in modules if name in HEAVY and name != "sqlalchemy"] == []


# a windowed program has no streams; its own folder may be on a disc that cannot be written to.
BARE_SURROUNDINGS = """
import os, sys
sys.path.insert(0, sys.argv[1])
sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None
from PySide6.QtCore import QTimer
import app.bootstrap
from app.ui import application
begin = application.begin
def watched(window, make_desk):
    shell = begin(window, make_desk)
    timer = QTimer(shell)
    timer.timeout.connect(lambda: look(shell))
    timer.start(10)
    return shell
def look(shell):
    if not shell.jobs.running:
        os._exit(0 if shell.crashes.counts == {} and shell.window.isVisible() else 7)
application.begin = watched
app.bootstrap.run_window([])
"""


def started_bare(own: Path, temp: Path) -> int:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "SLK_HOME": str(own), "TMPDIR": str(temp)}
    command = [sys.executable, "-c", BARE_SURROUNDINGS, str(ROOT)]
    return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60).returncode


def test_that_the_program_starts_without_streams_and_without_a_writable_folder(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("", encoding="utf-8")
    assert started_bare(blocked / "below it", tmp_path) == 0


def test_that_the_program_starts_without_streams_on_a_full_disk(tmp_path: Path) -> None:
    with volume(tmp_path / "满盘", 512) as disk:
        disk.fill()
        assert started_bare(disk.place / "own", disk.place) == 0
