"""Backups of the year file: made whole and checked, thinned, restored without overwriting."""

from __future__ import annotations

from pathlib import Path

from app.storage.records import Backup
from app.storage.year_file import YearFile


class Backups:
    """The backups of one open year file; folder: ``备份`` beside it unless another is named."""

    def __init__(self, year_file: YearFile, folder: Path | None = None) -> None:
        raise NotImplementedError

    def all(self) -> tuple[Backup, ...]:
        """Newest first."""
        raise NotImplementedError

    def make(self, reason: str, *, stage: bool = False) -> Backup:
        """VACUUM INTO a temporary name, full check, rename; then thin. stage: kept for good."""
        raise NotImplementedError

    def is_due(self, minutes: int = 30) -> bool:
        """Whether something has changed since the newest backup and that is old enough."""
        raise NotImplementedError


def restore(backup: Path, to: Path) -> Path:
    """Verify the backup and put a copy at ``to``; what stands there is moved aside first. Returns where the file that
    stood there is now, or ``to`` when nothing did. Raises DB_DAMAGED, DB_LOCKED (close it first)."""
    raise NotImplementedError
