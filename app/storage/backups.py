"""The backups of an open year file, and restoring one without overwriting anything."""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from app.storage.audit import local_now
from app.storage.backup_files import backup_file, list_backups, superfluous
from app.storage.connections import backup_folder, journal_path
from app.storage.copying import read_state
from app.storage.creation import sync_file, sync_folder
from app.storage.faults import named_errors
from app.storage.lock import FileLock
from app.storage.records import Backup
from app.storage.year_file import YearFile


class Backups:
    """The backups of one open year file; folder: ``备份`` beside it unless another is named (a read-only place)."""

    def __init__(self, year_file: YearFile, folder: Path | None = None) -> None:
        self._year_file = year_file
        self.folder = folder or backup_folder(year_file.path)

    def all(self) -> tuple[Backup, ...]:
        """Newest first."""
        return list_backups(self._year_file.path, self.folder)

    def make(self, reason: str, *, stage: bool = False) -> Backup:
        """VACUUM INTO a temporary name, full check, rename; then thin. stage: kept for good. Raises AppError; the
        backups that are there stay."""
        made = backup_file(self._year_file.path, self.folder, reason, stage=stage)
        for old in superfluous(self.all(), local_now().date()):
            with suppress(OSError):  # held by somebody: it goes next time
                old.path.unlink()
        return made

    def is_due(self, minutes: int = 30) -> bool:
        """Whether something has changed since the newest backup and that is at least so many minutes old."""
        newest = next(iter(self.all()), None)
        if newest is None:
            return True
        age = datetime.now() - datetime.fromisoformat(newest.made_at)  # noqa: DTZ005 - both are this computer's wall clock
        with self._year_file.read() as work:
            return age >= timedelta(minutes=minutes) and work.audit.changed_since(newest.number)


def restore(backup: Path, to: Path) -> Path:
    """Verify the backup and put a copy at ``to``; what stands there is moved aside first, with its journal. Returns
    where that is now, or ``to`` when nothing stood there. Raises DB_DAMAGED and DB_FOREIGN (the backup is bad: nothing
    was touched), DB_LOCKED (close the year file first)."""
    to = to.absolute()
    read_state(backup)
    lock = FileLock(to)
    lock.acquire()
    making = to.with_name(f".{to.name}.{secrets.token_hex(4)}.new")
    try:
        with named_errors(to):
            shutil.copyfile(backup, making)
            read_state(making)
            sync_file(making)
            aside = _move_aside(to) if to.exists() else to
            making.rename(to)
            sync_folder(to.parent)
            return aside
    finally:
        with suppress(OSError):
            making.unlink(missing_ok=True)
        lock.release()


def _move_aside(path: Path) -> Path:
    stamp = local_now().strftime("%Y%m%d-%H%M%S")
    aside, again = path.with_name(f"{path.stem} 恢复前 {stamp}{path.suffix}"), 2
    while aside.exists():
        aside, again = path.with_name(f"{path.stem} 恢复前 {stamp} {again}{path.suffix}"), again + 1
    # The journal first: left behind, it would be taken for that of the restored file.
    if journal_path(path).exists():
        journal_path(path).rename(journal_path(aside))
    path.rename(aside)
    return aside
