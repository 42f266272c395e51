"""Branches of the tree: put in, taken out, moved, doubled, copied out of a scheme and pasted into one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.domain.scheme_editing.paths import Edited, Path, part_path, replaced, value_at
from app.domain.scheme_editing.references import followed, missing_references, names_in, references
from app.domain.schemes import EventKind, Node, Part, Scheme, walk

MEASURES = "$measures"  # where parts go that stand outside the tree (never the id of a part)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for parts: before or after a part, or into a node as its last children (``MEASURES``: among the
    measures)."""

    where: Literal["before", "after", "into"]
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fragment:
    """Branches copied out of a scheme, with the event kinds they name. scheme: the id of the one they come from. Its
    text (files.documents) is what the clipboard holds."""

    format: Literal["slk-fragment"] = "slk-fragment"
    version: Literal[1] = 1
    scheme: str = ""
    parts: tuple[Part, ...]
    event_kinds: tuple[EventKind, ...] = ()


# ---- steps


def insert(scheme: Scheme, parts: Sequence[Part], spot: Spot) -> Edited:
    """New parts at a place; ids that are taken already are made unique. Raises INPUT_BAD, NOT_FOUND."""
    fresh = _unique(scheme, parts)
    now = _put(scheme, fresh, spot)
    return Edited(now, f"加入{_named(fresh)}", tuple(p.id for p in fresh))


def remove(scheme: Scheme, ids: Sequence[str]) -> Edited:
    """Without these parts and what is below them. Raises INPUT_BAD (the root; the last child of a node), NOT_FOUND."""
    parts = topmost(scheme, ids)
    now = _without(scheme, parts)
    gone = missing_references(now)
    if gone:
        before = {(f.node, f.message) for f in missing_references(scheme)}
        gone = tuple(f for f in gone if (f.node, f.message) not in before)
    return Edited(now, f"删除{_named(parts)}", (), gone)


def move(scheme: Scheme, ids: Sequence[str], spot: Spot) -> Edited:
    """The same parts at another place, in the order of the document. Raises INPUT_BAD (a node into itself, the last
    child away from its node), NOT_FOUND."""
    parts = topmost(scheme, ids)
    inside = {below.id for part in parts for below in walk(part)}
    if spot.target in {p.id for p in parts} and spot.where != "into":
        return _beside_itself(scheme, parts, spot)
    if spot.target in inside:
        raise AppError(Fault.INPUT_BAD, "不能把一个节点移到它自己里面。")
    _refuse_place(scheme, parts, spot)
    now = _put(_lifted(scheme, parts, spot), parts, spot)
    return Edited(now, f"移动{_named(parts)}", tuple(p.id for p in parts))


def duplicate(scheme: Scheme, ids: Sequence[str]) -> Edited:
    """A copy of each part behind it, with ids of its own; what refers to parts of the copied branch follows."""
    made: list[str] = []
    now = scheme
    parts = topmost(scheme, ids)
    for part in parts:
        fresh = _unique(now, [replace(part, name=f"{part.name}（副本）")])
        now = _put(now, fresh, Spot("after", part.id))
        made += [p.id for p in fresh]
    return Edited(now, f"复制{_named(parts)}", tuple(made))


def copy(scheme: Scheme, ids: Sequence[str]) -> Fragment:
    """The branches as a value of their own. Raises NOT_FOUND."""
    parts = tuple(topmost(scheme, ids))
    kinds = {name for _, space, name in references(parts) if space == "event_kind"}
    return Fragment(scheme=scheme.id, parts=parts, event_kinds=tuple(k for k in scheme.event_kinds if k.id in kinds))


def paste(scheme: Scheme, fragment: Fragment, spot: Spot) -> Edited:
    """The branches at a place: ids made unique, references inside them follow, event kinds that are missing come along.
    The findings name references that lead nowhere, and kinds that are called alike and are not. Raises INPUT_BAD."""
    known = {k.id: k for k in scheme.event_kinds}
    brought = tuple(k for k in fragment.event_kinds if k.id not in known)
    other = [k for k in fragment.event_kinds if k.id in known and known[k.id] != k]
    wider = replace(scheme, event_kinds=(*scheme.event_kinds, *brought)) if brought else scheme
    fresh = _unique(wider, fragment.parts)
    now = _put(wider, fresh, spot)
    findings = [
        Finding("S-PASTE", "", f"事项种类“{k.name}”一并加入了本方案", "", Severity.NOTE, node=k.id) for k in brought
    ] + [
        Finding(
            "S-PASTE", "", f"本方案已有代号相同而内容不同的事项种类“{known[k.id].name}”，未作改动", "请核对", Severity.WARNING,
            node=k.id,
        )
        for k in other
    ]  # fmt: skip
    for part in fresh:
        findings += missing_references(now, part_path(now, part.id))
    return Edited(now, f"粘贴{_named(fresh)}", tuple(p.id for p in fresh), tuple(findings))


# ---- where things stand


def parent_of(scheme: Scheme, id: str) -> Node | None:
    """The node above a part; none for the root and for measures. Raises NOT_FOUND."""
    path = part_path(scheme, id)
    return cast(Node, value_at(scheme, path[:-2])) if len(path) > 2 else None


def topmost(scheme: Scheme, ids: Iterable[str]) -> list[Part]:
    """These parts in the order of the document, without those that lie below another of them. Raises NOT_FOUND."""
    wanted = set(ids)
    for id in wanted:
        part_path(scheme, id)
    found: list[Part] = []

    def look(part: Part) -> None:
        if part.id in wanted:
            found.append(part)
        elif isinstance(part, Node):
            for child in part.children:
                look(child)

    for top in (scheme.tree, *scheme.measures):
        look(top)
    return found


def _row_and_index(scheme: Scheme, spot: Spot) -> tuple[Path, int]:
    """The list that a spot lies in, and where in it."""
    if spot.target == MEASURES:
        return ("measures",), len(scheme.measures)
    path = part_path(scheme, spot.target)
    if spot.where == "into":
        node = value_at(scheme, path)
        if not isinstance(node, Node):
            raise AppError(Fault.INPUT_BAD, f"“{node.name}”是指标，下面不能再放内容；请放在它的前面或后面。")
        return (*path, "children"), len(node.children)
    if len(path) < 2:
        raise AppError(Fault.INPUT_BAD, "总分的旁边不能放内容；请放到它里面。")
    return path[:-1], cast(int, path[-1]) + (spot.where == "after")


def _refuse_place(scheme: Scheme, parts: Sequence[Part], spot: Spot) -> None:
    row, _ = _row_and_index(scheme, spot)
    if row == ("measures",):
        node = next((p for p in parts if isinstance(p, Node)), None)
        if node is not None:
            raise AppError(Fault.INPUT_BAD, f"“{node.name}”是节点，不能放进“条件用的量”；那里只放指标。")


def _put(scheme: Scheme, parts: Sequence[Part], spot: Spot) -> Scheme:
    if not parts:
        raise AppError(Fault.INPUT_BAD, "没有选择内容。")
    _refuse_place(scheme, parts, spot)
    row, index = _row_and_index(scheme, spot)
    held = value_at(scheme, row)
    return replaced(scheme, row, (*held[:index], *parts, *held[index:]))


def _without(scheme: Scheme, parts: Sequence[Part], emptied: bool = False) -> Scheme:
    """emptied: whether a node may be left without children (they come back in the same step)."""
    gone = {p.id for p in parts}
    if scheme.tree.id in gone:
        raise AppError(Fault.INPUT_BAD, f"“{scheme.tree.name}”是整个方案的总分，不能删除或移动。")

    def thinned(node: Node) -> Node:
        kept = tuple(thinned(c) if isinstance(c, Node) else c for c in node.children if c.id not in gone)
        if not kept and node.children and not emptied:
            raise AppError(Fault.INPUT_BAD, f"“{node.name}”至少要留一个下级；请删除整个“{node.name}”，或先加一个下级。")
        same = len(kept) == len(node.children) and all(a is b for a, b in zip(kept, node.children, strict=True))
        return node if same else replace(node, children=kept)

    measures = tuple(m for m in scheme.measures if m.id not in gone)
    return replace(scheme, tree=thinned(scheme.tree), measures=measures)


def _lifted(scheme: Scheme, parts: Sequence[Part], spot: Spot) -> Scheme:
    """Without the parts that are about to stand somewhere else; within their own node they may be all there is."""
    now = _without(scheme, parts, emptied=True)
    row, _ = _row_and_index(now, spot)
    for part in parts:
        above = parent_of(scheme, part.id)
        if above is not None and row != (*part_path(now, above.id), "children"):
            _without(scheme, [p for p in parts if p.id in {c.id for c in above.children}])
    return now


def _beside_itself(scheme: Scheme, parts: Sequence[Part], spot: Spot) -> Edited:
    """Several parts beside one of themselves: they gather there; one part alone stays where it is."""
    ids = tuple(p.id for p in parts)
    if len(parts) == 1:
        return Edited(scheme, f"移动{_named(parts)}", ids)
    row, index = _row_and_index(scheme, Spot("before", spot.target))
    held = cast(tuple[Part, ...], value_at(scheme, row))
    neighbour = next((p for p in held[index + 1 :] if p.id not in ids), None)
    if neighbour is not None:
        return move(scheme, ids, Spot("before", neighbour.id))
    before = next((p for p in reversed(held[:index]) if p.id not in ids), None)
    if before is not None:
        return move(scheme, ids, Spot("after", before.id))
    above = parent_of(scheme, spot.target)
    return move(scheme, ids, Spot("into", above.id if above else MEASURES))


# ---- names


def fresh_id(wanted: str, taken: set[str]) -> str:
    """The wanted id, or one like it that is not taken yet; it is taken from now on."""
    name = base = wanted.strip().replace("/", "-") or "part"
    if name in taken:
        base, number = re.sub(r"-\d+$", "", base), 2
        while (name := f"{base}-{number}") in taken:
            number += 1
    taken.add(name)
    return name


def _unique(scheme: Scheme, parts: Sequence[Part]) -> list[Part]:
    """The parts with ids that the scheme does not have yet; references among them follow."""
    taken = set(names_in(scheme)["part"])
    names: dict[str, str] = {}
    fresh = [_renamed(part, names, taken) for part in parts]
    changed = {old: new for old, new in names.items() if old != new}
    return [followed(part, {"part": changed}) for part in fresh] if changed else fresh


def _renamed(part: Part, names: dict[str, str], taken: set[str]) -> Part:
    """An id that stands twice in what is put in is followed to its first place only."""
    id = fresh_id(part.id, taken)
    names.setdefault(part.id, id)
    if isinstance(part, Node):
        return replace(part, id=id, children=tuple(_renamed(c, names, taken) for c in part.children))
    return replace(part, id=id)


def _named(parts: Sequence[Part]) -> str:
    first = f"“{parts[0].name}”" if parts else ""
    return first if len(parts) == 1 else f"{first}等 {len(parts)} 项"
