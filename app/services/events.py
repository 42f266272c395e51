"""Events, values set by the office and exemptions: what happened to a unit and counts."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.facts import Event, Exemption, OfficeMark
from app.domain.findings import Finding
from app.services.changes import Outcome


class EventService:
    """Events, office marks and exemptions of the open year."""

    def events(self) -> tuple[Event, ...]:
        """All events by date and id."""
        raise NotImplementedError

    def check(self, event: Event) -> tuple[Finding, ...]:
        """What is wrong with an event as typed so far; a missing approver or evidence is a warning."""
        raise NotImplementedError

    def save(self, event: Event) -> Outcome[Event]:
        """Add or change an event; an empty id gets the next free one. Raises INPUT_BAD with findings."""
        raise NotImplementedError

    def delete(self, event_id: str, reason: str) -> Outcome[None]:
        """Take an event out."""
        raise NotImplementedError

    def office_marks(self, scheme_id: str) -> tuple[OfficeMark, ...]:
        """The values set by the office under one scheme."""
        raise NotImplementedError

    def save_office_marks(self, marks: Sequence[OfficeMark]) -> Outcome[tuple[OfficeMark, ...]]:
        """Set values; a BLANK value without level takes one out. Raises INPUT_BAD with findings."""
        raise NotImplementedError

    def exemptions(self, scheme_id: str) -> tuple[Exemption, ...]:
        """Parts that do not concern a unit this year."""
        raise NotImplementedError

    def exempt(self, exemption: Exemption) -> Outcome[Exemption]:
        """State that a part does not concern a unit. Raises INPUT_BAD without a reason."""
        raise NotImplementedError

    def withdraw_exemption(self, scheme_id: str, unit: str, part: str, reason: str) -> Outcome[None]:
        """Take an exemption back."""
        raise NotImplementedError
