"""Reads the register workbook: units, evaluators, who rates whom, with a finding per cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from app.domain.errors import AppError, Fault
from app.domain.facts import Assignment, Evaluator, Participation, Unit, UnitRelation
from app.domain.findings import Finding, Severity
from app.domain.schemes import Relation
from app.domain.sheets import Register, RegisterCells, RegisterReading
from app.files.excel.preflight import Preflight, check_bytes, read_file
from app.files.excel.texts import column_letters, normal, tidy, tight
from app.files.excel.values import Grid, read_grids

UNITS, EVALUATORS, ASSIGNMENTS = "单位", "评议人", "谁评谁"
UNIT_COLUMNS = ("编码", "名称", "层级", "系列", "类别", "上级", "排序号", "参评状态", "原因", "标签")
EVALUATOR_COLUMNS = ("编码", "姓名", "单位", "角色", "排序号", "分管", "其他关系")
ASSIGNMENT_COLUMNS = ("评议人", "方案", "单位", "组别")
SEPARATOR = "、"
PARTICIPATION_NAMES: dict[Participation, str] = {
    "ranked": "参评",
    "listed_apart": "单列",
    "not_graded": "不定等次",
    "new": "新成立",
    "under_investigation": "立案审查",
    "ceased": "已撤并",
}
RELATION_NAMES: dict[Relation, str] = {
    "own": "本单位",
    "above": "上级",
    "below": "下级",
    "in_charge": "分管",
    "same_series": "同系列",
    "same_level": "同层级",
    "other": "其他",
}
_CODE = Fault.REGISTER_BAD.value.code
_PARTICIPATIONS: dict[str, Participation] = {tight(name): key for key, name in PARTICIPATION_NAMES.items()}
_RELATIONS: dict[str, Relation] = {tight(name): key for key, name in RELATION_NAMES.items()}
_LISTS = ("标签", "分管", "其他关系", "单位")  # columns of several codes: a new line in the cell separates them
# The field of a unit, an evaluator, a line of assignment → the column it is read from.
_UNIT_FIELDS = {"code": "编码", "name": "名称", "level": "层级", "parent": "上级", "reason": "原因"}
_EVALUATOR_FIELDS = {"code": "编码", "name": "姓名", "unit": "单位"}
_ASSIGNMENT_FIELDS = {"evaluator": "评议人", "scheme": "方案", "units": "单位"}
_HEAD_ROWS = 20  # the head is looked for in so many rows from the top


def read_register(path: Path, levels: Mapping[str, str] | None = None) -> RegisterReading:
    """Read a register workbook. levels: name of a level → its code, for offices that write the name (部门单位).
    Never raises for what is in the file: a file that cannot be read is a finding too."""
    names = {tight(name): code for name, code in (levels or {}).items()}
    try:
        checked = check_bytes(path.name, read_file(path))
        open_sheet = read_grids(checked.data)
        tables = {sheet: _Table.of(checked, sheet, open_sheet) for sheet in (UNITS, EVALUATORS, ASSIGNMENTS)}
    except AppError as error:
        text = error.fault.value
        finding = Finding(text.code, path.name, f"{text.title}：{error.detail or text.cause}", text.step)
        return RegisterReading(findings=(finding,))
    units = _unique([_unit(line, names) for line in tables[UNITS].lines(UNIT_COLUMNS, 2)])
    people = _unique([_evaluator(line) for line in tables[EVALUATORS].lines(EVALUATOR_COLUMNS, 2)])
    read = [(line, _assignment(line)) for line in tables[ASSIGNMENTS].lines(ASSIGNMENT_COLUMNS, 3)]
    rated = [(line, value) for line, value in read if value is not None]
    cells = _cells(units, people, rated)
    findings = tuple(f for table in tables.values() for f in table.findings)
    register = Register(tuple(u for _, u in units), tuple(e for _, e in people), tuple(a for _, a in rated))
    return RegisterReading(register, findings, checked.sha256, cells)


def _cells(
    units: Iterable[tuple[_Line, Unit]],
    people: Iterable[tuple[_Line, Evaluator]],
    rated: Iterable[tuple[_Line, Assignment]],
) -> RegisterCells:
    """Where each field of the good lines stands. A line of assignment written twice has its first place."""
    cells: dict[tuple[Unit | Evaluator | Assignment, str], str] = {}
    for lines, names in ((units, _UNIT_FIELDS), (people, _EVALUATOR_FIELDS), (rated, _ASSIGNMENT_FIELDS)):
        for line, value in lines:
            for name, column in names.items():
                cells.setdefault((value, name), line.place(column))
    for line, value in people:
        in_charge = len(line.codes("分管"))  # these were read first
        for n in range(len(value.relations)):
            cells[value, f"relations.{n}"] = line.place("分管" if n < in_charge else "其他关系")
    return cells


# ---- one table of the workbook


@dataclass(slots=True)
class _Table:
    """A sheet with a head row. findings collects every remark on it."""

    place: str
    grid: Grid
    uncalculated: frozenset[str]
    errors: frozenset[str]
    missing: bool = False
    findings: list[Finding] = field(default_factory=list[Finding])

    @classmethod
    def of(cls, checked: Preflight, sheet: str, open_sheet: Callable[[str], Grid]) -> _Table:
        found = next((title for title in checked.scans if tight(title) == tight(sheet)), None)
        place = f"{checked.name} › {sheet}"
        if found is None:
            return cls(place, [], frozenset(), frozenset(), missing=True)
        scan = checked.scans[found]
        return cls(f"{checked.name} › {found}", open_sheet(found), scan.formulas, scan.errors)

    def say(self, address: str, message: str, step: str = "", severity: Severity = Severity.ERROR) -> None:
        self.findings.append(
            Finding(_CODE, f"{self.place} › {address}" if address else self.place, message, step, severity)
        )

    def lines(self, columns: Sequence[str], required: int) -> list[_Line]:
        """The filled lines below the head; the first ``required`` columns must be there."""
        if self.missing:
            needed = columns is UNIT_COLUMNS
            severity = Severity.ERROR if needed else Severity.NOTE
            self.say("", "没有这张表。", "请用名册模板填写。" if needed else "", severity)
            return []
        head = self._head(columns[:required])
        if head < 0:
            self.say("", f"找不到表头，应有“{'”“'.join(columns[:required])}”等栏。", "请用名册模板填写，不要改动表头。")
            return []
        places = {tight(str(v)): c for c, v in reversed(list(enumerate(self.grid[head]))) if v != ""}
        where = {name: places[tight(name)] for name in columns if tight(name) in places}
        unknown = [c for n, c in places.items() if n not in {tight(k) for k in columns}]
        for column in sorted(unknown):
            self.say(f"{column_letters(column)}{head + 1}", "不认识的栏，没有读取。", "", Severity.NOTE)
        found = [_Line(self, r, where) for r in range(head + 1, len(self.grid))]
        return [line for line in found if line.filled()]

    def _head(self, required: Sequence[str]) -> int:
        wanted = {tight(r) for r in required}
        for r, row in enumerate(self.grid[:_HEAD_ROWS]):
            if wanted <= {tight(str(v)) for v in row if v != ""}:
                return r
        return -1


@dataclass(slots=True)
class _Line:
    """One line of a table, read by the names of its columns."""

    table: _Table
    row: int
    columns: dict[str, int]
    bad: bool = False

    def address(self, name: str) -> str:
        return f"{column_letters(self.columns.get(name, 0))}{self.row + 1}"

    def place(self, name: str) -> str:
        """``file › sheet › cell``; of a column that is not there, the first cell of the line."""
        return f"{self.table.place} › {self.address(name)}"

    def _value(self, name: str) -> object:
        column = self.columns.get(name, -1)
        row = self.table.grid[self.row]
        return row[column] if 0 <= column < len(row) else ""

    def filled(self) -> bool:
        return any(normal(str(self._value(name))) for name in self.columns)

    def refuse(self, name: str, message: str, step: str) -> None:
        self.bad = True
        self.table.say(self.address(name), message, step)

    def text(self, name: str) -> str:
        """The cell as text; a whole number loses its “.0”, anything else that is not text is refused."""
        value = self._value(name)
        address = self.address(name)
        if name in self.columns and address in self.table.errors:
            self.refuse(name, "单元格是错误值。", "请改为文字。")
        elif value == "" and name in self.columns and address in self.table.uncalculated:
            self.refuse(name, "单元格是公式，但没有保存计算结果。", "请用 Excel/WPS 打开并保存一次，或直接填写。")
        elif isinstance(value, float) and value.is_integer():
            return str(int(value))
        elif not isinstance(value, str):
            self.refuse(name, f"“{value}”不是文字。", "请把单元格格式改为“文本”后重新填写。")
        else:
            return tidy(value.replace("\n", SEPARATOR) if name in _LISTS else value)
        return ""

    def code(self, name: str) -> str:
        """The cell as a code: full-width letters and digits made plain."""
        return normal(self.text(name))

    def needed(self, name: str) -> str:
        """A code that must not be empty."""
        return normal(self.needed_text(name))

    def needed_text(self, name: str) -> str:
        """A text that must not be empty."""
        text = self.text(name)
        if not text and not self.bad:
            self.refuse(name, f"没有填“{name}”。", "请补上。")
        return text

    def number(self, name: str) -> int:
        text = self.code(name)
        if not text:
            return 0
        if not text.lstrip("-").isdecimal() or len(text) > 9:
            self.refuse(name, f"“{text[:20]}”不是整数。", "请填整数，如 10、20、30。")
            return 0
        return int(text)

    def codes(self, name: str) -> tuple[str, ...]:
        text = self.code(name)
        for other in ",;\n":
            text = text.replace(other, SEPARATOR)
        return tuple(dict.fromkeys(c.strip() for c in text.split(SEPARATOR) if c.strip()))


class _Coded(Protocol):
    """What has a code of its own."""

    @property
    def code(self) -> str: ...


C = TypeVar("C", bound=_Coded)


def _unique(found: Iterable[tuple[_Line, C]]) -> list[tuple[_Line, C]]:
    """The good lines; a code that stands there twice is refused at its second place."""
    seen: dict[str, str] = {}
    kept: list[tuple[_Line, C]] = []
    for line, value in found:
        if value.code and value.code in seen:
            line.refuse("编码", f"编码 {value.code} 与 {seen[value.code]} 重复。", "请给其中一行换一个编码。")
        elif not line.bad:
            kept.append((line, value))
        seen.setdefault(value.code, line.address("编码"))
    return kept


def _unit(line: _Line, levels: Mapping[str, str]) -> tuple[_Line, Unit]:
    level = line.needed("层级")
    state = line.text("参评状态")
    participation = _PARTICIPATIONS.get(tight(state)) if state else "ranked"
    if participation is None:
        line.refuse("参评状态", f"“{state}”不是参评状态。", f"请填：{SEPARATOR.join(PARTICIPATION_NAMES.values())}。")
    unit = Unit(
        code=line.needed("编码"),
        name=line.needed_text("名称"),
        level=levels.get(tight(level), level),
        series=line.text("系列"),
        kind=line.text("类别") or "organisation",
        parent=line.code("上级"),
        order=line.number("排序号"),
        participation=participation or "ranked",
        reason=line.text("原因"),
        tags=line.codes("标签"),
    )
    return line, unit


def _evaluator(line: _Line) -> tuple[_Line, Evaluator]:
    relations = [UnitRelation(unit=code, relation="in_charge") for code in line.codes("分管")]
    for text in line.codes("其他关系"):
        unit, _, name = text.replace("：", "=").replace(":", "=").rpartition("=")
        relation = _RELATIONS.get(tight(name))
        if not unit or relation is None:
            step = f"请写成“单位编码=关系”，关系为：{SEPARATOR.join(RELATION_NAMES.values())}。"
            line.refuse("其他关系", f"“{text[:30]}”看不懂。", step)
        else:
            relations.append(UnitRelation(unit=unit.strip(), relation=relation))
    evaluator = Evaluator(
        code=line.needed("编码"),
        name=line.needed_text("姓名"),
        unit=line.code("单位"),
        role=line.text("角色"),
        order=line.number("排序号"),
        relations=tuple(relations),
    )
    return line, evaluator


def _assignment(line: _Line) -> Assignment | None:
    evaluator, scheme, units = line.needed("评议人"), line.needed("方案"), line.codes("单位")
    if not units and not line.bad:
        line.refuse("单位", "没有填评哪些单位。", "请填单位编码，多个之间用顿号；不限单位的，删去这一行。")
    if line.bad:
        return None
    return Assignment(evaluator=evaluator, scheme=scheme, units=units, group=line.code("组别"))
