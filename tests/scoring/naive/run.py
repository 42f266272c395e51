"""From schemes and facts to plain dictionaries of results."""

from __future__ import annotations

from fractions import Fraction

from app.domain.facts import Facts
from app.domain.quantities import MARK_STATES, MarkState
from app.domain.schemes import Applies, items_of
from tests.scoring.naive.arithmetic import NA, NONE, has_value, mean, rounded, within_limits
from tests.scoring.naive.common_measure import normalised
from tests.scoring.naive.items import item_before
from tests.scoring.naive.members import assessed, fits, in_order, partition
from tests.scoring.naive.outcome import field_outcome
from tests.scoring.naive.ranking import fields, ranks_of_field
from tests.scoring.naive.readings import View, condition_holds
from tests.scoring.naive.sheets import node_from_marks
from tests.scoring.naive.tree import full, join
from tests.scoring.naive.validity import ballot_is_valid, sheet_is_void

WORDS = {
    "空白": MarkState.BLANK,
    "弃权": MarkState.ABSTAINED,
    "不适用": MarkState.NOT_APPLICABLE,
    "回避": MarkState.RECUSED,
    **{str(state): state for state in MarkState},
}


class World:
    """Schemes, facts, marks by (scheme, evaluator, unit, item), the lines (scheme, evaluator, unit) of the sheets that
    came back, and what has been computed so far."""

    def __init__(self, schemes, facts, marks, returned):
        self.schemes = {s.id: s for s in schemes}
        self.facts = facts
        self.marks = marks
        self.returned = returned
        self.known = {}

    def once(self, key, compute):
        if key not in self.known:
            self.known[key] = compute()
        return self.known[key]

    # what there is

    def scheme(self, id):
        return self.schemes[id]

    def units(self, scheme):
        return self.once(
            ("units", scheme.id), lambda: [u for u in in_order(self.facts.units) if u.level == scheme.level]
        )

    def unit(self, code):
        return next(u for u in self.facts.units if u.code == code)

    def item(self, scheme, id):
        return next(p for p in parts(scheme) if p.id == id)

    def items_below(self, node):
        return [p for p in below(node) if p.kind == "item"]

    def sheet_items(self, scheme):
        return [p for p in parts(scheme) if p.kind == "item" and p.source.kind == "marks"]

    # who is concerned, what a reading sees

    def concerned(self, scheme, part, unit):
        """Whether the part, and every node above it, applies to the unit."""
        return self.once(
            ("concerned", scheme.id, part.id, unit.code),
            lambda: all(
                fits(p.applies_to, unit)
                and not any((x.scheme, x.unit, x.part) == (scheme.id, unit.code, p.id) for x in self.facts.exemptions)
                for p in path_to(scheme, part)
            ),
        )

    def view(self, scheme, part, unit, **more):
        def test(condition):
            return condition_holds(condition, lambda name: self.quantity(scheme, unit, name))

        return View(unit, full(part, unit), test, **more)

    def others(self, scheme, item, unit, value_of):
        """Within → the values of the units that take part, in the unit's group."""
        return lambda within: [
            v
            for other in self.units(scheme)
            if assessed(other) and partition(other, within) == partition(unit, within)
            if has_value(v := value_of(self, scheme, item, other))
        ]

    def void_sheet(self, scheme, evaluator):
        return self.once(("void", scheme.id, evaluator.code), lambda: sheet_is_void(self, scheme, evaluator))

    def valid_ballot(self, scheme, ballot, group):
        return ballot_is_valid(self, scheme, ballot, group)

    # quantities

    def quantity(self, scheme, unit, name):
        """Any quantity that may be named."""
        if name in ("rank", "rank_from_last") or name.startswith("rank:"):
            rank = self.ranks(scheme)[name].get(unit.code)
            return NONE if rank is None else Fraction(rank)
        if name.startswith("before:"):
            return self.before(scheme, unit, self.item(scheme, name.removeprefix("before:")))
        if name == "total":
            return self.part(scheme, unit, scheme.tree)
        if name == "zero_items":
            return Fraction(sum(1 for i in core_items(scheme.tree) if self.part(scheme, unit, i) == 0))
        return self.part(scheme, unit, self.item(scheme, name))

    def before(self, scheme, unit, part):
        """The part's quantity within its limits, before its normalisation."""
        return self.once(("before", scheme.id, unit.code, part.id), lambda: self._before(scheme, unit, part))

    def _before(self, scheme, unit, part):
        if not self.concerned(scheme, part, unit):
            return NA
        if part.kind == "item":
            return item_before(self, scheme, part, unit)
        if part.gathering is not None:
            value = node_from_marks(self, scheme, part, unit)
        else:
            values = {child.id: self.part(scheme, unit, child) for child in part.children}
            value = join(part, unit, values, lambda child: self.series_mean(scheme, unit, child))
        return within_limits(value, part.limits, full(part, unit)) if has_value(value) else value

    def series_mean(self, scheme, unit, part):
        """The mean of the part's values in the unit's series, or among those it names (None: nobody has one)."""
        if part.mean_of == Applies():
            values = self.others(scheme, part, unit, lambda w, s, p, u: w.part(s, u, p))("series")
        else:
            there = [u for u in self.units(scheme) if assessed(u) and fits(part.mean_of, u)]
            values = [v for u in there if has_value(v := self.part(scheme, u, part))]
        return mean(values) if values else None

    def part(self, scheme, unit, part):
        """The part's quantity, as it counts above."""
        return self.once(("part", scheme.id, unit.code, part.id), lambda: self._part(scheme, unit, part))

    def _part(self, scheme, unit, part):
        value = self.before(scheme, unit, part)
        if has_value(value) and part.normalisation is not None:
            taking_part = [
                (u, v) for u in self.units(scheme) if assessed(u) and has_value(v := self.before(scheme, u, part))
            ]
            value = normalised(part.normalisation, unit, value, full(part, unit), taking_part)
        if not has_value(value):
            return value
        stage = scheme.rounding.item if part.kind == "item" else scheme.rounding.node
        value = rounded(value, part.rounding or stage)
        return rounded(value, scheme.rounding.total) if part.id == scheme.tree.id else value

    # what follows the totals

    def ranks(self, scheme):
        """Name of a rank quantity → code → number."""

        def compute():
            names = ["rank", "rank_from_last", *(f"rank:{name}" for name in scheme.ranking.also)]
            found = {name: {} for name in names}
            for units in fields(scheme, self.facts):
                for name, numbers in ranks_of_field(self, scheme, units).items():
                    found[name].update(numbers)
            return found

        return self.once(("ranks", scheme.id), compute)

    def outcome(self, scheme):
        """Ranks, grades and quotas of every field of the scheme."""
        return self.once(
            ("outcome", scheme.id), lambda: [field_outcome(self, scheme, units) for units in fields(scheme, self.facts)]
        )

    def grades(self, scheme, unit):
        return next(o["grades"][unit.code] for o in self.outcome(scheme) if unit.code in o["grades"])


def below(part):
    """The part and everything under it."""
    return [part] + [p for c in getattr(part, "children", ()) for p in below(c)]


def parts(scheme):
    return below(scheme.tree) + list(scheme.measures)


def path_to(scheme, part):
    """The part and the nodes above it."""
    return [p for p in parts(scheme) if any(q.id == part.id for q in below(p))]


def core_items(part):
    """Items of the tree that are not on top."""
    if part.kind == "item":
        return [part]
    return [i for c in part.children if not c.on_top for i in core_items(c)]


def naive_results(schemes, facts):
    """Scheme id → units and fields, as plain values (see ``_scheme_result``)."""
    returned = {(b.scheme, b.evaluator, unit) for b in facts.blocks for unit in b.units}
    return _results(World(schemes, facts, unpacked(schemes, facts), returned))


def naive_case(case):
    """The same for a case document, without the packed blocks in between."""
    names = [n for n in Facts.__slots__ if n != "blocks"]
    returned = {(line.scheme, line.evaluator, line.unit) for line in case.marks}
    return _results(World(case.schemes, Facts(**{n: getattr(case, n) for n in names}), written(case), returned))


def _results(world):
    return {s.id: _scheme_result(world, s) for s in world.schemes.values()}


def _scheme_result(world, scheme):
    """units: code → total, shown, parts (with before: and rank: quantities), rank, shared, grades; fields: the
    smallest code of each field → its order and quota lines."""
    units, found = {}, {}
    ranks = world.ranks(scheme)
    for field in world.outcome(scheme):
        found[min(field["order"])] = {"order": field["order"], "quotas": field["quotas"]}
        keys = list(field["keys"].values())
        for code, grades in field["grades"].items():
            unit = world.unit(code)
            total = world.part(scheme, unit, scheme.tree)
            names = [
                *[p.id for p in parts(scheme)],
                *[f"before:{p.id}" for p in parts(scheme) if p.normalisation is not None],
                *[f"rank:{name}" for name in scheme.ranking.also if code in ranks[f"rank:{name}"]],
            ]
            units[code] = {
                "total": total,
                "shown": rounded(total, scheme.rounding.shown) if has_value(total) else None,
                "parts": {name: world.quantity(scheme, unit, name) for name in names},
                "zero_items": world.quantity(scheme, unit, "zero_items"),
                "rank_from_last": world.quantity(scheme, unit, "rank_from_last"),
                "rank": ranks["rank"].get(code),
                "shared": code in field["keys"] and keys.count(field["keys"][code]) > 1,
                "grades": grades,
            }
    return {"units": units, "fields": found}


def unpacked(schemes, facts):
    """Marks out of the packed blocks."""
    items = {(s.id, i.id): i for s in schemes for i in items_of(s)}
    marks = {}
    for block in facts.blocks:
        lowest = -(2 ** (8 * block.width - 1))
        cells = [(u, n) for u in block.units for n in range(len(block.items))]
        for place, (unit, column) in enumerate(cells):
            raw = block.values[place * block.width : (place + 1) * block.width]
            number = int.from_bytes(raw, "little", signed=True)
            item = items[(block.scheme, block.items[column])]
            if number < lowest + 4:
                mark = MARK_STATES[number - lowest]
            elif item.reading.kind == "levels":
                mark = item.reading.levels[number].id
            else:
                mark = Fraction(number, 10 ** block.digits[column])
            marks[(block.scheme, block.evaluator, unit, item.id)] = mark
    return marks


def written(case):
    """Marks as the case writes them."""
    items = {(s.id, i.id): i for s in case.schemes for i in items_of(s)}
    marks = {}
    for line in case.marks:
        for name, mark in line.marks.items():
            if isinstance(mark, str):
                levels = getattr(items[(line.scheme, name)].reading, "levels", ())
                named = [one.id for one in levels if mark in (one.id, one.name)]
                mark = named[0] if named else WORDS[mark] if mark in WORDS else Fraction(mark)
            marks[(line.scheme, line.evaluator, line.unit, name)] = mark
    return marks
