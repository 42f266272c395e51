"""Votes of one group for one unit: the counts of its sessions, the denominator, the value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.facts import VoteCount, VoteSession
from app.domain.schemes import Item, LevelsReading, VotesSource
from app.scoring.readings import level_of


@dataclass(frozen=True, slots=True)
class VoteTally:
    """The ballots of one group for one unit and item: answers, points, denominator, value (None: nothing counted)."""

    sessions: tuple[VoteSession, ...]
    counts: dict[str, int]
    points: Fraction
    denominator: int
    value: Fraction | None


def standing_sessions(sessions: Sequence[VoteSession]) -> list[VoteSession]:
    """Sessions that no other one replaces, in order of date and id."""
    replaced = {s.replaces for s in sessions if s.replaces}
    return sorted((s for s in sessions if s.id not in replaced), key=lambda s: (s.date, s.id))


def tally_votes(item: Item, source: VotesSource, sessions: Sequence[VoteSession], unit: str) -> VoteTally:
    """The counts of one group (its standing sessions) for one unit."""
    reading = item.reading
    found = [(s, c) for s in sessions for c in s.counts if c.unit == unit and c.item == item.id]
    counts: dict[str, int] = {}
    for _, count in found:
        for answer, number in count.counts.items():
            counts[answer] = counts.get(answer, 0) + number
    if not isinstance(reading, LevelsReading):
        return VoteTally((), counts, Fraction(0), 0, None)
    pointed = {a: level_of(reading, a) for a in counts}
    points = sum((lv.points * counts[a] for a, lv in pointed.items() if lv and lv.points is not None), Fraction(0))
    denominator = _denominator(source, found, counts, reading)
    value = points / denominator if denominator > 0 else None
    return VoteTally(tuple(s for s, _ in found), counts, points, denominator, value)


def _denominator(
    source: VotesSource,
    found: Sequence[tuple[VoteSession, VoteCount]],
    counts: Mapping[str, int],
    reading: LevelsReading,
) -> int:
    outside = sum(counts.get(lv.id, 0) for lv in reading.levels if lv.points is None)
    if source.denominator == "answers":
        return sum(counts.get(lv.id, 0) for lv in reading.levels) - outside
    sessions = [s for s, _ in found]
    whole = {
        "valid": sum(s.returned - s.invalid for s in sessions),
        "returned": sum(s.returned for s in sessions),
        "issued": sum(s.issued for s in sessions),
        "present": sum(s.present for s in sessions),
    }[source.denominator]
    return whole - outside
