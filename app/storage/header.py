"""Telling our own files from others by the first hundred bytes, before any database opens them."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import AppError, Fault
from app.storage.connections import APPLICATION_ID, SCHEMA_VERSION, journal_path
from app.storage.faults import named_errors

_MAGIC = b"SQLite format 3\x00"


def _number(header: bytes, at: int) -> int:
    return int.from_bytes(header[at : at + 4], "big")


def judge_header(path: Path) -> int:
    """The version of the year file. Raises FILE_MISSING, DB_FOREIGN, DB_NEWER, DB_DAMAGED; reads only."""
    with named_errors(path):
        if path.is_dir():
            raise AppError(Fault.DB_FOREIGN, f"{path} 是文件夹，不是年度文件。")
        if not path.is_file():
            raise AppError(Fault.FILE_MISSING, f"找不到 {path}。")
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(100)
    if size == 0:
        raise AppError(Fault.DB_DAMAGED, f"{path.name} 的长度为零，里面没有任何数据。")
    if header[:16] != _MAGIC[: len(header[:16])]:
        raise AppError(Fault.DB_FOREIGN, f"{path.name} 不是三联考评的年度文件。")
    if len(header) < 100:
        raise AppError(Fault.DB_DAMAGED, f"{path.name} 不完整，只有 {size} 字节。")
    if _number(header, 68) != APPLICATION_ID:
        raise AppError(Fault.DB_FOREIGN, f"{path.name} 是别的程序的数据库。")
    version = _number(header, 60)
    if version > SCHEMA_VERSION:
        raise AppError(Fault.DB_NEWER, f"{path.name} 的版本是 {version}，本程序只认识到 {SCHEMA_VERSION}。")
    if not journal_path(path).exists():  # else a killed writer may have left the new length before the new pages
        _judge_length(path, header, size)
    return version


def _judge_length(path: Path, header: bytes, size: int) -> None:
    page = int.from_bytes(header[16:18], "big")
    page = 65536 if page == 1 else page
    # The number of pages counts only when its stamp equals the change counter (SQLite file format, 1.3.7).
    counted = _number(header, 92) == _number(header, 24)
    if counted and size < _number(header, 28) * page:
        raise AppError(
            Fault.DB_DAMAGED, f"{path.name} 被截短：应有 {_number(header, 28) * page} 字节，只有 {size} 字节。"
        )
