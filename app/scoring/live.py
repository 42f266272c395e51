"""What-if: one mark or one rule changed, and everything after it again, without gathering what has not changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from app.domain.facts import Facts, MarkBlock
from app.domain.quantities import MarkState, State
from app.domain.schemes import BEFORE, BandsReading, Item, Node, Part, Scheme
from app.scoring.board import Board
from app.scoring.columns import Column
from app.scoring.entangled import crosses, named_by, reads_by_conditions, refers, resting_on
from app.scoring.exact import Exact
from app.scoring.gather import HOLE, Gathered, join_groups, within_group
from app.scoring.item_sources import Drawn, some_lanes
from app.scoring.item_work import ItemWork
from app.scoring.marks import NO_SHEET, STATE_CODES, encode, with_code
from app.scoring.outcome import Outcome
from app.scoring.shares import sharing_of
from app.scoring.sheet_validity import still_valid
from app.scoring.stacks import GroupMarks, Stack, states_of
from app.scoring.tables import FAR, plain_reading, read_codes

Written = tuple[str, str, str, int, int]  # evaluator, unit, item, packed mark over 10^digits

# What a column rests on besides its own part: when one of these changes, nothing can be kept.
_ROOTS = ("groups", "gathering", "rounding", "event_kinds", "year", "level", "voting", "validity")


class Live:
    """A board that may be changed again and again; it owns its marks, the facts it came from stay as they are."""

    def __init__(self, outcome: Outcome) -> None:
        old = outcome.board
        board = Board(old.scheme, old.facts, old.membership, old.lower)
        self._share(old, board)
        board.columns, board.works = dict(old.columns), dict(old.works)
        board.normalised, board.node_works = dict(old.normalised), dict(old.node_works)
        stacks = tuple(replace(s, groups=tuple(replace(g, marks=g.marks.copy()) for g in s.groups)) for s in old.stacks)
        table = replace(old.table, codes=old.table.codes.copy())
        board.__dict__.update(table=table, stacks=stacks, marked=dict(old.marked))
        self.outcome = Outcome(board, old.facts.decisions)
        self._written: list[Written] = []

    def reschemed(self, scheme: Scheme) -> Outcome:
        """The outcome under a changed scheme (the same document with other points, weights, lines, …)."""
        old = self.outcome.board
        board = Board(scheme, self._facts(old.facts), old.membership, old.lower)
        judged_alike = not scheme.validity or _papers_alike(old, board)
        if judged_alike and all(getattr(scheme, name) == getattr(old.scheme, name) for name in _ROOTS):
            changed = [name for name, part in board.parts.items() if old.parts.get(name) is not part]
            self._share(old, board)
            _share_ties(old, board, changed)
            self._keep_columns(old, board, changed)
        self.outcome = Outcome(board, old.facts.decisions)
        return self.outcome

    def _share(self, old: Board, board: Board) -> None:
        for name in ("events", "office_marks", "exemptions"):
            board.__dict__[name] = getattr(old, name)
        if old.scheme.level == board.scheme.level and old.scheme.ranking.within == board.scheme.ranking.within:
            board.__dict__["entrants"] = old.entrants
        if _sheet_alike(old, board):
            plain = {i.id for stack in old.stacks for i in stack.items}
            marked = {name: drawn for name, drawn in old.marked.items() if name in plain}
            board.__dict__.update(table=old.table, stacks=old.stacks, marked=marked)

    def _keep_columns(self, old: Board, board: Board, changed: Sequence[str]) -> None:
        """What parts came to whose value no change touches."""
        anew = {n for n in changed if n not in old.parts or not _same_value(old.parts[n], board.parts[n])}
        anew |= board.referring
        kept = [name for name in board.parts if name not in anew]
        alike = old.all_concerned and board.all_concerned
        for name in kept:
            if name in old.columns and (
                alike or old.not_concerned(old.parts[name]) == board.not_concerned(board.parts[name])
            ):
                board.columns[name] = old.columns[name]
        board.works.update((n, old.works[n]) for n in kept if n in old.works)
        board.node_works.update((n, old.node_works[n]) for n in kept if n in old.node_works)
        board.normalised.update((n, old.normalised[n]) for n in kept if n in old.normalised)

    def _facts(self, facts: Facts) -> Facts:
        """The facts with the marks as they have been changed."""
        if not self._written:
            return facts
        scheme = self.outcome.board.scheme.id
        blocks = {b.evaluator: b for b in facts.blocks if b.scheme == scheme}
        for evaluator, unit, item, code, digits in self._written:
            sheet = f"{scheme}-{evaluator}"
            empty = MarkBlock(
                sheet=sheet, evaluator=evaluator, scheme=scheme, units=(), items=(), values=b"", width=4, digits=()
            )
            blocks[evaluator] = with_code(blocks.get(evaluator, empty), unit, item, code, digits)
        self._written = []
        return replace(facts, blocks=(*(b for b in facts.blocks if b.scheme != scheme), *blocks.values()))

    # ---- one mark

    def remarked(self, evaluator: str, unit: str, item: str, written: Fraction | str) -> Outcome:
        """The outcome with another mark. Raises KeyError for an unknown evaluator, unit or item, ValueError for a
        mark that cannot be one."""
        board = self.outcome.board
        part = board.parts[item]
        if not isinstance(part, Item):
            raise KeyError(item)
        column = board.table.item_index[item]
        code = encode(part, written, board.table.digits[column])
        if code is None:
            raise ValueError(f"“{written}”不能作为“{part.name}”的分数")
        row = board.table.row_of[evaluator]
        place = board.place[unit]
        self._written.append((evaluator, unit, item, code, board.table.digits[column]))
        on_sheet = board.table.codes[row, place, column] != NO_SHEET
        board.table.codes[row, place, column] = code
        if not on_sheet or not still_valid(board.table, board.ground, row):
            return self._again(board, table_too=True)  # the table itself changes: rows that were not there, or void
        if plain_reading(part) is None:
            self._unread(board, part)
        elif not self._replaced_in_stack(board, part, row, place, code):
            return self._again(board)
        resting = resting_on(part.id, board.naming, board.above, board.scheme.tree.id)
        for name in resting:
            other = board.parts[name]
            if isinstance(other, Item) and reads_by_conditions(other):
                self._unread(board, other)
        self._carry_up(board, part, place, resting)
        self.outcome = Outcome(board, board.facts.decisions)
        return self.outcome

    def _unread(self, board: Board, item: Item) -> None:
        """The item's marks are read anew."""
        board.marked.pop(item.id, None)
        self._forget(board, item.id)

    def _replaced_in_stack(self, board: Board, part: Item, row: int, place: int, code: int) -> bool:
        """Puts the mark where the groups read it, and gathers the unit anew; False when this cannot be done alone."""
        stack, column = next((s, i) for s in board.stacks for i, one in enumerate(s.items) if one.id == part.id)
        lane = place * len(stack.items) + column
        stored = self._stored(stack, part, code, board.table.digits[board.table.item_index[part.id]])
        if stored is None:
            return False
        touched: set[int] = set()
        for number, group in enumerate(stack.groups):
            at = np.flatnonzero(group.seats.rows == row)
            if at.size and group.seats.counting[at[0], place]:
                if group.not_applicable[lane] or group.blocked[lane]:
                    return False  # perhaps by the very mark that is gone now
                group.marks[at[0], lane] = stored
                touched.add(number)
        self._replace_lane(board, stack, part, place, lane, touched)
        return True

    def _stored(self, stack: Stack, item: Item, code: int, digits: int) -> int | None:
        """The mark as the stack stores it; None when this stack cannot hold it and must be built anew."""
        reading, codes = plain_reading(item) or item.reading, np.array([code], dtype=np.int32)
        read = int(read_codes(reading, codes, digits, stack.den)[0])
        if read == FAR:
            return HOLE if self._merely_left_out(stack, item, code) else None
        value = read - stack.offset
        return value if 0 <= value < 2**31 - 8 else None

    def _merely_left_out(self, stack: Stack, item: Item, code: int) -> bool:
        """Whether a mark without a value changes nothing but the number of values."""
        if code > NO_SHEET:
            return not isinstance(item.reading, BandsReading)
        if code in (STATE_CODES[MarkState.NOT_APPLICABLE], STATE_CODES[MarkState.RECUSED]):
            return False
        return stack.gathering.blank == stack.gathering.abstained == "leave_out"

    def _again(self, board: Board, table_too: bool = False) -> Outcome:
        """Everything computed anew from the changed marks."""
        facts = self._facts(board.facts) if table_too else board.facts
        fresh = Board(board.scheme, facts, board.membership, board.lower)
        if not table_too:
            fresh.__dict__["table"] = board.table
        self.outcome = Outcome(fresh, board.facts.decisions)
        return self.outcome

    def _replace_lane(self, board: Board, stack: Stack, item: Item, place: int, lane: int, touched: set[int]) -> None:
        drawn = board.gathered_marks(item)
        own = drawn.groups
        groups = [
            _one_lane(stack, g, lane, board) if i in touched else some_lanes(own[i], slice(place, place + 1))
            for i, g in enumerate(stack.groups)
        ]
        value = join_groups(sharing_of(board.scheme, stack.gathering, board.units[place]), groups)
        gathered = _placed(drawn.column, place, value)
        groups_then = tuple(_merged(own[i], g, place) if i in touched else own[i] for i, g in enumerate(groups))
        board.marked[item.id] = Drawn(gathered, groups_then)
        anew = refers(item) or crosses(item) or item.id not in board.columns
        if anew or item.conversion is not None:
            self._forget(board, item.id)
            return
        if place not in board.not_concerned(item):
            final = _placed(board.columns[item.id], place, board.ended_at(item, value, place))
            board.works[item.id] = ItemWork(groups_then, None, gathered, gathered, final)
            self._put(board, item.id, final)

    def _carry_up(self, board: Board, item: Part, place: int, resting: frozenset[str]) -> None:
        """The change of one unit through every node above; what rests on it by naming it is computed anew."""
        for name in ("total", "zero_items", *resting):
            self._forget(board, name)
        anew = item.id not in board.columns
        above = board.above.get(item.id)
        while above is not None:
            anew = anew or crosses(above) or above.id not in board.columns
            if anew:
                self._forget(board, above.id)
            elif place not in board.not_concerned(above):
                own = board.own(above, place)
                if not isinstance(own, Node):
                    raise TypeError(own.kind)
                one = board.join(own, [_one_unit(board.column(c.id), place) for c in above.children])
                self._put(board, above.id, _placed(board.columns[above.id], place, board.ended_at(above, one, place)))
            above = board.above.get(above.id)

    def _put(self, board: Board, name: str, column: Column) -> None:
        """The column of a part that is not normalised: before normalisation it is the same."""
        board.columns[name] = column
        board.columns.pop(BEFORE + name, None)

    def _forget(self, board: Board, name: str) -> None:
        """The column is computed anew when it is next asked for."""
        board.columns.pop(name, None)
        board.columns.pop(BEFORE + name, None)


def _one_lane(stack: Stack, group: GroupMarks, lane: int, board: Board) -> Gathered:
    part = slice(lane, lane + 1)
    counted, total, divisor = within_group(group.marks[:, part], stack.gathering.within, stack.offset)
    value = Exact(total, stack.den).divided(divisor, board.scheme.rounding.group)
    state = states_of(counted, group.not_applicable[part], group.blocked[part], stack.gathering.min_marks)
    return Gathered(group.group, group.name, counted, divisor, value, state)


def _merged(old: Gathered, new: Gathered, place: int) -> Gathered:
    counted, used, state = old.counted.copy(), old.used.copy(), old.state.copy()
    counted[place], used[place], state[place] = new.counted[0], new.used[0], new.state[0]
    value = old.value.placed(slice(place, place + 1), new.value)
    return Gathered(old.group, old.name, counted, used, value, state)


def _share_ties(old: Board, board: Board, changed: Sequence[str]) -> None:
    """Which parts rest on others, as long as no change touches that: asking a hundred parts takes longer than the
    change itself."""
    if len(old.parts) != len(board.parts) or any(n not in old.parts for n in changed):
        return
    pairs = [(old.parts[n], board.parts[n]) for n in changed]
    if any(_children(before) != _children(part) for before, part in pairs):
        return
    if all(named_by(before) == named_by(part) for before, part in pairs):
        board.__dict__.update({n: old.__dict__[n] for n in ("referring", "naming") if n in old.__dict__})
    if "all_concerned" in old.__dict__ and all(before.applies_to == part.applies_to for before, part in pairs):
        board.__dict__["all_concerned"] = old.all_concerned


def _children(part: Part) -> list[str] | None:
    return [c.id for c in part.children] if isinstance(part, Node) else None


def _one_unit(column: Column, place: int) -> Column:
    """The column of one unit alone."""
    num = column.exact.num[place : place + 1]
    exact = Exact(num, column.exact.den, abs(int(num[0])))
    if column.state is None or column.state[place] == State.VALUE:
        return Column(exact)
    return Column(exact, column.state[place : place + 1], {0: column.reasons.get(place, "")})


def _placed(column: Column, place: int, one: Column) -> Column:
    """The column with another quantity at one place."""
    exact = column.exact.placed(slice(place, place + 1), one.exact)
    if column.state is None and one.state is None:
        return Column(exact)
    reasons = {i: r for i, r in column.reasons.items() if i != place}
    state = column.states().copy()
    state[place] = one.states()[0]
    if state[place] != State.VALUE:
        reasons[place] = one.reasons.get(0, "")
    return Column(exact, state if state.any() else None, reasons)


def _same_value(before: Part, part: Part) -> bool:
    """Whether both come to the same value: what they weigh in the part above is not theirs."""
    return before is part or before == part or replace(before, weight=part.weight) == part


def _papers_alike(old: Board, board: Board) -> bool:
    """Whether the rules of validity, which read all marks of a sheet or ballot together, see the same as before."""
    if old.parts.keys() != board.parts.keys() or {n: p.id for n, p in old.above.items()} != {
        n: p.id for n, p in board.above.items()
    }:
        return False
    return all(
        type(before) is type(part)
        and (before.applies_to == part.applies_to if isinstance(part, Node) else _same_value(before, part))
        for name, part in board.parts.items()
        if (before := old.parts[name]) is not part
    ) and [*old.parts] == [*board.parts]


def _sheet_alike(old: Board, board: Board) -> bool:
    """Whether the score sheets' items read and gather as before."""
    names = [i.id for i in old.table.items]
    if len(names) != sum(1 for p in board.parts.values() if isinstance(p, Item) and p.source.kind == "marks"):
        return False
    return all(name in board.parts and _read_alike(old.parts[name], board.parts[name]) for name in names)


def _read_alike(before: Part, part: Part) -> bool:
    """Whether both read and gather their marks in the same way."""
    if before is part:
        return True
    if not isinstance(before, Item) or not isinstance(part, Item):
        return False
    same = (part.source, part.reading, part.gathering) == (before.source, before.reading, before.gathering)
    return same and plain_reading(part) == plain_reading(before)
