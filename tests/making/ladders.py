"""Random groups, rankings, ladders with quotas and floors, kinds of events, adjustments, rules of votes and ballots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from app.domain.schemes import (
    Adjustment,
    BallotRule,
    EventAmount,
    EventKind,
    Grade,
    Group,
    Item,
    LevelsReading,
    Quota,
    Ranking,
    Stacking,
    TieBreak,
    Voting,
)
from tests.making.dice import PARTITIONS, Dice
from tests.making.readings import conditions
from tests.making.sources import KINDS

ROLES = ("a", "b", "c")
RELATIONS = ("own", "above", "below", "in_charge", "same_series", "same_level", "other")
CLASSES = ("", "正职", "副职")
SANCTIONS = ("", "警告", "记过")


def groups(d: Dice) -> tuple[Group, ...]:
    return tuple(
        Group(
            id=f"group{n}",
            name=f"组{n}",
            weight=d.weight(1, 30, Fraction(1, 3), 0, 70) or Fraction(n == 0),  # all zero is an error of the scheme
            roles=d.some(ROLES, 40),
            relations=d.some(RELATIONS, 40) if d.chance(25) else (),
            recused=d.some(RELATIONS, 20) if d.chance(25) else (),
        )
        for n in range(d.pick((0, 0, 1, 2, 3)))
    )


def ranking(d: Dice, chain: Sequence[str], also: Sequence[str]) -> Ranking:
    seen = d.pick(("exact", "shown"))
    names = [*chain, "total"] if seen == "shown" else chain
    return Ranking(
        within=d.pick(PARTITIONS) if d.wants("other fields", 100, 30) else d.pick(("series", "series", "level")),
        style=d.pick(("shared", "shared", "shared", "dense", "none")),
        listed=d.pick(("rank", "official")) if d.wants("official order", 100) else "rank",
        on=seen,
        ties=tuple(
            TieBreak(quantity=d.pick(names), order=d.pick(("higher", "lower"))) for _ in range(d.pick((0, 0, 1, 2)))
        ),
        also=tuple(dict.fromkeys(d.pick(also) for _ in range(d.number(1, 2))))
        if also and d.wants("ranks of parts", 100, 25)
        else (),
    )


def grades(d: Dice, full: Fraction, quantities: Sequence[str]) -> tuple[Grade, ...]:
    count = d.pick((2, 3, 3, 4))
    made: list[Grade] = []
    for n in range(count - 1):
        rules = conditions(d, quantities) if d.chance(25) else ()
        places = quota(d) if d.chance(60) else None
        line = Fraction(9 - 3 * n, 10) * full if d.chance(60) or not (rules or places) else None
        made.append(
            Grade(
                id=f"g{n}",
                name=f"档{n}",
                line=line,
                conditions=rules,
                quota=places,
                floor=floor(d, places) if n and d.wants("floors", 50, 30) else None,
            )
        )
    lowest = Grade(id=f"g{count - 1}", name="末档", floor=floor(d, None) if d.wants("floors", 50, 30) else None)
    return without_too_high_floors((*made, lowest))


def without_too_high_floors(ladder: tuple[Grade, ...]) -> tuple[Grade, ...]:
    """Floors of more than a hundred percent together are an error of the scheme."""
    shares = sum(g.floor.share or 0 for g in ladder if g.floor)
    return ladder if shares <= 100 else tuple(replace(g, floor=None) for g in ladder)


def quota(d: Dice, floor: bool = False) -> Quota:
    by_share = d.chance(60)
    bases = ("ranked", "all") if floor else ("ranked", "all", "eligible")
    return Quota(
        share=Fraction(d.pick((0, 20, 25, 30, 50, 75))) if by_share else None,
        count=None if by_share else d.number(1, 5) if floor else d.number(0, 3),
        base="without_vetoed" if d.wants("bases without vetoed", 70, 20) else d.pick(bases),
        rounding=d.pick(("half_up", "floor", "ceiling")),
        at_least=d.pick((0, 0, 0, 1)),
        with_above=d.chance(30),
        ties=d.pick(("decide", "all_in", "none_in")),
        promoted=not d.wants("promoted outside the base", 50, 30),
    )


def floor(d: Dice, ceiling: Quota | None) -> Quota:
    """No more than the ceiling of the same grade."""
    made = quota(d, floor=True)
    if ceiling is None:
        return made
    lower = {"share": ceiling.share, "count": ceiling.count, "at_least": min(made.at_least, ceiling.at_least)}
    return replace(made, with_above=False, rounding=ceiling.rounding, **lower)


def event_kind(d: Dice, id: str) -> EventKind:
    rows: tuple[EventAmount, ...] = ()
    if d.wants("tables of sanctions", 60, 25):
        rows = tuple(
            EventAmount(person_class=d.pick(CLASSES), sanction=d.pick(SANCTIONS), amount=Fraction(d.number(1, 9), 2))
            for _ in range(d.number(1, 3))
        )
    return EventKind(
        id=id,
        name=id,
        amount=Fraction(d.number(1, 6), 2) if d.chance(97) else None,
        table=rows,
        steps=tuple(d.pick((Fraction(1), Fraction(5, 2), Fraction(3), "full")) for _ in range(d.number(1, 3)))
        if d.wants("first, second, third", 70, 35)
        else (),
        factor=d.weight(2, Fraction(1, 3)) if d.wants("factors of kinds", 50) else Fraction(1),
        cap=Fraction(d.number(1, 5)) if d.chance(30) else None,
    )


def how_many_adjustments(d: Dice) -> int:
    return d.number(3, 6) if d.wants("many adjustments", 100, 30) else d.number(0, 3)


def adjustment(d: Dice, n: int, ladder: Sequence[Grade], quantities: Sequence[str]) -> Adjustment:
    effect = d.pick(("bar", "cap", "fix", "down", "down", "down"))
    if d.wants("remarks", 30):
        effect = "remark"
    closed = ladder[:-1] if effect == "bar" else ladder
    by_events = d.chance(70)
    whose = d.pick(("children", "parent", "linked", "linking")) if d.wants("events of others", 60, 25) else "own"
    return Adjustment(
        id=f"adj{n}",
        name=f"作用{n}",
        effect=effect,
        grade="" if effect in ("down", "remark") else d.pick(closed).id,
        steps=d.number(1, 2) if effect == "down" else 1,
        scope=d.pick(("unit", "unit", "unit", "leading_group", "person")),
        events=d.at_least_one(KINDS) if by_events else (),
        events_at_least=d.pick((1, 1, 2)) if by_events else 1,
        events_of=whose if by_events else "own",
        link=d.pick(("", "member")) if by_events and whose in ("linked", "linking") else "",
        year_by=d.pick(("concluded", "occurred")) if by_events and d.wants("dates of adjustments", 60) else "concluded",
        years=2 if by_events and d.wants("dates of adjustments", 60) else 1,
        when=conditions(d, quantities) if not by_events or d.chance(20) else (),
        order=d.pick(("before_quota", "after_quota", "after_quota")),
        freed_place=d.pick(("vacant", "passed_on", "passed_on", "decide")),
        family=d.pick(("", "f1", "f2")),
        evidence_required=d.chance(40),
        approver_required=d.chance(40),
    )


def stacking(d: Dice) -> Stacking:
    return Stacking(
        down=d.pick(("worst", "worst_per_family", "add")),
        at_most=d.number(1, 3) if d.chance(30) else None,
        order="caps_first" if d.wants("caps first", 100, 30) else "down_first",
    )


def voting(d: Dice) -> Voting:
    if not d.wants("quorum", 100, 25):
        return Voting()
    return Voting(
        present=Fraction(d.pick((50, 80, 100))) if d.chance(50) else None,
        present_more=d.chance(50),
        returned=Fraction(d.pick((50, 90, 100))) if d.chance(40) else None,
        returned_more=d.chance(30),
        invalid=Fraction(d.pick((0, 10, 25))) if d.chance(40) else None,
        more_returned=d.pick(("void", "accept")),
        failed=d.pick(("leave_out", "leave_out", "block")),
    )


def validity(d: Dice, asked: Sequence[Item], points_matter: bool, groups: Sequence[str]) -> tuple[BallotRule, ...]:
    """Rules for ballots and sheets on which these items stand; points_matter: also such that look at points."""
    if not asked or not d.wants("rules of ballots", 100, 30):
        return ()
    return tuple(rule(d, n, asked, points_matter, groups) for n in range(d.pick((1, 1, 2))))


def rule(d: Dice, n: int, asked: Sequence[Item], points_matter: bool, groups: Sequence[str]) -> BallotRule:
    kinds = ("number", "share", "complete", "not_all_equal", "not_all_full")
    kind = d.pick(kinds if points_matter else kinds[:-1])
    one = d.pick(asked)
    summed = points_matter and kind != "complete" and d.chance(25)
    more: dict[str, Any] = {}
    if kind in ("number", "share"):
        bounds = {"at_least": Fraction(d.pick((0, 1, 30))), "at_most": Fraction(d.pick((1, 2)))}
        if kind == "share":
            bounds = {"at_least": Fraction(d.pick((10, 30))), "at_most": Fraction(d.pick((30, 60, 75)))}
        elif bounds["at_least"] > 1:
            bounds["at_least"] = Fraction(0)
        more = (
            bounds
            if d.chance(20)
            else {"at_most": bounds["at_most"]}
            if d.chance(75)
            else {"at_least": bounds["at_least"]}
        )
        more["rounding"] = d.pick(("half_up", "floor", "ceiling")) if kind == "share" else "floor"
        if isinstance(one.reading, LevelsReading) and not summed:
            more["answers"] = d.at_least_one([a.id for a in one.reading.levels])
        else:
            low = d.value(int(one.points or 10))
            more["minimum"] = None if d.chance(30) else low
            more["maximum"] = None if more["minimum"] is not None and d.chance(50) else low + 5
    named = not summed and (bool(more.get("answers")) or d.chance(50))
    return BallotRule(
        id=f"rule{n}",
        name=f"规则{n}",
        rule=kind,
        item=one.id if named else "",
        basis="sum" if summed else "item",
        on=d.pick(("ballots", "sheets", "both", "both")),
        groups=d.at_least_one(groups) if groups and d.chance(30) else (),
        **more,
    )
