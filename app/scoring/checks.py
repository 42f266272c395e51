"""Is this scheme complete and computable? Every contradiction is a finding that names the part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from app.domain.findings import Finding, Severity
from app.domain.schemes import (
    BUILT_IN_QUANTITIES,
    Item,
    Node,
    Part,
    QuantitySource,
    ResultsSource,
    Scheme,
    full_points,
    walk,
)
from app.scoring.check_gathering import check_groups
from app.scoring.check_items import check_item, check_part
from app.scoring.check_ladder import check_after_tree
from app.scoring.check_places import paths, placed_parts
from app.scoring.check_report import check_report
from app.scoring.check_votes import check_event_kinds, check_votes
from app.scoring.entangled import named_by
from app.scoring.parts import EVERYBODY, maximum_of
from app.scoring.wording import exact_text


def check_scheme(scheme: Scheme, others: Sequence[Scheme] = ()) -> tuple[Finding, ...]:
    """All findings of a scheme, in the order of the document; ``others``: the schemes it may refer to."""
    return (
        *_check_names(scheme),
        *_check_parts(scheme, others),
        *check_groups(scheme),
        *check_votes(scheme),
        *check_event_kinds(scheme),
        *check_after_tree(scheme),
        *check_report(scheme),
        *_check_circles(scheme, others),
    )


def _check_names(scheme: Scheme) -> Iterator[Finding]:
    ladder = scheme.ladder.grades
    lists: dict[str, list[tuple[str, str]]] = {
        "部分": [(path, part.id) for path, part in placed_parts(scheme)],
        "分组": [(f"$.groups[{i}]", g.id) for i, g in enumerate(scheme.groups)],
        "等次": [(f"$.ladder.grades[{i}]", g.id) for i, g in enumerate(ladder)],
        "事项种类": [(f"$.event_kinds[{i}]", k.id) for i, k in enumerate(scheme.event_kinds)],
        "选票规则": [(f"$.validity[{i}]", r.id) for i, r in enumerate(scheme.validity)],
        "降档规则": [(f"$.adjustments[{i}]", a.id) for i, a in enumerate(scheme.adjustments)],
    }
    for word, places in lists.items():
        seen: set[str] = set()
        for path, name in places:
            if name in seen:
                yield Finding("S-DOUBLE", f"{path}.id", f"{word}代号“{name}”用了不止一次", "请换一个代号", node=name)
            seen.add(name)
            if not name.strip() or "/" in name or ":" in name:
                step = "代号不能空，也不能有“/”和“:”"
                yield Finding("S-ID", f"{path}.id", f"{word}代号“{name}”不能用", step, node=name)
    for path, name in lists["部分"]:
        if name in BUILT_IN_QUANTITIES or name == "grade":
            message = f"“{name}”是程序自己的量，不能作部分的代号"
            yield Finding("S-ID", f"{path}.id", message, "请换一个代号", node=name)


def _check_parts(scheme: Scheme, others: Sequence[Scheme]) -> Iterator[Finding]:
    where = paths(scheme)
    for part in [*walk(scheme.tree), *scheme.measures]:
        path = where[part.id]
        yield from _check_limits(part, path)
        yield from check_part(part, path)
        if isinstance(part, Node):
            yield from _check_node(part, path)
        else:
            yield from check_item(scheme, part, path, others)


def _check_limits(part: Part, path: str) -> Iterator[Finding]:
    high = maximum_of(part.limits.maximum, part)
    if part.points is not None and part.points < 0:
        yield Finding("S-POINTS", f"{path}.points", f"“{part.name}”的满分是负数", "请改为正数", node=part.id)
    if part.weight is not None and part.weight < 0:
        yield Finding("S-WEIGHT", f"{path}.weight", f"“{part.name}”的权重是负数", "请改为正数", node=part.id)
    if part.limits.minimum is not None and high is not None and part.limits.minimum > high:
        yield Finding("S-LIMITS", f"{path}.limits", f"“{part.name}”的下限高于上限", "请改正限度", node=part.id)
    if part.limits.maximum == "full" and full_points(part) is None and not _unlimited(part):
        yield Finding(
            "S-NOFULL",
            f"{path}.points",
            f"“{part.name}”没有写满分，上限不起作用",
            "请写满分；确实不限的，把 limits.maximum 写成 null",
            Severity.WARNING,
            part.id,
        )


def _unlimited(part: Part) -> bool:
    """Items that bring their own scale: no full points are to be expected."""
    return isinstance(part, Item) and isinstance(part.source, ResultsSource | QuantitySource)


# ---- nodes


def _check_node(node: Node, path: str) -> Iterator[Finding]:
    counted = [c for c in node.children if not c.on_top]
    if not counted:
        yield Finding(
            "S-EMPTY", f"{path}.children", f"“{node.name}”没有计分的下级", "请加上指标，或删去这一部分", node=node.id
        )
        return
    if node.join in ("weighted", "scaled"):
        yield from _check_weights(node, path, counted)
    if node.join == "sum" and node.points is not None:
        yield from _check_sum(node, path, counted)
    if node.join in ("weighted", "mean", "minimum", "maximum"):
        scales = {full_points(c) for c in counted}
        if len(scales) > 1:
            yield Finding(
                "S-SCALE",
                f"{path}.children",
                f"“{node.name}”的各下级满分不同，直接{'加权' if node.join == 'weighted' else '比较'}不合适",
                "请统一满分，或把合成方式改为 scaled（按得分率折算）",
                Severity.WARNING,
                node.id,
            )
    yield from _check_not_applicable(node, path, counted)


def _check_weights(node: Node, path: str, counted: Sequence[Part]) -> Iterator[Finding]:
    for child in counted:
        if child.weight is None:
            yield Finding("S-WEIGHT", path, f"“{child.name}”没有写权重", "请写上 weight", node=child.id)
    total = sum((c.weight or Fraction(0) for c in counted), Fraction(0))
    if total == 0:
        yield Finding("S-WEIGHT", path, f"“{node.name}”下各部分权重合计为 0", "请写上权重", node=node.id)
    elif node.join == "weighted" and total not in (1, 100):
        yield Finding(
            "S-WEIGHT-SUM",
            path,
            f"“{node.name}”下各部分权重合计 {exact_text(total)}，不是 100",
            "请调整权重；确实按相对数写的可以不改",
            Severity.WARNING,
            node.id,
        )
    elif node.join == "scaled" and node.points is not None and total != node.points:
        yield Finding(
            "S-WEIGHT-SUM",
            path,
            f"“{node.name}”下各部分权重合计 {exact_text(total)}，与满分 {exact_text(node.points)} 不等",
            "请使两者相等",
            Severity.ERROR,
            node.id,
        )
    if node.join == "scaled":
        for child in counted:
            if not full_points(child):
                yield Finding("S-NOFULL", path, f"“{child.name}”没有满分，不能折算", "请写上 points", node=child.id)


def _check_sum(node: Node, path: str, counted: Sequence[Part]) -> Iterator[Finding]:
    known = [full_points(c) for c in counted]
    if any(k is None for k in known):
        return
    total = sum((k for k in known if k is not None), Fraction(0))
    if total != node.points and node.points is not None:
        yield Finding(
            "S-POINTS-SUM",
            path,
            f"“{node.name}”满分 {exact_text(node.points)}，下级满分合计 {exact_text(total)}",
            "请使两者相等",
            node=node.id,
        )


def _check_not_applicable(node: Node, path: str, counted: Sequence[Part]) -> Iterator[Finding]:
    for child in counted:
        may_miss = child.applies_to != EVERYBODY
        if may_miss and child.not_applicable == "block":
            yield Finding(
                "S-NOTAPPLICABLE",
                path,
                f"“{child.name}”只适用于一部分单位，但没有规定不适用时怎样处理",
                "请写 not_applicable：renormalise、mean_of_others、series_mean、full 或 zero",
                node=child.id,
            )
        if child.mean_of != EVERYBODY and child.not_applicable != "series_mean":
            message = f"“{child.name}”写了取谁的平均，但不适用时不取平均"
            step = "请把 not_applicable 改为 series_mean，或删去 mean_of"
            yield Finding("S-NOTAPPLICABLE", path, message, step, Severity.WARNING, node=child.id)
        needs = child.not_applicable in ("renormalise", "mean_of_others", "full")
        if may_miss and needs and node.join == "sum" and any(not full_points(c) for c in counted):
            yield Finding(
                "S-NOFULL", path, f"“{node.name}”的下级没有都写满分，不适用时无法处理", "请补满分", node=node.id
            )


# ---- circles


def _check_circles(scheme: Scheme, others: Sequence[Scheme]) -> Iterator[Finding]:
    below: dict[str, set[str]] = {p.id: _needs(p) for p in [*walk(scheme.tree), *scheme.measures]}
    below["total"] = {scheme.tree.id}
    below["zero_items"] = {p.id for p in walk(scheme.tree) if isinstance(p, Item)}
    where = paths(scheme)
    for name in where:
        if _reaches(name, name, below):
            yield Finding("S-CIRCLE", where[name], f"“{name}”的计算绕回自己", "请去掉循环引用", node=name)
    schemes = {s.id: _lower(s) for s in [*others, scheme]}
    if _reaches(scheme.id, scheme.id, schemes):
        yield Finding("S-CIRCLE", "$", f"方案“{scheme.name}”与别的方案互相引用", "请去掉循环引用", node=scheme.tree.id)


def _needs(part: Part) -> set[str]:
    if isinstance(part, Node):
        return {c.id for c in part.children}
    return set(named_by(part))


def _lower(scheme: Scheme) -> set[str]:
    items = [p for p in [*walk(scheme.tree), *scheme.measures] if isinstance(p, Item)]
    return {i.source.scheme for i in items if isinstance(i.source, ResultsSource) and not i.source.years_ago}


def _reaches(start: str, target: str, edges: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    todo = list(edges.get(start, ()))
    while todo:
        name = todo.pop()
        if name == target:
            return True
        if name not in seen:
            seen.add(name)
            todo.extend(edges.get(name, ()))
    return False
