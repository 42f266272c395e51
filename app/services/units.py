"""Units, evaluators and who rates whom: the register and its coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.facts import Assignment, Evaluator, Facts, Unit
from app.domain.findings import Finding
from app.domain.schemes import Scheme
from app.domain.sheets import Register
from app.files.excel import (
    RegisterTables,
    read_register_tables,
    read_register_text,
    write_register_template,
)
from app.files.excel import write_register as write_register_workbook
from app.services.changes import Area, Outcome
from app.services.coverage import Coverage, ThinCell, coverage_of
from app.services.register import check_evaluator, check_unit
from app.services.register_plan import (
    RegisterCell,
    RegisterLine,
    RegisterPlan,
    StoredRegister,
    plan_of,
)
from app.services.register_ties import moved_levels, ties_of_evaluators, ties_of_units, without_relations, without_units
from app.services.session import Session, done, note_export, refuse_when_wrong
from app.storage.records import Details
from app.storage.work import Work

PASTE_TABLES = ("单位", "评议人", "谁评谁")


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
        with self._session.read() as work:
            schemes, stored = self._stored(work)
            facts = self._session.facts(work)
        return plan_of(path.name, read_register_tables(path, level_names(schemes)), stored, schemes, facts=facts)

    def plan_paste(self, text: str, table: str) -> RegisterPlan:
        """Compare what was copied out of a spreadsheet with what is stored; nothing is written. table: one of
        ``PASTE_TABLES``."""
        with self._session.read() as work:
            schemes, stored = self._stored(work)
            facts = self._session.facts(work)
        read: RegisterTables = read_register_text(text, table, level_names(schemes))
        return plan_of("粘贴的内容", read, stored, schemes, pasted=True, facts=facts)

    def apply_register(self, plan: RegisterPlan) -> Outcome[RegisterResult]:
        """Take the register in. Units and evaluators that are not in it stay; who rates whom is replaced when the
        register has that table. Raises REGISTER_BAD when the plan has errors."""
        refuse_when_wrong(plan.findings, Fault.REGISTER_BAD)
        result = RegisterResult(
            units=sum(n.kind == "unit" and n.row in ("new", "changed") for n in plan.lines),
            evaluators=sum(n.kind == "evaluator" and n.row in ("new", "changed") for n in plan.lines),
            assignments=sum(n.kind == "assignment" and n.row in ("new", "gone") for n in plan.lines),
        )
        label = f"导入名册：{len(plan.units)} 个单位，{len(plan.evaluators)} 名评议人"
        said = f"新增或改动：单位 {result.units}，评议人 {result.evaluators}，谁评谁 {result.assignments}"
        details = Details(subject=plan.source, fingerprint=plan.sha256, after=said)
        with self._session.write("import-register", label, details=details) as work:
            write_register(work, plan)
        return done(result, label, Area.UNITS, Area.SHEETS)

    def _stored(self, work: Work) -> tuple[tuple[Scheme, ...], StoredRegister]:
        schemes = tuple(s.scheme for s in self._session.schemes(work))
        return schemes, StoredRegister(work.units.all(), work.evaluators.all(), work.assignments.all())

    def write_template(self, path: Path) -> Path:
        """Write an empty register workbook to fill in."""
        write_register_template(path)
        note_export(self._session, "导出名册模板", path)
        return path

    def write_register(self, path: Path) -> Path:
        """Write the register as it stands into a workbook that can be changed and taken in again."""
        with self._session.read() as work:
            register = Register(work.units.all(), work.evaluators.all(), work.assignments.all())
        write_register_workbook(register, path)
        note_export(self._session, "导出名册", path)
        return path

    def save_unit(self, unit: Unit) -> Outcome[Unit]:
        """Add or change a unit. Raises INPUT_BAD with findings."""
        label = f"保存单位“{unit.name}”"
        with self._session.write("save-unit", label) as work:
            others = {u.code: u for u in work.units.all()} | {unit.code: unit}
            levels = {s.scheme.level for s in self._session.schemes(work)}
            refuse_when_wrong(tuple(check_unit(unit, others, levels)))
            before = work.units.get(unit.code)
            if before is not None and before.level != unit.level:
                _refuse_settled(before, unit, work.facts())
            work.describe(subject=f"单位 {unit.code}", before=_short(before), after=_short(unit))
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

    def ties_of_units(self, codes: Sequence[str]) -> tuple[Finding, ...]:
        """Why these units cannot be deleted; empty: they can."""
        with self._session.read() as work:
            return ties_of_units(self._session.facts(work), set(codes))

    def delete_units(self, codes: Sequence[str]) -> Outcome[int]:
        """Delete units, and with them what only names them: relations, ties, lines of who rates whom. Raises INPUT_BAD
        with findings when marks, votes, events, values, decisions, units below or people hang on one of them."""
        gone = set(codes)
        with self._session.read() as work:
            label = _deletion("单位", [u.name for u in work.units.all() if u.code in gone])
        with self._session.write("delete-units", label) as work:
            refuse_when_wrong(ties_of_units(work.facts(), gone))
            units, assignments = work.units.all(), work.assignments.all()
            work.describe(subject=_deletion("单位", sorted(gone)), before=_all_short(units, gone))
            work.units.save(*without_units(units, gone))
            work.evaluators.save(*without_relations(work.evaluators.all(), gone))
            work.assignments.replace_all(_without(assignments, gone))
            for change in work.hand_changes.all():
                if change.unit in gone:
                    work.hand_changes.delete(change.scheme, change.evaluator, change.unit)
            count = sum(work.units.delete(code) for code in gone)
            _need_some(count)
        return done(count, label, Area.UNITS, Area.SHEETS)

    def ties_of_evaluators(self, codes: Sequence[str]) -> tuple[Finding, ...]:
        """Why these evaluators cannot be deleted; empty: they can."""
        with self._session.read() as work:
            return ties_of_evaluators(self._session.facts(work), set(codes))

    def delete_evaluators(self, codes: Sequence[str]) -> Outcome[int]:
        """Delete evaluators, and with them their lines and changes of who rates whom. Raises INPUT_BAD with findings
        when a score sheet of one of them has come back."""
        gone = set(codes)
        with self._session.read() as work:
            label = _deletion("评议人", [e.name for e in work.evaluators.all() if e.code in gone])
        with self._session.write("delete-evaluators", label) as work:
            refuse_when_wrong(ties_of_evaluators(work.facts(), gone))
            people = work.evaluators.all()
            work.describe(subject=_deletion("评议人", sorted(gone)), before=_all_short(people, gone))
            work.assignments.replace_all(a for a in work.assignments.all() if a.evaluator not in gone)
            for change in work.hand_changes.all():
                if change.evaluator in gone:
                    work.hand_changes.delete(change.scheme, change.evaluator, change.unit)
            count = sum(work.evaluators.delete(code) for code in gone)
            _need_some(count)
        return done(count, label, Area.UNITS, Area.SHEETS)

    def coverage(self, scheme_id: str) -> Coverage:
        """Who rates whom under this scheme, with holes and thin cells."""
        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            facts = self._session.facts(work)
        return coverage_of(scheme, facts)


def level_names(schemes: Iterable[Scheme]) -> dict[str, str]:
    """Name of a level → its code; a name that two levels have stands for neither."""
    named: dict[str, set[str]] = {}
    for scheme in schemes:
        if scheme.level_name:
            named.setdefault(scheme.level_name, set()).add(scheme.level)
    return {name: next(iter(levels)) for name, levels in named.items() if len(levels) == 1}


def write_register(work: Work, plan: RegisterPlan) -> None:
    """Store what the plan brings."""
    changed = {(n.kind, n.code) for n in plan.lines if n.row in ("new", "changed")}
    work.units.save(*(u for u in plan.units if ("unit", u.code) in changed))
    work.evaluators.save(*(e for e in plan.evaluators if ("evaluator", e.code) in changed))
    work.assignments.replace_all(plan.assignments)


def _refuse_settled(before: Unit, unit: Unit, facts: Facts) -> None:
    """Raises INPUT_BAD when something was entered about the unit at its old level."""
    for why in moved_levels([before], [unit], facts).values():
        raise AppError(Fault.INPUT_BAD, f"不能改层级：有 {why}。请先撤销或删除这些数据，或者新设一个单位。")


def _without(lines: Iterable[Assignment], gone: set[str]) -> list[Assignment]:
    """Lines without the units that go. One that named nobody else stays without units: it says that this evaluator
    does not rate by the rule."""
    return [replace(line, units=tuple(u for u in line.units if u not in gone)) for line in lines]


def _deletion(what: str, names: Sequence[str]) -> str:
    some = "、".join(names[:3])
    return f"删除{what}“{some}”等 {len(names)} 个" if len(names) > 3 else f"删除{what}“{some}”"


def _need_some(count: int) -> None:
    if not count:
        raise AppError(Fault.NOT_FOUND, "要删除的已经不在名册中。")


def _all_short(values: Iterable[Unit | Evaluator], codes: set[str]) -> str:
    return "；".join(_short(v) for v in values if v.code in codes)


def _short(value: Unit | Evaluator | None) -> str:
    if value is None:
        return ""
    words = (str(getattr(value, f.name)) for f in fields(value) if isinstance(getattr(value, f.name), str | int))
    return " ".join(w for w in words if w)


__all__ = [
    "PASTE_TABLES",
    "Coverage",
    "RegisterCell",
    "RegisterLine",
    "RegisterPlan",
    "RegisterResult",
    "ThinCell",
    "UnitService",
    "level_names",
    "write_register",
]
