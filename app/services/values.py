"""Values that no evaluator gave: which ones a scheme needs, and how they come in from a table, many at once.

Single values are saved by ``events.save_office_marks``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from app.domain.facts import OfficeMark, Unit
from app.domain.findings import Finding, Severity
from app.domain.quantities import MarkState
from app.domain.schemes import Item, LevelsReading, OfficeSource, Scheme, items_of
from app.domain.sheets import MARK_WORDS
from app.files.excel.named_table import NamedRow, NamedTable, read_named_table, write_named_table
from app.files.excel.texts import tight
from app.services.applicability import not_applicable
from app.services.changes import Area, Outcome
from app.services.events import said_value, store_value
from app.services.session import Session, done, note_export, refuse_when_wrong
from app.services.value_checks import check_office_mark, is_given, references
from app.services.votes import exact_number
from app.storage.records import Details
from app.storage.work import Work

_BAD = "E-XLS-12"
UNIT, NAME, ITEM, PERIOD, VALUE, TARGET, STANDARD, BASIS = (
    "单位编码",
    "单位",
    "项目",
    "期次",
    "数值",
    "目标",
    "标准",
    "依据",
)
_COLUMNS = ((UNIT, 12), (NAME, 30), (ITEM, 26), (PERIOD, 12), (VALUE, 12), (TARGET, 12), (STANDARD, 12), (BASIS, 36))
_NOT_APPLICABLE = "不适用"
_WORDS = {tight(word): state for word, state in MARK_WORDS if state in (MarkState.BLANK, MarkState.NOT_APPLICABLE)}


@dataclass(frozen=True, kw_only=True, slots=True)
class NeededValue:
    """A place for a value: one item, unit and period. kind: 考核办录入, 测量值, 自评, 外部结果. levels: (id, name) where a level
    is chosen, else none; references: which of ``target`` and ``standard`` it is compared with; mark: what is there."""

    unit: str
    unit_name: str
    item: str
    item_name: str
    kind: Literal["office", "figure", "self", "imported"]
    period: str
    levels: tuple[tuple[str, str], ...]
    references: frozenset[str]
    mark: OfficeMark | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueChange:
    """One line of a table against what is there. place: ``file › sheet › cell``."""

    mark: OfficeMark
    before: OfficeMark | None
    state: Literal["new", "same", "changed"]
    place: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ValuePlan:
    """What taking in a table of values would do. refused: lines that cannot be taken in, each with its finding; empty:
    lines without a value (they change nothing)."""

    scheme: str
    path: Path
    sha256: str
    changes: tuple[ValueChange, ...]
    refused: int
    empty: int
    findings: tuple[Finding, ...]


class ValueService:
    """Figures, own scores, outside results and values of the office."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def needed(self, scheme_id: str) -> tuple[NeededValue, ...]:
        """Every value the scheme wants, item by item, units in official order, period by period; parts that do not
        concern a unit are left out. Raises NOT_FOUND."""
        with self._session.read() as work:
            return tuple(_needed(self._session.scheme(work, scheme_id).scheme, work))

    def write_table(self, scheme_id: str, path: Path) -> Path:
        """The table of all values of a scheme, with what is there, to fill in and take in again."""
        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            rows = [_row(need) for need in _needed(scheme, work)]
        guide = (
            "每行一个单位、一个项目、一期。单位编码、项目和期次不要改动；数值填数字或等级名称，也可填“不适用”；"
            "要与目标或标准比较的，一并填写；依据必填。空着的行不改变已有的数值。"
        )
        write_named_table(path, f"数值 {scheme.name}"[:31], guide, _COLUMNS, rows)
        note_export(self._session, f"导出数值表：{scheme.name}", path)
        return path

    def plan(self, scheme_id: str, path: Path, basis: str = "") -> ValuePlan:
        """What a table would change. Two layouts are read: a line for each unit, item and period (项目 column), or a line
        for each unit with a column per item (``项目`` or ``项目·期次``). basis: for lines that state none. Never raises for
        what is in the file."""
        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            units = {u.code: u for u in work.units.all()}
            stored = {(m.unit, m.item, m.period): m for m in work.office_marks.all() if m.scheme == scheme_id}
        read = read_named_table(path, (UNIT,))
        reader = _Reader(scheme, units, self._session.who)
        by_line = tight(ITEM) in {tight(column) for column in read.columns}
        cells = list(_long_cells(read, basis) if by_line else _wide_cells(read, scheme, basis))
        lines = [(reader.mark(cell), cell) for cell in cells]
        marks = [(mark, cell) for mark, cell in lines if mark is not None and is_given(mark)]
        changes = reader.once(
            [_change(mark, stored.get((mark.unit, mark.item, mark.period)), cell) for mark, cell in marks]
        )
        return ValuePlan(
            scheme=scheme_id,
            path=path,
            sha256=read.sha256,
            changes=tuple(changes),
            refused=reader.refused,
            empty=len(cells) - len(marks) - sum(mark is None for mark, _ in lines),
            findings=(*read.findings, *reader.findings),
        )

    def apply(self, plan: ValuePlan) -> Outcome[int]:
        """Take in what is new or changed, as one step; returns how many. Raises INPUT_BAD with findings when a scheme or the
        register has changed since the plan."""
        wanted = [change for change in plan.changes if change.state != "same"]
        label = f"导入 {len(wanted)} 个数值：{plan.path.name}"
        details = Details(subject=plan.path.name, fingerprint=plan.sha256)
        with self._session.write("import-values", label, details=details) as work:
            schemes = {s.scheme.id: s.scheme for s in self._session.schemes(work)}
            units = {u.code: u for u in work.units.all()}
            refuse_when_wrong(tuple(f for c in wanted for f in check_office_mark(c.mark, schemes, units)))
            work.describe(
                before="；".join(said_value(c.before) for c in wanted),
                after="；".join(said_value(c.mark) for c in wanted),
            )
            for change in wanted:
                store_value(work, change.mark)
        return done(len(wanted), label, Area.EVENTS)


# ---- what is needed


def value_items(scheme: Scheme) -> tuple[Item, ...]:
    """The items whose values no evaluator gives, in order."""
    return tuple(i for i in items_of(scheme) if isinstance(i.source, OfficeSource))


def _needed(scheme: Scheme, work: Work) -> Iterator[NeededValue]:
    everybody = work.units.all()
    units = [u for u in everybody if u.level == scheme.level and u.participation != "ceased"]
    stored = {(m.unit, m.item, m.period): m for m in work.office_marks.all() if m.scheme == scheme.id}
    gone = not_applicable(scheme, everybody, tuple(work.exemptions.all()))
    for item in value_items(scheme):
        assert isinstance(item.source, OfficeSource)
        levels = item.reading.levels if isinstance(item.reading, LevelsReading) else ()
        for unit in units:
            for period in item.periods.names if item.periods else ("",):
                if (unit.code, item.id) not in gone:
                    yield NeededValue(
                        unit=unit.code,
                        unit_name=unit.name,
                        item=item.id,
                        item_name=item.name,
                        kind=item.source.kind,
                        period=period,
                        levels=tuple((level.id, level.name) for level in levels),
                        references=references(item),
                        mark=stored.get((unit.code, item.id, period)),
                    )


def _row(need: NeededValue) -> tuple[str | Fraction, ...]:
    mark = need.mark
    return (
        need.unit,
        need.unit_name,
        need.item_name,
        need.period,
        _shown(mark, dict(need.levels)),
        "" if mark is None or mark.target is None else mark.target,
        "" if mark is None or mark.standard is None else mark.standard,
        "" if mark is None else mark.basis,
    )


def _shown(mark: OfficeMark | None, levels: Mapping[str, str]) -> str | Fraction:
    if mark is None:
        return ""
    if mark.level:
        return levels.get(mark.level, mark.level)
    if isinstance(mark.value, MarkState):
        return _NOT_APPLICABLE if mark.value is MarkState.NOT_APPLICABLE else ""
    return mark.value


# ---- reading


@dataclass(frozen=True, slots=True)
class _Cell:
    """One value as it stands there; places: where each text stands."""

    unit: str
    item: str
    period: str
    value: str
    target: str
    standard: str
    basis: str
    places: Mapping[str, str]


def _named(row: NamedRow) -> tuple[dict[str, str], dict[str, str]]:
    known = {tight(name): name for name, _ in _COLUMNS}
    texts = {known.get(tight(c), c): t for c, t in row.texts.items()}
    return texts, {known.get(tight(c), c): p for c, p in row.places.items()}


def _long_cells(read: NamedTable, basis: str) -> Iterator[_Cell]:
    for row in read.rows:
        texts, places = _named(row)
        yield _Cell(
            unit=texts.get(UNIT, ""),
            item=texts.get(ITEM, ""),
            period=texts.get(PERIOD, ""),
            value=texts.get(VALUE, ""),
            target=texts.get(TARGET, ""),
            standard=texts.get(STANDARD, ""),
            basis=texts.get(BASIS, "") or basis,
            places=places,
        )


def _wide_cells(read: NamedTable, scheme: Scheme, basis: str) -> Iterator[_Cell]:
    columns = {tight(name): (item, period) for name, item, period in _wide_names(scheme)}
    for row in read.rows:
        texts, places = _named(row)
        for name, text in texts.items():
            if name not in (UNIT, NAME, BASIS):
                item, period = columns.get(tight(name), (name, ""))
                at = {**places, VALUE: places[name], ITEM: places[name]}
                yield _Cell(texts.get(UNIT, ""), item, period, text, "", "", texts.get(BASIS, "") or basis, at)


def _wide_names(scheme: Scheme) -> Iterator[tuple[str, str, str]]:
    for item in value_items(scheme):
        for period in item.periods.names if item.periods else ("",):
            yield (f"{item.name}·{period}" if period else item.name), item.name, period


class _Reader:
    """From texts to values; what cannot be read is said with its cell."""

    def __init__(self, scheme: Scheme, units: Mapping[str, Unit], who: str) -> None:
        self._scheme = scheme
        self._units = units
        self._items = {tight(key): item for item in value_items(scheme) for key in (item.id, item.name)}
        self._who = who
        self.findings: list[Finding] = []
        self.refused = 0

    def mark(self, cell: _Cell) -> OfficeMark | None:
        """The value; None: refused."""
        item, before = self._items.get(tight(cell.item)), len(self.findings)
        if cell.unit not in self._units:
            self._say(cell, UNIT, f"没有编码为“{cell.unit}”的单位", "请改用名册中的编码")
        if item is None:
            self._say(
                cell, ITEM, f"方案“{self._scheme.name}”没有“{cell.item}”这样要录入的项目", "请改用方案中的项目名称"
            )
        if item is None or len(self.findings) > before:
            self.refused += 1
            return None
        value, level = self._value(cell, item)
        mark = OfficeMark(
            scheme=self._scheme.id,
            unit=cell.unit,
            item=item.id,
            period=cell.period,
            value=value,
            level=level,
            target=self._number(cell, TARGET, cell.target),
            standard=self._number(cell, STANDARD, cell.standard),
            basis=cell.basis,
            by=self._who,
        )
        readable = len(self.findings) == before
        for wrong in check_office_mark(mark, {self._scheme.id: self._scheme}, self._units) if readable else ():
            place = cell.places.get(VALUE, wrong.place)
            self.findings.append(Finding(_BAD, place, f"{wrong.place}：{wrong.message}", wrong.step))
        self.refused += len(self.findings) > before
        return None if len(self.findings) > before else mark

    def once(self, changes: Sequence[ValueChange]) -> Iterator[ValueChange]:
        """The same place twice: the second is refused, unless it says the same."""
        seen: dict[tuple[str, str, str], ValueChange] = {}
        for change in changes:
            key = (change.mark.unit, change.mark.item, change.mark.period)
            first = seen.setdefault(key, change)
            if first is change:
                yield change
            else:
                severity = Severity.NOTE if first.mark == change.mark else Severity.ERROR
                self.refused += severity is Severity.ERROR
                message = f"这个数值在 {first.place} 已经写过"
                self.findings.append(Finding(_BAD, change.place, message, "以先写的为准；请删去一处", severity))

    def _value(self, cell: _Cell, item: Item) -> tuple[Fraction | MarkState, str]:
        text = tight(cell.value)
        if text in _WORDS or not text:
            return _WORDS.get(text, MarkState.BLANK), ""
        if isinstance(item.reading, LevelsReading):
            level = next((v.id for v in item.reading.levels if text in (tight(v.name), tight(v.id))), "")
            if not level:
                names = "、".join(v.name for v in item.reading.levels)
                self._say(cell, VALUE, f"“{cell.value}”不是“{item.name}”的等级", f"可选：{names}")
            return MarkState.BLANK, level
        number = self._number(cell, VALUE, cell.value)
        return MarkState.BLANK if number is None else number, ""

    def _number(self, cell: _Cell, column: str, text: str) -> Fraction | None:
        number = exact_number(text.replace(",", ""))
        if text and number is None:
            self._say(cell, column, f"“{text[:20]}”不是数字", "请填数字，单位写在依据里")
        return number

    def _say(self, cell: _Cell, column: str, message: str, step: str) -> None:
        self.findings.append(Finding(_BAD, cell.places.get(column, ""), message, step))


def _change(mark: OfficeMark, before: OfficeMark | None, cell: _Cell) -> ValueChange:
    alike = before is not None and said_value(before) == said_value(mark)
    state: Literal["new", "same", "changed"] = "new" if before is None else "same" if alike else "changed"
    return ValueChange(mark=mark, before=before, state=state, place=cell.places.get(VALUE, ""))
