"""The check of what comes after the tree: rounding, ranking, ladder, quotas, adjustments that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from app.domain.findings import Finding, Severity
from app.domain.schemes import Adjustment, Condition, Grade, Item, Node, Quota, Scheme, full_points, is_rank, walk
from app.scoring.check_places import check_conditions, check_quantity, fault
from app.scoring.partitions import is_partition
from app.scoring.wording import exact_text


def check_after_tree(scheme: Scheme) -> Iterator[Finding]:
    """Findings about rounding, ranking, ladder and adjustments."""
    yield from _check_rounding(scheme)
    yield from _check_ranking(scheme)
    yield from _check_ladder(scheme)
    yield from _check_adjustments(scheme)


def _check_ranking(scheme: Scheme) -> Iterator[Finding]:
    rule = scheme.ranking
    for i, tie in enumerate(rule.ties):
        if is_rank(tie.quantity) or (tie.quantity == "total" and rule.on == "exact"):
            yield fault("S-TIES", f"$.ranking.ties[{i}]", f"并列时不能再比“{tie.quantity}”", "请用其他的量")
        yield from check_quantity(scheme, tie.quantity, f"$.ranking.ties[{i}].quantity")
    if not is_partition(rule.within):
        message = f"排名的范围“{rule.within}”不对"
        yield fault("S-WITHIN", "$.ranking.within", message, "可写 series、kind、parent、level 或 tag:标签名")
    for i, quantity in enumerate(rule.also):
        if is_rank(quantity) or quantity == "total":
            message = f"“{quantity}”不能再排一个名次"
            yield fault("S-REFERENCE", f"$.ranking.also[{i}]", message, "请写部分或 measures 的代号")
        else:
            yield from check_quantity(scheme, quantity, f"$.ranking.also[{i}]")


def _check_rounding(scheme: Scheme) -> Iterator[Finding]:
    stages = scheme.rounding
    own = [(p.name, p.rounding) for p in [*walk(scheme.tree), *scheme.measures]]
    named = [
        ("分组", stages.group),
        ("指标", stages.item),
        ("节点", stages.node),
        ("总分", stages.total),
        ("显示", stages.shown),
    ]
    for name, rule in [*named, *own]:
        if rule is not None and not 0 <= rule.digits <= 6:
            yield Finding("S-DIGITS", "$.rounding", f"“{name}”的小数位应在 0 至 6 之间", "请改正")


# ---- ladder


def _check_ladder(scheme: Scheme) -> Iterator[Finding]:
    grades = scheme.ladder.grades
    path = "$.ladder.grades"
    if not grades:
        yield Finding("S-LADDER", path, "没有等次", "请从高到低写出等次")
        return
    lowest = grades[-1]
    if lowest.line is not None or lowest.conditions or lowest.quota is not None:
        place = f"{path}[{len(grades) - 1}]"
        yield Finding(
            "S-LADDER", place, f"最低一档“{lowest.name}”不能有线、条件和名额", "请去掉，或再加一档", node=lowest.id
        )
    for i, grade in enumerate(grades[:-1]):
        yield from _check_grade(scheme, grade, f"{path}[{i}]")
    yield from _check_order(grades, path)
    yield from _check_floors(grades, path)


def _check_grade(scheme: Scheme, grade: Grade, path: str) -> Iterator[Finding]:
    if grade.line is None and not grade.conditions and grade.quota is None:
        yield Finding(
            "S-UNREACHABLE", path, f"“{grade.name}”没有线、条件和名额，其下各档永远用不到", "请写分数线", node=grade.id
        )
    top = _highest_total(scheme.tree)
    if grade.line is not None and top is not None and grade.line > top:
        yield Finding(
            "S-UNREACHABLE",
            f"{path}.line",
            f"“{grade.name}”的线 {exact_text(grade.line)} 高于能得的最高分 {exact_text(top)}",
            "请改正",
            node=grade.id,
        )
    yield from check_conditions(scheme, grade.conditions, f"{path}.conditions", grade.id)
    yield from _contradiction(grade.conditions, f"{path}.conditions", grade.name, grade.id)
    if grade.quota is not None:
        yield from _check_quota(grade, grade.quota, f"{path}.quota")


def _highest_total(tree: Node) -> Fraction | None:
    """The most a unit can get: full points and what may be added on top; none where a part has no upper end."""
    inside = [p for child in tree.children for p in walk(child)[1:]]
    counted = [p for p in [*tree.children, *inside] if isinstance(p, Item) and not p.on_top]
    if any(p.on_top for p in inside) or any(p.points is None or p.limits.maximum != "full" for p in counted):
        return None
    top = full_points(tree)
    for part in tree.children:
        if part.on_top and top is not None:
            more = part.points if part.limits.maximum == "full" else part.limits.maximum
            top = None if more is None else top + max(more, Fraction(0))
    return top


def _check_quota(grade: Grade, quota: Quota, path: str) -> Iterator[Finding]:
    if (quota.share is None) == (quota.count is None):
        message = f"“{grade.name}”的名额应写 share 或 count，且只写一个"
        yield fault("S-QUOTA", path, message, "请改正", grade.id)
    if quota.share is not None and not 0 <= quota.share <= 100:
        message = f"“{grade.name}”的名额比例应在 0 至 100 之间"
        yield fault("S-QUOTA", f"{path}.share", message, "请按百分数写，例如 30", grade.id)
    if quota.share is not None and 0 < quota.share < 1:
        message = f"“{grade.name}”的名额比例不到 1%"
        step = "比例按百分数写：30% 写 30，不写 0.3"
        yield fault("S-QUOTA", f"{path}.share", message, step, grade.id, warning=True)
    if (quota.count is not None and quota.count < 0) or quota.at_least < 0:
        yield fault("S-QUOTA", path, f"“{grade.name}”的名额不能是负数", "请改正", grade.id)


def _check_floors(grades: Sequence[Grade], path: str) -> Iterator[Finding]:
    """Floors that cannot be kept, or that mean nothing."""
    shares = Fraction(0)
    for i, grade in enumerate(grades):
        floor, place = grade.floor, f"{path}[{i}].floor"
        if floor is None:
            continue
        yield from _check_quota(grade, floor, place)
        if i == 0:
            message = f"“{grade.name}”是最高一档，没有更高的可以退下来，下限不起作用"
            yield fault("S-QUOTA", place, message, "请写在较低的等次上", grade.id, warning=True)
        if floor.base == "eligible":
            message = f"“{grade.name}”的下限不能按符合本档的单位计算"
            yield fault("S-QUOTA", f"{place}.base", message, "请改为 ranked", grade.id)
        yield from _against_ceiling(grade, floor, place)
        shares += floor.share or Fraction(0) if not floor.with_above else Fraction(0)
    if shares > 100:
        yield fault("S-CONFLICT", path, f"各档下限合计 {exact_text(shares)}%，超过 100%", "请减少下限")


def _against_ceiling(grade: Grade, floor: Quota, path: str) -> Iterator[Finding]:
    ceiling = grade.quota
    if ceiling is None or floor.with_above:
        return
    by_share = floor.share is not None and ceiling.share is not None and floor.share > ceiling.share
    by_count = floor.count is not None and ceiling.count is not None and floor.count > ceiling.count
    if by_share or by_count:
        message = f"“{grade.name}”的下限比上限还多"
        yield fault("S-CONFLICT", path, message, "上限先于下限，多出的会再往下；请改正", grade.id)


def _check_order(grades: Sequence[Grade], path: str) -> Iterator[Finding]:
    for i, (upper, lower) in enumerate(pairwise(grades)):
        yield from _check_printed_end(upper, lower, f"{path}[{i + 1}].maximum")
        if upper.line is None or lower.line is None:
            continue
        if lower.line > upper.line:
            yield Finding(
                "S-LADDER",
                f"{path}[{i + 1}].line",
                f"“{lower.name}”的线高于“{upper.name}”的线",
                "等次从高到低，线应逐档降低",
                node=lower.id,
            )
        elif lower.line == upper.line and not upper.conditions and upper.quota is None:
            yield Finding(
                "S-UNREACHABLE",
                f"{path}[{i + 1}].line",
                f"“{lower.name}”与“{upper.name}”的线相同，永远用不到",
                "请改线",
                node=lower.id,
            )


def _check_printed_end(upper: Grade, lower: Grade, path: str) -> Iterator[Finding]:
    """The printed upper end of a grade beside the line of the grade above."""
    if lower.maximum is None or upper.line is None or lower.maximum == upper.line:
        return
    low, high = sorted((lower.maximum, upper.line))
    what = "重叠" if lower.maximum > upper.line else "有空档"
    message = f"“{lower.name}”与“{upper.name}”的分数段{what}：{exact_text(low)} 与 {exact_text(high)} 之间"
    step = f"按线计算：达到 {exact_text(upper.line)} 才是“{upper.name}”，其间的分数归“{lower.name}”"
    if lower.maximum > upper.line:
        step = f"按线计算：重叠处归“{upper.name}”"
    yield fault("S-OVERLAP" if lower.maximum > upper.line else "S-GAP", path, message, step, lower.id, warning=True)


def _contradiction(conditions: Sequence[Condition], path: str, name: str, node: str) -> Iterator[Finding]:
    """Two tests of one quantity that can never hold together."""
    for i, first in enumerate(conditions):
        for second in conditions[i + 1 :]:
            plain = not first.alternatives and not second.alternatives
            if plain and first.quantity == second.quantity and _never(first, second):
                yield Finding(
                    "S-CONFLICT", path, f"“{name}”对“{first.quantity}”的两个条件不能同时成立", "请删去一个", node=node
                )


def _never(first: Condition, second: Condition) -> bool:
    low, high = (first, second) if first.test in (">=", ">") else (second, first)
    if low.test in (">=", ">") and high.test in ("<=", "<"):
        return low.value > high.value or (low.value == high.value and (low.test == ">" or high.test == "<"))
    return first.test == second.test == "=" and first.value != second.value


# ---- adjustments


def _check_adjustments(scheme: Scheme) -> Iterator[Finding]:
    grades = [g.id for g in scheme.ladder.grades]
    for i, rule in enumerate(scheme.adjustments):
        path = f"$.adjustments[{i}]"
        yield from _check_trigger(scheme, rule, path)
        if rule.years < 1:
            yield fault("S-ADJUST", f"{path}.years", f"“{rule.name}”的年度数至少为 1", "请改正", rule.id)
        if rule.link and rule.events_of not in ("linked", "linking"):
            message = f"“{rule.name}”写了联系的名称，但看的不是联系的单位的事项"
            yield fault("S-ADJUST", f"{path}.link", message, "请改 events_of，或删去", rule.id, warning=True)
        yield from _check_consequence(rule, path, grades)
        if rule.effect == "remark":
            continue
        if rule.effect == "down":
            yield from _check_steps(rule, path, grades)
        elif rule.grade not in grades:
            yield Finding(
                "S-REFERENCE",
                f"{path}.grade",
                f"“{rule.name}”所指的等次“{rule.grade}”不存在",
                "请写等次的代号",
                node=rule.id,
            )
        else:
            yield from _check_effect(rule, path, grades)
    yield from _check_pairs(scheme.adjustments, grades)


def _check_consequence(rule: Adjustment, path: str, grades: Sequence[str]) -> Iterator[Finding]:
    """``grades``: what only a recorded consequence may look at."""
    if rule.grades and rule.effect != "remark":
        message = f"“{rule.name}”要看调整之后的等次，又要改等次"
        yield fault("S-CIRCLE", f"{path}.grades", message, "grades 只用于 remark；请改用 when", rule.id)
    for grade in rule.grades:
        if grade not in grades:
            message = f"“{rule.name}”所指的等次“{grade}”不存在"
            yield fault("S-REFERENCE", f"{path}.grades", message, "请写等次的代号", rule.id)


def _check_steps(rule: Adjustment, path: str, grades: Sequence[str]) -> Iterator[Finding]:
    if rule.steps < 1:
        yield Finding("S-ADJUST", f"{path}.steps", f"“{rule.name}”降的档数应至少为 1", "请改正", node=rule.id)
    elif rule.steps >= len(grades) > 1:
        message = f"“{rule.name}”降 {rule.steps} 档，等次只有 {len(grades)} 档，总是降到最低"
        step = "请核对档数；就是要定为最低的，可改为 fix"
        yield Finding("S-ADJUST", f"{path}.steps", message, step, Severity.WARNING, rule.id)


def _check_effect(rule: Adjustment, path: str, grades: Sequence[str]) -> Iterator[Finding]:
    if rule.effect == "bar" and rule.grade == grades[-1]:
        yield Finding(
            "S-ADJUST", f"{path}.grade", f"“{rule.name}”封住了最低一档，没有等次可给", "请改为更高的等次", node=rule.id
        )
    if rule.effect == "cap" and rule.grade == grades[0]:
        yield Finding(
            "S-ADJUST", f"{path}.grade", f"“{rule.name}”封顶在最高一档，不起作用", "请改正", Severity.WARNING, rule.id
        )


def _check_trigger(scheme: Scheme, rule: Adjustment, path: str) -> Iterator[Finding]:
    if not rule.events and not rule.when and not rule.grades:
        yield Finding("S-ADJUST", path, f"“{rule.name}”没有写什么情况下起作用", "请写 events 或 when", node=rule.id)
    known = {k.id for k in scheme.event_kinds}
    for kind in rule.events:
        if kind not in known:
            yield Finding(
                "S-REFERENCE", f"{path}.events", f"没有“{kind}”这种事项", "请先在 event_kinds 中写明", node=rule.id
            )
    yield from check_conditions(scheme, rule.when, f"{path}.when", rule.id)
    yield from _contradiction(rule.when, f"{path}.when", rule.name, rule.id)
    if rule.events and rule.events_at_least < 1:
        yield Finding("S-ADJUST", f"{path}.events_at_least", f"“{rule.name}”的件数应至少为 1", "请改正", node=rule.id)


def _check_pairs(rules: Sequence[Adjustment], grades: Sequence[str]) -> Iterator[Finding]:
    """Rules with the same trigger and scope of which one makes the other idle."""
    for i, first in enumerate(rules):
        for j, second in enumerate(rules[i + 1 :], i + 1):
            if "remark" in (first.effect, second.effect) or first.events_of != second.events_of:
                continue
            same = (first.scope, set(first.events), first.when) == (second.scope, set(second.events), second.when)
            if not same or first.grade not in grades or second.grade not in grades:
                continue
            yield Finding(
                "S-CONFLICT",
                f"$.adjustments[{j}]",
                f"“{first.name}”与“{second.name}”在同样的情况下起作用，只有较重的一项有效",
                "请合并，或区分起作用的情况",
                Severity.WARNING,
                second.id,
            )
