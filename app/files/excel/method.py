"""The method of a scheme in plain words, for the page 计算方法 of the result workbook."""

from __future__ import annotations

from fractions import Fraction

from app.domain.schemes import (
    Adjustment,
    BandsReading,
    Condition,
    DirectReading,
    EventsSource,
    Gathering,
    Grade,
    Group,
    Item,
    LevelsReading,
    MarksSource,
    Node,
    OfficeSource,
    Part,
    QuantitySource,
    Reading,
    ResultsSource,
    Rounding,
    Scheme,
    VotesSource,
    Within,
    full_points,
    walk,
)
from app.files.excel.texts import number_text

_MODES = {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一"}
_JOINS = {
    "sum": "各部分相加",
    "weighted": "按权重加权平均",
    "scaled": "按得分÷满分×权重折算后相加",
    "mean": "取平均",
    "minimum": "取最低",
}
_WITHIN = {
    "mean": "取平均",
    "median": "取中位数",
    "sum": "相加",
    "best": "取最高",
    "lowest": "取最低",
    "latest": "取最后一个",
}
_MISSING = {
    "block": "缺一组即不出结果",
    "zero": "缺的组按 0 分",
    "renormalise": "缺组时其余组按权重折算",
    "use": "缺组时用另一组代替",
}
_LEFT_OUT = {"leave_out": "不计入", "zero": "按 0 分", "block": "不出结果"}
_DENOMINATORS = {
    "answers": "计分的票数",
    "valid": "有效票",
    "returned": "收回票",
    "issued": "发出票",
    "present": "实到人数",
}
TESTS = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于", "!=": "不等于"}
_RELATIONS = {
    "own": "本单位",
    "above": "上级",
    "below": "下级",
    "in_charge": "分管",
    "same_series": "同系列",
    "same_level": "同层级",
    "other": "其他",
}
_STYLES = {
    "shared": "同分并列，后面的名次顺延（1、2、2、4）",
    "dense": "同分并列，名次连续（1、2、2、3）",
    "none": "只排序，不编名次",
}
_QUOTA_ROUNDING = {"half_up": "四舍五入", "floor": "舍去小数", "ceiling": "进一取整"}
_QUOTA_BASE = {"ranked": "参加排名的单位数", "all": "全部参评单位数", "eligible": "达到条件的单位数"}
_TIES = {"decide": "线上同分的由人工决定", "all_in": "线上同分的全部进入", "none_in": "线上同分的都不进入"}
_FREED = {"vacant": "空出的名额不递补", "passed_on": "空出的名额递补", "decide": "空出的名额由人工决定"}
_SCOPES = {"unit": "单位", "leading_group": "领导班子", "person": "个人"}


def quantity_names(scheme: Scheme) -> dict[str, str]:
    """Id → name of everything that a condition or a tie-break may look at."""
    names = {p.id: p.name for p in walk(scheme.tree)} | {m.id: m.name for m in scheme.measures}
    return names | {"total": "总分", "rank": "名次", "zero_items": "得 0 分的指标个数"}


def method_lines(scheme: Scheme) -> list[tuple[int, str]]:
    """(indent, sentence): indent 0 is a heading."""
    names = quantity_names(scheme)
    lines = [(0, "一、依据"), (1, scheme.source or "见本单位考核办法。")]
    if scheme.note:
        lines.append((1, scheme.note))
    lines += [
        (0, "二、评议人分组"),
        *((1, _group(g)) for g in scheme.groups),
        (1, f"缺省的汇总方法：{_gathering(scheme.gathering, scheme)}。"),
    ]
    lines += [(0, "三、得分构成"), *_tree(scheme.tree, scheme, names, 1)]
    if scheme.measures:
        lines.append((1, "另计以下各项，不进总分，供定等条件使用："))
        lines += [(2, _item(m, scheme, names)) for m in scheme.measures]
    lines += [(0, "四、取舍"), (1, _roundings(scheme))]
    lines += [(0, "五、排名"), (1, _ranking(scheme, names))]
    lines += [(0, "六、定等"), *((1, _grade(g, names)) for g in scheme.ladder.grades)]
    if scheme.adjustments:
        lines += [
            (0, "七、降档与限制（只影响等次，不改得分）"),
            *((1, _adjustment(a, scheme, names)) for a in scheme.adjustments),
        ]
        lines.append((1, _stacking(scheme)))
    return lines


def _group(group: Group) -> str:
    who = "、".join(group.roles) or "不限角色"
    relations = f"，与被评单位的关系为{'、'.join(_RELATIONS[r] for r in group.relations)}" if group.relations else ""
    recused = f"；{'、'.join(_RELATIONS[r] for r in group.recused)}须回避" if group.recused else ""
    return f"{group.name}：权重 {number_text(group.weight)}；成员：{who}{relations}{recused}。"


def _within(within: Within) -> str:
    if within.method != "trimmed":
        return f"组内{_WITHIN[within.method]}"
    above = f"（超过 {within.above} 个分数时）" if within.above else ""
    return f"组内去掉 {within.high} 个最高、{within.low} 个最低后取平均{above}"


def _gathering(gathering: Gathering, scheme: Scheme) -> str:
    groups = {g.id: g.name for g in scheme.groups}
    shares = [f"{groups.get(s.group, s.group)} {number_text(s.weight)}" for s in gathering.groups]
    between = f"，组间按权重（{'、'.join(shares)}）" if shares else "，组间按各组权重" if len(groups) > 1 else ""
    few = f"；一组少于 {gathering.min_marks} 个分数视为缺组" if gathering.min_marks > 1 else ""
    use = f"（{groups.get(gathering.use, gathering.use)}）" if gathering.missing_group == "use" else ""
    rest = f"；空白{_LEFT_OUT[gathering.blank]}，弃权{_LEFT_OUT[gathering.abstained]}，不适用不计入"
    return f"{_within(gathering.within)}{between}；{_MISSING[gathering.missing_group]}{use}{few}{rest}"


def _tree(node: Node, scheme: Scheme, names: dict[str, str], depth: int) -> list[tuple[int, str]]:
    lines = [(depth, f"{node.name}{_points(node)}：{_JOINS[node.join]}{_after(node)}。")]
    for child in node.children:
        if isinstance(child, Node):
            lines += _tree(child, scheme, names, depth + 1)
        else:
            lines.append((depth + 1, _item(child, scheme, names)))
    return lines


def _points(part: Part) -> str:
    points = full_points(part)
    weight = f"，权重 {number_text(part.weight)}" if part.weight is not None else ""
    on_top = "，计在总分之外另加" if part.on_top else ""
    return (
        f"（{number_text(points)} 分{weight}{on_top}）"
        if points is not None
        else f"（{(weight + on_top)[1:]}）"
        if weight + on_top
        else ""
    )


def _after(part: Part) -> str:
    low, high = part.limits.minimum, part.limits.maximum
    texts: list[str] = []
    if isinstance(high, Fraction):
        texts.append(f"最高 {number_text(high)}")
    if low is None and isinstance(part, Item):
        texts.append("可以为负")
    elif low is not None and low != 0:
        texts.append(f"最低 {number_text(low)}")
    if part.rounding:
        texts.append(_rounding(part.rounding))
    return "".join(f"，{t}" for t in texts)


def _item(item: Item, scheme: Scheme, names: dict[str, str]) -> str:
    own = f"；{_gathering(item.gathering, scheme)}" if item.gathering else ""
    conversion = f"；再按{_reading(item.conversion)}换算" if item.conversion else ""
    return f"{item.name}{_points(item)}：{_source(item, scheme, names)}{own}{conversion}{_after(item)}。"


def _source(item: Item, scheme: Scheme, names: dict[str, str]) -> str:
    source = item.source
    match source:
        case MarksSource():
            return f"评议人评分，{_reading(item.reading)}"
        case VotesSource():
            return f"会议投票，{_reading(item.reading)}，除以{_DENOMINATORS[source.denominator]}"
        case EventsSource():
            kinds = {k.id: k for k in scheme.event_kinds}
            listed = [_event_kind(kinds[k].name, kinds[k].amount, kinds[k].cap) for k in source.kinds if k in kinds]
            start = "满分" if source.start == "full" else number_text(source.start)
            how = f"从{start}起扣分" if source.direction == "deduct" else f"从 {start} 起加分"
            return f"按事项{how}（{'；'.join(listed)}），同一事由{'逐项计' if source.same_matter == 'each' else '只计一次'}"
        case OfficeSource():
            return f"考核办评定，{_reading(item.reading)}"
        case ResultsSource():
            what = f"下级单位得“{'、'.join(source.grades)}”等次的比例" if source.grades else "下级单位的考核结果"
            return what
        case QuantitySource():
            return f"取“{names.get(source.quantity, source.quantity)}”"


def _event_kind(name: str, amount: Fraction | None, cap: Fraction | None) -> str:
    each = "据实定分" if amount is None else f"每次 {number_text(amount)} 分"
    return f"{name}{each}" + (f"，最多 {number_text(cap)} 分" if cap is not None else "")


def _reading(reading: Reading) -> str:
    match reading:
        case LevelsReading():
            return "、".join(
                f"“{v.name}”{'不计票' if v.points is None else number_text(v.points)}" for v in reading.levels
            )
        case BandsReading():
            return "分段计分（" + "、".join(_band(b.minimum, b.above, b.points) for b in reading.bands) + "）"
        case DirectReading():
            factor = f"，乘以 {number_text(reading.factor)}" if reading.factor != 1 else ""
            return f"直接计分{factor}"


def _band(minimum: Fraction | None, above: bool, points: Fraction) -> str:
    reach = "其余" if minimum is None else f"{'超过' if above else '达到'} {number_text(minimum)}"
    return f"{reach}得 {number_text(points)}"


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


def _ranking(scheme: Scheme, names: dict[str, str]) -> str:
    ranking = scheme.ranking
    where = "在系列内" if ranking.within == "series" else "在全层级"
    on = "精确得分" if ranking.on == "exact" else "显示的得分"
    ties = "、".join(
        f"{names.get(t.quantity, t.quantity)}{'高' if t.order == 'higher' else '低'}者在前" for t in ranking.ties
    )
    chain = f"；得分相同时依次比较：{ties}" if ties else ""
    return f"{where}按{on}从高到低排列；{_STYLES[ranking.style]}{chain}。"


def _condition(condition: Condition, names: dict[str, str]) -> str:
    name = names.get(condition.quantity, condition.quantity)
    return f"“{name}”{TESTS[condition.test]} {number_text(condition.value)}"


def _grade(grade: Grade, names: dict[str, str]) -> str:
    needs = [f"总分不低于 {number_text(grade.line)}"] if grade.line is not None else []
    needs += [_condition(c, names) for c in grade.conditions]
    text = f"“{grade.name}”：{'，且'.join(needs) if needs else '其余单位'}"
    quota = grade.quota
    if quota is None:
        return f"{text}。"
    size = (
        f"{_QUOTA_BASE[quota.base]}的 {number_text(quota.share)}%（{_QUOTA_ROUNDING[quota.rounding]}）"
        if quota.share is not None
        else f"{quota.count} 个"
    )
    least = f"，至少 {quota.at_least} 个" if quota.at_least else ""
    above = "，含更高等次已占的名额" if quota.with_above else ""
    return f"{text}；名额不超过{size}{least}{above}；{_TIES[quota.ties]}。"


def _adjustment(adjustment: Adjustment, scheme: Scheme, names: dict[str, str]) -> str:
    grades = {g.id: g.name for g in scheme.ladder.grades}
    kinds = {k.id: k.name for k in scheme.event_kinds}
    grade = grades.get(adjustment.grade, adjustment.grade)
    effect = {
        "bar": f"不得评为“{grade}”及以上",
        "cap": f"最高“{grade}”",
        "fix": f"直接定为“{grade}”",
        "down": f"降 {adjustment.steps} 档",
    }[adjustment.effect]
    causes = [f"发生“{'”或“'.join(kinds.get(e, e) for e in adjustment.events)}”"] if adjustment.events else []
    if adjustment.events and adjustment.events_at_least > 1:
        causes[0] += f" {adjustment.events_at_least} 次及以上"
    causes += [_condition(c, names) for c in adjustment.when]
    order = (
        "定名额之前执行" if adjustment.order == "before_quota" else f"定名额之后执行，{_FREED[adjustment.freed_place]}"
    )
    needs = [
        w
        for w, needed in (("依据材料", adjustment.evidence_required), ("批准人", adjustment.approver_required))
        if needed
    ]
    proof = f"；须有{'和'.join(needs)}" if needs and adjustment.events else ""
    basis = f"（依据：{adjustment.basis}）" if adjustment.basis else ""
    return f"{adjustment.name}：{'且'.join(causes) or '满足条件'}时，{_SCOPES[adjustment.scope]}{effect}；{order}{proof}{basis}。"


def _stacking(scheme: Scheme) -> str:
    how = {"worst": "只按最重的一项", "worst_per_family": "同类取最重一项，不同类相加", "add": "逐项相加"}[
        scheme.stacking.down
    ]
    most = f"，合计最多降 {scheme.stacking.at_most} 档" if scheme.stacking.at_most is not None else ""
    return f"同时有多项降档时{how}{most}。"
