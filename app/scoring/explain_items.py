"""The way to an item of one unit: groups, ballots, events, entries, other results; periods, conversion, overrides."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from app.domain.facts import OfficeMark
from app.domain.quantities import Quantity
from app.domain.results import Step
from app.domain.schemes import (
    EventsSource,
    Gathering,
    Item,
    LevelsReading,
    MarksSource,
    OfficeSource,
    ResultsSource,
    VotesSource,
)
from app.scoring.across import Reader
from app.scoring.board import Board
from app.scoring.explain_events import event_steps, events_sentence
from app.scoring.explain_marks import MarkTeller
from app.scoring.explain_readings import conditions_text, reading_text
from app.scoring.explain_votes import VoteTeller
from app.scoring.gather import Gathered, GroupState, coefficients_of, plan_groups
from app.scoring.item_sources import Drawn
from app.scoring.marks import WORDS
from app.scoring.periods import counted_periods
from app.scoring.readings import level_of
from app.scoring.shares import Sharing, gathering_of, sharing_of
from app.scoring.wording import exact_text, quantity_text, within_text

Below = Callable[[str, str, str], Step]
Told = tuple[tuple[Step, ...], str, str]

_ENTERED = {"office": "考核办", "figure": "测量", "self": "单位自评", "imported": "外部考核结果"}
_SUBJECTS = {
    "children": "个下级单位",
    "parent": "个上级单位",
    "own": "个本单位的结果",
    "linked": "个相联系的对象",
    "linking": "个联系到本单位的对象",
}


def grouped_text(sharing: Sharing, groups: tuple[Gathered, ...], place: int) -> str:
    """How the groups' values became one."""
    states = tuple(GroupState(int(g.state[place])) for g in groups)
    names = tuple(g.name for g in groups)
    plan = plan_groups(sharing, names, states)
    shares: tuple[Fraction, ...] | None = plan.coefficients
    if sharing.by_count and plan.moves:
        shares = coefficients_of(sharing, plan.moves, len(groups), [int(g.counted[place]) for g in groups])
    if not shares:
        return plan.reason or "各组权重合计为 0"
    if len([s for s in sharing.shares if s is not None]) == 1 and states[0] is GroupState.VALUE:
        return f"取“{names[0]}”的结果 {exact_text(groups[0].value.at(place))}"
    terms = [
        f"{g.name} {exact_text(g.value.at(place))}×{exact_text(k)}" for g, k in zip(groups, shares, strict=True) if k
    ]
    real = [i for i, share in enumerate(sharing.shares) if share is not None]
    gone = [names[i] for i in real if states[i] is not GroupState.VALUE]
    note = f"（{'、'.join(gone)}没有结果，权重按方案处理）" if gone else ""
    how = "各组按权重×个数合成" if sharing.by_count else "各组按权重合成"
    return how + note + "：" + (" + ".join(terms) or "0")


def told_groups(sharing: Sharing, groups: tuple[Gathered, ...], place: int) -> tuple[Gathered, ...]:
    """The groups that take part for the unit, and one that only stands in when some group is missing."""
    missing = any(g.state[place] == GroupState.MISSING for g in groups)
    return tuple(g for g, s in zip(groups, sharing.shares, strict=True) if s is not None or missing)


class ItemTeller:
    """Tells one item of one unit; ``below`` explains figures of other parts, units and schemes."""

    def __init__(self, board: Board, item: Item, place: int, below: Below) -> None:
        self.board = board
        self.item = item
        self.place = place
        self.unit = board.units[place]
        self.below = below
        self.gathering: Gathering = gathering_of(board.scheme, item)
        self.work = board.works[item.id]

    def tell(self) -> Told:
        """Inputs, rule and the sentence up to the value that conversion, overrides and limits start from."""
        work = self.work
        if self.item.periods is None:
            told = self._source(Drawn(work.gathered, work.grouped, work.lanes, work.reader), None)
        else:
            told = self._periods()
        inputs, rule, sentence = told
        return inputs, rule, sentence + self._converted() + self._overridden()

    def before_limits(self) -> Fraction | None:
        """The value that the limits were put on."""
        number = (self.work.overridden or {}).get(self.place)
        if number is None:
            return self.work.converted.quantity(self.place).value
        points = self.item.overrides[number].points
        return self.board.own(self.item, self.place).points if points == "full" else points

    # ---- periods, conversion, overrides

    def _periods(self) -> Told:
        periods = self.item.periods
        if periods is None:
            raise TypeError(self.item.id)
        steps = tuple(self._period(name, got) for name, got in zip(periods.names, self.work.periods, strict=True))
        values = [got.column.quantity(self.place) for got in self.work.periods]
        counted = counted_periods(periods, values)
        if not counted:
            return steps, "periods", "没有一期可计"
        if not periods.weights:
            listed = "、".join(f"{periods.names[i]} {exact_text(v)}" for i, v in counted)
            return steps, "periods", f"{len(counted)} 期{within_text(periods.within, len(counted))}：{listed}"
        terms = [f"{periods.names[i]} {exact_text(v)}×{exact_text(periods.weights[i])}" for i, v in counted]
        whole = sum((periods.weights[i] for i, _ in counted), Fraction(0))
        return steps, "periods", f"各期加权平均：（{' + '.join(terms)}）÷ {exact_text(whole)}"

    def _period(self, name: str, got: Drawn) -> Step:
        inputs, rule, sentence = self._source(got, name)
        value = got.column.quantity(self.place)
        text = sentence if value.value is not None else value.reason or sentence
        return Step(f"{self.item.id}/{name}", name, rule, value, quantity_text(value), text, inputs)

    def _converted(self) -> str:
        conversion, value = self.work.conversion, self.work.gathered.quantity(self.place).value
        if conversion is None or value is None:
            return ""
        note = reading_text(self.board, conversion.reading, value, conversion.given(self.place), self.place)
        changed = self.work.converted.quantity(self.place)
        if changed.value is None:
            return f"，得 {exact_text(value)}，换算：{note or changed.reason}"
        return f"，得 {exact_text(value)}，换算：{note or exact_text(value)}，得 {exact_text(changed.value)}"

    def _overridden(self) -> str:
        number = (self.work.overridden or {}).get(self.place)
        if number is None:
            return ""
        override = self.item.overrides[number]
        name = f"“{override.note}”" if override.note else f"第 {number + 1} 条"
        why = conditions_text(self.board, override.when, self.place)
        before = quantity_text(self.work.converted.quantity(self.place))
        return (
            f"；原为 {before}，符合特别规定{name}（{why}），改为{'满分' if override.points == 'full' else '规定的数'}"
        )

    # ---- by source

    def _source(self, got: Drawn, period: str | None) -> Told:
        source = self.item.source
        if isinstance(source, MarksSource):
            teller = MarkTeller(self.board, self.item, self.place, self.gathering)
            return self._grouped(got, lambda g: teller.group(f"{self.item.id}/{g.group}", g), "gather.marks")
        if isinstance(source, VotesSource):
            votes = VoteTeller(self.board, self.item, source, self.gathering, self.place, period)
            return self._grouped(got, votes.group, "gather.votes")
        if isinstance(source, EventsSource):
            return self._events(source, got)
        if isinstance(source, OfficeSource):
            return self._office(source, got, period)
        if isinstance(source, ResultsSource):
            return self._results(source, got)
        step = self.below("", self.unit.code, source.quantity)
        return (step,), "quantity", f"取“{step.title}” {step.text}{self._read(got)}"

    def _read(self, got: Drawn) -> str:
        """What the reading made of a value that stands by itself."""
        reader = got.reader
        value = reader.column.quantity(self.place).value if reader else None
        if reader is None or value is None:
            return ""
        note = reading_text(self.board, reader.reading, value, reader.given(self.place), self.place)
        return f"，{note}" if note else ""

    def _grouped(self, got: Drawn, step: Callable[[Gathered], Step], rule: str) -> Told:
        groups = got.groups
        sharing = sharing_of(self.board.scheme, self.gathering, self.unit)
        steps = tuple(step(g) for g in told_groups(sharing, groups, self.place))
        return steps, rule, grouped_text(sharing, groups, self.place) if groups else "没有一组参加汇集"

    def _events(self, source: EventsSource, got: Drawn) -> Told:
        tally = self.board.events_of(self.item, source, self.unit)
        steps, sentence = event_steps(self.board, self.item, tally, source), events_sentence(self.board, tally, source)
        read = self._read(got) if tally.quantity.value is not None else ""
        if not tally.lines and not read and tally.quantity.value is not None:
            return steps, "events", f"没有事项，为 {exact_text(tally.start)}"
        return steps, "events", sentence + read

    def _office(self, source: OfficeSource, got: Drawn, period: str | None) -> Told:
        mark = self.board.office_mark(self.unit, self.item, period)
        if mark is None:
            return (), source.kind, got.column.quantity(self.place).reason or "尚未录入"
        by = f"（{mark.by}）" if mark.by else ""
        basis = f"依据“{mark.basis}”，" if mark.basis else ""
        word = _ENTERED[source.kind] + by + ("录入" if source.kind == "office" else "为")
        goals = [(n, v) for n, v in (("目标", mark.target), ("标准", mark.standard)) if v is not None]
        figures = "".join(f"（{name} {exact_text(value)}）" for name, value in goals)
        return (), source.kind, f"{basis}{word} {self._entered(mark)}{figures}{self._read(got)}"

    def _entered(self, mark: OfficeMark) -> str:
        if mark.level:
            level = level_of(self.item.reading, mark.level) if isinstance(self.item.reading, LevelsReading) else None
            return f"“{level.name if level else mark.level}”"
        return exact_text(mark.value) if isinstance(mark.value, Fraction) else WORDS[mark.value]

    # ---- other results

    def _results(self, source: ResultsSource, got: Drawn) -> Told:
        found = self.board.results_of(source)
        values = found.of(self.unit)
        year = f"{found.year} 年的" if source.years_ago else ""
        inputs: list[Step] = []
        for subject, quantity in values:
            key = f"{self.item.id}/{subject.code}"
            if (told := found.told(subject)) is not None:
                come = f"（{told.package} 报来）" if told.package else ""
                known, below = f"{year}{source.quantity} {quantity_text(quantity)}{come}", ()
            else:
                step = self.below(source.scheme, subject.code, source.quantity)
                known, below = f"{step.title} {step.text}", (step,)
            note = self._subject_note(quantity)
            inputs.append(Step(key, subject.name, "child", quantity, quantity_text(quantity), known + note, below))
        if not values:
            return (), "children", f"没有可计的对象{'（' + year + '结果）' if year else ''}"
        how = within_text(self.gathering.within, len(values))
        return tuple(inputs), "children", f"{len(values)} {year}{_SUBJECTS[source.of]}，{how}{self._read(got)}"

    def _subject_note(self, quantity: Quantity) -> str:
        """What the reading made of one subject's value, when each is read by itself."""
        reading = self.item.reading
        if quantity.value is None or self.work.reader is not None:
            return ""
        given = Reader(self.board, self.item, reading, self.work.gathered).given(self.place)
        note = reading_text(self.board, reading, quantity.value, given, self.place)
        return f"，{note}" if note else ""
