"""Which parts of a scheme do not concern a unit, and why: by an exemption, or by the scheme, here or above. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.domain.facts import Exemption, Unit
from app.domain.schemes import Applies, Node, Part, Scheme, walk
from app.scoring.parts import concerns

Places = Mapping[tuple[str, str], str]  # (unit, part) → why it does not concern the unit


def not_applicable(
    scheme: Scheme, units: Iterable[Unit], exemptions: Sequence[Exemption]
) -> dict[tuple[str, str], str]:
    """Every place of the scheme that is empty on purpose, with its reason; units of other levels are passed over."""
    stated = {(e.unit, e.part): e.reason or "已说明不适用" for e in exemptions if e.scheme == scheme.id}
    found: dict[tuple[str, str], str] = {}
    tops = (scheme.tree, *scheme.measures)
    limited = [p for top in tops for p in walk(top) if p.applies_to != Applies()]
    exempt = {unit for unit, _ in stated}
    for unit in units:
        if unit.level == scheme.level:
            for part in tops if unit.code in exempt else limited:
                if (unit.code, part.id) not in found:  # else one above does not concern the unit either
                    _descend(part, unit, stated, "", found)
    return found


def _descend(part: Part, unit: Unit, stated: Places, above: str, found: dict[tuple[str, str], str]) -> None:
    why = above or stated.get((unit.code, part.id), "") or _by_scheme(part, unit)
    if why:
        found[unit.code, part.id] = why
    if isinstance(part, Node):
        for child in part.children:
            _descend(child, unit, stated, why, found)


def _by_scheme(part: Part, unit: Unit) -> str:
    """The scheme's own words on whom the part concerns; empty: it concerns the unit."""
    wanted = part.applies_to
    if concerns(wanted, unit):
        return ""
    limits = (("系列", wanted.series), ("类别", wanted.kinds), ("标签", wanted.tags))
    said = "，".join(f"{name}为“{'”“'.join(values)}”" for name, values in limits if values)
    return f"方案规定“{part.name}”只适用于{said}的单位"
