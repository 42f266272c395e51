"""Results: compute, keep as snapshots, freeze, compare, decide, explain."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.facts import Decision
from app.domain.progress import Progress, no_progress
from app.domain.results import Results, Step
from app.domain.schemes import Scope
from app.services.changes import Outcome
from app.services.comparison import ResultChange


@dataclass(frozen=True, kw_only=True, slots=True)
class SnapshotInfo:
    """One kept result without its figures. fingerprints: scheme id → fingerprint; facts: fingerprint of the facts;
    made_at: local time with offset; freeze_reason and frozen_by: empty unless frozen."""

    version: int
    made_at: str
    made_by: str
    fingerprints: dict[str, str]
    facts: str
    frozen: bool
    frozen_by: str = ""
    freeze_reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """One kept result."""

    info: SnapshotInfo
    results: Results


class ResultService:
    """Results of the open year."""

    def compute(self, progress: Progress = no_progress) -> Outcome[Snapshot]:
        """Compute all levels, bottom-up, and keep the result. Raises CALC_FROZEN while the newest one is frozen,
        CALC_WEIGHTS with findings when a scheme has errors."""
        raise NotImplementedError

    def current(self) -> Snapshot | None:
        """The newest result; None before the first."""
        raise NotImplementedError

    def is_stale(self) -> bool:
        """True when schemes or facts have changed since the newest result (or there is none)."""
        raise NotImplementedError

    def versions(self) -> tuple[SnapshotInfo, ...]:
        """All kept results, newest first."""
        raise NotImplementedError

    def load(self, version: int) -> Snapshot:
        """A kept result. Raises NOT_FOUND."""
        raise NotImplementedError

    def compare(self, before: int, after: int) -> tuple[ResultChange, ...]:
        """Units whose total, rank or grade differs between two kept results."""
        raise NotImplementedError

    def freeze(self, reason: str, by: str) -> Outcome[Snapshot]:
        """定稿: the newest result stands. Raises CALC_STALE, CALC_INCOMPLETE (something pending), INPUT_BAD."""
        raise NotImplementedError

    def unfreeze(self, reason: str, by: str) -> Outcome[Snapshot]:
        """解除定稿."""
        raise NotImplementedError

    def explain(self, scheme_id: str, unit: str, quantity: str = "grade") -> Step:
        """The way to one figure, from the facts as they are now, by the computing code itself. Raises NOT_FOUND."""
        raise NotImplementedError

    def sentences(self, step: Step) -> tuple[str, ...]:
        """The way as indented Chinese sentences, down to file › sheet › cell."""
        raise NotImplementedError

    def decisions(self) -> tuple[Decision, ...]:
        """Grades set by hand."""
        raise NotImplementedError

    def decide(self, decision: Decision) -> Outcome[Decision]:
        """Set a grade by hand, with reason and name; takes effect with the next computation. Raises INPUT_BAD."""
        raise NotImplementedError

    def withdraw_decision(self, scheme_id: str, unit: str, scope: Scope, reason: str) -> Outcome[None]:
        """Take a manual grade back."""
        raise NotImplementedError
