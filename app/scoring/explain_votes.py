"""The way to what a group voted: its answers, the ballots that were void and by which rule, the denominator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.quantities import Quantity
from app.domain.results import Step
from app.domain.schemes import Gathering, Item, LevelsReading, VotesSource
from app.scoring.explain_marks import group_step
from app.scoring.gather import Gathered
from app.scoring.votes import Meeting, VoteTally, answer_points
from app.scoring.wording import exact_text, within_text

if TYPE_CHECKING:
    from app.scoring.board import Board

_COUNTED_BY = {
    "answers": "计分票数",
    "valid": "有效票数",
    "returned": "收回票数",
    "issued": "发出票数",
    "present": "实到人数",
    "expected": "应到人数",
}


class VoteTeller:
    """Tells one group's votes on one item for one unit, of one period if the item has periods."""

    def __init__(
        self, board: Board, item: Item, source: VotesSource, gathering: Gathering, place: int, period: str | None
    ) -> None:
        self.board = board
        self.item = item
        self.source = source
        self.gathering = gathering
        self.place = place
        self.period = period

    def group(self, group: Gathered) -> Step:
        """The group's value with its answers, void ballots and sessions that do not stand."""
        unit = self.board.units[self.place]
        tally = self.board.votes_of(self.item, self.source, group.group, unit, self.period)
        key = "/".join(k for k in (self.item.id, self.period, group.group) if k)
        inputs = (*self._answers(key, tally), *_void(key, tally), *_left_out(key, tally))
        why = tally.blocked or self._why_none(tally)
        return group_step(self.board, key, group, self.place, inputs, self.how(tally), why)

    def _answers(self, key: str, tally: VoteTally) -> tuple[Step, ...]:
        reading, full = self.item.reading, self.board.own(self.item, self.place).points
        names = {lv.id: lv.name for lv in reading.levels} if isinstance(reading, LevelsReading) else {}
        found: list[Step] = []
        for answer in (*names, *sorted(a for a in tally.counts if a not in names)):
            worth, number = answer_points(self.item, answer, full), tally.counts.get(answer, 0)
            said = "不计入" if worth is None else f"每票 {exact_text(worth)} 分"
            name = names.get(answer, answer)
            found.append(Step(f"{key}/{answer}", name, "answer", Quantity.of(number), f"{number} 票", said))
        return tuple(found)

    def how(self, tally: VoteTally) -> str:
        """From the answers to the value."""
        names = "、".join(m.session.name for m in tally.meetings) or "没有会议"
        if self.item.source.kind == "votes" and self.source.ballot_of:
            voted = self.board.parts.get(self.source.ballot_of)
            names += f"（“{voted.name if voted else self.source.ballot_of}”的计票）"
        if tally.denominator is not None:
            return f"{names}：得分合计 {exact_text(tally.points)} ÷ {self._divisor(tally)}"
        if self.gathering.within.method in ("mean", "sum", "latest"):
            return f"{names}：得分合计 {exact_text(tally.points)}，不除"
        return f"{names}：{tally.counted} 票的分值，{within_text(self.gathering.within, tally.counted)}"

    def _divisor(self, tally: VoteTally) -> str:
        word, by = _COUNTED_BY[self.source.denominator], self.source.denominator
        parts: list[str] = []
        if by == "valid":
            returned = sum(m.session.returned for m in tally.meetings)
            parts.append(f"收回 {returned} − 无效 {sum(m.invalid for m in tally.meetings)}")
        elif by != "answers" and len(tally.meetings) > 1:
            parts.append(" + ".join(f"{m.session.name} {getattr(m.session, by)}" for m in tally.meetings))
        if tally.outside:
            start = "" if parts and by == "valid" else f"{tally.whole} "
            parts.append(f"{start}− 不计入的 {tally.outside}".strip())
        how = f"（{' '.join(parts) if by == 'valid' else '，'.join(parts)}）" if parts else ""
        return f"{word} {tally.denominator}{how}"

    def _why_none(self, tally: VoteTally) -> str:
        if not tally.meetings:
            return "没有成立的会议" if tally.left_out else "没有这个单位的计票"
        if tally.denominator is not None:
            return f"{self._divisor(tally)}，分母应大于 0，没有值"
        return "没有一张计分的票"


def _void(key: str, tally: VoteTally) -> tuple[Step, ...]:
    """The ballots of each session that the rules made void."""
    return tuple(_void_step(key, m) for m in tally.meetings if m.ballots is not None and m.ballots.void)


def _void_step(key: str, meeting: Meeting) -> Step:
    ballots = meeting.ballots
    void, broken = (ballots.void, ballots.broken) if ballots else (0, ())
    rules = "、".join(f"“{rule.name}”{number} 张" for rule, number in broken)
    title = f"{meeting.session.name}：无效选票"
    text = f"{void} 张"
    return Step(
        f"{key}/{meeting.session.id}/void",
        title,
        "ballots",
        Quantity.of(void),
        text,
        f"收入 {ballots.ballots if ballots else 0} 张，不符合{rules}，整张不计入",
    )


def _left_out(key: str, tally: VoteTally) -> tuple[Step, ...]:
    return tuple(
        Step(f"{key}/{m.session.id}", m.session.name, "session", None, "不成立", f"{m.failed}，整次不算")
        for m in tally.left_out
    )
