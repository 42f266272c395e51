"""Marks as packed integers: packing what somebody wrote, reading single marks back, and saying them in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from app.domain.facts import MarkBlock
from app.domain.quantities import MARK_STATES, MarkState
from app.domain.schemes import Item, LevelsReading, Scheme, sheet_items
from app.scoring.parts import digits_of

# In the engine's own matrix: the lowest integers of an int32, and one more for "no sheet has come back".
LOWEST = -(2**31)
NO_SHEET = LOWEST + len(MARK_STATES)
STATE_CODES = {state: LOWEST + i for i, state in enumerate(MARK_STATES)}
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(/[1-9]\d*)?")
WORDS = {
    MarkState.BLANK: "空白",
    MarkState.ABSTAINED: "弃权",
    MarkState.NOT_APPLICABLE: "不适用",
    MarkState.RECUSED: "回避",
}
_STATES_BY_WORD = {**{word: state for state, word in WORDS.items()}, **{state.value: state for state in MARK_STATES}}

Written = Fraction | str


def encode(item: Item, written: Written, digits: int | None = None) -> int | None:
    """The integer of a written mark over 10^digits (none: the item's own); None when it cannot be one (unknown word, too many decimals)."""
    if isinstance(written, str):
        word = written.strip()
        if word in _STATES_BY_WORD:
            return STATE_CODES[_STATES_BY_WORD[word]]
        if isinstance(item.reading, LevelsReading):
            names = [level.id for level in item.reading.levels] + [level.name for level in item.reading.levels]
            return names.index(word) % len(item.reading.levels) if word in names else None
        if not _NUMBER.fullmatch(word):
            return None
        written = Fraction(word)
    if isinstance(item.reading, LevelsReading):
        return None
    scaled = written * 10 ** (digits_of(item) if digits is None else digits)
    return int(scaled) if scaled.denominator == 1 and abs(scaled) < 2**31 - 8 else None


def decode(item: Item, code: int, digits: int) -> Fraction | MarkState | str:
    """What the integer of one mark (over 10^digits) says: a number, a state, or a level's id."""
    if LOWEST <= code < NO_SHEET:
        return MARK_STATES[code - LOWEST]
    if isinstance(item.reading, LevelsReading):
        levels = item.reading.levels
        return levels[code].id if 0 <= code < len(levels) else MarkState.BLANK
    return Fraction(code, 10**digits)


def pack(
    scheme: Scheme, evaluator: str, marks: Mapping[str, Mapping[str, Written]], sheet: str = ""
) -> tuple[MarkBlock, tuple[tuple[str, str, Written], ...]]:
    """A block out of written marks (unit → item → mark), and those that cannot be marks (unit, item, written).

    The block has every sheet item of the scheme; what is left out is blank, what cannot be read is blank and listed.
    """
    items = sheet_items(scheme)
    refused: list[tuple[str, str, Written]] = []
    codes = np.full((len(marks), len(items)), STATE_CODES[MarkState.BLANK], dtype=np.int32)
    known = {item.id: (i, item) for i, item in enumerate(items)}
    for row, (unit, line) in enumerate(marks.items()):
        for name, written in line.items():
            code = encode(known[name][1], written) if name in known else None
            if code is None:
                refused.append((unit, name, written))
            else:
                codes[row, known[name][0]] = code
    block = MarkBlock(
        sheet=sheet or f"{scheme.id}-{evaluator}",
        evaluator=evaluator,
        scheme=scheme.id,
        units=tuple(marks),
        items=tuple(item.id for item in items),
        values=codes.astype("<i4").tobytes(),
        width=4,
        digits=tuple(digits_of(item) for item in items),
    )
    return block, tuple(refused)


def with_code(block: MarkBlock, unit: str, item: str, code: int, digits: int) -> MarkBlock:
    """The block with one mark written anew (over 10^digits); a unit or an item that it does not have is added, blank
    elsewhere."""
    units = block.units if unit in block.units else (*block.units, unit)
    items = block.items if item in block.items else (*block.items, item)
    codes = np.full((len(units), len(items)), STATE_CODES[MarkState.BLANK], dtype=np.int32)
    codes[: len(block.units), : len(block.items)] = codes_of(block)
    at = items.index(item)
    decimals = [*block.digits, *([digits] * (len(items) - len(block.items)))]
    if decimals[at] < digits:
        column = codes[:, at].astype(np.int64)
        codes[:, at] = np.where(column > NO_SHEET, column * 10 ** (digits - decimals[at]), column)
        decimals[at] = digits
    written = code if code <= NO_SHEET else code * 10 ** (decimals[at] - digits)
    codes[units.index(unit), at] = written
    values = codes.astype("<i4").tobytes()
    origin = block.origin if codes.shape == (len(block.units), len(block.items)) else None
    return replace(block, units=units, items=items, digits=tuple(decimals), values=values, width=4, origin=origin)


def codes_of(block: MarkBlock) -> NDArray[np.int32]:
    """The block as int32, one row per unit, its four states at the int32's lowest codes."""
    narrow = np.frombuffer(block.values, dtype="<i2" if block.width == 2 else "<i4")
    codes = narrow.astype(np.int32).reshape(len(block.units), len(block.items))
    if block.width == 2:
        lowest = -(2**15)
        states = codes < lowest + len(MARK_STATES)
        codes[states] += LOWEST - lowest
    return codes
