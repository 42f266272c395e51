"""How the units of a level fall into comparable groups (docs/formats/scheme.md, “范围”)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.facts import Unit
from app.domain.schemes import Partition
from app.scoring.parts import takes_part

_TAG = "tag:"


def partition_of(unit: Unit, within: Partition) -> str:
    """The name of the unit's group. Units without the tag of a ``tag:KEY`` form one group, whose name is empty."""
    if within == "series":
        return unit.series
    if within == "kind":
        return unit.kind
    if within == "parent":
        return unit.parent
    if within.startswith(_TAG):
        key = within.removeprefix(_TAG) + "="
        return next((tag.removeprefix(key) for tag in unit.tags if tag.startswith(key)), "")
    return ""


def is_partition(within: str) -> bool:
    """Whether this is a way of grouping at all."""
    return within in ("series", "kind", "parent", "level") or (within.startswith(_TAG) and len(within) > len(_TAG))


def partition_text(unit: Unit, within: Partition) -> str:
    """What the unit's group is called."""
    name = partition_of(unit, within)
    if within == "series":
        return "同系列" if not name else f"“{name}”" if name.endswith("系列") else f"“{name}”系列"
    if within == "parent":
        return "同一上级的单位"
    if within == "kind":
        return "同类别单位"
    return f"“{within.removeprefix(_TAG)}={name}”的单位" if within.startswith(_TAG) else "全层级"


class Entrants(NamedTuple):
    """The units of one group by what they enter for: places of all, of those to be ranked, of those listed apart, and
    of all that take part."""

    name: str
    places: tuple[int, ...]
    ranked: tuple[int, ...]
    apart: tuple[int, ...]
    taking_part: tuple[int, ...]


def entrants(units: Sequence[Unit], within: Partition) -> tuple[Entrants, ...]:
    """Every group, in the official order of its first unit."""
    names: dict[str, list[int]] = {}
    for place, unit in enumerate(units):
        names.setdefault(partition_of(unit, within), []).append(place)
    return tuple(
        Entrants(
            name,
            tuple(places),
            tuple(p for p in places if units[p].participation == "ranked"),
            tuple(p for p in places if units[p].participation == "listed_apart"),
            tuple(p for p in places if takes_part(units[p])),
        )
        for name, places in names.items()
    )
