"""Backups of the year file and its check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.findings import Finding
from app.services.changes import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """One backup file. reason: why it was made (``导入前``); size in bytes; made_at: local time."""

    path: Path
    made_at: str
    reason: str
    size: int


class BackupService:
    """Backups of the open year file."""

    def all(self) -> tuple[Backup, ...]:
        """Newest first."""
        raise NotImplementedError

    def make(self, reason: str) -> Outcome[Backup]:
        """Make one now, checked whole."""
        raise NotImplementedError

    def restore(self, backup: Path, to: Path) -> Path:
        """Write the backup as a new year file beside the open one; never overwrites. Open the new file to go on."""
        raise NotImplementedError

    def check_file(self) -> tuple[Finding, ...]:
        """The full check of the year file; empty: sound."""
        raise NotImplementedError
