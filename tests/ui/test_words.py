"""The settings of a scheme in office words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.schemes import (
    Adjustment,
    Band,
    BandsReading,
    Condition,
    DirectReading,
    Gathering,
    GroupShare,
    Level,
    LevelsReading,
    Limits,
    Quota,
    Scheme,
    Stacking,
    Within,
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


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (DirectReading(digits=1), "直接计分，0 至满分，最多 1 位小数"),
        (
            DirectReading(maximum=Fraction(10), step=Fraction(1, 2), digits=0, factor=Fraction(2)),
            "直接计分，0 至 10，每 0.5 一格，只填整数，再乘 2",
        ),
        (
            DirectReading(allowed=(Fraction(1), Fraction(3)), maximum=None),
            "直接计分，0 至不限，只可填 1、3，最多 2 位小数",
        ),
        (
            LevelsReading(
                levels=(Level(id="a", name="好", points=Fraction(9)), Level(id="b", name="不了解", points=None))
            ),
            "分档：好 9、不了解 不计入",
        ),
        (
            BandsReading(bands=(Band(points=Fraction(10), minimum=Fraction(95)), Band(points=Fraction(0)))),
            "分段：95 及以上 10 分；其余 0 分",
        ),
    ],
)
def test_that_a_reading_is_said_in_one_sentence(reading: words.Reading, text: str) -> None:
    assert words.reading(reading) == text


def test_that_trimming_names_its_counts_and_its_condition() -> None:
    assert (
        words.within(Within(method="trimmed", high=1, low=2, above=5)) == "去掉 1 个最高、2 个最低后平均（多于 5 个时）"
    )


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


def test_that_a_quota_names_its_base_rounding_and_ties() -> None:
    text = words.quota(Quota(share=Fraction(30), rounding="floor", at_least=1, with_above=True, ties="all_in"))
    assert text == "不超过参加排名的单位的 30%（舍去小数），至少 1 个，更高等次占用的名额算在内；压线同分：全部给"


def test_that_a_condition_uses_the_names_of_the_scheme(scheme: Scheme) -> None:
    one = Condition(quantity="vote", test="<", value=Fraction(60))
    assert words.condition(one, words.names_of(scheme)) == f"{words.names_of(scheme)['vote']}低于 60"


def test_that_an_adjustment_says_effect_cause_scope_and_what_must_be_written(scheme: Scheme) -> None:
    lines = dict(words.adjustment_lines(scheme.adjustments[0], scheme))
    assert lines["效果"] == "降 1 档"
    assert lines["何时"] == "发生 巡视整改不到位"
    assert lines["须写明"] == "依据材料、批准人"
    assert lines["制度依据"] == "办法第九条"


@pytest.mark.parametrize("effect", ["bar", "cap", "fix", "down"])
def test_that_every_effect_has_words(effect: str, scheme: Scheme) -> None:
    one = Adjustment(id="x", name="x", effect=effect, grade=scheme.ladder.grades[0].id)  # pyright: ignore
    assert words.effect(one, {g.id: g.name for g in scheme.ladder.grades})


def test_that_stacking_names_its_limit() -> None:
    assert words.stacking(Stacking(down="add", at_most=2)) == "逐项相加，最多降 2 档"
