"""Random worlds: schemes, and facts that fit them (made in tests/making)."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from app.domain.facts import Facts
from app.domain.schemes import Scheme
from tests.making.dice import Dice
from tests.making.facts import FactsMaker
from tests.making.votes import votes
from tests.random_schemes import schemes_of

World = tuple[tuple[Scheme, ...], Facts]


def make_facts(d: Dice, schemes: tuple[Scheme, ...]) -> Facts:
    """Facts that fit the schemes."""
    maker = FactsMaker(d, schemes)
    meetings = [votes(d, s, maker.of_level(s)) for s in schemes]
    return Facts(
        units=maker.units,
        evaluators=maker.evaluators,
        assignments=maker.assignments(),
        blocks=maker.blocks(),
        sessions=tuple(x for sessions, _ in meetings for x in sessions),
        ballots=tuple(x for _, batches in meetings for x in batches),
        events=maker.events(),
        office_marks=tuple(m for s in schemes for m in maker.office_marks(s)),
        exemptions=tuple(x for s in schemes for x in maker.exemptions(s)),
        decisions=tuple(x for s in schemes for x in maker.decisions(s)),
        earlier=tuple(x for s in schemes for x in maker.earlier(s)),
    )


def make_world(random: Random) -> World:
    """Schemes and facts that fit them."""
    d = Dice(random)
    schemes = schemes_of(d)
    return schemes, make_facts(Dice(random, d.themes), schemes)


def worlds() -> st.SearchStrategy[World]:
    """Random worlds: half of them evenly spread, half made so that a failing one is shrunk choice by choice."""
    spread = st.integers(0, 2**63).map(lambda seed: make_world(Random(seed)))
    return st.one_of(spread, st.randoms(use_true_random=False).map(make_world))
