"""The ladder: who reaches which grade by lines and conditions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from app.domain.schemes import Condition, is_rank
from app.scoring.board import Board
from app.scoring.columns import Column
from app.scoring.exact import Exact
from app.scoring.ranking import Field, shown

Reach = list[list[bool]]  # [grade][unit]


def reaches(board: Board, fields: Sequence[Field]) -> Reach:
    """[grade][unit]: the total reaches the grade's line and all its conditions hold."""
    return [
        (_reach_line(board, grade.line) & _hold_all(board, grade.conditions, fields)).tolist()
        for grade in board.scheme.ladder.grades
    ]


def _looked_at(board: Board, column: Column) -> Column:
    return shown(board, column) if board.scheme.ladder.on == "shown" else column


def _reach_line(board: Board, line: Fraction | None) -> NDArray[np.bool_]:
    valued = board.total.valued()
    return valued if line is None else valued & ~_looked_at(board, board.total).exact.less(line)


def _hold_all(board: Board, conditions: Sequence[Condition], fields: Sequence[Field]) -> NDArray[np.bool_]:
    result = np.ones(len(board.units), dtype=np.bool_)
    for condition in conditions:
        result &= holds(board, condition, fields)
    return result


def condition_column(board: Board, quantity: str, fields: Sequence[Field]) -> Column:
    """The column that a condition looks at; ranks are one too."""
    if not is_rank(quantity):
        return _looked_at(board, board.column(quantity))
    ranks = {p: r for f in fields for p, r in f.ranks_by(quantity).items() if r is not None}
    numbers = np.array([ranks.get(p, 0) for p in range(len(board.units))], dtype=np.int64)
    state = np.array([0 if p in ranks else 1 for p in range(len(board.units))], dtype=np.int8)
    return Column(Exact(numbers, 1), state)


def holds(board: Board, condition: Condition, fields: Sequence[Field]) -> NDArray[np.bool_]:
    """Where a condition or one of its alternatives holds; never where the quantity has no value."""
    result = _meets(board, condition, fields)
    for other in condition.alternatives:
        result = result | holds(board, other, fields)
    return result


def _meets(board: Board, condition: Condition, fields: Sequence[Field]) -> NDArray[np.bool_]:
    column = condition_column(board, condition.quantity, fields)
    less, greater = column.exact.less(condition.value), column.exact.greater(condition.value)
    outcome = {
        ">=": ~less,
        ">": greater,
        "<=": ~greater,
        "<": less,
        "=": ~less & ~greater,
        "!=": less | greater,
    }[condition.test]
    return column.valued() & outcome
