"""The way to a group's value: every evaluator's mark with the cell it was read from, or every answer of a vote."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.facts import Evaluator, MarkBlock
from app.domain.quantities import MARK_STATES, Quantity
from app.domain.results import Cell, Step
from app.domain.schemes import Gathering, Item, LevelsReading, Node, Within
from app.scoring.explain_readings import reading_text
from app.scoring.gather import Gathered, GroupState
from app.scoring.marks import LOWEST, NO_SHEET, WORDS, decode
from app.scoring.readings import level_of, read_value
from app.scoring.sheet_readings import SheetReader
from app.scoring.sources import trimmed_places
from app.scoring.tables import MarkTable, Seats, plain_reading
from app.scoring.wording import exact_text, quantity_text, rounding_text, within_text

if TYPE_CHECKING:
    from app.scoring.board import Board

_STATES = {
    GroupState.MISSING: "没有足够的有效分数",
    GroupState.NOT_APPLICABLE: "均填“不适用”",
    GroupState.BLOCKED: "有空白、弃权或读不出的分数",
}
_LEFT_OUT = {"highest": "最高分，去掉", "lowest": "最低分，去掉"}


def group_step(
    board: Board, key: str, group: Gathered, place: int, inputs: tuple[Step, ...], how: str, why_none: str = ""
) -> Step:
    """One group's value; ``how``: in words, from its inputs to the value before rounding; ``why_none``: why it has none,
    if more is known than its state."""
    state = GroupState(int(group.state[place]))
    if state is not GroupState.VALUE:
        reason = why_none or _STATES[state]
        return Step(key, group.name, "group", Quantity.no_result(reason), "无结果", reason, inputs)
    value = Quantity.of(group.value.at(place))
    rounding = board.scheme.rounding.group
    tail = f"，{rounding_text(rounding)}" if rounding else ""
    text = quantity_text(value)
    return Step(key, group.name, "group", value, text, f"{how}{tail}，得 {text}", inputs)


def how_gathered(within: Within, counted: int, left_out: int) -> str:
    """So many marks, and what was done with them."""
    if within.method == "trimmed" and within.equal == "all" and left_out:
        ends = "、".join(w for w, n in (("最高", within.high), ("最低", within.low)) if n)
        return f"{counted} 个有效分数，去掉所有等于{ends}值的 {left_out} 个后取平均"
    return f"{counted} 个有效分数，{within_text(within, counted)}"


def void_text(table: MarkTable, evaluator: str) -> str:
    """Why a sheet does not count."""
    return f"评分表不符合{'、'.join(f'“{rule.name}”' for rule in table.void[evaluator])}，整张无效，不计入"


class MarkTeller:
    """Tells the marks of one item for one unit."""

    def __init__(self, board: Board, item: Item, place: int, gathering: Gathering) -> None:
        self.board = board
        self.item = item
        self.place = place
        self.unit = board.units[place]
        self.gathering = gathering
        self.table = board.table
        self.column = self.table.item_index[item.id]
        self.special = SheetReader(board, item) if plain_reading(item) is None else None

    def group(self, key: str, group: Gathered) -> Step:
        """One group with the marks of its members."""
        seats = next(s for s in self.table.seats if s.group.id == group.group)
        lines = self.lines(seats)
        read = [None if recused else self.read(row) for row, recused in lines]
        dropped = trimmed_places(read, self.gathering.within)
        inputs = tuple(
            self.mark(f"{key}/{self.table.evaluators[row].code}", row, recused, read[i], dropped.get(i, ""))
            for i, (row, recused) in enumerate(lines)
        )
        how = how_gathered(self.gathering.within, int(group.counted[self.place]), len(dropped))
        return group_step(self.board, key, group, self.place, inputs, how)

    def lines(self, seats: Seats) -> list[tuple[int, bool]]:
        """Rows of the members of a group for this unit, and whether each is recused."""
        rows = enumerate(int(r) for r in seats.rows)
        return [(row, bool(seats.recused[i, self.place])) for i, row in rows if seats.member[i, self.place]]

    def code(self, row: int) -> int:
        """The packed mark of one row."""
        return int(self.table.codes[row, self.place, self.column])

    def read(self, row: int) -> Fraction | None:
        """The points of one mark as they count; None when it does not."""
        code, item = self.code(row), self.item
        if code <= NO_SHEET:
            word = MARK_STATES[code - LOWEST].value if code < NO_SHEET else ""
            policy = {"blank": self.gathering.blank, "abstained": self.gathering.abstained}.get(word, "leave_out")
            return Fraction(0) if policy == "zero" else None
        if self.special is not None:
            return self.special.quantity(row, self.place).value
        said = decode(item, code, self.table.digits[self.column])
        if isinstance(item.reading, LevelsReading):
            level = level_of(item.reading, str(said))
            return level.points if level else None
        if not isinstance(said, Fraction):
            return None
        return read_value(plain_reading(item) or item.reading, said).value

    def mark(self, key: str, row: int, recused: bool, read: Fraction | None, dropped: str) -> Step:
        """One evaluator's mark."""
        evaluator: Evaluator = self.table.evaluators[row]
        block, code = self.table.blocks.get(evaluator.code), self.code(row)
        if recused:
            return Step(key, evaluator.name, "mark", None, "回避", "按方案应当回避，不计入")
        if evaluator.code in self.table.void:
            return Step(key, evaluator.name, "mark", None, "整表无效", void_text(self.table, evaluator.code))
        if code == NO_SHEET:
            return Step(key, evaluator.name, "mark", None, "未交表", "评分表还没有收回，不计入")
        text = self._text(code)
        value = None if read is None else Quantity.of(read)
        sentence = _LEFT_OUT.get(dropped) or ("计入" if read is not None else "不计入")
        sentence = self._as_read(row, code, text, read) + sentence + self._edited(block) + _come(block)
        return Step(key, evaluator.name, "mark", value, text, sentence, (), self._cell(block))

    def _as_read(self, row: int, code: int, text: str, read: Fraction | None) -> str:
        if read is None or text == exact_text(read):
            return ""
        said = decode(self.item, code, self.table.digits[self.column]) if code > NO_SHEET else None
        if self.special is not None and isinstance(said, Fraction):
            given = self.special.given(row, self.place)
            told = reading_text(self.board, self.item.reading, said, given, self.place)
            who = "本人所评各单位中，" if given.peers is not None else ""
            return f"{who}{told}，" if told else ""
        return f"按读法计 {exact_text(read)} 分，"

    def _text(self, code: int) -> str:
        if code < NO_SHEET:
            return WORDS[MARK_STATES[code - LOWEST]]
        said = decode(self.item, code, self.table.digits[self.column])
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
        return Cell(origin.file, origin.sheet, f"{column}{row}", origin.sha256) if row else None

    def _edited(self, block: MarkBlock | None) -> str:
        edits = [e for e in block.edits if e.unit == self.unit.code and e.item == self.item.id] if block else []
        return "".join(
            f"；{e.at[:16].replace('T', ' ')} {e.by} 由 {e.before or '空白'} 更正为 {e.after or '空白'}（{e.reason}）"
            for e in edits
        )


def _come(block: MarkBlock | None) -> str:
    """The packages a sheet has come in."""
    packages = block.origin.packages if block and block.origin else ()
    return f"；随 {'、'.join(packages)} 报来" if packages else ""


class RaterNodeTeller:
    """Tells the evaluators' own values of a node that is gathered after joining."""

    def __init__(self, board: Board, node: Node, place: int, gathering: Gathering) -> None:
        self.board = board
        self.node = node
        self.place = place
        self.gathering = gathering
        self.work = board.node_works[node.id]
        self.items = [
            p for p in board.parts.values() if isinstance(p, Item) and p.id in board.table.item_index and self._below(p)
        ]

    def _below(self, item: Item) -> bool:
        above = self.board.above.get(item.id)
        while above is not None and above.id != self.node.id:
            above = self.board.above.get(above.id)
        return above is not None

    def group(self, group: Gathered) -> Step:
        """One group with each member's own value of the node."""
        key, table = f"{self.node.id}/{group.group}", self.board.table
        seats = next(s for s in table.seats if s.group.id == group.group)
        tellers = [MarkTeller(self.board, item, self.place, self.gathering) for item in self.items]
        rows = [
            (int(r), bool(seats.recused[i, self.place]))
            for i, r in enumerate(seats.rows)
            if seats.member[i, self.place]
        ]
        values = [None if recused else self._value(row) for row, recused in rows]
        dropped = trimmed_places(values, self.gathering.within)
        inputs: list[Step] = []
        for i, (row, recused) in enumerate(rows):
            name, code = table.evaluators[row].name, f"{key}/{table.evaluators[row].code}"
            marks = tuple(t.mark(f"{code}/{t.item.id}", row, recused, t.read(row), "") for t in tellers)
            value = values[i]
            if value is None:
                why = "按方案应当回避，不计入" if recused else self._why_none(row)
                inputs.append(Step(code, name, "rater", None, "不计入", why, marks))
                continue
            sentence = f"本人各项合成 {exact_text(value)}，{_LEFT_OUT.get(dropped.get(i, '')) or '计入'}"
            inputs.append(Step(code, name, "rater", Quantity.of(value), exact_text(value), sentence, marks))
        how = how_gathered(self.gathering.within, int(group.counted[self.place]), len(dropped))
        return group_step(self.board, key, group, self.place, tuple(inputs), how)

    def _lane(self, row: int) -> int:
        return row * len(self.board.units) + self.place

    def _value(self, row: int) -> Fraction | None:
        return self.work.own.quantity(self._lane(row)).value

    def _why_none(self, row: int) -> str:
        table = self.board.table
        if table.evaluators[row].code in table.void:
            return void_text(table, table.evaluators[row].code)
        codes = table.codes[row, self.place]
        if (codes == NO_SHEET).all():
            return "评分表还没有收回，不计入"
        return f"{self.work.own.quantity(self._lane(row)).reason or '本人的分数不全'}，整份不计"
