"""The check of a scheme's groups and gatherings: unknown groups, weights, trimming that leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from app.domain.findings import Finding, Severity
from app.domain.schemes import Gathering, Item, MarksSource, Node, Scheme, VotesSource, items_of, walk
from app.scoring.check_places import fault, paths
from app.scoring.wording import exact_text


def check_groups(scheme: Scheme) -> Iterator[Finding]:
    """Findings about groups, their weights and every gathering."""
    for i, group in enumerate(scheme.groups):
        if group.weight < 0:
            yield Finding(
                "S-WEIGHT", f"$.groups[{i}].weight", f"“{group.name}”的权重是负数", "请改为正数", node=group.id
            )
    rated = [i for i in items_of(scheme) if isinstance(i.source, MarksSource | VotesSource)]
    total = sum((g.weight for g in scheme.groups), Fraction(0))
    plain = any(not (i.gathering or scheme.gathering).groups for i in rated)
    if scheme.groups and plain and total <= 0:
        yield Finding("S-WEIGHT", "$.groups", "各组权重合计为 0", "请写上权重")
    elif scheme.groups and plain and total not in (1, 100) and len(scheme.groups) > 1:
        yield Finding(
            "S-WEIGHT-SUM",
            "$.groups",
            f"各组权重合计 {exact_text(total)}，不是 100",
            "请调整权重；确实按相对数写的可以不改",
            Severity.WARNING,
        )
    yield from _check_gathering(scheme, scheme.gathering, "$.gathering", "")
    where = paths(scheme)
    for item in items_of(scheme):
        if item.gathering is not None:
            yield from _check_gathering(scheme, item.gathering, f"{where[item.id]}.gathering", item.id)
    for node in (p for p in walk(scheme.tree) if isinstance(p, Node) and p.gathering is not None):
        yield from _check_node_first(scheme, node, f"{where[node.id]}.gathering")
    yield from _check_empty_groups(scheme)


def _check_gathering(scheme: Scheme, gathering: Gathering, path: str, node: str) -> Iterator[Finding]:
    known = {g.id for g in scheme.groups}
    for i, share in enumerate(gathering.groups):
        if share.group not in known:
            yield Finding(
                "S-REFERENCE", f"{path}.groups[{i}].group", f"没有“{share.group}”这个组", "请改正代号", node=node
            )
        if share.weight < 0:
            yield Finding(
                "S-WEIGHT", f"{path}.groups[{i}].weight", f"“{share.group}”的权重是负数", "请改为正数", node=node
            )
    if gathering.groups and sum(s.weight for s in gathering.groups) == 0:
        yield Finding("S-WEIGHT", path, "各组权重合计为 0", "请写上权重", node=node)
    if gathering.missing_group == "use" and gathering.use not in known:
        yield Finding("S-REFERENCE", path, f"代替缺组的“{gathering.use}”不存在", "请写 use", node=node)
    within = gathering.within
    if within.method == "trimmed" and not within.high and not within.low:
        yield Finding(
            "S-TRIM", path, "写了去高低分，但去掉的个数是 0", "请写 high、low，或改为 mean", Severity.WARNING, node
        )
    if within.method == "trimmed" and 0 < within.above < within.high + within.low:
        message = f"写的是多于 {within.above} 个才去掉，但去掉 {within.high + within.low} 个要有更多；不够时取平均"
        step = f"请把 above 改为至少 {within.high + within.low}"
        yield Finding("S-TRIM", path, message, step, Severity.WARNING, node)
    if within.method != "trimmed" and (within.high or within.low):
        yield Finding(
            "S-TRIM", path, "写了去掉的个数，但方法不是 trimmed，不起作用", "请改为 trimmed", Severity.WARNING, node
        )
    if min(within.high, within.low, within.above) < 0 or gathering.min_marks < 1:
        yield Finding("S-TRIM", path, "个数不能是负数，min_marks 至少为 1", "请改正", node=node)


def _check_empty_groups(scheme: Scheme) -> Iterator[Finding]:
    for i, group in enumerate(scheme.groups):
        if group.relations and set(group.relations) <= set(group.recused):
            yield Finding(
                "S-NORATER",
                f"$.groups[{i}]",
                f"“{group.name}”的成员全部要回避，没有人能评",
                "请改关系或回避的规定",
                node=group.id,
            )


def _check_node_first(scheme: Scheme, node: Node, path: str) -> Iterator[Finding]:
    """A node whose raters' marks are joined before they are gathered."""
    if node.gathering is not None:
        yield from _check_gathering(scheme, node.gathering, path, node.id)
    for part in walk(node)[1:]:
        if isinstance(part, Item) and not isinstance(part.source, MarksSource):
            message = f"“{node.name}”先合后汇，但“{part.name}”不是评分表上的分数"
            yield fault("S-GATHERING", path, message, "请把它移出去，或去掉本节点的 gathering", node.id)
        if isinstance(part, Node) and part.gathering is not None:
            message = f"“{node.name}”已先合后汇，下面的“{part.name}”不能再写"
            yield fault("S-GATHERING", path, message, "请只留一处", node.id)
        if part.not_applicable == "series_mean":
            message = f"“{node.name}”先合后汇，“{part.name}”不适用时不能取同系列的平均"
            yield fault("S-GATHERING", path, message, "请改 not_applicable", node.id)
