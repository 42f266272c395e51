"""Undo and redo with names; each is a transaction of its own and stands in the audit trail."""

from __future__ import annotations

from typing import Literal

from app.services.changes import Area, Change, Outcome
from app.services.session import Session, refuse_when_frozen
from app.storage.records import Undone

_AREAS = {
    "scheme_version": Area.SCHEMES,
    "unit": Area.UNITS,
    "evaluator": Area.UNITS,
    "assignment": Area.UNITS,
    "hand_change": Area.UNITS,
    "mark_block": Area.SHEETS,
    "mark_edit": Area.SHEETS,
    "batch": Area.SHEETS,
    "batch_file": Area.SHEETS,
    "vote_session": Area.VOTES,
    "vote_count": Area.VOTES,
    "event": Area.EVENTS,
    "office_mark": Area.EVENTS,
    "exemption": Area.EVENTS,
    "decision": Area.RESULTS,
    "earlier_result": Area.RESULTS,
    "objection": Area.RESULTS,
    "report": Area.REPORTS,
    "report_version": Area.REPORTS,
    "earlier_report": Area.REPORTS,
    "remark": Area.REPORTS,
    "hearing": Area.REPORTS,
    "list_entry": Area.REPORTS,
    "sheet_entry": Area.SHEETS,
    "package_in": Area.EXCHANGE,
    "sender": Area.EXCHANGE,
    "setting": Area.YEAR,
}


class HistoryService:
    """Undo and redo of the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def undo(self) -> Outcome[str]:
        """Take the last undoable step back; returns its name. Raises NOT_UNDOABLE, CALC_FROZEN."""
        self._refuse_when_frozen("undo")
        return _outcome(self._session.file.undo(self._session.who, self._session.role), "撤销")

    def redo(self) -> Outcome[str]:
        """Do the step again that was undone last; returns its name. Raises NOT_UNDOABLE, CALC_FROZEN."""
        self._refuse_when_frozen("redo")
        return _outcome(self._session.file.redo(self._session.who, self._session.role), "恢复")

    def undo_label(self) -> str | None:
        """The name of the step that undo would take back; None: nothing."""
        return self._session.file.undo_label

    def redo_label(self) -> str | None:
        """The name of the step that redo would do again; None: nothing."""
        return self._session.file.redo_label

    def _refuse_when_frozen(self, direction: Literal["undo", "redo"]) -> None:
        """Only of a step that changes what the result was computed from."""
        if self._session.file.next_touches_facts(direction):
            with self._session.read() as work:
                refuse_when_frozen(work)


def _outcome(step: Undone, verb: str) -> Outcome[str]:
    areas = frozenset(_AREAS[table] for table in step.touched if table in _AREAS)
    return Outcome(step.label, Change(areas or frozenset(Area), f"{verb}：{step.label}", False))
