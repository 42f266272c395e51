"""What SQLite and the operating system say becomes a named error. By code, never by their English text."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from app.domain.errors import AppError, Fault, is_path_too_long

# Result codes of SQLite; the extended ones begin with one of these names.
_BY_CODE = {
    "SQLITE_FULL": Fault.FILE_NO_SPACE,
    "SQLITE_READONLY_DBMOVED": Fault.FILE_GONE,
    "SQLITE_READONLY": Fault.FILE_READ_ONLY,
    "SQLITE_PERM": Fault.FILE_READ_ONLY,
    "SQLITE_IOERR_LOCK": Fault.FILE_READ_ONLY,
    "SQLITE_BUSY": Fault.FILE_BUSY,
    "SQLITE_LOCKED": Fault.FILE_BUSY,
    "SQLITE_NOTADB": Fault.DB_FOREIGN,
    "SQLITE_CORRUPT": Fault.DB_DAMAGED,
    "SQLITE_CANTOPEN": Fault.FILE_GONE,
    "SQLITE_IOERR": Fault.FILE_GONE,
    "SQLITE_CONSTRAINT_FOREIGNKEY": Fault.INPUT_BAD,
}
_BY_ERRNO = {
    errno.ENOSPC: Fault.FILE_NO_SPACE,
    errno.EDQUOT: Fault.FILE_NO_SPACE,
    errno.EROFS: Fault.FILE_READ_ONLY,
    errno.EACCES: Fault.FILE_READ_ONLY,
    errno.EPERM: Fault.FILE_READ_ONLY,
    errno.ENOENT: Fault.FILE_MISSING,
    errno.ENOTDIR: Fault.FILE_MISSING,
    errno.EBUSY: Fault.FILE_BUSY,
    errno.EEXIST: Fault.INPUT_BAD,
    errno.EISDIR: Fault.INPUT_BAD,
    errno.EIO: Fault.FILE_GONE,
    errno.ENODEV: Fault.FILE_GONE,
}
_IN_THE_WAY = {errno.EEXIST: "这里已经有同名的文件。", errno.EISDIR: "这是文件夹，不是文件。"}
_SHARING_VIOLATION = (32, 33)  # Windows: another program holds the file, or a part of it


def fault_of_sqlite(error: sqlite3.Error) -> Fault | None:
    """The named error; none when it is no fault of the world (a broken constraint is our bug)."""
    name: str = getattr(error, "sqlite_errorname", "") or ""
    while name:
        if name in _BY_CODE:
            return _BY_CODE[name]
        name = name.rpartition("_")[0]
    return None


def fault_of_os(error: OSError) -> Fault | None:
    """The named error; none when the system's code has no place in our list."""
    if getattr(error, "winerror", None) in _SHARING_VIOLATION:
        return Fault.FILE_BUSY
    if is_path_too_long(error):
        return Fault.FILE_PATH_TOO_LONG
    return _BY_ERRNO.get(error.errno or 0)


def _detail(fault: Fault, path: Path) -> str:
    if fault is Fault.INPUT_BAD:
        return "要删除或改码的单位还有事项、票决、评定值或决定引用它。"
    return f"{path}：{fault.value.cause}"


@contextmanager
def database_errors(path: Path) -> Generator[None]:
    """Errors of the database that come out of the block leave it as AppError, naming the path."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        fault = fault_of_sqlite(cause) if isinstance(cause, sqlite3.Error) else None
        if fault is None:
            raise
        raise AppError(fault, _detail(fault, path)) from error


@contextmanager
def named_errors(path: Path) -> Generator[None]:
    """The same for errors of the database and of the operating system."""
    try:
        with database_errors(path):
            yield
    except OSError as error:
        fault = fault_of_os(error)
        if fault is None:
            raise
        raise AppError(fault, f"{path}：{_IN_THE_WAY.get(error.errno or 0, fault.value.cause)}") from error
