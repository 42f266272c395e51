"""Readings of a whole column: what a value is worth to each unit, with the other units' values where they matter."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.domain.facts import OfficeMark
from app.domain.quantities import Quantity
from app.domain.schemes import Condition, DirectReading, Item, RankReading, RatioReading, Reading, looks_across
from app.scoring.columns import Column
from app.scoring.exact import combined
from app.scoring.partitions import partition_of
from app.scoring.parts import takes_part
from app.scoring.readings import Given, Peers, converted

if TYPE_CHECKING:
    from app.scoring.board import Board


class Tests:
    """Which conditions hold for which unit: exact values, never where a quantity has none."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self._known: dict[Condition, NDArray[np.bool_]] = {}

    def all_hold(self, conditions: tuple[Condition, ...], place: int) -> bool:
        """Whether all of them hold for the unit."""
        return all(self._holds(c)[place] for c in conditions)

    def where(self, conditions: tuple[Condition, ...]) -> NDArray[np.bool_]:
        """The units for which all of them hold."""
        found = np.ones(len(self.board.units), dtype=np.bool_)
        for condition in conditions:
            found &= self._holds(condition)
        return found

    def _holds(self, condition: Condition) -> NDArray[np.bool_]:
        if condition not in self._known:
            result = meets(self.board.column(condition.quantity), condition)
            for other in condition.alternatives:
                result = result | self._holds(other)
            self._known[condition] = result
        return self._known[condition]


def meets(column: Column, condition: Condition) -> NDArray[np.bool_]:
    """Where the column's value passes the test itself (alternatives aside); never where there is no value."""
    less, greater = column.exact.less(condition.value), column.exact.greater(condition.value)
    outcome = {
        ">=": ~less,
        ">": greater,
        "<=": ~greater,
        "<": less,
        "=": ~less & ~greater,
        "!=": less | greater,
    }[condition.test]
    return np.asarray(column.valued() & outcome, dtype=np.bool_)


class Reader:
    """One reading over one column. figures: unit's place → the entry with target and standard."""

    def __init__(
        self,
        board: Board,
        item: Item,
        reading: Reading,
        column: Column,
        figures: Mapping[int, OfficeMark] | None = None,
    ) -> None:
        self.board = board
        self.item = item
        self.reading = reading
        self.column = column
        self.figures = figures or {}
        self.tests = Tests(board)
        within = reading.within if isinstance(reading, RankReading | RatioReading) and looks_across(reading) else None
        self.group = [] if within is None else [partition_of(u, within) for u in board.units]
        self.peers = self._peers() if self.group else {}

    def _peers(self) -> dict[str, Peers]:
        values: dict[str, list[Fraction]] = {}
        valued = self.column.valued()
        for place, unit in enumerate(self.board.units):
            if valued[place] and takes_part(unit):
                values.setdefault(self.group[place], []).append(self.column.exact.at(place))
        return {name: Peers(found) for name, found in values.items()}

    def given(self, place: int) -> Given:
        """What the reading is told about one unit."""
        figure = self.figures.get(place)
        return Given(
            points=self.board.own(self.item, place).points,
            target=figure.target if figure else None,
            standard=figure.standard if figure else None,
            peers=self.peers.get(self.group[place], Peers(())) if self.group else None,
            takes_part=takes_part(self.board.units[place]),
            holds=lambda conditions: self.tests.all_hold(conditions, place),
        )

    def quantity(self, place: int) -> Quantity:
        """One unit's value as read."""
        return self.of(self.column.quantity(place), place)

    def of(self, quantity: Quantity, place: int) -> Quantity:
        """Another quantity as read for this unit."""
        return converted(quantity, self.reading, self.given(place))

    def read(self) -> Column:
        """The whole column as read."""
        reading = self.reading
        if isinstance(reading, DirectReading) and reading.base != "full":
            factor, base = reading.factor, reading.base
            plain = factor == 1 and base == 0
            return self.column if plain else self.column.mapped(lambda e: combined([(e, factor)], base))
        return Column.of([self.quantity(i) for i in range(self.column.count)])
