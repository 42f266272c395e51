"""One sheet as rows of a grid: marks as integers, live totals and gaps, the place each mark came from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm

from app.domain.facts import MarkBlock, MarkEdit
from app.domain.quantities import number_text
from app.domain.sheets import FormItem, FormUnit, SheetForm
from app.services.imports.grid import BLANK, RECUSED, mark_text, parse_mark, unpack

FIRST_MARK = RECUSED + 1  # integers below stand for blank, abstained, not applicable, recused


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One unit of the sheet. marks: integer ÷ 10^digits of its item, or a level's index; states lie below. locked:
    numbers of the items that cannot be filled in; fresh: those just changed and not yet read back."""

    unit: FormUnit
    marks: tuple[int, ...]
    locked: frozenset[int]
    fresh: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SheetRules:
    """How the marks of one form are read, written and added up. names: of each item's levels; scale: the sums are
    integers ÷ scale."""

    form: SheetForm
    digits: tuple[int, ...]
    names: tuple[tuple[str, ...], ...]
    scale: int
    factors: tuple[int | tuple[int, ...], ...]
    edits: dict[tuple[str, str], MarkEdit] = field(default_factory=dict[tuple[str, str], MarkEdit])

    def text(self, row: SheetRow, at: int) -> str:
        """The mark as people write it."""
        if at in row.locked:
            return "回避" if row.unit.recused else "—"
        return mark_text(row.marks[at], self.digits[at], self.names[at])

    def why_locked(self, row: SheetRow, at: int) -> str:
        """Why a cell cannot be filled in; empty: it can."""
        if at not in row.locked:
            return ""
        return "应当回避的单位，不能评分" if row.unit.recused else "这一项不涉及该单位"

    def problem(self, row: SheetRow, at: int, text: str) -> str:
        """Why a text cannot stand in a cell; empty: it can."""
        if why := self.why_locked(row, at):
            return f"{why}。"
        parsed = parse_mark(text, self.form.items[at])
        return parsed if isinstance(parsed, str) else ""

    def changed(self, row: SheetRow, at: int, text: str) -> SheetRow:
        """The row with another mark; the text must have no problem."""
        item: FormItem = self.form.items[at]
        parsed = parse_mark(text, item)
        assert isinstance(parsed, int)
        if parsed >= FIRST_MARK and not item.levels:
            parsed *= 10 ** (self.digits[at] - item.digits)
        marks = (*row.marks[:at], parsed, *row.marks[at + 1 :])
        return replace(row, marks=marks, fresh=row.fresh | {at})

    def total(self, row: SheetRow) -> Fraction:
        """Sum of the points that are filled in."""
        summed = 0
        for mark, factor in zip(row.marks, self.factors, strict=True):
            if mark >= FIRST_MARK:
                summed += mark * factor if isinstance(factor, int) else factor[mark]
        return Fraction(summed, self.scale)

    def total_text(self, row: SheetRow) -> str:
        """The sum as shown; a dash while nothing is filled in."""
        return number_text(self.total(row)) if any(mark >= FIRST_MARK for mark in row.marks) else "—"

    def gaps(self, row: SheetRow) -> int:
        """How many cells of the row are still blank."""
        return sum(mark == BLANK and at not in row.locked for at, mark in enumerate(row.marks))


def sheet_rules(form: SheetForm, block: MarkBlock | None) -> SheetRules:
    """The rules of one form, with the decimals of the marks that are stored."""
    stored = dict(zip(block.items, block.digits, strict=True)) if block else {}
    digits = tuple(max(item.digits, stored.get(item.id, 0)) for item in form.items)
    points = [level.points for item in form.items for level in item.levels if level.points is not None]
    scale = lcm(*(10**d for d in digits), *(p.denominator for p in points))
    factors = tuple(
        tuple(int((level.points or 0) * scale) for level in item.levels) if item.levels else scale // 10**d
        for item, d in zip(form.items, digits, strict=True)
    )
    edits = {(edit.unit, edit.item): edit for edit in block.edits} if block else {}
    names = tuple(tuple(level.name for level in item.levels) for item in form.items)
    return SheetRules(form, digits, names, scale, factors, edits)


def sheet_rows(rules: SheetRules, block: MarkBlock | None) -> list[SheetRow]:
    """One row per unit of the form, with the marks that are stored."""
    form = rules.form
    empty = tuple(BLANK for _ in form.items)
    units = {unit: number for number, unit in enumerate(block.units)} if block else {}
    grid: list[list[int]] = unpack(block).tolist() if block else []
    columns = [block.items.index(item.id) if block and item.id in block.items else -1 for item in form.items]
    rows: list[SheetRow] = []
    for unit in form.units:
        marks = empty
        if block is not None and unit.code in units:
            line = grid[units[unit.code]]
            marks = tuple(_mark(line, column, block, rules, at) for at, column in enumerate(columns))
        every = range(len(form.items)) if unit.recused else ()
        locked = frozenset((*every, *(at for at, item in enumerate(form.items) if item.id in unit.not_applicable)))
        rows.append(SheetRow(unit, marks, locked))
    return rows


def _mark(line: list[int], column: int, block: MarkBlock, rules: SheetRules, at: int) -> int:
    if column < 0:
        return BLANK
    mark = line[column]
    return mark * 10 ** (rules.digits[at] - block.digits[column]) if mark >= FIRST_MARK else mark


def typed_rows(rules: SheetRules, texts: Mapping[tuple[str, str], str]) -> list[SheetRow]:
    """One row per unit, with marks as somebody typed them: (unit code, item id) → text. What cannot stand there any
    more, because the scheme has changed since, is left blank."""
    rows: list[SheetRow] = []
    for row in sheet_rows(rules, None):
        for at, item in enumerate(rules.form.items):
            text = texts.get((row.unit.code, item.id), "")
            if text and not rules.problem(row, at, text):
                row = rules.changed(row, at, text)
        rows.append(replace(row, fresh=frozenset()))
    return rows


def limits_text(item: FormItem) -> str:
    """What may be filled in, short: ``0–25`` or the names of the levels."""
    if item.levels:
        return "/".join(level.name for level in item.levels)
    if item.allowed:
        return "、".join(number_text(value) for value in item.allowed)
    low = "" if item.minimum is None else number_text(item.minimum)
    high = "" if item.maximum is None else number_text(item.maximum)
    return f"{low}–{high}" if low or high else ""


def origin_of(block: MarkBlock | None, unit: str, item: str) -> str:
    """``file › sheet › cell`` of a mark; empty when it was not read from a file."""
    if block is None or block.origin is None or unit not in block.units or item not in block.items:
        return ""
    origin = block.origin
    row, column = block.units.index(unit), block.items.index(item)
    cell = f"{origin.file} › {origin.sheet} › {origin.columns[column]}{origin.rows[row]}" if origin.rows[row] else ""
    return "；".join((*filter(None, [cell]), *(f"随 {name} 报来" for name in origin.packages)))


def filled(rows: list[SheetRow]) -> tuple[int, int]:
    """How many cells are filled in, of how many that can be."""
    cells = sum(len(row.marks) - len(row.locked) for row in rows)
    blank = sum(mark == BLANK and at not in row.locked for row in rows for at, mark in enumerate(row.marks))
    return cells - blank, cells
