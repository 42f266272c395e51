"""What-if gives the same as computing everything again, after any sequence of changes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import Facts
from app.domain.schemes import Scheme
from app.scoring.board import Board
from app.scoring.live import Live
from app.scoring.marks import pack
from app.scoring.membership import Membership
from app.scoring.outcome import Outcome
from tests.bench.compute_world import make_world

UNITS, RATERS, ITEMS = 8, 20, 60
SCHEME, FACTS = (world := make_world(RATERS, UNITS, ITEMS)).scheme, world.facts


def whole(scheme: Scheme, facts: Facts) -> Outcome:
    return Outcome(Board(scheme, facts, Membership(facts), {}), facts.decisions)


def figures(outcome: Outcome) -> object:
    board = outcome.board
    return outcome.grades, outcome.ranks, [[board.column(p).quantity(u) for p in board.parts] for u in range(UNITS)]


Change = tuple[int, int, int, int | str]
marks = st.tuples(
    st.integers(0, RATERS - 1),
    st.integers(0, UNITS - 1),
    st.integers(0, ITEMS - 1),
    st.integers(0, 10000) | st.sampled_from(["空白", "弃权", "不适用"]),
)


def changed(facts: Facts, changes: list[Change]) -> Facts:
    """The facts with these marks, written anew."""
    blocks = {b.evaluator: b for b in facts.blocks}
    for rater, unit, item, written in changes:
        name = f"E{rater:04d}"
        block = blocks[name]
        codes = bytearray(block.values)
        single, refused = pack(SCHEME, name, {f"U{unit:04d}": {f"i{item}": value(written)}})
        assert not refused
        code = int.from_bytes(single.values[item * 4 : item * 4 + 4], "little", signed=True)
        code = code + 2**31 - 2**15 if code < -(2**30) else code
        at = (unit * ITEMS + item) * 2
        codes[at : at + 2] = code.to_bytes(2, "little", signed=True)
        blocks[name] = replace(block, values=bytes(codes))
    return replace(facts, blocks=tuple(blocks.values()))


def value(written: int | str) -> Fraction | str:
    return Fraction(written, 100) if isinstance(written, int) else written


@given(st.lists(marks, min_size=1, max_size=4))
def test_that_changed_marks_come_to_the_same_as_a_full_evaluation(changes: list[Change]) -> None:
    live = Live(whole(SCHEME, FACTS))
    for rater, unit, item, written in changes:
        outcome = live.remarked(f"E{rater:04d}", f"U{unit:04d}", f"i{item}", value(written))
    assert figures(outcome) == figures(whole(SCHEME, changed(FACTS, changes)))


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(1, 40)), min_size=1, max_size=3))
def test_that_changed_weights_come_to_the_same_as_a_full_evaluation(changes: list[tuple[int, int]]) -> None:
    live, scheme = Live(whole(SCHEME, FACTS)), SCHEME
    for part, weight in changes:
        children = list(scheme.tree.children)
        children[part] = replace(children[part], weight=Fraction(weight))
        scheme = replace(scheme, tree=replace(scheme.tree, children=tuple(children)))
        outcome = live.reschemed(scheme)
    assert figures(outcome) == figures(whole(scheme, FACTS))


def test_that_a_change_of_the_gathering_is_computed_anew() -> None:
    scheme = replace(
        SCHEME, gathering=replace(SCHEME.gathering, within=replace(SCHEME.gathering.within, method="median"))
    )
    assert figures(Live(whole(SCHEME, FACTS)).reschemed(scheme)) == figures(whole(scheme, FACTS))


def test_that_the_facts_stay_as_they_are() -> None:
    before = figures(whole(SCHEME, FACTS))
    Live(whole(SCHEME, FACTS)).remarked("E0001", "U0001", "i1", Fraction(1))
    assert figures(whole(SCHEME, FACTS)) == before


def test_that_a_mark_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(ValueError, match="不能作为"):
        Live(whole(SCHEME, FACTS)).remarked("E0001", "U0001", "i1", "九十")
