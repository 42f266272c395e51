"""Events: which belong to the year, what each counts, and what they make of an item."""

from __future__ import annotations

from fractions import Fraction

from tests.scoring.naive.arithmetic import NONE


def event_date(event, by):
    """The date that decides, or the other one when it is empty."""
    return event.concluded or event.occurred if by == "concluded" else event.occurred or event.concluded


def in_years(event, year, by, years):
    """Whether the event counts in this year: its date (none: always), and no other year has counted it."""
    if event.counted_in not in (0, year):
        return False
    date = event_date(event, by)
    return date == "" or year - years < int(date[:4]) <= year


def item_from_events(world, scheme, item, unit):
    source = item.source
    kinds = {k.id: k for k in scheme.event_kinds}
    points = world.view(scheme, item, unit).points
    events = [
        e
        for e in world.facts.events
        if e.unit == unit.code and e.kind in source.kinds and in_years(e, scheme.year, source.year_by, source.years)
    ]
    numbers = {e.id: Fraction(1) if source.tally == "count" else number(e, kinds[e.kind], points) for e in events}
    if any(numbers[e.id] is None and not kinds[e.kind].steps for e in events):
        return NONE
    counted = [e for e in events if stands_for_its_matter(e, events, numbers, source)]
    start = points if source.start == "full" else source.start
    if start is None:
        return NONE
    total = Fraction(0)
    for kind in source.kinds:
        of_kind = [e for e in counted if e.kind == kind]
        if source.tally == "count":
            total += len(of_kind)
            continue
        by_steps = stepped(of_kind, kinds[kind], points, source.year_by)
        if None in by_steps.values():
            return NONE
        together = sum((by_steps.get(e.id, numbers[e.id]) for e in of_kind), Fraction(0))
        cap = kinds[kind].cap
        total += together if cap is None else min(together, cap)
    return start + total if source.direction == "add" else start - total


def number(event, kind, points):
    """What one event counts before same matters and steps (None: nobody has said)."""
    amount = event.amount
    if amount is None:
        rows = [
            row
            for row in kind.table
            if row.person_class in ("", event.person_class) and row.sanction in ("", event.sanction)
        ]
        amount = rows[0].amount if rows else kind.amount
    if amount is None:
        return None
    return amount * kind.factor / event.shared_by


def stepped(events, kind, points, year_by):
    """Event id → what it counts as the first, second, … of its kind (None: full points that are not there)."""
    if not kind.steps:
        return {}
    found = {}
    for place, event in enumerate(sorted(events, key=lambda e: (event_date(e, year_by), e.id))):
        step = kind.steps[min(place, len(kind.steps) - 1)]
        step = points if step == "full" else step
        found[event.id] = None if step is None else step * kind.factor / event.shared_by
    return found


def stands_for_its_matter(event, events, numbers, source):
    """Whether this event is the one of its matter that counts."""
    key = {"matter": event.matter, "person": event.person, "kind": event.kind}[source.same_by]
    if source.same_matter == "each" or not key:
        return True
    same = [e for e in events if {"matter": e.matter, "person": e.person, "kind": e.kind}[source.same_by] == key]
    if source.same_matter == "highest":
        # of a kind that counts by steps an event may have no number of its own: the smallest
        chosen = max(same, key=lambda e: (numbers[e.id] is not None, numbers[e.id] or 0, e.id))
    else:
        chosen = max(same, key=lambda e: (event_date(e, source.year_by), e.id))
    return chosen.id == event.id
