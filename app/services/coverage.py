"""Who rates whom under one scheme: the matrix, its holes and its thin cells. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.facts import Evaluator, Facts, Unit
from app.domain.schemes import Scheme, sheet_items
from app.scoring.membership import Membership, Seat, groups_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ThinCell:
    """A unit and a group with fewer raters than wanted. count 0 is a hole: nobody in this group rates the unit."""

    unit: str
    group: str
    count: int
    needed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """Who rates whom under one scheme. groups[e][u]: ids of the groups in which evaluator e counts for unit u (empty:
    does not rate it), in the order of ``evaluators`` and ``units``; recused: pairs (evaluator, unit) that must not
    score; counts: (unit, group) → raters; holes: cells with nobody; thin: cells with fewer than the gathering asks."""

    scheme: str
    units: tuple[Unit, ...]
    evaluators: tuple[Evaluator, ...]
    group_ids: tuple[str, ...]
    groups: tuple[tuple[tuple[str, ...], ...], ...]
    recused: frozenset[tuple[str, str]]
    counts: dict[tuple[str, str], int]
    holes: tuple[ThinCell, ...]
    thin: tuple[ThinCell, ...]


def coverage_of(scheme: Scheme, facts: Facts, at_least: int = 0) -> Coverage:
    """The matrix of one scheme; only evaluators who rate somebody have a row. at_least: fewer raters than this are too
    few, also where the gatherings ask for less."""
    membership = Membership(facts)
    units = tuple(u for u in membership.units_of(scheme.level) if u.participation != "ceased")
    rows: list[tuple[Evaluator, tuple[tuple[str, ...], ...]]] = []
    recused: set[tuple[str, str]] = set()
    counts: Counter[tuple[str, str]] = Counter()
    for evaluator in sorted(facts.evaluators, key=lambda e: (e.order, e.code)):
        if membership.sits_nowhere(scheme, evaluator):
            continue
        seats = [s for s in membership.seats(scheme, evaluator) if s.unit.participation != "ceased"]
        row = tuple(s.groups for s in seats)
        if any(row):
            rows.append((evaluator, row))
            _count(evaluator, seats, counts, recused)
    needed = {group: max(least, at_least) for group, least in _needed(scheme).items()}
    cells = [
        ThinCell(unit=u.code, group=g, count=counts[u.code, g], needed=n)
        for u in units
        for g, n in needed.items()
        if counts[u.code, g] < n
    ]
    return Coverage(
        scheme=scheme.id,
        units=units,
        evaluators=tuple(e for e, _ in rows),
        group_ids=tuple(needed),
        groups=tuple(row for _, row in rows),
        recused=frozenset(recused),
        counts=dict(counts),
        holes=tuple(c for c in cells if c.count == 0),
        thin=tuple(c for c in cells if c.count > 0),
    )


def _count(
    evaluator: Evaluator, seats: Iterable[Seat], counts: Counter[tuple[str, str]], recused: set[tuple[str, str]]
) -> None:
    for seat in seats:
        code = seat.unit.code
        for group in seat.scoring:
            counts[code, group] += 1
        if seat.groups and not seat.scoring:
            recused.add((evaluator.code, code))


def _needed(scheme: Scheme) -> dict[str, int]:
    """Group → raters wanted: the highest min_marks of the gatherings in which it takes part."""
    found: dict[str, int] = {}
    for item in sheet_items(scheme):
        gathering = item.gathering or scheme.gathering
        shares = [s.group for s in gathering.groups] or [g.id for g in groups_of(scheme)]
        for group in shares:
            found[group] = max(found.get(group, 1), gathering.min_marks)
    order = [g.id for g in groups_of(scheme)]
    return {g: found[g] for g in sorted(found, key=order.index)}
