"""Nodes that gather after joining (先合后汇): every evaluator's own value of the node first, then the gathering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.domain.quantities import MarkState, State
from app.domain.schemes import Gathering, Item, MarksSource, Node, Part
from app.scoring.columns import Column
from app.scoring.exact import Exact, Integers
from app.scoring.item_sources import Drawn, stack_columns
from app.scoring.marks import NO_SHEET, STATE_CODES
from app.scoring.sheet_readings import SheetReader
from app.scoring.stacks import Read, Stack, laid_out
from app.scoring.tables import FAR, Codes, Flags, plain_reading, read_codes, read_den

if TYPE_CHECKING:
    from app.scoring.board import Board

_JOINED, _LEFT_OUT = 0, 1  # codes of a rater's value that was joined, and of one that does not count


@dataclass(frozen=True, slots=True)
class NodeWork:
    """What a node went through: each evaluator's own value (rows of the table × units, flat), the stack made of them,
    its groups and the gathered column."""

    own: Column
    stack: Stack
    drawn: Drawn

    @property
    def gathered(self) -> Column:
        """The node's column before limits."""
        return self.drawn.column


def node_work(board: Board, node: Node, gathering: Gathering) -> NodeWork:
    """Joins every evaluator's marks below the node, and gathers what comes out."""
    raters = _Raters(board, node, gathering)
    own = raters.joined(node)
    stack = raters.stack(own)
    return NodeWork(own, stack, stack_columns(board, stack)[0])


class _Raters:
    """All evaluators × units at once, as columns of lanes (row by row)."""

    def __init__(self, board: Board, node: Node, gathering: Gathering) -> None:
        self.board = board
        self.node = node
        self.gathering = gathering
        table = board.table
        self.rows, self.units = int(table.codes.shape[0]), int(table.codes.shape[1])
        self.items = [p for p in _below(node) if isinstance(p, Item) and isinstance(p.source, MarksSource)]
        self.codes: Codes = table.codes[:, :, [table.item_index[i.id] for i in self.items]]
        nowhere = np.zeros((self.rows, self.units), dtype=np.bool_)
        self.blocked, self.unread, self.left_out, self.recused = (nowhere.copy() for _ in range(4))

    def joined(self, node: Node) -> Column:
        """The node's value by each evaluator, without limits and rounding."""
        children = [self.joined(c) if isinstance(c, Node) else self._item(c) for c in node.children]
        if len(self.board.classes) == 1:
            own = self.board.own(node, 0)
            column = self.board.join(own if isinstance(own, Node) else node, children)
        else:
            column = Column.merged(self.rows * self.units, [self._class(node, c, children) for c in self._lanes()])
        return column if node is self.node else self._concerned(node, column)

    def _lanes(self) -> list[tuple[Integers, dict[str, Part]]]:
        """The lanes of each class of units, and the parts as they are there."""
        found: list[tuple[Integers, dict[str, Part]]] = []
        everywhere: Integers = np.arange(self.units)
        for units in self.board.classes:
            where: Integers = everywhere if units.where is None else units.where
            found.append(((np.arange(self.rows)[:, None] * self.units + where).ravel(), units.parts))
        return found

    def _class(
        self, node: Node, lanes: tuple[Integers, dict[str, Part]], children: Sequence[Column]
    ) -> tuple[Integers, Column]:
        own = lanes[1][node.id]
        return lanes[0], self.board.join(own if isinstance(own, Node) else node, [c.take(lanes[0]) for c in children])

    def _concerned(self, part: Part, column: Column) -> Column:
        outside = self.board.not_concerned(part)
        if not outside:
            return column
        states = column.states().copy().reshape(self.rows, self.units)
        states[:, list(outside)] = State.NOT_APPLICABLE
        return Column(column.exact, states.ravel())  # joining asks for no reasons

    # ---- one item

    def _item(self, item: Item) -> Column:
        place = [i.id for i in self.items].index(item.id)
        codes = self.codes[:, :, place]
        values, den, unread = self._read(item, codes)
        meant = np.ones(codes.shape, dtype=np.bool_)
        meant[:, list(self.board.not_concerned(item))] = False
        for policy, state in ((self.gathering.blank, MarkState.BLANK), (self.gathering.abstained, MarkState.ABSTAINED)):
            said = meant & (codes == STATE_CODES[state])
            if policy == "zero":
                values[said] = 0
            elif policy == "block":
                self.blocked |= said
            else:
                self.left_out |= said
        self.recused |= meant & (codes == STATE_CODES[MarkState.RECUSED])
        self.left_out |= meant & (codes > NO_SHEET) & (values == FAR) & ~unread
        self.unread |= meant & unread
        states = np.where(values == FAR, State.NO_RESULT, State.VALUE).astype(np.int8)
        states[codes == STATE_CODES[MarkState.NOT_APPLICABLE]] = State.NOT_APPLICABLE
        exact = Exact(np.where(values == FAR, 0, values).ravel(), den)
        flat = states.ravel()
        return self._concerned(item, Column(exact, flat if flat.any() else None))

    def _read(self, item: Item, codes: Codes) -> tuple[Integers, int, Flags]:
        table = self.board.table
        plain, digits = plain_reading(item), table.digits[table.item_index[item.id]]
        if plain is not None:
            den = read_den(plain, digits)
            values = read_codes(plain, codes, digits, den)
            unread = (codes > NO_SHEET) & (values == FAR)
            return values, den, unread if plain.kind == "bands" else np.zeros_like(unread)
        values, den = SheetReader(self.board, item).integers()
        return values, den, (codes > NO_SHEET) & np.asarray(values == FAR, dtype=np.bool_)

    # ---- as marks of the node

    def stack(self, own: Column) -> Stack:
        """The evaluators' values as if each were one mark."""
        states = own.states().reshape(self.rows, self.units)
        codes = np.where(states == State.VALUE, _JOINED, _LEFT_OUT).astype(np.int32)
        codes[states == State.NOT_APPLICABLE] = STATE_CODES[MarkState.NOT_APPLICABLE]
        codes[self.recused] = STATE_CODES[MarkState.RECUSED]
        codes[(self.codes == NO_SHEET).all(axis=2)] = NO_SHEET
        values = own.exact.num.reshape(self.rows, self.units).copy()
        values[codes != _JOINED] = FAR
        blocked = (self.blocked | (self.unread & ~self.left_out)) & ~self.recused
        read = Read(values[:, :, None], own.exact.den, codes[:, :, None], blocked[:, :, None])
        return laid_out(self.board.table, self.gathering, (self.node,), read)


def _below(part: Part) -> list[Part]:
    return [p for c in part.children for p in (c, *_below(c))] if isinstance(part, Node) else []
