"""The scheme as an outline: what the tree shows and what the property pane says about each line. No widgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from app.domain import ladder_sentences as after_tree
from app.domain.schemes import Node, Part, Scheme, full_points
from app.ui import words

Lines = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the tree. key: stable, for finding it again; part: the part that can be edited, if it is one."""

    key: str
    title: str
    points: str
    weight: str
    kind: str
    settings: Lines
    part: Part | None = None
    children: tuple[Line, ...] = ()


def outline(scheme: Scheme) -> tuple[Line, ...]:
    """The whole scheme, section by section."""
    sections = [
        _part(scheme.tree, scheme),
        _section("measures", "条件用的量（不计入总分）", (_part(m, scheme) for m in scheme.measures)),
        _section("groups", "评议人分组", (_group(scheme, i) for i in range(len(scheme.groups)))),
        _general(scheme),
        _section("grades", "等次", _grades(scheme)),
        _section("kinds", "事项种类", _kinds(scheme)),
        _section("adjustments", "等次调整", _adjustments(scheme)),
    ]
    return tuple(s for s in sections if s is not None)


def _part(part: Part, scheme: Scheme) -> Line:
    children = tuple(_part(c, scheme) for c in part.children) if isinstance(part, Node) else ()
    full = full_points(part)
    return Line(
        key=f"part:{part.id}",
        title=part.name,
        points=words.number(full, ""),
        weight=words.number(part.weight, ""),
        kind=("另加 · " if part.on_top else "") + words.short_source(part),
        settings=words.part_lines(part, scheme),
        part=part,
        children=children,
    )


def _section(key: str, title: str, lines: Iterable[Line], settings: Lines | None = None) -> Line | None:
    children = tuple(lines)
    if not children:
        return None
    return Line(key, title, "", "", f"{len(children)} 项", settings or [], None, children)


def _group(scheme: Scheme, place: int) -> Line:
    group = scheme.groups[place]
    return Line(
        f"group:{group.id}", group.name, "", words.number(group.weight), "评议组", [("成员", words.group(group))]
    )


def _general(scheme: Scheme) -> Line:
    names, stages = words.names_of(scheme), scheme.rounding
    kept = [("各组", stages.group), ("指标", stages.item), ("节点", stages.node), ("总分", stages.total)]
    rounded = [(f"{name}取舍", words.rounding(one)) for name, one in kept if one is not None]
    settings = [
        *words.ranking_lines(scheme.ranking, names),
        *(rounded or [("计算中", "全程精确，不取舍")]),
        ("显示", words.rounding(stages.shown)),
        *((f"汇集 · {name}", text) for name, text in words.gathering(scheme.gathering, scheme)),
    ]
    return Line("general", "排名、取舍和汇集", "", "", "通用规则", settings)


def _grades(scheme: Scheme) -> Iterable[Line]:
    names = words.names_of(scheme)
    for grade in scheme.ladder.grades:
        kind = f"{words.number(grade.line)} 分以上" if grade.line is not None else ""
        if grade.quota is not None:
            kind += " · 限名额"
        yield Line(f"grade:{grade.id}", grade.name, "", "", kind, words.grade_lines(grade, names))


def _kinds(scheme: Scheme) -> Iterable[Line]:
    for kind in scheme.event_kinds:
        text = after_tree.event_kind(kind)
        settings = [("计分", text)] + ([("说明", kind.note)] if kind.note else [])
        yield Line(f"kind:{kind.id}", kind.name, "", "", text, settings)


def _adjustments(scheme: Scheme) -> Iterable[Line]:
    grades = {grade.id: grade.name for grade in scheme.ladder.grades}
    for one in scheme.adjustments:
        settings = [*words.adjustment_lines(one, scheme), ("同时多项降档", words.stacking(scheme.stacking))]
        yield Line(f"adjustment:{one.id}", one.name, "", "", words.effect(one, grades), settings)


def parent_of(scheme: Scheme, part: str) -> Node | None:
    """The node above a part; none for the root, a measure, an unknown part."""

    def below(node: Node) -> Node | None:
        for child in node.children:
            if child.id == part:
                return node
            if isinstance(child, Node) and (found := below(child)) is not None:
                return found
        return None

    return below(scheme.tree)


def sums(scheme: Scheme, part: Part, points: Fraction | None, weight: Fraction | None) -> list[tuple[str, bool]]:
    """What the points and weights around a part add up to while it is edited: (sentence, whether it is right)."""
    said: list[tuple[str, bool]] = []
    parent = parent_of(scheme, part.id)
    if parent is not None and parent.join == "sum" and not part.on_top:
        others = [full_points(c) for c in parent.children if not c.on_top and c.id != part.id]
        said += _against("同级满分合计", [*others, points], "上级满分", parent.points)
    if isinstance(part, Node) and part.join == "sum":
        said += _against("下级满分合计", [full_points(c) for c in part.children if not c.on_top], "本级满分", points)
    if parent is not None and parent.join in ("weighted", "scaled") and not part.on_top:
        others = [c.weight for c in parent.children if not c.on_top and c.id != part.id]
        total = sum((w for w in [*others, weight] if w is not None), Fraction(0))
        if parent.join == "scaled":
            said += _against("同级权重合计", [*others, weight], "上级满分", parent.points)
        else:
            said.append((f"同级权重合计 {words.number(total)}", True))
    return said


def _against(
    name: str, values: list[Fraction | None], limit_name: str, limit: Fraction | None
) -> list[tuple[str, bool]]:
    known = [v for v in values if v is not None]
    total = sum(known, Fraction(0))
    if len(known) < len(values):
        return [(f"{name} {words.number(total)}，另有 {len(values) - len(known)} 项没有写", False)]
    if limit is None:
        return [(f"{name} {words.number(total)}", True)]
    left = limit - total
    rest = "正好" if left == 0 else f"还差 {words.number(left)}" if left > 0 else f"超出 {words.number(-left)}"
    return [(f"{name} {words.number(total)}，{limit_name} {words.number(limit)}，{rest}", left == 0)]
