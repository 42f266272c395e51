"""Packed blocks of marks as integer grids of one common form, and single marks as the texts people write."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.facts import MarkBlock
from app.domain.quantities import MARK_STATES, MarkState, number_text
from app.domain.sheets import MARK_WORDS, FormItem
from app.scoring.marks import LOWEST, NO_SHEET, STATE_CODES, codes_of

Grid = NDArray[np.int64]

BLANK = STATE_CODES[MarkState.BLANK]
RECUSED = STATE_CODES[MarkState.RECUSED]
_STATE_TEXTS = {
    MarkState.BLANK: "",
    MarkState.ABSTAINED: "弃权",
    MarkState.NOT_APPLICABLE: "不适用",
    MarkState.RECUSED: "回避",
}


def unpack(block: MarkBlock) -> Grid:
    """The block as units × items; a mark is integer ÷ 10^digits of its item, the four states lie below NO_SHEET."""
    return codes_of(block).astype(np.int64)


def are_marks(grid: Grid) -> NDArray[np.bool_]:
    """Where something was given: a number or a level."""
    return grid >= NO_SHEET


def is_mark(value: int) -> bool:
    """Whether one value of a grid is a number or a level."""
    return value >= NO_SHEET


def width_of(*grids: Grid) -> Literal[2, 4]:
    """Bytes per mark with which every mark of these grids can be packed."""
    for grid in grids:
        marks = grid[are_marks(grid)]
        if marks.size and (marks.min() < -(1 << 15) + len(MARK_STATES) or marks.max() >= 1 << 15):
            return 4
    return 2


def pack(grid: Grid, width: Literal[2, 4]) -> bytes:
    """The packed bytes; a mark must fit into the width."""
    low = -(1 << (8 * width - 1))
    return np.where(are_marks(grid), grid, grid - LOWEST + low).astype(f"<i{width}").tobytes()


def packed_mark(value: int, width: Literal[2, 4]) -> int:
    """One mark of a grid as the integer that stands in a packed block."""
    return value if is_mark(value) else value - LOWEST - (1 << (8 * width - 1))


def scaled(grid: Grid, digits: tuple[int, ...], wanted: tuple[int, ...]) -> Grid:
    """The same marks with more decimals per item; states stay what they are."""
    if digits == wanted:
        return grid
    factors = np.array([10 ** (w - d) for d, w in zip(digits, wanted, strict=True)], dtype=np.int64)
    return np.where(are_marks(grid), grid * factors, grid)


def mark_text(value: int, digits: int, levels: tuple[str, ...]) -> str:
    """A mark as one would write it: ``87.5``, the name of the level, ``弃权``; blank is empty."""
    if not is_mark(value):
        return _STATE_TEXTS[MARK_STATES[value - LOWEST]]
    if levels:
        return levels[value] if 0 <= value < len(levels) else str(value)
    whole, rest = divmod(abs(value), 10**digits)
    places = str(rest).rjust(digits, "0").rstrip("0") if digits else ""
    return f"{'-' if value < 0 else ''}{whole}{'.' if places else ''}{places}"


def mark_number(text: str, digits: int, levels: tuple[str, ...]) -> int:
    """The mark that ``mark_text`` has written so. Raises ValueError for anything else."""
    for state, word in _STATE_TEXTS.items():
        if text == word and text not in levels:
            return STATE_CODES[state]
    if levels:
        return levels.index(text)
    scaled_up = Fraction(text) * 10**digits
    if scaled_up.denominator != 1:
        raise ValueError(text)
    return scaled_up.numerator


def parse_mark(text: str, item: FormItem) -> int | str:
    """A typed mark as the integer of the grid, or a Chinese sentence that says why it cannot stand there."""
    typed = text.strip()
    if not typed:
        return BLANK
    for word, state in MARK_WORDS:
        if typed.lower() == word and not any(typed in (level.id, level.name) for level in item.levels):
            return STATE_CODES[state]
    if item.levels:
        for index, level in enumerate(item.levels):
            if typed in (level.name, level.id):
                return index
        return f"“{typed}”不是可选的等级；可选：{'、'.join(level.name for level in item.levels)}。"
    return _parse_number(typed, item)


def _parse_number(typed: str, item: FormItem) -> int | str:
    plain = typed.removesuffix("分").strip()
    if len(plain) > 30 or not plain.lstrip("+-").replace(".", "", 1).isdecimal():
        return f"“{typed}”不是数字。"
    value = Fraction(plain)
    problem = _range_problem(value, item)
    if problem:
        return problem
    whole = value * 10**item.digits
    return whole.numerator if whole.denominator == 1 else f"{typed} 的小数超过 {item.digits} 位。"


def _range_problem(value: Fraction, item: FormItem) -> str:
    if item.allowed:
        return "" if value in item.allowed else f"只能填 {'、'.join(number_text(a) for a in item.allowed)}。"
    if item.minimum is not None and value < item.minimum:
        return f"{number_text(value)} 低于最低分 {number_text(item.minimum)}。"
    if item.maximum is not None and value > item.maximum:
        return f"{number_text(value)} 高于最高分 {number_text(item.maximum)}。"
    if item.step is not None and ((value - (item.minimum or 0)) / item.step).denominator != 1:
        return f"{number_text(value)} 不合步长 {number_text(item.step)}。"
    return ""
