"""Readings of single values: what a value, a level or a gathered value is worth."""

from __future__ import annotations

from fractions import Fraction

from app.domain.quantities import Quantity, State
from app.domain.schemes import BandsReading, DirectReading, Level, LevelsReading, Reading


def band_points(reading: BandsReading, value: Fraction) -> Fraction | None:
    """Points of the first band that the value reaches; None when it reaches none."""
    for band in reading.bands:
        if band.minimum is None or value > band.minimum or (value == band.minimum and not band.above):
            return band.points
    return None


def level_of(reading: LevelsReading, level_id: str) -> Level | None:
    """The level with this id."""
    return next((level for level in reading.levels if level.id == level_id), None)


def read_value(reading: Reading, value: Fraction) -> Quantity:
    """A number through a reading; a level choice cannot read a number."""
    if isinstance(reading, DirectReading):
        return Quantity.of(value * reading.factor)
    if isinstance(reading, BandsReading):
        points = band_points(reading, value)
        return Quantity.no_result("该值不在分段表的任何一段") if points is None else Quantity.of(points)
    return Quantity.no_result("等级读法不能换算数值")


def converted(quantity: Quantity, reading: Reading | None) -> Quantity:
    """A gathered value through the item's conversion."""
    if reading is None or quantity.state is not State.VALUE or quantity.value is None:
        return quantity
    return read_value(reading, quantity.value)
