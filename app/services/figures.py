"""Figures as people read them, rounded by the one module that rounds."""

from __future__ import annotations

from fractions import Fraction

from app.domain.quantities import Quantity, State
from app.domain.schemes import Rounding
from app.scoring.rounding import round_ratio

# What stands in a table where there is no number: a dash for what does not concern the unit, a word for what is missing.
WITHOUT_VALUE = {State.NOT_APPLICABLE: "—", State.NO_RESULT: "无结果"}


def shown(value: Fraction, rounding: Rounding) -> str:
    """The value with exactly the stated decimals: ``92.50``."""
    units = int(round_ratio(value.numerator, value.denominator, rounding))
    whole, part = divmod(abs(units), 10**rounding.digits)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{part:0{rounding.digits}d}" if rounding.digits else f"{sign}{whole}"


def shown_quantity(quantity: Quantity, rounding: Rounding) -> str:
    """The quantity's value, or what stands in its place."""
    return WITHOUT_VALUE[quantity.state] if quantity.value is None else shown(quantity.value, rounding)
