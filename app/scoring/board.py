"""One scheme over its units: every part's column, computed once and kept, with what the explanation needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from app.domain.facts import Event, Facts, OfficeMark, Unit
from app.domain.findings import Finding
from app.domain.quantities import Quantity, State
from app.domain.schemes import (
    BEFORE,
    EventKind,
    EventsSource,
    Item,
    Node,
    Part,
    ResultsSource,
    Rounding,
    Scheme,
    VotesSource,
    full_points,
    walk,
)
from app.scoring.columns import Column
from app.scoring.entangled import named_by, referring_parts
from app.scoring.events import EventTally, tally_events
from app.scoring.exact import Exact
from app.scoring.item_sources import Drawn, special_column, stack_columns, unread
from app.scoring.item_work import ItemWork, worked
from app.scoring.lower import LowerResults, OtherResults
from app.scoring.membership import Membership
from app.scoring.normalise import Normalised
from app.scoring.partitions import Entrants, entrants
from app.scoring.parts import EVERYBODY, concerns, counted_items, limited
from app.scoring.rater_nodes import NodeWork, node_work
from app.scoring.shares import gathering_of
from app.scoring.sheet_validity import void_sheet_findings, without_void_sheets
from app.scoring.stacks import Stack, stack_marks
from app.scoring.stand_ins import with_stand_ins, without_stand_ins
from app.scoring.tables import MarkTable, build_table
from app.scoring.tree import Join, join_columns, plan_join
from app.scoring.validity import Ground
from app.scoring.variants import UnitClass, unit_classes
from app.scoring.votes import VoteBook, VoteTally


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
        self.node_works: dict[str, NodeWork] = {}
        self.normalised: dict[str, Normalised] = {}
        self._open: set[str] = set()
        self._plans: dict[tuple[int, tuple[State, ...]], Join] = {}

    @cached_property
    def entrants(self) -> tuple[Entrants, ...]:
        """The units by the groups in which they are ranked."""
        return entrants(self.units, self.scheme.ranking.within)

    # ---- what was told, by unit

    @cached_property
    def table(self) -> MarkTable:
        """The marks of the score sheets that count."""
        return without_void_sheets(build_table(self.scheme, self.facts, self.units, self.membership), self.ground)

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
    def ground(self) -> Ground:
        """The units that ballots and sheets are about."""
        return Ground(self.units, lambda item, place: self.own(item, place).points, self.not_concerned)

    @cached_property
    def votes(self) -> VoteBook:
        """All votes under the scheme."""
        return VoteBook(self.scheme, self.facts, self.ground)

    @property
    def findings(self) -> list[Finding]:
        """What ballots and sheets as a whole have to say: votes that do not stand, what is void."""
        return [*self.votes.findings, *(void_sheet_findings(self.table) if self.scheme.validity else [])]

    @cached_property
    def office_marks(self) -> dict[tuple[str, str, str], OfficeMark]:
        """Values that were entered: (unit, item, period) → mark."""
        return {(m.unit, m.item, m.period): m for m in self.facts.office_marks if m.scheme == self.scheme.id}

    def office_mark(self, unit: Unit, item: Item, period: str | None) -> OfficeMark | None:
        """The entry for one unit and item, of one period if the item has periods."""
        return self.office_marks.get((unit.code, item.id, period or ""))

    @cached_property
    def exemptions(self) -> dict[str, dict[int, str]]:
        """Parts that do not concern a unit: part → unit's place → reason."""
        found: dict[str, dict[int, str]] = {}
        for e in self.facts.exemptions:
            if e.scheme == self.scheme.id and e.unit in self.place:
                found.setdefault(e.part, {})[self.place[e.unit]] = e.reason
        return found

    @cached_property
    def _other_results(self) -> dict[ResultsSource, OtherResults]:
        return {}

    def results_of(self, source: ResultsSource) -> OtherResults:
        """The results of other subjects or years that a source asks for."""
        if source not in self._other_results:
            lower = self.lower.get(source.scheme)
            self._other_results[source] = OtherResults(self.facts, self.scheme.year, source, lower)
        return self._other_results[source]

    # ---- classes of units

    @cached_property
    def classes(self) -> tuple[UnitClass, ...]:
        """The units by the points and weights that parts have for them."""
        return unit_classes(self.scheme, self.parts, self.units)

    @cached_property
    def _class_of(self) -> dict[int, UnitClass]:
        return {int(p): c for c in self.classes if c.where is not None for p in c.where}

    def own(self, part: Part, place: int) -> Part:
        """The part with the points and weights it has for one unit."""
        return self._class_of[place].parts[part.id] if self._class_of else part

    # ---- columns

    @property
    def total(self) -> Column:
        """The root's value after the rounding of the total."""
        return self.column("total")

    def column(self, quantity: str) -> Column:
        """The column of a part, a measure, ``total``, ``zero_items`` or ``before:ID``."""
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
        if quantity.startswith(BEFORE):
            return self._before(quantity.removeprefix(BEFORE))
        part = self.parts.get(quantity)
        if part is None:
            return self._nothing(f"没有“{quantity}”这个量")
        return self._node(part) if isinstance(part, Node) else self._item(part)

    def _nothing(self, reason: str) -> Column:
        return Column.of([Quantity.no_result(reason)] * len(self.units))

    def _before(self, name: str) -> Column:
        column = self.column(name)
        return self.normalised[name].before if name in self.normalised else column

    # ---- nodes

    def _node(self, node: Node) -> Column:
        if node.gathering is not None:
            self.node_works[node.id] = node_work(self, node, node.gathering)
            return self.ended(node, self.concerned(node, self.node_works[node.id].gathered))
        children = [self.column(c.id) for c in node.children]
        return self.ended(node, self.concerned(node, self._joined(node, children)))

    def _joined(self, node: Node, children: Sequence[Column]) -> Column:
        """The node's children joined, class by class, with stand-ins where a part takes the mean of its series."""
        children = [with_stand_ins(self, c, column) for c, column in zip(node.children, children, strict=True)]
        if not self._class_of:
            column = self.join(node, children)
        else:
            parts = [(c.where, self._join_class(c, node, children)) for c in self.classes]
            column = Column.merged(len(self.units), [(w, part) for w, part in parts if w is not None])
        return without_stand_ins(self, node, column)

    def _join_class(self, units: UnitClass, node: Node, children: Sequence[Column]) -> Column:
        own = units.parts[node.id]
        if units.where is None or not isinstance(own, Node):
            raise TypeError(own.kind)
        return self.join(own, [c.take(units.where) for c in children])

    def join(self, node: Node, children: Sequence[Column]) -> Column:
        """Children's columns (of any units, for which the node is as given) joined, before limits."""
        return join_columns(node, children, lambda s: self.plan(node, s))

    def plan(self, node: Node, states: tuple[State, ...]) -> Join:
        """How the node (as it is for a class of units) joins children in these states."""
        key = (id(node), states)
        if key not in self._plans:
            self._plans[key] = plan_join(node, states)
        return self._plans[key]

    # ---- items

    def _item(self, item: Item) -> Column:
        work = worked(self, item)
        self.works[item.id] = work
        return work.final

    def drawn_marks(self, item: Item) -> Drawn:
        """An item of the score sheets, gathered."""
        got = self.gathered_marks(item)
        return got if self.all_concerned else Drawn(self.concerned(item, got.column), got.grouped, got.lanes)

    def gathered_marks(self, item: Item) -> Drawn:
        """The same, for units too that the item does not concern."""
        if item.id not in self.marked:
            if any(i.id == item.id for stack in self.stacks for i in stack.items):
                for stack in self.stacks:
                    self.marked.update(zip((i.id for i in stack.items), stack_columns(self, stack), strict=True))
            else:
                self.marked[item.id] = special_column(self, item)
        return self.marked[item.id]

    @cached_property
    def marked(self) -> dict[str, Drawn]:
        """Items of the score sheets after the gathering, as far as they are gathered."""
        return {}

    def events_of(self, item: Item, source: EventsSource, unit: Unit) -> EventTally:
        """The tally of one unit's events under an item, before the item's reading."""
        own = self.own(item, self.place[unit.code])
        if own.id not in self._unread or self._class_of:
            self._unread[own.id] = unread(own if isinstance(own, Item) else item)
        return tally_events(self._unread[own.id], source, self._kinds, self.events.get(unit.code, []), self.scheme.year)

    @cached_property
    def _kinds(self) -> dict[str, EventKind]:
        return {k.id: k for k in self.scheme.event_kinds}

    @cached_property
    def _unread(self) -> dict[str, Item]:
        return {}

    def votes_of(self, item: Item, source: VotesSource, group: str, unit: Unit, period: str | None = None) -> VoteTally:
        """The ballots of one group for one unit."""
        within = gathering_of(self.scheme, item).within
        full = self.own(item, self.place[unit.code]).points
        return self.votes.tally(item, source, within, group, unit.code, full, period)

    # ---- the end of every part: limits, normalisation, rounding

    def ended(self, part: Part, column: Column) -> Column:
        """The part's column after limits, normalisation and rounding."""
        column = self._limited(part, column)
        if part.normalisation is not None:
            points = [full_points(self.own(part, i)) for i in range(len(self.units))]
            self.normalised[part.id] = Normalised(part.normalisation, self.units, column, points)
            column = self.normalised[part.id].after
        return self._rounded(part, column)

    def _limited(self, part: Part, column: Column) -> Column:
        if not self._class_of:
            return column.mapped(lambda e: limited(e, part))
        exact = column.exact
        for units in self.classes:
            if units.where is not None:
                exact = exact.placed(units.where, limited(column.exact.take(units.where), units.parts[part.id]))
        return Column(exact, column.state, column.reasons)

    def _rounded(self, part: Part, column: Column) -> Column:
        rounding = self.rounding_of(part)
        last = self.scheme.rounding.total if part.id == self.scheme.tree.id else None
        return column.mapped(lambda e: e.rounded(rounding).rounded(last)) if rounding or last else column

    def ended_at(self, part: Part, one: Column, place: int) -> Column:
        """The column of one unit alone after limits and rounding; the part looks at no other unit."""
        own = self.own(part, place)
        return self._rounded(part, one.mapped(lambda e: limited(e, own)))

    def rounding_of(self, part: Part) -> Rounding | None:
        """The part's own rounding or the scheme's for its kind."""
        return part.rounding or (self.scheme.rounding.node if isinstance(part, Node) else self.scheme.rounding.item)

    # ---- whom a part concerns

    def concerned(self, part: Part, column: Column) -> Column:
        """The column without the units that the part does not concern."""
        return column if self.all_concerned else column.without(self.not_concerned(part), State.NOT_APPLICABLE)

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
        return referring_parts(self.parts, self.above)

    @cached_property
    def naming(self) -> dict[str, frozenset[str]]:
        """The quantities that parts name, for the parts that name any."""
        return {n: named for n, part in self.parts.items() if (named := named_by(part))}

    @cached_property
    def above(self) -> dict[str, Node]:
        """The node above each part of the tree."""
        return {c.id: p for p in self.parts.values() if isinstance(p, Node) for c in p.children}

    def _zero_items(self) -> Column:
        zeros = np.zeros(len(self.units), np.int64)
        for item in counted_items(self.scheme.tree):
            column = self.column(item.id)
            zeros = zeros + np.asarray((column.exact.num == 0) & column.valued(), dtype=np.int64)
        return Column(Exact(zeros, 1))
