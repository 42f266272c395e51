"""Figures as people read them."""

from fractions import Fraction

import pytest

from app.domain.quantities import Quantity
from app.domain.schemes import Rounding
from app.services.figures import shown, shown_quantity


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(185, 2), 2, "92.50"),
        (Fraction(12345, 1000), 2, "12.35"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (Fraction(1, 3), 0, "0"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(2, 1000), 2, "0.00"),
    ],
)
def test_that_a_value_shows_exactly_the_stated_decimals(value: Fraction, digits: int, text: str) -> None:
    assert shown(value, Rounding(digits=digits)) == text


def test_that_what_does_not_concern_a_unit_is_not_shown_as_zero() -> None:
    assert shown_quantity(Quantity.not_applicable("本年不涉及"), Rounding()) == "—"
    assert shown_quantity(Quantity.no_result("尚未收到评分"), Rounding()) == "无结果"
    assert shown_quantity(Quantity.of(0), Rounding()) == "0.00"
