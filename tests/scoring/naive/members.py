"""Who rates whom: relations from the register, groups of a scheme, recusal."""

from __future__ import annotations


def in_order(people_or_units):
    """Official order: the number, then the code."""
    return sorted(people_or_units, key=lambda one: (one.order, one.code))


def relations(facts, evaluator, unit):
    """Every relation in which the evaluator stands to the unit."""
    stated = {one.relation for one in evaluator.relations if one.unit == unit.code}
    if stated:
        return stated
    by_code = {one.code: one for one in facts.units}
    if evaluator.unit == unit.code:
        return {"own"}
    found = set()
    if evaluator.unit in ancestors(by_code, unit.code):
        found.add("above")
    if unit.code in ancestors(by_code, evaluator.unit):
        found.add("below")
    home = by_code.get(evaluator.unit)
    if home is not None and home.level == unit.level:
        found.add("same_level")
        if home.series == unit.series:
            found.add("same_series")
    return found or {"other"}


def ancestors(by_code, code):
    found = []
    while code in by_code and by_code[code].parent and by_code[code].parent not in found:
        code = by_code[code].parent
        found.append(code)
    return found


def members(scheme, facts, group, unit):
    """The evaluators due to rate this unit in this group (None: the scheme has no groups), in official order."""
    return [e for e in in_order(facts.evaluators) if _belongs(scheme, facts, group, unit, e)]


def _belongs(scheme, facts, group, unit, evaluator):
    lines = [a for a in facts.assignments if a.evaluator == evaluator.code and a.scheme == scheme.id]
    here = [a for a in lines if unit.code in a.units]
    if lines and not here:
        return False
    if group is None:
        return True
    standing = relations(facts, evaluator, unit)
    if standing & set(group.recused):
        return False
    named = {a.group for a in here if a.group}
    if named:
        return group.id in named
    right_role = not group.roles or evaluator.role in group.roles
    right_relation = not group.relations or bool(standing & set(group.relations))
    return right_role and right_relation
