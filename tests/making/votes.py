"""Random meetings, counted or with single ballots."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.facts import BallotBatch, VoteCount, VoteSession
from app.domain.schemes import Item, LevelsReading, Scheme, VotesSource, items_of
from tests.making.dice import Dice


def votes(d: Dice, scheme: Scheme, units: Sequence[str]) -> tuple[list[VoteSession], list[BallotBatch]]:
    voted = [i for i in items_of(scheme) if isinstance(i.source, VotesSource) and not i.source.ballot_of]
    sessions: list[VoteSession] = []
    batches: list[BallotBatch] = []
    periods = sorted({p for i in voted for p in (i.periods.names if i.periods else ("",))})
    for group in [g.id for g in scheme.groups] or [""]:
        for period in periods:
            items = [i for i in voted if period in (i.periods.names if i.periods else ("",))]
            for _ in range(d.pick((0, 1, 1, 1, 2))):
                one, batch = meeting(d, f"{scheme.id}-{len(sessions)}", scheme, group, period, items, units, sessions)
                sessions.append(one)
                batches += [batch] if batch else []
    return sessions, batches


def answer(d: Dice, item: Item, empty: int) -> str:
    if d.chance(empty):
        return ""
    if isinstance(item.reading, LevelsReading):
        return d.pick(item.reading.levels).id
    return d.pick(("10", "8", "8", "9.5", "7"))


def meeting(
    d: Dice,
    id: str,
    scheme: Scheme,
    group: str,
    period: str,
    items: Sequence[Item],
    units: Sequence[str],
    earlier: Sequence[VoteSession],
) -> tuple[VoteSession, BallotBatch | None]:
    batch = None
    counts: tuple[VoteCount, ...] = ()
    spoilt = d.number(0, 2)
    if d.wants("single ballots", 80, 50):
        cells = [i for _ in units for i in items]
        ballots = tuple(sorted(tuple(answer(d, i, 6) for i in cells) for _ in range(d.number(2, 6))))
        batch = BallotBatch(session=id, units=tuple(units), items=tuple(i.id for i in items), ballots=ballots)
        returned = len(ballots) + spoilt
    else:
        returned = d.number(3, 12)
        counts = tuple(
            VoteCount(unit=u, item=i.id, counts=counted(d, i, returned - min(spoilt, returned)))
            for u in units
            for i in items
            if d.chance(90)
        )
    issued = max(0, returned + d.pick((0, 0, 1, 2, -1)))
    present = issued + d.pick((0, 0, 1))
    expected = present + d.pick((0, 0, 1, 4))
    if d.wants("figures not recorded", 50):
        issued, present, expected = d.pick(((0, 0, 0), (issued, 0, 0), (0, present, expected)))
    return VoteSession(
        id=id,
        name=id,
        scheme=scheme.id,
        group=group,
        expected=expected,
        present=present,
        issued=issued,
        returned=returned,
        invalid=min(spoilt, returned),
        replaces=d.pick(earlier).id if earlier and d.chance(10) else "",
        period=period,
        counts=counts,
    ), batch


def counted(d: Dice, item: Item, ballots: int) -> dict[str, int]:
    """Answers of so many ballots, some of them left empty."""
    found: dict[str, int] = {}
    for _ in range(ballots):
        chosen = answer(d, item, 5)
        if chosen:
            found[chosen] = found.get(chosen, 0) + 1
    return found
