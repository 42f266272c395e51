"""A register as read against what is stored: every line and cell is new, same, changed or refused. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from app.domain.errors import Fault
from app.domain.facts import Assignment, Evaluator, Facts, Unit
from app.domain.findings import Finding, Severity, has_errors
from app.domain.schemes import Scheme
from app.domain.sheets import RegisterCells
from app.files.excel import RegisterRow, RegisterTables, register_texts
from app.files.excel.register_columns import (
    ASSIGNMENT_FIELDS,
    ASSIGNMENTS,
    COLUMNS,
    EVALUATOR_FIELDS,
    EVALUATORS,
    IN_CHARGE,
    OTHER_RELATIONS,
    UNIT_FIELDS,
    UNITS,
)
from app.services.register import check_register
from app.services.register_ties import moved_levels

LineKind = Literal["unit", "evaluator", "assignment"]
RegisterState = Literal["new", "same", "changed", "missing", "gone", "refused"]
CellState = Literal["new", "same", "changed", "kept", "refused"]
Value = Unit | Evaluator | Assignment
V = TypeVar("V", Unit, Evaluator)
_KINDS: dict[str, LineKind] = {UNITS: "unit", EVALUATORS: "evaluator", ASSIGNMENTS: "assignment"}
COLUMNS_OF = {_KINDS[table]: columns for table, columns in COLUMNS.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterCell:
    """One cell of a line. kept: the register has no such column, so what is stored stays; before: what is stored; why:
    the reason of a refusal."""

    text: str
    state: CellState
    before: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterLine:
    """One line against what is stored. missing: stored, but not in the register (it is kept); gone: a line of who rates
    whom that will be taken away; refused: a cell is wrong. cells: one for each column of its kind (``COLUMNS_OF``);
    changes: those that differ, in Chinese (``名称：甲 → 乙``)."""

    kind: LineKind
    code: str
    name: str
    row: RegisterState
    cells: tuple[RegisterCell, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterPlan:
    """What taking in a register would do. source: name of the workbook, or 粘贴的内容. It can be applied when no finding
    is an error. assignments: all lines of who rates whom as they would be then."""

    source: str
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

    @property
    def changes_something(self) -> bool:
        """True when applying it would write anything."""
        return any(line.row in ("new", "changed", "gone") for line in self.lines)


@dataclass(frozen=True, slots=True)
class StoredRegister:
    """What the year holds already."""

    units: tuple[Unit, ...] = ()
    evaluators: tuple[Evaluator, ...] = ()
    assignments: tuple[Assignment, ...] = ()


def plan_of(
    source: str,
    read: RegisterTables,
    stored: StoredRegister,
    schemes: tuple[Scheme, ...],
    *,
    pasted: bool = False,
    facts: Facts | None = None,
) -> RegisterPlan:
    """The plan for a register as read. Columns and tables that it does not have stay as they are stored. pasted: a part
    of a register, so that units that are not in it are not missing. facts: what the year holds about the units."""
    old_units = {u.code: u for u in stored.units}
    old_people = {e.code: e for e in stored.evaluators}
    rows = _merged(read.rows, old_units, old_people)
    units = tuple(r.value for r in rows if isinstance(r.value, Unit))
    evaluators = tuple(r.value for r in rows if isinstance(r.value, Evaluator))
    assignments = _assignments(rows, read, stored, pasted)
    cells = _cells(rows)
    wrong = check_register(
        (old_units | {u.code: u for u in units}).values(),
        (old_people | {e.code: e for e in evaluators}).values(),
        assignments,
        schemes,
        cells,
    )
    wrong = (*wrong, *_settled(stored.units, units, facts, cells))
    findings = (*read.findings, *_not_known(wrong, read.findings))
    refused = _refusals(findings)
    levels = {s.level: s.level_name for s in schemes if s.level_name}
    lines = [_line(row, old_units, old_people, stored.assignments, refused, levels) for row in rows]
    if not pasted:
        lines += _missing("unit", stored.units, _codes(rows, UNITS), UNITS in read.tables)
        there = EVALUATORS in read.tables
        lines += _missing("evaluator", stored.evaluators, _codes(rows, EVALUATORS), there)
    lines += _gone(stored.assignments, assignments)
    return RegisterPlan(
        source=source,
        sha256=read.sha256,
        units=units,
        evaluators=evaluators,
        assignments=assignments,
        lines=tuple(lines),
        findings=findings,
    )


def _settled(before: Sequence[Unit], after: Sequence[Unit], facts: Facts | None, cells: RegisterCells) -> list[Finding]:
    """Levels that cannot change, because something was entered about the unit."""
    reasons = moved_levels(before, after, facts) if facts is not None else {}
    return [
        Finding(
            Fault.REGISTER_BAD.value.code,
            cells.get((unit, "level"), f"单位 {unit.code}"),
            f"不能改层级：有 {reasons[unit.code]}",
            "请先撤销或删除这些数据，或者新设一个单位",
        )
        for unit in after
        if unit.code in reasons
    ]


def _not_known(found: Sequence[Finding], known: Sequence[Finding]) -> list[Finding]:
    told = {(f.place, f.message) for f in known}
    return [f for f in found if (f.place, f.message) not in told]


def _refusals(findings: Sequence[Finding]) -> dict[str, str]:
    """Place → what is wrong there."""
    return {f.place: f.message for f in reversed(findings) if f.severity is Severity.ERROR}


# ---- what is not said stays, names become codes


def _merged(
    rows: Sequence[RegisterRow], units: Mapping[str, Unit], people: Mapping[str, Evaluator]
) -> list[RegisterRow]:
    read = [row.value for row in rows]
    code_of = _resolver([*units.values(), *(v for v in read if isinstance(v, Unit))])
    person_of = _resolver([*people.values(), *(v for v in read if isinstance(v, Evaluator))])
    made: list[RegisterRow] = []
    for row in rows:
        value = row.value
        if isinstance(value, Unit):
            value = _unit(value, row, units.get(value.code), code_of)
        elif isinstance(value, Evaluator):
            value = _evaluator(value, row, people.get(value.code), code_of)
        elif value is not None:
            named = tuple(dict.fromkeys(map(code_of, value.units)))
            value = replace(value, evaluator=person_of(value.evaluator), units=named)
        made.append(replace(row, value=value))
    return made


def _resolver(values: Sequence[V]) -> Callable[[str], str]:
    """A name that exactly one has stands for his code; anything else stays what it is."""
    codes = {v.code for v in values}
    named = {(v.name, v.code) for v in values}  # before and after a change of name
    counted = Counter(name for name, _ in named)
    names = {name: code for name, code in named if counted[name] == 1}
    return lambda text: text if text in codes else names.get(text, text)


def _unit(value: Unit, row: RegisterRow, before: Unit | None, code_of: Callable[[str], str]) -> Unit:
    value = replace(
        value,
        parent=code_of(value.parent),
        reports_to=tuple(map(code_of, value.reports_to)),
        links=tuple(replace(link, unit=code_of(link.unit)) for link in value.links),
    )
    if before is None:
        return value
    kept = {name: getattr(before, name) for name, column in UNIT_FIELDS.items() if column not in row.texts}
    return replace(value, **kept)


def _evaluator(
    value: Evaluator, row: RegisterRow, before: Evaluator | None, code_of: Callable[[str], str]
) -> Evaluator:
    relations = tuple(replace(r, unit=code_of(r.unit)) for r in value.relations)
    if before is None:
        return replace(value, unit=code_of(value.unit), relations=relations)
    kept = {name: getattr(before, name) for name, column in EVALUATOR_FIELDS.items() if column not in row.texts}
    charge = relations if IN_CHARGE in row.texts else before.relations
    others = relations if OTHER_RELATIONS in row.texts else before.relations
    relations = (
        *(r for r in charge if r.relation == "in_charge"),
        *(r for r in others if r.relation != "in_charge"),
    )
    return replace(value, **({"unit": code_of(value.unit)} | kept), relations=relations)


def _assignments(
    rows: Sequence[RegisterRow], read: RegisterTables, stored: StoredRegister, pasted: bool
) -> tuple[Assignment, ...]:
    """Lines of a workbook replace all; pasted ones those of the same evaluators and schemes."""
    if ASSIGNMENTS not in read.tables:
        return stored.assignments
    new = tuple(r.value for r in rows if isinstance(r.value, Assignment))
    named = {(a.evaluator, a.scheme) for a in new}
    kept = [a for a in stored.assignments if (a.evaluator, a.scheme) not in named] if pasted else []
    return (*kept, *new)


# ---- where each field stands


def _cells(rows: Sequence[RegisterRow]) -> RegisterCells:
    """Where each field of the good lines stands; a field without a column, at the first cell of its line. A line of
    assignment written twice has its first place."""
    cells: dict[tuple[Value, str], str] = {}
    for row in rows:
        if row.value is None:
            continue
        first = next(iter(row.places.values()), "")
        for name, column in _fields(row.value).items():
            cells.setdefault((row.value, name), row.places.get(column, first))
    return cells


def _fields(value: Value) -> dict[str, str]:
    if isinstance(value, Unit):
        return UNIT_FIELDS
    if isinstance(value, Assignment):
        return ASSIGNMENT_FIELDS
    relations = {
        f"relations.{n}": IN_CHARGE if r.relation == "in_charge" else OTHER_RELATIONS
        for n, r in enumerate(value.relations)
    }
    return EVALUATOR_FIELDS | relations


# ---- lines and cells


def _line(
    row: RegisterRow,
    units: Mapping[str, Unit],
    people: Mapping[str, Evaluator],
    assignments: tuple[Assignment, ...],
    refused: Mapping[str, str],
    levels: Mapping[str, str],
) -> RegisterLine:
    kind, value = _KINDS[row.table], row.value
    before: Value | None = None
    if isinstance(value, Unit):
        before = units.get(value.code)
    elif isinstance(value, Evaluator):
        before = people.get(value.code)
    elif value in assignments:
        before = value
    cells = _compared(row, before, refused, levels)
    columns = COLUMNS_OF[kind]
    changes = tuple(
        f"{column}：{cell.before or '空'} → {cell.text or '空'}"
        for column, cell in zip(columns, cells, strict=True)
        if cell.state == "changed"
    )
    state: RegisterState = "new" if before is None else "changed" if changes else "same"
    if value is None or any(c.state == "refused" for c in cells):
        state = "refused"
    code, name = (row.texts.get(column, "") for column in columns[:2])
    return RegisterLine(kind=kind, code=code, name=name, row=state, cells=cells, changes=changes)


def _compared(
    row: RegisterRow, before: Value | None, refused: Mapping[str, str], levels: Mapping[str, str]
) -> tuple[RegisterCell, ...]:
    old = register_texts(before) if before is not None else {}
    new = register_texts(row.value) if row.value is not None else {}
    made: list[RegisterCell] = []
    for column in COLUMNS[row.table]:
        text, was = row.texts.get(column, ""), old.get(column, "")
        why = row.refused.get(column) or refused.get(row.places.get(column, ""), "")
        if why:
            state: CellState = "refused"
        elif column not in row.texts:
            state, text = "kept", was
        elif before is None:
            state = "new"
        else:
            state = "same" if new.get(column, "") == was else "changed"
        if column == UNIT_FIELDS["level"]:
            text, was = levels.get(text, text), levels.get(was, was)
        made.append(RegisterCell(text=text, state=state, before=was, why=why))
    return tuple(made)


def _codes(rows: Sequence[RegisterRow], table: str) -> set[str]:
    """Codes that stand in a table, refused lines included."""
    return {
        row.texts.get("编码", "") if row.value is None or isinstance(row.value, Assignment) else row.value.code
        for row in rows
        if row.table == table
    }


def _missing(kind: LineKind, stored: Sequence[V], there: set[str], told: bool) -> list[RegisterLine]:
    gone = [v for v in stored if v.code not in there] if told else []
    return [_of_stored(kind, value, value.code, value.name, "missing") for value in gone]


def _gone(stored: Sequence[Assignment], wanted: Sequence[Assignment]) -> list[RegisterLine]:
    kept = set(wanted)
    return [_of_stored("assignment", a, a.evaluator, a.scheme, "gone") for a in stored if a not in kept]


def _of_stored(kind: LineKind, value: Value, code: str, name: str, state: RegisterState) -> RegisterLine:
    texts = register_texts(value)
    cells = tuple(RegisterCell(text=texts[c], state="kept", before=texts[c]) for c in COLUMNS_OF[kind])
    return RegisterLine(kind=kind, code=code, name=name, row=state, cells=cells)
