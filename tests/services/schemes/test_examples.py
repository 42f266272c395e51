"""Examples below the forms come out of the engine, and the truth table is what the engine does."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from app.domain.schemes import (
    Adjustment,
    BallotRule,
    Band,
    BandsReading,
    DirectReading,
    EventKind,
    EventsSource,
    Gathering,
    Level,
    LevelsReading,
    Limits,
    MarksSource,
    OfficeSource,
    QuantitySource,
    Quota,
    Stacking,
    Within,
    walk,
)
from app.services.schemes.examples import Meeting, examples_of, meetings
from app.services.schemes.rule_examples import examples_of_ballot_rule, examples_of_quota
from tests.builders import item, ladder, scheme
from tests.random_schemes import make_schemes


def said(one: Any, **more: Any) -> list[str]:
    return [str(e) for e in examples_of(scheme(one, **more), one.id)]


def test_that_direct_marks_show_their_ends() -> None:
    assert said(item("a", 10)) == ["10 → 10.00 分", "5 → 5.00 分", "0 → 0.00 分"]
    tens = item("a", 20, reading=DirectReading(maximum=Fraction(10), factor=Fraction(2)))
    assert said(tens) == ["10 → 20.00 分", "5 → 10.00 分", "0 → 0.00 分"]


def test_that_levels_and_bands_show_each_line() -> None:
    levels = tuple(Level(id=i, name=n, points=p) for i, n, p in (("g", "好", Fraction(20)), ("u", "不了解", None)))
    found = said(item("a", 20, OfficeSource(), reading=LevelsReading(levels=levels)))
    assert found[0] == "“好” → 20.00 分" and found[1].startswith("“不了解” → 没有得分（")
    bands = BandsReading(
        bands=(
            Band(points=Fraction(7), minimum=Fraction(85)),
            Band(points=Fraction(5), minimum=Fraction(70)),
            Band(points=Fraction(0)),
        )
    )
    assert said(item("a", 7, OfficeSource(), reading=bands)) == ["85 → 7.00 分", "70 → 5.00 分", "0 → 0.00 分"]


def test_that_raters_show_what_the_gathering_does() -> None:
    trimmed = Gathering(within=Within(method="trimmed", high=1, low=1))
    assert said(item("a", 100), gathering=trimmed)[-1] == "95、92、88、85、60 → 88.33 分"
    assert said(item("a", 10, gathering=Gathering(within=Within(method="median"))))[-1] == "9、9、8、8、6 → 8.00 分"


def test_that_events_show_one_two_three_of_a_kind() -> None:
    late = EventKind(id="late", name="迟报", amount=Fraction(2))
    one = item("a", 5, EventsSource(kinds=("late",), start="full"))
    assert said(one, event_kinds=(late,)) == [
        "没有事项 → 5.00 分",
        "1 件“迟报” → 3.00 分",
        "2 件“迟报” → 1.00 分",
        "3 件“迟报” → 0.00 分",
    ]
    below = replace(one, limits=Limits(minimum=None))
    assert said(below, event_kinds=(replace(late, cap=Fraction(5)),))[-1] == "3 件“迟报” → 0.00 分"
    assert said(below, event_kinds=(replace(late, amount=None),))[1] == "1 件“迟报”（每件 1） → 4.00 分"


def test_that_what_cannot_be_shown_shows_nothing() -> None:
    one = scheme(item("a", 5), item("b", 5, QuantitySource(quantity="a")))
    assert examples_of(one, "b") == examples_of(one, "root") == examples_of(one, "nobody") == ()


@pytest.mark.parametrize("seed", range(40))
def test_that_no_item_of_any_scheme_makes_the_examples_fall_over(seed: int) -> None:
    for one in make_schemes(Random(seed)):
        for part in walk(one.tree):
            examples_of(one, part.id)
        meetings(one)


def table(*adjustments: Adjustment, stacking: Stacking | None = None) -> dict[tuple[tuple[str, ...], str], str]:
    one = scheme(item("a", 5), ladder=ladder(90, 80, 60), adjustments=adjustments, stacking=stacking or Stacking())
    return {(m.adjustments, m.before): m.after for m in meetings(one)}


DOWN = Adjustment(id="down", name="降", effect="down", family="a", events=("x",))
TWO = Adjustment(id="two", name="降二", effect="down", steps=2, family="b", scope="unit")
CAP = Adjustment(id="cap", name="封", effect="cap", grade="g1", order="before_quota")
FIX = Adjustment(id="fix", name="定", effect="fix", grade="g3")


def test_that_the_truth_table_shows_each_alone_and_each_two_together() -> None:
    found = table(DOWN, TWO, CAP, FIX)
    assert len(found) == (4 + 6) * 4
    assert [found[("down",), g] for g in ("g0", "g1", "g2", "g3")] == ["g1", "g2", "g3", "g3"]
    assert [found[("cap",), g] for g in ("g0", "g1", "g2", "g3")] == ["g1", "g1", "g2", "g3"]
    assert found[("down", "two"), "g0"] == "g2"  # the worst counts
    assert found[("cap", "fix"), "g0"] == "g3"
    assert found[("down", "cap"), "g0"] == "g2"  # capped before the quota, lowered after it


def test_that_stacking_shows_in_the_truth_table() -> None:
    assert table(DOWN, TWO, stacking=Stacking(down="add"))[("down", "two"), "g0"] == "g3"
    assert table(DOWN, TWO, stacking=Stacking(down="add", at_most=1))[("down", "two"), "g0"] == "g1"


def test_that_a_grade_is_never_raised_in_the_truth_table() -> None:
    for seed in range(30):
        for one in make_schemes(Random(seed)):
            order = [g.id for g in one.ladder.grades]
            assert all(order.index(m.after) >= order.index(m.before) for m in meetings(one))


def test_that_without_adjustments_there_is_no_table() -> None:
    assert meetings(scheme(item("a", 5, MarksSource()))) == ()
    assert isinstance(meetings(scheme(item("a", 5), ladder=ladder(90), adjustments=(DOWN,)))[0], Meeting)


# ---- rules that count


def test_that_a_quota_shows_its_places_for_several_bases() -> None:
    assert [str(e) for e in examples_of_quota(Quota(share=Fraction(30)))] == [
        "5 个单位 → 2 个名额",
        "12 个单位 → 4 个名额",
        "36 个单位 → 11 个名额",
        "110 个单位 → 33 个名额",
    ]
    assert [e.gives for e in examples_of_quota(Quota(share=Fraction(30), rounding="floor"), (36,))] == ["10 个名额"]


def ballots(rule: BallotRule, one: Any = None) -> list[str]:
    return [str(e) for e in examples_of_ballot_rule(scheme(one or item("a", 100)), rule)]


def test_that_a_ballot_rule_shows_both_sides_of_its_limit() -> None:
    most = BallotRule(id="r", name="高分不过三", rule="number", minimum=Fraction(90), at_most=Fraction(3))
    assert ballots(most) == ["10 个对象中 3 个 90 分以上 → 有效", "10 个对象中 4 个 90 分以上 → 本票无效"]
    share = BallotRule(id="r", name="优秀不过三成", rule="share", answers=("g",), at_most=Fraction(35))
    levels = LevelsReading(
        levels=tuple(Level(id=i, name=n, points=Fraction(p)) for i, n, p in (("g", "好", 9), ("b", "差", 1)))
    )
    assert ballots(share, item("a", 9, reading=levels)) == [
        "10 个对象中 3 个“好” → 有效",
        "10 个对象中 4 个“好” → 本票无效",
    ]
    both = BallotRule(id="r", name="n", rule="number", maximum=Fraction(60), at_least=Fraction(1), at_most=Fraction(2))
    assert [b[-4:] == "本票无效" for b in ballots(both)] == [True, False, False, True]


def test_that_the_other_ballot_rules_show_theirs() -> None:
    rules: list[Any] = ["complete", "not_all_equal", "not_all_full"]
    found = [ballots(BallotRule(id="r", name="n", rule=rule)) for rule in rules]
    assert found == [
        ["10 个对象都填了 → 有效", "有一个没有填 → 本票无效"],
        ["10 个对象全部相同 → 本票无效", "有一个不同 → 有效"],
        ["10 个对象全部满分 → 本票无效", "有一个不是满分 → 有效"],
    ]


def test_that_half_a_ballot_rule_shows_nothing() -> None:
    assert ballots(BallotRule(id="r", name="n", rule="number")) == []
    assert ballots(BallotRule(id="r", name="n", rule="number", answers=("?",), at_most=Fraction(1))) == []
    assert ballots(BallotRule(id="r", name="n", rule="complete"), item("a", 5, OfficeSource())) == []
