"""What an event comes to before it is saved: its points by the engine itself, and what keeps it from acting. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.facts import Event
from app.domain.ladder_sentences import effect
from app.domain.scheme_sentences import number
from app.domain.schemes import Adjustment, EventKind, EventsSource, Item, Scheme, items_of
from app.scoring.events import in_years, tally_events

_NEW = "\uffff"  # an event not saved yet gets the highest number, so it stands behind those of the same day


@dataclass(frozen=True, slots=True)
class EventEffects:
    """counted: what it brings, item by item; graded: what it does to the grade; silent: why something does not act."""

    counted: tuple[str, ...] = ()
    graded: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


def effects_of(event: Event, scheme: Scheme, others: Sequence[Event] = ()) -> EventEffects:
    """What the event does under a scheme, beside the unit's other events. An event whose kind is not counted and acts on
    no grade has neither lines nor remarks."""
    event = event if event.id else replace(event, id=_NEW)
    beside = [e for e in others if e.unit == event.unit and e.id != event.id]
    counted: list[str] = []
    silent: list[str] = []
    for item in items_of(scheme):
        if isinstance(item.source, EventsSource) and event.kind in item.source.kinds:
            _count(event, beside, item, item.source, scheme, counted, silent)
    rules = [a for a in scheme.adjustments if event.kind in a.events]
    grades = {g.id: g.name for g in scheme.ladder.grades}
    graded = [f"{effect(a, grades)}（{a.name}{_times(a)}）" for a in rules]
    silent += [f"“{a.name}”不起作用：{why}" for a in rules if (why := _why_idle(event, a, scheme))]
    return EventEffects(tuple(counted), tuple(graded), tuple(dict.fromkeys(silent)))


def _count(
    event: Event,
    beside: Sequence[Event],
    item: Item,
    source: EventsSource,
    scheme: Scheme,
    counted: list[str],
    silent: list[str],
) -> None:
    kinds = {k.id: k for k in scheme.event_kinds}
    tally = tally_events(item, source, kinds, [*beside, event], scheme.year)
    line = next(one for one in tally.lines if one.event.id == event.id)
    if line.left_out:
        silent.append(f"“{item.name}”不计：{line.left_out}")
    elif source.tally == "count":
        counted.append(f"“{item.name}”计 1 件")
    elif line.amount is None:
        silent.append(f"“{item.name}”：还没有分值，须填写")
    else:
        verb = "加" if source.direction == "add" else "扣"
        way = _way(event, kinds)
        full = "，这一类已到合计上限" if event.kind in tally.capped else ""
        counted.append(f"“{item.name}”{verb} {number(line.amount)} 分{way}{full}")


def _way(event: Event, kinds: Mapping[str, EventKind]) -> str:
    """How the points came about, when they are not plainly stated."""
    kind = kinds.get(event.kind)
    factor = kind.factor if kind else 1
    parts = [f"× {number(factor)}"] if factor != 1 else []
    parts += [f"÷ {event.shared_by} 家"] if event.shared_by > 1 else []
    return f"（{' '.join(parts)}）" if parts else ""


def _times(rule: Adjustment) -> str:
    return f"，满 {rule.events_at_least} 件" if rule.events_at_least > 1 else ""


def _why_idle(event: Event, rule: Adjustment, scheme: Scheme) -> str:
    lacks = [
        name
        for name, wanted, given in (
            ("依据", rule.evidence_required, event.evidence.strip()),
            ("批准人", rule.approver_required, event.approver.strip()),
        )
        if wanted and not given
    ]
    if lacks:
        return f"没有写{'和'.join(lacks)}"
    if event.counted_in and event.counted_in != scheme.year:
        return f"{event.counted_in} 年度已计过"
    if not in_years(event, scheme.year, rule.year_by, rule.years):
        which = "办结" if rule.year_by == "concluded" else "发生"
        return f"{which}日期不在计算的年度内"
    return ""
