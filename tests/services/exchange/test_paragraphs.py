"""The three-way merge of texts: what one side changed stands, what both changed differently is a conflict on either side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.exchange.paragraphs import Stretch, paragraphs_of, stretches, text_of
from app.services.imports.values import CellKind

WORDS = st.sampled_from(["甲", "乙", "丙", "丁", ""])
TEXTS = st.lists(WORDS, max_size=7).map("\n".join)


def merged(base: str, ours: str, theirs: str) -> str:
    """Without conflicts; where there is one, ours."""
    lines: list[str] = []
    for one in stretches(base, ours, theirs):
        lines += one.theirs if one.kind in (CellKind.NEW, CellKind.CHANGED_THERE) else one.ours
    return text_of(lines)


def conflicts(base: str, ours: str, theirs: str) -> list[Stretch]:
    return [s for s in stretches(base, ours, theirs) if s.kind is CellKind.BOTH]


@given(base=TEXTS, side=TEXTS)
def test_that_two_alike_sides_are_the_result(base: str, side: str) -> None:
    assert merged(base, side, side) == side and conflicts(base, side, side) == []


@given(base=TEXTS, side=TEXTS)
def test_that_the_only_side_that_changed_is_the_result(base: str, side: str) -> None:
    assert merged(base, base, side) == side == merged(base, side, base)
    assert conflicts(base, base, side) == [] == conflicts(base, side, base)


@given(base=TEXTS, one=TEXTS, other=TEXTS)
def test_that_it_does_not_matter_which_side_is_called_ours(base: str, one: str, other: str) -> None:
    there = [(s.first, s.base, s.theirs, s.ours) for s in conflicts(base, one, other)]
    here = [(s.first, s.base, s.ours, s.theirs) for s in conflicts(base, other, one)]
    assert there == here
    if not there:
        assert merged(base, one, other) == merged(base, other, one)


@given(base=TEXTS, one=TEXTS, other=TEXTS)
def test_that_every_paragraph_of_all_three_texts_stands_in_one_stretch(base: str, one: str, other: str) -> None:
    found = stretches(base, one, other)
    assert [p for s in found for p in s.base] == list(paragraphs_of(base))
    assert [p for s in found for p in s.ours] == list(paragraphs_of(one))
    assert [p for s in found for p in s.theirs] == list(paragraphs_of(other))


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        ("一改\n二\n三", "一\n二改\n三", "一改\n二改\n三"),  # neighbours are two paragraphs, not one conflict
        ("一\n二\n三\n四", "零\n一\n二\n三", "零\n一\n二\n三\n四"),
        ("一\n三", "一\n二\n三改", "一\n三改"),
        ("一\n二\n三", "", ""),
    ],
)
def test_that_changes_of_different_paragraphs_stand_side_by_side(ours: str, theirs: str, result: str) -> None:
    assert conflicts("一\n二\n三", ours, theirs) == []
    assert merged("一\n二\n三", ours, theirs) == result == merged("一\n二\n三", theirs, ours)


def test_that_the_same_paragraph_changed_differently_is_one_conflict() -> None:
    found = conflicts("一\n二\n三", "一\n二甲\n三", "一\n二乙\n三")
    assert [(s.first, s.ours, s.theirs) for s in found] == [(2, ("二甲",), ("二乙",))]


def test_that_two_different_new_paragraphs_at_one_place_are_a_conflict() -> None:
    found = conflicts("一", "一\n甲", "一\n乙")
    assert [(s.base, s.ours, s.theirs) for s in found] == [((), ("甲",), ("乙",))]
