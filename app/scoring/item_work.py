"""An item from its sources to its final value: periods, conversion, overrides, and what was used on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.domain.quantities import Quantity
from app.domain.schemes import Item
from app.scoring.across import Reader, Tests
from app.scoring.columns import Column
from app.scoring.gather import Gathered
from app.scoring.item_sources import Drawn, drawn
from app.scoring.periods import over_periods

if TYPE_CHECKING:
    from app.scoring.board import Board


@dataclass(frozen=True, slots=True)
class ItemWork:
    """What an item went through: its groups (and which lanes of theirs are its units) or the reader of what was not
    gathered from groups, each period by itself, the gathered value, the converted one, the final one. conversion: the
    reader of the conversion; overridden: unit's place → which override took the value's place."""

    grouped: Sequence[Gathered]
    lanes: slice | None
    gathered: Column
    converted: Column
    final: Column
    reader: Reader | None = None
    periods: tuple[Drawn, ...] = ()
    conversion: Reader | None = None
    overridden: Mapping[int, int] | None = None

    @property
    def groups(self) -> tuple[Gathered, ...]:
        """The groups, one lane for each unit."""
        return Drawn(self.gathered, self.grouped, self.lanes).groups


def worked(board: Board, item: Item) -> ItemWork:
    """The item's way over all units."""
    if item.periods is None:
        got, periods = drawn(board, item, None), ()
    else:
        periods = tuple(drawn(board, item, name) for name in item.periods.names)
        got = Drawn(board.concerned(item, over_periods(item.periods, [p.column for p in periods], len(board.units))))
    changed = got.column
    conversion: Reader | None = None
    if item.conversion is not None:
        figures = {i: m for i, u in enumerate(board.units) if (m := board.office_mark(u, item, None))}
        conversion = Reader(board, item, item.conversion, changed, figures)
        changed = conversion.read()
    overridden = _overridden(board, item, changed)
    stated = _with_overrides(board, item, changed, overridden) if overridden else changed
    final = board.ended(item, stated)
    return ItemWork(got.grouped, got.lanes, got.column, changed, final, got.reader, periods, conversion, overridden)


def _overridden(board: Board, item: Item, column: Column) -> dict[int, int]:
    """Unit's place → the first override whose conditions hold."""
    if not item.overrides:
        return {}
    tests, left = Tests(board), column.valued().copy()
    found: dict[int, int] = {}
    for number, override in enumerate(item.overrides):
        holding = left & tests.where(override.when)
        found.update(dict.fromkeys(np.flatnonzero(holding).tolist(), number))
        left &= ~holding
    return found


def _with_overrides(board: Board, item: Item, column: Column, overridden: Mapping[int, int]) -> Column:
    quantities = [column.quantity(i) for i in range(column.count)]
    for place, number in overridden.items():
        stated = item.overrides[number].points
        points = board.own(item, place).points if stated == "full" else stated
        quantities[place] = Quantity.no_result("没有写满分") if points is None else Quantity.of(points)
    return Column.of(quantities)
