"""The marks of one scheme as one matrix evaluators × units × items, and the matrix each group reads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, lcm

import numpy as np
from numpy.typing import NDArray

from app.domain.facts import Evaluator, Facts, MarkBlock, Unit
from app.domain.quantities import MarkState
from app.domain.schemes import (
    BallotRule,
    BandsReading,
    DirectReading,
    Group,
    Item,
    LevelsReading,
    Reading,
    Scheme,
    sheet_items,
)
from app.scoring.exact import SAFE, Integers
from app.scoring.marks import NO_SHEET, STATE_CODES, codes_of
from app.scoring.membership import Membership, groups_of
from app.scoring.parts import digits_of
from app.scoring.readings import with_gaps_shared

Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
FAR = -(2**62)  # a read mark that has no value


@dataclass(frozen=True)
class Seats:
    """Who of a group stands to which unit: rows of the matrix, and whether each counts there or is recused."""

    group: Group
    rows: NDArray[np.intp]
    member: Flags
    recused: Flags

    @property
    def counting(self) -> Flags:
        """Members who may score the unit."""
        return self.member & ~self.recused


@dataclass(frozen=True)
class MarkTable:
    """codes[evaluator, unit, item]: packed marks over 10^digits of their item, states, or NO_SHEET. void: evaluators
    whose sheets broke rules (theirs are NO_SHEET too)."""

    scheme: Scheme
    units: tuple[Unit, ...]
    evaluators: tuple[Evaluator, ...]
    items: tuple[Item, ...]
    digits: tuple[int, ...]
    codes: Codes
    blocks: dict[str, MarkBlock]
    seats: tuple[Seats, ...]
    void: dict[str, tuple[BallotRule, ...]] = field(default_factory=dict[str, tuple[BallotRule, ...]])

    @cached_property
    def item_index(self) -> dict[str, int]:
        """Item id → its place on the last axis."""
        return {item.id: i for i, item in enumerate(self.items)}

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Evaluator's code → his row."""
        return {e.code: i for i, e in enumerate(self.evaluators)}

    @cached_property
    def rates(self) -> Flags:
        """[row, unit]: the evaluator counts for the unit in some group without being recused there."""
        return self.rates_in(tuple(seats.group.id for seats in self.seats))

    def rates_in(self, groups: tuple[str, ...]) -> Flags:
        """[row, unit]: the evaluator counts for the unit in one of these groups."""
        rates = np.zeros(self.codes.shape[:2], dtype=np.bool_)
        for seats in self.seats:
            if seats.group.id in groups:
                rates[seats.rows] |= seats.counting
        return rates


def build_table(scheme: Scheme, facts: Facts, units: tuple[Unit, ...], membership: Membership) -> MarkTable:
    """Everything that was marked under a scheme; blocks for unknown evaluators, units or items are left aside."""
    blocks = {b.evaluator: b for b in facts.blocks if b.scheme == scheme.id}
    evaluators = tuple(sorted(facts.evaluators, key=lambda e: (e.order, e.code)))
    items = tuple(sheet_items(scheme))
    kept, seats = _seats(scheme, evaluators, units, membership)
    digits = _digits(items, blocks)
    codes = np.full((len(kept), len(units), len(items)), NO_SHEET, dtype=np.int32)
    unit_at = {u.code: i for i, u in enumerate(units)}
    item_at = {item.id: i for i, item in enumerate(items)}
    for row, evaluator in enumerate(kept):
        if evaluator.code in blocks:
            _lay(codes[row], blocks[evaluator.code], unit_at, item_at, digits)
    return MarkTable(scheme, units, kept, items, digits, codes, blocks, seats)


def _digits(items: tuple[Item, ...], blocks: dict[str, MarkBlock]) -> tuple[int, ...]:
    """Decimals of each item's marks: its reading's, or more where a sheet was packed with more (an older scheme)."""
    found = {item.id: digits_of(item) for item in items}
    for layout in {(b.items, b.digits) for b in blocks.values()}:
        for name, digits in zip(*layout, strict=True):
            if name in found:
                found[name] = max(found[name], digits)
    return tuple(found[item.id] for item in items)


def _rescaled(block: MarkBlock, item_at: dict[str, int], digits: tuple[int, ...]) -> Codes:
    """The block's integers over the decimals that the table uses."""
    codes = codes_of(block)
    factors = [
        10 ** (digits[item_at[k]] - d) if k in item_at else 1 for k, d in zip(block.items, block.digits, strict=True)
    ]
    if any(f != 1 for f in factors):
        marks = codes > NO_SHEET
        larger = np.where(marks, codes * np.array(factors, dtype=np.int64), codes)
        if larger.size and max(int(larger.max()), -int(larger[marks].min(initial=0))) >= 2**31 - 8:
            raise OverflowError("a mark of this size with so many decimals does not fit the table")
        codes = larger.astype(np.int32)
    return codes


def _lay(
    target: Codes, block: MarkBlock, unit_at: dict[str, int], item_at: dict[str, int], digits: tuple[int, ...]
) -> None:
    source = _rescaled(block, item_at, digits)
    if block.units == tuple(unit_at) and block.items == tuple(item_at):
        target[:] = source
        return
    rows = [(i, unit_at[u]) for i, u in enumerate(block.units) if u in unit_at]
    columns = [(i, item_at[k]) for i, k in enumerate(block.items) if k in item_at]
    if not rows:
        return
    if len(columns) < len(item_at):
        target[[r for _, r in rows], :] = STATE_CODES[MarkState.BLANK]
    if not columns:
        return
    target[np.ix_([r for _, r in rows], [c for _, c in columns])] = source[
        np.ix_([i for i, _ in rows], [i for i, _ in columns])
    ]


def _seats(
    scheme: Scheme, evaluators: tuple[Evaluator, ...], units: tuple[Unit, ...], membership: Membership
) -> tuple[tuple[Evaluator, ...], tuple[Seats, ...]]:
    """The evaluators who count in some group for some unit, and each group's seats among them."""
    known: dict[tuple[object, ...], tuple[Flags, Flags]] = {}
    standing: list[tuple[Evaluator, Flags, Flags]] = []
    for evaluator in evaluators:
        key = membership.signature(scheme, evaluator)
        if key not in known:
            known[key] = _standing(scheme, evaluator, units, membership)
        member, recused = known[key]
        if member.any():
            standing.append((evaluator, member, recused))
    seats: list[Seats] = []
    for place, group in enumerate(groups_of(scheme)):
        rows = [row for row, (_, member, _r) in enumerate(standing) if member[place].any()]
        shape = (len(rows), len(units))
        seats.append(
            Seats(
                group,
                np.array(rows, dtype=np.intp),
                np.array([standing[r][1][place] for r in rows], dtype=np.bool_).reshape(shape),
                np.array([standing[r][2][place] for r in rows], dtype=np.bool_).reshape(shape),
            )
        )
    return tuple(e for e, _, _ in standing), tuple(seats)


def _standing(
    scheme: Scheme, evaluator: Evaluator, units: tuple[Unit, ...], membership: Membership
) -> tuple[Flags, Flags]:
    """For each group and unit: counts there; must not score there."""
    groups = groups_of(scheme)
    member = np.zeros((len(groups), len(units)), dtype=np.bool_)
    recused = np.zeros_like(member)
    for column, unit in enumerate(units):
        inside = membership.groups_for(scheme, evaluator, unit)
        for row, group in enumerate(groups):
            member[row, column] = group.id in inside
            recused[row, column] = group.id in inside and membership.recused(group, evaluator, unit)
    return member, recused


# ---- readings in bulk


def plain_reading(item: Item) -> Reading | None:
    """The reading of the item's marks when each can be read by itself, alike for all units (full points put in, gaps
    shared out); None when more must be known."""
    reading = item.reading
    if isinstance(reading, DirectReading):
        if reading.base != "full":
            return reading
        varied = item.points is None or any(v.points is not None for v in item.variants)
        return None if varied else replace(reading, base=item.points or Fraction(0))
    if isinstance(reading, BandsReading):
        return None if any(band.when for band in reading.bands) else with_gaps_shared(reading)
    return reading if isinstance(reading, LevelsReading) else None


def read_den(reading: Reading, digits: int) -> int:
    """The denominator over which every read mark (of so many decimals) is an integer; the reading is a plain one."""
    if isinstance(reading, DirectReading):
        base = reading.base if isinstance(reading.base, Fraction) else Fraction(0)
        return lcm(10**digits * reading.factor.denominator, base.denominator)
    if isinstance(reading, LevelsReading):
        return lcm(1, *(level.points.denominator for level in reading.levels if level.points is not None))
    bands = reading.bands if isinstance(reading, BandsReading) else ()
    return lcm(1, *(band.points.denominator for band in bands))


def read_codes(reading: Reading, codes: Codes, digits: int, den: int) -> Integers:
    """Marks over 10^digits as integers over den, states as FAR; so is a level without points or a value below every band."""
    if isinstance(reading, DirectReading):
        factor = int(reading.factor * Fraction(den, 10**digits))
        wide = codes.astype(np.int64) if abs(factor) < 2**31 else codes.astype(object)
        base = int(reading.base * den) if isinstance(reading.base, Fraction) else 0
        if base and wide.dtype != object and abs(base) + abs(factor) * 2**31 >= SAFE:
            wide = wide.astype(object)
        read = wide * factor + base if base else wide * factor
    elif isinstance(reading, LevelsReading):
        table = [FAR if lv.points is None else int(lv.points * den) for lv in reading.levels]
        read = _exact_array(table)[np.clip(codes, 0, len(table) - 1)]
    elif isinstance(reading, BandsReading):
        read = _bands(reading, codes, digits, den)
    else:
        raise TypeError(reading.kind)
    read[codes <= NO_SHEET] = FAR
    return read


def _bands(reading: BandsReading, codes: Codes, digits: int, den: int) -> Integers:
    """The first band that a mark reaches: from the last one up, each overwrites those below it."""
    points = _exact_array([int(band.points * den) for band in reading.bands])
    found = np.full(codes.shape, FAR, dtype=points.dtype)
    for band, worth in zip(reversed(reading.bands), points[::-1], strict=True):
        if band.minimum is None:
            found[...] = worth
            continue
        least = band.minimum * 10**digits
        found[codes >= (floor(least) + 1 if band.above else ceil(least))] = worth
    return found


def _exact_array(values: list[int]) -> Integers:
    """An array of integers; left alone, numpy would turn a mixture of large ones into floats."""
    return np.array(values, dtype=np.int64 if all(abs(v) < 2 * SAFE or v == FAR for v in values) else object)
