"""Points and weights beside each other: what is given, what is left, and spreading it over the chosen ones exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from app.domain.errors import AppError, Fault
from app.domain.scheme_editing.branches import parent_of
from app.domain.scheme_editing.paths import Edited, Path, part_path, replaced, value_at
from app.domain.schemes import Node, Scheme, full_points

GROUPS = "$groups"  # the groups of evaluators as the owner of weights (never the id of a part)
Kind = Literal["points", "weight"]
_HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Share:
    """What one of them has. given: as stated (None: nothing); counts: what it counts for (full points of a node that
    states none)."""

    id: str
    name: str
    given: Fraction | None
    counts: Fraction | None


@dataclass(frozen=True, slots=True)
class Shares:
    """Points or weights of the children of a node (or of the groups). given: what they count for together; open: how
    many have none; target: what they have to come to; left: target − given (below 0: too much)."""

    owner: str
    kind: Kind
    rows: tuple[Share, ...]
    given: Fraction
    open: int
    target: Fraction
    left: Fraction


def shares_of(scheme: Scheme, owner: str, kind: Kind) -> Shares:
    """owner: the id of a node, or ``GROUPS``. Target: the points of the node where they are a sum of the children's
    (scaled weights too), else 100; weights that are parts of one (0.3, 0.7) go up to 1. Children on top are left out.
    Raises NOT_FOUND."""
    if owner == GROUPS:
        rows = tuple(Share(g.id, g.name, g.weight, g.weight) for g in scheme.groups)
        return _shares(owner, "weight", rows, None)
    node = _node(scheme, owner)
    rows = tuple(
        Share(c.id, c.name, getattr(c, kind), full_points(c) if kind == "points" else c.weight)
        for c in node.children
        if not c.on_top
    )
    target = node.points if kind == "points" or node.join == "scaled" else None
    return _shares(owner, kind, rows, target)


def _shares(owner: str, kind: Kind, rows: tuple[Share, ...], target: Fraction | None) -> Shares:
    known = [r.counts for r in rows if r.counts is not None]
    given = sum(known, Fraction(0))
    if target is None:
        fractions = kind == "weight" and known and all(k <= 1 for k in known) and any(k.denominator > 1 for k in known)
        target = Fraction(1) if fractions else _HUNDRED
    return Shares(owner, kind, rows, given, len(rows) - len(known), target, target - given)


def spread(
    scheme: Scheme,
    owner: str,
    kind: Kind,
    ids: Sequence[str] = (),
    *,
    way: Literal["even", "proportion"] = "even",
    total: Fraction | None = None,
    step: Fraction = Fraction(1),
) -> Edited:
    """Give the chosen ones (none: all) what is left for them, or ``total``: evenly, or in proportion to what they have.
    Each gets whole steps, the last one also what is over. Raises INPUT_BAD when there is nothing to give, when a step
    is too large for it, or when proportions are wanted and one has nothing; NOT_FOUND."""
    shares = shares_of(scheme, owner, kind)
    chosen = [r for r in shares.rows if not ids or r.id in ids]
    unknown = set(ids) - {r.id for r in chosen}
    if unknown or not chosen:
        raise AppError(Fault.NOT_FOUND, f"没有可以分配的项目：{'、'.join(sorted(unknown)) or shares.owner}。")
    if total is None:
        total = shares.target - sum((r.counts or Fraction(0) for r in shares.rows if r not in chosen), Fraction(0))
    parts = even(total, len(chosen), step) if way == "even" else proportional(total, [r.counts for r in chosen], step)
    now = scheme
    for row, part in zip(chosen, parts, strict=True):
        now = replaced(now, (*_place(now, owner, row.id), kind), part)
    word = "权重" if kind == "weight" else "满分"
    return Edited(now, f"{'平均' if way == 'even' else '按比例'}分配{word}", tuple(r.id for r in chosen))


def even(total: Fraction, count: int, step: Fraction) -> list[Fraction]:
    """The total in ``count`` parts of whole steps, the last one with what is over. Raises INPUT_BAD."""
    return proportional(total, [Fraction(1)] * count, step)


def proportional(total: Fraction, given: Sequence[Fraction | None], step: Fraction) -> list[Fraction]:
    """The total in proportion, each part but the last rounded down to whole steps. Raises INPUT_BAD."""
    if total <= 0:
        raise AppError(Fault.INPUT_BAD, "没有剩余的分值可以分配。")
    if step <= 0:
        raise AppError(Fault.INPUT_BAD, "步长要大于 0。")
    known = [g for g in given if g is not None and g > 0]
    if len(known) < len(given):
        raise AppError(Fault.INPUT_BAD, "有的项目还没有数，不能按比例分配；请先填写，或改为平均分配。")
    whole = sum(known, Fraction(0))
    parts = [total * g / whole // step * step for g in known[:-1]]
    if any(p == 0 for p in parts):
        raise AppError(Fault.INPUT_BAD, "分不开：有的项目连一个步长都分不到，请改用更小的步长。")
    return [*map(Fraction, parts), total - sum(parts, Fraction(0))]


def _node(scheme: Scheme, id: str) -> Node:
    found: Any = value_at(scheme, part_path(scheme, id))
    if not isinstance(found, Node):
        raise AppError(Fault.NOT_FOUND, f"“{found.name}”是指标，下面没有项目。")
    return found


def _place(scheme: Scheme, owner: str, id: str) -> Path:
    if owner == GROUPS:
        return ("groups", next(n for n, g in enumerate(scheme.groups) if g.id == id))
    above = parent_of(scheme, id)
    assert above is not None and above.id == owner
    return part_path(scheme, id)
