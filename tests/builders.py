"""One-line builders of schemes and facts, and whole random worlds: every setting of the language, small in size."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any, Literal

from hypothesis import strategies as st

from app.domain.facts import (
    Assignment,
    Decision,
    Evaluator,
    Event,
    Exemption,
    Facts,
    MarkBlock,
    OfficeMark,
    Unit,
    UnitRelation,
    VoteCount,
    VoteSession,
)
from app.domain.quantities import MARK_STATES, MarkState
from app.domain.schemes import (
    Adjustment,
    Applies,
    Band,
    BandsReading,
    ChildrenSource,
    Condition,
    DirectReading,
    EventKind,
    EventsSource,
    Gathering,
    Grade,
    Group,
    GroupShare,
    Item,
    Ladder,
    Level,
    LevelsReading,
    Limits,
    MarksSource,
    Node,
    OfficeSource,
    QuantitySource,
    Quota,
    Ranking,
    Rounding,
    RoundingStages,
    Scheme,
    Stacking,
    TieBreak,
    VotesSource,
    Within,
    full_points,
    items_of,
    sheet_items,
    walk,
)

# ---- one line each


def item(id: str, points: int | Fraction | None = 100, source: Any = None, **more: Any) -> Item:
    """An item of marks, unless another source is given."""
    full = None if points is None else Fraction(points)
    return Item(id=id, name=id, points=full, source=source or MarksSource(), **more)


def node(id: str, *children: Item | Node, **more: Any) -> Node:
    """A sum of its children, unless another join is given."""
    return Node(id=id, name=id, children=children, **more)


def ladder(*lines: int | Fraction | None, **more: Any) -> Ladder:
    """Grades g0, g1, … with these lines, and a lowest one without."""
    grades = [Grade(id=f"g{i}", name=f"第{i}档", line=None if x is None else Fraction(x)) for i, x in enumerate(lines)]
    return Ladder(grades=(*grades, Grade(id=f"g{len(lines)}", name="末档")), **more)


def scheme(*children: Item | Node, id: str = "s", level: str = "dept", **more: Any) -> Scheme:
    """A scheme for 2026 with these parts under its root."""
    more.setdefault("ladder", ladder(85))
    return Scheme(id=id, name=id, year=2026, level=level, tree=node("root", *children), **more)


def units(codes: str, level: str = "dept", **more: Any) -> tuple[Unit, ...]:
    """Units in official order, from codes with blanks between."""
    return tuple(Unit(code=c, name=f"单位{c}", level=level, order=i, **more) for i, c in enumerate(codes.split(), 1))


def evaluators(codes: str, **more: Any) -> tuple[Evaluator, ...]:
    """Evaluators in official order, from codes with blanks between."""
    return tuple(Evaluator(code=c, name=f"评{c}", order=i, **more) for i, c in enumerate(codes.split(), 1))


def block(
    scheme: Scheme,
    evaluator: str,
    marks: dict[tuple[str, str], Fraction | int | str | MarkState],
    digits: int | None = None,
) -> MarkBlock:
    """One evaluator's marks, (unit, item) → number, level id or state, packed; what is left out is blank."""
    items = {i.id: i for i in sheet_items(scheme)}
    names = [n for n in items if any(i == n for _, i in marks)]
    codes = list(dict.fromkeys(u for u, _ in marks))
    kept = tuple(_digits(items[n], digits) for n in names)

    def packed(unit: str, column: int) -> int | MarkState:
        mark = marks.get((unit, names[column]), MarkState.BLANK)
        reading = items[names[column]].reading
        if isinstance(mark, MarkState):
            return mark
        if isinstance(reading, LevelsReading):
            return [one.id for one in reading.levels].index(str(mark))
        whole = Fraction(mark) * 10 ** kept[column]
        assert whole.denominator == 1
        return whole.numerator

    cells = [packed(u, c) for u in codes for c in range(len(names))]
    width: Literal[2, 4] = 2 if all(isinstance(c, MarkState) or abs(c) < 2**15 - 4 for c in cells) else 4
    lowest = -(2 ** (8 * width - 1))
    numbers = [lowest + MARK_STATES.index(c) if isinstance(c, MarkState) else c for c in cells]
    values = b"".join(n.to_bytes(width, "little", signed=True) for n in numbers)
    return MarkBlock(
        sheet=f"2026-{scheme.id}-{evaluator}",
        evaluator=evaluator,
        scheme=scheme.id,
        units=tuple(codes),
        items=tuple(names),
        values=values,
        width=width,
        digits=kept,
    )


def _digits(item: Item, wished: int | None) -> int:
    if isinstance(item.reading, LevelsReading):
        return 0
    if wished is not None:
        return wished
    return item.reading.digits if isinstance(item.reading, DirectReading) else 2


def office(scheme: str, item: str, **values: Any) -> tuple[OfficeMark, ...]:
    """Values set by the office: unit=value."""
    return tuple(OfficeMark(scheme=scheme, unit=u, item=item, value=Fraction(v)) for u, v in values.items())


def shuffled_block(one: MarkBlock, random: Random) -> MarkBlock:
    """The same marks with units and items in another order."""
    wide = len(one.items) * one.width
    cells = {
        (u, k): one.values[r * wide + c * one.width : r * wide + (c + 1) * one.width]
        for r, u in enumerate(one.units)
        for c, k in enumerate(one.items)
    }
    rows = random.sample(one.units, len(one.units))
    columns = random.sample(range(len(one.items)), len(one.items))
    names = tuple(one.items[c] for c in columns)
    values = b"".join(cells[u, k] for u in rows for k in names)
    digits = tuple(one.digits[c] for c in columns)
    return replace(one, units=tuple(rows), items=names, digits=digits, values=values)


def shuffled(facts: Facts, random: Random) -> Facts:
    """The same facts in another order."""
    names = Facts.__slots__
    return Facts(**{name: tuple(random.sample(getattr(facts, name), len(getattr(facts, name)))) for name in names})


# ---- random worlds

LEVELS = ("low", "mid", "top")
ROLES = ("a", "b", "c")
KINDS = ("k1", "k2", "k3")
RELATIONS = ("own", "above", "below", "in_charge", "same_series", "same_level", "other")
ANSWERS = (Level(id="A", name="好", points=Fraction(10)), Level(id="B", name="中", points=Fraction(13, 2)),
           Level(id="C", name="差", points=Fraction(0)), Level(id="N", name="不了解", points=None))  # fmt: skip


class Dice:
    """Random choices in few words; with hypothesis' Random every choice can be shrunk."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.coarse = self.chance(40)  # nearly equal values everywhere: ties
        self.odd = self.chance(12)  # weights and factors that no machine integer holds in the end

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) >= 100 - percent

    def pick(self, options: Any) -> Any:
        options = list(options)
        return options[self.random.randrange(len(options))]

    def number(self, low: int, high: int) -> int:
        return low + self.random.randrange(high - low + 1)

    def some(self, options: Any, percent: int = 50) -> tuple[Any, ...]:
        return tuple(o for o in options if self.chance(percent))

    def at_least_one(self, options: Any) -> tuple[Any, ...]:
        return self.some(options) or (self.pick(options),)

    def weight(self, *usual: int | Fraction) -> Fraction:
        odd = (Fraction(1, 7), Fraction(355, 113), Fraction(10**9 + 7, 998244353), Fraction(1, 2**31 - 1))
        return self.pick(odd) if self.odd else Fraction(self.pick(usual))

    def value(self, top: int = 100) -> Fraction:
        """Often a round number, so that ties, halves and lines are hit."""
        kind = 0 if self.coarse else self.number(0, 5)
        if kind <= 2:
            return Fraction(self.number(0, 4) * top, 4)
        if kind == 3:
            return Fraction(self.number(0, 2 * top), 2)
        return Fraction(self.number(0, top * 100), 100)

    def rounding(self, percent: int = 30) -> Rounding | None:
        if not self.chance(percent):
            return None
        return Rounding(digits=self.number(0, 2), mode=self.pick(("half_up", "half_even", "down", "up")))


class Maker:
    """Makes one scheme; ``lower`` is the scheme of the level below, if there is one."""

    def __init__(self, dice: Dice, id: str, level: str, lower: Scheme | None) -> None:
        self.dice = dice
        self.id = id
        self.level = level
        self.lower = lower
        self.count = 0
        self.done: list[str] = []
        self.plain = dice.chance(40)  # few parts with values from the office: what follows the totals gets its turn
        self.groups = self.make_groups()

    def name(self) -> str:
        self.count += 1
        return f"p{self.count}"

    def make(self) -> Scheme:
        d = self.dice
        kinds = tuple(self.event_kind(k) for k in KINDS)
        tree = self.node("root", 0)
        measures = tuple(self.measure(n) for n in range(d.number(0, 2)))
        chain = [*self.done, "zero_items"]
        quantities = [*chain, "total"]
        full = full_points(tree) or Fraction(10)
        grades = self.grades(full, [*quantities, "rank"])
        return Scheme(
            id=self.id,
            name=self.id,
            year=2026,
            level=self.level,
            groups=self.groups,
            gathering=self.gathering(),
            tree=tree,
            measures=measures,
            rounding=RoundingStages(
                group=d.rounding(20),
                item=d.rounding(20),
                node=d.rounding(20),
                total=d.rounding(20),
                shown=d.rounding(100) or Rounding(),
            ),
            ranking=Ranking(
                within=d.pick(("series", "series", "level")),
                style=d.pick(("shared", "shared", "dense", "none")),
                on=(seen := d.pick(("exact", "shown"))),
                ties=tuple(
                    TieBreak(
                        quantity=d.pick(quantities if seen == "shown" else chain), order=d.pick(("higher", "lower"))
                    )
                    for _ in range(d.number(0, 2))
                ),
            ),
            ladder=Ladder(grades=grades, on=d.pick(("exact", "shown"))),
            event_kinds=kinds,
            adjustments=tuple(self.adjustment(n, grades, [*quantities, "rank"]) for n in range(d.number(0, 4))),
            stacking=Stacking(
                down=d.pick(("worst", "worst_per_family", "add")), at_most=d.number(1, 3) if d.chance(30) else None
            ),
        )

    # groups and gathering

    def make_groups(self) -> tuple[Group, ...]:
        d = self.dice
        return tuple(
            Group(
                id=f"group{n}",
                name=f"组{n}",
                weight=d.weight(1, 30, Fraction(1, 3), 0, 70),
                roles=d.some(ROLES, 40),
                relations=d.some(RELATIONS, 40) if d.chance(30) else (),
                recused=d.some(RELATIONS, 20) if d.chance(30) else (),
            )
            for n in range(d.pick((0, 0, 1, 2, 3)))
        )

    def gathering(self) -> Gathering:
        d = self.dice
        shares: tuple[GroupShare, ...] = ()
        if self.groups and d.chance(30):
            shares = tuple(GroupShare(group=g.id, weight=d.weight(1, 2, 5)) for g in d.at_least_one(self.groups))
        return Gathering(
            within=self.within(),
            groups=shares,
            missing_group=(
                policy := d.pick(("block", "zero", "renormalise", "renormalise", "use" if self.groups else "zero"))
            ),
            use=d.pick(self.groups).id if policy == "use" else "",
            min_marks=d.pick((1, 1, 1, 2)),
            blank=d.pick(("leave_out", "leave_out", "leave_out", "zero", "zero", "block")),
            abstained=d.pick(("leave_out", "leave_out", "leave_out", "zero", "zero", "block")),
        )

    def within(self) -> Within:
        d = self.dice
        method = d.pick(("mean", "mean", "trimmed", "trimmed", "median", "sum", "best", "lowest", "latest"))
        if method != "trimmed":
            return Within(method=method)
        return Within(method="trimmed", high=d.number(0, 2), low=d.number(0, 2), above=d.number(0, 4))

    # the tree

    def part(self, depth: int, of: str) -> Item | Node:
        d = self.dice
        if depth < 3 and self.count < 6 and not self.plain and d.chance(30):
            return self.node(self.name(), depth, **self.place(of))
        return self.item(self.name(), **self.place(of))

    def place(self, of: str) -> dict[str, Any]:
        d = self.dice
        applies = Applies()
        if d.chance(15):
            applies = Applies(
                series=d.some(("x", "y")), kinds=d.some(("organisation", "branch")), tags=d.some(("t1", "t2"))
            )
        weighed = of in ("weighted", "scaled")
        policies = ("block", "renormalise", "renormalise", "mean_of_others", "full", "zero")
        return {
            "weight": d.weight(1, 2, 3, 4) if weighed or d.chance(10) else None,
            "applies_to": applies,
            "not_applicable": d.pick(policies if applies == Applies() else policies[1:]),
        }

    def node(self, id: str, depth: int, **place: Any) -> Node:
        d = self.dice
        join = d.pick(("sum", "sum", "weighted", "scaled", "mean", "minimum"))
        children = [self.part(depth + 1, join) for _ in range(d.pick((1, 1, 2) if self.plain else (1, 2, 2, 3)))]
        if d.chance(25):
            children.insert(d.number(0, len(children)), self.item(self.name(), on_top=True, **self.place("sum")))
        self.done.append(id)
        return Node(
            id=id,
            name=id,
            join=join,
            children=tuple(children),
            points=Fraction(d.pick((10, 50))) if join not in ("sum", "scaled") and d.chance(20) else None,
            limits=self.limits(None, 0, -3) if d.chance(30) else Limits(minimum=None, maximum=None),
            rounding=d.rounding(15),
            **place,
        )

    def measure(self, n: int) -> Item:
        more = ("total", "zero_items") if self.dice.chance(50) else ()
        return self.item(f"m{n}", quantities=more, **self.place("sum") | {"weight": None})

    def item(self, id: str, on_top: bool = False, quantities: tuple[str, ...] = (), **place: Any) -> Item:
        d = self.dice
        points = d.pick((5, 10, 20, 100, 100, 30000) if d.odd else (5, 10, 20, 100))
        source, reading, conversion = self.source(points, quantities)
        self.done.append(id)
        return Item(
            id=id,
            name=id,
            points=Fraction(points),
            on_top=on_top,
            source=source,
            reading=reading,
            conversion=conversion,
            gathering=self.gathering() if d.chance(40) else None,
            limits=self.limits(None, 0, -3, Fraction(1, 2)) if d.chance(30) else Limits(),
            rounding=d.rounding(15),
            **place,
        )

    def limits(self, *lows: int | Fraction | None) -> Limits:
        d = self.dice
        low = d.pick(lows)
        return Limits(
            minimum=None if low is None else Fraction(low),
            maximum=d.pick((None, "full", Fraction(6), Fraction(33, 10))),
        )

    def source(self, points: int, quantities: tuple[str, ...]) -> tuple[Any, Any, Any]:
        d = self.dice
        kind = d.pick(self.kinds_of_source(quantities))
        conversion = self.bands(points) if d.chance(15) else DirectReading(factor=d.value(2)) if d.chance(10) else None
        if kind == "votes":
            denominator = d.pick(("answers", "valid", "returned", "issued", "present"))
            fitting = tuple(a for a in ANSWERS if a.points is None or a.points <= points)
            return VotesSource(denominator=denominator), LevelsReading(levels=fitting), conversion
        reading = self.reading(points, kind in ("marks", "office"))
        if kind == "events":
            return self.events(), reading, conversion
        if kind == "children" and self.lower:
            below = self.lower
            names = [p.id for p in (*walk(below.tree), *below.measures)]
            quantity = d.pick(("total", "total", "grade", "grade", "rank", "zero_items", d.pick(names)))
            grades = d.at_least_one([g.id for g in below.ladder.grades]) if quantity == "grade" else ()
            return ChildrenSource(scheme=below.id, quantity=quantity, grades=grades), reading, conversion
        if kind == "quantity":
            return QuantitySource(quantity=d.pick((*self.done, *quantities))), reading, conversion
        return (MarksSource() if kind == "marks" else OfficeSource()), reading, conversion

    def kinds_of_source(self, quantities: tuple[str, ...]) -> list[str]:
        if self.plain:
            return ["office", "office", "office", "events"]
        options = ["marks", "marks", "marks", "votes", "events", "office"]
        options += ["children"] * 3 if self.lower else []
        return options + (["quantity"] if self.done or quantities else [])

    def events(self) -> EventsSource:
        d = self.dice
        return EventsSource(
            kinds=d.at_least_one(KINDS),
            direction=d.pick(("deduct", "add")),
            start=d.pick(("full", Fraction(0), Fraction(7))),
            same_matter=d.pick(("each", "highest", "latest")),
            year_by=d.pick(("concluded", "occurred")),
        )

    def reading(self, points: int, levels: bool) -> Any:
        d = self.dice
        kind = d.number(0, 7)
        if kind == 0 and levels and points >= 10:
            return LevelsReading(levels=ANSWERS)
        if kind == 1:
            return self.bands(points)
        if kind == 2:
            return DirectReading(factor=d.weight(2, Fraction(1, 3), -1, Fraction(1, 10)))
        return DirectReading(digits=d.number(0, 4))

    def bands(self, points: int) -> BandsReading:
        d = self.dice
        ends = sorted({d.value(points) for _ in range(d.number(1, 3))}, reverse=True)
        bands = [Band(points=Fraction(points, n + 1), minimum=end, above=d.chance(30)) for n, end in enumerate(ends)]
        return BandsReading(bands=(*bands, *([Band(points=Fraction(0))] if d.chance(90) else [])))

    # ladder and adjustments

    def grades(self, full: Fraction, quantities: list[str]) -> tuple[Grade, ...]:
        d = self.dice
        count = d.pick((2, 3, 3, 4))
        lines = [Fraction(9 - 3 * n, 10) * full for n in range(count - 1)]
        better = [
            Grade(
                id=f"g{n}",
                name=f"档{n}",
                line=lines[n] if d.chance(60) or not (conditions or quota) else None,
                conditions=conditions,
                quota=quota,
            )
            for n in range(count - 1)
            for conditions in [self.conditions(quantities) if d.chance(25) else ()]
            for quota in [self.quota() if d.chance(60) else None]
        ]
        return (*better, Grade(id=f"g{count - 1}", name="末档"))

    def conditions(self, quantities: list[str]) -> tuple[Condition, ...]:
        d = self.dice
        named = {d.pick(quantities) for _ in range(d.number(1, 2))}
        return tuple(
            Condition(quantity=q, test=d.pick((">=", ">", "<=", "<", "=", "!=")), value=d.value(4))
            for q in sorted(named)
        )

    def quota(self) -> Quota:
        d = self.dice
        by_share = d.chance(60)
        return Quota(
            share=Fraction(d.pick((0, 20, 25, 30, 50, 75))) if by_share else None,
            count=None if by_share else d.number(0, 3),
            base=d.pick(("ranked", "all", "eligible")),
            rounding=d.pick(("half_up", "floor", "ceiling")),
            at_least=d.pick((0, 0, 0, 1)),
            with_above=d.chance(30),
            ties=d.pick(("decide", "all_in", "none_in")),
        )

    def event_kind(self, id: str) -> EventKind:
        d = self.dice
        amount = Fraction(d.number(1, 6), 2) if d.chance(97) else None
        return EventKind(id=id, name=id, amount=amount, cap=Fraction(d.number(1, 5)) if d.chance(30) else None)

    def adjustment(self, n: int, grades: tuple[Grade, ...], quantities: list[str]) -> Adjustment:
        d = self.dice
        effect = d.pick(("bar", "cap", "fix", "down", "down"))
        closed = grades[:-1] if effect == "bar" else grades
        by_events = d.chance(75)
        return Adjustment(
            id=f"adj{n}",
            name=f"作用{n}",
            effect=effect,
            grade="" if effect == "down" else d.pick(closed).id,
            steps=d.number(1, 2) if effect == "down" else 1,
            scope=d.pick(("unit", "unit", "unit", "leading_group", "person")),
            events=d.at_least_one(KINDS) if by_events else (),
            events_at_least=d.pick((1, 1, 2)),
            when=self.conditions(quantities) if not by_events or d.chance(20) else (),
            order=d.pick(("before_quota", "after_quota", "after_quota")),
            freed_place=d.pick(("vacant", "passed_on", "passed_on", "decide")),
            family=d.pick(("", "f1", "f2")),
            evidence_required=d.chance(50),
            approver_required=d.chance(50),
        )


class FactsMaker:
    """Makes facts that fit the schemes."""

    def __init__(self, dice: Dice, schemes: tuple[Scheme, ...]) -> None:
        self.dice = dice
        self.schemes = schemes
        self.units = self.make_units()
        self.codes = [u.code for u in self.units]
        self.evaluators = self.make_evaluators()

    def make(self) -> Facts:
        d = self.dice
        return Facts(
            units=self.units,
            evaluators=self.evaluators,
            assignments=self.assignments(),
            blocks=tuple(b for s in self.schemes for e in self.evaluators if d.chance(85) for b in self.block(s, e)),
            sessions=tuple(x for s in self.schemes for x in self.sessions(s)),
            events=tuple(self.event(n) for n in range(d.number(0, 8))),
            office_marks=tuple(m for s in self.schemes for m in self.office_marks(s)),
            exemptions=tuple(x for s in self.schemes for x in self.exemptions(s)),
            decisions=tuple(x for s in self.schemes for x in self.decisions(s)),
        )

    def of_level(self, scheme: Scheme) -> list[str]:
        return [u.code for u in self.units if u.level == scheme.level]

    def make_units(self) -> tuple[Unit, ...]:
        d = self.dice
        found: list[Unit] = []
        above: list[str] = [""]
        for scheme in reversed(self.schemes):
            here = [
                Unit(
                    code=f"{scheme.level[0]}{n}",
                    name=f"单位{n}",
                    level=scheme.level,
                    series=d.pick(("x", "x", "x", "y", "")),
                    kind=d.pick(("organisation", "organisation", "branch")),
                    parent=d.pick(above),
                    order=d.number(0, 3),
                    participation=d.pick(
                        ("ranked",) * 8 + ("listed_apart", "not_graded", "new", "under_investigation", "ceased")
                    ),
                    tags=d.some(("t1", "t2")),
                )
                for n in range(d.number(1, 6 if scheme is self.schemes[0] else 4))
            ]
            found += here
            above = [u.code for u in here]
        return tuple(found)

    def make_evaluators(self) -> tuple[Evaluator, ...]:
        d = self.dice
        return tuple(
            Evaluator(
                code=f"e{n}",
                name=f"评{n}",
                unit=d.pick([*self.codes, ""]),
                role=d.pick((*ROLES, "")),
                order=d.number(0, 3),
                relations=tuple(UnitRelation(unit=u, relation=d.pick(RELATIONS)) for u in self.codes if d.chance(5)),
            )
            for n in range(d.pick((0, 3, 5, 6, 6)))
        )

    def assignments(self) -> tuple[Assignment, ...]:
        d = self.dice
        return tuple(
            Assignment(
                evaluator=e.code,
                scheme=s.id,
                units=d.at_least_one(self.of_level(s)),
                group=d.pick([*[g.id for g in s.groups], ""]),
            )
            for s in self.schemes
            for e in self.evaluators
            for _ in range(d.number(1, 2) if d.chance(15) else 0)
        )

    def block(self, scheme: Scheme, evaluator: Evaluator) -> list[MarkBlock]:
        d = self.dice
        marks: dict[tuple[str, str], Any] = {}
        for unit in self.of_level(scheme):
            for one in sheet_items(scheme):
                if d.chance(95):
                    marks[unit, one.id] = self.mark(one)
        # sheets sent out under an earlier version of the scheme may have had other decimals
        return [block(scheme, evaluator.code, marks, d.number(2, 4))] if marks else []

    def mark(self, one: Item) -> Any:
        d = self.dice
        if d.chance(8 if isinstance(one.source, MarksSource) else 3):
            return d.pick(list(MarkState))
        if isinstance(one.reading, LevelsReading):
            return d.pick(one.reading.levels).id
        return d.value(int(one.points or 10)) * (-1 if d.chance(2) else 1)

    def sessions(self, scheme: Scheme) -> list[VoteSession]:
        d = self.dice
        voted = [i for i in items_of(scheme) if isinstance(i.source, VotesSource)]
        if not voted:
            return []
        groups = [g.id for g in scheme.groups] or [""]
        found: list[VoteSession] = []
        for n, group in enumerate(groups * 2):
            if d.chance(70):
                counts = tuple(
                    VoteCount(unit=u, item=i.id, counts={a.id: d.number(0, 3) for a in d.some(i.reading.levels, 80)})
                    for u in self.of_level(scheme)
                    for i in voted
                    if isinstance(i.reading, LevelsReading)
                    if d.chance(85)
                )
                returned = d.number(0, 12)
                found.append(
                    VoteSession(
                        id=f"{scheme.id}-{n}",
                        name=f"会{n}",
                        scheme=scheme.id,
                        group=group,
                        expected=14,
                        present=returned + d.number(0, 2),
                        issued=returned + d.number(0, 1),
                        returned=returned,
                        invalid=d.number(0, min(2, returned)),
                        replaces=d.pick([x.id for x in found]) if found and d.chance(15) else "",
                        counts=counts,
                    )
                )
        return found

    def event(self, n: int) -> Event:
        d = self.dice
        dates = ("", "2026-03-01", "2026-03-01", "2026-07-15", "2025-12-30", "2027-01-02")
        return Event(
            id=f"ev{n}",
            kind=d.pick(KINDS),
            unit=d.pick(self.codes),
            occurred=d.pick(dates),
            concluded=d.pick(dates),
            matter=d.pick(("", "", "M1", "M2")),
            amount=Fraction(d.number(1, 8), 2) if d.chance(40) else None,
            evidence=d.pick(("文号", "文号", "")),
            approver=d.pick(("主任", "主任", "")),
        )

    def office_marks(self, scheme: Scheme) -> list[OfficeMark]:
        d = self.dice
        found: list[OfficeMark] = []
        for one in items_of(scheme):
            if not isinstance(one.source, OfficeSource):
                continue
            for unit in self.of_level(scheme):
                if d.chance(97):
                    mark = self.mark(one)
                    level = str(mark) if isinstance(mark, str) and not isinstance(mark, MarkState) else ""
                    value = MarkState.BLANK if level else mark
                    found.append(OfficeMark(scheme=scheme.id, unit=unit, item=one.id, value=value, level=level))
        return found

    def exemptions(self, scheme: Scheme) -> list[Exemption]:
        d = self.dice
        parts = [p.id for p in (*walk(scheme.tree), *scheme.measures)]
        return [
            Exemption(scheme=scheme.id, unit=u, part=d.pick(parts), reason="无此职能")
            for u in self.of_level(scheme)
            if d.chance(10)
        ]

    def decisions(self, scheme: Scheme) -> list[Decision]:
        d = self.dice
        scopes = {a.scope for a in scheme.adjustments} | {"unit"}
        return [
            Decision(
                scheme=scheme.id,
                unit=u,
                scope=scope,
                grade=d.pick(scheme.ladder.grades).id,
                reason="会议研究",
                by="考核委员会",
            )
            for u in self.of_level(scheme)
            for scope in sorted(scopes)
            if d.chance(4)
        ]


def make_schemes(random: Random) -> tuple[Scheme, ...]:
    """One to three schemes, lowest level first; each may use the results of the one below."""
    dice = Dice(random)
    found: list[Scheme] = []
    for level in LEVELS[: dice.pick((1, 1, 2, 3))]:
        found.append(Maker(dice, f"scheme-{level}", level, found[-1] if found else None).make())
    return tuple(found)


def make_world(random: Random) -> tuple[tuple[Scheme, ...], Facts]:
    """Schemes and facts that fit them."""
    schemes = make_schemes(random)
    return schemes, FactsMaker(Dice(random), schemes).make()


def worlds() -> st.SearchStrategy[tuple[tuple[Scheme, ...], Facts]]:
    """Random worlds: half of them evenly spread, half made so that a failing one is shrunk choice by choice."""
    spread = st.integers(0, 2**63).map(lambda seed: make_world(Random(seed)))
    return st.one_of(spread, st.randoms(use_true_random=False).map(make_world))


def schemes() -> st.SearchStrategy[Scheme]:
    """One random scheme of a single level."""
    return st.integers(0, 2**63).map(lambda seed: Maker(Dice(Random(seed)), "scheme", "low", None).make())
