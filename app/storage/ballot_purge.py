"""Wiping a withdrawn box of ballots out of the backups: each is written anew without it, checked, and takes the old one's
place under the same name. The trail in it stays as it is."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from app.domain.errors import AppError
from app.storage.backup_files import list_backups
from app.storage.connections import file_uri
from app.storage.copying import copy_database, read_state
from app.storage.creation import sync_file, sync_folder
from app.storage.faults import named_errors


def purge_box(folder: Path, year_file: Path, key: str) -> tuple[int, tuple[Path, ...]]:
    """From how many backups of the year file the box was wiped, and those that could not be rewritten: they are as they
    were."""
    wiped, untouched = 0, list[Path]()
    for backup in list_backups(year_file, folder):
        try:
            wiped += _purge(backup.path, key)
        except AppError:
            untouched.append(backup.path)
    return wiped, tuple(untouched)


def _purge(backup: Path, key: str) -> bool:
    if not _holds(backup, key):
        return False
    making = backup.with_name(f".{backup.name}.{secrets.token_hex(4)}.copy")
    with named_errors(backup):
        try:
            copy_database(backup, making)
            _delete(making, key)
            read_state(making)
            sync_file(making)
            making.replace(backup)
            sync_folder(backup.parent)
        finally:
            with suppress(OSError):
                making.unlink(missing_ok=True)
    return True


def _holds(backup: Path, key: str) -> bool:
    with named_errors(backup), closing(sqlite3.connect(f"{file_uri(backup)}?mode=ro", uri=True)) as connection:
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'ballot_batch'").fetchone()
        return there is not None and bool(
            connection.execute("SELECT 1 FROM ballot_batch WHERE key = ?", (key,)).fetchone()
        )


def _delete(copy: Path, key: str) -> None:
    """A backup has no open entry, so the guards of the two tables step aside for this one change."""
    with closing(sqlite3.connect(f"{file_uri(copy)}?mode=rw", uri=True, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('ballot_batch', 'ballot_code')"
        ).fetchall()
        connection.execute("BEGIN IMMEDIATE")
        for name, _ in guards:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("DELETE FROM ballot_batch WHERE key = ?", (key,))
        connection.execute("UPDATE ballot_code SET batch = '' WHERE batch = ?", (key,))
        for _, sql in guards:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("VACUUM")
