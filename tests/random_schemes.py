"""Random schemes: every setting of the language, small in size."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import strategies as st

from app.domain.schemes import (
    Adjustment,
    Applies,
    Band,
    BandsReading,
    ResultsSource,
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
    walk,
)

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
                weight=d.weight(1, 30, Fraction(1, 3), 0, 70) or Fraction(n == 0),  # all zero is an error of the scheme
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
            return ResultsSource(scheme=below.id, quantity=quantity, grades=grades), reading, conversion
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


def make_schemes(random: Random) -> tuple[Scheme, ...]:
    """One to three schemes, lowest level first; each may use the results of the one below."""
    dice = Dice(random)
    found: list[Scheme] = []
    for level in LEVELS[: dice.pick((1, 1, 2, 3))]:
        found.append(Maker(dice, f"scheme-{level}", level, found[-1] if found else None).make())
    return tuple(found)


def schemes() -> st.SearchStrategy[Scheme]:
    """One random scheme of a single level."""
    return st.integers(0, 2**63).map(lambda seed: Maker(Dice(Random(seed)), "scheme", "low", None).make())
