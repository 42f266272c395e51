"""Schemes of the year: read, check, edit as new versions, exchange as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.domain.findings import Finding
from app.domain.schemes import Scheme
from app.services.changes import Outcome
from app.services.comparison import ResultChange


@dataclass(frozen=True, kw_only=True, slots=True)
class PartEdit:
    """One change of one part (or measure). value: what was typed; a number for points and weight (empty: none)."""

    part: str
    field: Literal["name", "note", "points", "weight"]
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SchemeVersion:
    """One stored version of a scheme. current: the one that computes now."""

    scheme: str
    version: int
    fingerprint: str
    made_at: str
    made_by: str
    current: bool


class SchemeService:
    """The schemes of the open year."""

    def all(self) -> tuple[Scheme, ...]:
        """The current version of every scheme, lowest level first (a level before those that use its results)."""
        raise NotImplementedError

    def get(self, scheme_id: str) -> Scheme:
        """One scheme. Raises NOT_FOUND."""
        raise NotImplementedError

    def text(self, scheme_id: str) -> str:
        """The document as canonical JSON text."""
        raise NotImplementedError

    def fingerprint(self, scheme_id: str) -> str:
        """SHA-256 of the canonical text, hex."""
        raise NotImplementedError

    def check(self, scheme_id: str) -> tuple[Finding, ...]:
        """Findings of the scheme check; Finding.node is the part."""
        raise NotImplementedError

    def edited(self, scheme_id: str, edit: PartEdit) -> Scheme:
        """The scheme as the edit would leave it; nothing is stored. Raises INPUT_BAD."""
        raise NotImplementedError

    def edit(self, scheme_id: str, edit: PartEdit) -> Outcome[Scheme]:
        """Store the edit as a new version. Raises INPUT_BAD with what is wrong."""
        raise NotImplementedError

    def who_moves(self, scheme_id: str, edit: PartEdit) -> tuple[ResultChange, ...]:
        """Whose total, rank or grade the edit would change; nothing is stored."""
        raise NotImplementedError

    def import_file(self, path: Path) -> Outcome[Scheme]:
        """Take in a scheme file as a new scheme or a new version of one. Raises SCHEME_BAD with findings."""
        raise NotImplementedError

    def export_file(self, scheme_id: str, path: Path) -> Path:
        """Write the scheme file; returns the path written."""
        raise NotImplementedError

    def versions(self, scheme_id: str) -> tuple[SchemeVersion, ...]:
        """All stored versions, newest first."""
        raise NotImplementedError
