"""Sorting by exact keys."""

from fractions import Fraction

import numpy as np

from app.ui.item_models.ordering import LAST, arranged, codes


def order_of(keys: list[object], *, descending: bool = False) -> list[int]:
    return arranged(codes(keys), np.arange(len(keys)), descending).tolist()


def test_that_equal_keys_keep_their_order_in_both_directions() -> None:
    keys: list[object] = [Fraction(9001, 100), Fraction(272, 3), Fraction(9001, 100)]
    assert order_of(keys) == [0, 2, 1]
    assert order_of(keys, descending=True) == [1, 0, 2]


def test_that_rows_without_a_key_stay_last_in_both_directions() -> None:
    keys: list[object] = [None, Fraction(2), Fraction(1)]
    assert order_of(keys) == [2, 1, 0]
    assert order_of(keys, descending=True) == [1, 2, 0]


def test_that_a_third_and_a_float_near_it_are_not_mixed_up() -> None:
    third, near = Fraction(1, 3), Fraction(float(Fraction(1, 3)))
    low, high, none = codes([near, third, None]).tolist()
    assert (low < high) == (near < third)
    assert low != high
    assert none == LAST


def test_that_whole_numbers_with_a_gap_in_between_are_ordered_too() -> None:
    assert order_of([3, None, 1]) == [2, 0, 1]


def test_that_texts_are_ordered() -> None:
    assert order_of(["b", "a", "c"]) == [1, 0, 2]
