"""Units, evaluators and who rates whom: the register and its coverage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.domain.facts import Assignment, Evaluator, Unit
from app.domain.findings import Finding
from app.services.changes import Outcome

RegisterRow = Literal["new", "same", "changed", "missing"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterLine:
    """One unit or evaluator of the workbook against what is stored. missing: stored, but not in the workbook (it is
    kept). changes: what differs, in Chinese (``名称：甲 → 乙``)."""

    kind: Literal["unit", "evaluator"]
    code: str
    name: str
    row: RegisterRow
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterPlan:
    """What taking in a register workbook would do. It can be applied when no finding is an error."""

    path: Path
    sha256: str
    units: tuple[Unit, ...]
    evaluators: tuple[Evaluator, ...]
    assignments: tuple[Assignment, ...]
    lines: tuple[RegisterLine, ...]
    findings: tuple[Finding, ...]

    @property
    def ready(self) -> bool:
        """True when it can be applied."""
        from app.domain.findings import has_errors

        return not has_errors(self.findings)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterResult:
    """What was taken in: numbers of units, evaluators and lines of assignment that were written."""

    units: int
    evaluators: int
    assignments: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ThinCell:
    """A unit and a group with fewer raters than wanted. count 0 is a hole: nobody in this group rates the unit."""

    unit: str
    group: str
    count: int
    needed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """Who rates whom under one scheme. groups[e][u]: ids of the groups in which evaluator e counts for unit u (empty:
    does not rate it), in the order of ``evaluators`` and ``units``; recused: pairs (evaluator, unit) that must not
    score; counts: (unit, group) → raters; holes: cells with nobody; thin: cells with fewer than the gathering asks."""

    scheme: str
    units: tuple[Unit, ...]
    evaluators: tuple[Evaluator, ...]
    group_ids: tuple[str, ...]
    groups: tuple[tuple[tuple[str, ...], ...], ...]
    recused: frozenset[tuple[str, str]]
    counts: dict[tuple[str, str], int]
    holes: tuple[ThinCell, ...]
    thin: tuple[ThinCell, ...]


class UnitService:
    """The register of the open year."""

    def units(self) -> tuple[Unit, ...]:
        """All units in official order."""
        raise NotImplementedError

    def evaluators(self) -> tuple[Evaluator, ...]:
        """All evaluators in their order."""
        raise NotImplementedError

    def assignments(self) -> tuple[Assignment, ...]:
        """Who rates whom, as stated by hand."""
        raise NotImplementedError

    def plan_register(self, path: Path) -> RegisterPlan:
        """Read a register workbook and compare it with what is stored; nothing is written."""
        raise NotImplementedError

    def apply_register(self, plan: RegisterPlan) -> Outcome[RegisterResult]:
        """Take the register in. Raises REGISTER_BAD when the plan has errors."""
        raise NotImplementedError

    def write_template(self, path: Path) -> Path:
        """Write an empty register workbook to fill in."""
        raise NotImplementedError

    def save_unit(self, unit: Unit) -> Outcome[Unit]:
        """Add or change a unit. Raises INPUT_BAD with findings."""
        raise NotImplementedError

    def save_evaluator(self, evaluator: Evaluator) -> Outcome[Evaluator]:
        """Add or change an evaluator. Raises INPUT_BAD with findings."""
        raise NotImplementedError

    def coverage(self, scheme_id: str) -> Coverage:
        """Who rates whom under this scheme, with holes and thin cells."""
        raise NotImplementedError
