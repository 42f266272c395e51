"""Marks whose worth needs more than the mark: targets, ratios, conditions, full points that differ from unit to unit,
and the comparison of the units that one evaluator rates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from app.domain.quantities import Quantity
from app.domain.schemes import (
    BandsReading,
    Gathering,
    Item,
    LevelsReading,
    RankReading,
    RatioReading,
    Rounding,
    looks_across,
)
from app.scoring.across import Tests
from app.scoring.exact import SAFE, Integers
from app.scoring.marks import NO_SHEET
from app.scoring.near import Near, Reference, may_be_near, near_ratios
from app.scoring.partitions import partition_of
from app.scoring.parts import takes_part
from app.scoring.readings import Given, Peers, level_of, read_value
from app.scoring.shares import gathering_of
from app.scoring.sheet_bulk import by_classes, by_places, by_ratio, references
from app.scoring.stacks import Read, Stack, laid_out
from app.scoring.tables import FAR, Flags

if TYPE_CHECKING:
    from app.scoring.board import Board


class SheetReader:
    """Reads all marks of one item, by whatever it takes."""

    def __init__(self, board: Board, item: Item) -> None:
        self.board = board
        self.item = item
        table = board.table
        column = table.item_index[item.id]
        self.codes = table.codes[:, :, column]
        self.digits = table.digits[column]
        self.scale = 10**self.digits
        self.tests = Tests(board)
        self.outside = board.not_concerned(item)
        self._known: dict[object, Quantity] = {}

    def peers_of(self, row: int) -> dict[str, Peers]:
        """What one evaluator gave the units of each group that take part in a comparison."""
        reading = self.item.reading
        within = reading.within if isinstance(reading, RankReading | RatioReading) else "level"
        values: dict[str, list[Fraction]] = {}
        for place in np.flatnonzero(self.compared[row]).tolist():
            name = partition_of(self.board.units[place], within)
            values.setdefault(name, []).append(Fraction(int(self.codes[row, place]), self.scale))
        return {name: Peers(found) for name, found in values.items()}

    @cached_property
    def compared(self) -> Flags:
        """[row, unit]: marks that take part in the comparison."""
        units = self.board.units
        taking = np.array([takes_part(u) and i not in self.outside for i, u in enumerate(units)], dtype=np.bool_)
        return np.asarray((self.codes > NO_SHEET) & self.board.table.rates & taking, dtype=np.bool_)

    def given(self, row: int, place: int, peers: dict[str, Peers] | None = None) -> Given:
        """What the reading is told about one mark."""
        reading, unit = self.item.reading, self.board.units[place]
        group: Peers | None = None
        if looks_across(reading) and isinstance(reading, RankReading | RatioReading):
            known = self.peers_of(row) if peers is None else peers
            group = known.get(partition_of(unit, reading.within), Peers(()))
        return Given(
            points=self.board.own(self.item, place).points,
            peers=group,
            takes_part=bool(self.compared[row, place]) if group is not None else True,
            holds=lambda conditions: self.tests.all_hold(conditions, place),
        )

    def quantity(self, row: int, place: int, peers: dict[str, Peers] | None = None) -> Quantity:
        """One mark that is a number, as read."""
        reading, code = self.item.reading, int(self.codes[row, place])
        if isinstance(reading, LevelsReading):
            level = level_of(reading, reading.levels[code].id)
            return Quantity.of(level.points) if level and level.points is not None else Quantity.no_result("不计入")
        given = self.given(row, place, peers)
        if given.peers is not None:
            return read_value(reading, Fraction(code, self.scale), given)
        key = (code, given.points, self._holding(place))
        if key not in self._known:
            self._known[key] = read_value(reading, Fraction(code, self.scale), given)
        return self._known[key]

    @cached_property
    def _where(self) -> list[Flags]:
        """For each band with conditions the units for which they hold."""
        reading = self.item.reading
        bands = reading.bands if isinstance(reading, BandsReading) else ()
        return [self.tests.where(b.when) for b in bands if b.when]

    def _holding(self, place: int) -> tuple[bool, ...]:
        """Which bands' conditions hold for the unit."""
        return tuple(bool(where[place]) for where in self._where)

    def integers(self) -> tuple[Integers, int]:
        """Every mark as read: integers over a denominator, FAR where there is no value."""
        reading, units = self.item.reading, self.board.units
        if looks_across(reading) and isinstance(reading, RankReading | RatioReading):
            if isinstance(reading, RankReading):
                return by_places(reading, self.codes, self.compared, self._groups(reading))
            return self._one_by_one() if reading.inverse else self.ratios(range(len(units)))
        classes: dict[object, tuple[list[int], Given]] = {}
        for place in range(len(units)):
            points = self.board.own(self.item, place).points
            key = (points and points.as_integer_ratio(), self._holding(place))
            if key not in classes:
                classes[key] = ([], self.given(0, place))
            classes[key][0].append(place)
        return by_classes(reading, self.codes, self.digits, list(classes.values()))

    def ratios(self, places: Collection[int]) -> tuple[Integers, int]:
        """The same of a ratio to other marks, for some units only."""
        reading = self.item.reading
        if not isinstance(reading, RatioReading):
            raise TypeError(reading.kind)
        known = [([p for p in own if p in places], ends) for own, ends in self._references(reading)]
        return by_ratio(self.codes, [(own, ends) for own, ends in known if own], self._times(reading))

    def rounded_down(self, rounding: Rounding) -> tuple[Integers, int] | None:
        """Every mark that is read as a ratio, as ``near_ratios`` has it; None when it is none or cannot be so."""
        reading = self.item.reading
        if not looks_across(reading) or not isinstance(reading, RatioReading) or reading.inverse:
            return None
        return near_ratios(self.codes, self._references(reading), self._times(reading), rounding)

    def _groups(self, reading: RankReading | RatioReading) -> list[list[int]]:
        """The units' places by the groups in which they are compared."""
        groups: dict[str, list[int]] = {}
        for place, unit in enumerate(self.board.units):
            groups.setdefault(partition_of(unit, reading.within), []).append(place)
        return list(groups.values())

    def _references(self, reading: RatioReading) -> list[Reference]:
        groups = self._groups(reading)
        return [(p, references(reading.to, self.codes[:, p], self.compared[:, p])) for p in groups]

    def _times(self, reading: RatioReading) -> list[Fraction | None]:
        units = range(len(self.board.units))
        return [self.board.own(self.item, i).points if reading.times == "full" else reading.times for i in units]

    def _one_by_one(self) -> tuple[Integers, int]:
        """Marks of which each has a denominator of its own."""
        found: dict[tuple[int, int], Fraction] = {}
        for row in range(len(self.codes)):
            peers = self.peers_of(row)
            for place in np.flatnonzero(self.codes[row] > NO_SHEET).tolist():
                value = self.quantity(row, place, peers).value
                if value is not None:
                    found[row, place] = value
        return as_integers(found, self.codes.shape)


def special_stack(board: Board, item: Item) -> Stack:
    """A stack of one item whose marks are read with more than themselves."""
    reader, gathering = SheetReader(board, item), gathering_of(board.scheme, item)
    rounding = board.scheme.rounding.group
    near = reader.rounded_down(rounding) if rounding is not None and may_be_near(gathering) else None
    if near is None:
        return _stack(reader, gathering, *reader.integers())
    exact = Near(lambda places: _stack(reader, gathering, *reader.ratios(places)))
    return replace(_stack(reader, gathering, *near), near=exact)


def _stack(reader: SheetReader, gathering: Gathering, values: Integers, den: int) -> Stack:
    codes, values = reader.codes[:, :, None], values[:, :, None]
    read = Read(values, den, codes, (codes > NO_SHEET) & np.asarray(values == FAR, dtype=np.bool_))
    return laid_out(reader.board.table, gathering, (reader.item,), read)


def as_integers(values: dict[tuple[int, int], Fraction], shape: tuple[int, ...]) -> tuple[Integers, int]:
    """Exact values over one denominator, FAR where there is none."""
    den = lcm(1, *{v.denominator for v in values.values()})
    whole = {k: v.numerator * (den // v.denominator) for k, v in values.items()}
    kind = np.int64 if all(abs(v) < SAFE for v in whole.values()) else object
    result = np.full(shape, FAR, dtype=kind)
    for (row, place), value in whole.items():
        result[row, place] = value
    return result, den
