"""What a result says about votes, ballots, sheets and events: findings, and the way to the figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.results import Step
from app.scoring.cases import facts_of
from app.scoring.engine import Evaluation, evaluate
from tests.scoring.test_cases import case_of

CASES = Path(__file__).parents[1] / "cases"


def evaluation_of(name: str) -> Evaluation:
    case = case_of(CASES / f"{name}.json")
    return evaluate(case.schemes, facts_of(case)[0])


def told(step: Step) -> list[str]:
    """Every line of an explanation: title, value and sentence."""
    return [f"{step.title}｜{step.text}｜{step.sentence}", *(line for s in step.inputs for line in told(s))]


def line(name: str, scheme: str, unit: str, part: str, start: str) -> str:
    lines = told(evaluation_of(name).explain(scheme, unit, part))
    found = [text for text in lines if text.startswith(start)]
    assert len(found) == 1, lines
    return found[0]


def findings(name: str) -> list[tuple[str, str, str]]:
    return [(s.scheme, f.code, f.message) for s in evaluation_of(name).results().schemes for f in s.findings]


def test_that_a_vote_that_does_not_stand_is_told_with_its_numbers_and_what_follows() -> None:
    said = [(s, m) for s, code, m in findings("votes-half-present") if code == "V-SESSION"]
    assert [s for s, _ in said] == ["more", "block", "third", "third"]
    assert said[0][1] == "“more党员会”不成立：实到 5，应到 10，占 50%，应多于 50%；整次不算"
    assert said[1][1].endswith("用到它的指标没有结果")


def test_that_void_ballots_are_told_by_number_and_rule_and_never_by_ballot() -> None:
    assert findings("ballots-number") == [
        ("s", "V-BALLOTS", "“会”有 2 张选票无效，不计入：不符合“90 分以上至多两个”1 张、“70 分以下至少一个”2 张")
    ]


def test_that_void_sheets_are_told_by_name_and_rule() -> None:
    assert [m for _, code, m in findings("sheets-void") if code == "V-SHEETS"] == [
        "2 张评分表不符合“90 分以上至多两个”，整张无效，分数不计：二、三",
        "1 张评分表不符合“不能全部相同”，整张无效，分数不计：二",
        "1 张评分表不符合“填全”，整张无效，分数不计：四",
    ]


def test_that_valid_votes_and_sheets_say_nothing() -> None:
    assert findings("votes-rates-and-numbers") == []
    assert findings("events-steps") == []


@pytest.mark.parametrize(
    ("name", "scheme", "unit", "part", "start", "sentence"),
    [
        (
            "ballots-number",
            "s",
            "甲",
            "v",
            "会：无效选票",
            "会：无效选票｜2 张｜收入 4 张，不符合“90 分以上至多两个”1 张、“70 分以下至少一个”2 张，整张不计入",
        ),
        ("ballots-number", "s", "甲", "v", "95", "95｜1 票｜每票 95 分"),
        (
            "ballots-number",
            "s",
            "甲",
            "v",
            "全体",
            "全体评议人｜91.5｜会：得分合计 183 ÷ 有效票数 2（收回 5 − 无效 3），得 91.5",
        ),
        (
            "votes-rates-and-numbers",
            "s",
            "甲",
            "expected",
            "全体",
            "全体评议人｜54.7368…｜会（“v”的计票）：得分合计 1040 ÷ 应到人数 19（20 − 不计入的 1），得 54.7368…",
        ),
        ("votes-rates-and-numbers", "s", "丙", "v", "全体", "全体评议人｜无结果｜没有这个单位的计票"),
        (
            "votes-half-present",
            "more",
            "甲",
            "v",
            "more党员会",
            "more党员会｜不成立｜实到 5，应到 10，占 50%，应多于 50%，整次不算",
        ),
        ("sheets-void", "s", "甲", "w", "四", "四｜整表无效｜评分表不符合“填全”，整张无效，不计入"),
        (
            "events-steps",
            "s",
            "丙",
            "d",
            "迟交｜1.5",
            "迟交｜1.5｜计入：本类第 1 件，3 ÷ 2（分摊）；依据：未填；办结 2026-02-01",
        ),
        (
            "events-table-and-sharing",
            "s",
            "甲",
            "d",
            "违纪｜6",
            "违纪｜6｜计入：按分值表“处级、警告”，3 × 2；依据：未填",
        ),
        (
            "events-same-by",
            "s",
            "甲",
            "matter",
            "乙类",
            "乙类｜3｜同一事由只计一次（计“02”），不计；依据：未填",
        ),
        (
            "events-same-by",
            "s",
            "甲",
            "matter",
            "matter",
            "matter｜98｜起始 100，减事项合计 2（甲类至多 2，已到上限） = 98",
        ),
        ("events-count", "s", "丙", "n", "n｜", "n｜6｜起始 0，加件数 2，2 按分段表计 6"),
    ],
)
def test_that_the_way_to_a_figure_says_what_counted_and_why(
    name: str, scheme: str, unit: str, part: str, start: str, sentence: str
) -> None:
    assert line(name, scheme, unit, part, start) == sentence
