"""The one place where connections are made, and the settings that are in force on every one of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event

Mode = Literal["read", "write", "upgrade"]

APPLICATION_ID = 0x534C4B31  # "SLK1"
SCHEMA_VERSION = 4  # user_version; the number of the newest migration

# PRAGMA, value set, value read back. Why each: docs/adr/0006-one-year-is-one-sqlite-file.md.
SETTINGS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "DELETE", "delete"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("busy_timeout", "5000", 5000),
    ("recursive_triggers", "ON", 1),
    ("secure_delete", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
)


def file_uri(path: Path) -> str:
    """The path as SQLite's URI, with everything special in it quoted; shares of Windows (UNC) included."""
    text = path.absolute().as_posix()
    return "file://" + ("" if text.startswith("/") else "/") + quote(text, safe="/:")


def journal_path(path: Path) -> Path:
    """Where SQLite keeps what it needs to take an unfinished transaction back."""
    return path.with_name(path.name + "-journal")


def backup_folder(path: Path) -> Path:
    """``备份`` beside the year file."""
    return path.parent / "备份"


def connect_engine(path: Path, mode: Mode, extra: Sequence[tuple[str, str]] = ()) -> Engine:
    """An engine that never creates a file. read: opens it for reading only; write and upgrade: every transaction
    begins with BEGIN IMMEDIATE; upgrade: foreign keys off, as rebuilding tables needs it."""
    query = {"uri": "true", "mode": "ro" if mode == "read" else "rw", **dict(extra)}
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=file_uri(path), query=query),
        connect_args={"isolation_level": None, "check_same_thread": False},
        hide_parameters=True,  # what is in a statement must not get into a crash file: it may be a ballot
    )

    def prepare(connection: sqlite3.Connection, record: object) -> None:
        for pragma, value, _ in SETTINGS:
            off = mode == "upgrade" and pragma == "foreign_keys"
            connection.execute(f"PRAGMA {pragma} = {'OFF' if off else value}")

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def settings_in_force(connection: Connection) -> dict[str, object]:
    """What the connection itself says about every setting."""
    names = [name for name, _, _ in SETTINGS] + ["application_id", "user_version"]
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names}
