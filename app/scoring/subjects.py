"""Which other subjects a unit stands to: those below, above, linked to it or linking to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.facts import Unit
from app.domain.schemes import Subjects


def others_of(units: Sequence[Unit], of: Subjects, link: str = "") -> Callable[[Unit], tuple[str, ...]]:
    """For a unit, the codes of the subjects meant, in official order; ``link``: only links of this name."""
    if of == "own":
        return lambda unit: (unit.code,)
    if of == "parent":
        return lambda unit: (unit.parent,) if unit.parent else ()
    if of == "linked":
        return lambda unit: tuple(dict.fromkeys(t.unit for t in unit.links if not link or t.name == link))
    found: dict[str, list[str]] = {}
    for other in sorted(units, key=lambda u: (u.order, u.code)):
        ends = [other.parent] if of == "children" else [t.unit for t in other.links if not link or t.name == link]
        for end in dict.fromkeys(ends):
            found.setdefault(end, []).append(other.code)
    return lambda unit: tuple(found.get(unit.code, ()))
