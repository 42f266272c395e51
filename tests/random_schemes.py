"""Random schemes: every setting of the language, small in size (the parts are made in tests/making)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from app.domain.readings import looks_across
from app.domain.schemes import Ladder, Rounding, RoundingStages, Scheme, VotesSource, full_points, items_of, sheet_items
from tests.making import gatherings, ladders
from tests.making.dice import Dice
from tests.making.sources import KINDS, LEVELS
from tests.making.trees import TreeMaker

__all__ = ["make_scheme", "make_schemes", "schemes", "schemes_of"]


def make_scheme(d: Dice, id: str, level: str, others: Sequence[Scheme]) -> Scheme:
    """One scheme; ``others`` are those whose results it may use."""
    groups = ladders.groups(d)
    maker = TreeMaker(d, id, level, others, groups, ("g0", "g1"))
    tree = maker.node("root", 0)
    also = list(maker.done)
    measures = tuple(maker.measure(n) for n in range(d.number(0, 2)))
    chain = [*maker.known(), "zero_items"]
    ranking = ladders.ranking(d, chain, [*also, *(m.id for m in measures)])
    named = [*chain, "total", "rank", "rank_from_last", *(f"rank:{n}" for n in ranking.also)]
    grades = ladders.grades(d, full_points(tree) or Fraction(10), named)
    scheme = Scheme(
        id=id,
        name=id,
        year=2026,
        level=level,
        groups=groups,
        gathering=gatherings.gathering(d, groups),
        voting=ladders.voting(d),
        tree=tree,
        measures=measures,
        rounding=RoundingStages(
            group=d.rounding(20),
            item=d.rounding(20),
            node=d.rounding(20),
            total=d.rounding(20),
            shown=d.rounding(100) or Rounding(),
        ),
        ranking=ranking,
        ladder=Ladder(grades=grades, on=d.pick(("exact", "shown"))),
        event_kinds=tuple(ladders.event_kind(d, k) for k in KINDS),
        adjustments=tuple(ladders.adjustment(d, n, grades, named) for n in range(ladders.how_many_adjustments(d))),
        stacking=ladders.stacking(d),
    )
    return with_rules(d, scheme)


def with_rules(d: Dice, scheme: Scheme) -> Scheme:
    """Rules for the ballots and sheets, once it is known what stands on them."""
    voted = [i for i in items_of(scheme) if isinstance(i.source, VotesSource) and not i.source.ballot_of]
    fields = {name: getattr(scheme, name) for name in Scheme.__slots__}
    asked = [*sheet_items(scheme), *voted]
    # what a sheet's own validity is judged by must not wait for what valid sheets come to
    waiting = any(looks_across(i.reading) or any(b.when for b in getattr(i.reading, "bands", ())) for i in asked)
    fields["validity"] = ladders.validity(d, asked, not waiting, [g.id for g in scheme.groups])
    return Scheme(**fields)


def make_schemes(random: Random) -> tuple[Scheme, ...]:
    """Some schemes by themselves."""
    return schemes_of(Dice(random))


def schemes_of(d: Dice) -> tuple[Scheme, ...]:
    """One to three schemes; each may use the results of those before it."""
    levels = d.pick(
        (("low",), ("low",), ("low", "mid"), ("low", "mid"), ("low", "mid", "top"), ("low", "low"), ("mid", "low"))
    )
    found: list[Scheme] = []
    for n, level in enumerate(levels):
        found.append(make_scheme(Dice(d.random, d.themes), f"scheme-{level}{n or ''}", level, tuple(found)))
    return tuple(found)


def schemes() -> st.SearchStrategy[Scheme]:
    """One random scheme of a single level."""
    return st.integers(0, 2**63).map(lambda seed: make_scheme(Dice(Random(seed)), "scheme", LEVELS[0], ()))
