"""What the engine computes with: exact values, and the named ways of having none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction
from functools import lru_cache


class State(IntEnum):
    """Whether a quantity has a value. Zero is a value; the two others never turn into zero by themselves."""

    VALUE = 0
    NOT_APPLICABLE = 1
    NO_RESULT = 2


class MarkState(StrEnum):
    """A mark that is not a number. Four different things, all the way into export and explanation."""

    BLANK = "blank"
    ABSTAINED = "abstained"
    NOT_APPLICABLE = "not_applicable"
    RECUSED = "recused"


# How the four states stand in a packed block of marks: the lowest integers of the block's type, in this order.
MARK_STATES = (MarkState.BLANK, MarkState.ABSTAINED, MarkState.NOT_APPLICABLE, MarkState.RECUSED)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact value, or the reason why there is none (a Chinese sentence)."""

    state: State
    value: Fraction | None = None
    reason: str = ""

    @classmethod
    def of(cls, value: Fraction | int) -> Quantity:
        """A quantity that has a value."""
        return cls(State.VALUE, value if isinstance(value, Fraction) else Fraction(value))

    @classmethod
    def not_applicable(cls, reason: str) -> Quantity:
        """The part does not concern this unit."""
        return cls(State.NOT_APPLICABLE, None, reason)

    @classmethod
    def no_result(cls, reason: str) -> Quantity:
        """The part concerns the unit, but cannot be computed yet."""
        return cls(State.NO_RESULT, None, reason)


def number_text(value: Fraction | int) -> str:
    """An exact number as people write it: ``12``, ``-0.5``; ``1/3`` where decimals do not end."""
    numerator, denominator = value.numerator, value.denominator
    if denominator == 1:
        return str(numerator)
    places = _decimals(denominator)
    if not places:
        return f"{numerator}/{denominator}"
    digits = str(abs(numerator) * 10**places // denominator).rjust(places + 1, "0")
    return f"{'-' if numerator < 0 else ''}{digits[:-places]}.{digits[-places:]}"


@lru_cache(maxsize=256)
def _decimals(denominator: int) -> int:
    """How many decimals a fraction over this (above 1) has; 0 when they do not end."""
    rest = denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return 0
    places = 1
    while 10**places % denominator:
        places += 1
    return places
