"""Files written whole or not at all, and what the operating system says about them by name."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from pathlib import Path

from app.domain.errors import AppError, Fault, is_path_too_long
from app.domain.patience import patiently
from app.files.saving.aside import aside
from app.files.saving.holders import holder

_FAULTS = {
    errno.ENOSPC: Fault.FILE_NO_SPACE,
    errno.EDQUOT: Fault.FILE_NO_SPACE,
    errno.EROFS: Fault.FILE_READ_ONLY,
    errno.ENOENT: Fault.FILE_MISSING,
    errno.ENODEV: Fault.FILE_GONE,
    errno.EIO: Fault.FILE_GONE,
}
_WRITE_BITS = 0o222


def file_error(error: OSError, path: Path) -> AppError:
    """The named error for what the operating system said about this path."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return AppError(Fault.INPUT_BAD, f"“{path}”不是文件夹，请换一个文件夹。")
    if isinstance(error, IsADirectoryError) or _opened_a_folder(error):
        return AppError(Fault.INPUT_BAD, f"“{path}”是文件夹，请写明文件名。")
    if isinstance(error, PermissionError):
        fault = Fault.FILE_BUSY if path.is_file() and not is_protected(path) else Fault.FILE_READ_ONLY
    elif is_path_too_long(error):
        fault = Fault.FILE_PATH_TOO_LONG
    else:
        fault = _FAULTS.get(error.errno or 0, Fault.FILE_BUSY)
    who = holder(path) if fault is Fault.FILE_BUSY else ""
    return AppError(fault, f"{path}：正由“{who}”打开。" if who else f"{path}。")


def _opened_a_folder(error: OSError) -> bool:
    """Windows refuses to open a folder as a file without saying why."""
    opened = os.name == "nt" and isinstance(error, PermissionError) and getattr(error, "winerror", None) is None
    return opened and os.path.isdir(error.filename or "")  # noqa: PTH112 - it may be no path at all


def is_protected(path: Path) -> bool:
    """Whether the file is there and marked read-only: then it is not replaced, on no system."""
    try:
        return not path.stat().st_mode & _WRITE_BITS
    except OSError:
        return False


def write_whole(path: Path, data: bytes, *, read_back: bool = False) -> None:
    """Write beside the target, flush to the disk, then move over it; raises a named AppError and leaves no scraps.
    read_back: compare what the medium gives back with what was written before it takes the target's place."""
    if os.path.isdir(path):  # noqa: PTH112 - a name that is too long is no folder; Path would raise
        raise file_error(IsADirectoryError(), path)
    try:
        with aside(path.parent) as place:
            made = place / "whole"
            with made.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                if read_back:
                    _forget(file.fileno())
            if read_back and made.read_bytes() != data:
                raise AppError(Fault.FILE_NOT_KEPT, f"{path}。")
            move_over(made, path)
    except OSError as error:
        raise file_error(error, path.parent) from error


def _forget(descriptor: int) -> None:
    """What is read next comes from the medium, not from memory, where the system can be told so."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def move_over(source: Path, target: Path) -> None:
    """Put a finished file in its place; what holds the place is waited for up to three seconds. Raises AppError."""
    try:
        if is_protected(target):
            raise PermissionError(errno.EACCES, "read-only", str(target))
        patiently(lambda: source.replace(target), lambda milliseconds: time.sleep(milliseconds / 1000))
    except OSError as error:
        raise file_error(error, target) from error
    with suppress(OSError):  # a disk that cannot do this has its own ways
        sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Have the disk keep what the folder now holds; raises OSError."""
    if os.name == "nt":  # has no such call and does it itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
