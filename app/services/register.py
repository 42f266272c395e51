"""A register against what is stored, and what is wrong with it as a whole. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from app.domain.errors import Fault
from app.domain.facts import Assignment, Evaluator, Unit
from app.domain.findings import Finding, Severity
from app.domain.schemes import Scheme
from app.domain.sheets import RegisterCells

RegisterRow = Literal["new", "same", "changed", "missing"]
_BAD = Fault.REGISTER_BAD.value.code
_NOWHERE: RegisterCells = {}
_NAMES = {
    "name": "名称",
    "level": "层级",
    "series": "系列",
    "kind": "类型",
    "parent": "上级",
    "order": "排序号",
    "participation": "参评状态",
    "reason": "原因",
    "tags": "标签",
    "unit": "单位",
    "role": "角色",
    "relations": "关系",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterLine:
    """One unit or evaluator of the workbook against what is stored. missing: stored, but not in the workbook (it is
    kept). changes: what differs, in Chinese (``名称：甲 → 乙``)."""

    kind: Literal["unit", "evaluator"]
    code: str
    name: str
    row: RegisterRow
    changes: tuple[str, ...] = ()


def compare_units(new: Sequence[Unit], old: Sequence[Unit]) -> list[RegisterLine]:
    """One line per unit, those of the workbook first."""
    return _lines("unit", {u.code: u for u in new}, {u.code: u for u in old})


def compare_evaluators(new: Sequence[Evaluator], old: Sequence[Evaluator]) -> list[RegisterLine]:
    """One line per evaluator, those of the workbook first."""
    return _lines("evaluator", {e.code: e for e in new}, {e.code: e for e in old})


def _lines(
    kind: Literal["unit", "evaluator"],
    new: Mapping[str, Unit] | Mapping[str, Evaluator],
    old: Mapping[str, Unit] | Mapping[str, Evaluator],
) -> list[RegisterLine]:
    found = [_line(kind, value, old.get(code)) for code, value in new.items()]
    gone = [v for code, v in old.items() if code not in new]
    return found + [RegisterLine(kind=kind, code=v.code, name=v.name, row="missing") for v in gone]


def _line(kind: Literal["unit", "evaluator"], value: Unit | Evaluator, before: Unit | Evaluator | None) -> RegisterLine:
    if before is None:
        return RegisterLine(kind=kind, code=value.code, name=value.name, row="new")
    changes = tuple(
        f"{_NAMES.get(f.name, f.name)}：{_text(getattr(before, f.name))} → {_text(getattr(value, f.name))}"
        for f in fields(value)
        if getattr(before, f.name) != getattr(value, f.name)
    )
    row: RegisterRow = "changed" if changes else "same"
    return RegisterLine(kind=kind, code=value.code, name=value.name, row=row, changes=changes)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return f"{len(value)} 条" if value else "空"  # pyright: ignore[reportUnknownArgumentType]
    return str(value) or "空"


# ---- what may be wrong


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
    levels = {s.level for s in schemes}
    people = {e.code for e in evaluators}
    named = {s.id for s in schemes}
    found = [f for u in known.values() for f in check_unit(u, known, levels, cells)]
    found += [f for e in evaluators for f in check_evaluator(e, known, cells)]
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
    if unit.parent and unit.parent not in units:
        found.append(
            Finding(_BAD, place("parent"), f"上级单位 {unit.parent} 不在名册中", "请补上该单位，或改正上级编码")
        )
    elif _in_cycle(unit, units):
        found.append(Finding(_BAD, place("parent"), "上级关系绕成了圈", "请改正上级编码"))
    if unit.level not in set(levels):
        step = "如不参加考核可不管；否则请核对层级代号"
        found.append(Finding(_BAD, place("level"), f"没有考核层级“{unit.level}”的方案", step, Severity.NOTE))
    if unit.participation != "ranked" and not unit.reason.strip():
        found.append(Finding(_BAD, place("reason"), "不参加排名的单位没有写原因", "请写明原因", Severity.WARNING))
    return found


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
