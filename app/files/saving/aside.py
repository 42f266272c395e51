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
        os.close(held)
        shutil.rmtree(place, ignore_errors=True)


def _made(folder: Path) -> tuple[Path, int]:
    while True:
        # Not tempfile's: on Windows nobody else could read what has been made in one of those.
        place = folder / f"{_PREFIX}{secrets.token_hex(6)}"
        place.mkdir()
        with suppress(FileNotFoundError):  # taken for abandoned in the moment before it was held: another one
            held = os.open(place / _IN_USE, os.O_RDWR | os.O_CREAT | os.O_EXCL)
            with suppress(OSError):  # a share that knows no locks: what is left there stays
                _seize(held)
            if (place / _IN_USE).exists():
                return place, held
            os.close(held)


def clear_abandoned(folder: Path) -> None:
    """Take away the folders in which nobody is making anything any more: their program was killed."""
    with suppress(OSError):
        for place in folder.glob(f"{_PREFIX}*"):
            if _OURS.fullmatch(place.name) and place.is_dir() and _is_abandoned(place):
                shutil.rmtree(place, ignore_errors=True)


def _is_abandoned(place: Path) -> bool:
    mark = place / _IN_USE
    try:
        if sys.platform == "win32":
            mark.unlink()
            return True
        held = os.open(mark, os.O_RDWR)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        _seize(held)
    except OSError:
        return False
    finally:
        os.close(held)
    return True
