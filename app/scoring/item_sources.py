"""From an item's source to its gathered value, for each source: read, gathered, and what was used kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from app.domain.quantities import Quantity
from app.domain.schemes import (
    DirectReading,
    EventsSource,
    Gathering,
    Item,
    LevelsReading,
    MarksSource,
    OfficeSource,
    QuantitySource,
    ResultsSource,
    Rounding,
    VotesSource,
    looks_across,
)
from app.scoring.across import Reader
from app.scoring.columns import Column
from app.scoring.exact import Exact
from app.scoring.gather import Gathered, join_groups
from app.scoring.lower import Asked
from app.scoring.membership import groups_of
from app.scoring.shares import gathering_of, groups_in, sharings
from app.scoring.sheet_readings import special_stack
from app.scoring.sources import gather_few, office_quantity
from app.scoring.stacks import Stack, gather_group, states_of
from app.scoring.vote_columns import Votes
from app.scoring.votes import VoteTally, looks_at_answers

if TYPE_CHECKING:
    from app.scoring.board import Board


@dataclass(frozen=True, slots=True)
class Drawn:
    """A gathered column with its groups (and which lanes of theirs are its units), or with the reader of the values
    that were not gathered from groups."""

    column: Column
    grouped: Sequence[Gathered] = ()
    lanes: slice | None = None
    reader: Reader | None = None

    @property
    def groups(self) -> tuple[Gathered, ...]:
        """The groups, one lane for each unit."""
        return tuple(self.grouped if self.lanes is None else (some_lanes(g, self.lanes) for g in self.grouped))


def drawn(board: Board, item: Item, period: str | None) -> Drawn:
    """The item's gathered column, of one period if it has periods."""
    source = item.source
    if isinstance(source, MarksSource):
        return board.drawn_marks(item)
    if isinstance(source, VotesSource):
        return _votes(board, item, source, period)
    if isinstance(source, ResultsSource):
        return _results(board, item, source)
    if isinstance(source, OfficeSource):
        marks = [board.office_mark(u, item, period) for u in board.units]
        column = board.concerned(item, Column.of([office_quantity(item, mark) for mark in marks]))
        if isinstance(item.reading, LevelsReading):
            return Drawn(column)
        return _read(Reader(board, item, item.reading, column, {i: m for i, m in enumerate(marks) if m}))
    if isinstance(source, QuantitySource):
        column = board.concerned(item, board.column(source.quantity))
        return _read(Reader(board, item, item.reading, column))
    return _read(Reader(board, item, item.reading, board.concerned(item, _events(board, item, source))))


def _read(reader: Reader) -> Drawn:
    return Drawn(reader.read(), reader=reader)


# ---- events


def _events(board: Board, item: Item, source: EventsSource) -> Column:
    """What the events come to, before the reading."""
    found: dict[Fraction | None, Quantity] = {}
    values: list[Quantity] = []
    for place, unit in enumerate(board.units):
        if unit.code in board.events:
            values.append(board.events_of(item, source, unit).quantity)
            continue
        points = board.own(item, place).points
        if points not in found:
            found[points] = board.events_of(item, source, unit).quantity
        values.append(found[points])
    return Column.of(values)


def unread(item: Item) -> Item:
    """The item with a reading that leaves every value as it is."""
    return replace(item, reading=DirectReading())


# ---- other results


def _results(board: Board, item: Item, source: ResultsSource) -> Drawn:
    gathering = gathering_of(board.scheme, item)
    reader = Reader(board, item, item.reading, Column.of([Quantity.of(0)] * len(board.units)))
    outside = board.not_concerned(item)
    values = [
        Quantity.not_applicable(outside[place])
        if place in outside
        else _gathered_results(board.results_of(source).of(unit), gathering, reader, place)
        for place, unit in enumerate(board.units)
    ]
    if looks_across(item.reading):
        return _read(Reader(board, item, item.reading, Column.of(values)))
    return Drawn(Column.of(values))


def _gathered_results(asked: Asked, gathering: Gathering, reader: Reader, place: int) -> Quantity:
    """One unit's value out of those of other subjects."""
    found: list[Fraction] = []
    across = looks_across(reader.reading)
    for subject, quantity in asked:
        if quantity.value is None:
            return Quantity.no_result(f"“{subject.name}”没有结果")
        read = quantity if across else reader.of(quantity, place)
        if read.value is None:
            return Quantity.no_result(f"“{subject.name}”：{read.reason}")
        found.append(read.value)
    if not found:
        return Quantity.not_applicable("没有可计的对象")
    return Quantity.of(gather_few(found, gathering.within))


# ---- votes


def _votes(board: Board, item: Item, source: VotesSource, period: str | None) -> Drawn:
    gathering = gathering_of(board.scheme, item)
    names = {g.id: g.name for g in groups_of(board.scheme)}
    groups: list[Gathered] = []
    points = [board.own(item, place).points for place in range(len(board.units))]
    rounding = board.scheme.rounding.group
    for group in groups_in(board.scheme, gathering):
        if looks_at_answers(gathering.within):
            votes = _one_by_one([board.votes_of(item, source, group, u, period) for u in board.units], rounding)
        else:
            votes = board.votes.of_all(item, source, group, points, period, rounding)
        state = states_of(votes.valued.astype(np.int64), np.zeros_like(votes.blocked), votes.blocked, 1)
        groups.append(Gathered(group, names[group], votes.counted, votes.counted, votes.value, state))
    column = joined_groups(board, gathering, groups, 1)
    return Drawn(board.concerned(item, column), tuple(groups))


def _one_by_one(tallies: Sequence[VoteTally], rounding: Rounding | None) -> Votes:
    return Votes(
        np.array([t.value is not None for t in tallies], dtype=np.bool_),
        np.array([t.counted for t in tallies], dtype=np.int64),
        np.array([bool(t.blocked) for t in tallies], dtype=np.bool_),
        Exact.of([t.value if t.value is not None else Fraction(0) for t in tallies]).rounded(rounding),
    )


# ---- marks


def stack_columns(board: Board, stack: Stack) -> list[Drawn]:
    """The stack's items, gathered."""
    groups = [gather_group(stack, g, board.scheme.rounding.group) for g in stack.groups]
    width = len(stack.items)
    if stack.gathering.weighting == "counted":
        lanes = [slice(place, None, width) for place in range(width)]
        parts = [joined_groups(board, stack.gathering, [some_lanes(g, p) for g in groups], 1) for p in lanes]
        return [Drawn(column, groups, part) for column, part in zip(parts, lanes, strict=True)]
    column = joined_groups(board, stack.gathering, groups, width)
    return [Drawn(_column_lane(column, p, width), groups, slice(p, None, width)) for p in range(width)]


def special_column(board: Board, item: Item) -> Drawn:
    """An item whose marks need more than themselves to be read."""
    return stack_columns(board, special_stack(board, item))[0]


def joined_groups(board: Board, gathering: Gathering, groups: Sequence[Gathered], width: int) -> Column:
    """The groups' lanes (units × ``width``) joined, as the groups share for each unit."""
    if not groups:
        return Column.of([Quantity.no_result("没有一组参加汇集")] * (len(board.units) * width))
    classes = sharings(board.scheme, gathering, board.units)
    if len(classes) == 1 and classes[0][0] is None:
        return join_groups(classes[0][1], groups)
    parts: list[tuple[np.ndarray, Column]] = []
    for where, sharing in classes:
        if where is not None:
            lanes = (where[:, None] * width + np.arange(width)).ravel()
            parts.append((lanes, join_groups(sharing, [some_lanes(g, lanes) for g in groups])))
    return Column.merged(len(board.units) * width, parts)


def some_lanes(group: Gathered, part: slice | np.ndarray) -> Gathered:
    """Some lanes of a group."""
    return Gathered(
        group.group,
        group.name,
        group.counted[part],
        group.used[part],
        Exact(group.value.num[part], group.value.den),
        group.state[part],
    )


def _column_lane(column: Column, place: int, width: int) -> Column:
    exact = Exact(column.exact.num[place::width], column.exact.den, column.exact.peak)
    if column.state is None:
        return Column(exact)
    state = column.state[place::width]
    if not state.any():
        return Column(exact)
    reasons = {int(i): column.reasons[int(i) * width + place] for i in np.flatnonzero(state)}
    return Column(exact, state, reasons)
