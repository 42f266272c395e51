"""Who rates whom: cells changed by hand, laid over what the scheme's groups and the register say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.facts import Assignment, Evaluator, Facts, HandChange
from app.domain.schemes import Scheme
from app.scoring.membership import Membership, groups_of


def with_hand_changes(facts: Facts, changes: Sequence[HandChange], schemes: Iterable[Scheme]) -> Facts:
    """The facts as the engine is told them: each evaluator with changes gets lines of assignment that say the same as
    the rule but for the changed cells, worked out anew whenever units, rules or changes move. A change that names only
    groups the scheme no longer has is left out."""
    if not changes:
        return facts
    people = {e.code: e for e in facts.evaluators}
    membership = Membership(facts)
    lines: dict[tuple[str, str], list[Assignment]] = {}
    for scheme in schemes:
        for code, mine in _by_evaluator(standing(changes, scheme)).items():
            if code in people:
                lines[code, scheme.id] = _lines(scheme, membership, people[code], mine)
    kept = (a for a in facts.assignments if (a.evaluator, a.scheme) not in lines)
    return replace(facts, assignments=(*kept, *(line for made in lines.values() for line in made)))


def standing(changes: Iterable[HandChange], scheme: Scheme) -> tuple[HandChange, ...]:
    """The changes that act under the scheme, without groups that it no longer has."""
    known = {g.id for g in groups_of(scheme)}
    mine = (c for c in changes if c.scheme == scheme.id)
    cut = ((c, tuple(g for g in c.groups if g in known)) for c in mine)
    return tuple(replace(c, groups=groups) for c, groups in cut if groups or not c.groups)


def _by_evaluator(changes: Iterable[HandChange]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Evaluator → unit → groups."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for change in changes:
        found.setdefault(change.evaluator, {})[change.unit] = change.groups
    return found


def _lines(
    scheme: Scheme, membership: Membership, evaluator: Evaluator, changed: dict[str, tuple[str, ...]]
) -> list[Assignment]:
    by_groups: dict[tuple[str, ...], list[str]] = {}
    for seat in membership.seats(scheme, evaluator):
        groups = changed.get(seat.unit.code, seat.groups)
        if groups:
            by_groups.setdefault(groups, []).append(seat.unit.code)
    made = [
        Assignment(evaluator=evaluator.code, scheme=scheme.id, units=tuple(units), group=group)
        for groups, units in by_groups.items()
        for group in groups
    ]
    # Without any line the rule would count; a line without units says: rates nobody.
    return made or [Assignment(evaluator=evaluator.code, scheme=scheme.id, units=())]
