"""One year is one file: creating, opening, reading and changing it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from app.storage.records import Details, Undone
from app.storage.work import Work


class YearFile:
    """An open year file. ``read_only``: nothing can be written. ``recovered``: a Chinese sentence when the last session
    ended without closing, else empty."""

    path: Path
    read_only: bool
    recovered: str

    @classmethod
    def create(
        cls, path: Path, year: int, title: str, practice: bool, who: str, *, details: Details | None = None
    ) -> YearFile:
        """A new file, opened. Raises INPUT_BAD when something is there already, FILE_READ_ONLY, FILE_NO_SPACE …"""
        raise NotImplementedError

    @classmethod
    def open(cls, path: Path, *, break_lock: bool = False, read_only: bool = False) -> YearFile:
        """Open and, when it is of an older version, upgrade (after a backup). Raises FILE_MISSING, FILE_READ_ONLY (open
        it read_only then), DB_FOREIGN, DB_NEWER, DB_DAMAGED, DB_LOCKED (who, where, since when in the detail; break_lock
        takes over), DB_UPGRADE; the file is then as it was."""
        raise NotImplementedError

    def close(self) -> None:
        """Give the lock back. May be called twice."""
        raise NotImplementedError

    def read(self) -> AbstractContextManager[Work]:
        """A consistent state to read from any thread; inside a transaction of this thread, that one."""
        raise NotImplementedError

    def transaction(
        self,
        action: str,
        who: str,
        label: str,
        *,
        undoable: bool = True,
        reason: str = "",
        details: Details | None = None,
        role: str = "考核办",
    ) -> AbstractContextManager[Work]:
        """All or nothing, with exactly one entry in the trail, also when nothing else was written.

        action: stable word (``import-sheets``); label: what undo shows. undoable: one step of undo; a step that is not
        undoable but has changed facts clears the undo stack, one that has only written hand-outs or snapshots leaves it.
        """
        raise NotImplementedError

    def undo(self, who: str) -> Undone:
        """Take the newest step back, in a transaction of its own. Raises NOT_UNDOABLE."""
        raise NotImplementedError

    def redo(self, who: str) -> Undone:
        """Do again what was undone last. Raises NOT_UNDOABLE."""
        raise NotImplementedError

    @property
    def undo_label(self) -> str | None:
        """The name of the step that undo would take back."""
        raise NotImplementedError

    @property
    def redo_label(self) -> str | None:
        """The name of the step that redo would do again."""
        raise NotImplementedError
