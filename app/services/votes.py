"""Vote sessions: ballots counted in a meeting."""

from __future__ import annotations

from app.domain.facts import VoteSession
from app.domain.findings import Finding
from app.services.changes import Outcome


class VoteService:
    """The vote sessions of the open year."""

    def sessions(self) -> tuple[VoteSession, ...]:
        """All sessions by date and id."""
        raise NotImplementedError

    def check(self, session: VoteSession) -> tuple[Finding, ...]:
        """What is wrong with a session as typed so far (place: the field or ``unit › item``)."""
        raise NotImplementedError

    def save(self, session: VoteSession) -> Outcome[VoteSession]:
        """Add or change a session; an empty id gets the next free one. Raises VOTE_BAD_COUNT (票数不平) or INPUT_BAD,
        with findings."""
        raise NotImplementedError

    def delete(self, session_id: str, reason: str) -> Outcome[None]:
        """Take a session out."""
        raise NotImplementedError
