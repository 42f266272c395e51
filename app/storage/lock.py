"""One program, one file: a lock file beside the year file, held by the operating system and telling who holds it.

The system gives the lock back when a program dies, so nobody is locked out after a crash, and a process number that
was used again misleads nobody. What another computer has left on a stick cannot be judged: that is asked.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.storage.faults import named_errors

if sys.platform == "win32":
    import msvcrt

    def _seize(descriptor: int) -> None:
        # Far behind the text: Windows lets nobody read locked bytes.
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _yield(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _seize(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _yield(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


_PROGRAM = "三联考评"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the file open: process, computer, program, since when (local time with offset)."""

    pid: int
    computer: str
    program: str
    since: str

    @classmethod
    def here(cls) -> Holder:
        """This process."""
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        return cls(os.getpid(), platform.node(), _PROGRAM, now)

    def __str__(self) -> str:
        return f"电脑“{self.computer}”上的{self.program}（进程 {self.pid}）"

    @property
    def since_here(self) -> str:
        """Since when, by the clock of whoever reads it: ``2026-11-23 21:40``."""
        return by_this_clock(self.since)


def by_this_clock(moment: str) -> str:
    """A stored moment by the clock of whoever reads it: ``2026-11-23 21:40``."""
    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return moment


def lock_path(path: Path) -> Path:
    """``2026年度.slk`` → ``2026年度.slk.lock``."""
    return path.with_name(path.name + ".lock")


def read_holder(lock: Path) -> Holder | None:
    """Who wrote the lock file; none: nobody, or it cannot be read."""
    try:
        return _holder_of(lock.read_bytes())
    except OSError:
        return None


def _holder_of(content: bytes) -> Holder | None:
    try:
        return Holder(**json.loads(content))
    except (ValueError, TypeError):
        return None


class FileLock:
    """The lock of one year file. ``stale``: the last holder on this computer never gave it back (it crashed)."""

    def __init__(self, path: Path) -> None:
        self.path = lock_path(path)
        self.stale = False
        self._descriptor: int | None = None

    def acquire(self, *, break_foreign: bool = False) -> None:
        """Raises DB_LOCKED with who, where, since when; FILE_READ_ONLY when no lock can be left there.
        break_foreign: take over what another computer has left; a living program on this one keeps its lock."""
        with named_errors(self.path):
            descriptor = self._open_and_seize()
        before = _holder_of(_content(descriptor))
        if before is not None and before.computer != platform.node() and not break_foreign:
            os.close(descriptor)
            raise AppError(Fault.DB_LOCKED, f"文件在 {before.since_here} 由{before}打开，没有正常关闭。")
        self.stale = before is not None
        self._descriptor = descriptor
        with named_errors(self.path):
            _write(descriptor, json.dumps(asdict(Holder.here()), ensure_ascii=False).encode())

    def _open_and_seize(self) -> int:
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
            try:
                _seize(descriptor)
            except OSError as error:
                os.close(descriptor)
                holder = read_holder(self.path)
                since = f"，{holder.since_here} 打开" if holder else ""
                raise AppError(Fault.DB_LOCKED, f"文件正由{holder or '另一个窗口'}使用{since}。") from error
            if _is_still(self.path, descriptor):
                return descriptor
            os.close(descriptor)  # the holder before has just removed this very file; take the new one

    def release(self) -> None:
        """Give it back and leave nothing behind. May be called twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        try:
            _write(descriptor, b"")
            if sys.platform != "win32":
                self.path.unlink(missing_ok=True)  # while held: nobody can slip in between
            _yield(descriptor)
        except OSError:
            pass  # the stick has gone: the lock has gone with it
        finally:
            os.close(descriptor)
        if sys.platform == "win32":
            with suppress(OSError):  # somebody has opened the file in the meantime: now it is theirs
                self.path.unlink(missing_ok=True)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _content(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, 4096)


def _write(descriptor: int, content: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, content)
    os.fsync(descriptor)
