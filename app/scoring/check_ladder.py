"""The check of what comes after the tree: rounding, ranking, ladder, quotas, adjustments that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from app.domain.findings import Finding, Severity
from app.domain.schemes import BUILT_IN_QUANTITIES, Adjustment, Condition, Grade, Item, Node, Scheme, full_points, walk
from app.scoring.wording import exact_text


def check_after_tree(scheme: Scheme) -> Iterator[Finding]:
    """Findings about rounding, ranking, ladder and adjustments."""
    yield from _check_rounding(scheme)
    for i, tie in enumerate(scheme.ranking.ties):
        if tie.quantity == "rank" or (tie.quantity == "total" and scheme.ranking.on == "exact"):
            yield Finding("S-TIES", f"$.ranking.ties[{i}]", f"并列时不能再比“{tie.quantity}”", "请用其他的量")
        yield from _check_quantity(scheme, tie.quantity, f"$.ranking.ties[{i}].quantity")
    yield from _check_ladder(scheme)
    yield from _check_adjustments(scheme)


def _known(scheme: Scheme) -> set[str]:
    return {p.id for p in walk(scheme.tree)} | {m.id for m in scheme.measures} | set(BUILT_IN_QUANTITIES)


def _check_quantity(scheme: Scheme, quantity: str, path: str) -> Iterator[Finding]:
    if quantity not in _known(scheme):
        yield Finding("S-REFERENCE", path, f"没有“{quantity}”这个量", "请写部分的代号、measures 的代号或 total")


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
    for j, condition in enumerate(grade.conditions):
        yield from _check_quantity(scheme, condition.quantity, f"{path}.conditions[{j}].quantity")
    yield from _contradiction(grade.conditions, f"{path}.conditions", grade.name, grade.id)
    if grade.quota is not None:
        yield from _check_quota(grade, path)


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


def _check_quota(grade: Grade, path: str) -> Iterator[Finding]:
    quota = grade.quota
    if quota is None:
        return
    if (quota.share is None) == (quota.count is None):
        yield Finding(
            "S-QUOTA", f"{path}.quota", f"“{grade.name}”的名额应写 share 或 count，且只写一个", "请改正", node=grade.id
        )
    if quota.share is not None and not 0 <= quota.share <= 100:
        yield Finding(
            "S-QUOTA",
            f"{path}.quota.share",
            f"“{grade.name}”的名额比例应在 0 至 100 之间",
            "请按百分数写，例如 30",
            node=grade.id,
        )
    if quota.share is not None and 0 < quota.share < 1:
        yield Finding(
            "S-QUOTA",
            f"{path}.quota.share",
            f"“{grade.name}”的名额比例不到 1%",
            "比例按百分数写：30% 写 30，不写 0.3",
            Severity.WARNING,
            grade.id,
        )
    if (quota.count is not None and quota.count < 0) or quota.at_least < 0:
        yield Finding("S-QUOTA", f"{path}.quota", f"“{grade.name}”的名额不能是负数", "请改正", node=grade.id)


def _check_order(grades: Sequence[Grade], path: str) -> Iterator[Finding]:
    for i, (upper, lower) in enumerate(pairwise(grades)):
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


def _contradiction(conditions: Sequence[Condition], path: str, name: str, node: str) -> Iterator[Finding]:
    """Two tests of one quantity that can never hold together."""
    for i, first in enumerate(conditions):
        for second in conditions[i + 1 :]:
            if first.quantity == second.quantity and _never(first, second):
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
    if not rule.events and not rule.when:
        yield Finding("S-ADJUST", path, f"“{rule.name}”没有写什么情况下起作用", "请写 events 或 when", node=rule.id)
    known = {k.id for k in scheme.event_kinds}
    for kind in rule.events:
        if kind not in known:
            yield Finding(
                "S-REFERENCE", f"{path}.events", f"没有“{kind}”这种事项", "请先在 event_kinds 中写明", node=rule.id
            )
    for j, condition in enumerate(rule.when):
        yield from _check_quantity(scheme, condition.quantity, f"{path}.when[{j}].quantity")
    yield from _contradiction(rule.when, f"{path}.when", rule.name, rule.id)
    if rule.events and rule.events_at_least < 1:
        yield Finding("S-ADJUST", f"{path}.events_at_least", f"“{rule.name}”的件数应至少为 1", "请改正", node=rule.id)


def _check_pairs(rules: Sequence[Adjustment], grades: Sequence[str]) -> Iterator[Finding]:
    """Rules with the same trigger and scope of which one makes the other idle."""
    for i, first in enumerate(rules):
        for j, second in enumerate(rules[i + 1 :], i + 1):
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
