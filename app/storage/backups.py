"""Backups of the year file: made whole and checked, thinned, restored without overwriting.

The name says everything: ``2026年度 20261123-221500 导入前 000042-ab12cd34ef567890.slk`` — when, why, the trail's last entry and
the code of its hash; 留存 at the end: kept for good.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from app.storage.audit import local_now
from app.storage.copying import copy_database, read_state
from app.storage.creation import sync_file, sync_folder
from app.storage.faults import named_errors
from app.storage.lock import FileLock
from app.storage.records import Backup, checkpoint_code
from app.storage.year_file import YearFile, journal_path

LAST_KEPT = 20
DAYS_KEPT = 60

_NAME = re.compile(
    r"(?P<made>\d{8}-\d{6}) (?P<reason>.+) (?P<number>\d{6,})-(?P<code>[0-9a-f]{16})(?P<stage> 留存)?(?: \d+)?$"
)
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def backup_folder(path: Path) -> Path:
    """``备份`` beside the year file."""
    return path.parent / "备份"


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


def backup_file(path: Path, folder: Path, reason: str, *, stage: bool = False) -> Backup:
    """One backup of the file at ``path``. Raises AppError."""
    with named_errors(folder):
        folder.mkdir(exist_ok=True)
    making = folder / f".{path.name}.{secrets.token_hex(4)}.copy"
    state = copy_database(path, making)
    stamp = local_now().strftime("%Y%m%d-%H%M%S")
    words = " ".join(_NOT_IN_NAMES.sub(" ", reason).split())[:20].strip() or "备份"
    name = f"{path.stem} {stamp} {words} {state.number:06}-{state.hash[:16]}{' 留存' if stage else ''}"
    target, again = folder / f"{name}.slk", 2
    while target.exists():
        target, again = folder / f"{name} {again}.slk", again + 1
    with named_errors(target):
        making.rename(target)
        sync_folder(folder)
    made = _read_name(path.stem, target)
    if made is None:
        raise ValueError(f"not the name of a backup: {target.name}")
    return made


def list_backups(path: Path, folder: Path) -> tuple[Backup, ...]:
    """The backups of this year file in a folder, newest first."""
    if not folder.is_dir():
        return ()
    found = [made for file in folder.glob("*.slk") if (made := _read_name(path.stem, file))]
    return tuple(sorted(found, key=lambda b: (b.made_at, b.number, b.path.name), reverse=True))


def _read_name(stem: str, file: Path) -> Backup | None:
    parts = _NAME.fullmatch(file.stem[len(stem) + 1 :]) if file.stem.startswith(stem + " ") else None
    if parts is None:
        return None
    made = datetime.strptime(parts["made"], "%Y%m%d-%H%M%S")  # noqa: DTZ007 - local time, as shown
    return Backup(
        path=file,
        made_at=made.isoformat(" "),
        reason=parts["reason"],
        number=int(parts["number"]),
        code=checkpoint_code(parts["code"]),
        stage=parts["stage"] is not None,
        size=file.stat().st_size,
    )


def superfluous(backups: Sequence[Backup], today: date) -> tuple[Backup, ...]:
    """Which to let go: kept are the last 20, the newest of each of the last 60 days, and every stage."""
    newest_first = sorted(backups, key=lambda b: (b.made_at, b.number), reverse=True)
    passing = [b for b in newest_first if not b.stage]
    kept = set(passing[:LAST_KEPT])
    oldest = (today - timedelta(days=DAYS_KEPT)).isoformat()
    days: set[str] = set()
    for backup in passing:
        day = backup.made_at[:10]
        if day > oldest and day not in days:
            days.add(day)
            kept.add(backup)
    return tuple(b for b in passing if b not in kept)


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
