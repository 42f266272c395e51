"""Votes, ranking, grades, quotas, events and adjustments of a scheme told in sentences."""

from __future__ import annotations

from app.domain.ladders import Adjustment, BallotRule, EventKind, Grade, Quota, Ranking, Stacking, Voting
from app.domain.quantities import number_text as number
from app.domain.scheme_sentences import Names, amount, conditions
from app.domain.scheme_words import choice_word, partition_word
from app.domain.schemes import Scheme

_STYLES = {
    "shared": "同分并列，后面的名次空开（1、2、2、4）",
    "dense": "同分并列，名次连续（1、2、2、3）",
    "none": "只排顺序，不编名次",
}
_BASES = {
    "ranked": "参加排名的单位",
    "all": "全部参评的单位",
    "eligible": "达到线和条件的单位",
    "without_vetoed": "参加排名而未被否决的单位",
}
_TIES = {
    "decide": "线上并列的由人工决定（之前先给下一等次）",
    "all_in": "线上并列的都算",
    "none_in": "线上并列的都不算",
}
_FREED = {"vacant": "空出的名额不递补", "passed_on": "空出的名额依次递补", "decide": "空出的名额由人工决定"}
_SCOPES = {"unit": "单位", "leading_group": "领导班子", "person": "个人"}
_WHOSE = {
    "own": "",
    "children": "下级单位",
    "parent": "上级单位",
    "linked": "所联系的单位",
    "linking": "联系本单位的单位",
}


def voting(one: Voting) -> list[str]:
    """When a vote counts."""
    lines: list[str] = []
    for share, more, words in (
        (one.present, one.present_more, "实到人数须{}应到的 {}%"),
        (one.returned, one.returned_more, "收回的票须{}发出的 {}%"),
    ):
        if share is not None:
            lines.append(words.format("超过" if more else "不少于", number(share)))
    if one.invalid is not None:
        lines.append(f"无效票不超过收回的 {number(one.invalid)}%")
    lines.append("收回多于发出的，整次无效" if one.more_returned == "void" else "收回多于发出的，照样计算")
    lines.append("不成立的表决不计" if one.failed == "leave_out" else "表决不成立的，没有结果")
    return lines


def ballot_rule(one: BallotRule, scheme: Scheme, names: Names) -> str:
    """What makes a ballot or a sheet valid."""
    on = {"ballots": "选票", "sheets": "评分表", "both": "选票、评分表"}[one.on]
    if one.groups:
        groups = {g.id: g.name for g in scheme.groups}
        on = f"{'、'.join(f'“{groups.get(g, g)}”' for g in one.groups)}的{on}"
    where = f"“{names.get(one.item, one.item)}”" if one.item else "每项" if one.basis == "item" else "各项之和"
    fixed = {"complete": "须填写完整", "not_all_equal": f"{where}不得全部相同", "not_all_full": f"{where}不得全部满分"}
    if one.rule in fixed:
        return f"{one.name}：{on}{fixed[one.rule]}，否则整张无效"
    answers = "、".join(f"“{_answer(scheme, a)}”" for a in one.answers)
    low, high = one.minimum, one.maximum
    ends = ([f"不低于 {number(low)}"] if low is not None else []) + (
        [f"不高于 {number(high)}"] if high is not None else []
    )
    unit = "%" if one.rule == "share" else " 个"
    bounds = [f"至少 {number(one.at_least)}{unit}"] if one.at_least is not None else []
    bounds += [f"至多 {number(one.at_most)}{unit}"] if one.at_most is not None else []
    mode = f"（{choice_word(BallotRule, 'rounding', one.rounding)}）" if one.rule == "share" else ""
    return f"{one.name}：{on}上{where}{answers or '且'.join(ends) + '的'}{'、'.join(bounds)}{mode}，否则整张无效"


def _answer(scheme: Scheme, answer: str) -> str:
    from app.domain.schemes import LevelsReading, items_of

    levels = [lv for i in items_of(scheme) if isinstance(i.reading, LevelsReading) for lv in i.reading.levels]
    return next((lv.name for lv in levels if lv.id == answer), answer)


def ranking(one: Ranking, names: Names) -> list[tuple[str, str]]:
    """How units are ranked, as lines (name, text)."""
    ties = "，再比".join(
        f"{names.get(t.quantity, t.quantity)}（{'高' if t.order == 'higher' else '低'}者在前）" for t in one.ties
    )
    lines = [
        ("范围", partition_word(one.within) + "内"),
        ("名次", _STYLES[one.style]),
        ("比较", "精确的总分（不先取舍）" if one.on == "exact" else "显示出来的总分"),
        ("同分时", f"先比{ties}" if ties else "并列"),
    ]
    if one.also:
        lines.append(("另排名次", "、".join(names.get(q, q) for q in one.also)))
    if one.listed == "official":
        lines.append(("排列", "按排序号，不按名次"))
    return lines


def quota(one: Quota, *, floor: bool = False) -> str:
    """How many may, or must at least, get a grade."""
    begin = "至少" if floor else "不超过"
    places = f"{begin} {one.count} 个" if one.count is not None else ""
    if one.share is not None:
        mode = choice_word(Quota, "rounding", one.rounding)
        places = f"{begin}{_BASES[one.base]}的 {number(one.share)}%（{mode}）"
    if one.at_least:
        places += f"，最少 {one.at_least} 个"
    if one.with_above:
        places += "，更低等次的算在内" if floor else "，更高等次占用的名额算在内"
    if not one.promoted:
        places += "，专项晋优的不算在基数里"
    return f"{places}；{_TIES[one.ties]}"


def grade(one: Grade, names: Names) -> list[tuple[str, str]]:
    """What a grade asks for, as lines (name, text)."""
    lines = [("分数线", f"总分不低于 {number(one.line)}")] if one.line is not None else []
    if one.conditions:
        lines.append(("条件", conditions(one.conditions, names)))
    if one.quota is not None:
        lines.append(("名额", quota(one.quota)))
    if one.floor is not None:
        lines.append(("名额下限", quota(one.floor, floor=True)))
    return lines or [("条件", "其余单位")]


def event_kind(one: EventKind) -> str:
    """What the events of a kind count."""
    if one.steps:
        each = "逐件计 " + "、".join(amount(s) for s in one.steps)
    elif one.table:
        rows = (
            f"{'、'.join(w for w in (r.person_class, r.sanction) if w) or '其他'} {number(r.amount)}" for r in one.table
        )
        each = "每件：" + "；".join(rows)
    else:
        each = "据实定分" if one.amount is None else f"每件 {number(one.amount)} 分"
    factor = f"，再乘 {number(one.factor)}" if one.factor != 1 else ""
    return each + factor + (f"，合计不超过 {number(one.cap)} 分" if one.cap is not None else "")


def effect(one: Adjustment, grades: Names) -> str:
    """What an adjustment does to the grade."""
    named = grades.get(one.grade, one.grade)
    return {
        "bar": f"不得评为“{named}”及以上",
        "cap": f"最高评为“{named}”",
        "fix": f"定为“{named}”",
        "down": f"降 {one.steps} 档",
        "remark": "记入结果，等次不变",
    }[one.effect]


def adjustment(one: Adjustment, scheme: Scheme, names: Names) -> list[tuple[str, str]]:
    """When an adjustment acts, on whom, and in which order, as lines (name, text)."""
    kinds = {kind.id: kind.name for kind in scheme.event_kinds}
    grades = {g.id: g.name for g in scheme.ladder.grades}
    when: list[str] = []
    if one.events:
        times = f" {one.events_at_least} 件及以上" if one.events_at_least > 1 else ""
        years = f"（{one.years} 个年度内）" if one.years > 1 else ""
        link = f"（{one.link}）" if one.link else ""
        listed = "、".join(kinds.get(e, e) for e in one.events)
        when.append(f"{_WHOSE[one.events_of]}{link}发生{listed}{times}{years}")
    when += [conditions(one.when, names)] if one.when else []
    if one.grades:
        when.append("等次为" + "、".join(f"“{grades.get(g, g)}”" for g in one.grades))
    needs = [word for on, word in ((one.evidence_required, "依据材料"), (one.approver_required, "批准人")) if on]
    before = one.order == "before_quota" and one.scope == "unit"
    lines = [("效果", effect(one, grades)), ("何时", "，且".join(when) or "从不"), ("对象", _SCOPES[one.scope])]
    lines.append(("先后", "分配名额之前" if before else f"分配名额之后；{_FREED[one.freed_place]}"))
    if one.events:
        lines.append(("须写明", "、".join(needs) or "无"))
    if one.basis:
        lines.append(("制度依据", one.basis))
    return lines


def stacking(one: Stacking) -> str:
    """Several downgrades at once."""
    words = {"worst": "只按最重的一项", "worst_per_family": "每类取最重的一项，各类相加", "add": "逐项相加"}
    most = f"，合计最多降 {one.at_most} 档" if one.at_most is not None else ""
    order = "；先封顶后降档" if one.order == "caps_first" else ""
    return words[one.down] + most + order
