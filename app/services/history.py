"""Undo and redo with names; each is a transaction of its own and stands in the audit trail."""

from __future__ import annotations

from app.services.changes import Outcome


class HistoryService:
    """Undo and redo of the open year."""

    def undo(self) -> Outcome[str]:
        """Take the last undoable step back; returns its name. Raises NOT_UNDOABLE."""
        raise NotImplementedError

    def redo(self) -> Outcome[str]:
        """Do the step again that was undone last; returns its name. Raises NOT_UNDOABLE."""
        raise NotImplementedError

    def undo_label(self) -> str | None:
        """The name of the step that undo would take back; None: nothing."""
        raise NotImplementedError

    def redo_label(self) -> str | None:
        """The name of the step that redo would do again; None: nothing."""
        raise NotImplementedError
