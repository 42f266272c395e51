"""What stands in for a part that does not apply when the node above takes the mean of the series, or of others."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from app.domain.quantities import State
from app.domain.schemes import Node, Part
from app.scoring.columns import Column
from app.scoring.exact import Exact
from app.scoring.parts import EVERYBODY, concerns, takes_part

if TYPE_CHECKING:
    from app.scoring.board import Board


def series_means(board: Board, part: Part) -> dict[int, Fraction]:
    """Unit's place → mean of the part's final value among the units that take part: of its series, or of those that
    the part names."""
    column = board.column(part.id)
    values: dict[str, list[Fraction]] = {}
    valued = column.valued()
    own = part.mean_of == EVERYBODY
    for place, unit in enumerate(board.units):
        if valued[place] and takes_part(unit) and (own or concerns(part.mean_of, unit)):
            values.setdefault(unit.series if own else "", []).append(column.exact.at(place))
    means = {name: sum(found, Fraction(0)) / len(found) for name, found in values.items()}
    return {i: means[name] for i, u in enumerate(board.units) if (name := u.series if own else "") in means}


def with_stand_ins(board: Board, child: Part, column: Column) -> Column:
    """The child's column as the node above joins it: where it is not applicable, the mean of the series."""
    if child.not_applicable != "series_mean" or column.state is None:
        return column
    fills = {i: f for i, f in series_means(board, child).items() if column.state[i] == State.NOT_APPLICABLE}
    if not fills:
        return column
    exact = column.exact.placed(np.array(list(fills), dtype=np.int64), Exact.of(list(fills.values())))
    return Column(exact, column.state, column.reasons)


def without_stand_ins(board: Board, node: Node, column: Column) -> Column:
    """No result where a stand-in is wanted and nobody has a value to take the mean of."""
    means_used = [c for c in node.children if c.not_applicable == "series_mean" and not c.on_top]
    if not means_used:
        return column
    valued, lost = column.valued(), dict[int, str]()
    for child in means_used:
        gone = board.column(child.id).states() == State.NOT_APPLICABLE
        means = series_means(board, child) if gone.any() else {}
        for place in np.flatnonzero(gone & valued).tolist():
            if place not in means:
                whose = "同系列" if child.mean_of == EVERYBODY else "方案所指的单位里"
                lost[place] = f"“{child.name}”不适用，{whose}没有可取平均的单位"
    return column.without(lost, State.NO_RESULT)
