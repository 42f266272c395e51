"""Backups of the year file and its check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.services.changes import Outcome
from app.services.session import Session, done
from app.storage import backups as storage
from app.storage.checks import check_year_file
from app.storage.records import Backup as StoredBackup
from app.storage.records import Details


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """One backup file. made_at: local time; reason: why it was made (``导入前``); code: the checkpoint of the trail in
    it; stage: kept for good; size in bytes."""

    path: Path
    made_at: str
    reason: str
    code: str
    stage: bool
    size: int


class BackupService:
    """Backups of the open year file."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> tuple[Backup, ...]:
        """Newest first."""
        return tuple(_view(b) for b in self._session.backups.all())

    def make(self, reason: str) -> Outcome[Backup]:
        """Make one now, checked whole; it is kept for good."""
        if not reason.strip():
            raise AppError(Fault.INPUT_BAD, "请写明为什么备份。")
        made = self._session.backups.make(reason, stage=True)
        label = f"备份：{reason}"
        details = Details(subject=made.path.name, after=made.code)
        with self._session.write("backup", label, undoable=False, details=details, touches_facts=False):
            pass
        return done(_view(made), label, undoable=False)

    def make_when_due(self, minutes: int = 30) -> Backup | None:
        """Make one when something has changed since the newest and that is so many minutes old; None: not needed, or
        the year is open for reading only."""
        if self._session.file.read_only or not self._session.backups.is_due(minutes):
            return None
        return _view(self._session.backups.make("定时"))

    def restore(self, backup: Path, to: Path) -> Path:
        """Write the backup as a year file at another place; what stands there is never overwritten, and the open file
        stays as it is. Open the new file to go on."""
        if to.resolve() == self._session.file.path.resolve() or to.exists():
            raise AppError(Fault.INPUT_BAD, f"{to.name} 已经存在，请换一个文件名。")
        self._session.backups.make("恢复前")
        storage.restore(backup, to)
        label = f"从备份 {backup.name} 恢复为 {to.name}"
        details = Details(subject=to.name, before=backup.name)
        with self._session.write("restore", label, undoable=False, details=details, touches_facts=False):
            pass
        return to

    def check_file(self) -> tuple[Finding, ...]:
        """The full check of the year file; empty: sound."""
        return check_year_file(self._session.file.path)


def _view(backup: StoredBackup) -> Backup:
    return Backup(
        path=backup.path,
        made_at=backup.made_at,
        reason=backup.reason,
        code=backup.code,
        stage=backup.stage,
        size=backup.size,
    )
