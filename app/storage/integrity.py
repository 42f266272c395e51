"""Whether SQLite itself finds the file sound."""

from __future__ import annotations

from sqlalchemy import Connection

from app.domain.errors import AppError, Fault


def page_faults(connection: Connection, *, full: bool) -> list[str]:
    """What SQLite says about pages, indexes and values (its own words); empty: sound. full: indexes against tables
    too, which the quick check leaves out."""
    check = "integrity_check" if full else "quick_check"
    said = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA {check}(20)")]
    return [] if said == ["ok"] else said


def dangling_keys(connection: Connection) -> list[tuple[str, int, str]]:
    """Foreign keys that lead nowhere: table, row, table referred to."""
    return [(row[0], row[1] or 0, row[2]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]


def require_sound(connection: Connection, *, full: bool) -> None:
    """Raises DB_DAMAGED with the first thing SQLite has found."""
    faults = page_faults(connection, full=full)
    if faults:
        raise AppError(Fault.DB_DAMAGED, f"完整性检查没有通过（{faults[0]}）。")
    if full and (dangling := dangling_keys(connection)):
        table, row, parent = dangling[0]
        raise AppError(Fault.DB_DAMAGED, f"{table} 的第 {row} 行引用的 {parent} 不存在。")
