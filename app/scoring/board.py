"""One scheme over its units: every part's column, computed once and kept, with what the explanation needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from app.domain.facts import Event, Facts, OfficeMark, Unit, VoteSession
from app.domain.findings import Finding
from app.domain.quantities import Quantity, State
from app.domain.schemes import (
    Applies,
    EventsSource,
    Item,
    MarksSource,
    Node,
    OfficeSource,
    Part,
    QuantitySource,
    ResultsSource,
    Rounding,
    Scheme,
    VotesSource,
    walk,
)
from app.scoring.columns import Column
from app.scoring.events import EventTally, tally_events
from app.scoring.exact import Exact
from app.scoring.gather import Gathered, join_groups
from app.scoring.membership import Membership, groups_of
from app.scoring.parts import OPEN_STATES, concerns, counted_items, limited
from app.scoring.readings import converted
from app.scoring.sources import gather_few, office_quantity
from app.scoring.stacks import Stack, gather_group, gathering_of, shares_of, stack_marks, states_of
from app.scoring.tables import MarkTable, build_table
from app.scoring.tree import Join, join_columns, plan_join
from app.scoring.votes import VoteTally, standing_sessions, tally_votes

Lanes = tuple[Sequence[Gathered], slice]  # groups, and which of their lanes are one item's units
EVERYBODY = Applies()
NO_GROUPS: Lanes = ((), slice(None))


@dataclass(frozen=True, slots=True)
class ItemWork:
    """What an item went through: its groups (and which lanes of theirs are its units), the gathered value, the
    converted one, the final one."""

    grouped: Sequence[Gathered]
    lanes: slice
    gathered: Column
    converted: Column
    final: Column

    @property
    def groups(self) -> tuple[Gathered, ...]:
        """The groups, one lane for each unit."""
        return tuple(some_lanes(g, self.lanes) for g in self.grouped)


class Board:
    """Columns of one scheme. ``lower``: the boards of the schemes below, by id, already graded."""

    def __init__(self, scheme: Scheme, facts: Facts, membership: Membership, lower: Mapping[str, LowerResults]) -> None:
        self.scheme = scheme
        self.facts = facts
        self.units: tuple[Unit, ...] = tuple(membership.units_of(scheme.level))
        self.place = {u.code: i for i, u in enumerate(self.units)}
        self.lower = lower
        self.membership = membership
        self.parts: dict[str, Part] = {p.id: p for p in [*walk(scheme.tree), *scheme.measures]}
        self.columns: dict[str, Column] = {}
        self.works: dict[str, ItemWork] = {}
        self.findings: list[Finding] = []  # what the sources of the level as a whole have to say
        self._open: set[str] = set()
        self._plans: dict[tuple[str, tuple[State, ...]], Join] = {}

    # ---- what was told, by unit

    @cached_property
    def table(self) -> MarkTable:
        """The marks of the score sheets."""
        return build_table(self.scheme, self.facts, self.units, self.membership)

    @cached_property
    def stacks(self) -> tuple[Stack, ...]:
        """The marks as the groups read them."""
        return stack_marks(self.table)

    @cached_property
    def events(self) -> dict[str, list[Event]]:
        """Events of each unit."""
        found: dict[str, list[Event]] = {}
        for event in sorted(self.facts.events, key=lambda e: e.id):
            found.setdefault(event.unit, []).append(event)
        return found

    @cached_property
    def sessions(self) -> dict[str, list[VoteSession]]:
        """Standing vote sessions of each group."""
        found: dict[str, list[VoteSession]] = {}
        for session in standing_sessions([s for s in self.facts.sessions if s.scheme == self.scheme.id]):
            found.setdefault(session.group, []).append(session)
        return found

    @cached_property
    def office_marks(self) -> dict[tuple[str, str], OfficeMark]:
        """Values set by the office: (unit, item) → mark."""
        return {(m.unit, m.item): m for m in self.facts.office_marks if m.scheme == self.scheme.id}

    @cached_property
    def exemptions(self) -> dict[str, dict[int, str]]:
        """Parts that do not concern a unit: part → unit's place → reason."""
        found: dict[str, dict[int, str]] = {}
        for e in self.facts.exemptions:
            if e.scheme == self.scheme.id and e.unit in self.place:
                found.setdefault(e.part, {})[self.place[e.unit]] = e.reason
        return found

    # ---- columns

    @property
    def total(self) -> Column:
        """The root's value after the rounding of the total."""
        return self.column("total")

    def column(self, quantity: str) -> Column:
        """The column of a part, a measure, ``total`` or ``zero_items``."""
        if quantity not in self.columns:
            if quantity in self._open:
                return self._nothing("循环引用，无法计算")
            self._open.add(quantity)
            try:
                self.columns[quantity] = self._computed(quantity)
            finally:
                self._open.discard(quantity)
        return self.columns[quantity]

    def _computed(self, quantity: str) -> Column:
        if quantity == "total":
            return self.column(self.scheme.tree.id)
        if quantity == "zero_items":
            return self._zero_items()
        part = self.parts.get(quantity)
        if part is None:
            return self._nothing(f"没有“{quantity}”这个量")
        column = self._node(part) if isinstance(part, Node) else self._item(part)
        if self.all_concerned:
            return column
        return column.without(self.not_concerned(part), State.NOT_APPLICABLE)

    def _nothing(self, reason: str) -> Column:
        return Column.of([Quantity.no_result(reason)] * len(self.units))

    def _node(self, node: Node) -> Column:
        return self.joined(node, [self.column(c.id) for c in node.children])

    def joined(self, node: Node, children: Sequence[Column]) -> Column:
        """The node's column out of its children's, after limits and rounding."""
        joined = join_columns(node, children, lambda s: self.plan(node, s))
        rounding = node.rounding or self.scheme.rounding.node
        last = self.scheme.rounding.total if node is self.scheme.tree else None
        return joined.mapped(lambda e: limited(e, node).rounded(rounding).rounded(last))

    def plan(self, node: Node, states: tuple[State, ...]) -> Join:
        """How the node joins children in these states."""
        key = (node.id, states)
        if key not in self._plans:
            self._plans[key] = plan_join(node, states)
        return self._plans[key]

    def _item(self, item: Item) -> Column:
        (groups, lanes), gathered = self._gathered(item)
        changed, final = self.finished(item, gathered)
        self.works[item.id] = ItemWork(groups, lanes, gathered, changed, final)
        return final

    def finished(self, item: Item, gathered: Column) -> tuple[Column, Column]:
        """A gathered column after the conversion, and after limits and rounding."""
        changed = gathered
        if item.conversion is not None:
            changed = Column.of([converted(gathered.quantity(i), item.conversion) for i in range(gathered.count)])
        return changed, changed.mapped(lambda e: limited(e, item).rounded(self.item_rounding(item)))

    def item_rounding(self, item: Item) -> Rounding | None:
        """The item's own rounding or the scheme's."""
        return item.rounding or self.scheme.rounding.item

    def not_concerned(self, part: Part) -> dict[int, str]:
        """Units that the part, or a part above it, does not concern."""
        above = self.above.get(part.id)
        found = dict(self.not_concerned(above)) if above is not None else {}
        if part.applies_to != EVERYBODY:
            outside = f"“{part.name}”不适用于该单位"
            found.update({i: outside for i, u in enumerate(self.units) if not concerns(part.applies_to, u)})
        found.update(self.exemptions.get(part.id, {}))
        return found

    @cached_property
    def all_concerned(self) -> bool:
        """Whether every part concerns every unit."""
        return not self.exemptions and all(p.applies_to == EVERYBODY for p in self.parts.values())

    @cached_property
    def referring(self) -> frozenset[str]:
        """Parts whose value rests on another quantity of the scheme, and everything above such parts."""
        found = {p.id for p in self.parts.values() if isinstance(p, Item) and isinstance(p.source, QuantitySource)}
        for name in tuple(found):
            above = self.above.get(name)
            while above is not None:
                found.add(above.id)
                above = self.above.get(above.id)
        return frozenset(found)

    @cached_property
    def above(self) -> dict[str, Node]:
        """The node above each part of the tree."""
        return {c.id: p for p in walk(self.scheme.tree) if isinstance(p, Node) for c in p.children}

    def _zero_items(self) -> Column:
        zeros = np.zeros(len(self.units), np.int64)
        for item in counted_items(self.scheme.tree):
            column = self.column(item.id)
            zeros = zeros + np.asarray((column.exact.num == 0) & column.valued(), dtype=np.int64)
        return Column(Exact(zeros, 1))

    # ---- gathering by source

    def _gathered(self, item: Item) -> tuple[Lanes, Column]:
        source = item.source
        if isinstance(source, MarksSource):
            return self._marks(item)
        if isinstance(source, VotesSource):
            return self._votes(item, source)
        if isinstance(source, QuantitySource):
            below = self.column(source.quantity)
            return NO_GROUPS, Column.of([converted(below.quantity(i), item.reading) for i in range(below.count)])
        if isinstance(source, EventsSource):
            return NO_GROUPS, self._event_column(item, source)
        if isinstance(source, OfficeSource):
            marks = self.office_marks
            return NO_GROUPS, Column.of([office_quantity(item, marks.get((u.code, item.id))) for u in self.units])
        return NO_GROUPS, Column.of([self.children_quantity(item, source, u) for u in self.units])

    def _event_column(self, item: Item, source: EventsSource) -> Column:
        none = tally_events(item, source, {}, [], self.scheme.year).quantity
        struck = self.events
        return Column.of([self.events_of(item, source, u).quantity if u.code in struck else none for u in self.units])

    def events_of(self, item: Item, source: EventsSource, unit: Unit) -> EventTally:
        """The tally of one unit's events under an item."""
        kinds = {k.id: k for k in self.scheme.event_kinds}
        return tally_events(item, source, kinds, self.events.get(unit.code, []), self.scheme.year)

    def children_values(self, item: Item, source: ResultsSource, unit: Unit) -> list[tuple[Unit, Quantity]]:
        """Each assessed child's quantity as the item takes it."""
        results = self.lower.get(source.scheme)
        if results is None:
            return []
        return [(child, results.quantity(child, source)) for child in results.below(unit.code, source)]

    def children_quantity(self, item: Item, source: ResultsSource, unit: Unit) -> Quantity:
        """One unit's value out of its children's."""
        values = self.children_values(item, source, unit)
        if not values:
            return Quantity.not_applicable("没有参评的下级单位")
        found: list[Fraction] = []
        for child, quantity in values:
            if quantity.state is State.NO_RESULT:
                return Quantity.no_result(f"下级“{child.name}”没有结果")
            read = converted(quantity, item.reading)
            if read.state is State.NO_RESULT:
                return Quantity.no_result(f"下级“{child.name}”：{read.reason}")
            if read.value is not None:
                found.append(read.value)
        if not found:
            return Quantity.not_applicable("下级单位均不适用")
        return Quantity.of(gather_few(found, gathering_of(self.scheme, item).within))

    def _votes(self, item: Item, source: VotesSource) -> tuple[Lanes, Column]:
        gathering = gathering_of(self.scheme, item)
        names = {g.id: g.name for g in groups_of(self.scheme)}
        groups: list[Gathered] = []
        for share in shares_of(self.scheme, gathering):
            tallies = [self.votes_of(item, source, share.group, u) for u in self.units]
            counted = np.array([t.denominator if t.value is not None else 0 for t in tallies], dtype=np.int64)
            none = np.zeros(len(tallies), dtype=np.bool_)
            value = Exact.of([t.value if t.value is not None else Fraction(0) for t in tallies])
            state = states_of(counted, none, none, 1)
            groups.append(
                Gathered(share, names[share.group], counted, counted, value.rounded(self.scheme.rounding.group), state)
            )
        return (tuple(groups), slice(None)), join_groups(gathering, groups)

    def votes_of(self, item: Item, source: VotesSource, group: str, unit: Unit) -> VoteTally:
        """The ballots of one group for one unit."""
        return tally_votes(item, source, self.sessions.get(group, []), unit.code)

    def _marks(self, item: Item) -> tuple[Lanes, Column]:
        if item.id not in self.marked:
            self._gather_stacks()
        return self.marked[item.id]

    @cached_property
    def marked(self) -> dict[str, tuple[Lanes, Column]]:
        """Items of the score sheets after the gathering, as far as they are gathered."""
        return {}

    def _gather_stacks(self) -> None:
        for stack in self.stacks:
            groups = [gather_group(stack, g, self.scheme.rounding.group) for g in stack.groups]
            column = join_groups(stack.gathering, groups)
            for place, item in enumerate(stack.items):
                self.marked[item.id] = (
                    (groups, slice(place, None, len(stack.items))),
                    _column_lane(column, place, len(stack.items)),
                )


def some_lanes(group: Gathered, part: slice) -> Gathered:
    """Some lanes of a group."""
    return Gathered(
        group.share,
        group.name,
        group.counted[part],
        group.used[part],
        Exact(group.value.num[part], group.value.den),
        group.state[part],
    )


def _column_lane(column: Column, place: int, width: int) -> Column:
    exact = Exact(column.exact.num[place::width], column.exact.den, column.exact.peak)
    if column.state is None:
        return Column(exact)
    state = column.state[place::width]
    if not state.any():
        return Column(exact)
    reasons = {int(i): column.reasons[int(i) * width + place] for i in np.flatnonzero(state)}
    return Column(exact, state, reasons)


class LowerResults:
    """What a scheme above asks of a finished board: its units by parent, their quantities, ranks and grades."""

    def __init__(self, board: Board, grades: Mapping[str, str], ranks: Mapping[str, int]) -> None:
        self.board = board
        self.grades = grades
        self.ranks = ranks

    def below(self, parent: str, source: ResultsSource) -> list[Unit]:
        """Assessed children in official order that have what is asked for."""
        found = [u for u in self.board.units if u.parent == parent and u.participation in OPEN_STATES]
        return [u for u in found if self.quantity(u, source).state is not State.NOT_APPLICABLE]

    def quantity(self, unit: Unit, source: ResultsSource) -> Quantity:
        """The child's quantity: a column's, its rank, or 100 and 0 for a grade inside and outside the named ones."""
        if source.quantity == "grade":
            grade = self.grades.get(unit.code)
            return Quantity.of(100 if grade in source.grades else 0) if grade else Quantity.not_applicable("没有等次")
        if source.quantity == "rank":
            rank = self.ranks.get(unit.code)
            return Quantity.of(rank) if rank else Quantity.not_applicable("没有名次")
        return self.board.column(source.quantity).quantity(self.board.place[unit.code])
