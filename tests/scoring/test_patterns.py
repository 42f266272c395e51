"""Lanes by their patterns of states, however many parts a node has."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from app.domain.quantities import Quantity, State
from app.domain.schemes import Item, Node, OfficeSource
from app.scoring.columns import Column
from app.scoring.patterns import patterns
from app.scoring.tree import join_columns, plan_join


@pytest.mark.parametrize("rows", [0, 1, 5, 30, 45, 90])
def test_that_every_lane_has_the_pattern_that_its_states_make(rows: int) -> None:
    chance = np.random.default_rng(rows)
    states = [chance.integers(0, 4, 300).astype(np.int8) if n % 3 else None for n in range(rows)]
    number, found = patterns(states, 300)
    for lane in range(300):
        assert found[number[lane]] == tuple(0 if row is None else row[lane] for row in states)
    assert len(set(found)) == len(found) == len(set(number.tolist()))


def test_that_no_lanes_have_no_patterns() -> None:
    number, found = patterns([None, np.zeros(0, np.int8)], 0)
    assert (len(number), found) == (0, [])


@pytest.mark.parametrize("missing", [(0,), (0, 1), (0, 30, 59)])
def test_that_a_node_of_sixty_parts_takes_the_first_ones_state_for_what_it_is(missing: tuple[int, ...]) -> None:
    children = tuple(
        Item(id=f"c{i}", name=f"c{i}", points=Fraction(1), source=OfficeSource(), not_applicable="renormalise")
        for i in range(60)
    )
    node = Node(id="n", name="n", points=Fraction(60), children=children)
    columns = [Column.of([Quantity.of(1), Quantity.of(1)]) for _ in children]
    for place in missing:
        columns[place] = Column.of([Quantity.not_applicable("x"), Quantity.of(1)])
    found = join_columns(node, columns, lambda states: plan_join(node, states))
    assert [found.quantity(i).value for i in (0, 1)] == [60, 60]
    columns[1] = Column.of([Quantity.no_result("x"), Quantity.of(1)])
    found = join_columns(node, columns, lambda states: plan_join(node, states))
    assert found.quantity(0).state is State.NO_RESULT
    assert found.quantity(0).reason == "“c1”没有结果"
