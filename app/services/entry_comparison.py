"""Two people's entries of one paper sheet as values, and what differs between them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.errors import AppError, Fault
from app.domain.facts import MarkBlock
from app.domain.sheets import FormItem, SheetForm
from app.services.imports.grid import mark_text, parse_mark, unpack
from app.storage.records import SheetEntry

Cell = tuple[str, str]  # unit code, item id
Side = Literal["first", "second"]
TURNS = {1: "第一遍", 2: "第二遍"}


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryTurn:
    """How far one person is. turn: 1 or 2; filled: cells with a mark; nothing of what stands in them."""

    turn: int
    by: str
    at: str
    filled: int
    finished: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryState:
    """How far the double entry of one sheet is. stored: cells that hold a mark already."""

    scheme: str
    evaluator: str
    evaluator_name: str
    turns: tuple[EntryTurn, ...]
    cells: int
    stored: int

    @property
    def ready(self) -> bool:
        """Whether the two can be compared."""
        return len(self.turns) == 2 and all(t.finished for t in self.turns)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One person's own turn. values: (unit code, item id) → text as typed."""

    form: SheetForm
    turn: int
    by: str
    values: Mapping[Cell, str]
    finished: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryDifference:
    """A cell that the two have typed differently, as people write it; problem: why one of the texts cannot be stored
    (the scheme has changed since it was typed), empty: both can."""

    unit: str
    unit_name: str
    item: str
    item_name: str
    first: str
    second: str
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryComparison:
    """Two finished turns beside each other. equal: cells typed alike, blank ones among them; replaces: cells whose stored
    mark is another one than what both have typed."""

    scheme: str
    evaluator: str
    first_by: str
    second_by: str
    equal: int
    differences: tuple[EntryDifference, ...]
    replaces: int


def cells_of(kept: SheetEntry) -> dict[Cell, str]:
    """What was typed, by unit and item; in the file the two are one text with a stroke between."""
    found: dict[Cell, str] = {}
    for key, text in kept.values.items():
        unit, _, item = key.partition("/")
        found[unit, item] = text
    return found


def filled_in(kept: SheetEntry) -> int:
    """How many cells hold something."""
    return sum(bool(text.strip()) for text in kept.values.values())


def _open_cells(form: SheetForm) -> list[tuple[str, str, FormItem]]:
    """Unit code, unit name and item of every cell that can be filled in."""
    return [
        (unit.code, unit.name, item)
        for unit in form.units
        if not unit.recused
        for item in form.items
        if item.id not in unit.not_applicable
    ]


def state(form: SheetForm, entries: list[SheetEntry], block: MarkBlock | None) -> EntryState:
    """How far the double entry of this form is. entries: of any sheets of its scheme."""
    own = sorted((e for e in entries if e.evaluator == form.identity.evaluator), key=lambda e: e.turn)
    stored = _stored_texts(form, block)
    return EntryState(
        scheme=form.identity.scheme,
        evaluator=form.identity.evaluator,
        evaluator_name=form.evaluator_name,
        turns=tuple(EntryTurn(turn=e.turn, by=e.by, at=e.at, filled=filled_in(e), finished=e.finished) for e in own),
        cells=len(_open_cells(form)),
        stored=sum(bool(text) for text in stored.values()),
    )


def _stored_texts(form: SheetForm, block: MarkBlock | None) -> dict[Cell, str]:
    if block is None:
        return {}
    grid: list[list[int]] = unpack(block).tolist()
    rows = {code: n for n, code in enumerate(block.units)}
    columns = {item: n for n, item in enumerate(block.items)}
    return {
        (unit, item.id): mark_text(
            grid[rows[unit]][columns[item.id]], block.digits[columns[item.id]], tuple(v.name for v in item.levels)
        )
        for unit, _, item in _open_cells(form)
        if unit in rows and item.id in columns
    }


def compared(form: SheetForm, first: SheetEntry, second: SheetEntry, block: MarkBlock | None) -> EntryComparison:
    """Cell by cell, by the mark that a text stands for: 18.5 and 18.50 are equal. block: what is stored now."""
    one, two, stored = cells_of(first), cells_of(second), _stored_texts(form, block)
    equal = replaces = 0
    found: list[EntryDifference] = []
    for unit, unit_name, item in _open_cells(form):
        texts = one.get((unit, item.id), ""), two.get((unit, item.id), "")
        marks = [parse_mark(text, item) for text in texts]
        problem = next((m for m in marks if isinstance(m, str)), "")
        if marks[0] == marks[1] and not problem:
            equal += 1
            now = stored.get((unit, item.id), "")
            replaces += bool(now) and parse_mark(now, item) != marks[0]
            continue
        found.append(
            EntryDifference(
                unit=unit,
                unit_name=unit_name,
                item=item.id,
                item_name=item.name,
                first=texts[0],
                second=texts[1],
                problem=problem,
            )
        )
    return EntryComparison(
        scheme=form.identity.scheme,
        evaluator=form.identity.evaluator,
        first_by=first.by,
        second_by=second.by,
        equal=equal,
        differences=tuple(found),
        replaces=replaces,
    )


def decided(
    form: SheetForm, found: EntryComparison, both: tuple[SheetEntry, SheetEntry], decisions: Mapping[Cell, Side]
) -> dict[Cell, int]:
    """The mark of every cell. Raises INPUT_BAD."""
    undecided = [d for d in found.differences if (d.unit, d.item) not in decisions]
    if undecided:
        where = "、".join(f"{d.unit_name} {d.item_name}" for d in undecided[:3])
        raise AppError(Fault.INPUT_BAD, f"还有 {len(undecided)} 处不同没有定：{where}。")
    one, two = cells_of(both[0]), cells_of(both[1])
    values: dict[Cell, int] = {}
    for unit, unit_name, item in _open_cells(form):
        side = two if decisions.get((unit, item.id)) == "second" else one
        mark = parse_mark(side.get((unit, item.id), ""), item)
        if isinstance(mark, str):
            raise AppError(Fault.INPUT_BAD, f"{unit_name} {item.name}：{mark}请改选另一遍，或作废后重录。")
        values[unit, item.id] = mark
    return values


def refuse_what_cannot_stand(form: SheetForm, changes: Mapping[Cell, str]) -> None:
    """Raises INPUT_BAD for a text that is no mark of its item, NOT_FOUND for a cell that cannot be filled in."""
    cells = {(unit, item.id): (name, item) for unit, name, item in _open_cells(form)}
    for cell, text in changes.items():
        if cell not in cells:
            raise AppError(Fault.NOT_FOUND, f"{form.evaluator_name}的评分表上不能填 {cell[0]} 的 {cell[1]}。")
        mark = parse_mark(text, cells[cell][1])
        if isinstance(mark, str):
            raise AppError(Fault.INPUT_BAD, f"{cells[cell][0]} {cells[cell][1].name}：{mark}")
