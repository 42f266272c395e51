"""Which groups take part in a gathering for which units, and with what weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.domain.facts import Unit
from app.domain.schemes import Gathering, GroupShare, Item, Node, Scheme
from app.scoring.exact import Integers
from app.scoring.membership import groups_of
from app.scoring.parts import EVERYBODY, concerns


@dataclass(frozen=True, slots=True)
class Sharing:
    """The groups of a gathering in their order, and for each the line that counts for these units (None: the group
    does not take part, it only may stand in for a missing one)."""

    groups: tuple[str, ...]
    shares: tuple[GroupShare | None, ...]
    missing_group: Literal["block", "zero", "renormalise", "use"]
    use: str
    by_count: bool


def gathering_of(scheme: Scheme, part: Item | Node) -> Gathering:
    """The part's own gathering or the scheme's."""
    return part.gathering or scheme.gathering


def lines_of(scheme: Scheme, gathering: Gathering) -> tuple[GroupShare, ...]:
    """The lines of a gathering; without any, one for each group of the scheme."""
    return gathering.groups or tuple(GroupShare(group=g.id, weight=g.weight) for g in groups_of(scheme))


def groups_in(scheme: Scheme, gathering: Gathering) -> tuple[str, ...]:
    """Ids of the groups that are gathered, in order; last one that only stands in for missing ones. Groups that the
    scheme does not have are left aside."""
    known = {g.id for g in groups_of(scheme)}
    ids = [line.group for line in lines_of(scheme, gathering)]
    if gathering.missing_group == "use":
        ids.append(gathering.use)
    return tuple(g for g in dict.fromkeys(ids) if g in known)


def sharing_of(scheme: Scheme, gathering: Gathering, unit: Unit | None = None) -> Sharing:
    """How the groups share for one unit (none: for any, when no line is limited to some units)."""
    fitting: dict[str, GroupShare] = {}
    for line in lines_of(scheme, gathering):
        if unit is None or line.applies_to == EVERYBODY or concerns(line.applies_to, unit):
            fitting.setdefault(line.group, line)
    groups = groups_in(scheme, gathering)
    by_count = gathering.weighting == "counted"
    return Sharing(groups, tuple(fitting.get(g) for g in groups), gathering.missing_group, gathering.use, by_count)


def sharings(
    scheme: Scheme, gathering: Gathering, units: Sequence[Unit]
) -> tuple[tuple[Integers | None, Sharing], ...]:
    """The units (none: all of them) by the way the groups share for them."""
    if all(line.applies_to == EVERYBODY for line in gathering.groups):
        return ((None, sharing_of(scheme, gathering)),)
    rules = list(dict.fromkeys(line.applies_to for line in gathering.groups))
    found: dict[tuple[bool, ...], list[int]] = {}
    for place, unit in enumerate(units):
        found.setdefault(tuple(concerns(rule, unit) for rule in rules), []).append(place)
    return tuple(
        (np.array(where, dtype=np.int64), sharing_of(scheme, gathering, units[where[0]])) for where in found.values()
    )
