"""Settings on which published rules are silent, and which therefore have to be written: none is guessed.

The table that ends section 15 of the field's rule patterns; docs/formats/scheme.md marks them “须写明”.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from app.domain.findings import Finding

Plain = dict[str, Any]


@dataclass(frozen=True)
class Silent:
    """A setting: its field, what it decides, the safe choice and the others, each with what it means."""

    field: str
    decides: str
    choices: tuple[tuple[str, str], ...]


MISSING_GROUP = Silent(
    "missing_group",
    "某组没有有效分数时怎么办",
    (("block", "无结果并提示"), ("zero", "按 0 分"), ("renormalise", "其余组权重放大"), ("use", "用另一组代替")),
)
DENOMINATOR = Silent(
    "denominator",
    "票数除以什么",
    (
        ("valid", "有效票"),
        ("answers", "计分的选项票数"),
        ("returned", "收回票"),
        ("issued", "发出票"),
        ("present", "实到人数"),
        ("expected", "应到人数"),
        ("none", "不除"),
    ),
)
YEAR_BY = Silent("year_by", "事项算在哪一年", (("concluded", "办结的年份"), ("occurred", "发生的年份")))
COUNT = Silent(
    "count", "不满一步怎样算", (("proportional", "按比例"), ("full", "只算满步"), ("started", "不满一步按一步"))
)
GAPS = Silent("gaps", "分段之间空档里的值归哪段", (("half_open", "归下面一段"), ("nearest", "归近的一段")))
BASE = Silent(
    "base",
    "名额按哪些单位计算",
    (("ranked", "排名的"), ("all", "全部参评的"), ("eligible", "符合本档条件的"), ("without_vetoed", "去掉被否决的")),
)
ROUNDING = Silent("rounding", "名额的小数怎样取整", (("half_up", "四舍五入"), ("floor", "舍去"), ("ceiling", "进一")))
TIES = Silent("ties", "名额线上并列的怎么办", (("decide", "待人工决定"), ("all_in", "都算"), ("none_in", "都不算")))
ORDER = Silent(
    "order", "在分配名额之前还是之后作用", (("after_quota", "先分配名额，后调整"), ("before_quota", "先调整，后分配"))
)
FREED = Silent("freed_place", "空出的名额怎么办", (("vacant", "空着"), ("passed_on", "递补"), ("decide", "待人工决定")))
DOWN = Silent(
    "down",
    "几项降档同时成立怎样叠加",
    (("worst", "只取最重一项"), ("worst_per_family", "每类取最重再相加"), ("add", "全部相加")),
)

ALWAYS_WRITTEN = {
    "Gathering": (MISSING_GROUP.field,),
    "VotesSource": (DENOMINATOR.field,),
    "EventsSource": (YEAR_BY.field,),
    "ThresholdReading": (COUNT.field,),
    "BandsReading": (GAPS.field,),
    "Quota": (BASE.field, ROUNDING.field, TIES.field),
    "Adjustment": (ORDER.field, FREED.field),
    "Stacking": (DOWN.field,),
    "Scheme": ("gathering", "stacking"),
}


def unstated(scheme: Plain, path: str = "$") -> tuple[Finding, ...]:
    """Every silent setting that this (well-formed) scheme document uses and does not state."""
    return tuple(
        _finding(where, setting) for where, content, setting in _used(scheme, path) if setting.field not in content
    )


def _finding(path: str, setting: Silent) -> Finding:
    safe, others = setting.choices[0], setting.choices[1:]
    step = f"请写明。稳妥的是 {safe[0]}（{safe[1]}）；也可以是 " + "、".join(f"{c}（{w}）" for c, w in others)
    return Finding("D-SILENT", f"{path}.{setting.field}", f"没有写明{setting.decides}", step)


def _used(scheme: Plain, path: str) -> Iterator[tuple[str, Plain, Silent]]:
    if len(_list(scheme, "groups")) > 1:
        yield f"{path}.gathering", _object(scheme, "gathering"), MISSING_GROUP
    yield from _of_part(_object(scheme, "tree"), f"{path}.tree")
    for index, measure in enumerate(_list(scheme, "measures")):
        yield from _of_part(measure, f"{path}.measures[{index}]")
    yield from _of_ladder(_object(scheme, "ladder"), f"{path}.ladder")
    yield from _of_adjustments(scheme, path)


def _of_part(part: Plain, path: str) -> Iterator[tuple[str, Plain, Silent]]:
    source = _object(part, "source")
    for kind, setting in (("votes", DENOMINATOR), ("events", YEAR_BY)):
        if source.get("kind") == kind:
            yield f"{path}.source", source, setting
    for name in ("reading", "conversion"):
        reading = _object(part, name)
        if reading.get("kind") == "threshold":
            yield f"{path}.{name}", reading, COUNT
        if reading.get("kind") == "bands" and any("maximum" in band for band in _list(reading, "bands")):
            yield f"{path}.{name}", reading, GAPS
    gathering = _object(part, "gathering")
    if len(_list(gathering, "groups")) > 1:
        yield f"{path}.gathering", gathering, MISSING_GROUP
    for index, child in enumerate(_list(part, "children")):
        yield from _of_part(child, f"{path}.children[{index}]")


def _of_ladder(ladder: Plain, path: str) -> Iterator[tuple[str, Plain, Silent]]:
    for index, grade in enumerate(_list(ladder, "grades")):
        for name in ("quota", "floor"):
            quota = _object(grade, name)
            if quota:
                for setting in (BASE, TIES, *((ROUNDING,) if "share" in quota else ())):
                    yield f"{path}.grades[{index}].{name}", quota, setting


def _of_adjustments(scheme: Plain, path: str) -> Iterator[tuple[str, Plain, Silent]]:
    grades = _list(_object(scheme, "ladder"), "grades")
    has_places = any(_object(g, name) for g in grades for name in ("quota", "floor"))
    rules = _list(scheme, "adjustments")
    for index, rule in enumerate(rules):
        acts = rule.get("effect") != "remark" and rule.get("scope", "unit") == "unit"
        if acts and has_places:
            yield f"{path}.adjustments[{index}]", rule, ORDER
            if rule.get("order", "after_quota") == "after_quota":
                yield f"{path}.adjustments[{index}]", rule, FREED
    if sum(1 for rule in rules if rule.get("effect") == "down") > 1:
        yield f"{path}.stacking", _object(scheme, "stacking"), DOWN


def _object(content: Plain, field: str) -> Plain:
    value = content.get(field)
    return cast(Plain, value) if isinstance(value, dict) else {}


def _list(content: Plain, field: str) -> list[Plain]:
    value = content.get(field)
    found = cast(list[Any], value) if isinstance(value, list) else []
    return [cast(Plain, one) for one in found if isinstance(one, dict)]
