"""What-if gives the same as computing everything again, after any sequence of changes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import Facts, MarkBlock
from app.domain.schemes import Item, LevelsReading, Node, Part, Scheme, sheet_items
from app.scoring.board import Board
from app.scoring.engine import evaluate
from app.scoring.live import Live
from app.scoring.marks import codes_of, encode, pack
from app.scoring.membership import Membership
from app.scoring.outcome import Outcome
from tests import worlds
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


# ---- any scheme


def everything(outcome: Outcome) -> object:
    """Grades, ranks and every quantity, those before a normalisation too."""
    board = outcome.board
    before = [f"before:{p.id}" for p in board.parts.values() if p.normalisation]
    names = [*board.parts, "total", "zero_items", *before]
    places = range(len(board.units))
    return outcome.grades, outcome.ranks, {n: [board.column(n).quantity(i) for i in places] for n in names}


def with_mark(facts: Facts, block: MarkBlock, unit: str, item: Item, written: Fraction | str) -> Facts:
    """The facts with one mark of one block written anew."""
    at = block.items.index(item.id)
    codes = codes_of(block).copy()
    codes[block.units.index(unit), at] = encode(item, written, block.digits[at])
    new = replace(block, values=codes.astype("<i4").tobytes(), width=4)
    return replace(facts, blocks=tuple(new if b is block else b for b in facts.blocks))


def with_other_figures(random: Random, part: Part) -> Part:
    """The part with some weights and full points changed, here and below."""
    if random.random() < 0.3:
        part = replace(part, weight=Fraction(random.randint(1, 40)))
    if random.random() < 0.2 and part.points is not None:
        part = replace(part, points=Fraction(random.randint(1, 120)))
    if random.random() < 0.1:
        part = replace(part, name="改名")
    if isinstance(part, Node):
        part = replace(part, children=tuple(with_other_figures(random, c) for c in part.children))
    return part


def some_mark(random: Random, item: Item) -> Fraction | str:
    if random.random() < 0.5:
        return random.choice(["空白", "弃权", "不适用", "回避"])
    if isinstance(item.reading, LevelsReading):
        return random.choice(item.reading.levels).id
    return Fraction(random.randint(-10, 120))


def check_what_if(seed: int) -> None:
    """Three changes, one after the other, of every scheme of a random world."""
    random = Random(seed)
    schemes, facts = worlds.make_world(random)
    evaluation = evaluate(schemes, facts)
    for scheme in schemes:
        live, now, changed = Live(evaluation.outcomes[scheme.id]), scheme, facts
        items = sheet_items(scheme)
        for _ in range(3):
            known = {e.code for e in live.outcome.board.table.evaluators}
            blocks = [b for b in changed.blocks if b.scheme == scheme.id and b.evaluator in known and b.items]
            spots = [(b, u, i) for b in blocks for u in b.units for i in items if i.id in b.items]
            spots = [(b, u, i) for b, u, i in spots if u in live.outcome.board.place]
            if spots and random.random() < 0.6:
                block, unit, item = random.choice(spots)
                written = some_mark(random, item)
                changed = with_mark(changed, block, unit, item, written)
                outcome = live.remarked(block.evaluator, unit, item.id, written)
            else:
                tree = with_other_figures(random, now.tree)
                assert isinstance(tree, Node)
                now = replace(now, tree=tree)
                outcome = live.reschemed(now)
            whole_year = evaluate([now if s.id == scheme.id else s for s in schemes], changed)
            assert (seed, everything(outcome)) == (seed, everything(whole_year.outcomes[scheme.id]))


def test_that_what_if_equals_a_full_evaluation_whatever_the_scheme() -> None:
    for seed in range(60):
        check_what_if(seed)


@pytest.mark.release
def test_that_what_if_equals_a_full_evaluation_in_two_thousand_worlds() -> None:
    for seed in range(1000, 3000):
        check_what_if(seed)
