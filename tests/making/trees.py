"""Random trees: nodes, items, measures."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from app.domain.schemes import (
    Applies,
    Item,
    LevelsReading,
    Limits,
    MarksSource,
    Node,
    OfficeSource,
    Override,
    QuantitySource,
    Scheme,
    VotesSource,
)
from tests.making import gatherings, readings, sources
from tests.making.dice import Dice

JOINS = ("sum", "sum", "sum", "weighted", "scaled", "mean", "minimum", "maximum", "product")


class TreeMaker:
    """Makes the parts of one scheme; ``others`` are the schemes whose results it may use. ``done``: parts that later
    ones may name."""

    def __init__(
        self, d: Dice, id: str, level: str, others: Sequence[Scheme], groups: Any, grades: Sequence[str]
    ) -> None:
        self.d, self.id, self.level, self.others, self.groups = d, id, level, others, groups
        self.grades = grades
        self.count = 0
        self.done: list[str] = []
        self.before: list[str] = []
        self.votes: list[Item] = []
        self.plain = d.chance(30) or d.wants(
            "floors", 70, 30
        )  # few parts with values from the office: what follows the totals gets its turn

    def known(self) -> list[str]:
        return [*self.done, *self.before]

    def name(self) -> str:
        self.count += 1
        return f"p{self.count}"

    def part(self, depth: int, of: str, marks: bool) -> Item | Node:
        d = self.d
        if depth < 3 and self.count < 5 and not self.plain and d.chance(30):
            return self.node(self.name(), depth, marks, **self.place(of, marks))
        return self.item(self.name(), marks=marks, **self.place(of, marks))

    def place(self, of: str, marks: bool = False) -> dict[str, Any]:
        d = self.d
        rule = gatherings.applies(d) if d.chance(12) else Applies()
        weighed = of in ("weighted", "scaled")
        policies = ["block", "renormalise", "renormalise", "mean_of_others", "full", "zero"]
        if not marks and d.wants("means of the series", 80, 20):
            policies = ["series_mean"]
        chosen = d.pick(policies if rule == Applies() or len(policies) == 1 else policies[1:])
        whose = gatherings.applies(d) if chosen == "series_mean" and d.chance(40) else Applies()
        return {
            "weight": d.weight(1, 2, 3, 4) if weighed or d.chance(10) else None,
            "applies_to": rule,
            "not_applicable": chosen,
            "mean_of": whose,
        }

    def node(self, id: str, depth: int, marks: bool = False, **place: Any) -> Node:
        d = self.d
        join = d.pick(JOINS)
        gathered = not marks and not self.plain and d.wants("join first, gather then", 50, 20)
        below = marks or gathered
        children = [self.part(depth + 1, join, below) for _ in range(d.pick((1, 1, 2) if self.plain else (1, 2, 2, 3)))]
        if d.chance(20):
            top = self.item(self.name(), on_top=True, marks=below, **self.place("sum", below))
            children.insert(d.number(0, len(children)), top)
        points = d.pick((10, 50)) if join not in ("sum", "scaled") and d.chance(20) else None
        made = Node(
            id=id,
            name=id,
            join=join,
            children=tuple(children),
            points=None if points is None else Fraction(points),
            gathering=gatherings.gathering(d, self.groups) if gathered else None,
            limits=self.limits(None, 0, -3) if d.chance(25) else Limits(minimum=None, maximum=None),
            normalisation=gatherings.normalisation(d),
            rounding=d.rounding(15),
            variants=gatherings.variants(d, points, place.get("weight") is not None),
            **place,
        )
        return self.finished(made)

    def finished(self, part: Any) -> Any:
        self.done.append(part.id)
        if part.normalisation is not None:
            self.before.append(f"before:{part.id}")
        return part

    def measure(self, n: int) -> Item:
        more = ("total", "zero_items") if self.d.chance(50) else ()
        place = self.place("sum") | {"weight": None}
        if place["not_applicable"] == "series_mean":
            place |= {"not_applicable": "block", "mean_of": Applies()}
        return self.item(f"m{n}", quantities=more, measure=True, **place)

    def item(
        self,
        id: str,
        on_top: bool = False,
        quantities: tuple[str, ...] = (),
        marks: bool = False,
        measure: bool = False,
        **place: Any,
    ) -> Item:
        d = self.d
        points = d.pick((5, 10, 20, 100, 100, 30000) if d.odd else (5, 10, 20, 100))
        kind = "marks" if marks else d.pick(self.kinds_of_source(quantities, measure))
        source, reading, more = self.source(kind, points, quantities)
        made = Item(
            id=id,
            name=id,
            points=Fraction(points),
            on_top=on_top,
            source=source,
            reading=reading,
            conversion=readings.conversion(d, points, self.known()),
            overrides=self.overrides(points),
            limits=self.limits(None, 0, -3, Fraction(1, 2)) if d.chance(25) else Limits(),
            normalisation=gatherings.normalisation(d),
            rounding=d.rounding(15),
            variants=gatherings.variants(d, points, place.get("weight") is not None),
            **more,
            **place,
        )
        if kind == "votes":
            self.votes.append(made)
        return self.finished(made)

    def overrides(self, points: int) -> tuple[Override, ...]:
        d = self.d
        if not self.known() or not d.wants("overrides", 50, 20):
            return ()
        return tuple(
            Override(
                when=readings.conditions(d, [*self.known(), *self.known()]),
                points=d.pick(("full", Fraction(0), Fraction(points, 2), Fraction(points + 3))),
            )
            for _ in range(d.number(1, 2))
        )

    def limits(self, *lows: int | Fraction | None) -> Limits:
        low = self.d.pick(lows)
        return Limits(
            minimum=None if low is None else Fraction(low),
            maximum=self.d.pick((None, "full", Fraction(6), Fraction(33, 10))),
        )

    def kinds_of_source(self, quantities: tuple[str, ...], measure: bool) -> list[str]:
        d = self.d
        if self.plain:
            options = ["office", "office", "office", "events"]
        else:
            options = ["marks"] * 4 + ["votes"] * 2 + ["events"] * 2 + ["office"] * 2
        options += ["events"] * 6 if d.wants("many events", 100, 40) else []
        options += ["votes", "votes", "marks"] * 3 if d.wants("rules of ballots", 100, 30) and not self.plain else []
        options += ["results"] * 3 if self.others else []
        options += ["quantity"] if self.done or quantities else []
        if measure and d.wants("earlier years", 80, 25):
            return ["earlier"]
        return options

    def source(self, kind: str, points: int, quantities: tuple[str, ...]) -> tuple[Any, Any, dict[str, Any]]:
        """Source, reading, and what else the item gets with them."""
        d = self.d
        if kind == "votes":
            return self.vote(points)
        gathering = gatherings.gathering(d, self.groups) if d.chance(40) else None
        reading = readings.reading(d, points, kind, self.known())
        more: dict[str, Any] = {"gathering": gathering}
        if kind == "marks":
            return MarksSource(), reading, more
        if kind == "events":
            return sources.events(d), reading, more
        if kind == "results":
            return sources.results(d, self.level, self.others), reading, more
        if kind == "earlier":
            return (
                sources.earlier(d, self.id, [n for n in self.done if not n.startswith("m")], self.grades),
                reading,
                more,
            )
        if kind == "quantity":
            return QuantitySource(quantity=d.pick([*self.known(), *self.before, *quantities])), reading, more
        kind = d.pick(("figure", "self", "imported", "office")) if d.chance(30) else "office"
        return OfficeSource(kind=kind), reading, {"gathering": gathering, "periods": gatherings.periods(d)}

    def vote(self, points: int) -> tuple[Any, Any, dict[str, Any]]:
        d = self.d
        gathering = gatherings.gathering(d, self.groups, votes=True)
        spread = gatherings.periods(d)
        earlier = [i for i in self.votes if i.source.ballot_of == "" and fits(i, points)]
        same = d.pick(earlier) if earlier and d.wants("two items out of one vote", 100, 50) else None
        numbers = d.wants("votes with numbers", 50, 25)
        if same is not None:
            numbers = not isinstance(same.reading, LevelsReading)
            spread = same.periods
        levels = tuple(a for a in readings.ANSWERS if a.points is None or a.points <= points)
        if same is not None and isinstance(same.reading, LevelsReading):
            levels = same.reading.levels
        options = ["answers", "valid", "valid", "valid", "returned", "issued", "present", "expected", "none"]
        return (
            VotesSource(denominator=d.pick(options), ballot_of=same.id if same else ""),
            readings.direct(d) if numbers else LevelsReading(levels=levels),
            {"gathering": gathering, "periods": spread},
        )


def fits(voted: Item, points: int) -> bool:
    """Whether the answers to the item may also be those of one with these points."""
    levels = voted.reading.levels if isinstance(voted.reading, LevelsReading) else ()
    return all(one.points is None or one.points <= points for one in levels)
