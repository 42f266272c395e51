"""The settings of a scheme in office words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.schemes import (
    Adjustment,
    Gathering,
    GroupShare,
    Limits,
    Scheme,
)
from app.ui import words
from tests.services.small_year import department_scheme


@pytest.fixture
def scheme() -> Scheme:
    return department_scheme()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(5), "5"),
        (Fraction(25, 2), "12.5"),
        (Fraction(1, 20), "0.05"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(-5), "-5"),
        (Fraction(1, 3), "1/3"),
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (None, "—"),
    ],
)
def test_that_a_number_is_written_exactly(value: Fraction | None, text: str) -> None:
    assert words.number(value) == text


def test_that_a_gathering_names_groups_and_what_is_missing(scheme: Scheme) -> None:
    one = Gathering(groups=(GroupShare(group="peers", weight=Fraction(40)),), missing_group="use", use="leaders")
    lines = dict(words.gathering(one, scheme))
    assert lines["各组权重"] == "同级 40"
    assert lines["某组缺分"] == "用“领导”的值代替"


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(), "最低 0（扣完为止）；最高满分"),
        (Limits(minimum=None, maximum=None), "不限"),
        (Limits(minimum=Fraction(-8), maximum=Fraction(0)), "最低 -8；最高 0"),
        (Limits(minimum=None), "可以低于 0（倒扣）；最高满分"),
        (Limits(maximum=None), "最低 0（扣完为止）；不封顶"),
    ],
)
def test_that_limits_tell_扣完为止_from_倒扣(limits: Limits, text: str) -> None:
    assert words.limits(limits) == text


def test_that_an_adjustment_says_effect_cause_scope_and_what_must_be_written(scheme: Scheme) -> None:
    lines = dict(words.adjustment_lines(scheme.adjustments[0], scheme))
    assert lines["效果"] == "降 1 档"
    assert lines["何时"] == "发生巡视整改不到位"
    assert lines["须写明"] == "依据材料、批准人"
    assert lines["制度依据"] == "办法第九条"


@pytest.mark.parametrize("effect", ["bar", "cap", "fix", "down", "remark"])
def test_that_every_effect_has_words(effect: str, scheme: Scheme) -> None:
    one = Adjustment(id="x", name="x", effect=effect, grade=scheme.ladder.grades[0].id)  # pyright: ignore
    assert words.effect(one, {g.id: g.name for g in scheme.ladder.grades})
