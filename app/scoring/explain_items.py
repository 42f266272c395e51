"""The way to an item of one unit: groups and their marks with the cell each was read from, ballots, events, units below."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from app.domain.facts import Evaluator, MarkBlock, OfficeMark
from app.domain.quantities import MARK_STATES, Quantity
from app.domain.results import Cell, Step
from app.domain.schemes import (
    DirectReading,
    EventsSource,
    Item,
    LevelsReading,
    MarksSource,
    OfficeSource,
    QuantitySource,
    ResultsSource,
    VotesSource,
    Within,
)
from app.scoring.board import Board
from app.scoring.gather import Gathered, GroupState, is_spare, plan_groups
from app.scoring.marks import LOWEST, NO_SHEET, WORDS, decode
from app.scoring.readings import band_points, level_of, read_value
from app.scoring.stacks import gathering_of
from app.scoring.wording import exact_text, quantity_text, rounding_text, within_text

Below = Callable[[str, str, str], Step]
Told = tuple[tuple[Step, ...], str, str]

_STATES = {
    GroupState.MISSING: "没有足够的有效分数",
    GroupState.NOT_APPLICABLE: "均填“不适用”",
    GroupState.BLOCKED: "有空白、弃权或读不出的分数",
}


class ItemTeller:
    """Tells one item of one unit; ``below`` explains figures of other parts, units and schemes."""

    def __init__(self, board: Board, item: Item, place: int, below: Below) -> None:
        self.board = board
        self.item = item
        self.place = place
        self.unit = board.units[place]
        self.below = below
        self.gathering = gathering_of(board.scheme, item)

    def tell(self) -> Told:
        """Inputs, rule and the sentence up to the gathered value."""
        source = self.item.source
        if isinstance(source, MarksSource):
            return self._grouped(self._mark_group, "gather.marks")
        if isinstance(source, VotesSource):
            return self._grouped(self._vote_group, "gather.votes")
        if isinstance(source, EventsSource):
            return self._events(source)
        if isinstance(source, OfficeSource):
            return self._office()
        if isinstance(source, ResultsSource):
            return self._children(source)
        return self._quantity(source)

    # ---- groups

    def _grouped(self, group_step: Callable[[Gathered], Step], rule: str) -> Told:
        groups = self.board.works[self.item.id].groups
        steps = tuple(group_step(g) for g in groups if not is_spare(self.gathering, g.share) or self._stands_in(groups))
        states = tuple(GroupState(int(g.state[self.place])) for g in groups)
        names = tuple(g.name for g in groups)
        plan = plan_groups(self.gathering, tuple(g.share for g in groups), names, states)
        if not plan.coefficients:
            return steps, rule, plan.reason
        if len(groups) == 1:
            return steps, rule, f"取“{names[0]}”的结果 {exact_text(groups[0].value.at(self.place))}"
        terms = [
            f"{g.name} {exact_text(g.value.at(self.place))}×{exact_text(k)}"
            for g, k in zip(groups, plan.coefficients, strict=True)
            if k
        ]
        gone = [n for n, s in zip(names, states, strict=True) if s is not GroupState.VALUE]
        note = f"（{'、'.join(gone)}没有结果，权重按方案处理）" if gone else ""
        return steps, rule, "各组按权重合成" + note + "：" + " + ".join(terms)

    def _stands_in(self, groups: tuple[Gathered, ...]) -> bool:
        return any(g.state[self.place] == GroupState.MISSING for g in groups)

    def _group_step(self, group: Gathered, inputs: tuple[Step, ...], how: str) -> Step:
        state = GroupState(int(group.state[self.place]))
        key = f"{self.item.id}/{group.share.group}"
        if state is not GroupState.VALUE:
            reason = _STATES[state]
            return Step(key, group.name, "group", Quantity.no_result(reason), "无结果", reason, inputs)
        value = Quantity.of(group.value.at(self.place))
        rounding = self.board.scheme.rounding.group
        tail = f"，{rounding_text(rounding)}" if rounding else ""
        return Step(
            key, group.name, "group", value, quantity_text(value), f"{how}{tail}，得 {quantity_text(value)}", inputs
        )

    # ---- marks

    @property
    def _digits(self) -> int:
        table = self.board.table
        return table.digits[table.item_index[self.item.id]]

    def _mark_group(self, group: Gathered) -> Step:
        counted = int(group.counted[self.place])
        inputs = self._mark_steps(group)
        how = f"{counted} 个有效分数，{within_text(self.gathering.within, counted)}"
        return self._group_step(group, inputs, how)

    def _mark_steps(self, group: Gathered) -> tuple[Step, ...]:
        table = self.board.table
        seats = next(s for s in table.seats if s.group.id == group.share.group)
        lines: list[tuple[Evaluator, int, bool]] = []
        for row, line in enumerate(int(r) for r in seats.rows):
            if seats.member[row, self.place]:
                code = int(table.codes[line, self.place, table.item_index[self.item.id]])
                lines.append((table.evaluators[line], code, bool(seats.recused[row, self.place])))
        read = [None if recused else self._read(code) for _, code, recused in lines]
        dropped = trimmed_places(read, self.gathering.within)
        return tuple(
            self._mark_step(group.share.group, evaluator, code, recused, read[i], dropped.get(i, ""))
            for i, (evaluator, code, recused) in enumerate(lines)
        )

    def _read(self, code: int) -> Fraction | None:
        """The points of one mark as they count; None when it does not."""
        reading, item = self.item.reading, self.item
        if code <= NO_SHEET:
            word = MARK_STATES[code - LOWEST].value if code < NO_SHEET else ""
            policy = {"blank": self.gathering.blank, "abstained": self.gathering.abstained}.get(word, "leave_out")
            return Fraction(0) if policy == "zero" else None
        said = decode(item, code, self._digits)
        if isinstance(reading, LevelsReading):
            level = level_of(reading, str(said))
            return level.points if level else None
        if not isinstance(said, Fraction):
            return None
        return said * reading.factor if isinstance(reading, DirectReading) else band_points(reading, said)

    def _mark_step(
        self, group: str, evaluator: Evaluator, code: int, recused: bool, read: Fraction | None, dropped: str
    ) -> Step:
        key = f"{self.item.id}/{group}/{evaluator.code}"
        block = self.board.table.blocks.get(evaluator.code)
        if recused:
            return Step(key, evaluator.name, "mark", None, "回避", "按方案应当回避，不计入")
        if code == NO_SHEET:
            return Step(key, evaluator.name, "mark", None, "未交表", "评分表还没有收回，不计入")
        text = self._mark_text(code)
        value = None if read is None else Quantity.of(read)
        sentence = dropped or ("计入" if read is not None else "不计入")
        if read is not None and text != exact_text(read):
            sentence = f"按读法计 {exact_text(read)} 分，{sentence}"
        sentence += self._edited(block)
        return Step(key, evaluator.name, "mark", value, text, sentence, (), self._cell(block))

    def _mark_text(self, code: int) -> str:
        if code < NO_SHEET:
            return WORDS[MARK_STATES[code - LOWEST]]
        said = decode(self.item, code, self._digits)
        if isinstance(self.item.reading, LevelsReading):
            level = level_of(self.item.reading, str(said))
            return level.name if level else str(said)
        return exact_text(said) if isinstance(said, Fraction) else str(said)

    def _cell(self, block: MarkBlock | None) -> Cell | None:
        if (
            block is None
            or block.origin is None
            or self.unit.code not in block.units
            or self.item.id not in block.items
        ):
            return None
        origin = block.origin
        row, column = origin.rows[block.units.index(self.unit.code)], origin.columns[block.items.index(self.item.id)]
        return Cell(origin.file, origin.sheet, f"{column}{row}", origin.sha256)

    def _edited(self, block: MarkBlock | None) -> str:
        edits = [e for e in block.edits if e.unit == self.unit.code and e.item == self.item.id] if block else []
        return "".join(
            f"；{e.at[:16].replace('T', ' ')} {e.by} 由 {e.before or '空白'} 更正为 {e.after or '空白'}（{e.reason}）"
            for e in edits
        )

    # ---- votes

    def _vote_group(self, group: Gathered) -> Step:
        source = self.item.source
        if not isinstance(source, VotesSource):
            raise TypeError(source.kind)
        tally = self.board.votes_of(self.item, source, group.share.group, self.unit)
        reading = self.item.reading
        levels = reading.levels if isinstance(reading, LevelsReading) else ()
        inputs = tuple(
            Step(
                f"{self.item.id}/{group.share.group}/{lv.id}",
                lv.name,
                "answer",
                Quantity.of(tally.counts.get(lv.id, 0)),
                f"{tally.counts.get(lv.id, 0)} 票",
                "不计入" if lv.points is None else f"每票 {exact_text(lv.points)} 分",
            )
            for lv in levels
        )
        names = "、".join(s.name for s in tally.sessions) or "没有会议"
        how = f"{names}：得分合计 {exact_text(tally.points)} ÷ {self._denominator(source)} {tally.denominator}"
        return self._group_step(group, inputs, how)

    def _denominator(self, source: VotesSource) -> str:
        return {
            "answers": "计分票数",
            "valid": "有效票数",
            "returned": "收回票数",
            "issued": "发出票数",
            "present": "实到人数",
        }[source.denominator]

    # ---- the others

    def _events(self, source: EventsSource) -> Told:
        tally = self.board.events_of(self.item, source, self.unit)
        inputs = tuple(
            Step(
                f"{self.item.id}/{ln.event.id}",
                ln.event.title or self._kind_name(ln.event.kind),
                "event",
                None if ln.amount is None else Quantity.of(ln.amount),
                "未定" if ln.amount is None else exact_text(ln.amount),
                (ln.left_out + "，不计" if ln.left_out else "计入")
                + f"；依据：{ln.event.evidence or '未填'}"
                + (f"；办结 {ln.event.concluded}" if ln.event.concluded else ""),
            )
            for ln in tally.lines
        )
        word = "减" if source.direction == "deduct" else "加"
        caps = "（" + "、".join(self._kind_name(k) for k in tally.capped) + "已到合计上限）" if tally.capped else ""
        sentence = f"起始 {exact_text(tally.start)}，{word}事项合计 {exact_text(tally.total)}{caps}"
        net = tally.start - tally.total if source.direction == "deduct" else tally.start + tally.total
        read = self._as_read(net)
        if not tally.lines:
            return inputs, "events", f"没有事项{read}" if read else f"没有事项，为 {exact_text(tally.start)}"
        return inputs, "events", sentence + read

    def _as_read(self, value: Fraction) -> str:
        """What the reading makes of a number; nothing when it leaves it alone."""
        reading = self.item.reading
        if isinstance(reading, DirectReading):
            return f"，{exact_text(value)} 乘 {exact_text(reading.factor)}" if reading.factor != 1 else ""
        return f"，{exact_text(value)} 按分段表计 {quantity_text(read_value(reading, value))}"

    def _kind_name(self, kind: str) -> str:
        return next((k.name for k in self.board.scheme.event_kinds if k.id == kind), kind)

    def _office(self) -> Told:
        mark = self.board.office_marks.get((self.unit.code, self.item.id))
        if mark is None:
            return (), "office", "考核办尚未录入"
        by = f"（{mark.by}）" if mark.by else ""
        note = self._as_read(mark.value) if isinstance(mark.value, Fraction) and not mark.level else ""
        basis = f"依据“{mark.basis}”，" if mark.basis else ""
        return (), "office", f"{basis}考核办{by}录入 {self._entered(mark)}{note}"

    def _entered(self, mark: OfficeMark) -> str:
        if mark.level:
            level = level_of(self.item.reading, mark.level) if isinstance(self.item.reading, LevelsReading) else None
            return f"“{level.name if level else mark.level}”"
        return exact_text(mark.value) if isinstance(mark.value, Fraction) else WORDS[mark.value]

    def _children(self, source: ResultsSource) -> Told:
        values = self.board.children_values(self.item, source, self.unit)
        inputs: list[Step] = []
        for child, quantity in values:
            asked = {"grade": "grade", "rank": "rank"}.get(source.quantity, source.quantity)
            step = self.below(source.scheme, child.code, asked)
            inputs.append(
                Step(
                    f"{self.item.id}/{child.code}",
                    child.name,
                    "child",
                    quantity,
                    quantity_text(quantity),
                    f"{step.title} {step.text}" + (self._as_read(quantity.value) if quantity.value is not None else ""),
                    (step,),
                )
            )
        if not values:
            return (), "children", "没有参评的下级单位"
        how = within_text(self.gathering.within, len(values))
        return tuple(inputs), "children", f"{len(values)} 个下级单位，{how}"

    def _quantity(self, source: QuantitySource) -> Told:
        step = self.below("", self.unit.code, source.quantity)
        known = step.value.value if step.value else None
        note = "" if known is None else self._as_read(known)
        return (step,), "quantity", f"取“{step.title}” {step.text}{note}"


def trimmed_places(read: list[Fraction | None], within: Within) -> dict[int, str]:
    """Which of these marks a trimmed mean leaves out, by place in the list."""
    ordered = sorted((value, place) for place, value in enumerate(read) if value is not None)
    if within.method != "trimmed" or len(ordered) <= max(within.above, within.high + within.low):
        return {}
    low = {place: "最低分，去掉" for _, place in ordered[: within.low]}
    high = {place: "最高分，去掉" for _, place in ordered[len(ordered) - within.high :]}
    return {**low, **high}
