"""The marks of items that gather alike, read and laid out for each group: what ``gather`` works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np

from app.domain.quantities import MarkState
from app.domain.schemes import BandsReading, DirectReading, Gathering, Item, Node, Reading, Rounding
from app.scoring.exact import SAFE, Exact, Integers
from app.scoring.gather import HOLE, Gathered, GroupState, within_group
from app.scoring.marks import NO_SHEET, STATE_CODES
from app.scoring.near import Near, settled
from app.scoring.shares import gathering_of, groups_in
from app.scoring.tables import FAR, Codes, Flags, MarkTable, Seats, plain_reading, read_codes, read_den


@dataclass(frozen=True)
class GroupMarks:
    """marks[rater, lane] of one group (stored from 0, HOLE where there is none), lanes = units × items; where all
    raters say "not applicable"; where a blank, an abstention or an unreadable mark blocks the result."""

    group: str
    name: str
    seats: Seats
    marks: Integers
    not_applicable: Flags
    blocked: Flags


@dataclass(frozen=True)
class Stack:
    """Items with one gathering (or a node that gathers each rater's joined value): a stored integer plus ``offset`` is
    a value over ``den``. near: the values were rounded down to that, and this knows them exactly."""

    gathering: Gathering
    items: tuple[Item | Node, ...]
    den: int
    offset: int
    groups: tuple[GroupMarks, ...]
    near: Near | None = None


def stack_marks(table: MarkTable) -> tuple[Stack, ...]:
    """All items of the score sheets that are read mark by mark, one stack for each gathering."""
    kinds: dict[Gathering, list[Item]] = {}
    for item in table.items:
        if plain_reading(item) is None:
            continue
        kinds.setdefault(gathering_of(table.scheme, item), []).append(item)
    return tuple(_stack(table, gathering, tuple(items)) for gathering, items in kinds.items())


def _stack(table: MarkTable, gathering: Gathering, items: tuple[Item, ...]) -> Stack:
    index = [table.item_index[item.id] for item in items]
    whole = len(index) == len(table.items)
    codes = table.codes if whole else np.ascontiguousarray(table.codes[:, :, index])
    digits = [table.digits[i] for i in index]
    readings = [plain_reading(item) or DirectReading() for item in items]
    den = lcm(1, *(read_den(r, d) for r, d in zip(readings, digits, strict=True)))
    read = _read(readings, codes, digits, den)
    return laid_out(table, gathering, items, Read(read, den, codes, _unread(items, codes, read)))


@dataclass(frozen=True)
class Read:
    """Marks [rater, unit, item] as integers over den (FAR: no value), their codes, and where a mark cannot be read."""

    values: Integers
    den: int
    codes: Codes
    unread: Flags | None


def laid_out(table: MarkTable, gathering: Gathering, items: Sequence[Item | Node], read: Read) -> Stack:
    """Read marks as the groups take them."""
    values, codes = read.values, read.codes
    if gathering.blank == "zero":
        values[codes == STATE_CODES[MarkState.BLANK]] = 0
    if gathering.abstained == "zero":
        values[codes == STATE_CODES[MarkState.ABSTAINED]] = 0
    seats = {s.group.id: s for s in table.seats}
    stored, offset = _stored(values)
    groups = tuple(
        _group_marks(seats[group], stored, codes, gathering, read.unread)
        for group in groups_in(table.scheme, gathering)
    )
    return Stack(gathering, tuple(items), read.den, offset, groups)


def _unread(items: Sequence[Item], codes: Codes, read: Integers) -> Flags | None:
    """Marks that a table of bands does not take in: the item has no result there."""
    open_ended = [p for p, i in enumerate(items) if isinstance(i.reading, BandsReading) and _has_floor(i.reading)]
    if not open_ended:
        return None
    unread = np.zeros(codes.shape, dtype=np.bool_)
    part = codes[:, :, open_ended]
    unread[:, :, open_ended] = (part > NO_SHEET) & (read[:, :, open_ended] == FAR)
    return unread


def _has_floor(reading: BandsReading) -> bool:
    return all(band.minimum is not None for band in reading.bands)


def _read(readings: Sequence[Reading], codes: Codes, digits: Sequence[int], den: int) -> Integers:
    """All marks as integers over den, in the narrowest type that holds them."""
    alike: dict[object, list[int]] = {}
    for place, r in enumerate(readings):
        key = ("direct", r.factor, r.base, digits[place]) if isinstance(r, DirectReading) else (r, digits[place])
        alike.setdefault(key, []).append(place)
    if len(alike) == 1:
        return read_codes(readings[0], codes, digits[0], den)
    parts = [(read_codes(readings[p[0]], codes[:, :, p], digits[p[0]], den), p) for p in alike.values()]
    kind = object if any(part.dtype == object for part, _ in parts) else np.int64
    read = np.empty(codes.shape, dtype=kind)
    for part, places in parts:
        read[:, :, places] = part
    return read


def _stored(read: Integers) -> tuple[Integers, int]:
    """Values from 0 upwards in the narrowest type that holds them, holes as HOLE; and what was taken off."""
    below = np.asarray(read < 0, dtype=np.bool_)
    holes = np.asarray(read == FAR, dtype=np.bool_) if below.any() else below
    offset = 0
    if int(holes.sum()) != int(below.sum()):
        offset = int(read[below & ~holes].min())
    top = max(int(read.max(initial=0)) - offset, 0)
    fits = (top + abs(offset)) * max(len(read), 1) < SAFE  # so do the sums of a column
    kind = object if not fits else np.int32 if top < 2**31 - 8 else np.int64
    if offset or read.dtype == object:
        exact = read if read.dtype != object and max(top, -offset) < SAFE else read.astype(object)
        read = np.where(holes, 0, exact - offset)
    stored = read.astype(kind)
    stored[holes] = HOLE
    return stored, offset


def _group_marks(seats: Seats, read: Integers, codes: Codes, gathering: Gathering, unread: Flags | None) -> GroupMarks:
    rows, counting = seats.rows, seats.counting
    marks = read[rows]
    if not counting.all():
        marks[~counting] = HOLE
    lanes = codes.shape[1] * codes.shape[2]
    chosen = codes[rows]
    blocked = _blocked(chosen, counting, gathering)
    if unread is not None:
        blocked |= (unread[rows] & counting[:, :, None]).any(axis=0)
    return GroupMarks(
        seats.group.id,
        seats.group.name,
        seats,
        marks.reshape(len(rows), lanes),
        _all_not_applicable(chosen, counting).reshape(lanes),
        blocked.reshape(lanes),
    )


def _all_not_applicable(codes: Codes, counting: Flags) -> Flags:
    said = codes == STATE_CODES[MarkState.NOT_APPLICABLE]
    if not said.any():
        return np.zeros(codes.shape[1:], dtype=np.bool_)
    returned = (codes != NO_SHEET) & (codes != STATE_CODES[MarkState.RECUSED]) & counting[:, :, None]
    said &= counting[:, :, None]
    return np.asarray(returned.any(axis=0) & (returned == said).all(axis=0), dtype=np.bool_)


def _blocked(codes: Codes, counting: Flags, gathering: Gathering) -> Flags:
    blocked = np.zeros(codes.shape[1:], dtype=np.bool_)
    for policy, state in ((gathering.blank, MarkState.BLANK), (gathering.abstained, MarkState.ABSTAINED)):
        if policy == "block":
            blocked |= ((codes == STATE_CODES[state]) & counting[:, :, None]).any(axis=0)
    return blocked


def gather_group(stack: Stack, group: GroupMarks, rounding: Rounding | None) -> Gathered:
    """What one group has, in every lane of the stack."""
    counted, total, divisor = within_group(group.marks, stack.gathering.within, stack.offset)
    value = Exact(total, stack.den).divided(divisor, rounding)
    state = states_of(counted, group.not_applicable, group.blocked, stack.gathering.min_marks)
    gathered = Gathered(group.group, group.name, counted, divisor, value, state)
    if stack.near is None or rounding is None:
        return gathered
    return settled(stack, group, gathered, total, rounding)


def states_of(counted: Integers, not_applicable: Flags, blocked: Flags, min_marks: int) -> Integers:
    """Blocked before not applicable before missing."""
    state = np.where(counted < max(min_marks, 1), GroupState.MISSING, GroupState.VALUE).astype(np.int8)
    state[not_applicable] = GroupState.NOT_APPLICABLE
    state[blocked] = GroupState.BLOCKED
    return state
