"""Backup files: made whole and checked, named, listed, thinned.

The name says everything: ``2026年度 20261123-221500 导入前 000042-ab12cd34ef567890.slk`` — when, why, the trail's last entry and
the code of its hash; 留存 at the end: kept for good.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from app.storage.audit import local_now
from app.storage.copying import copy_database
from app.storage.creation import sync_folder
from app.storage.faults import named_errors
from app.storage.records import Backup, checkpoint_code

LAST_KEPT = 20
DAYS_KEPT = 60

_NAME = re.compile(
    r"(?P<made>\d{8}-\d{6}) (?P<reason>.+) (?P<number>\d{6,})-(?P<code>[0-9a-f]{16})(?P<stage> 留存)?(?: \d+)?$"
)
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


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
