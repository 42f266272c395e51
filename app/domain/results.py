"""What the engine answers: quantities, ranks and grades of every unit, and the way to each of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.facts import Participation
from app.domain.findings import Finding
from app.domain.quantities import Quantity
from app.domain.schemes import Scope


@dataclass(frozen=True, slots=True)
class Cell:
    """The place a raw value came from: file name, sheet, address; sha256 of the file."""

    file: str
    sheet: str
    address: str
    sha256: str = ""

    def __str__(self) -> str:
        return f"{self.file} › {self.sheet} › {self.address}"


@dataclass(frozen=True, slots=True)
class Step:
    """One figure of an explanation: what it is, by which rule, from which inputs.

    quantity: stable id (``total``, a part's id, ``part/group``, ``part/group/evaluator``, ``rank``, ``grade``,
    ``grade/<adjustment>``). sentence: the rule applied to these inputs, in Chinese, without a full stop's worth of
    program terms. text: the value as shown (``92.50``, ``好``, ``弃权``). source: where a raw value was read.
    """

    quantity: str
    title: str
    rule: str
    value: Quantity | None
    text: str
    sentence: str
    inputs: tuple[Step, ...] = ()
    source: Cell | None = None


@dataclass(frozen=True, slots=True)
class AppliedAdjustment:
    """An adjustment that was looked at for a unit: grade ids before and after; events: ids of the events behind
    it; effective: False when it changed nothing, with the reason in ``sentence``."""

    adjustment: str
    name: str
    scope: Scope
    effect: str
    before: str
    after: str
    events: tuple[str, ...]
    effective: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class GradeOutcome:
    """The grade of one scope of a unit: by line and quota, after adjustments, after a decision by hand. Grade ids;
    empty: no grade, for the reason in ``note``. ``pending``: waits for a decision on the quota line."""

    scope: Scope
    by_quota: str
    final: str
    manual: bool = False
    pending: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit under one scheme. parts: id → quantity for every part of the tree and every measure. rank: 1 is
    best; none when the unit is not ranked. shared: others have the same rank. grades: the unit's own first."""

    unit: str
    series: str
    participation: Participation
    total: Quantity
    shown_total: Fraction | None
    rank: int | None
    shared: bool
    grades: tuple[GradeOutcome, ...]
    adjustments: tuple[AppliedAdjustment, ...]
    parts: dict[str, Quantity]

    @property
    def grade(self) -> GradeOutcome:
        """The grade of the unit itself."""
        return self.grades[0]


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """How a quota was used in a series: places, base, units taken, units equal on the line, places left vacant.
    line_total: the last total that got in (none: nobody). kind: a ceiling, or a floor (places: those wanted; vacant:
    those it lacks)."""

    grade: str
    places: int
    base: int
    taken: int
    tied: tuple[str, ...]
    vacant: int
    line_total: Fraction | None
    sentence: str
    kind: Literal["ceiling", "floor"] = "ceiling"


@dataclass(frozen=True, slots=True)
class SeriesResult:
    """One series in the order of the result: ranked units by rank, then the others in official order."""

    series: str
    order: tuple[str, ...]
    quotas: tuple[QuotaLine, ...]


@dataclass(frozen=True, slots=True)
class SchemeResult:
    """The results of one scheme, with the fingerprint of the document they were computed with."""

    scheme: str
    fingerprint: str
    units: dict[str, UnitResult]
    series: tuple[SeriesResult, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """All levels, lowest first, and the fingerprint of the facts."""

    schemes: tuple[SchemeResult, ...]
    facts: str
