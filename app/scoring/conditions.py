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
    found: Reach = []
    for grade in board.scheme.ladder.grades:
        reached = _reach_line(board, grade.line)
        for condition in grade.conditions:
            reached = reached & holds(board, condition, fields)
        found.append(reached.tolist())
    return found


def _looked_at(board: Board, column: Column) -> Column:
    return shown(board, column) if board.scheme.ladder.on == "shown" else column


def _reach_line(board: Board, line: Fraction | None) -> NDArray[np.bool_]:
    if line is None:
        return board.total.valued()
    below = _looked_at(board, board.total).exact.less(line)
    return ~below if board.total.state is None else board.total.valued() & ~below


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
