"""The audit trail: reading it, checking it, and the checkpoint that goes on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.findings import Finding
from app.services.session import Session
from app.storage.records import AuditEntry as StoredEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """One entry. at: local time with offset; details: what was changed, old → new and fingerprint, as lines; code:
    the checkpoint of the trail as it stood after this entry."""

    number: int
    at: str
    who: str
    host: str
    action: str
    label: str
    reason: str
    details: tuple[str, ...]
    code: str
    hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckpointMatch:
    """Whether a code from a paper is contained in this trail: the entry it stands for, or none."""

    code: str
    verdict: Literal["contained", "unknown", "malformed"]
    number: int = 0
    at: str = ""

    @property
    def found(self) -> bool:
        """True when today's trail still contains that state."""
        return self.verdict == "contained"


class AuditService:
    """The trail of the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def entries(self, limit: int = 200, offset: int = 0) -> tuple[AuditEntry, ...]:
        """Newest first."""
        with self._session.read() as work:
            return tuple(_view(e) for e in work.audit.entries(limit, offset))

    def count(self) -> int:
        """How many entries there are."""
        with self._session.read() as work:
            return work.audit.count()

    def verify(self) -> tuple[Finding, ...]:
        """Findings of the chain check; empty: intact."""
        with self._session.read() as work:
            return work.audit.verify()

    def checkpoint(self) -> str:
        """The code of the trail as it stands now: 16 hex digits in groups of four."""
        with self._session.read() as work:
            return work.audit.checkpoint()

    def find_checkpoint(self, code: str) -> CheckpointMatch:
        """核对指纹: does today's trail still contain the state this code was printed for?"""
        digits = "".join(c for c in code.lower() if c.isalnum())
        if len(digits) != 16 or any(c not in "0123456789abcdef" for c in digits):
            return CheckpointMatch(code=code, verdict="malformed")
        with self._session.read() as work:
            entry = work.audit.find_checkpoint(digits)
        if entry is None:
            return CheckpointMatch(code=code, verdict="unknown")
        return CheckpointMatch(code=code, verdict="contained", number=entry.number, at=entry.at)


def _view(entry: StoredEntry) -> AuditEntry:
    named = (("对象", entry.subject), ("原", entry.before), ("现", entry.after), ("指纹", entry.fingerprint))
    return AuditEntry(
        number=entry.number,
        at=entry.at,
        who=entry.who,
        host=entry.computer,
        action=entry.action,
        label=entry.label,
        reason=entry.reason,
        details=tuple(f"{name}：{text}" for name, text in named if text),
        code=entry.code,
        hash=entry.hash,
    )
