"""What is wrong with a register as a whole. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from app.domain.errors import Fault
from app.domain.facts import Assignment, Evaluator, Unit
from app.domain.findings import Finding, Severity
from app.domain.schemes import Scheme
from app.domain.sheets import RegisterCells

_BAD = Fault.REGISTER_BAD.value.code
_NOWHERE: RegisterCells = {}


def check_register(
    units: Iterable[Unit],
    evaluators: Iterable[Evaluator],
    assignments: Iterable[Assignment],
    schemes: Iterable[Scheme],
    cells: RegisterCells = _NOWHERE,
) -> tuple[Finding, ...]:
    """Every fault of a whole register: parents, cycles, levels, units and schemes that are named but not there. What
    has its place in ``cells`` is told with it, all else with the unit's or evaluator's code."""
    known = {u.code: u for u in units}
    schemes, evaluators = tuple(schemes), tuple(evaluators)
    levels = {s.level for s in schemes}
    people = {e.code for e in evaluators}
    named = {s.id for s in schemes}
    found = [f for u in known.values() for f in check_unit(u, known, levels, cells)]
    found += [f for e in evaluators for f in check_evaluator(e, known, cells)]
    assignments = tuple(assignments)
    found += _check_roles(evaluators, schemes, {a.evaluator for a in assignments if a.group}, cells)
    for line in assignments:
        found += _check_assignment(line, known, people, named, cells)
    return tuple(found)


def check_unit(
    unit: Unit, units: Mapping[str, Unit], levels: Iterable[str], cells: RegisterCells = _NOWHERE
) -> list[Finding]:
    """What is wrong with one unit among the others."""

    def place(name: str) -> str:
        return cells.get((unit, name), f"单位 {unit.code}")

    found: list[Finding] = []
    if not unit.code.strip() or not unit.name.strip():
        found.append(Finding(_BAD, place("code"), "编码和名称都要填写", "请补上"))
    found += _check_above(unit, units, cells)
    if not unit.level.strip():
        found.append(Finding(_BAD, place("level"), "没有填层级", "请补上"))
    elif unit.level not in set(levels):
        step = "如不参加考核可不管；否则请核对层级代号"
        found.append(Finding(_BAD, place("level"), f"没有考核层级“{unit.level}”的方案", step, Severity.NOTE))
    if unit.participation != "ranked" and not unit.reason.strip():
        found.append(Finding(_BAD, place("reason"), "不参加排名的单位没有写原因", "请写明原因", Severity.WARNING))
    if unit.since and not _is_date(unit.since):
        found.append(Finding(_BAD, place("since"), f"“{unit.since}”不是日期", "请填年月日，如 2026-03-01"))
    return found


def _check_above(unit: Unit, units: Mapping[str, Unit], cells: RegisterCells) -> list[Finding]:
    """Units that this one names: above it, beside its parent, tied to it."""

    def place(name: str) -> str:
        return cells.get((unit, name), f"单位 {unit.code}")

    found: list[Finding] = []
    if unit.parent and unit.parent not in units:
        found.append(
            Finding(_BAD, place("parent"), f"上级单位 {unit.parent} 不在名册中", "请补上该单位，或改正上级编码")
        )
    elif _in_cycle(unit, units):
        found.append(Finding(_BAD, place("parent"), "上级关系绕成了圈", "请改正上级编码"))
    named = [("reports_to", code) for code in unit.reports_to] + [("links", link.unit) for link in unit.links]
    for name, code in named:
        if code not in units:
            found.append(Finding(_BAD, place(name), f"单位 {code} 不在名册中", "请补上该单位，或改正编码"))
        elif code == unit.code:
            found.append(Finding(_BAD, place(name), "这里不能填本单位", "请删去或改正编码"))
    return found


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _in_cycle(unit: Unit, units: Mapping[str, Unit]) -> bool:
    seen: set[str] = set()
    here: Unit | None = unit
    while here is not None and here.code not in seen:
        seen.add(here.code)
        here = units.get(here.parent) if here.parent else None
    return here is not None


def check_evaluator(evaluator: Evaluator, units: Mapping[str, Unit], cells: RegisterCells = _NOWHERE) -> list[Finding]:
    """What is wrong with one evaluator."""

    def place(name: str) -> str:
        return cells.get((evaluator, name), f"评议人 {evaluator.code}")

    found: list[Finding] = []
    if not evaluator.code.strip() or not evaluator.name.strip():
        found.append(Finding(_BAD, place("code"), "编码和姓名都要填写", "请补上"))
    named = [("unit", evaluator.unit), *((f"relations.{n}", r.unit) for n, r in enumerate(evaluator.relations))]
    for name, code in named:
        if code and code not in units:
            found.append(Finding(_BAD, place(name), f"单位 {code} 不在名册中", "请补上该单位，或改正编码"))
    return found


def _check_roles(
    evaluators: Iterable[Evaluator], schemes: Iterable[Scheme], placed: set[str], cells: RegisterCells
) -> list[Finding]:
    """Roles that no group names, so that nobody of them rates anything. placed: evaluators whom a line puts into a
    group whatever their role."""
    groups = [g for s in schemes for g in s.groups]
    known = dict.fromkeys(role for g in groups for role in g.roles)
    if not groups or any(not g.roles for g in groups):
        return []
    step = f"方案里的角色有：{'、'.join(known)}，要一字不差"
    return [
        Finding(
            _BAD,
            cells.get((e, "role"), f"评议人 {e.code}"),
            f"没有分组用到角色“{e.role}”，他不会评任何单位" if e.role else "没有填角色，他不会评任何单位",
            step,
            Severity.WARNING,
        )
        for e in evaluators
        if e.role not in known and e.code not in placed
    ]


def _check_assignment(
    line: Assignment, units: Mapping[str, Unit], people: set[str], schemes: set[str], cells: RegisterCells
) -> list[Finding]:
    def place(name: str) -> str:
        return cells.get((line, name), f"谁评谁 {line.evaluator}")

    found: list[Finding] = []
    if line.evaluator not in people:
        found.append(Finding(_BAD, place("evaluator"), f"评议人 {line.evaluator} 不在名册中", "请改正编码"))
    if line.scheme not in schemes:
        found.append(Finding(_BAD, place("scheme"), f"没有方案 {line.scheme}", "请改正方案代号"))
    for code in line.units:
        if code not in units:
            found.append(Finding(_BAD, place("units"), f"单位 {code} 不在名册中", "请改正编码"))
    return found
