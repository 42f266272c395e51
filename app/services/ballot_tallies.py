"""What may be published of secret ballots: groups with few of them are merged, so that no subtraction tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.facts import BallotBatch, Facts, VoteCount, VoteSession
from app.domain.schemes import Scheme
from app.scoring.board import Board
from app.scoring.membership import Membership
from app.services.ballot_checks import Tally

if TYPE_CHECKING:
    from app.scoring.votes import Meeting


def merged(sizes: Mapping[str, int], minimum: int) -> tuple[tuple[str, ...], ...]:
    """Groups put together until each part has at least ``minimum`` ballots; nothing where all of them have fewer. The
    parts do not overlap, so whatever is added up or subtracted is made of whole parts."""
    parts: list[tuple[int, tuple[str, ...]]] = [(size, (group,)) for group, size in sizes.items() if size]
    while len(parts) > 1 and min(parts)[0] < minimum:
        (few, first), (more, second), *_ = sorted(parts)
        apart = [part for part in parts if part[1] not in (first, second)]
        parts = [*apart, (few + more, tuple(group for group in sizes if group in first + second))]
    return tuple(sorted(groups for size, groups in parts if size >= minimum))


def tallies(scheme: Scheme, facts: Facts, minimum: int) -> tuple[Tally, ...]:
    """A tally for each part; see ``merged``."""
    meetings = _meetings(scheme, facts)
    sizes: Counter[str] = Counter()
    for meeting in meetings:
        if meeting.ballots is not None:
            sizes[meeting.session.group] += meeting.ballots.ballots - meeting.ballots.void
    found: list[Tally] = []
    for groups in merged(sizes, minimum):
        mine = [m.ballots for m in meetings if m.session.group in groups and m.ballots is not None]
        counts: dict[tuple[str, str], Counter[str]] = {}
        for ballots in mine:
            for field, answers in ballots.counts.items():
                counts.setdefault(field, Counter()).update(answers)
        lines = tuple(VoteCount(unit=u, item=i, counts=dict(sorted(c.items()))) for (u, i), c in sorted(counts.items()))
        valid, whole = sum(sizes[g] for g in groups), sum(b.ballots for b in mine)
        found.append(Tally(groups=groups, ballots=whole, valid=valid, counts=lines))
    return tuple(found)


def summed_up(schemes: Sequence[Scheme], facts: Facts) -> Facts:
    """The facts with sums in the place of single ballots: counts of the valid ones, void ones among the invalid."""
    counted: dict[str, VoteSession] = {}
    for scheme in schemes:
        for meeting in Board(scheme, facts, Membership(facts), {}).votes.meetings:
            if meeting.ballots is not None:
                lines = sorted(meeting.ballots.counts.items())
                counts = tuple(VoteCount(unit=u, item=i, counts=dict(sorted(c.items()))) for (u, i), c in lines)
                invalid = meeting.session.invalid + meeting.ballots.void
                counted[meeting.session.id] = replace(meeting.session, counts=counts, invalid=invalid)
    sessions = tuple(counted.get(s.id, s) for s in facts.sessions)
    return replace(facts, ballots=(), sessions=sessions)


def void_ballots(scheme: Scheme, facts: Facts, batch: BallotBatch) -> int:
    """How many ballots of a box the scheme's rules make void, before it is taken in."""
    alone = replace(facts, ballots=(batch,))
    meetings = Board(scheme, alone, Membership(alone), {}).votes.meetings
    return sum(m.ballots.void for m in meetings if m.ballots is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What the scheme makes of a session: why it does not stand, if so; how many ballots it has, how many of them are void,
    and by which rule (name, number). Never which ones."""

    failed: str
    ballots: int = 0
    void: int = 0
    rules: tuple[tuple[str, int], ...] = ()


def standings(scheme: Scheme, facts: Facts) -> dict[str, Standing]:
    """By session id; sessions that are replaced are not there."""
    found: dict[str, Standing] = {}
    for meeting in Board(scheme, facts, Membership(facts), {}).votes.meetings:
        single = meeting.ballots
        found[meeting.session.id] = Standing(
            failed=meeting.failed,
            ballots=single.ballots if single else 0,
            void=single.void if single else 0,
            rules=tuple((rule.name, number) for rule, number in single.broken) if single else (),
        )
    return found


def _meetings(scheme: Scheme, facts: Facts) -> list[Meeting]:
    """The engine's own reading of the ballots: rules of validity, sessions that stand."""
    meetings = Board(scheme, facts, Membership(facts), {}).votes.meetings
    return [m for m in meetings if m.ballots is not None and not m.failed]
