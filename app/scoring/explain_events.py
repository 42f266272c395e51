"""The way to what events come to: every event with its number, why it has it, and why it does not count, if so."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.quantities import Quantity
from app.domain.results import Step
from app.domain.schemes import EventsSource, Item
from app.scoring.events import EventLine, EventTally
from app.scoring.wording import exact_text

if TYPE_CHECKING:
    from app.scoring.board import Board


def event_steps(board: Board, item: Item, tally: EventTally, source: EventsSource) -> tuple[Step, ...]:
    """The events of one unit under one item, one step each."""
    names = {k.id: k.name for k in board.scheme.event_kinds}
    return tuple(
        Step(
            f"{item.id}/{ln.event.id}",
            ln.event.title or names.get(ln.event.kind, ln.event.kind),
            "event",
            None if ln.amount is None else Quantity.of(ln.amount),
            "未定" if ln.amount is None else exact_text(ln.amount),
            _sentence(ln, source),
        )
        for ln in tally.lines
    )


def _sentence(line: EventLine, source: EventsSource) -> str:
    event = line.event
    told = "计入" if not line.left_out else f"{line.left_out}，不计"
    if source.tally == "amount" and not line.left_out:
        told += _number(line)
    date, word = (event.concluded, "办结") if event.concluded else (event.occurred, "发生")
    return f"{told}；依据：{event.evidence or '未填'}" + (f"；{word} {date}" if date else "")


def _number(line: EventLine) -> str:
    """Where the number comes from, when it is not simply the event's or the kind's own."""
    if line.stated is None or line.amount is None:
        return "，没有写明分数"
    steps: list[str] = []
    if line.step:
        steps.append(f"本类第 {line.step} 件，{exact_text(line.stated)}")
    elif line.row is not None:
        words = "、".join(w for w in (line.row.person_class, line.row.sanction) if w) or "其他"
        steps.append(f"按分值表“{words}”，{exact_text(line.stated)}")
    elif line.factor != 1 or line.event.shared_by > 1:
        steps.append(exact_text(line.stated))
    if line.factor != 1:
        steps.append(f" × {exact_text(line.factor)}")
    if line.event.shared_by > 1:
        steps.append(f" ÷ {line.event.shared_by}（分摊）")
    return "：" + "".join(steps) if steps else ""


def events_sentence(board: Board, tally: EventTally, source: EventsSource) -> str:
    """How the events became one value, before the reading."""
    if tally.quantity.value is None:
        return tally.quantity.reason
    if not tally.lines:
        return "没有事项"
    names = {k.id: k.name for k in board.scheme.event_kinds}
    word = "减" if source.direction == "deduct" else "加"
    start = f"起始 {exact_text(tally.start)}，{word}"
    if source.tally == "count":
        return f"{start}件数 {exact_text(tally.total)}"
    return f"{start}事项合计 {exact_text(tally.total)}{_caps(board, tally, names)}"


def _caps(board: Board, tally: EventTally, names: dict[str, str]) -> str:
    if not tally.capped:
        return ""
    caps = {k.id: k.cap or Fraction(0) for k in board.scheme.event_kinds}
    return "（" + "、".join(f"{names.get(k, k)}至多 {exact_text(caps[k])}，已到上限" for k in tally.capped) + "）"
