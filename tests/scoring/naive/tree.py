"""How the parts of a node become one value, and which parts concern a unit."""

from __future__ import annotations

from fractions import Fraction

from tests.scoring.naive.arithmetic import NA, NONE, has_value, rounded, within_limits


def concerns(world, scheme, part, unit):
    """Whether the part itself applies to the unit."""
    if any((x.scheme, x.unit, x.part) == (scheme.id, unit.code, part.id) for x in world.facts.exemptions):
        return False
    rule = part.applies_to
    return (
        (not rule.series or unit.series in rule.series)
        and (not rule.kinds or unit.kind in rule.kinds)
        and (not rule.tags or any(t in rule.tags for t in unit.tags))
    )


def full(part):
    """Full points: stated, or after the join."""
    if part.points is not None or part.kind == "item":
        return part.points
    below = [c for c in part.children if not c.on_top]
    if part.join in ("sum", "scaled"):
        known = [full(c) if part.join == "sum" else c.weight for c in below]
        return None if None in known else sum(known, Fraction(0))
    return full(below[0])


def node_value(scheme, node, value_of):
    """The node's quantity; ``value_of(child)`` gives the children's."""
    values = {c.id: value_of(c) for c in node.children}
    if NONE in values.values():
        return NONE
    counted = [c for c in node.children if not c.on_top]
    if all(values[c.id] == NA for c in counted):
        return NA
    value = joined(node, counted, values)
    if value == NONE:
        return NONE
    value += sum((values[c.id] for c in node.children if c.on_top and has_value(values[c.id])), Fraction(0))
    value = within_limits(value, node.limits, full(node))
    return rounded(value, node.rounding or scheme.rounding.node)


def joined(node, counted, values):
    """The counted parts made one, holes filled first."""
    applicable = [c for c in counted if has_value(values[c.id])]
    filled = {c.id: values[c.id] for c in applicable}
    for part in counted:
        if values[part.id] != NA or part.not_applicable == "renormalise":
            continue
        if part.not_applicable == "block":
            return NONE
        filled[part.id] = filling(node, part, applicable, values)
        if filled[part.id] is None:
            return NONE
    here = [c for c in counted if c.id in filled]
    if node.join == "minimum":
        return min(filled.values())
    if node.join == "mean":
        return sum(filled.values()) / len(filled)
    if node.join == "weighted":
        weight = sum(c.weight for c in here)
        return sum(filled[c.id] * c.weight for c in here) / weight if weight else NONE
    if node.join == "scaled":
        weight = sum(c.weight for c in here)
        if not weight or not all(full(c) for c in counted):
            return NONE
        return sum(filled[c.id] / full(c) * c.weight for c in here) * sum(c.weight for c in counted) / weight
    total = sum(filled.values())
    if len(here) == len(counted):
        return total
    if any(full(c) is None for c in counted) or not sum(full(c) for c in here):
        return NONE
    return total * sum(full(c) for c in counted) / sum(full(c) for c in here)


def filling(node, part, applicable, values):
    """What stands in for a part that does not apply (None: cannot be said)."""
    if part.not_applicable == "full":
        return full(part)
    if part.not_applicable == "zero":
        return Fraction(0)
    if node.join in ("sum", "scaled"):
        if not full(part) or not all(full(c) for c in applicable):
            return None
        rate = sum(values[c.id] / full(c) for c in applicable) / len(applicable)
        return rate * full(part)
    return sum(values[c.id] for c in applicable) / len(applicable)
