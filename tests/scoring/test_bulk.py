"""Marks read in bulk: where the numbers grow long, still to the last digit."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from app.domain.facts import Facts
from app.domain.schemes import BallotRule, Band, BandsReading, Gathering, Limits, RatioReading, Within
from app.scoring.engine import evaluate
from tests.builders import block, evaluators, item, scheme, units
from tests.scoring.comparison import differences, plain_results
from tests.scoring.naive import naive_results

FREE = Limits(minimum=None, maximum=None)


def test_that_a_rule_over_the_sum_of_a_sheet_holds_with_denominators_of_any_length() -> None:
    inverse = RatioReading(to="number", number=Fraction(50), inverse=True, times=Fraction(10))
    rule = BallotRule(
        id="r", name="r", rule="share", basis="sum", minimum=Fraction(66), at_most=Fraction(50), on="sheets"
    )
    one = scheme(item("a", 10, reading=inverse, limits=FREE), item("b", 10), validity=(rule,))
    random, subjects, people = Random(3), units(" ".join(f"u{n}" for n in range(30))), evaluators("e1 e2 e3 e4")
    blocks = tuple(
        block(one, e.code, {(u.code, i): Fraction(random.randrange(100, 9999), 100) for u in subjects for i in "ab"})
        for e in people
    )
    facts = Facts(units=subjects, evaluators=people, blocks=blocks)
    found = evaluate((one,), facts)
    assert 0 < len(found.outcomes["s"].board.table.void) < 4
    assert differences(naive_results((one,), facts), plain_results(found.results())) == []


def test_that_every_rater_s_own_best_and_mean_are_what_marks_are_compared_with() -> None:
    readings = (
        RatioReading(to=to, times=times) for to in ("best", "lowest", "average") for times in ("full", Fraction(7))
    )
    parts = [item(f"i{n}", 10 + n, reading=r, limits=FREE) for n, r in enumerate(readings)]
    one = scheme(*parts, gathering=Gathering(within=Within(method="trimmed", high=1, low=1)))
    random, subjects, people = Random(4), units(" ".join(f"u{n}" for n in range(9))), evaluators("e1 e2 e3 e4 e5")
    blocks = tuple(
        block(
            one, e.code, {(u.code, p.id): random.choice((0, 0, 3, Fraction(7, 4), 9)) for u in subjects for p in parts}
        )
        for e in people
    )
    facts = Facts(units=subjects, evaluators=people, blocks=blocks)
    assert differences(naive_results((one,), facts), plain_results(evaluate((one,), facts).results())) == []


def test_that_the_first_band_that_a_mark_reaches_counts_whatever_the_order_of_the_bands() -> None:
    bands = BandsReading(
        bands=(
            Band(points=Fraction(1), minimum=Fraction(8), above=True),
            Band(points=Fraction(5), minimum=Fraction(17, 2)),
            Band(points=Fraction(2), minimum=Fraction(20, 3)),
            Band(points=Fraction(3)),
        )
    )
    one, subjects = scheme(item("a", 10, reading=bands)), units("u1 u2 u3 u4 u5 u6")
    marks = (8, Fraction(801, 100), 9, Fraction(666, 100), Fraction(667, 100), 0)
    facts = Facts(
        units=subjects,
        evaluators=evaluators("e"),
        blocks=(block(one, "e", {(u.code, "a"): m for u, m in zip(subjects, marks, strict=True)}),),
    )
    column = evaluate((one,), facts).outcomes["s"].board.column("a")
    assert [column.exact.at(i) for i in range(6)] == [2, 1, 1, 3, 2, 3]
