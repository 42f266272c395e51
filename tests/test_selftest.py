"""The program from its source in an awkward place: it needs no network and its selftest leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from app import bootstrap
from app.cli import own_test
from tests.services.test_own_files import program  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[1]

# As main.py starts; any socket that could leave the machine ends the process.
WITHOUT_SOCKETS = """
import os, socket, sys
def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        os._exit(90)
    if event == "socket.__new__" and arguments[1] != getattr(socket, "AF_UNIX", None):
        os._exit(91)
sys.addaudithook(watch)
sys.path.insert(0, sys.argv[1])
from app.bootstrap import main
sys.exit(main(sys.argv[2:]))
"""

WINDOW = """
from PySide6.QtCore import QTimer
from app.ui import application
begin = application.begin
def watched(window, make_desk):
    shell = begin(window, make_desk)
    timer = QTimer(shell)
    timer.timeout.connect(lambda: shell.jobs.running or os._exit(0 if shell.crashes.counts == {} else 7))
    timer.start(50)
    return shell
application.begin = watched
"""


@pytest.fixture
def elsewhere(awkward_folder: Path) -> Path:
    """The program's source, copied to a place with Chinese, a blank, # and % in its name."""
    for name in ("app", "resources"):
        shutil.copytree(ROOT / name, awkward_folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return awkward_folder


def started(code: str, place: Path, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SLK_HOME": str(place / "own"), "TMPDIR": str(place / "temp")}
    (place / "temp").mkdir()
    command = [sys.executable, "-c", code, str(place), *words]
    return subprocess.run(
        command, cwd=place, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=300
    )


def test_that_the_selftest_opens_no_socket_and_leaves_nothing_behind(elsewhere: Path) -> None:
    before = {p.name for p in elsewhere.iterdir()}
    run = started(WITHOUT_SOCKETS, elsewhere, ["selftest"])
    assert (run.returncode, "检查通过" in run.stdout) == (0, True), run.stderr
    assert {p.name for p in elsewhere.iterdir()} - before == {"temp"}
    assert list((elsewhere / "temp").iterdir()) == []


def test_that_the_window_opens_no_socket(elsewhere: Path) -> None:
    hooked = WITHOUT_SOCKETS.replace("from app.bootstrap", f"{WINDOW}\nfrom app.bootstrap")
    run = started(hooked, elsewhere, [])
    assert run.returncode == 0, run.stderr


def test_that_the_watch_ends_a_program_that_opens_a_socket(tmp_path: Path) -> None:
    opening = WITHOUT_SOCKETS.replace("from app.bootstrap", "socket.socket()\nfrom app.bootstrap")
    assert started(opening, tmp_path, ["selftest"]).returncode == 91


def test_that_an_incomplete_program_names_the_file_and_is_not_tried(
    program: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (program / "_internal" / "Qt6Core.dll").unlink()
    monkeypatch.setenv("SLK_HOME", str(program / "own"))
    monkeypatch.setattr(own_test, "built_folder", lambda: program)
    assert bootstrap.main(["selftest", "--json"]) == 1
    out, err = capsys.readouterr()
    assert [f["place"] for f in json.loads(out)["findings"]] == ["_internal/Qt6Core.dll"]
    assert "[E-SYS-01] _internal/Qt6Core.dll：文件缺失" in err
