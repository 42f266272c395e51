"""The settings of a scheme as lines (name, text) for the window; the sentences themselves are the domain's."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.domain import ladder_sentences as after_tree
from app.domain import scheme_sentences as told
from app.domain.schemes import (
    Adjustment,
    Applies,
    Gathering,
    Grade,
    Group,
    Item,
    Limits,
    MarksSource,
    Node,
    Part,
    Ranking,
    Rounding,
    Scheme,
    Stacking,
    VotesSource,
)

Lines = list[tuple[str, str]]

RELATIONS = {
    "own": "本单位",
    "above": "上级",
    "below": "下级",
    "in_charge": "分管",
    "same_series": "同系列",
    "same_level": "同层级",
    "other": "其他",
}
JOINS = {
    "sum": "各部分相加",
    "weighted": "按权重加权平均",
    "scaled": "各部分按 得分÷满分×权重 折算后相加",
    "mean": "各部分平均",
    "minimum": "取各部分中最低的",
    "maximum": "取各部分中最高的",
    "product": "各部分相乘",
}
NOT_APPLICABLE = {
    "block": "无结果，并提示",
    "renormalise": "其余部分按比例放大",
    "mean_of_others": "按其他部分的平均计",
    "series_mean": "按本系列的平均计",
    "full": "按满分计",
    "zero": "按 0 计",
}
SOURCES = {
    "marks": "评分表",
    "votes": "票决",
    "events": "事项",
    "office": "考核办录入",
    "figure": "录入数据",
    "self": "自评",
    "imported": "外部结果",
    "results": "其他结果",
    "quantity": "引用",
}
MODES = {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一"}


def number(value: Fraction | int | None, nothing: str = "—") -> str:
    """An exact number as people write it: 12.5, or 1/3 where decimals do not end."""
    return nothing if value is None else told.number(value)


def names_of(scheme: Scheme) -> dict[str, str]:
    """Names of every quantity that a rule of the scheme can refer to."""
    return told.quantity_names(scheme) | {"grade": "等次"}


def short_source(part: Part) -> str:
    """One word for the tree."""
    return JOINS[part.join] if isinstance(part, Node) else SOURCES[part.source.kind]


def limits(one: Limits) -> str:
    """The ends of a value."""
    if one.minimum is None and one.maximum is None:
        return "不限"
    low = "可以低于 0（倒扣）" if one.minimum is None else f"最低 {number(one.minimum)}"
    if one.minimum == 0:
        low = "最低 0（扣完为止）"
    high = "满分" if one.maximum == "full" else f" {number(one.maximum)}"
    return f"{low}；" + ("不封顶" if one.maximum is None else f"最高{high}")


def rounding(one: Rounding | None, nothing: str = "不取舍") -> str:
    """Decimals and mode."""
    return nothing if one is None else f"保留 {one.digits} 位小数，{MODES[one.mode]}"


def gathering(one: Gathering, scheme: Scheme) -> Lines:
    """How many values become one."""
    return told.gathering(one, scheme)


def part_lines(part: Part, scheme: Scheme) -> Lines:
    """Every setting of a node or item besides name, note, points, weight."""
    lines = _item_lines(part, scheme) if isinstance(part, Item) else _node_lines(part, scheme)
    lines.append(("限度", limits(part.limits)))
    if part.on_top:
        lines.append(("加在上级之上", "是：不占上级的满分和权重"))
    lines += [("另有规定", told.variant(v)) for v in part.variants]
    if part.normalisation is not None:
        lines.append(("统一口径", told.normalisation(part.normalisation)))
    if part.applies_to != Applies():
        lines.append(("适用范围", told.applies(part.applies_to)))
    if part.applies_to != Applies() or part.not_applicable != "block":
        lines.append(("不适用时", NOT_APPLICABLE[part.not_applicable]))
    if part.rounding is not None:
        lines.append(("取舍", rounding(part.rounding)))
    return lines


def _node_lines(node: Node, scheme: Scheme) -> Lines:
    lines = [("合成", JOINS[node.join])]
    if node.gathering is not None:
        lines.append(("先合后汇", "每个评议人先合成自己的分，再汇集"))
        lines += gathering(node.gathering, scheme)
    return lines


def _item_lines(item: Item, scheme: Scheme) -> Lines:
    names = names_of(scheme)
    lines = [("数据来源", told.source(item.source, scheme, names)), ("读法", told.reading(item.reading, names))]
    if isinstance(item.source, MarksSource | VotesSource):
        own = item.gathering or scheme.gathering
        lines += [(name if item.gathering else f"{name}（按方案）", text) for name, text in gathering(own, scheme)]
    if item.periods is not None:
        lines.append(("各期", told.periods(item.periods)))
    if item.conversion is not None:
        lines.append(("再换算", told.reading(item.conversion, names)))
    return lines + [("特别规定", told.override(o, names)) for o in item.overrides]


# ---- the rest of a scheme


def group(one: Group) -> str:
    """Who belongs to a group of evaluators, and who must not score."""
    who = [f"角色为 {'、'.join(one.roles)}"] if one.roles else []
    if one.relations:
        who.append(f"与被评单位的关系为 {'、'.join(RELATIONS[r] for r in one.relations)}")
    text = "，且".join(who) or "全部评议人"
    if one.recused:
        text += f"；{'、'.join(RELATIONS[r] for r in one.recused)}回避"
    return text


def grade_lines(one: Grade, names: Mapping[str, str]) -> Lines:
    """What a grade asks for."""
    return after_tree.grade(one, names)


def ranking_lines(one: Ranking, names: Mapping[str, str]) -> Lines:
    """How units are ranked."""
    return after_tree.ranking(one, names)


def effect(one: Adjustment, grades: Mapping[str, str]) -> str:
    """What an adjustment does to the grade."""
    return after_tree.effect(one, grades)


def adjustment_lines(one: Adjustment, scheme: Scheme) -> Lines:
    """When an adjustment acts, on whom, and in which order."""
    return after_tree.adjustment(one, scheme, names_of(scheme))


def stacking(one: Stacking) -> str:
    """Several downgrades at once."""
    return after_tree.stacking(one)
