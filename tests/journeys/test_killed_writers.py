"""R-05: every writer of the program killed at random moments: no torn target, and no leftovers after the next start."""

from __future__ import annotations

import configparser
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from app.services.container import Desk
from app.storage.copying import read_state
from tests.services import small_year

ROOT = Path(__file__).parents[2]
SEED = 5

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks, and kills as on Unix")

# Everything is loaded once; each line read starts one program that writes every kind of file without end.
WRITERS = """
import os, sys
from itertools import count
from pathlib import Path
from PySide6.QtCore import QSettings
from app.services import exports, schemes, sheets  # loaded before the first start
from app.services.container import Desk
from app.files.excel import results
import app.files.excel.handing_out, app.storage.backups, numpy, xlsxwriter

folder = Path(sys.argv[1])

def write():
    services = Desk("甲", folder / "own").open(folder / "2026年度.slk")
    settings = QSettings(str(folder / "own" / "window.ini"), QSettings.Format.IniFormat)
    png = bytes(range(256)) * 2000
    forms = [s.id for s in services.schemes.all()]
    os.write(1, b"open\\n")
    for n in count():
        services.exports.results(folder / "结果.xlsx")
        services.exports.picture(folder / "图.png", bytes([n % 256]) + png + bytes([n % 256]), "图")
        services.backups.make(f"第 {n} 份")
        for scheme in forms:
            services.schemes.export_file(scheme, folder / f"{scheme}.json")
        services.exports.explanation(folder / "说明.txt", "department", "D1")
        services.sheets.send(folder / "发出")
        Desk("甲", folder / "own").open(folder / "另一年.slk").close()
        settings.setValue("window/geometry", str(n) * 500)
        settings.sync()

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        write()
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


def torn(path: Path) -> str:
    """What is wrong with a file under its final name; empty: it is whole."""
    try:
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                return book.testzip() or ""
        if path.suffix == ".slk":
            read_state(path)
        elif path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".ini":
            configparser.ConfigParser().read(path, encoding="utf-8")
        elif path.suffix == ".png":
            content = path.read_bytes()
            return "" if len(content) == 512_002 and content[0] == content[-1] else "cut"
        else:
            return "" if path.read_text(encoding="utf-8").endswith("\n") else "cut"
    except Exception as error:
        return repr(error)
    return ""


def written(folder: Path) -> list[Path]:
    """Every file under a final name: neither in a folder in which files are made, nor half-made itself."""
    return [
        p
        for p in folder.rglob("*")
        if p.is_file()
        and p.suffix in (".xlsx", ".slk", ".json", ".ini", ".png", ".txt")
        and not any(part.startswith(".") for part in p.relative_to(folder).parts)
    ]


def freshly_written(folder: Path, since: float) -> list[Path]:
    """Of these, what has changed since; not the year files, which take back half a write when they are opened."""
    made = [p for p in written(folder) if p.suffix != ".slk" or p.parent.name == "备份"]
    return [p for p in made if p.stat().st_mtime >= since]


def leftovers(folder: Path) -> list[str]:
    """What is nobody's: half-made files, folders beside targets, locks of programs that have gone."""
    known = {p for p in written(folder)} | {p for p in folder.rglob("*") if p.is_dir() and not p.name.startswith(".")}
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p not in known)


def killed(folder: Path, kills: int) -> int:
    """Kill the writers so often; how often they were in the middle of something."""
    rng = random.Random(SEED)
    command = [sys.executable, "-c", WRITERS, str(folder)]
    in_the_middle = 0
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as starter:
        assert starter.stdin is not None
        assert starter.stdout is not None
        for kill in range(kills):
            starter.stdin.write("\n")
            starter.stdin.flush()
            said = {starter.stdout.readline().strip() for _ in range(2)}
            child = int(next(iter(said - {"open"})))
            since = time.time() - 1
            end = time.perf_counter() + rng.random() * 0.8
            while time.perf_counter() < end:  # a moment that is not a step of the child's
                pass
            os.kill(child, signal.SIGKILL)
            assert starter.stdout.readline().strip() == "ended"
            in_the_middle += any(name for name in leftovers(folder) if not name.endswith(".lock"))
            bad = {p.name: said for p in freshly_written(folder, since) if (said := torn(p))}
            assert bad == {}, f"kill {kill}, seed {SEED}"
    return in_the_middle


@pytest.fixture
def year(tmp_path: Path, awkward_folder: Path) -> Path:
    """A folder with a computed year that is small, and another one."""
    services = small_year.create(awkward_folder)
    small_year.live_through(services, awkward_folder)
    services.results.compute()
    services.close()
    for made in ("发出", "收回", "own"):
        shutil.rmtree(awkward_folder / made)
    for made in awkward_folder.glob("*.json"):
        made.unlink()
    shutil.copy(awkward_folder / "2026年度.slk", awkward_folder / "另一年.slk")
    return awkward_folder


def nothing_is_left_after_the_next_start(folder: Path) -> None:
    """The year is opened and its files are written once more: then only whole files are there."""
    desk = Desk("甲", folder / "own")
    for name in ("2026年度.slk", "另一年.slk"):
        services = desk.open(folder / name)
        services.sheets.send(folder / "发出")
        services.close()
    assert leftovers(folder) == []
    assert desk.check_year(folder / "2026年度.slk") == ()


def test_that_thirty_kills_tear_nothing_and_leave_nothing_behind(year: Path) -> None:
    assert killed(year, 30) >= 10  # or the kills have missed the writes
    nothing_is_left_after_the_next_start(year)


@pytest.mark.release
def test_that_three_hundred_kills_tear_nothing_and_leave_nothing_behind(year: Path) -> None:
    assert killed(year, 300) >= 100
    nothing_is_left_after_the_next_start(year)
