"""Events of one unit: what each counts, which of them count, and the value they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.facts import Event
from app.domain.quantities import Quantity
from app.domain.schemes import Amount, EventAmount, EventKind, EventsSource, Item
from app.scoring.readings import Given, read_value

_ONCE = {"matter": "同一事由只计一次", "person": "同一当事人只计一次", "kind": "同一种类只计一次"}


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event of a unit. amount: what it counts (None: unknown); stated: the number before factor and sharing; row:
    of the kind's table, if the number is from there; step: it is the n-th of its kind; factor: of its kind; left_out:
    why it does not count, if so."""

    event: Event
    amount: Fraction | None
    stated: Fraction | None = None
    row: EventAmount | None = None
    step: int = 0
    factor: Fraction = Fraction(1)
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class EventTally:
    """The events of one unit under one item: lines, sum after caps, caps that were reached, the value."""

    start: Fraction
    lines: tuple[EventLine, ...]
    total: Fraction
    capped: tuple[str, ...]
    quantity: Quantity


def in_years(event: Event, year: int, year_by: str = "concluded", years: int = 1) -> bool:
    """Whether the event counts in this year: it belongs to it or to one of the ``years`` − 1 years before, and no other
    year has counted it. The date is the named one, else the other; without dates it belongs to the year."""
    return not _why_outside(event, year, year_by, years)


def _why_outside(event: Event, year: int, year_by: str, years: int) -> str:
    if event.counted_in and event.counted_in != year:
        return f"已在 {event.counted_in} 年度计过"
    date = date_of(event, year_by)
    if date and not year - years < int(date[:4]) <= year:
        return "不属于本年度" if years == 1 else f"不属于本年度和往前 {years - 1} 个年度"
    return ""


def date_of(event: Event, year_by: str) -> str:
    """The named date of the event, else the other one."""
    return (event.concluded or event.occurred) if year_by == "concluded" else (event.occurred or event.concluded)


def tally_events(
    item: Item, source: EventsSource, kinds: Mapping[str, EventKind], events: Sequence[Event], year: int
) -> EventTally:
    """All events of the item's kinds: the year, what each counts, the same matter once, steps, caps, start value."""
    given = Given(points=item.points)
    lines = [
        replace(
            _counted_one(e, source, kinds.get(e.kind)), left_out=_why_outside(e, year, source.year_by, source.years)
        )
        for e in sorted(events, key=lambda e: e.id)
        if e.kind in source.kinds
    ]
    unknown = [ln for ln in lines if _unknown(ln, kinds)]
    lines = _once(lines, source)
    if source.tally == "amount":
        lines = _stepped(lines, source, kinds, given)
        unknown += [ln for ln in lines if not ln.left_out and ln.amount is None and ln not in unknown]
    start = given.amount(source.start)
    if start is None:
        return EventTally(Fraction(0), tuple(lines), Fraction(0), (), Quantity.no_result("没有写满分，不能从满分起算"))
    if unknown:
        names = "、".join(ln.event.title or ln.event.id for ln in unknown)
        return EventTally(start, tuple(lines), Fraction(0), (), Quantity.no_result(f"事项没有写明分数：{names}"))
    total, capped = _capped(lines, source, kinds)
    value = start - total if source.direction == "deduct" else start + total
    return EventTally(start, tuple(lines), total, capped, read_value(item.reading, value, given))


# ---- what one event counts


def _counted_one(event: Event, source: EventsSource, kind: EventKind | None) -> EventLine:
    if source.tally == "count":
        return EventLine(event, Fraction(1), Fraction(1))
    row = None
    stated = event.amount
    if stated is None and kind is not None:
        row = next((r for r in kind.table if _fits(r, event)), None)
        stated = kind.amount if row is None else row.amount
    factor = Fraction(1) if kind is None else kind.factor
    return EventLine(event, _shared(stated, factor, event), stated, row, 0, factor)


def _fits(row: EventAmount, event: Event) -> bool:
    return row.person_class in ("", event.person_class) and row.sanction in ("", event.sanction)


def _shared(stated: Fraction | None, factor: Fraction, event: Event) -> Fraction | None:
    return None if stated is None else stated * factor / max(event.shared_by, 1)


def _unknown(line: EventLine, kinds: Mapping[str, EventKind]) -> bool:
    """Whether nobody has said what an event of this year counts; a kind with steps says it by their order."""
    kind = kinds.get(line.event.kind)
    return not line.left_out and line.amount is None and not (kind and kind.steps)


# ---- which of them count


def _once(lines: list[EventLine], source: EventsSource) -> list[EventLine]:
    """Of events with the same matter (person, kind) one counts."""
    if source.same_matter == "each":
        return lines
    best: dict[str, EventLine] = {}
    for line in lines:
        key = _key(line.event, source)
        if key and not line.left_out and (key not in best or _stronger(line, best[key], source)):
            best[key] = line
    return [_beside(line, best.get(_key(line.event, source)), source) for line in lines]


def _beside(line: EventLine, best: EventLine | None, source: EventsSource) -> EventLine:
    if line.left_out or best is None or best is line:
        return line
    which = best.event.title or best.event.id
    return replace(line, left_out=f"{_ONCE[source.same_by]}（计“{which}”）")


def _key(event: Event, source: EventsSource) -> str:
    return {"matter": event.matter, "person": event.person, "kind": event.kind}[source.same_by]


def _stronger(line: EventLine, other: EventLine, source: EventsSource) -> bool:
    """Lines come in the order of their ids: of equal ones the later stands."""
    if source.same_matter == "latest":
        return date_of(line.event, source.year_by) >= date_of(other.event, source.year_by)
    if line.amount is None:
        return other.amount is None
    return other.amount is None or line.amount >= other.amount


def _stepped(
    lines: list[EventLine], source: EventsSource, kinds: Mapping[str, EventKind], given: Given
) -> list[EventLine]:
    """Events of kinds with steps count by their order in time."""
    number: dict[str, int] = {}
    changed: dict[str, EventLine] = {}
    for line in sorted(lines, key=lambda ln: (date_of(ln.event, source.year_by), ln.event.id)):
        kind = kinds.get(line.event.kind)
        if kind is None or not kind.steps or line.left_out:
            continue
        number[kind.id] = number.get(kind.id, 0) + 1
        step: Amount = kind.steps[min(number[kind.id], len(kind.steps)) - 1]
        stated = given.amount(step)
        amount = _shared(stated, kind.factor, line.event)
        changed[line.event.id] = replace(line, amount=amount, stated=stated, row=None, step=number[kind.id])
    return [changed.get(line.event.id, line) for line in lines]


def _capped(
    lines: Sequence[EventLine], source: EventsSource, kinds: Mapping[str, EventKind]
) -> tuple[Fraction, tuple[str, ...]]:
    sums: dict[str, Fraction] = {}
    for line in lines:
        if not line.left_out and line.amount is not None:
            sums[line.event.kind] = sums.get(line.event.kind, Fraction(0)) + line.amount
    capped: list[str] = []
    total = Fraction(0)
    for kind_id, amount in sums.items():
        kind = kinds.get(kind_id)
        if source.tally == "amount" and kind and kind.cap is not None and amount > kind.cap:
            capped.append(kind_id)
            amount = kind.cap
        total += amount
    return total, tuple(capped)
