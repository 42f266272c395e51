"""The settings of a scheme in the words of an office: what each source, reading, gathering, rule does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from app.domain.schemes import (
    Adjustment,
    Applies,
    BandsReading,
    Bound,
    Condition,
    EventsSource,
    Gathering,
    Grade,
    Group,
    Item,
    LevelsReading,
    Limits,
    MarksSource,
    Node,
    OfficeSource,
    Part,
    QuantitySource,
    Quota,
    Ranking,
    Reading,
    Rounding,
    Scheme,
    Source,
    Stacking,
    VotesSource,
    Within,
    walk,
)

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
}
NOT_APPLICABLE = {
    "block": "无结果，并提示",
    "renormalise": "其余部分按比例放大",
    "mean_of_others": "按其他部分的平均计",
    "full": "按满分计",
    "zero": "按 0 计",
}
MISSING_GROUP = {
    "block": "无结果，并提示",
    "zero": "按 0 计",
    "renormalise": "其余组的权重按比例放大",
    "use": "用另一组的值代替",
}
MARK_POLICY = {"leave_out": "不计入", "zero": "按 0 计", "block": "无结果"}
MODES = {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一"}
QUOTA_MODES = {"half_up": "四舍五入", "floor": "舍去小数", "ceiling": "进一"}
QUOTA_BASES = {"ranked": "参加排名的单位", "all": "本系列全部被考核单位", "eligible": "达到分数线和条件的单位"}
QUOTA_TIES = {"decide": "由人工决定（在此之前先给下一等次）", "all_in": "全部给", "none_in": "都不给"}
STYLES = {
    "shared": "并列同名次，后面的名次空开（1、2、2、4）",
    "dense": "并列同名次，后面接着排（1、2、2、3）",
    "none": "只排顺序，不给名次",
}
TESTS = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于", "!=": "不等于"}
DENOMINATORS = {
    "answers": "计入的票数",
    "valid": "有效票数",
    "returned": "收回票数",
    "issued": "发出票数",
    "present": "实到人数",
}
SAME_MATTER = {"each": "每次都计", "highest": "同一事由只计最重一次", "latest": "同一事由只计最近一次"}
SCOPES = {"unit": "单位", "leading_group": "领导班子", "person": "个人"}
BUILT_IN = {"total": "总分", "rank": "名次", "zero_items": "得 0 分的指标个数", "grade": "等次"}


def number(value: Fraction | int | None, nothing: str = "—") -> str:
    """An exact number as people write it: 12.5, or 1/3 where decimals do not end."""
    if value is None:
        return nothing
    value = Fraction(value)
    rest, places = value.denominator, 0
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
            places += 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    text = f"{value.numerator * 10**places // value.denominator:0{places + 1 + (value < 0)}d}"
    if places:
        text = f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")
    return text


def names_of(scheme: Scheme) -> dict[str, str]:
    """Names of every quantity that a rule of the scheme can refer to."""
    named = {part.id: part.name for part in [*walk(scheme.tree), *scheme.measures]}
    return {**BUILT_IN, **named}


def _listed(ids: Iterable[str], names: Mapping[str, str], empty: str = "") -> str:
    return "、".join(names.get(one, one) for one in ids) or empty


# ---- items


def source(one: Source, scheme: Scheme) -> str:
    """Where the raw values come from."""
    kinds = {kind.id: kind.name for kind in scheme.event_kinds}
    match one:
        case MarksSource():
            return "评议人在评分表上评分"
        case VotesSource():
            return f"会议票决，按{DENOMINATORS[one.denominator]}计算"
        case EventsSource():
            start = "满分" if one.start == "full" else f" {number(one.start)} 分"
            way = "逐项扣分" if one.direction == "deduct" else "逐项加分"
            dated = "认定日期" if one.year_by == "concluded" else "发生日期"
            return f"事项：从{start}起{way}（{_listed(one.kinds, kinds, '全部种类')}）；{SAME_MATTER[one.same_matter]}；按{dated}归入年度"
        case OfficeSource():
            return "考核办录入一个值，写明依据"
        case QuantitySource():
            return f"引用本方案的“{names_of(scheme).get(one.quantity, one.quantity)}”"
        case _:
            what = "总分" if one.quantity == "total" else one.quantity
            if one.quantity == "grade":
                what = f"等次为 {'、'.join(one.grades)} 的比例（%）"
            return f"下级单位在方案“{one.scheme}”中的{what}"


def short_source(part: Part) -> str:
    """One word for the tree."""
    if isinstance(part, Node):
        return JOINS[part.join]
    words = {
        "marks": "评分表",
        "votes": "票决",
        "events": "事项",
        "office": "考核办录入",
        "results": "其他结果（下级、上级、往年）",
        "quantity": "引用",
    }
    return words[part.source.kind]


def bound(value: Bound) -> str:
    """An end of a range, with a blank before digits."""
    return "满分" if value == "full" else "不限" if value is None else f" {number(value)}"


def reading(one: Reading) -> str:
    """How a raw value becomes points."""
    if isinstance(one, LevelsReading):
        return "分档：" + "、".join(f"{lv.name} {number(lv.points, '不计入')}" for lv in one.levels)
    if isinstance(one, BandsReading):
        return "分段：" + "；".join(_band(b.minimum, b.above, b.points) for b in one.bands)
    parts = ["直接计分", f"{number(one.minimum)} 至{bound(one.maximum)}"]
    if one.allowed:
        parts.append("只可填 " + "、".join(number(a) for a in one.allowed))
    if one.step is not None:
        parts.append(f"每 {number(one.step)} 一格")
    parts.append(f"最多 {one.digits} 位小数" if one.digits else "只填整数")
    if one.factor != 1:
        parts.append(f"再乘 {number(one.factor)}")
    return "，".join(parts)


def _band(minimum: Fraction | None, above: bool, points: Fraction) -> str:
    if minimum is None:
        return f"其余 {number(points)} 分"
    return f"{number(minimum)} {'以上（不含）' if above else '及以上'} {number(points)} 分"


def within(one: Within) -> str:
    """How the values of one group become one."""
    if one.method == "trimmed":
        only = f"（多于 {one.above} 个时）" if one.above else ""
        return f"去掉 {one.high} 个最高、{one.low} 个最低后平均{only}"
    words = {
        "mean": "平均",
        "median": "中位数",
        "sum": "相加",
        "best": "取最高",
        "lowest": "取最低",
        "latest": "取最后一份",
    }
    return words[one.method]


def gathering(one: Gathering, scheme: Scheme) -> list[tuple[str, str]]:
    """How many values become one, as lines (name, text)."""
    groups = {group.id: group for group in scheme.groups}
    shares = [(s.group, s.weight) for s in one.groups] or [(g.id, g.weight) for g in scheme.groups]
    weighted = "、".join(f"{groups[g].name if g in groups else g} {number(w)}" for g, w in shares)
    missing = MISSING_GROUP[one.missing_group]
    if one.missing_group == "use" and one.use in groups:
        missing = f"用“{groups[one.use].name}”的值代替"
    lines = [("组内", within(one.within)), ("各组权重", weighted or "不分组"), ("某组缺分", missing)]
    if one.min_marks > 1:
        lines.append(("每组至少", f"{one.min_marks} 人评分，否则算缺分"))
    lines.append(("空白、弃权", f"空白{MARK_POLICY[one.blank]}；弃权{MARK_POLICY[one.abstained]}"))
    return lines


def limits(one: Limits) -> str:
    """The ends of a value."""
    if one.minimum is None and one.maximum is None:
        return "不限"
    low = "可以低于 0（倒扣）" if one.minimum is None else f"最低 {number(one.minimum)}"
    if one.minimum == 0:
        low = "最低 0（扣完为止）"
    return f"{low}；" + ("不封顶" if one.maximum is None else f"最高{bound(one.maximum)}")


def applies(one: Applies) -> str:
    """Which units a part concerns."""
    parts = [("系列", one.series), ("类别", one.kinds), ("标签", one.tags)]
    said = [f"{name}为 {'、'.join(values)}" for name, values in parts if values]
    return "且".join(said) or "全部单位"


def rounding(one: Rounding | None, nothing: str = "不取舍") -> str:
    """Decimals and mode."""
    return nothing if one is None else f"保留 {one.digits} 位小数，{MODES[one.mode]}"


def part_lines(part: Part, scheme: Scheme) -> list[tuple[str, str]]:
    """Every setting of a node or item besides name, note, points, weight, as lines (name, text)."""
    lines: list[tuple[str, str]] = []
    if isinstance(part, Item):
        lines += [("数据来源", source(part.source, scheme)), ("读法", reading(part.reading))]
        if isinstance(part.source, (MarksSource, VotesSource)):
            own = part.gathering or scheme.gathering
            lines += [(name if part.gathering else f"{name}（按方案）", text) for name, text in gathering(own, scheme)]
        if part.conversion is not None:
            lines.append(("再换算", reading(part.conversion)))
    else:
        lines.append(("合成", JOINS[part.join]))
    lines.append(("限度", limits(part.limits)))
    if part.on_top:
        lines.append(("加在上级之上", "是：不占上级的满分和权重"))
    if part.applies_to != Applies():
        lines.append(("适用范围", applies(part.applies_to)))
        lines.append(("不适用时", NOT_APPLICABLE[part.not_applicable]))
    elif part.not_applicable != "block":
        lines.append(("不适用时", NOT_APPLICABLE[part.not_applicable]))
    if part.rounding is not None:
        lines.append(("取舍", rounding(part.rounding)))
    return lines


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


def condition(one: Condition, names: Mapping[str, str]) -> str:
    """A test of a quantity."""
    return f"{names.get(one.quantity, one.quantity)}{TESTS[one.test]} {number(one.value)}"


def quota(one: Quota) -> str:
    """How many may get a grade."""
    if one.count is not None:
        places = f"不超过 {one.count} 个"
    else:
        places = f"不超过{QUOTA_BASES[one.base]}的 {number(one.share)}%（{QUOTA_MODES[one.rounding]}）"
    if one.at_least:
        places += f"，至少 {one.at_least} 个"
    if one.with_above:
        places += "，更高等次占用的名额算在内"
    return f"{places}；压线同分：{QUOTA_TIES[one.ties]}"


def grade_lines(one: Grade, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a grade asks for."""
    lines: list[tuple[str, str]] = []
    if one.line is not None:
        lines.append(("分数线", f"总分不低于 {number(one.line)}"))
    if one.conditions:
        lines.append(("条件", "；".join(condition(c, names) for c in one.conditions)))
    if one.quota is not None:
        lines.append(("名额", quota(one.quota)))
    return lines or [("条件", "其余单位")]


def ranking_lines(one: Ranking, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """How units are ranked."""
    ties = "；再比".join(
        f"{names.get(t.quantity, t.quantity)}（{'高' if t.order == 'higher' else '低'}者在前）" for t in one.ties
    )
    return [
        ("范围", "同一系列内" if one.within == "series" else "整个层级"),
        ("名次", STYLES[one.style]),
        ("比较", "精确的总分（不先取舍）" if one.on == "exact" else "显示出来的总分"),
        ("同分时", f"先比{ties}" if ties else "并列"),
    ]


def effect(one: Adjustment, grades: Mapping[str, str]) -> str:
    """What an adjustment does to the grade."""
    named = grades.get(one.grade, one.grade)
    return {
        "bar": f"不得评为{named}及以上",
        "cap": f"最高评为{named}",
        "fix": f"定为{named}",
        "down": f"降 {one.steps} 档",
    }[one.effect]


def adjustment_lines(one: Adjustment, scheme: Scheme) -> list[tuple[str, str]]:
    """When an adjustment acts, on whom, and in which order."""
    kinds = {kind.id: kind.name for kind in scheme.event_kinds}
    grades = {grade.id: grade.name for grade in scheme.ladder.grades}
    names = names_of(scheme)
    when: list[str] = []
    if one.events:
        times = f" {one.events_at_least} 次及以上" if one.events_at_least > 1 else ""
        when.append(f"发生 {_listed(one.events, kinds)}{times}")
    when += [condition(c, names) for c in one.when]
    needs = [word for on, word in ((one.evidence_required, "依据材料"), (one.approver_required, "批准人")) if on]
    freed = {"vacant": "空着", "passed_on": "依次递补", "decide": "由人工决定"}[one.freed_place]
    lines = [("效果", effect(one, grades)), ("何时", "，且".join(when) or "总是"), ("对象", SCOPES[one.scope])]
    lines.append(("先后", "评定名额之前" if one.order == "before_quota" else f"评定名额之后；空出的名额{freed}"))
    lines.append(("须写明", "、".join(needs) or "无"))
    if one.basis:
        lines.append(("制度依据", one.basis))
    return lines


def stacking(one: Stacking) -> str:
    """Several downgrades at once."""
    words = {"worst": "只按最重的一项", "worst_per_family": "每类取最重的一项，各类相加", "add": "逐项相加"}
    return words[one.down] + (f"，最多降 {one.at_most} 档" if one.at_most is not None else "")


def event_kind(amount: Fraction | None, cap: Fraction | None) -> str:
    """What one event of a kind counts."""
    each = "不计分（只用于等次调整或逐件写明分值）" if amount is None else f"每件 {number(amount)} 分"
    return each + (f"，合计不超过 {number(cap)} 分" if cap is not None else "")
