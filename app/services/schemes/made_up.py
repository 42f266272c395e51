"""Facts made up for a try-out: units of the register (or invented ones), invented raters, marks by a stated or drawn share
of what can be reached. Nothing of it is ever stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import TypeVar

from app.domain.facts import (
    EarlierResult,
    Evaluator,
    Event,
    Facts,
    MarkBlock,
    OfficeMark,
    Unit,
    UnitRelation,
    VoteCount,
    VoteSession,
)
from app.domain.schemes import (
    Applies,
    BandsReading,
    DirectReading,
    EventsSource,
    Gathering,
    Group,
    Item,
    LevelsReading,
    MarksSource,
    OfficeSource,
    RatioReading,
    Reading,
    Relation,
    ResultsSource,
    Scheme,
    ThresholdReading,
    VotesSource,
    full_points,
    items_of,
    walk,
)
from app.scoring.levels import lower_schemes
from app.scoring.marks import pack

_RELATIONS: tuple[Relation, ...] = ("other", "above", "same_level", "below", "in_charge", "same_series", "own")
_UNITS, _CHILDREN, _BALLOTS, _MOST_RATERS = 8, 2, 20, 12
_STEPS = tuple(Fraction(n, 1000) for n in range(1001))
T = TypeVar("T")


class Quality:
    """How good a mark is, from 0 to 1. stated: the same share for everything; else drawn: units differ most, then
    their items, then the raters. The same seed draws the same."""

    def __init__(self, stated: Fraction | None, seed: int) -> None:
        self._stated = stated
        self._random = Random(seed)
        self._units: dict[str, int] = {}  # in thousandths
        self._items: dict[tuple[str, str], int] = {}

    def of(self, unit: str, item: str) -> Fraction:
        """For one mark."""
        if self._stated is not None:
            return self._stated
        draw = self._random.randint
        base = self._units.get(unit) or self._units.setdefault(unit, draw(620, 960))
        own = self._items.get((unit, item))
        if own is None:
            own = self._items[unit, item] = draw(-80, 80)
        return _STEPS[min(max(base + own + draw(-50, 50), 0), 1000)]

    def chance(self, percent: int) -> bool:
        """Whether something rare happens; never when a share is stated."""
        return self._stated is None and self._random.randrange(100) < percent


def made_up_facts(scheme: Scheme, others: Sequence[Scheme], known: Facts, quality: Quality) -> Facts:
    """Facts for this scheme and those below it. known: the register that is there; its units are used, its raters and
    marks are not."""
    wanted = _with_lower(scheme, others)
    units = _units(wanted, known.units)
    facts = Facts(units=units)
    for one in wanted:
        mine = [u for u in units if u.level == one.level and u.participation != "ceased"]
        made = _Facts(one, mine, quality)
        facts = replace(
            facts,
            evaluators=(*facts.evaluators, *made.evaluators),
            blocks=(*facts.blocks, *made.blocks()),
            sessions=(*facts.sessions, *made.sessions()),
            events=(*facts.events, *made.events()),
            office_marks=(*facts.office_marks, *made.office_marks()),
            earlier=(*facts.earlier, *made.earlier({s.id: s for s in wanted}, units)),
        )
    return facts


def _with_lower(scheme: Scheme, others: Sequence[Scheme]) -> list[Scheme]:
    known = {s.id: s for s in (*others, scheme)}
    found = {scheme.id: scheme}
    queue = [scheme]
    while queue:
        for id in lower_schemes(queue.pop()):
            if id in known and id not in found:
                found[id] = known[id]
                queue.append(known[id])
    return list(found.values())


def _units(schemes: Sequence[Scheme], known: Sequence[Unit]) -> tuple[Unit, ...]:
    """Every unit that is there; invented ones for a level that has none: below the units of the first scheme."""
    found = list(known)
    top = schemes[0]
    for scheme in schemes:
        if any(u.level == scheme.level for u in found):
            continue
        parents = [u for u in found if u.level == top.level] if scheme is not top else []
        count = len(parents) * _CHILDREN or _UNITS
        series, kinds, tags = _named_groups(scheme)
        for n in range(count):
            found.append(
                Unit(
                    code=f"试{scheme.level}{n + 1:03d}",
                    name=f"试算{scheme.level_name or '单位'}{n + 1}",
                    level=scheme.level,
                    series=series[n % len(series)] if series else "",
                    kind=kinds[n % len(kinds)] if kinds else "organisation",
                    tags=(tags[n % len(tags)],) if tags else (),
                    parent=parents[n % len(parents)].code if parents else "",
                    order=n + 1,
                )
            )
    return tuple(found)


def _named_groups(scheme: Scheme) -> tuple[list[str], list[str], list[str]]:
    """Series, kinds and tags that the parts of the scheme tell apart."""
    applies: list[Applies] = [p.applies_to for p in (*walk(scheme.tree), *scheme.measures)]
    applies += [v.applies_to for p in walk(scheme.tree) for v in p.variants]
    rows = ([x for a in applies for x in getattr(a, name)] for name in ("series", "kinds", "tags"))
    series, kinds, tags = (list(dict.fromkeys(row)) for row in rows)
    return series, kinds, tags


class _Facts:
    """What is invented for one scheme."""

    def __init__(self, scheme: Scheme, units: Sequence[Unit], quality: Quality) -> None:
        self.scheme, self.units, self.quality = scheme, units, quality
        self.items = items_of(scheme)
        self._known: dict[tuple[str, Fraction], Fraction | str] = {}
        self.groups = scheme.groups or (Group(id="", name="评议人"),)
        self.evaluators = tuple(self._evaluators())

    def _evaluators(self) -> Iterator[Evaluator]:
        if not any(isinstance(i.source, MarksSource) for i in self.items):
            return
        for group in self.groups:
            relation = _relation_of(group)
            for n in range(self._raters()):
                yield Evaluator(
                    code=f"试{self.scheme.id}{group.id}{n + 1:02d}",
                    name=f"试算{group.name}{n + 1}",
                    role=group.roles[0] if group.roles else "",
                    order=n + 1,
                    relations=tuple(UnitRelation(unit=u.code, relation=relation) for u in self.units),
                )

    def _raters(self) -> int:
        """Enough for every rule that asks for a number of values."""
        gatherings = [self.scheme.gathering, *(i.gathering for i in self.items if i.gathering)]
        wanted = [max(g.min_marks, g.within.high + g.within.low + 1, g.within.above + 1) for g in gatherings]
        return min(max(3, *wanted), _MOST_RATERS)

    def blocks(self) -> Iterator[MarkBlock]:
        """Every rater's sheet, filled."""
        items = [i for i in self.items if isinstance(i.source, MarksSource)]
        for evaluator in self.evaluators:
            marks = {u.code: {i.id: self._raw(i, u) for i in items} for u in self.units}
            yield pack(self.scheme, evaluator.code, marks)[0]

    def _raw(self, item: Item, unit: Unit) -> Fraction | str:
        quality = self.quality.of(unit.code, item.id)
        known = self._known.get((item.id, quality))
        if known is None:
            known = self._known[item.id, quality] = raw_value(item.reading, full_points(item), quality)
        return known

    def sessions(self) -> Iterator[VoteSession]:
        """A vote of each group for each period, everybody present and every ballot valid."""
        voted = [i for i in self.items if isinstance(i.source, VotesSource) and not i.source.ballot_of]
        for group in self.groups:
            for period in dict.fromkeys(p for i in voted for p in _periods(i)):
                mine = [i for i in voted if period in _periods(i) and group.id in self._sharing(i)]
                if mine:
                    yield VoteSession(
                        id=f"试{self.scheme.id}{group.id}{period}",
                        name=f"试算：{group.name}",
                        scheme=self.scheme.id,
                        group=group.id,
                        period=period,
                        expected=_BALLOTS,
                        present=_BALLOTS,
                        issued=_BALLOTS,
                        returned=_BALLOTS,
                        counts=tuple(
                            VoteCount(unit=u.code, item=i.id, counts=self._ballots(i, u))
                            for u in self.units
                            for i in mine
                        ),
                    )

    def _sharing(self, item: Item) -> set[str]:
        gathering: Gathering = item.gathering or self.scheme.gathering
        return {s.group for s in gathering.groups} or {g.id for g in self.groups}

    def _ballots(self, item: Item, unit: Unit) -> dict[str, int]:
        counts: dict[str, int] = {}
        for _ in range(_BALLOTS):
            raw = self._raw(item, unit)
            answer = (
                raw
                if isinstance(raw, str)
                else f"{raw.numerator}/{raw.denominator}"
                if raw.denominator > 1
                else str(raw)
            )
            counts[answer] = counts.get(answer, 0) + 1
        return counts

    def office_marks(self) -> Iterator[OfficeMark]:
        """A value for each unit and period; measured ones have 100 as target and standard."""
        for item in self.items:
            if not isinstance(item.source, OfficeSource):
                continue
            for unit in self.units:
                for period in _periods(item):
                    raw = self._raw(item, unit)
                    yield OfficeMark(
                        scheme=self.scheme.id,
                        unit=unit.code,
                        item=item.id,
                        value=raw if isinstance(raw, Fraction) else Fraction(0),
                        level="" if isinstance(raw, Fraction) else raw,
                        period=period,
                        target=Fraction(100),
                        standard=Fraction(100),
                        basis="试算",
                    )

    def events(self) -> Iterator[Event]:
        """Rare ones, when they are drawn; none when a share is stated."""
        used = {k for i in self.items if isinstance(i.source, EventsSource) for k in i.source.kinds}
        used |= {k for a in self.scheme.adjustments for k in a.events}
        for kind in (k for k in self.scheme.event_kinds if k.id in used):
            row = next(iter(kind.table), None)
            for unit in self.units:
                if self.quality.chance(8):
                    yield Event(
                        id=f"试{kind.id}{unit.code}",
                        kind=kind.id,
                        unit=unit.code,
                        title=kind.name,
                        concluded=f"{self.scheme.year}-06-30",
                        amount=Fraction(1) if kind.amount is None and row is None and not kind.steps else None,
                        person_class=row.person_class if row else "",
                        sanction=row.sanction if row else "",
                        evidence="试算",
                        approver="试算",
                    )

    def earlier(self, schemes: dict[str, Scheme], units: Sequence[Unit]) -> Iterator[EarlierResult]:
        """Last year's results, where the scheme looks at them."""
        asked = {(i.source.scheme, i.source.years_ago) for i in self.items if isinstance(i.source, ResultsSource)}
        for id, ago in sorted(a for a in asked if a[1] > 0):
            of = schemes.get(id, self.scheme)
            mine = [u for u in units if u.level == of.level]
            grades = of.ladder.grades
            scores = {u.code: self.quality.of(u.code, f"{id}{ago}") for u in mine}
            order = sorted(mine, key=lambda u: -scores[u.code])
            for place, unit in enumerate(order):
                grade = grades[min(place * len(grades) // max(len(order), 1), len(grades) - 1)]
                yield EarlierResult(
                    scheme=id,
                    unit=unit.code,
                    year=self.scheme.year - ago,
                    grade=grade.id,
                    total=scores[unit.code] * (full_points(of.tree) or 100),
                    rank=place + 1,
                    rank_from_last=len(order) - place,
                )


def _relation_of(group: Group) -> Relation:
    fitting: list[Relation] = [r for r in group.relations if r not in group.recused] or [
        r for r in _RELATIONS if r not in group.recused
    ]
    return fitting[0] if fitting else "other"


def _periods(item: Item) -> tuple[str, ...]:
    return item.periods.names if item.periods is not None else ("",)


def raw_value(reading: Reading, full: Fraction | None, quality: Fraction) -> Fraction | str:
    """What somebody of this quality (0 to 1) would be given: a number that may be entered, or the id of a level."""
    if isinstance(reading, LevelsReading):
        counted = sorted((lv for lv in reading.levels if lv.points is not None), key=lambda lv: lv.points or 0)
        return _nearest(counted, quality).id if counted else reading.levels[0].id
    if isinstance(reading, DirectReading):
        return _direct(reading, full, quality)
    if isinstance(reading, BandsReading):
        ends = [e for b in reading.bands for e in (b.minimum, b.maximum) if e is not None]
        return _rounded(min(ends) + (max(ends) - min(ends)) * quality, 2) if ends else Fraction(0)
    if isinstance(reading, ThresholdReading) and isinstance(reading.target, Fraction):
        return _rounded(reading.target * quality, 0)
    if isinstance(reading, RatioReading) and reading.number:
        return _rounded(reading.number * quality, 0)
    return _rounded(Fraction(100) * quality, 0)


def _direct(reading: DirectReading, full: Fraction | None, quality: Fraction) -> Fraction:
    if reading.allowed:
        return _nearest(sorted(reading.allowed), quality)
    top = (full if reading.maximum == "full" else reading.maximum) or Fraction(100)
    low = reading.minimum
    if reading.step:
        return low + (top - low) * quality // reading.step * reading.step
    return _rounded(low + (top - low) * quality, min(reading.digits, 2))


def _nearest(row: Sequence[T], quality: Fraction) -> T:
    return row[min(int(quality * len(row)), len(row) - 1)]


def _rounded(value: Fraction, digits: int) -> Fraction:
    return Fraction(int(value * 10**digits), 10**digits)
