"""The audit trail: reading it, checking it, and the checkpoint that goes on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.findings import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """One entry. at: local time with offset; details: old → new and what else belongs to it, as lines."""

    number: int
    at: str
    who: str
    host: str
    action: str
    label: str
    reason: str
    details: tuple[str, ...]
    hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckpointMatch:
    """Whether a code from a paper is contained in this trail: the entry it stands for, or none."""

    code: str
    found: bool
    number: int = 0
    at: str = ""
    verdict: Literal["contained", "unknown", "malformed"] = "unknown"


class AuditService:
    """The trail of the open year."""

    def entries(self, limit: int = 200, offset: int = 0) -> tuple[AuditEntry, ...]:
        """Newest first."""
        raise NotImplementedError

    def count(self) -> int:
        """How many entries there are."""
        raise NotImplementedError

    def verify(self) -> tuple[Finding, ...]:
        """Findings of the chain check; empty: intact."""
        raise NotImplementedError

    def checkpoint(self) -> str:
        """The code of the trail as it stands now: 16 hex digits in groups of four."""
        raise NotImplementedError

    def find_checkpoint(self, code: str) -> CheckpointMatch:
        """核对指纹: does today's trail still contain the state this code was printed for?"""
        raise NotImplementedError
