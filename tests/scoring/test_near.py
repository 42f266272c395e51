"""Ratios that are rounded down for quick sums come to what the exact ratios come to, to the last decimal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from app.domain.facts import Evaluator, Facts, MarkBlock, Unit
from app.domain.schemes import (
    Gathering,
    Grade,
    Group,
    Item,
    Ladder,
    MarksSource,
    Node,
    RatioReading,
    Rounding,
    RoundingStages,
    Scheme,
    Within,
)
from app.scoring import near, sheet_readings
from app.scoring.board import Board
from app.scoring.membership import Membership
from app.scoring.sheet_readings import special_stack
from app.scoring.stacks import gather_group

MODES = ("half_up", "half_even", "up", "down")
WAYS: tuple[dict[str, Any], ...] = (
    {"method": "mean"},
    {"method": "trimmed", "high": 1, "low": 1, "above": 3},
    {"method": "trimmed", "high": 2, "low": 1, "above": 5},
    {"method": "median"},
    {"method": "sum"},
    {"method": "best"},
    {"method": "lowest"},
    {"method": "latest"},
)


def board(reading: RatioReading, within: Within, mode: str, marks: np.ndarray) -> Board:
    """marks[evaluator, unit] in hundredths, blanks as the smallest integers."""
    scheme = Scheme(
        id="s",
        name="s",
        year=2026,
        level="d",
        groups=(Group(id="g", name="g"),),
        gathering=Gathering(within=within, blank="zero", missing_group="renormalise"),
        tree=Node(
            id="root",
            name="root",
            children=(Item(id="i", name="i", points=Fraction(110, 7), source=MarksSource(), reading=reading),),
        ),
        rounding=RoundingStages(group=Rounding(digits=2, mode=mode)),  # type: ignore[arg-type]
        ladder=Ladder(grades=(Grade(id="a", name="a", line=Fraction(1)), Grade(id="b", name="b"))),
    )
    units = tuple(
        Unit(code=f"U{u}", name=f"U{u}", level="d", series=f"s{u % 2}", order=u) for u in range(marks.shape[1])
    )
    people = tuple(Evaluator(code=f"E{e}", name=f"E{e}", role="r", order=e) for e in range(len(marks)))
    blocks = tuple(
        MarkBlock(
            sheet=f"s-{e.code}",
            evaluator=e.code,
            scheme="s",
            units=tuple(u.code for u in units),
            items=("i",),
            values=marks[row].astype("<i4").tobytes(),
            width=4,
            digits=(2,),
        )
        for row, e in enumerate(people)
    )
    facts = Facts(units=units, evaluators=people, blocks=blocks)
    return Board(scheme, facts, Membership(facts), {})


def both(one: Board) -> tuple[list[Fraction], list[Fraction], int]:
    """The group's values the quick way and the exact way, and how many lanes the exact marks had to decide."""
    item = one.parts["i"]
    assert isinstance(item, Item)
    stack = special_stack(one, item)
    assert stack.near is not None
    rounding = one.scheme.rounding.group
    exact = stack.near.exactly(range(len(one.units)))
    asked: list[int] = []
    kept = near.within_group

    def counted(marks: Any, *rest: Any) -> Any:
        asked.append(marks.shape[1])
        return kept(marks, *rest)

    near.within_group = counted
    try:
        quick = gather_group(stack, stack.groups[0], rounding)
    finally:
        near.within_group = kept
    slow = gather_group(exact, exact.groups[0], rounding)
    assert (quick.state == slow.state).all()
    assert (quick.counted == slow.counted).all()
    assert (quick.used == slow.used).all()
    count = len(quick.state)
    return [quick.value.at(i) for i in range(count)], [slow.value.at(i) for i in range(count)], sum(asked)


@pytest.mark.parametrize("to", ["best", "average", "lowest"])
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_that_the_quick_values_are_the_exact_ones(to: Any, way: dict[str, Any]) -> None:
    chance = np.random.default_rng(5)
    for mode in MODES:
        for low in (-500, 0, 6000):
            marks = chance.integers(low, 10000, (13, 8))
            reading = RatioReading(to=to, times="full" if low else Fraction(100), within="series")
            quick, slow, _ = both(board(reading, Within(**way), mode, marks))
            assert quick == slow


def test_that_values_on_the_very_border_are_decided_by_the_exact_marks() -> None:
    # Everybody gives everybody the best mark: 100 exactly, which rounded down and rounded up differ by nothing; but
    # three thirds of a unit are one unit only exactly.
    same = np.full((3, 4), 9000)
    quick, slow, asked = both(board(RatioReading(to="best", times=Fraction(100)), Within(), "up", same))
    assert quick == slow == [100] * 4
    assert asked == 4
    thirds = np.tile([3000, 9000, 9000, 9000], (3, 1))
    quick, slow, asked = both(board(RatioReading(to="best", times=Fraction(30)), Within(), "up", thirds))
    assert quick == slow == [10, 30, 30, 30]
    assert asked
    halves = np.array([[3333, 9999, 9999, 9999]] * 2)
    quick, slow, asked = both(board(RatioReading(to="best", times=Fraction(3, 200)), Within(), "half_up", halves))
    assert quick == slow
    assert quick[0] == Fraction(1, 100)  # 0.005 exactly, up
    assert asked


def test_that_what_no_unit_is_fine_enough_for_is_left_to_the_exact_marks() -> None:
    marks = np.tile(np.arange(1, 9) * 250_000_000, (4, 1))
    reading = RatioReading(to="lowest", times=Fraction(10**9))
    one = board(reading, Within(), "half_up", marks)
    item = one.parts["i"]
    assert isinstance(item, Item)
    assert special_stack(one, item).near is None


def test_that_marks_are_compared_exactly_where_equal_ones_are_left_out() -> None:
    within = Within(method="trimmed", high=1, low=1, above=3, equal="all")
    one = board(RatioReading(to="average", times=Fraction(100)), within, "half_up", np.full((5, 4), 9000))
    item = one.parts["i"]
    assert isinstance(item, Item)
    assert special_stack(one, item).near is None
    assert not sheet_readings.may_be_near(one.scheme.gathering)
