"""Reads the register, from its workbook or from the clipboard: units, evaluators, who rates whom, each cell judged."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from app.domain.errors import AppError, Fault
from app.domain.facts import Assignment, Evaluator, Link, Participation, Unit, UnitRelation
from app.domain.findings import Finding
from app.domain.schemes import Relation
from app.domain.sheets import Register, RegisterReading
from app.files.excel.preflight import check_bytes, read_file
from app.files.excel.register_columns import (
    ASSIGNMENTS,
    EVALUATORS,
    IN_CHARGE,
    OTHER_RELATIONS,
    PARTICIPATION_NAMES,
    PLAIN_KIND,
    RELATION_NAMES,
    SEPARATOR,
    UNITS,
)
from app.files.excel.register_table import Line, Table
from app.files.excel.texts import tight
from app.files.excel.values import Grid, read_grids

PASTED = "粘贴的内容"
_LONGEST_PASTE = 20_000  # lines
_PARTICIPATIONS: dict[str, Participation] = {tight(name): key for key, name in PARTICIPATION_NAMES.items()}
_RELATIONS: dict[str, Relation] = {tight(name): key for key, name in RELATION_NAMES.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterRow:
    """One filled line as it stands there. table: 单位, 评议人, 谁评谁; texts: column → text, for the columns that are
    there; places: column → ``file › sheet › cell``; refused: column → why; value: nothing when a cell was refused."""

    table: str
    texts: dict[str, str]
    places: dict[str, str]
    refused: dict[str, str] = field(default_factory=dict[str, str])
    value: Unit | Evaluator | Assignment | None = None


@dataclass(frozen=True, slots=True)
class RegisterTables:
    """A register line by line. tables: those that are there."""

    rows: tuple[RegisterRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    sha256: str = ""
    tables: frozenset[str] = frozenset()

    @property
    def register(self) -> Register:
        """The good lines."""
        values = [row.value for row in self.rows]
        return Register(
            tuple(v for v in values if isinstance(v, Unit)),
            tuple(v for v in values if isinstance(v, Evaluator)),
            tuple(v for v in values if isinstance(v, Assignment)),
        )


def read_register(path: Path, levels: Mapping[str, str] | None = None) -> RegisterReading:
    """The good lines of a register workbook, and every remark; see ``read_register_tables``."""
    read = read_register_tables(path, levels)
    return RegisterReading(read.register, read.findings, read.sha256)


def read_register_tables(path: Path, levels: Mapping[str, str] | None = None) -> RegisterTables:
    """Read a register workbook. levels: name of a level → its code, for offices that write the name (部门单位).
    Never raises for what is in the file: a file that cannot be read is a finding too."""
    try:
        checked = check_bytes(path.name, read_file(path))
        open_sheet = read_grids(checked.data)
        tables = [Table.of(checked, sheet, open_sheet) for sheet in (UNITS, EVALUATORS, ASSIGNMENTS)]
    except AppError as error:
        text = error.fault.value
        message = f"{text.title}：{error.detail or text.cause}"
        return RegisterTables(findings=(Finding(text.code, path.name, message, text.step),))
    return _read(tables, checked.sha256, levels or {})


def read_register_text(text: str, table: str, levels: Mapping[str, str] | None = None) -> RegisterTables:
    """Read what was copied out of a spreadsheet (tabs between cells) as one table: 单位, 评议人 or 谁评谁. Without a
    head line the columns are taken in the order of the workbook."""
    grid: Grid = [list(row) for row in csv.reader(text.replace("\r\n", "\n").splitlines(True), delimiter="\t")]
    digest = hashlib.sha256(text.encode()).hexdigest()
    if len(grid) > _LONGEST_PASTE:
        message = f"共 {len(grid)} 行，一次最多 {_LONGEST_PASTE} 行。"
        found = Finding(Fault.REGISTER_BAD.value.code, PASTED, message, "请分几次粘贴，或用名册工作簿导入。")
        return RegisterTables(findings=(found,), sha256=digest)
    return _read([Table(table, f"{PASTED} › {table}", grid, pasted=True)], digest, levels or {})


def _read(tables: list[Table], sha256: str, levels: Mapping[str, str]) -> RegisterTables:
    names = {tight(name): code for name, code in levels.items()}
    rows = [row for table in tables for row in _rows(table, names)]
    findings = tuple(f for table in tables for f in table.findings)
    return RegisterTables(tuple(rows), findings, sha256, frozenset(t.title for t in tables if not t.missing))


def _rows(table: Table, levels: Mapping[str, str]) -> list[RegisterRow]:
    if table.title == UNITS:
        return _unique([_unit(line, levels) for line in table.lines()])
    if table.title == EVALUATORS:
        return _unique([_evaluator(line) for line in table.lines()])
    return [_row(line, _assignment(line)) for line in table.lines()]


def _row(line: Line, value: Unit | Evaluator | Assignment | None) -> RegisterRow:
    return RegisterRow(
        table=line.table.title,
        texts={name: line.shown(name) for name in line.columns},
        places={name: line.place(name) for name in line.columns},
        refused=dict(line.refused),
        value=None if line.bad else value,
    )


C = TypeVar("C", Unit, Evaluator)


def _unique(found: Iterable[tuple[Line, C]]) -> list[RegisterRow]:
    """A code that stands there twice is refused at its second place."""
    seen: dict[str, str] = {}
    rows: list[RegisterRow] = []
    for line, value in found:
        if value.code and value.code in seen:
            line.refuse("编码", f"编码 {value.code} 与 {seen[value.code]} 重复。", "请给其中一行换一个编码。")
        rows.append(_row(line, value))
        seen.setdefault(value.code, line.address("编码"))
    return rows


def _unit(line: Line, levels: Mapping[str, str]) -> tuple[Line, Unit]:
    level = line.needed("层级") if "层级" in line.columns else ""
    state = line.text("参评状态")
    participation = _PARTICIPATIONS.get(tight(state)) if state else "ranked"
    if participation is None:
        line.refuse("参评状态", f"“{state}”不是参评状态。", f"请填：{SEPARATOR.join(PARTICIPATION_NAMES.values())}。")
    unit = Unit(
        code=line.needed("编码"),
        name=line.needed_text("名称"),
        level=levels.get(tight(level), level),
        series=line.text("系列"),
        kind=line.text("类别") or PLAIN_KIND,
        parent=line.code("上级"),
        order=line.number("排序号"),
        participation=participation or "ranked",
        reason=line.text("原因"),
        tags=line.codes("标签"),
        since=line.day("起始日期"),
        reports_to=line.codes("其他上级"),
        links=tuple(Link(unit=code, name=name) for code, name, _ in line.pairs("关联")),
    )
    return line, unit


def _evaluator(line: Line) -> tuple[Line, Evaluator]:
    relations = [UnitRelation(unit=code, relation="in_charge") for code in line.codes(IN_CHARGE)]
    for unit, name, written in line.pairs(OTHER_RELATIONS):
        relation = _RELATIONS.get(tight(name))
        if not unit or relation is None:
            step = f"请写成“单位编码=关系”，关系为：{SEPARATOR.join(RELATION_NAMES.values())}。"
            line.refuse(OTHER_RELATIONS, f"“{written[:30]}”看不懂。", step)
        else:
            relations.append(UnitRelation(unit=unit, relation=relation))
    evaluator = Evaluator(
        code=line.needed("编码"),
        name=line.needed_text("姓名"),
        unit=line.code("单位"),
        role=line.text("角色"),
        order=line.number("排序号"),
        relations=tuple(relations),
    )
    return line, evaluator


def _assignment(line: Line) -> Assignment | None:
    evaluator, scheme, units = line.needed("评议人"), line.needed("方案"), line.codes("单位")
    if not units and not line.bad:
        line.refuse("单位", "没有填评哪些单位。", "请填单位编码，多个之间用顿号；不限单位的，删去这一行。")
    return None if line.bad else Assignment(evaluator=evaluator, scheme=scheme, units=units, group=line.code("组别"))
