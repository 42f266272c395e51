"""From schemes and facts to plain dictionaries of results."""

from __future__ import annotations

from fractions import Fraction

from app.domain.facts import Facts
from app.domain.quantities import MARK_STATES, MarkState
from app.domain.schemes import items_of
from tests.scoring.naive.arithmetic import NA, NONE, has_value, rounded
from tests.scoring.naive.items import item_value
from tests.scoring.naive.ladder import field_outcome, fields
from tests.scoring.naive.tree import concerns, node_value

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
        self.values = {}
        self.ranks = {}
        self.outcomes = {}

    def scheme(self, id):
        return self.schemes[id]

    def quantity(self, scheme, unit, name):
        """Any quantity that may be named."""
        if name == "total":
            return self.part(scheme, unit, scheme.tree)
        if name == "rank":
            if scheme.id not in self.outcomes and (scheme.id, unit.code) not in self.ranks:
                self.outcome(scheme)
            rank = self.ranks.get((scheme.id, unit.code))
            return NONE if rank is None else Fraction(rank)
        if name == "zero_items":
            return Fraction(sum(1 for i in core_items(scheme.tree) if self.part(scheme, unit, i) == 0))
        return self.part(scheme, unit, next(p for p in parts(scheme) if p.id == name))

    def part(self, scheme, unit, part):
        """The quantity of one part for one unit."""
        key = (scheme.id, unit.code, part.id)
        if key not in self.values:
            self.values[key] = self._compute(scheme, unit, part)
        return self.values[key]

    def _compute(self, scheme, unit, part):
        if not all(concerns(self, scheme, p, unit) for p in path_to(scheme, part)):
            return NA
        if part.kind == "item":
            return item_value(self, scheme, part, unit)
        value = node_value(scheme, part, lambda child: self.part(scheme, unit, child))
        if part.id == scheme.tree.id and has_value(value):
            value = rounded(value, scheme.rounding.total)
        return value

    def outcome(self, scheme):
        """Ranks, grades and quotas of every field of the scheme."""
        if scheme.id not in self.outcomes:
            self.outcomes[scheme.id] = {}
            for name, units in fields(scheme, self.facts).items():
                self.outcomes[scheme.id][name] = field_outcome(self, scheme, units)
        return self.outcomes[scheme.id]

    def grades(self, scheme, unit):
        return next(o["grades"][unit.code] for o in self.outcome(scheme).values() if unit.code in o["grades"])


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
    names = ("units", "evaluators", "assignments", "sessions", "events", "office_marks", "exemptions", "decisions")
    returned = {(line.scheme, line.evaluator, line.unit) for line in case.marks}
    return _results(World(case.schemes, Facts(**{n: getattr(case, n) for n in names}), written(case), returned))


def _results(world):
    return {s.id: _scheme_result(world, s) for s in world.schemes.values()}


def _scheme_result(world, scheme):
    units = {}
    for field in world.outcome(scheme).values():
        for code, grades in field["grades"].items():
            unit = next(u for u in world.facts.units if u.code == code)
            total = world.part(scheme, unit, scheme.tree)
            rank, shared = field["ranks"].get(code, (None, False))
            units[code] = {
                "total": total,
                "shown": rounded(total, scheme.rounding.shown) if has_value(total) else None,
                "parts": {p.id: world.part(scheme, unit, p) for p in parts(scheme)},
                "zero_items": world.quantity(scheme, unit, "zero_items"),
                "rank": rank,
                "shared": shared,
                "grades": grades,
            }
    fields_ = {n: {"order": f["order"], "quotas": f["quotas"]} for n, f in world.outcome(scheme).items()}
    return {"units": units, "fields": fields_}


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
