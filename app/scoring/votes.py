"""Votes of one scheme: which sessions count, their answers (out of single ballots too), and what a group comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np

from app.domain.facts import Facts, VoteSession
from app.domain.findings import Finding, Severity
from app.domain.schemes import Item, LevelsReading, Rounding, Scheme, VotesSource, Within
from app.scoring.ballots import BallotCount, count_ballots
from app.scoring.readings import Given, level_of, read_value
from app.scoring.sources import gather_integers
from app.scoring.validity import Ground, number_of
from app.scoring.vote_columns import Ballots, Votes, ballots_on, votes_of_all
from app.scoring.voting import why_failed

_VALUES = ("trimmed", "median", "best", "lowest")


def looks_at_answers(within: Within) -> bool:
    """Whether the way of gathering asks for the single answers, and not only for their sum."""
    return within.method in _VALUES


@dataclass(frozen=True, slots=True)
class Meeting:
    """A standing session: the ballots it counted singly (None: it brought counts), why it does not stand, if so."""

    session: VoteSession
    ballots: BallotCount | None
    failed: str

    @property
    def invalid(self) -> int:
        """Invalid ballots: those stated, and those that the rules made void."""
        return self.session.invalid + (self.ballots.void if self.ballots else 0)


class VoteTally(NamedTuple):
    """The ballots of one group for one unit and item.

    meetings: those with counts for it that stand; left_out: those that do not. points: Σ answers × points; outside:
    answers that are not counted; whole: the ballots (or voters) before these are taken off; denominator: what is
    divided by (None: nothing is). counted: what the group weighs by its ballots. value: None when there is none.
    blocked: why the item has no result whatever the other groups say.
    """

    meetings: tuple[Meeting, ...]
    left_out: tuple[Meeting, ...]
    counts: dict[str, int]
    points: Fraction
    outside: int
    whole: int
    denominator: int | None
    counted: int
    value: Fraction | None
    blocked: str = ""


def standing_sessions(sessions: Sequence[VoteSession]) -> list[VoteSession]:
    """Sessions that no other one replaces, in order of date and id."""
    replaced = {s.replaces for s in sessions if s.replaces}
    return sorted((s for s in sessions if s.id not in replaced), key=lambda s: (s.date, s.id))


class VoteBook:
    """All votes under one scheme."""

    def __init__(self, scheme: Scheme, facts: Facts, ground: Ground) -> None:
        self.scheme, self.units = scheme, ground.units
        singly = count_ballots(scheme, facts, ground)
        self.meetings = tuple(
            _meeting(scheme, session, singly.get(session.id))
            for session in standing_sessions(facts.sessions)
            if session.scheme == scheme.id
        )
        self._worths: dict[tuple[str, Fraction | None], Worth] = {}
        self._found: dict[tuple[str, str, str], list[tuple[Meeting, Mapping[str, int]]]] = {}
        self._ballots: dict[tuple[str, str, str | None], Ballots] = {}
        for meeting in self.meetings:
            for (unit, item), counts in _counts_of(meeting).items():
                self._found.setdefault((meeting.session.group, unit, item), []).append((meeting, counts))

    def tally(
        self,
        item: Item,
        source: VotesSource,
        within: Within,
        group: str,
        unit: str,
        full: Fraction | None = None,
        period: str | None = None,
    ) -> VoteTally:
        """The ballots of one group for one unit. full: the item's full points for it. period: only sessions of this
        period (None: all of them)."""
        name = source.ballot_of or item.id
        found = [
            (meeting, counts)
            for meeting, counts in self._found.get((group, unit, name), [])
            if period is None or meeting.session.period == period
        ]
        standing = [(m, c) for m, c in found if not m.failed]
        failed = tuple(m for m, _ in found if m.failed)
        counts: dict[str, int] = {}
        for _, answers in standing:
            for answer, number in answers.items():
                counts[answer] = counts.get(answer, 0) + number
        meetings = tuple(m for m, _ in standing)
        blocked = ""
        if failed and self.scheme.voting.failed == "block":
            why = "；".join(f"“{m.session.name}”不成立：{m.failed}" for m in failed)
            blocked = f"{why}，方案规定重新投票之前没有结果"
        worth = self._worth(item, full)
        return _tallied(source, within, meetings, failed, counts, worth, blocked or worth.unreadable)

    def of_all(
        self,
        item: Item,
        source: VotesSource,
        group: str,
        points: Sequence[Fraction | None],
        period: str | None,
        rounding: Rounding | None,
    ) -> Votes:
        """The same for all units at once, the values rounded; only for ways of gathering that do not look at single
        answers (``looks_at_answers``). points: the item's full points for each unit."""
        name = source.ballot_of or item.id
        key = (group, name, period)
        if key not in self._ballots:
            found = [self._found.get((group, u.code, name), []) for u in self.units]
            if period is not None:
                found = [[(m, c) for m, c in one if m.session.period == period] for one in found]
            self._ballots[key] = ballots_on(found)
        ballots = self._ballots[key]
        places: dict[Fraction | None, list[int]] = {}
        for place, full in enumerate(points):
            places.setdefault(full, []).append(place)
        worths = [(np.array(p, dtype=np.int64), self._worth(item, full)) for full, p in places.items()]
        wholes = [_whole(source, m) if source.denominator != "answers" else 0 for m, _ in ballots.meetings]
        return votes_of_all(ballots, source, worths, wholes, self.scheme.voting.failed == "block", rounding)

    def _worth(self, item: Item, full: Fraction | None) -> Worth:
        key = (item.id, full)
        if key not in self._worths:
            self._worths[key] = Worth(item, full)
        return self._worths[key]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Sessions that do not stand, and how many ballots were void by which rule."""
        return tuple(f for meeting in self.meetings for f in _findings(meeting, self.scheme))


def _meeting(scheme: Scheme, session: VoteSession, ballots: BallotCount | None) -> Meeting:
    return Meeting(session, ballots, why_failed(scheme.voting, session, ballots.void if ballots else 0))


def _counts_of(meeting: Meeting) -> dict[tuple[str, str], dict[str, int]]:
    """(unit, item) → answers: out of the single ballots where there are any, else as the session states them."""
    if meeting.ballots is not None:
        return meeting.ballots.counts
    found: dict[tuple[str, str], dict[str, int]] = {}
    for line in meeting.session.counts:
        before = found.get((line.unit, line.item))
        now = Counter(before) + Counter(line.counts) if before else {a: n for a, n in line.counts.items() if n > 0}
        found[line.unit, line.item] = dict(now)
    return found


class Worth:
    """What the answers to an item are worth, each looked up once. unreadable: why none of them can be read."""

    def __init__(self, item: Item, full: Fraction | None) -> None:
        self.item = item
        self.full = full
        self.unreadable = _unreadable(item, full)
        levels = item.reading.levels if isinstance(item.reading, LevelsReading) else ()
        self.outside = frozenset(level.id for level in levels if level.points is None)
        self._known: dict[str, Fraction | None] = {}

    def of(self, answer: str) -> Fraction | None:
        """None for an answer outside the count, or that the item does not know."""
        if answer not in self._known:
            self._known[answer] = answer_points(self.item, answer, self.full)
        return self._known[answer]


def _tallied(
    source: VotesSource,
    within: Within,
    meetings: tuple[Meeting, ...],
    failed: tuple[Meeting, ...],
    counts: dict[str, int],
    worths: Worth,
    blocked: str,
) -> VoteTally:
    worth = {a: n for a in counts if (n := worths.of(a)) is not None}
    den = lcm(*(n.denominator for n in worth.values()))
    integers = {a: n.numerator * (den // n.denominator) for a, n in worth.items()}
    points = Fraction(sum(n * counts[a] for a, n in integers.items()), den)
    answered = counted = sum(counts[a] for a in worth)
    whole = answered if source.denominator == "answers" else _whole(source, meetings)
    taken = 0 if source.denominator in ("answers", "none") else sum(counts.get(a, 0) for a in worths.outside)
    divisor: int | None = None
    value: Fraction | None = None
    if looks_at_answers(within):
        values = [n for a, n in integers.items() for _ in range(counts[a])]
        value = gather_integers(values, den, within) if values else None
    elif source.denominator == "none":
        value = points if meetings else None
    else:
        divisor = whole - taken
        counted = max(divisor, 0)
        value = Fraction(points.numerator, points.denominator * divisor) if divisor > 0 else None
    if blocked:
        value = None
    return VoteTally(meetings, failed, counts, points, taken, whole, divisor, counted, value, blocked)


def answer_points(item: Item, answer: str, full: Fraction | None) -> Fraction | None:
    """What an answer is worth; None for one outside the count, or that the item does not know."""
    if isinstance(item.reading, LevelsReading):
        level = level_of(item.reading, answer)
        return level.points if level else None
    number = number_of(answer)
    return None if number is None else read_value(item.reading, number, Given(points=full)).value


def _unreadable(item: Item, full: Fraction | None) -> str:
    if isinstance(item.reading, LevelsReading):
        return ""
    return read_value(item.reading, Fraction(0), Given(points=full)).reason if item.reading.kind == "direct" else ""


def _whole(source: VotesSource, meetings: Sequence[Meeting]) -> int:
    """The denominator of all sessions, before answers outside the count are taken off."""
    if source.denominator == "none":
        return 0
    if source.denominator == "valid":
        return sum(m.session.returned - m.invalid for m in meetings)
    return sum(getattr(m.session, source.denominator) for m in meetings)


# ---- findings


def _findings(meeting: Meeting, scheme: Scheme) -> list[Finding]:
    found: list[Finding] = []
    session, ballots = meeting.session, meeting.ballots
    if ballots is not None and ballots.void:
        names = "、".join(f"“{rule.name}”{number} 张" for rule, number in ballots.broken)
        message = f"“{session.name}”有 {ballots.void} 张选票无效，不计入：不符合{names}"
        found.append(Finding("V-BALLOTS", session.name, message, "请核对；不必改动选票", Severity.WARNING))
    if meeting.failed:
        then = "用到它的指标没有结果" if scheme.voting.failed == "block" else "整次不算"
        message = f"“{session.name}”不成立：{meeting.failed}；{then}"
        step = "请核对会议记录；重新投票的，在新的会议上写明取代这一次"
        found.append(Finding("V-SESSION", session.name, message, step, Severity.WARNING))
    return found
