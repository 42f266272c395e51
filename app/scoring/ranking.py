"""Ranking inside series or another partition: exact keys, shared ranks, a chain of further quantities for ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.schemes import RANK_OF, Ranking, TieBreak
from app.scoring.board import Board
from app.scoring.columns import Column
from app.scoring.partitions import Entrants

Key = tuple[int, ...]
Ranks = dict[int, int | None]


@dataclass(frozen=True, slots=True)
class Field:
    """One ranking: places of its units. ``ranked`` best first; ``keys``: equal keys are equal units; ``ranks``:
    rank of a ranked unit (none when the style gives none); ``also``: ranks by further quantities; ``apart``: graded
    without rank; ``others``: neither. ``taking_part``: units that take part, with a total or not."""

    name: str
    ranked: tuple[int, ...]
    keys: dict[int, Key]
    ranks: Ranks
    style: str
    also: dict[str, Ranks]
    apart: tuple[int, ...]
    others: tuple[int, ...]
    taking_part: tuple[int, ...]

    def shared(self, unit: int) -> bool:
        """True when another unit has the same key."""
        key = self.keys.get(unit)
        return key is not None and sum(1 for k in self.keys.values() if k == key) > 1

    def ranks_by(self, quantity: str) -> Ranks:
        """``rank``, ``rank_from_last`` or ``rank:ID`` of the field's units."""
        if quantity.startswith(RANK_OF):
            return self.also.get(quantity.removeprefix(RANK_OF), {})
        return _ranks(self.ranked[::-1], self.keys, self.style) if quantity == "rank_from_last" else self.ranks


def rank_fields(board: Board) -> tuple[Field, ...]:
    """Every field of a scheme, in the official order of its first unit."""
    rule = board.scheme.ranking
    keys = _all_keys(board, rule)
    valued = None if board.total.state is None else board.total.valued().tolist()
    return tuple(_field(board, rule, those, keys, valued) for those in board.entrants)


def _all_keys(board: Board, rule: Ranking) -> list[Key]:
    total = shown(board, board.total) if rule.on == "shown" else board.total
    columns = [total.exact.keys()]
    for tie in rule.ties:
        columns.extend(_tie_keys(board, tie))
    return list(zip(*columns, strict=True))


def shown(board: Board, column: Column) -> Column:
    """The column as it is shown."""
    return column.mapped(lambda e: e.rounded(board.scheme.rounding.shown))


def _tie_keys(board: Board, tie: TieBreak) -> list[list[int]]:
    """Units without a value come after those with one."""
    column = board.column(tie.quantity)
    sign = 1 if tie.order == "higher" else -1
    has = [int(v) for v in column.valued()]
    return [has, [sign * key * h for key, h in zip(column.exact.keys(), has, strict=True)]]


def _field(board: Board, rule: Ranking, those: Entrants, keys: Sequence[Key], valued: list[bool] | None) -> Field:
    """``valued``: which units have a total (none: all of them)."""
    in_rank, apart = those.ranked, those.apart
    if valued is not None:
        in_rank, apart = tuple(p for p in in_rank if valued[p]), tuple(p for p in apart if valued[p])
    graded = {*in_rank, *apart}
    others = () if len(graded) == len(those.places) else tuple(p for p in those.places if p not in graded)
    ranked = sorted(in_rank, key=keys.__getitem__, reverse=True)  # stable: equals stay in official order
    own = {p: keys[p] for p in ranked}
    also = {quantity: _also(board, rule, quantity, ranked) for quantity in rule.also}
    ranks = _ranks(ranked, own, rule.style)
    return Field(those.name, tuple(ranked), own, ranks, rule.style, also, apart, others, those.taking_part)


def _also(board: Board, rule: Ranking, quantity: str, ranked: Sequence[int]) -> Ranks:
    """Only units that are ranked by their totals are, and of these such as have a value."""
    column = board.column(quantity)
    valued, numbers = column.valued(), column.exact.keys()
    own = {p: (numbers[p],) for p in ranked if valued[p]}
    return _ranks(sorted(own, key=lambda p: own[p], reverse=True), own, rule.style)


def _ranks(ranked: Sequence[int], keys: Mapping[int, Key], style: str) -> Ranks:
    if style == "none":
        return dict.fromkeys(ranked)
    ranks: Ranks = {}
    number, before = 0, None
    for position, place in enumerate(ranked, 1):
        key = keys[place]
        if key != before:
            number, before = (number + 1 if style == "dense" else position), key
        ranks[place] = number
    return ranks
