"""The built program as an office gets it: R-34, R-35, R-39, R-40. Builds it first (some minutes), so: before a release."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.services.own_files import file_faults
from app.ui.about import PARTS
from tests.journeys.computers import PROGRAM, environment

pytestmark = pytest.mark.release

ROOT = Path(__file__).parents[2]
# Without these the program cannot begin; what starts it says so itself, and in which file it failed.
NEEDED_TO_BEGIN = (PROGRAM, "libpython", "python3", "base_library.zip", "libz.so", "vcruntime")

NOBODY = 65534
SCHEME = ROOT / "resources" / "schemes" / "branch.json"
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
linux_root = pytest.mark.skipif(not IS_ROOT, reason="mounting read-only and taking the network away needs root")


@pytest.fixture
def copied(built: Path, awkward_folder: Path) -> Path:
    """A copy under a name with Chinese, a blank, # and %."""
    return shutil.copytree(built, awkward_folder / "程序 #1 100%", copy_function=_linked)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Where this run keeps its own files."""
    return tmp_path / "own"


def said(command: Sequence[str | Path], own: Path, **more: str) -> tuple[int, str]:
    """Exit code and everything written."""
    done = subprocess.run(command, env=environment(own, **more), capture_output=True, check=False, timeout=600)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


@pytest.fixture
def year(copied: Path, own: Path, tmp_path: Path) -> Path:
    """The practice year, made by the built program."""
    code, text = said([copied / PROGRAM, "practice", tmp_path / "演练"], own)
    assert code == 0, text
    return next((tmp_path / "演练").glob("*.slk"))


def test_that_its_files_are_those_of_the_list_with_the_licences_of_all_parts(built: Path) -> None:
    assert file_faults(built) == ()
    parts = (built / "许可与部件.txt").read_text(encoding="utf-8")
    for part in (
        "PySide6",
        "shiboken6",
        "SQLAlchemy",
        "numpy",
        "openpyxl",
        "pyqtgraph",
        "cryptography",
        "python-docx",
        "lxml",
        "Lucide",
        "Python 3",
        "LGPL",
    ):
        assert part in parts
    known = [p.parent.name.lower() for p in built.rglob("*.dist-info/METADATA")]  # what 关于 reads
    assert [part for part in PARTS if not any(k.startswith(part.lower().replace("-", "_")) for k in known)] == []
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (built / "许可" / "LGPL-3.0.txt").read_text(encoding="utf-8")
    named = [name for line in parts.splitlines() if "　许可：" in line for name in line.split("：")[-1].split("、")]
    assert [name for name in named if not (built / "许可" / name).exists() and ":" not in name] == []


def test_that_it_holds_no_links_and_nothing_of_the_machine_it_was_built_on(built: Path) -> None:
    assert [p for p in built.rglob("*") if p.is_symlink()] == []
    own_texts = [p for p in built.rglob("*") if p.suffix in (".txt", ".json", ".ini") and "许可" not in p.parts]
    assert [p for p in own_texts if str(ROOT).encode() in p.read_bytes()] == []


def test_that_it_runs_from_an_awkward_path_beside_planted_libraries(copied: Path, own: Path, tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    planted.mkdir()
    for name in ("libQt6Core.so.6", "libsqlite3.so.0", "sqlite3.dll", "Qt6Core.dll", "numpy.py", "app.py"):
        (planted / name).write_text("raise SystemExit('planted')", encoding="utf-8")
    run = subprocess.run([copied / PROGRAM, "selftest"], cwd=planted, env=environment(own), check=False, timeout=600)
    assert run.returncode == 0
    assert not own.exists()


@linux_root
def test_that_it_runs_from_a_read_only_place_without_any_network(copied: Path, own: Path) -> None:
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && ! touch "$1/x" && exec "$1/$2" selftest'
    code, text = said(["unshare", "-m", "-n", "sh", "-c", script, "sh", str(copied), PROGRAM], own)
    assert code == 0, text


@linux_root
def test_that_somebody_without_rights_uses_what_the_administrator_has_put_there(built: Path) -> None:
    """Not the owner of the program, no home, no network: selftest, and a year in a folder of his own."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        there = shutil.copytree(built, place / "程序 1", copy_function=_linked)
        mine = place / "我的"
        mine.mkdir()
        os.chown(mine, NOBODY, NOBODY)
        alone = ["unshare", "-n", "setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
        alone += ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", there / PROGRAM]
        more = {"HOME": "/nonexistent", "TMPDIR": str(mine)}
        code, text = said([*alone, "selftest"], mine / "own", **more)
        assert code == 0, text
        assert list(mine.iterdir()) == []
        code, text = said([*alone, "new", mine / "年.slk", "--scheme", SCHEME], mine / "own", **more)
        assert code in (0, 1) and (mine / "年.slk").stat().st_uid == NOBODY, text
        code, text = said([*alone, "new", there / "年.slk", "--scheme", SCHEME], mine / "own", **more)
        assert code == 3 and "E-FILE" in text and not (there / "年.slk").exists()


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_that_it_opens_no_socket_that_could_leave_the_machine(copied: Path, own: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code, text = said(["strace", "-f", "-e", "trace=socket", "-o", trace, copied / PROGRAM, "selftest"], own)
    assert code == 0, text
    opened = [line for line in trace.read_text(encoding="utf-8").splitlines() if "socket(" in line]
    assert [line for line in opened if "AF_UNIX" not in line] == []


@pytest.mark.skipif(os.name == "nt", reason="how a shell closes streams")
def test_that_it_runs_without_any_stream(copied: Path, own: Path) -> None:
    code, text = said(["sh", "-c", 'exec "$1" selftest <&- >&- 2>&-', "sh", copied / PROGRAM], own)
    assert (code, text) == (0, "")


def test_that_any_file_taken_away_is_named(copied: Path, own: Path) -> None:
    files = [p for p in sorted(copied.rglob("*")) if p.is_file() and _worth_a_run(p.relative_to(copied))]
    assert len(files) > 100
    silent: list[str] = []
    for path in files:
        aside = path.rename(path.with_name(f"{path.name}.quarantine"))
        code, text = said([copied / PROGRAM, "selftest"], own)
        aside.rename(path)
        # A part of Python that is needed before our first line is told by Python, by the module's name.
        if code == 0 or (path.name not in text and f"No module named '{path.name.split('.')[0]}'" not in text):
            silent.append(f"{path.relative_to(copied)}: {code} {text[:300]}")
    assert silent == []


def _worth_a_run(name: Path) -> bool:
    """Code and lists; of the texts and pictures, which are all alike to the check, only the manual."""
    of_code = (
        name.suffix not in (".svg", ".png", ".txt", ".json", ".md", ".py", ".csv", ".hex") or "manual" in name.parts
    )
    return of_code and "许可" not in name.parts and not name.name.startswith(NEEDED_TO_BEGIN)


def test_that_a_file_needed_to_begin_is_named_by_what_starts_the_program(copied: Path, own: Path) -> None:
    path = next(p for p in copied.rglob("*") if p.name.startswith(("libpython", "python311.dll")))
    path.rename(path.with_name("quarantine"))
    code, text = said([copied / PROGRAM, "selftest"], own)
    assert code != 0
    assert path.name in text


def test_that_a_changed_file_is_named(copied: Path, own: Path) -> None:
    path = next(copied.rglob("branch.json"))
    content = path.read_bytes()
    path.unlink()  # the copy holds the same file as the original
    path.write_bytes(content + b" ")
    code, text = said([copied / PROGRAM, "selftest"], own)
    assert (code, "branch.json" in text, "已改变" in text) == (1, True, True), text


# ---- the window


@pytest.fixture
def window(copied: Path, own: Path, year: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program with the practice year open, without console streams."""
    process = _opened(copied, own, year)
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()


def _opened(copied: Path, own: Path, year: Path) -> subprocess.Popen[bytes]:
    none = subprocess.DEVNULL
    command = [copied / PROGRAM, year]
    process = subprocess.Popen(command, env=environment(own), stdin=none, stdout=none, stderr=none)
    assert _until(lambda: any(str(year) in f.read_text(encoding="utf-8") for f in own.glob("running-*.txt")), process)
    return process


def _until(true: object, process: subprocess.Popen[bytes]) -> bool:
    """Whether it came true while the program was running, within a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if callable(true) and true():
            return True
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="how a crash is made here")
def test_that_a_hard_crash_of_the_window_is_written_down_and_told_at_the_next_start(
    window: subprocess.Popen[bytes], copied: Path, own: Path, year: Path
) -> None:
    window.send_signal(signal.SIGSEGV)
    window.wait(timeout=60)
    trace = next(own.glob("running-*.trace")).read_text(encoding="utf-8")
    assert "Segmentation fault" in trace
    again = _opened(copied, own, year)
    try:
        assert _until(lambda: (own / "program.log").exists(), again)
        log = (own / "program.log").read_text(encoding="utf-8")
        assert "上次没有正常结束" in log
        assert "Segmentation fault" in log
    finally:
        again.kill()
        again.wait()
