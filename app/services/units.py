"""Units, evaluators and who rates whom: the register and its coverage."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from app.domain.errors import Fault
from app.domain.facts import Assignment, Evaluator, Unit
from app.domain.findings import Finding, has_errors
from app.domain.schemes import Scheme
from app.domain.sheets import RegisterReading
from app.files.excel import read_register, write_register_template
from app.services.changes import Area, Outcome
from app.services.coverage import Coverage, ThinCell, coverage_of
from app.services.register import (
    RegisterLine,
    RegisterRow,
    check_evaluator,
    check_register,
    check_unit,
    compare_evaluators,
    compare_units,
)
from app.services.session import Session, done, note_export, refuse_when_wrong
from app.storage.records import Details
from app.storage.work import Work


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
        return not has_errors(self.findings)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterResult:
    """What was taken in: numbers of units, evaluators and lines of assignment that were written."""

    units: int
    evaluators: int
    assignments: int


class UnitService:
    """The register of the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def units(self) -> tuple[Unit, ...]:
        """All units in official order."""
        with self._session.read() as work:
            return work.units.all()

    def evaluators(self) -> tuple[Evaluator, ...]:
        """All evaluators in their order."""
        with self._session.read() as work:
            return work.evaluators.all()

    def assignments(self) -> tuple[Assignment, ...]:
        """Who rates whom, as stated by hand."""
        with self._session.read() as work:
            return work.assignments.all()

    def plan_register(self, path: Path) -> RegisterPlan:
        """Read a register workbook and compare it with what is stored; nothing is written."""
        reading = read_register(path)
        with self._session.read() as work:
            schemes = tuple(s.scheme for s in self._session.schemes(work))
            units, evaluators = work.units.all(), work.evaluators.all()
        return plan_of(path, reading, units, evaluators, schemes)

    def apply_register(self, plan: RegisterPlan) -> Outcome[RegisterResult]:
        """Take the register in. Units and evaluators that are not in the workbook stay; who rates whom is replaced as
        a whole. Raises REGISTER_BAD when the plan has errors."""
        refuse_when_wrong(plan.findings, Fault.REGISTER_BAD)
        result = RegisterResult(
            units=sum(n.kind == "unit" and n.row in ("new", "changed") for n in plan.lines),
            evaluators=sum(n.kind == "evaluator" and n.row in ("new", "changed") for n in plan.lines),
            assignments=len(plan.assignments),
        )
        label = f"导入名册：{len(plan.units)} 个单位，{len(plan.evaluators)} 名评议人"
        details = Details(subject=plan.path.name, fingerprint=plan.sha256, after=f"新增或改动 {result}")
        with self._session.write("import-register", label, details=details) as work:
            write_register(work, plan)
        return done(result, label, Area.UNITS, Area.SHEETS)

    def write_template(self, path: Path) -> Path:
        """Write an empty register workbook to fill in."""
        write_register_template(path)
        note_export(self._session, "导出名册模板", path)
        return path

    def save_unit(self, unit: Unit) -> Outcome[Unit]:
        """Add or change a unit. Raises INPUT_BAD with findings."""
        label = f"保存单位“{unit.name}”"
        with self._session.write("save-unit", label) as work:
            others = {u.code: u for u in work.units.all()} | {unit.code: unit}
            levels = {s.scheme.level for s in self._session.schemes(work)}
            refuse_when_wrong(tuple(check_unit(unit, others, levels)))
            work.describe(subject=f"单位 {unit.code}", before=_short(work.units.get(unit.code)), after=_short(unit))
            work.units.save(unit)
        return done(unit, label, Area.UNITS, Area.SHEETS)

    def save_evaluator(self, evaluator: Evaluator) -> Outcome[Evaluator]:
        """Add or change an evaluator. Raises INPUT_BAD with findings."""
        label = f"保存评议人“{evaluator.name}”"
        with self._session.write("save-evaluator", label) as work:
            refuse_when_wrong(tuple(check_evaluator(evaluator, {u.code: u for u in work.units.all()})))
            before = work.evaluators.get(evaluator.code)
            work.describe(subject=f"评议人 {evaluator.code}", before=_short(before), after=_short(evaluator))
            work.evaluators.save(evaluator)
        return done(evaluator, label, Area.UNITS, Area.SHEETS)

    def coverage(self, scheme_id: str) -> Coverage:
        """Who rates whom under this scheme, with holes and thin cells."""
        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            facts = self._session.facts(work)
        return coverage_of(scheme, facts)


def plan_of(
    path: Path,
    reading: RegisterReading,
    units: tuple[Unit, ...],
    evaluators: tuple[Evaluator, ...],
    schemes: tuple[Scheme, ...],
) -> RegisterPlan:
    """The plan for a register as read, against what is stored."""
    register = reading.register
    all_units = {u.code: u for u in (*units, *register.units)}
    all_people = {e.code: e for e in (*evaluators, *register.evaluators)}
    wrong = check_register(all_units.values(), all_people.values(), register.assignments, schemes, reading.cells)
    known = {(f.place, f.message) for f in reading.findings}
    return RegisterPlan(
        path=path,
        sha256=reading.sha256,
        units=register.units,
        evaluators=register.evaluators,
        assignments=register.assignments,
        lines=(*compare_units(register.units, units), *compare_evaluators(register.evaluators, evaluators)),
        findings=(*reading.findings, *(f for f in wrong if (f.place, f.message) not in known)),
    )


def write_register(work: Work, plan: RegisterPlan) -> None:
    """Store what the plan brings."""
    changed = {(n.kind, n.code) for n in plan.lines if n.row in ("new", "changed")}
    work.units.save(*(u for u in plan.units if ("unit", u.code) in changed))
    work.evaluators.save(*(e for e in plan.evaluators if ("evaluator", e.code) in changed))
    work.assignments.replace_all(plan.assignments)


def _short(value: Unit | Evaluator | None) -> str:
    if value is None:
        return ""
    words = (str(getattr(value, f.name)) for f in fields(value) if isinstance(getattr(value, f.name), str | int))
    return " ".join(w for w in words if w)


__all__ = [
    "Coverage",
    "RegisterLine",
    "RegisterPlan",
    "RegisterResult",
    "RegisterRow",
    "ThinCell",
    "UnitService",
    "plan_of",
    "write_register",
]
