"""What the points or weights below a node of the tree come to, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from app.domain.errors import AppError
from app.domain.quantities import number_text
from app.domain.scheme_editing import part_path, shares_of, value_at
from app.domain.schemes import Node, Part, Scheme


@dataclass(frozen=True, slots=True)
class Left:
    """What the children of a node come to."""

    text: str
    good: bool | None  # none: nothing to come to


def left_of(scheme: Scheme, part: Part | None) -> Left:
    """How far the children of a node are from what they have to come to, in the scheme."""
    if not isinstance(part, Node) or part.join not in ("sum", "weighted", "scaled"):
        return Left("", None)
    kind = "points" if part.join == "sum" else "weight"
    try:
        shares = shares_of(scheme, part.id, kind)
    except AppError:
        return Left("", None)
    if shares.open and not shares.given:
        return Left("", None)
    now = part
    if kind == "points":
        now = cast(Node, value_at(scheme, part_path(scheme, part.id)))
    said = number_text(shares.given)
    open_ = f"，{shares.open} 项没有写" if shares.open else ""
    if kind == "points" and now.points is None:
        return Left(f"{said}{open_}", None)
    if shares.left == 0 and not shares.open:
        return Left(f"{said} ✓", True)
    if shares.left == 0:
        return Left(f"{said}{open_}", False)
    rest = f"还差 {number_text(shares.left)}" if shares.left > 0 else f"多 {number_text(-shares.left)}"
    return Left(f"{said}，{rest}", False if kind == "points" or part.join == "scaled" else None)
