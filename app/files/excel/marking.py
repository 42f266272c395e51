"""All marks of a located sheet: plain numbers in bulk, every other cell one by one, packed into one block."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.facts import MarkBlock, Origin
from app.domain.findings import Finding, Severity
from app.domain.quantities import MARK_STATES, MarkState
from app.domain.sheets import CellCounts, CellRemark, FormItem, SheetForm
from app.files.excel.cellscan import styled_cells
from app.files.excel.locating import Located
from app.files.excel.marks import NOT_CALCULATED, Mark, Remark, noted, read_mark, refused, word_states
from app.files.excel.preflight import Preflight
from app.files.excel.strangers import strangers
from app.files.excel.texts import column_letters
from app.files.excel.values import CellDetail, Page, read_closely

_LOWEST = {2: -(1 << 15), 4: -(1 << 31)}
_STATE_BASE = -(1 << 40)  # in the working grid: far below every mark, in the order of MARK_STATES
_STATE = {state: _STATE_BASE + n for n, state in enumerate(MARK_STATES)}
_BLANK = _STATE[MarkState.BLANK]
_REFUSED = _STATE_BASE + len(MARK_STATES)
_OPEN = _REFUSED + 1  # not judged yet
_MOST = 2**31 - 8  # the largest mark that 32 bits hold beside the states
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Bulk:
    """The items' rules as arrays over the columns; ``able``: the column holds plain numbers without lists."""

    scale: NDArray[np.float64]
    low: Whole
    high: Whole
    step: Whole
    start: Whole
    able: NDArray[np.bool_]
    width: Literal[2, 4]


@dataclass(frozen=True, slots=True)
class MarkGrid:
    """Judged marks. packed, width: as in MarkBlock; refused cells are blank there."""

    packed: bytes
    width: Literal[2, 4]
    findings: tuple[Finding, ...]
    remarks: tuple[CellRemark, ...]
    refused: frozenset[tuple[int, int]]
    counts: CellCounts

    def block(self, checked: Preflight, title: str, form: SheetForm, located: Located) -> MarkBlock:
        """The marks with their place of origin (rows counted from 1, 0 for a missing one)."""
        return MarkBlock(
            sheet=form.identity.sheet,
            evaluator=form.identity.evaluator,
            scheme=form.identity.scheme,
            units=tuple(u.code for u in form.units),
            items=tuple(i.id for i in form.items),
            values=self.packed,
            width=self.width,
            digits=tuple(0 if i.levels else i.digits for i in form.items),
            origin=Origin(
                file=checked.name,
                sha256=checked.sha256,
                sheet=title,
                rows=tuple(r + 1 for r in located.rows),
                columns=tuple(column_letters(c) if c >= 0 else "" for c in located.columns),
            ),
        )


def read_marks(checked: Preflight, title: str, page: Page, located: Located, form: SheetForm) -> MarkGrid:
    """Judge every cell of the form."""
    return _Reader(checked, title, page, located, form).read()


class _Reader:
    """The state of one sheet's reading."""

    def __init__(self, checked: Preflight, title: str, page: Page, located: Located, form: SheetForm) -> None:
        self.checked = checked
        self.title = title
        self.page = page
        self.scan = checked.scans[title]
        self.located = located
        self.form = form
        self.words = word_states(form)
        self.bulk = _bulk(_Items(form.items))
        self.rows = {r: n for n, r in enumerate(located.rows) if r >= 0}
        self.columns = {c: n for n, c in enumerate(located.columns) if c >= 0}
        self.work: Whole = np.full((len(form.units), len(form.items)), _OPEN, dtype=np.int64)
        self.findings: list[Finding] = []
        self.remarks: list[CellRemark] = []

    def read(self) -> MarkGrid:
        place = f"{self.checked.name} › {self.title}"
        for address, remark in self.located.remarks:
            where = f"{place} › {address}" if address else place
            self.findings.append(Finding(remark.code, where, remark.message, remark.step, remark.severity))
        self._refuse_untrusted()
        self._flagged()
        self._closed()
        self._numbers()
        for unit, item in np.argwhere(self.work == _OPEN).tolist():
            value = self._value(unit, item)
            self._take(unit, item, value, read_mark(value, self.form.items[item], self.words))
        self.findings.extend(strangers(place, self.page, self.located))
        self.remarks.sort(key=lambda r: (r.unit, r.item))
        self.findings.extend(r.finding for r in self.remarks)
        return self._packed()

    def _value(self, unit: int, item: int) -> object:
        return self.page.at(self.located.rows[unit], self.located.columns[item])

    def _address(self, unit: int, item: int) -> str:
        row, column = self.located.rows[unit], self.located.columns[item]
        return f"{column_letters(column)}{row + 1}" if row >= 0 and column >= 0 else ""

    def _take(self, unit: int, item: int, seen: object, mark: Mark) -> None:
        value = mark.value
        if value is None:
            self.work[unit, item] = _REFUSED
        else:
            self.work[unit, item] = _STATE[value] if isinstance(value, MarkState) else value
        if mark.remark:
            self._remark(unit, item, seen, mark.remark)

    def _remark(self, unit: int, item: int, seen: object, remark: Remark) -> None:
        address = self._address(unit, item)
        place = f"{self.checked.name} › {self.title} › {address}" if address else f"{self.checked.name} › {self.title}"
        finding = Finding(remark.code, place, remark.message, remark.step, remark.severity)
        shown = f"{seen:.0f}" if isinstance(seen, float) and seen.is_integer() and abs(seen) < 1e15 else str(seen)
        self.remarks.append(CellRemark(unit, item, address, shown[:200], finding))

    def _refuse_untrusted(self) -> None:
        """Cells of missing or doubtful rows and columns; their one finding for the whole row is there already."""
        for unit, row in enumerate(self.located.rows):
            if row < 0 or unit in self.located.bad_units:
                self.work[unit, :] = _REFUSED
        for item, column in enumerate(self.located.columns):
            if column < 0 or item in self.located.bad_items:
                self.work[:, item] = _REFUSED

    def _inside(self, addresses: frozenset[str]) -> Mapping[str, tuple[int, int]]:
        """Those of the addresses that are cells of the form: (unit index, item index)."""
        if not addresses:
            return {}
        return _cells_of(addresses, tuple(self.located.rows), tuple(self.located.columns))

    def _flagged(self) -> None:
        """Merged cells, and those whose value alone would mislead: formulas, errors, percent."""
        self._merged()
        formulas = self._inside(self.scan.formulas)
        errors = self._inside(self.scan.errors)
        percent = self._inside(styled_cells(self.scan, self.checked.percent))
        wanted = {a: at for a, at in {**formulas, **errors, **percent}.items() if self.work[at] == _OPEN}
        if not wanted:
            return
        details = read_closely(self.checked.data, self.title, frozenset(wanted))
        for address, (unit, item) in wanted.items():
            value = self._value(unit, item)
            detail = details[address]
            mark = self._judge_flagged(value, detail, self.form.items[item], address in errors, address in percent)
            self._take(unit, item, detail.formula or detail.value, mark)

    def _judge_flagged(self, value: object, detail: CellDetail, item: FormItem, error: bool, percent: bool) -> Mark:
        if error:
            return refused(f"单元格是错误值 {detail.value}。", "请改填分数后重新导入。")
        if detail.formula and value == "":
            message = f"单元格是公式 {detail.formula[:40]}，但没有保存计算结果。"
            return refused(message, "请用 Excel/WPS 打开并保存一次，或直接填写数值。", NOT_CALCULATED)
        if percent and isinstance(value, int | float) and not isinstance(value, bool):
            shown = f"{value * 100:.10g}%"
            step = "请把单元格格式改为“常规”，再填写分数。"
            return refused(f"单元格是百分比格式，显示为 {shown}，看不出应计多少分。", step)
        if isinstance(value, int | float) and detail.value != value:
            return refused("单元格的内容前后不一致，文件可能已损坏。", "请重新填写这一格后再导入。")
        mark = read_mark(value, item, self.words)
        if detail.formula and mark.value is not None and mark.remark is None:
            return noted(mark.value, f"单元格是公式 {detail.formula[:40]}，取其保存的结果 {value}。")
        return mark

    def _merged(self) -> None:
        """One mark cannot stand for several cells: the first keeps it, the covered ones are refused."""
        rows, columns = self.rows, self.columns
        above, below = min(rows, default=0), max(rows, default=-1)
        for top, left, bottom, right in self.scan.merges:
            if bottom < above or top > below:
                continue  # of the head, as nearly all
            units = [(r, rows[r]) for r in range(top, bottom + 1) if r in rows]
            items = [(c, columns[c]) for c in range(left, right + 1) if c in columns]
            if len(units) * len(items) == 0 or (top, left) == (bottom, right):
                continue
            name = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
            for r, unit in units:
                for c, item in items:
                    if (r, c) != (top, left) and self.work[unit, item] == _OPEN:
                        step = "请取消合并，每个格子分别填写。"
                        self._take(unit, item, "", refused(f"单元格被合并在 {name} 中，看不出各格的评分。", step))
            if top in rows and left in columns and self.work[rows[top], columns[left]] == _OPEN:
                unit, item = rows[top], columns[left]
                mark = read_mark(self._value(unit, item), self.form.items[item], self.words)
                if mark.value is not None:
                    remark = Remark(Severity.WARNING, f"单元格与其他格合并（{name}），内容只算在这一格。")
                    mark = Mark(mark.value, remark)
                self._take(unit, item, self._value(unit, item), mark)

    def _closed(self) -> None:
        """Cells that stand locked on the sheet, as recused or not applicable."""
        for n, unit in enumerate(self.form.units):
            if not unit.recused and not unit.not_applicable:
                continue
            state = MarkState.RECUSED if unit.recused else MarkState.NOT_APPLICABLE
            closed = range(len(self.form.items)) if unit.recused else self._not_applicable(unit.not_applicable)
            for item in closed:
                if self.work[n, item] != _OPEN:
                    continue
                value = self._value(n, item)
                expected = value in ("", "—", "回避", "不适用")
                name = "回避" if unit.recused else "不适用"
                message = f"此格为“{name}”，不需要评分；填写的“{str(value)[:20]}”没有采用。"
                self._take(n, item, value, Mark(state, None if expected else Remark(Severity.WARNING, message)))

    def _not_applicable(self, ids: tuple[str, ...]) -> list[int]:
        return [n for n, item in enumerate(self.form.items) if item.id in ids] if ids else []

    def _numbers(self) -> None:
        """Plain numbers that obey every rule, and empty cells; whatever does not stays open for a closer look."""
        bulk = self.bulk
        numbers, blanks = self._arrays()
        with np.errstate(invalid="ignore", over="ignore"):
            scaled = numbers * bulk.scale
            fits = np.abs(scaled) < _MOST
            whole = np.rint(np.where(fits, scaled, 0)).astype(np.int64)
            # Division of two exact integers is rounded correctly, so equality says: this is that decimal.
            good = fits & (whole / bulk.scale == numbers) & bulk.able
        good &= (whole >= bulk.low) & (whole <= bulk.high)
        if (bulk.step != 1).any():
            good &= (whole - bulk.start) % bulk.step == 0
        open_cells = self.work == _OPEN
        self.work = np.where(open_cells & good, whole, self.work)
        self.work = np.where(open_cells & blanks, _BLANK, self.work)

    def _arrays(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The form's plain numbers (NaN: another content) and where nothing stands. Rows and columns that are not
        there hold anything: their cells are refused already."""
        if self.page.numbers is not None and self.page.filled is not None:
            rows, columns = _span(self.located.rows), _span(self.located.columns)
            return self.page.numbers[rows][:, columns], ~self.page.filled[rows][:, columns]
        units, items = range(len(self.form.units)), range(len(self.form.items))
        values = [[self._value(u, i) for i in items] for u in units]
        numbers = np.array([[v if v.__class__ is float else np.nan for v in row] for row in values], dtype=np.float64)
        return numbers, np.array([[v == "" for v in row] for row in values], dtype=np.bool_)

    def _packed(self) -> MarkGrid:
        work = self.work
        refused_cells = frozenset[tuple[int, int]]()
        if (work == _REFUSED).any():
            refused_cells = frozenset((int(u), int(i)) for u, i in np.argwhere(work == _REFUSED))
            work = np.where(work == _REFUSED, _BLANK, work)
        below = np.bincount(work[work < _REFUSED] - _STATE_BASE, minlength=len(MARK_STATES)).tolist()
        states = dict(zip(MARK_STATES, below, strict=True))
        counts = CellCounts(
            cells=work.size,
            numbers=work.size - sum(below),
            blanks=states[MarkState.BLANK] - len(refused_cells),
            abstained=states[MarkState.ABSTAINED],
            not_applicable=states[MarkState.NOT_APPLICABLE],
            recused=states[MarkState.RECUSED],
            refused=len(refused_cells),
        )
        width = self.bulk.width
        small = np.where(work < _REFUSED, work - _STATE_BASE + _LOWEST[width], work)
        return MarkGrid(
            packed=small.astype(f"<i{width}").tobytes(),
            width=width,
            findings=tuple(self.findings),
            remarks=tuple(self.remarks),
            refused=refused_cells,
            counts=counts,
        )


@lru_cache(maxsize=32)
def _cells_of(
    addresses: frozenset[str], rows: tuple[int, ...], columns: tuple[int, ...]
) -> Mapping[str, tuple[int, int]]:
    """Those of the addresses that stand in these rows and columns (from 0), with the indexes of both; kept for the two
    hundred sheets of one round, whose formulas stand alike."""
    units = {r: n for n, r in enumerate(rows) if r >= 0}
    items = {column_letters(c): n for n, c in enumerate(columns) if c >= 0}
    found: dict[str, tuple[int, int]] = {}
    for address in addresses:
        letters = address.rstrip("0123456789")
        item = items.get(letters)
        unit = units.get(int(address[len(letters) :] or 0) - 1) if item is not None else None
        if unit is not None and item is not None:
            found[address] = (unit, item)
    return found


def _span(places: list[int]) -> slice | list[int]:
    """The places as a slice when they follow each other, as they nearly always do: that copies nothing."""
    first = places[0] if places else 0
    follow = first >= 0 and places == [*range(first, first + len(places))]
    return slice(first, first + len(places)) if follow else places


class _Items:
    """The items of a form as a key: the forms of one round share one tuple, and comparing sixty items costs more than
    asking whether it is the same one."""

    def __init__(self, items: tuple[FormItem, ...]) -> None:
        self.items = items

    def __hash__(self) -> int:
        return id(self.items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Items) and self.items is other.items


@lru_cache(maxsize=32)
def _bulk(key: _Items) -> _Bulk:
    """The rules as integers; kept for the two hundred sheets of one round."""
    items = key.items
    low = [_low(i) for i in items]
    high = [_high(i) for i in items]
    steps = [i.step * 10**i.digits if i.step else Fraction(1) for i in items]
    able = [not i.levels and not i.allowed and s.denominator == 1 for i, s in zip(items, steps, strict=True)]
    starts = [(i.minimum or Fraction(0)) * 10**i.digits for i in items]
    able = [a and s.denominator == 1 for a, s in zip(able, starts, strict=True)]
    allowed = [abs(a * 10**i.digits) for i in items for a in i.allowed]
    reach = [
        max(abs(lo), abs(hi)) for lo, hi, i in zip(low, high, items, strict=True) if not i.levels and not i.allowed
    ]
    return _Bulk(
        scale=np.array([10.0**i.digits for i in items]),
        low=np.array(low, dtype=np.int64),
        high=np.array(high, dtype=np.int64),
        step=np.array([int(s) if s.denominator == 1 else 1 for s in steps], dtype=np.int64),
        start=np.array([int(s) if s.denominator == 1 else 0 for s in starts], dtype=np.int64),
        able=np.array(able),
        width=2 if max([*reach, *allowed], default=0) < (1 << 15) - 4 else 4,
    )


def _low(item: FormItem) -> int:
    return -_MOST if item.minimum is None else math.ceil(item.minimum * 10**item.digits)


def _high(item: FormItem) -> int:
    return _MOST if item.maximum is None else math.floor(item.maximum * 10**item.digits)
