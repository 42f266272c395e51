"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from app.domain.errors import AppError, Fault

_FAULTS = {
    errno.ENOSPC: Fault.FILE_NO_SPACE,
    errno.EROFS: Fault.FILE_READ_ONLY,
    errno.ENOENT: Fault.FILE_MISSING,
    errno.ENAMETOOLONG: Fault.FILE_PATH_TOO_LONG,
    errno.ENODEV: Fault.FILE_GONE,
    errno.EIO: Fault.FILE_GONE,
}


def file_error(error: OSError, path: Path) -> AppError:
    """The named error for what the operating system said about this path."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return AppError(Fault.INPUT_BAD, f"“{path}”不是文件夹，请换一个文件夹。")
    if isinstance(error, IsADirectoryError):
        return AppError(Fault.INPUT_BAD, f"“{path}”是文件夹，请写明文件名。")
    if isinstance(error, PermissionError):
        fault = Fault.FILE_BUSY if path.is_file() else Fault.FILE_READ_ONLY
    else:
        fault = _FAULTS.get(error.errno or 0, Fault.FILE_BUSY)
    return AppError(fault, f"{path}。")


def write_whole(path: Path, data: bytes) -> None:
    """Write beside the target, flush to the disk, then rename; raises a named AppError and leaves no scraps."""
    if path.is_dir():
        raise file_error(IsADirectoryError(), path)
    scrap = path.with_name(f".slk-{secrets.token_hex(6)}.tmp")
    try:
        file = scrap.open("xb")
    except OSError as error:
        raise file_error(error, path.parent) from error
    try:
        with file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scrap.replace(path)
    except OSError as error:
        raise file_error(error, path) from error
    finally:
        scrap.unlink(missing_ok=True)
