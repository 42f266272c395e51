"""Events of one unit: what each counts, which of them count, and the value they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.facts import Event
from app.domain.quantities import Quantity
from app.domain.schemes import EventKind, EventsSource, Item
from app.scoring.readings import read_value


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


def in_years(event: Event, year: int, year_by: str = "concluded", years: int = 1) -> bool:
    """Whether the event counts in this year: it belongs to it or to one of the ``years`` − 1 years before, and no other
    year has counted it. The date is the named one, else the other; without dates it belongs to the year."""
    if event.counted_in and event.counted_in != year:
        return False
    date = date_of(event, year_by)
    return not date or year - years < int(date[:4]) <= year


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
