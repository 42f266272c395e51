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
from app.cli import first_look, own_test
from app.services import own_parts, own_year
from app.services.container import Desk
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


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_that_no_library_behind_the_window_or_the_printer_opens_a_socket(tmp_path: Path) -> None:
    """Python's watch does not see what libraries do themselves."""
    code = "import sys; from pathlib import Path; from app.ui.own_look import window_faults\n"
    code += "window_faults(Path(sys.argv[1]), lambda: 9)"
    trace = tmp_path / "trace"
    environment = {k: v for k, v in os.environ.items() if k != "CUPS_SERVER"} | {"QT_QPA_PLATFORM": "offscreen"}
    command = ["strace", "-f", "-e", "trace=socket,execve", "-o", trace, sys.executable, "-c", code, tmp_path]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120)
    lines = trace.read_text(encoding="utf-8").splitlines()
    assert (tmp_path / "打印.pdf").exists() and any("execve" in line for line in lines)
    assert [line for line in lines if "socket(" in line and "AF_UNIX" not in line] == []


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


# ---- before anything else is loaded


def test_that_the_first_look_names_what_is_missing_even_of_the_interpreter_itself(program: Path) -> None:  # noqa: F811
    assert first_look.missing_files(str(program)) == []
    (program / "_internal" / "Qt6Core.dll").unlink()
    assert first_look.missing_files(str(program)) == ["_internal/Qt6Core.dll"]
    (program / "SHA256SUMS").unlink()
    assert first_look.missing_files(str(program)) == ["SHA256SUMS"]


def test_that_the_first_look_speaks_as_the_selftest_does(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    first_look.report(["_internal/Qt6Core.dll"], as_json=True)
    out, err = capfdbinary.readouterr()
    [finding] = json.loads(out)["findings"]
    assert finding["place"] == "_internal/Qt6Core.dll"
    assert "[E-SYS-01] _internal/Qt6Core.dll：文件缺失" in err.decode()


def test_that_the_first_look_needs_nothing_that_could_be_missing() -> None:
    """Only what is built into the interpreter, or loaded before any program begins."""
    code = "import os, sys; before = set(sys.modules); exec(open(sys.argv[1], encoding='utf-8').read(), {'__name__': 'x'});"
    code += "print(sorted(set(sys.modules) - before))"
    command = [sys.executable, "-S", "-I", "-c", code, str(ROOT / "app" / "cli" / "first_look.py")]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert run.stdout.strip() == "[]"


# ---- the parts


def test_that_an_old_year_and_the_signature_are_tried(tmp_path: Path) -> None:
    assert own_parts.part_faults(Desk("甲", tmp_path / "own"), tmp_path) == ()
    assert (tmp_path / "旧版年度.slk").exists()


def test_that_a_part_that_is_missing_or_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_module(desk: Desk, folder: Path) -> str:
        raise ImportError("libxyz.so: cannot open shared object file")

    def broken(desk: Desk, folder: Path) -> str:
        raise ValueError("x")

    monkeypatch.setattr(own_parts, "_PARTS", {"甲": no_module, "乙": broken, "丙": lambda d, f: "解不开"})
    found = own_parts.part_faults(Desk("甲", tmp_path / "own"), tmp_path)
    assert [(f.code, f.place) for f in found] == [("E-SYS-01", "甲"), ("E-SYS-00", "乙"), ("E-SYS-00", "丙")]
    assert "libxyz.so" in found[0].message


@pytest.mark.skipif(sys.platform != "linux", reason="Qt's screens of Linux")
def test_that_a_display_that_is_not_there_is_named_and_a_missing_one_only_remarked(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from app.ui.own_look import window_faults\n"
        "print(*(f'{f.code} {f.severity}' for f in window_faults(Path(sys.argv[2]), lambda: print('none', flush=True) or 9)))"
    )
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    command = [sys.executable, "-c", code, str(ROOT), str(tmp_path)]
    for more, code_and_text in (({"DISPLAY": ":987"}, (9, "none")), ({}, (0, "SELF-DISPLAY note"))):
        run = subprocess.run(command, env=bare | more, capture_output=True, encoding="utf-8", check=False, timeout=60)
        assert (run.returncode, run.stdout.strip()) == code_and_text, run.stderr


# ---- a year


def test_that_every_part_of_a_year_that_does_not_hold_is_named(tmp_path: Path) -> None:
    desk = Desk("甲", tmp_path / "own")
    services = desk.create(tmp_path / "空.slk", [ROOT / "resources" / "schemes" / "branch.json"], None, "", "空")
    try:
        found = own_year.year_faults(desk, services, tmp_path)
    finally:
        services.close()
    assert [f.place for f in found] == ["导入", "计算", "说明", "导出", "Word 报告", "数据包的收发"]
    assert {f.code for f in found} == {"E-SYS-00"}
