"""The folder beside the target in which files are made; one that a killed program left is cleared away later."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX, _IN_USE = ".slk-", "in-use"
_OURS = re.compile(r"\.slk-[0-9a-f]{12}")

if sys.platform == "win32":

    def _seize(descriptor: int) -> None:
        """Windows lets nobody delete a file that is open: that is the lock."""
else:
    import fcntl

    def _seize(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def aside(folder: Path) -> Generator[Path]:
    """An empty folder in this one, gone again at the end with whatever is still in it. Raises OSError when the folder
    cannot be written to."""
    clear_abandoned(folder)
    place, held = _made(folder)
    try:
        yield place
    finally:
        _empty(place)
        os.close(held)
        shutil.rmtree(place, ignore_errors=True)


def _made(folder: Path) -> tuple[Path, int]:
    while True:
        # Not tempfile's: on Windows nobody else could read what has been made in one of those.
        place = folder / f"{_PREFIX}{secrets.token_hex(6)}"
        place.mkdir()
        with suppress(FileNotFoundError):  # taken for abandoned in the moment before it had its mark: another one
            held = os.open(place / _IN_USE, os.O_RDWR | os.O_CREAT | os.O_EXCL)
            if _is_ours(held) and (place / _IN_USE).exists():
                return place, held
            os.close(held)


def _is_ours(held: int) -> bool:
    """False when somebody holds it who has taken it for abandoned."""
    try:
        _seize(held)
    except BlockingIOError:
        return False
    except OSError:  # a share that knows no locks: what is left there stays
        return True
    return True


def clear_abandoned(folder: Path) -> None:
    """Take away the folders in which nobody is making anything any more: their program was killed."""
    with suppress(OSError):
        for place in folder.glob(f"{_PREFIX}*"):
            if _OURS.fullmatch(place.name) and place.is_dir():
                with suppress(OSError):
                    _clear(place)


def _clear(place: Path) -> None:
    """Holding its mark to the last, so that nobody begins in it meanwhile; raises OSError when somebody else does."""
    mark = place / _IN_USE
    if not mark.exists():
        place.rmdir()  # nearly gone, or just being made: then its maker begins anew or is in it already
        return
    if sys.platform == "win32":
        mark.unlink()
        shutil.rmtree(place, ignore_errors=True)
        return
    held = os.open(mark, os.O_RDWR)
    try:
        _seize(held)
        _empty(place)
        shutil.rmtree(place, ignore_errors=True)
    finally:
        os.close(held)


def _empty(place: Path) -> None:
    """All but the mark, which goes last: without it nobody could tell that the rest is abandoned."""
    with suppress(OSError):
        for inner in place.iterdir():
            if inner.is_dir():
                shutil.rmtree(inner, ignore_errors=True)
            elif inner.name != _IN_USE:
                inner.unlink(missing_ok=True)
