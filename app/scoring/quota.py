"""The ladder: who reaches which grade, and how ceiling quotas hand the places out, with the ties on the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from app.domain.results import QuotaLine
from app.domain.schemes import Condition, Quota, Rounding, RoundingMode
from app.scoring.board import Board
from app.scoring.columns import Column
from app.scoring.exact import Exact
from app.scoring.ranking import Field, base_count, shown
from app.scoring.rounding import round_value
from app.scoring.wording import exact_text

Reach = list[list[bool]]  # [grade][unit]
_QUOTA_MODES: dict[str, RoundingMode] = {"half_up": "half_up", "floor": "down", "ceiling": "up"}


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
    if quantity != "rank":
        return _looked_at(board, board.column(quantity))
    ranks = {p: r for f in fields for p, r in f.ranks.items() if r is not None}
    numbers = np.array([ranks.get(p, 0) for p in range(len(board.units))], dtype=np.int64)
    state = np.array([0 if p in ranks else 1 for p in range(len(board.units))], dtype=np.int8)
    return Column(Exact(numbers, 1), state)


def holds(board: Board, condition: Condition, fields: Sequence[Field]) -> NDArray[np.bool_]:
    """Where a condition holds; never where its quantity has no value."""
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


# ---- places


@dataclass
class Allocation:
    """The grades of one field (indexes into the ladder): given, waiting for a decision, and how the quotas went."""

    given: dict[int, int] = field(default_factory=dict[int, int])
    pending: dict[int, int] = field(default_factory=dict[int, int])
    drafts: list[Callable[[], QuotaLine]] = field(default_factory=list[Callable[[], QuotaLine]])

    @cached_property
    def lines(self) -> list[QuotaLine]:
        """How each quota was used; put into words only when somebody asks."""
        return [draft() for draft in self.drafts]


def allocate(board: Board, the_field: Field, reach: Reach, ceilings: Mapping[int, int]) -> Allocation:
    """From the best grade down: candidates in order of rank until the places are taken.

    ceilings: unit → best grade index it may still get.
    """
    result = Allocation()
    grades = board.scheme.ladder.grades
    for index, grade in enumerate(grades):
        last = index == len(grades) - 1
        candidates = [
            p
            for p in the_field.ranked
            if p not in result.given and ceilings.get(p, 0) <= index and (last or reach[index][p])
        ]
        if grade.quota is None or last:
            result.given.update(dict.fromkeys(candidates, index))
        else:
            _hand_out(board, the_field, reach, index, grade.quota, candidates, result)
    for place in the_field.apart:
        result.given[place] = next(
            (i for i in range(len(grades)) if reach[i][place] and ceilings.get(place, 0) <= i), len(grades) - 1
        )
    return result


def _hand_out(
    board: Board,
    the_field: Field,
    reach: Reach,
    index: int,
    quota: Quota,
    candidates: Sequence[int],
    result: Allocation,
) -> None:
    eligible = sum(1 for p in the_field.ranked if reach[index][p])
    base = base_count(the_field, quota.base, eligible)
    places = quota_places(quota, base)
    if quota.with_above:
        places = max(0, places - sum(1 for p in the_field.ranked if result.given.get(p, index) < index))
    inside, tied = _cut(candidates, the_field, places)
    taken = inside + (tied if quota.ties == "all_in" else [])
    result.given.update(dict.fromkeys(taken, index))
    if quota.ties == "decide":
        for p in tied:
            result.pending.setdefault(p, index)
    result.drafts.append(partial(_line, board, index, quota, base, places, taken, tied))


def quota_places(quota: Quota, base: int) -> int:
    """Number of places: a count, or share (percent) × base, rounded as stated; never below ``at_least``."""
    if quota.count is not None:
        return max(quota.count, quota.at_least)
    raw = (quota.share or Fraction(0)) * base / 100
    return max(int(round_value(raw, Rounding(digits=0, mode=_QUOTA_MODES[quota.rounding]))), quota.at_least)


def _cut(candidates: Sequence[int], the_field: Field, places: int) -> tuple[list[int], list[int]]:
    """Those surely inside, and those equal to each other on both sides of the line."""
    if len(candidates) <= places:
        return list(candidates), []
    if places <= 0:
        return [], []
    last, first_out = the_field.keys[candidates[places - 1]], the_field.keys[candidates[places]]
    if last != first_out:
        return list(candidates[:places]), []
    tied = [p for p in candidates if the_field.keys[p] == last]
    return [p for p in candidates[:places] if the_field.keys[p] != last], tied


def _line(
    board: Board, index: int, quota: Quota, base: int, places: int, taken: Sequence[int], tied: Sequence[int]
) -> QuotaLine:
    grade = board.scheme.ladder.grades[index]
    how = f"{quota.count} 个" if quota.count is not None else f"{exact_text(quota.share or Fraction(0))}% × {base}"
    mode = {"half_up": "四舍五入", "floor": "舍去尾数", "ceiling": "进一"}[quota.rounding]
    sentence = f"“{grade.name}”名额 {places} 个（{how}" + ("，" + mode if quota.count is None else "") + "）"
    sentence += f"，已用 {len(taken)} 个"
    if tied:
        names = "、".join(board.units[p].name for p in tied)
        policy = {"decide": "待人工决定", "all_in": "全部计入", "none_in": "均不计入"}[quota.ties]
        sentence += f"；线上并列：{names}，{policy}"
    return QuotaLine(
        grade=grade.id,
        places=places,
        base=base,
        taken=len(taken),
        tied=tuple(board.units[p].code for p in tied),
        vacant=max(0, places - len(taken)),
        line_total=board.total.exact.at(taken[-1]) if taken else None,
        sentence=sentence,
    )
