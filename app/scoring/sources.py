"""The sources that are not score sheets: votes, events, values of the office, results of the units below.

One unit at a time, in plain exact numbers; what was counted and what was not is kept for the explanation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.facts import Event, OfficeMark, VoteCount, VoteSession
from app.domain.quantities import MarkState, Quantity
from app.domain.schemes import EventKind, EventsSource, Item, LevelsReading, VotesSource, Within
from app.scoring.readings import level_of, read_value

# ---- events


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event of a unit: points it counts (None: unknown), and why it does not count, if so."""

    event: Event
    amount: Fraction | None
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class EventTally:
    """The events of one unit under one item: lines, sum after caps, caps that were reached, the value."""

    start: Fraction
    lines: tuple[EventLine, ...]
    total: Fraction
    capped: tuple[str, ...]
    quantity: Quantity


def in_year(event: Event, year: int, year_by: str = "concluded") -> bool:
    """Whether the event belongs to the year: by the named date, else the other; without dates it does."""
    date = date_of(event, year_by)
    return not date or date[:4] == str(year)


def date_of(event: Event, year_by: str) -> str:
    """The named date of the event, else the other one."""
    return (event.concluded or event.occurred) if year_by == "concluded" else (event.occurred or event.concluded)


def tally_events(
    item: Item, source: EventsSource, kinds: Mapping[str, EventKind], events: Sequence[Event], year: int
) -> EventTally:
    """All events of the item's kinds: the year, the same matter once, amounts, caps, start value."""
    start = (item.points or Fraction(0)) if source.start == "full" else source.start
    lines = [_event_line(e, kinds) for e in sorted(events, key=lambda e: e.id) if e.kind in source.kinds]
    lines = [
        ln if in_year(ln.event, year, source.year_by) else EventLine(ln.event, ln.amount, "不属于本年度")
        for ln in lines
    ]
    unknown = [ln for ln in lines if not ln.left_out and ln.amount is None]
    lines = _once_a_matter(lines, source)
    if unknown:
        names = "、".join(ln.event.title or ln.event.id for ln in unknown)
        return EventTally(start, tuple(lines), Fraction(0), (), Quantity.no_result(f"事项没有写明分数：{names}"))
    total, capped = _capped(lines, kinds)
    value = start - total if source.direction == "deduct" else start + total
    return EventTally(start, tuple(lines), total, capped, read_value(item.reading, value))


def _event_line(event: Event, kinds: Mapping[str, EventKind]) -> EventLine:
    kind = kinds.get(event.kind)
    return EventLine(event, event.amount if event.amount is not None else (kind.amount if kind else None))


def _once_a_matter(lines: list[EventLine], source: EventsSource) -> list[EventLine]:
    if source.same_matter == "each":
        return lines
    best: dict[str, EventLine] = {}
    for line in lines:
        key = line.event.matter
        if key and not line.left_out and (key not in best or _stronger(line, best[key], source)):
            best[key] = line
    return [
        line
        if line.left_out or not line.event.matter or best[line.event.matter] is line
        else EventLine(line.event, line.amount, "同一事由只计一次")
        for line in lines
    ]


def _stronger(line: EventLine, other: EventLine, source: EventsSource) -> bool:
    """Lines come in the order of their ids: of equal ones the later stands."""
    if source.same_matter == "latest":
        return date_of(line.event, source.year_by) >= date_of(other.event, source.year_by)
    return line.amount is not None and (other.amount is None or line.amount >= other.amount)


def _capped(lines: Sequence[EventLine], kinds: Mapping[str, EventKind]) -> tuple[Fraction, tuple[str, ...]]:
    sums: dict[str, Fraction] = {}
    for line in lines:
        if not line.left_out and line.amount is not None:
            sums[line.event.kind] = sums.get(line.event.kind, Fraction(0)) + line.amount
    capped: list[str] = []
    total = Fraction(0)
    for kind_id, amount in sums.items():
        kind = kinds.get(kind_id)
        if kind and kind.cap is not None and amount > kind.cap:
            capped.append(kind_id)
            amount = kind.cap
        total += amount
    return total, tuple(capped)


# ---- votes


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


# ---- the office's own values


def office_quantity(item: Item, mark: OfficeMark | None) -> Quantity:
    """The value that the office has set, through the item's reading."""
    if mark is None or (mark.value is MarkState.BLANK and not mark.level):
        return Quantity.no_result("考核办尚未录入")
    if mark.level:
        level = level_of(item.reading, mark.level) if isinstance(item.reading, LevelsReading) else None
        if level is None:
            return Quantity.no_result(f"没有“{mark.level}”这个等级")
        return Quantity.no_result("该等级不计分") if level.points is None else Quantity.of(level.points)
    if mark.value is MarkState.NOT_APPLICABLE:
        return Quantity.not_applicable(mark.basis or "考核办标为不适用")
    if isinstance(mark.value, MarkState):
        return Quantity.no_result("考核办录入的不是分数")
    return read_value(item.reading, mark.value)


# ---- gathering of a few values (units below)


def gather_few(values: Sequence[Fraction], within: Within) -> Fraction:
    """The same rules as for marks, for a handful of exact values (at least one)."""
    ordered = sorted(values)
    if within.method == "trimmed" and len(ordered) > max(within.above, within.high + within.low):
        ordered = ordered[within.low : len(ordered) - within.high]
    if within.method == "median":
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    if within.method in ("best", "lowest"):
        return ordered[-1 if within.method == "best" else 0]
    if within.method == "latest":
        return values[-1]
    total = sum(ordered, Fraction(0))
    return total if within.method == "sum" else total / len(ordered)
