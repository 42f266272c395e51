"""Random sources of items."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.domain.schemes import EventsSource, ResultsSource, Scheme, walk
from tests.making.dice import Dice

KINDS = ("k1", "k2", "k3")
LEVELS = ("low", "mid", "top")


def events(d: Dice) -> EventsSource:
    return EventsSource(
        kinds=d.at_least_one(KINDS),
        direction=d.pick(("deduct", "add")),
        start=d.pick(("full", "full", Fraction(0), Fraction(7))),
        tally="count" if d.wants("events counted", 60, 20) else "amount",
        same_matter=d.pick(("each", "highest", "latest")),
        same_by=d.pick(("matter", "person", "kind")) if d.wants("same matters", 80, 30) else "matter",
        year_by=d.pick(("concluded", "occurred")),
        years=d.pick((2, 2, 3)) if d.wants("earlier years of events", 70, 25) else 1,
    )


def quantities_of(d: Dice, scheme: Scheme) -> str:
    """Any quantity of a scheme that results may name."""
    parts = [*walk(scheme.tree), *scheme.measures]
    before = [f"before:{p.id}" for p in parts if p.normalisation is not None]
    also = [f"rank:{name}" for name in scheme.ranking.also]
    names = ["total", "total", "grade", "grade", "rank", "rank_from_last", "zero_items", d.pick(parts).id]
    return d.pick(names + before * 2 + also * 2)


def results(d: Dice, level: str, others: Sequence[Scheme]) -> ResultsSource:
    """Results of another scheme, of whichever of its subjects stand to this level's."""
    other = d.pick(others)
    here, there = LEVELS.index(level), LEVELS.index(other.level)
    of = "own" if there == here else "children" if there < here else "parent"
    if d.wants("linked subjects", 60, 25):
        of = d.pick(("linked", "linking"))
    quantity = quantities_of(d, other)
    years_ago = d.number(1, 2) if d.wants("earlier years", 50, 25) else 0
    if years_ago and (":" in quantity or quantity == "zero_items"):
        quantity = "total"
    return ResultsSource(
        scheme=other.id,
        of=of,
        link=d.pick(("", "member")) if of in ("linked", "linking") else "",
        tags=d.at_least_one(("t1", "t2")) if d.wants("tagged subjects", 50) else (),
        years_ago=years_ago,
        quantity=quantity,
        grades=d.at_least_one([g.id for g in other.ladder.grades]) if quantity == "grade" else (),
    )


def earlier(d: Dice, scheme: str, parts: Sequence[str], grades: Sequence[str]) -> ResultsSource:
    """The unit's own results of earlier years, under the scheme being made."""
    quantity = d.pick(["total", "rank", "rank_from_last", "grade", *([d.pick(parts)] if parts else [])])
    return ResultsSource(
        scheme=scheme,
        of="own",
        years_ago=d.number(1, 2),
        quantity=quantity,
        grades=d.at_least_one(grades) if quantity == "grade" else (),
    )
