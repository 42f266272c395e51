"""Two calculators that know nothing of each other: every quantity, rank, grade and quota must be the same."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings

from app.domain.facts import Facts
from app.domain.schemes import (
    Band,
    BandsReading,
    DirectReading,
    Gathering,
    Item,
    Limits,
    Node,
    Scheme,
    Within,
)
from app.scoring.engine import evaluate
from tests.builders import block, evaluators, item, node, scheme, units
from tests.scoring.comparison import differences, plain_results
from tests.scoring.naive import naive_results
from tests.worlds import make_world, worlds


def disagreements(schemes: tuple[Scheme, ...], facts: Facts) -> list[str]:
    return differences(naive_results(schemes, facts), plain_results(evaluate(schemes, facts).results()))


@settings(max_examples=120)
@given(worlds())
def test_that_both_calculators_agree_on_worlds_that_shrink(world: tuple[tuple[Scheme, ...], Facts]) -> None:
    assert disagreements(*world) == []


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_that_both_calculators_agree_on_six_hundred_random_worlds(start: int) -> None:
    for seed in range(start, start + 100):
        assert (seed, disagreements(*make_world(Random(seed)))) == (seed, [])


@pytest.mark.release
@pytest.mark.parametrize("start", range(1000, 21000, 1000))
def test_that_both_calculators_agree_on_twenty_thousand_random_worlds(start: int) -> None:
    for seed in range(start, start + 1000):
        assert (seed, disagreements(*make_world(Random(seed)))) == (seed, [])


def without_some_points(part: Node | Item, random: Random) -> Node | Item:
    if isinstance(part, Node):
        return replace(part, children=tuple(without_some_points(c, random) for c in part.children))
    return part if random.random() > 0.2 else replace(part, points=None, variants=())


def test_that_both_calculators_agree_where_full_points_are_not_written() -> None:
    for seed in range(200):
        schemes, facts = make_world(Random(seed))
        random = Random(seed)
        schemes = tuple(replace(s, tree=without_some_points(s.tree, random)) for s in schemes)
        assert (seed, disagreements(schemes, facts)) == (seed, [])


@pytest.mark.parametrize("factor", [-(10**12), 2**31 - 1, Fraction(10**9 + 7, 998244353), Fraction(-1, 10**14)])
def test_that_both_calculators_agree_where_sums_leave_the_machine_integers(factor: Fraction) -> None:
    reading, free = DirectReading(digits=4, factor=Fraction(factor)), Limits(minimum=None, maximum=None)
    tall = Fraction(2**63 + 3)
    bands = BandsReading(bands=(Band(points=tall, minimum=Fraction(50)), Band(points=-tall)))
    big = scheme(item("a", 100, reading=reading, limits=free), item("b", 100, reading=bands, limits=free))
    people, subjects = evaluators(" ".join(f"e{n}" for n in range(60))), units("u v")
    blocks = tuple(
        block(big, e.code, {("u", "a"): 199_999 - n, ("v", "a"): -n, ("u", "b"): 50, ("v", "b"): n})
        for n, e in enumerate(people)
    )
    assert disagreements((big,), Facts(units=subjects, evaluators=people, blocks=blocks)) == []


def test_that_a_mark_too_large_for_the_decimals_of_other_sheets_is_refused_rather_than_wrong() -> None:
    big = scheme(item("a", 10**7, reading=DirectReading(digits=2)))
    blocks = (block(big, "e1", {("u", "a"): 3 * 10**6}, 2), block(big, "e2", {("u", "a"): 7}, 4))
    facts = Facts(units=units("u"), evaluators=evaluators("e1 e2"), blocks=blocks)
    with pytest.raises(OverflowError):
        evaluate((big,), facts)


@pytest.mark.parametrize("method", ["trimmed", "median", "lowest", "latest"])
def test_that_both_calculators_agree_on_more_marks_than_one_round_of_the_bulk_work_takes(method: str) -> None:
    """Also marks of both signs, to the last digit that a block holds."""
    random = Random(7)
    within = Within(method=method, high=1, low=2, above=3) if method == "trimmed" else Within(method=method)
    free = Limits(minimum=None, maximum=None)
    items = [item(f"i{n}", 100, reading=DirectReading(digits=4), limits=free) for n in range(50)]
    big = scheme(node("all", *items), gathering=Gathering(within=within))
    people, subjects = evaluators("e1 e2 e3 e4"), units(" ".join(f"u{n}" for n in range(90)))
    blocks = tuple(
        block(
            big,
            e.code,
            {(u.code, i.id): Fraction(random.randint(-2 * 10**9, 2 * 10**9), 10_000) for u in subjects for i in items},
        )
        for e in people
    )
    assert disagreements((big,), Facts(units=subjects, evaluators=people, blocks=blocks)) == []
