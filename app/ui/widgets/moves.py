"""How a unit that stands differently is told in one line."""

from __future__ import annotations

from fractions import Fraction

from app.domain.schemes import Rounding, Scheme
from app.services.comparison import ResultChange
from app.services.figures import shown
from app.ui.widgets.chips import grade_name


def moved_text(move: ResultChange, scheme: Scheme | None) -> str:
    """``组织部：总分 92.50 → 92.75，名次 3 → 2``; only what differs."""
    said: list[str] = []
    if move.total_before != move.total_after:
        said.append(f"总分 {_total(move.total_before, scheme)} → {_total(move.total_after, scheme)}")
    if move.rank_before != move.rank_after:
        said.append(f"名次 {move.rank_before or '无'} → {move.rank_after or '无'}")
    if move.grade_before != move.grade_after:
        before, after = (grade_name(scheme, grade) or "无" for grade in (move.grade_before, move.grade_after))
        said.append(f"等次 {before} → {after}")
    return f"{move.name}：{'，'.join(said)}"


def _total(value: Fraction | None, scheme: Scheme | None) -> str:
    return "无" if value is None else shown(value, scheme.rounding.shown if scheme else Rounding())
