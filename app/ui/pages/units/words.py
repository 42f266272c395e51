"""Words of the register."""

from __future__ import annotations

from app.domain.facts import Participation
from app.domain.schemes import Relation
from app.ui.colours import BAD_TONE, GOOD_TONE, INFO_TONE, NEUTRAL, WARN_TONE, Tone

PARTICIPATION: dict[Participation, str] = {
    "ranked": "参评",
    "listed_apart": "单列",
    "not_graded": "不定等次",
    "new": "新成立",
    "under_investigation": "立案审查",
    "ceased": "已撤并",
}
PARTICIPATION_TONES: dict[Participation, Tone | None] = {
    "ranked": None,
    "listed_apart": INFO_TONE,
    "not_graded": NEUTRAL,
    "new": INFO_TONE,
    "under_investigation": BAD_TONE,
    "ceased": NEUTRAL,
}
# What stands behind each choice, for the form.
PARTICIPATION_HINTS: dict[Participation, str] = {
    "ranked": "参加本系列排名，占名额。",
    "listed_apart": "按分数线定等次，不排名、不占名额。",
    "not_graded": "只计分，不排名、不定等次。",
    "new": "成立时间短，本年不定等次。",
    "under_investigation": "审查期间暂不定等次。",
    "ceased": "已经撤销或合并，不再考核。",
}
LINES = {"new": "新增", "changed": "更改", "same": "不变", "missing": "名册中没有", "gone": "将去掉", "refused": "有错"}
LINE_TONES = {
    "new": GOOD_TONE,
    "changed": WARN_TONE,
    "same": NEUTRAL,
    "missing": INFO_TONE,
    "gone": WARN_TONE,
    "refused": BAD_TONE,
}
# What can be stated of an evaluator and a unit; the first is what offices state most.
RELATIONS: dict[Relation, str] = {
    "in_charge": "分管",
    "above": "上级",
    "below": "下级",
    "own": "本单位",
    "same_series": "同系列",
    "same_level": "同层级",
    "other": "其他",
}
