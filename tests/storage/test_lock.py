"""One program, one file: a second start is refused, a crash locks nobody out, another computer is asked about."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.storage.lock import FileLock, lock_path
from app.storage.year_file import YearFile

ROOT = Path(__file__).parents[2]
HOLD = (
    "import sys; from pathlib import Path; from app.storage.year_file import YearFile\n"
    "year = YearFile.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read(); year.close()"
)


@contextmanager
def other_window(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the file open; ended by its own number if it still runs."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        assert child.stdout.readline().strip() == "open"
        yield child
    finally:
        child.stdin.close()
        child.stdout.close()
        if child.poll() is None:
            child.wait(timeout=20)


@pytest.fixture
def closed(filled: YearFile, path: Path) -> Path:
    filled.close()
    return path


def test_that_a_second_start_is_refused_and_told_who_has_it(closed: Path) -> None:
    with other_window(closed) as child:
        for break_lock in (False, True):  # a living program on this computer keeps its lock
            with pytest.raises(AppError) as caught:
                YearFile.open(closed, break_lock=break_lock)
            assert caught.value.fault is Fault.DB_LOCKED
            assert f"进程 {child.pid}）使用，" in caught.value.detail
            assert re.search(r"，\d{4}-\d\d-\d\d \d\d:\d\d 打开。$", caught.value.detail)
        reading = YearFile.open(closed, read_only=True)
        with reading.read() as work:
            assert work.audit.count() == 2
        reading.close()
    YearFile.open(closed).close()
    assert not lock_path(closed).exists()


def test_that_the_same_program_does_not_open_a_file_twice(closed: Path) -> None:
    first = YearFile.open(closed)
    with pytest.raises(AppError) as caught:
        YearFile.open(closed)
    assert caught.value.fault is Fault.DB_LOCKED
    first.close()
    YearFile.open(closed).close()


def test_that_after_a_kill_the_file_opens_at_once_and_says_so(closed: Path) -> None:
    for _ in range(3):
        with other_window(closed) as child:
            child.kill()
            child.wait(timeout=20)
        opened = YearFile.open(closed)
        assert opened.recovered.startswith("上次没有正常关闭；没有未完成的写入。数据停在第 2 条记录：填入演练数据")
        opened.close()
    calm = YearFile.open(closed)
    assert calm.recovered == ""
    calm.close()


def leave_foreign_lock(path: Path) -> None:
    holder = {"pid": 1, "computer": "别的电脑", "program": "三联考评", "since": "2026-11-20T09:00:00+08:00"}
    lock_path(path).write_text(json.dumps(holder), encoding="utf-8")


def test_that_what_another_computer_left_is_asked_about(closed: Path) -> None:
    leave_foreign_lock(closed)
    with pytest.raises(AppError) as caught:
        YearFile.open(closed)
    assert caught.value.fault is Fault.DB_LOCKED
    assert "别的电脑" in caught.value.detail
    here = datetime.fromisoformat("2026-11-20T09:00:00+08:00").astimezone()
    assert f"{here:%Y-%m-%d %H:%M}" in caught.value.detail
    assert json.loads(lock_path(closed).read_bytes())["computer"] == "别的电脑"
    YearFile.open(closed, break_lock=True).close()
    YearFile.open(closed).close()


def test_that_rubbish_in_the_lock_file_locks_nobody_out(closed: Path) -> None:
    for rubbish in (b"", b"\xff\xfe", b"[1]", b'{"pid": 1}'):
        lock_path(closed).write_bytes(rubbish)
        YearFile.open(closed).close()


def test_that_of_six_starts_at_once_exactly_one_gets_in(closed: Path) -> None:
    """R-32: no double opens, nobody locked out afterwards."""
    code = (
        "import sys; from pathlib import Path; from app.storage.lock import FileLock\n"
        "from app.domain.errors import AppError\n"
        "lock = FileLock(Path(sys.argv[1])); sys.stdin.readline()\n"
        "try: lock.acquire(); print('in', flush=True)\n"
        "except AppError as error: print(error.code, flush=True)\n"
        "sys.stdin.read()"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(closed)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(6)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    said = [child.stdout.readline().strip() for child in children if child.stdout]
    for child in children:
        child.communicate(timeout=20)
    assert sorted(said) == ["E-DB-04"] * 5 + ["in"]
    YearFile.open(closed).close()


def test_that_a_lock_taken_away_underneath_is_noticed(closed: Path) -> None:
    first, second = FileLock(closed), FileLock(closed)
    first.acquire()
    if sys.platform == "win32":  # takes away no file that is open
        with pytest.raises(PermissionError):
            lock_path(closed).unlink()
        first.release()
        return
    lock_path(closed).unlink()
    second.acquire()
    assert not second.stale
    first.release()
    second.release()
    first.release()
