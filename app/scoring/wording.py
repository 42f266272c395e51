"""How figures and rules are said in Chinese: exact where a decimal is exact, marked where it goes on."""

from __future__ import annotations

from fractions import Fraction

from app.domain.quantities import Quantity, State
from app.domain.schemes import Node, Rounding, Within
from app.scoring.rounding import round_value

_MODES = {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一"}
_MOST = 6  # decimals that a figure may have and still be written out
_SHORT = 4  # decimals of a figure that goes on


def exact_text(value: Fraction) -> str:
    """The decimal when it ends within six places, else four places and "…"."""
    scaled = value * 10**_MOST
    if scaled.denominator == 1:
        return _decimal(value, _MOST).rstrip("0").rstrip(".") if value.denominator != 1 else str(value.numerator)
    return _decimal(round_value(value, Rounding(digits=_SHORT, mode="down")), _SHORT) + "…"


def fixed_text(value: Fraction, rounding: Rounding) -> str:
    """The value as shown: with the stated decimals."""
    return _decimal(round_value(value, rounding), rounding.digits)


def _decimal(value: Fraction, digits: int) -> str:
    number = abs(value.numerator) * 10**digits // value.denominator
    sign = "-" if value < 0 and number else ""
    text = str(number).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def quantity_text(quantity: Quantity) -> str:
    """A quantity in an explanation."""
    if quantity.state is State.VALUE and quantity.value is not None:
        return exact_text(quantity.value)
    return "不适用" if quantity.state is State.NOT_APPLICABLE else "无结果"


def rounding_text(rounding: Rounding) -> str:
    """A rounding rule."""
    return f"保留 {rounding.digits} 位小数（{_MODES[rounding.mode]}）"


def within_text(within: Within, counted: int) -> str:
    """How the values of a group become one."""
    if within.method == "trimmed" and within.equal == "all" and counted > within.above:
        ends = [word for word, number in (("最高", within.high), ("最低", within.low)) if number]
        return f"去掉所有等于{'、'.join(ends)}值的（去后还有剩余时）取平均"
    if within.method == "trimmed":
        if counted > within.above and counted > within.high + within.low:
            return f"去掉 {within.high} 个最高、{within.low} 个最低后取平均"
        return "个数不够去掉高低分，取平均"
    return {
        "mean": "取平均",
        "median": "取中位数",
        "sum": "相加",
        "best": "取最高",
        "lowest": "取最低",
        "latest": "取最后一个",
    }[within.method]


def join_text(node: Node) -> str:
    """How a node joins its children."""
    return {
        "sum": "各部分相加",
        "weighted": "各部分按权重加权平均",
        "scaled": "各部分按得分÷满分×权重折算后相加",
        "mean": "各部分取平均",
        "minimum": "取各部分中最低的",
        "maximum": "取各部分中最高的",
        "product": "各部分相乘",
    }[node.join]
