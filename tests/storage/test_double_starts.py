"""R-32: however often the program is started twice or killed, one window has the file and nobody is locked out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.storage.lock import lock_path
from app.storage.year_file import YearFile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="starts by fork, ends by SIGKILL")

ROOT = Path(__file__).parents[2]

# A program that is loaded once and started again and again: each number read starts so many at the same moment. Each
# says its process and whether it got in, and keeps what it got until it is told to end (TERM: by closing).
STARTS = """
import os, signal, sys, time
from pathlib import Path
from app.domain.errors import AppError
from app.storage.year_file import YearFile

path = Path(sys.argv[1])

def start(moment):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    while time.monotonic() < moment:
        pass
    year = None
    try:
        year = YearFile.open(path)
        said = "in" + (" recovered" if year.recovered else "")
    except AppError as error:
        said = error.code
    os.write(1, f"{os.getpid()} {said}\\n".encode())
    signal.sigwait({signal.SIGTERM})
    if year is not None:
        year.close()

for line in sys.stdin:
    moment = time.monotonic() + 0.005
    children = []
    for _ in range(int(line)):
        child = os.fork()
        if child == 0:
            start(moment)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    print("all ended", flush=True)
"""


class Starts:
    """Starts of the program on one year file."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child

    def at_once(self, count: int) -> dict[int, str]:
        """What each of them said, by its process number."""
        self._write(f"{count}\n")
        said = dict(self._read().split(" ", 1) for _ in range(count))
        return {int(process): words for process, words in said.items()}

    def end(self, said: dict[int, str], how: signal.Signals) -> None:
        """End them all, each by its number, and wait until they have gone."""
        for process in said:
            os.kill(process, how)
        assert self._read() == "all ended"

    def _write(self, text: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(text)
        self._child.stdin.flush()

    def _read(self) -> str:
        assert self._child.stdout is not None
        return self._child.stdout.readline().rstrip("\n")


@contextmanager
def starts_of(path: Path) -> Iterator[Starts]:
    command = [sys.executable, "-c", STARTS, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as child:
        yield Starts(child)


@pytest.fixture
def closed(filled: YearFile, path: Path) -> Path:
    filled.close()
    return path


def test_that_of_fifty_double_starts_none_opens_the_file_twice(closed: Path) -> None:
    with starts_of(closed) as starts:
        for i in range(50):
            said = starts.at_once(2)
            assert sorted(said.values()) == ["E-DB-04", "in"], f"start {i}"
            starts.end(said, signal.SIGTERM)
            assert not lock_path(closed).exists()


def test_that_after_each_of_fifty_kills_the_next_start_gets_in_at_once_and_says_so(closed: Path) -> None:
    with starts_of(closed) as starts:
        for i in range(50):
            said = starts.at_once(1)
            assert list(said.values()) == ["in recovered" if i else "in"], f"kill {i}"
            starts.end(said, signal.SIGKILL)
    calm = YearFile.open(closed)
    assert calm.recovered
    calm.close()
    assert not lock_path(closed).exists()


def test_that_a_second_start_in_the_moment_of_a_kill_neither_doubles_nor_locks_out(closed: Path) -> None:
    with starts_of(closed) as starts:
        for i in range(20):
            said = starts.at_once(3)
            assert sorted(words.split(" ")[0] for words in said.values()) == ["E-DB-04", "E-DB-04", "in"], f"kill {i}"
            starts.end(said, signal.SIGKILL)
    YearFile.open(closed).close()
