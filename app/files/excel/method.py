"""The method of a scheme in plain words, for the page 计算方法 of the result workbook."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.domain import ladder_sentences as after_tree
from app.domain import report_sentences
from app.domain import scheme_sentences as told
from app.domain.schemes import (
    DirectReading,
    EventsSource,
    Gathering,
    Group,
    Item,
    MarksSource,
    Node,
    Part,
    Relation,
    Rounding,
    Scheme,
    VotesSource,
    full_points,
    items_of,
)

Lines = list[tuple[int, str]]

_MODES = {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一"}
_JOINS = {
    "sum": "各部分相加",
    "weighted": "按权重加权平均",
    "scaled": "按得分÷满分×权重折算后相加",
    "mean": "取平均",
    "minimum": "取最低",
    "maximum": "取最高",
    "product": "相乘",
}
_NOT_APPLICABLE = {
    "block": "",
    "renormalise": "不适用时其余部分按比例放大",
    "mean_of_others": "不适用时按其他部分的平均",
    "series_mean": "不适用时按本系列的平均",
    "full": "不适用时按满分",
    "zero": "不适用时按 0 分",
}
_PLAIN = DirectReading()
TESTS = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于", "!=": "不等于"}
_RELATIONS: dict[Relation, str] = {
    "own": "本单位",
    "above": "上级",
    "below": "下级",
    "in_charge": "分管",
    "same_series": "同系列",
    "same_level": "同层级",
    "other": "其他",
}


def quantity_names(scheme: Scheme) -> dict[str, str]:
    """Id → name of everything that a condition or a tie-break may look at."""
    return told.quantity_names(scheme)


def method_lines(scheme: Scheme) -> Lines:
    """(indent, sentence): indent 0 is a heading."""
    names = quantity_names(scheme)
    sections: list[tuple[str, Lines]] = [
        ("依据", [(1, scheme.source or "见本单位考核办法。"), *([(1, scheme.note)] if scheme.note else [])]),
        (
            "评议人分组",
            [
                *((1, _group(g)) for g in scheme.groups),
                (1, f"一般的汇总方法：{_gathering(scheme.gathering, scheme)}。"),
            ],
        ),
        ("票决与选票", _votes(scheme, names)),
        ("得分构成", _parts(scheme, names)),
        ("事项", _kinds(scheme)),
        ("取舍", [(1, _roundings(scheme))]),
        ("排名", [(1, _joined(after_tree.ranking(scheme.ranking, names)))]),
        ("定等", [(1, f"“{g.name}”：{_joined(after_tree.grade(g, names))}") for g in scheme.ladder.grades]),
        ("降档与限制（只影响等次，不改得分）", _adjustments(scheme, names)),
        ("述职报告（检查只提建议，不影响得分）", _report(scheme)),
    ]
    numbers = "一二三四五六七八九十"
    filled = [(heading, lines) for heading, lines in sections if lines]
    return [line for n, (heading, lines) in enumerate(filled) for line in [(0, f"{numbers[n]}、{heading}"), *lines]]


def _joined(lines: Sequence[tuple[str, str]]) -> str:
    return "；".join(f"{name}：{text}" for name, text in lines) + "。"


def _group(group: Group) -> str:
    who = "、".join(group.roles) or "不限角色"
    relations = f"，与被评单位的关系为{'、'.join(_RELATIONS[r] for r in group.relations)}" if group.relations else ""
    recused = f"；{'、'.join(_RELATIONS[r] for r in group.recused)}须回避" if group.recused else ""
    return f"{group.name}：权重 {told.number(group.weight)}；成员：{who}{relations}{recused}。"


def _gathering(gathering: Gathering, scheme: Scheme) -> str:
    return "；".join(
        f"{name}{text}" if name == "组内" else f"{name}：{text}" for name, text in told.gathering(gathering, scheme)
    )


def _report(scheme: Scheme) -> Lines:
    if scheme.report is None:
        return []
    return [(1, f"{name}：{text}。") for name, text in report_sentences.report_form(scheme.report)]


def _votes(scheme: Scheme, names: told.Names) -> Lines:
    voted = any(isinstance(i.source, VotesSource) for i in items_of(scheme))
    lines = [(1, "；".join(after_tree.voting(scheme.voting)) + "。")] if voted else []
    return [*lines, *((1, after_tree.ballot_rule(r, scheme, names) + "。") for r in scheme.validity)]


def _parts(scheme: Scheme, names: told.Names) -> Lines:
    lines = _tree(scheme.tree, scheme, names, 1)
    if scheme.measures:
        lines.append((1, "另计以下各项，不进总分，供定等条件使用："))
        lines += [(2, _item(m, scheme, names)) for m in scheme.measures]
    return lines


def _tree(node: Node, scheme: Scheme, names: told.Names, depth: int) -> Lines:
    first = f"；每个评议人先合成，再汇集：{_gathering(node.gathering, scheme)}" if node.gathering else ""
    lines = [(depth, f"{node.name}{_points(node)}：{_JOINS[node.join]}{first}{_after(node)}。")]
    for child in node.children:
        if isinstance(child, Node):
            lines += _tree(child, scheme, names, depth + 1)
        else:
            lines.append((depth + 1, _item(child, scheme, names)))
    return lines


def _points(part: Part) -> str:
    points = full_points(part)
    said = [f"{told.number(points)} 分"] if points is not None else []
    said += [f"权重 {told.number(part.weight)}"] if part.weight is not None else []
    said += ["计在总分之外另加"] if part.on_top else []
    return f"（{'，'.join(said)}）" if said else ""


def _after(part: Part) -> str:
    """Limits, who it concerns, and what makes units comparable."""
    low, high = part.limits.minimum, part.limits.maximum
    texts = [f"最高 {told.number(high)}"] if isinstance(high, Fraction) else []
    if low is None and isinstance(part, Item):
        texts.append("可以为负")
    elif low is not None and low != 0:
        texts.append(f"最低 {told.number(low)}")
    texts += [told.variant(v) for v in part.variants]
    if part.applies_to != type(part.applies_to)():
        missing = _NOT_APPLICABLE[part.not_applicable]
        if part.not_applicable == "series_mean" and part.mean_of != type(part.mean_of)():
            missing = f"不适用时按{told.applies(part.mean_of)}的平均"
        texts += [f"只适用于{told.applies(part.applies_to)}", missing]
    if part.normalisation:
        texts.append(f"统一口径：{told.normalisation(part.normalisation)}")
    if part.rounding:
        texts.append(_rounding(part.rounding))
    return "".join(f"，{t}" for t in texts if t)


def _item(item: Item, scheme: Scheme, names: told.Names) -> str:
    said = [told.source(item.source, scheme, names)]
    if isinstance(item.source, MarksSource | VotesSource) or item.reading != _PLAIN:
        said.append(told.reading(item.reading, names))
    if item.gathering:
        said.append(_gathering(item.gathering, scheme))
    if item.periods:
        said.append(told.periods(item.periods))
    if item.conversion:
        said.append(f"再换算：{told.reading(item.conversion, names)}")
    said += [told.override(o, names) for o in item.overrides]
    return f"{item.name}{_points(item)}：{'；'.join(said)}{_after(item)}。"


def _kinds(scheme: Scheme) -> Lines:
    used = {k for i in items_of(scheme) if isinstance(i.source, EventsSource) for k in i.source.kinds}
    return [(1, f"{k.name}：{after_tree.event_kind(k)}。") for k in scheme.event_kinds if k.id in used]


def _rounding(rounding: Rounding) -> str:
    return f"保留 {rounding.digits} 位小数（{_MODES[rounding.mode]}）"


def _roundings(scheme: Scheme) -> str:
    stages = scheme.rounding
    named = (
        ("每组的平均分", stages.group),
        ("每个指标", stages.item),
        ("每个部分", stages.node),
        ("总分", stages.total),
    )
    done = [f"{name}{_rounding(r)}" for name, r in named if r]
    begin = "计算中" + "；".join(done) + "。" if done else "计算过程不取舍，按精确值计算、排名和定等。"
    return f"{begin}表中显示的数{_rounding(stages.shown)}。"


def _adjustments(scheme: Scheme, names: told.Names) -> Lines:
    rules = [(1, f"{a.name}：{_joined(after_tree.adjustment(a, scheme, names))}") for a in scheme.adjustments]
    return [*rules, (1, f"同时有多项降档时{after_tree.stacking(scheme.stacking)}。")] if rules else []
