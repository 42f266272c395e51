"""What one cell says: a mark, one of the four states, or a remark why it says nothing that can be taken."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from app.domain.errors import Fault
from app.domain.findings import Severity
from app.domain.quantities import MarkState, number_text
from app.domain.sheets import FormItem, SheetForm
from app.files.excel.layout import limits_text
from app.files.excel.texts import normal, tight

_NUMBER = re.compile(r"([+-]?\d{1,12}(?:\.\d{0,12})?|[+-]?\.\d{1,12})(分|%)?")
_NOISE = Fraction(1, 10**9)  # what binary arithmetic leaves behind in a computed cell
BAD, NOT_CALCULATED = Fault.XLS_BAD_CELL.value.code, Fault.XLS_NOT_CALCULATED.value.code


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a cell: an error refuses it, a note or warning tells how it was taken."""

    severity: Severity
    message: str
    step: str = ""
    code: str = BAD


@dataclass(frozen=True, slots=True)
class Mark:
    """value: scaled integer, index of the level, or a state; none when refused."""

    value: int | MarkState | None
    remark: Remark | None = None


def refused(message: str, step: str, code: str = BAD) -> Mark:
    """A cell that cannot be taken."""
    return Mark(None, Remark(Severity.ERROR, message, step, code))


def noted(value: int | MarkState, message: str) -> Mark:
    """A cell that was taken, with a word on how."""
    return Mark(value, Remark(Severity.NOTE, message))


def word_states(form: SheetForm) -> dict[str, MarkState]:
    """The accepted words, as they are compared."""
    return {tight(word): state for word, state in form.words}


def read_mark(value: object, item: FormItem, words: Mapping[str, MarkState]) -> Mark:
    """Judge a cell's value. Formulas, errors and percent formats are not seen here (see flagged cells)."""
    if value is None or value == "":
        return Mark(MarkState.BLANK)
    if isinstance(value, str):
        return _read_text(value, item, words)
    if isinstance(value, bool):
        shown = "TRUE" if value else "FALSE"
        return refused(f"内容是逻辑值 {shown}，不是评分。", _ask(item))
    if isinstance(value, date | datetime | time | timedelta):
        return refused(f"内容被当成了日期或时间（{value}）。", f"请把单元格格式改为“常规”后重新填写。{_ask(item)}")
    if isinstance(value, int | float) and math.isfinite(value):
        return read_number(Fraction(Decimal(repr(value))), item)
    return refused("内容无法识别。", _ask(item))


def read_number(value: Fraction, item: FormItem) -> Mark:
    """Judge a number; noise of binary arithmetic beyond the ninth decimal is taken off with a note."""
    if item.levels:
        return refused(f"此项应选等级，填的是数字 {number_text(value)}。", _ask(item))
    scale: int = 10**item.digits
    whole = value * scale
    near = Fraction(round(whole))
    if whole.denominator != 1 and abs(whole - near) > _NOISE * scale:
        return refused(f"{_shown(value)} 的小数超过 {item.digits} 位。", f"请保留 {item.digits} 位以内的小数。")
    exact = near / scale
    problem = _range_problem(exact, item)
    if problem:
        return refused(problem, _ask(item))
    if whole.denominator != 1:
        return noted(int(near), f"按 {number_text(exact)} 计（去掉了计算产生的尾差）。")
    return Mark(int(near))


def _range_problem(value: Fraction, item: FormItem) -> str:
    shown = number_text(value)
    if item.allowed:
        return "" if value in item.allowed else f"{shown} 不在可填的分值之内。"
    if item.minimum is not None and value < item.minimum:
        return f"{shown} 低于最低分 {number_text(item.minimum)}。"
    if item.maximum is not None and value > item.maximum:
        return f"{shown} 超过最高分 {number_text(item.maximum)}。"
    if item.step is not None and ((value - (item.minimum or 0)) / item.step).denominator != 1:
        return f"{shown} 不合步长 {number_text(item.step)}。"
    # A packed mark has at most 32 bits.
    return "" if abs(value * 10**item.digits) < 2**31 - 8 else f"{shown} 太大，不可能是评分。"


def _shown(value: Fraction) -> str:
    try:
        return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"[:24]
    except InvalidOperation:
        return number_text(value)[:24]


def _ask(item: FormItem) -> str:
    if item.levels:
        return f"请填其中之一：{'、'.join(v.name for v in item.levels)}；不评请填“弃权”。"
    return f"请填 {limits_text(item).replace(chr(10), '，')} 的数字；不评请填“弃权”。"


def _read_text(text: str, item: FormItem, words: Mapping[str, MarkState]) -> Mark:
    plain = normal(text)
    if not plain:
        return noted(MarkState.BLANK, "只有空格，按未评处理。")
    word = tight(text)
    if item.levels:
        found = [n for n, level in enumerate(item.levels) if word in (tight(level.name), tight(level.id))]
        if len(found) == 1:
            exact = text == item.levels[found[0]].name
            return Mark(found[0]) if exact else noted(found[0], f"“{_cut(text)}”按“{item.levels[found[0]].name}”计。")
    state = words.get(word)
    if state is not None:
        return (
            noted(state, f"“{_cut(text)}”按“{STATE_NAMES[state]}”计。") if text != STATE_NAMES[state] else Mark(state)
        )
    if item.levels:
        return refused(f"“{_cut(text)}”不是可选的等级。", _ask(item))
    return _read_number_text(text, word, item)


STATE_NAMES = {
    MarkState.BLANK: "未评",
    MarkState.ABSTAINED: "弃权",
    MarkState.NOT_APPLICABLE: "不适用",
    MarkState.RECUSED: "回避",
}


def _read_number_text(text: str, word: str, item: FormItem) -> Mark:
    match = _NUMBER.fullmatch(word.replace("。", ".").replace("．", "."))
    if not match:
        return refused(f"“{_cut(text)}”不是数字。", _ask(item))
    if match.group(2) == "%":
        return refused(f"“{_cut(text)}”是百分数，看不出应计多少分。", _ask(item))
    mark = read_number(Fraction(Decimal(match.group(1))), item)
    if mark.value is None or mark.remark is not None:
        return mark
    return noted(mark.value, f"“{_cut(text)}”是文本，按 {number_text(Fraction(Decimal(match.group(1))))} 计。")


def _cut(text: str) -> str:
    shown = text.replace("\n", " ")
    return shown if len(shown) <= 20 else shown[:20] + "…"
