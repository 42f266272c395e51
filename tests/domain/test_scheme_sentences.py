"""Every setting of the language is told in a sentence that an office would write."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain import ladder_sentences, scheme_sentences
from app.domain.ladders import BallotRule, EventAmount, EventKind, Quota, Stacking, Voting
from app.domain.schemes import (
    Band,
    BandsReading,
    Condition,
    DirectReading,
    EventsSource,
    Level,
    LevelsReading,
    Normalisation,
    OfficeSource,
    Override,
    Periods,
    RankReading,
    RatioReading,
    Reading,
    ResultsSource,
    Scheme,
    Source,
    ThresholdReading,
    VotesSource,
    Within,
)
from tests.services.small_year import department_scheme

NAMES = {"rate": "满意率", "work": "工作", "total": "总分"}
LOW = Condition(quantity="rate", test="<", value=Fraction(60))


@pytest.fixture
def scheme() -> Scheme:
    return department_scheme()


READINGS: list[tuple[Reading, str]] = [
    (DirectReading(digits=1), "直接计分，0 至满分，最多 1 位小数"),
    (
        DirectReading(maximum=Fraction(10), step=Fraction(1, 2), digits=0, factor=Fraction(2)),
        "直接计分，0 至 10，每 0.5 一格，只填整数，再乘 2",
    ),
    (DirectReading(allowed=(Fraction(1), Fraction(3)), maximum=None), "直接计分，0 至不限，只可填 1、3，最多 2 位小数"),
    (
        DirectReading(base="full", factor=Fraction(-1), digits=0),
        "直接计分，0 至满分，只填整数，得分是 满分减去所填的数",
    ),
    (
        LevelsReading(levels=(Level(id="a", name="好", points=Fraction(9)), Level(id="b", name="不了解", points=None))),
        "按等级：“好”9、“不了解”不计入",
    ),
    (
        BandsReading(
            bands=(Band(points=Fraction(10), minimum=Fraction(95), when=(LOW,)), Band(points=Fraction(0))),
            gaps="nearest",
        ),
        "分段：95 及以上且“满意率”低于 60 10 分；其余 0 分，落在空档里的归近的一段",
    ),
    (
        ThresholdReading(target=Fraction(95), per_step=Fraction(1, 20), count="started"),
        "不低于 95 得满分，每差 1 扣 0.05 分（不足一步按一步）",
    ),
    (
        ThresholdReading(
            target="standard",
            side="at_most",
            reached=Fraction(8),
            per_step=Fraction(1),
            bonus=Fraction(1, 2),
            count="full",
        ),
        "不高于 标准值 得8 分，每超 1 扣 1 分（不足一步不计），每低 1 加 0.5 分",
    ),
    (RatioReading(to="best"), "本值÷本系列的最好的值×满分"),
    (RatioReading(to="number", number=Fraction(200), inverse=True, times=Fraction(100)), "200÷本值×100"),
    (
        RankReading(points=(Fraction(60), Fraction(57)), step=Fraction(3), within="tag:考核组"),
        "按标签“考核组”内从高到低的位次，依次得 60、57 分，以后每名减 3",
    ),
]


@pytest.mark.parametrize(("reading", "text"), READINGS)
def test_that_a_reading_is_said_in_one_sentence(reading: Reading, text: str) -> None:
    assert scheme_sentences.reading(reading, NAMES) == text


SOURCES: list[tuple[Source, str]] = [
    (VotesSource(denominator="issued", ballot_of="work"), "会议票决，用“工作”的计票，除以发出票数"),
    (VotesSource(denominator="none"), "会议票决，得分直接相加"),
    (OfficeSource(kind="self"), "单位自评"),
    (
        EventsSource(kinds=("k",), tally="count", same_matter="each", year_by="occurred", years=2),
        "按事项数出件数（k）；件件都计；按发生日期归入年度，往前 1 年没有计过的也计",
    ),
    (
        ResultsSource(scheme="b", of="children", tags=("抽样",), quantity="grade", grades=("好",)),
        "下级单位（标有抽样的）在方案“b”中的等次为好的比例（%）",
    ),
    (
        ResultsSource(scheme="b", of="own", years_ago=1, quantity="rank_from_last"),
        "本单位上一年度在方案“b”中的从末位数起的名次",
    ),
]


@pytest.mark.parametrize(("source", "text"), SOURCES)
def test_that_a_source_is_said_in_one_sentence(source: Source, text: str, scheme: Scheme) -> None:
    assert scheme_sentences.source(source, scheme, NAMES) == text


def test_that_trimming_names_its_counts_and_its_condition() -> None:
    one = Within(method="trimmed", high=1, low=2, above=5, equal="all")
    assert scheme_sentences.within(one) == "去掉 1 个最高、2 个最低，同样的都去掉后取平均（多于 5 个时）"


def test_that_periods_overrides_and_normalisations_are_told() -> None:
    one = Periods(names=("上半年", "下半年"), weights=(Fraction(40), Fraction(60)), missing="leave_out")
    assert scheme_sentences.periods(one) == "上半年 40、下半年 60各有一个值，按权重平均；缺的一期不计"
    override = Override(when=(LOW,), points="full", note="抵免")
    assert scheme_sentences.override(override, NAMES) == "“满意率”低于 60时，得满分（抵免）"
    factor = Normalisation(method="mean_ratio", digits=4, high=1, low=1)
    assert "系数保留 4 位；不足 2 个的组不换算" in scheme_sentences.normalisation(factor)


def test_that_a_condition_names_its_alternatives() -> None:
    one = Condition(quantity="total", value=Fraction(90), alternatives=(LOW,))
    assert scheme_sentences.condition(one, NAMES) == "“总分”不低于 90，或者“满意率”低于 60"


def test_that_a_quota_names_its_base_rounding_and_ties() -> None:
    one = Quota(share=Fraction(30), rounding="floor", at_least=1, with_above=True, ties="all_in")
    text = "不超过参加排名的单位的 30%（舍去小数），最少 1 个，更高等次占用的名额算在内；线上并列的都算"
    assert ladder_sentences.quota(one) == text
    floor = Quota(count=2, with_above=True, ties="none_in")
    assert ladder_sentences.quota(floor, floor=True) == "至少 2 个，更低等次的算在内；线上并列的都不算"


def test_that_kinds_of_events_tell_their_table_and_steps() -> None:
    table = (EventAmount(sanction="警告", amount=Fraction(2)), EventAmount(amount=Fraction(1)))
    assert ladder_sentences.event_kind(EventKind(id="k", name="k", table=table, cap=Fraction(5))) == (
        "每件：警告 2；其他 1，合计不超过 5 分"
    )
    assert ladder_sentences.event_kind(EventKind(id="k", name="k", steps=(Fraction(3), "full"))) == "逐件计 3 分、满分"


def test_that_votes_and_ballots_tell_when_they_count(scheme: Scheme) -> None:
    assert ladder_sentences.voting(Voting(present=Fraction(50), present_more=True))[0] == "实到人数须超过应到的 50%"
    rule = BallotRule(id="r", name="优秀限额", rule="share", minimum=Fraction(90), at_most=Fraction(20), on="ballots")
    assert ladder_sentences.ballot_rule(rule, scheme, NAMES) == (
        "优秀限额：选票上每项不低于 90的至多 20%（舍去小数），否则整张无效"
    )


def test_that_stacking_names_its_limit() -> None:
    assert ladder_sentences.stacking(Stacking(down="add", at_most=2)) == "逐项相加，合计最多降 2 档"
