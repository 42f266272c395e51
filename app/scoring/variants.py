"""Classes of units for which parts have the same points and weights (docs/formats/scheme.md, ``variants``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.domain.facts import Unit
from app.domain.schemes import Node, Part, Scheme, walk
from app.scoring.exact import Integers
from app.scoring.parts import concerns


@dataclass(frozen=True)
class UnitClass:
    """Units (none: all of them) and the parts as they are for these units."""

    where: Integers | None
    parts: dict[str, Part]


def unit_classes(scheme: Scheme, parts: dict[str, Part], units: Sequence[Unit]) -> tuple[UnitClass, ...]:
    """The units by the variants that fit them; one class when no part (``parts``: all of the scheme) has any."""
    varied = [p for p in parts.values() if p.variants]
    if not varied:
        return (UnitClass(None, parts),)
    places: dict[tuple[int, ...], list[int]] = {}
    for place, unit in enumerate(units):
        places.setdefault(tuple(_fitting(p, unit) for p in varied), []).append(place)
    return tuple(_class(scheme, varied, chosen, where) for chosen, where in places.items())


def _fitting(part: Part, unit: Unit) -> int:
    """The first variant that fits; -1 for none."""
    return next((i for i, v in enumerate(part.variants) if concerns(v.applies_to, unit)), -1)


def _class(scheme: Scheme, varied: Sequence[Part], chosen: Sequence[int], where: Sequence[int]) -> UnitClass:
    picked = {p.id: i for p, i in zip(varied, chosen, strict=True)}
    roots = [_own(part, picked) for part in (scheme.tree, *scheme.measures)]
    return UnitClass(np.array(where, dtype=np.int64), {p.id: p for root in roots for p in walk(root)})


def _own(part: Part, picked: dict[str, int]) -> Part:
    """The part with everything below it as it is for one class."""
    if part.variants:
        number = picked[part.id]
        own = part.variants[number] if number >= 0 else None
        points = part.points if own is None or own.points is None else own.points
        weight = part.weight if own is None or own.weight is None else own.weight
        part = replace(part, points=points, weight=weight, variants=())
    if isinstance(part, Node):
        return replace(part, children=tuple(_own(c, picked) for c in part.children))
    return part
