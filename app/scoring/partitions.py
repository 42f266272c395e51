"""How the units of a level fall into comparable groups (docs/formats/scheme.md, “范围”)."""

from __future__ import annotations

from app.domain.facts import Unit
from app.domain.schemes import Partition

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
