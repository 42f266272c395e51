"""Votes of a group on all units at once, where the way of gathering needs no single answers: what ``VoteBook.tally``
says of each unit, in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from app.domain.schemes import Rounding, VotesSource
from app.scoring.exact import SAFE, Exact, Integers
from app.scoring.tables import Flags

if TYPE_CHECKING:
    from app.scoring.votes import Meeting, Worth


@dataclass(frozen=True)
class Ballots:
    """The standing ballots of a group on one item: numbers[unit, answer], and which combination of meetings each unit
    has (those that stand, those that do not)."""

    answers: tuple[str, ...]
    numbers: Integers
    which: Integers
    meetings: tuple[tuple[tuple[Meeting, ...], tuple[Meeting, ...]], ...]


def ballots_on(units: Sequence[Sequence[tuple[Meeting, Mapping[str, int]]]]) -> Ballots:
    """From each unit's meetings with their answers."""
    answers: dict[str, int] = {}
    known: dict[tuple[int, ...], int] = {}
    combinations: list[tuple[tuple[Meeting, ...], tuple[Meeting, ...]]] = []
    which: list[int] = []
    cells: list[tuple[int, int, int]] = []
    for place, found in enumerate(units):
        key = tuple(id(meeting) for meeting, _ in found)
        if key not in known:
            known[key] = len(combinations)
            standing = tuple(m for m, _ in found if not m.failed)
            combinations.append((standing, tuple(m for m, _ in found if m.failed)))
        which.append(known[key])
        for meeting, counts in found:
            if not meeting.failed:
                cells += [(place, answers.setdefault(a, len(answers)), n) for a, n in counts.items()]
    numbers = np.zeros((len(units), len(answers)), np.int64)
    if cells:
        where, answer, number = np.array(cells, dtype=np.int64).T
        np.add.at(numbers, (where, answer), number)
    return Ballots(tuple(answers), numbers, np.array(which, dtype=np.int64), tuple(combinations))


@dataclass(frozen=True)
class Votes:
    """What a group comes to, unit by unit: where there is a value, what it weighs by its ballots, where it has no
    result whatever the other groups say, and the value (0 where there is none)."""

    valued: Flags
    counted: Integers
    blocked: Flags
    value: Exact


def votes_of_all(
    ballots: Ballots,
    source: VotesSource,
    worths: Sequence[tuple[Integers, Worth]],
    wholes: Sequence[int],
    blocks: bool,
    rounding: Rounding | None,
) -> Votes:
    """The group's values. worths: the units' places by what the answers are worth for them; wholes: the denominator of
    each combination of meetings, before answers outside the count are taken off; blocks: a vote that does not stand
    leaves no result."""
    tables = [(where, worth, [worth.of(a) for a in ballots.answers]) for where, worth in worths]
    den = lcm(1, *(p.denominator for _, _, points in tables for p in points if p is not None))
    units = len(ballots.which)
    total, answered, taken = np.zeros(units, object), np.zeros(units, np.int64), np.zeros(units, np.int64)
    blocked = np.array([bool(failed) and blocks for _, failed in ballots.meetings], np.bool_)[ballots.which]
    for where, worth, points in tables:
        numbers = ballots.numbers[where]
        total[where] = _sums(numbers, [0 if p is None else p.numerator * (den // p.denominator) for p in points])
        answered[where] = numbers @ np.array([p is not None for p in points], np.int64)
        taken[where] = numbers @ np.array([a in worth.outside for a in ballots.answers], np.int64)
        blocked[where] |= bool(worth.unreadable)
    if source.denominator == "none":
        valued = np.array([bool(standing) for standing, _ in ballots.meetings], np.bool_)[ballots.which]
        counted = answered
        divisor = np.ones(units, np.int64)
    else:
        whole = answered if source.denominator == "answers" else np.array(wholes, np.int64)[ballots.which]
        divisor = whole if source.denominator == "answers" else whole - taken
        valued, counted = divisor > 0, np.maximum(divisor, 0)
    valued = valued & ~blocked
    num = np.where(valued, total, 0)
    exact = Exact(num.astype(np.int64) if abs(num).max(initial=0) < SAFE else num, den)
    return Votes(valued, counted, blocked, exact.divided(np.where(valued, divisor, 1), rounding))


def _sums(numbers: Integers, points: Sequence[int]) -> Integers:
    most = int(numbers.sum(axis=1).max(initial=0)) * max((abs(p) for p in points), default=0)
    kind = np.int64 if most < SAFE else object
    return numbers.astype(kind) @ np.array(points, dtype=kind)
