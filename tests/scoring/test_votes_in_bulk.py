"""Votes of all units at once say what the tally of each unit says, which the explanation shows."""

from __future__ import annotations

from random import Random

import pytest

from app.domain.schemes import VotesSource, items_of
from app.scoring.engine import evaluate
from app.scoring.shares import gathering_of, groups_in
from app.scoring.votes import looks_at_answers
from tests.worlds import make_world


@pytest.mark.parametrize("start", [2000, 2400])
def test_that_votes_in_bulk_are_the_tallies_of_each_unit(start: int) -> None:
    seen = blocked = empty = 0
    for seed in range(start, start + 400):
        schemes, facts = make_world(Random(seed))
        for outcome in evaluate(schemes, facts).outcomes.values():
            board = outcome.board
            for item in items_of(board.scheme):
                gathering = gathering_of(board.scheme, item)
                if not isinstance(item.source, VotesSource) or looks_at_answers(gathering.within):
                    continue
                points = [board.own(item, place).points for place in range(len(board.units))]
                for period in item.periods.names if item.periods else (None,):
                    for group in groups_in(board.scheme, gathering):
                        votes = board.votes.of_all(item, item.source, group, points, period, None)
                        tallies = [board.votes_of(item, item.source, group, u, period) for u in board.units]
                        assert votes.valued.tolist() == [t.value is not None for t in tallies]
                        assert votes.counted.tolist() == [t.counted for t in tallies]
                        assert votes.blocked.tolist() == [bool(t.blocked) for t in tallies]
                        assert [votes.value.at(i) for i in range(len(tallies))] == [t.value or 0 for t in tallies]
                        seen += sum(t.value is not None for t in tallies)
                        blocked += sum(bool(t.blocked) for t in tallies)
                        empty += sum(t.value is None for t in tallies)
    assert min(seen, blocked, empty) > 10
