"""Votes of meetings: which meetings count, what their ballots say, and the value of an item out of them."""

from __future__ import annotations

from fractions import Fraction

from tests.scoring.naive.arithmetic import NONE, rounded, together
from tests.scoring.naive.groups import MISSING, gathered
from tests.scoring.naive.readings import read


def item_from_votes(world, scheme, item, unit, period):
    gathering = item.gathering or scheme.gathering
    counted_item = item.source.ballot_of or item.id

    def group_value(group):
        answers, below, blocked = [], 0, False
        found = False
        for session in sessions(world, scheme, group, period):
            counts = session_counts(world, scheme, session).get((unit.code, counted_item))
            if counts is None:
                continue
            if not holds_good(world, scheme, session):
                blocked = blocked or scheme.voting.failed == "block"
                continue
            found = True
            here, outside = answer_points(world, scheme, item, unit, counts)
            answers += here
            below += ballots_of(world, scheme, session, item.source.denominator, len(here), outside)
        if blocked or NONE in answers:
            return NONE, 0
        if gathering.within.method not in ("mean", "sum"):
            below = len(answers)
            value = together(answers, gathering.within) if answers else MISSING
        elif item.source.denominator == "none":
            value = sum(answers, Fraction(0)) if found else MISSING
        else:
            value = sum(answers, Fraction(0)) / below if below > 0 else MISSING
        return (MISSING, 0) if value == MISSING else (rounded(value, scheme.rounding.group), below)

    return gathered(scheme, gathering, unit, group_value)


def sessions(world, scheme, group, period):
    """The meetings of the group that no other meeting stands instead of."""
    replaced = {s.replaces for s in world.facts.sessions if s.replaces}
    return [
        s
        for s in world.facts.sessions
        if s.scheme == scheme.id
        and s.group == (group.id if group else "")
        and s.period == period
        and s.id not in replaced
    ]


def answer_points(world, scheme, item, unit, counts):
    """The points of every single answer, and how many answers are outside the count."""
    points, outside = [], 0
    for answer, number in counts.items():
        worth = read(world.view(scheme, item, unit), item.reading, raw_answer(item, answer))
        if worth is None:
            outside += number
        else:
            points += [worth] * number
    return points, outside


def raw_answer(item, answer):
    return answer if item.reading.kind == "levels" else Fraction(answer)


def ballots_of(world, scheme, session, denominator, answers, outside):
    """What one meeting adds to the denominator."""
    if denominator in ("answers", "none"):
        return answers
    base = {
        "valid": session.returned - invalid(world, scheme, session),
        "returned": session.returned,
        "issued": session.issued,
        "present": session.present,
        "expected": session.expected,
    }
    return base[denominator] - outside


def batches(world, session):
    return [b for b in world.facts.ballots if b.session == session.id]


def good_ballots(world, scheme, batch):
    """The ballots of the batch that every rule leaves valid, as (unit, item) → answer ("" for none)."""
    cells = [(u, i) for u in batch.units for i in batch.items]
    ballots = [dict(zip(cells, ballot, strict=True)) for ballot in batch.ballots]
    group = next(s.group for s in world.facts.sessions if s.id == batch.session)
    return [b for b in ballots if world.valid_ballot(scheme, b, group)]


def invalid(world, scheme, session):
    """Ballots that were invalid on return, and those that the rules make invalid."""
    void = sum(len(b.ballots) - len(good_ballots(world, scheme, b)) for b in batches(world, session))
    return session.invalid + void


def session_counts(world, scheme, session):
    """(unit, item) → answer → number of ballots."""
    found = {}
    for count in session.counts:
        found[count.unit, count.item] = dict(count.counts)
    for batch in batches(world, session):
        for unit in batch.units:
            for item in batch.items:
                found.setdefault((unit, item), {})
        for ballot in good_ballots(world, scheme, batch):
            for cell, answer in ballot.items():
                if answer != "":
                    found[cell][answer] = found[cell].get(answer, 0) + 1
    return found


def holds_good(world, scheme, session):
    """Whether the meeting has its quorum, its ballots are back, and few enough are invalid."""
    rules = scheme.voting

    def enough(part, whole, percent, more):
        if percent is None or whole == 0:
            return True
        return part * 100 > whole * percent if more else part * 100 >= whole * percent

    if not enough(session.present, session.expected, rules.present, rules.present_more):
        return False
    if not enough(session.returned, session.issued, rules.returned, rules.returned_more):
        return False
    void = invalid(world, scheme, session)
    if rules.invalid is not None and session.returned > 0 and void * 100 > session.returned * rules.invalid:
        return False
    return not (rules.more_returned == "void" and session.issued > 0 and session.returned > session.issued)
