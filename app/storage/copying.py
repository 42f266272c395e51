"""A whole, checked copy of a year file under a new name: the base of backups, upgrades and restoring."""

from __future__ import annotations

import re
import secrets
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from app.domain.patience import patiently
from app.storage.audit import read_head
from app.storage.connections import connect_engine, file_uri
from app.storage.creation import sync_file, sync_folder
from app.storage.faults import database_errors, named_errors
from app.storage.header import judge_header
from app.storage.integrity import require_sound


@dataclass(frozen=True, slots=True)
class State:
    """What a file holds: number and hash of the trail's last entry, and how many rows each table has."""

    number: int
    hash: str
    rows: dict[str, int]


def read_state(path: Path) -> State:
    """Full check, then the state. Raises DB_FOREIGN, DB_NEWER, DB_DAMAGED."""
    judge_header(path)
    engine = connect_engine(path, "read")
    try:
        with database_errors(path), engine.begin() as connection:
            require_sound(connection, full=True)
            head = read_head(connection)
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            tables = [name for name in names.scalars() if not name.startswith("sqlite_")]
            rows = {n: connection.exec_driver_sql(f'SELECT count(*) FROM "{n}"').scalar_one() for n in tables}
            return State(head.number, head.hash, rows)
    finally:
        engine.dispose()


def copy_database(source: Path, target: Path) -> State:
    """VACUUM INTO a temporary name, full check, sync, rename; ``target`` must not be there. What the copy holds.
    A writer in another thread or program is waited for. Raises AppError; then nothing is left behind."""
    making = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    with named_errors(target):
        try:
            with closing(sqlite3.connect(f"{file_uri(source)}?mode=ro", uri=True, isolation_level=None)) as connection:
                connection.execute("PRAGMA busy_timeout = 5000")
                connection.execute("VACUUM INTO ?", (str(making),))
            state = read_state(making)
            sync_file(making)
            patiently(lambda: making.rename(target), lambda milliseconds: time.sleep(milliseconds / 1000))
            sync_folder(target.parent)
        finally:
            with suppress(OSError):
                making.unlink(missing_ok=True)
    return state


def clear_leftovers(path: Path, *folders: Path) -> None:
    """Take away what a killed program has left half made of this year file, its copies and backups. The caller holds
    the lock, so nobody is making any of it now."""
    name = re.escape(path.name)
    half_made = re.compile(rf"\.+{name}\.[0-9a-f]{{8}}\.(new|copy)(\.[0-9a-f]{{8}}\.new)?(-journal)?")
    for folder in folders:
        for file in folder.glob(".*") if folder.is_dir() else ():
            if half_made.fullmatch(file.name):
                with suppress(OSError):
                    file.unlink()
