"""Examples computed by the engine itself on a handful of invented facts: what a setting makes of a value, and what
happens when several adjustments meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from app.domain.facts import Evaluator, Event, Facts, OfficeMark, Unit
from app.domain.quantities import number_text
from app.domain.schemes import (
    Adjustment,
    Applies,
    Band,
    BandsReading,
    DirectReading,
    EventKind,
    EventsSource,
    Gathering,
    Grade,
    Group,
    Item,
    Ladder,
    LevelsReading,
    Limits,
    MarksSource,
    Node,
    OfficeSource,
    Ranking,
    RankReading,
    Reading,
    RoundingStages,
    Scheme,
    ThresholdReading,
    full_points,
    walk,
)
from app.services.figures import shown

_LEVEL = "example"
_RATERS = (95, 92, 88, 85, 60)  # out of a hundred
_MOST_MEETING = 12  # adjustments whose pairs are shown


@dataclass(frozen=True, slots=True)
class Example:
    """One line below a form: what was entered and what comes out, in words."""

    given: str
    gives: str

    def __str__(self) -> str:
        return f"{self.given} → {self.gives}"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One or several adjustments that act on a unit together (ids in the order of the scheme); before, after: grade
    ids, for a unit that would have had the grade ``before``."""

    adjustments: tuple[str, ...]
    before: str
    after: str


def examples_of(scheme: Scheme, item_id: str) -> tuple[Example, ...]:
    """What an item makes of some telling values: its ends, its lines, its levels; events one after the other; for
    marks also what the gathering makes of five raters. Empty when nothing can be shown (a reference elsewhere, a rule
    that is not complete yet)."""
    item = next((p for p in (*walk(scheme.tree), *scheme.measures) if p.id == item_id), None)
    if not isinstance(item, Item):
        return ()
    try:
        if isinstance(item.source, EventsSource):
            return tuple(_of_events(scheme, item, item.source))
        if isinstance(item.source, MarksSource | OfficeSource):
            read = tuple(_of_values(scheme, item))
            return (*read, *_of_raters(scheme, item)) if isinstance(item.source, MarksSource) else read
    except (ValueError, ArithmeticError, LookupError, StopIteration):
        return ()  # an example of half a rule says nothing; the check says what is missing
    return ()


# ---- one value


def _of_values(scheme: Scheme, item: Item) -> Iterable[Example]:
    """Each value as if it were the only one, without raters and groups."""
    entered = _telling(item.reading, full_points(item))
    plain = replace(_alone(item), source=OfficeSource())
    together = isinstance(item.reading, RankReading)
    marks = [(value, n) for n, value in enumerate(entered)]
    results = _results(scheme, plain, [v for v, _ in marks], one_series=together)
    for (value, _), result in zip(marks, results, strict=True):
        yield Example(_written(item.reading, value), result)


def _telling(reading: Reading, full: Fraction | None) -> list[Fraction | str]:
    if isinstance(reading, LevelsReading):
        return [level.id for level in reading.levels]
    if isinstance(reading, BandsReading):
        return list(dict.fromkeys(e for band in reading.bands for e in _ends(band)))
    if isinstance(reading, ThresholdReading):
        target = reading.target if isinstance(reading.target, Fraction) else Fraction(100)
        down = -reading.step if reading.side == "at_least" else reading.step
        return [target + down * n for n in (Fraction(-1), Fraction(0), Fraction(1, 2), Fraction(1), Fraction(3))]
    if isinstance(reading, DirectReading):
        if reading.allowed:
            return list(reading.allowed)
        top = (full if reading.maximum == "full" else reading.maximum) or Fraction(100)
        middle = (reading.minimum + top) / 2
        return list(dict.fromkeys((top, Fraction(int(middle)), reading.minimum)))
    return [Fraction(n) for n in (100, 90, 80, 50)]


def _ends(band: Band) -> list[Fraction]:
    if band.minimum is None:
        return [Fraction(0)]
    return [band.minimum + 1, band.minimum] if band.above else [band.minimum]


def _written(reading: Reading, value: Fraction | str) -> str:
    if isinstance(value, Fraction):
        return number_text(value)
    levels = reading.levels if isinstance(reading, LevelsReading) else ()
    return next((f"“{level.name}”" for level in levels if level.id == value), value)


def _alone(item: Item) -> Item:
    """The item without what depends on other parts and units."""
    return replace(
        item, id="x", on_top=False, weight=None, applies_to=Applies(), overrides=(), periods=None, normalisation=None, variants=()
    )  # fmt: skip


# ---- five raters


def _of_raters(scheme: Scheme, item: Item) -> Iterable[Example]:
    """What the way of gathering inside a group makes of five marks."""
    from app.scoring.marks import pack

    gathering = item.gathering or scheme.gathering
    if gathering.within.method == "mean" or not isinstance(item.reading, DirectReading):
        return
    full = full_points(item) or Fraction(100)
    step = item.reading.step or Fraction(1)
    marks = [full * n / 100 // step * step for n in _RATERS]
    plain = replace(_alone(item), gathering=Gathering(within=gathering.within))
    mini = _mini(scheme, plain, ())
    people = tuple(Evaluator(code=f"e{n}", name=f"评议人{n}", order=n) for n in range(len(marks)))
    blocks = tuple(pack(mini, p.code, {"u0": {"x": mark}})[0] for p, mark in zip(people, marks, strict=True))
    facts = Facts(units=(_unit(0),), evaluators=people, blocks=blocks)
    yield Example("、".join(number_text(m) for m in marks), _totals(scheme, mini, facts)[0])


# ---- events


def _of_events(scheme: Scheme, item: Item, source: EventsSource) -> Iterable[Example]:
    """One, two, three events of each kind, every one a matter of its own."""
    known = {k.id: k for k in scheme.event_kinds}
    kinds = [known[k] for k in source.kinds if k in known]
    lines: list[tuple[str, list[Event]]] = [("没有事项", [])]
    for kind in kinds[:3]:
        amount = Fraction(1) if kind.amount is None and not kind.table and not kind.steps else None
        for count in (1, 2, 3):
            said = f"{count} 件“{kind.name}”" + ("（每件 1）" if amount else "")
            lines.append((said, [_event(scheme, kind, n, amount) for n in range(count)]))
    events: list[Event] = []
    for n, (_, mine) in enumerate(lines):
        events += [replace(e, id=f"{n}-{i}", unit=f"u{n}", matter=f"{n}-{i}") for i, e in enumerate(mine)]
    mini = _mini(scheme, _alone(item), scheme.event_kinds)
    facts = Facts(units=tuple(_unit(n) for n in range(len(lines))), events=tuple(events))
    for (said, _), result in zip(lines, _totals(scheme, mini, facts), strict=True):
        yield Example(said, result)


def _event(scheme: Scheme, kind: EventKind, number: int, amount: Fraction | None) -> Event:
    row = next(iter(kind.table), None)
    date = f"{scheme.year}-0{number + 1}-01"
    return Event(
        id="",
        kind=kind.id,
        unit="",
        occurred=date,
        concluded=date,
        amount=amount,
        person=f"p{number}",
        person_class=row.person_class if row else "",
        sanction=row.sanction if row else "",
        evidence="例",
        approver="例",
    )


# ---- the engine on a handful of facts


def _mini(scheme: Scheme, item: Item, kinds: Sequence[EventKind]) -> Scheme:
    """A scheme with this one item, and the roundings of the real one."""
    return Scheme(
        id="example",
        name="例",
        year=scheme.year,
        level=_LEVEL,
        groups=(Group(id="g", name="例"),),
        tree=Node(id="root", name="例", children=(item,), limits=Limits(minimum=None, maximum=None)),
        rounding=replace(scheme.rounding, total=None, node=None),
        ranking=Ranking(style="none"),
        ladder=Ladder(grades=(Grade(id="only", name="例"),)),
        event_kinds=tuple(kinds),
    )


def _unit(number: int, one_series: bool = False) -> Unit:
    series = "" if one_series else f"s{number}"
    return Unit(code=f"u{number}", name=f"例{number}", level=_LEVEL, series=series, order=number)


def _results(scheme: Scheme, item: Item, values: Sequence[Fraction | str], one_series: bool) -> list[str]:
    mini = _mini(scheme, item, ())
    units = tuple(_unit(n, one_series) for n in range(len(values)))
    marks = tuple(
        OfficeMark(
            scheme="example",
            unit=f"u{n}",
            item="x",
            value=value if isinstance(value, Fraction) else Fraction(0),
            level="" if isinstance(value, Fraction) else value,
            target=Fraction(100),
            standard=Fraction(100),
        )
        for n, value in enumerate(values)
    )
    return _totals(scheme, mini, Facts(units=units, office_marks=marks))


def _totals(scheme: Scheme, mini: Scheme, facts: Facts) -> list[str]:
    from app.scoring.engine import evaluate

    column = evaluate((mini,), facts).outcomes["example"].board.column("x")
    quantities = [column.quantity(n) for n in range(len(facts.units))]
    return [
        f"{shown(q.value, scheme.rounding.shown)} 分" if q.value is not None else f"没有得分（{q.reason}）"
        for q in quantities
    ]


# ---- several adjustments


def meetings(scheme: Scheme) -> tuple[Meeting, ...]:
    """The truth table of the adjustments that act on the unit: each alone and each two of them (of the first twelve),
    for every grade that a unit may have had before. What triggers them does not matter here; quotas are left out."""
    from app.scoring.engine import evaluate

    acting = [a for a in scheme.adjustments if a.scope == "unit" and a.effect != "remark"][:_MOST_MEETING]
    grades = scheme.ladder.grades
    if (
        not acting
        or len(grades) < 2
        or any(a.effect != "down" and a.grade not in {g.id for g in grades} for a in acting)
    ):
        return ()
    rows = [(pair, start) for size in (1, 2) for pair in combinations(acting, size) for start in range(len(grades))]
    triggered = tuple(_triggered(a) for a in acting)
    item = Item(id="x", name="例", points=Fraction(len(grades)), source=OfficeSource())
    lines = tuple(
        Grade(id=g.id, name=g.name, line=Fraction(len(grades) - n) if n < len(grades) - 1 else None)
        for n, g in enumerate(grades)
    )
    mini = replace(
        _mini(scheme, item, tuple(EventKind(id=a.id, name=a.name) for a in acting)),
        rounding=RoundingStages(),
        ladder=Ladder(grades=lines),
        adjustments=triggered,
        stacking=scheme.stacking,
    )
    units = tuple(_unit(n) for n in range(len(rows)))
    marks = tuple(
        OfficeMark(scheme="example", unit=f"u{n}", item="x", value=Fraction(len(grades) - start))
        for n, (_, start) in enumerate(rows)
    )
    date = f"{scheme.year}-06-30"
    events = tuple(
        Event(id=f"{n}-{a.id}", kind=a.id, unit=f"u{n}", concluded=date, evidence="例", approver="例")
        for n, (pair, _) in enumerate(rows)
        for a in pair
    )
    after = evaluate((mini,), Facts(units=units, office_marks=marks, events=events)).outcomes["example"].grades
    return tuple(
        Meeting(tuple(a.id for a in pair), grades[start].id, after[f"u{n}"]) for n, (pair, start) in enumerate(rows)
    )


def _triggered(adjustment: Adjustment) -> Adjustment:
    """The same effect, triggered by an event of its own."""
    return replace(adjustment, events=(adjustment.id,), events_at_least=1, events_of="own", link="", years=1, when=())
