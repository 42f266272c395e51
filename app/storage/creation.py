"""Making a new year file: whole under another name first, then renamed, so that half a file never stands there."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert

from app.domain.patience import patiently
from app.models.schema import alembic_version, metadata, open_entry
from app.models.trail import setting
from app.storage.audit import Intention, local_now, write_entry
from app.storage.connections import APPLICATION_ID, SCHEMA_VERSION, connect_engine
from app.storage.faults import named_errors
from app.storage.triggers import trigger_statements
from app.storage.undo import forget_steps, touched_by


@dataclass(frozen=True, slots=True)
class NewYear:
    """What a year file is from the start. practice: 演练数据."""

    year: int
    title: str
    practice: bool


def create_database(path: Path, new: NewYear, intention: Intention) -> None:
    """Build the file and put it at ``path``, replacing what is there (the caller holds the lock and has looked)."""
    making = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    with named_errors(path):
        try:
            making.open("xb").close()
            _fill(making, new, intention)
            sync_file(making)
            patiently(lambda: making.replace(path), lambda milliseconds: time.sleep(milliseconds / 1000))
            sync_folder(path.parent)
        finally:
            with suppress(OSError):
                making.unlink(missing_ok=True)


def _fill(path: Path, new: NewYear, intention: Intention) -> None:
    engine = connect_engine(path, "write")
    try:
        with engine.begin() as connection:
            make_schema(connection)
            connection.execute(insert(open_entry), {"id": 1, "number": 1})
            texts = {
                "year": str(new.year),
                "title": new.title,
                "practice": "1" if new.practice else "",
                "file_id": secrets.token_hex(8),
            }
            connection.execute(insert(setting), [{"key": key, "value": text} for key, text in texts.items()])
            touched = touched_by(connection, 1)
            forget_steps(connection)
            write_entry(connection, intention, local_now(), touched)
    finally:
        engine.dispose()


def make_schema(connection: Connection) -> None:
    """Tables, triggers and numbers of the present version in an empty database."""
    metadata.create_all(connection, checkfirst=False)
    for statement in trigger_statements():
        connection.exec_driver_sql(statement)
    connection.execute(insert(alembic_version), {"version_num": f"{SCHEMA_VERSION:04}"})
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def sync_file(path: Path) -> None:
    """Wait until the file's bytes are on the disk."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the folder's names are on the disk; Windows has no such call and does it itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
