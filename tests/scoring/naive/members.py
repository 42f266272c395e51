"""Who is who: official order, partitions, applicability, relations, groups of a scheme, recusal."""

from __future__ import annotations


def in_order(people_or_units):
    """Official order: the number, then the code."""
    return sorted(people_or_units, key=lambda one: (one.order, one.code))


def assessed(unit):
    """Whether the unit takes part (参评)."""
    return unit.participation in ("ranked", "listed_apart")


def fits(rule, unit):
    """Whether the unit is one of those that ``applies_to`` describes."""
    return (
        (not rule.series or unit.series in rule.series)
        and (not rule.kinds or unit.kind in rule.kinds)
        and (not rule.tags or any(t in rule.tags for t in unit.tags))
    )


def partition(unit, within):
    """What the unit has in common with those it is compared with."""
    if within == "series":
        return unit.series
    if within == "kind":
        return unit.kind
    if within == "parent":
        return unit.parent
    if within == "level":
        return "everybody"
    key = within.removeprefix("tag:") + "="
    values = [tag for tag in unit.tags if tag.startswith(key)]
    return values[0] if values else None


def subjects(facts, unit, of, link=""):
    """The units that stand in this way to the unit, in official order."""

    def stands(other):
        if of == "own":
            return other.code == unit.code
        if of == "children":
            return other.parent == unit.code
        if of == "parent":
            return other.code == unit.parent
        if of == "linked":
            return any(one.unit == other.code and link in ("", one.name) for one in unit.links)
        return any(one.unit == unit.code and link in ("", one.name) for one in other.links)

    return [other for other in in_order(facts.units) if stands(other)]


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
    """The units above, step by step, and the bodies that the unit itself reports to."""
    found = list(by_code[code].reports_to) if code in by_code else []
    while code in by_code and by_code[code].parent:
        code = by_code[code].parent
        found.append(code)
        if found.count(code) > 1 and len(found) > len(by_code) * 2:
            break
    return found


def members(scheme, facts, group, unit):
    """The evaluators due to rate this unit in this group (None: the scheme has no groups), in official order."""
    return [e for e in in_order(facts.evaluators) if is_member(scheme, facts, group, unit, e)]


def is_member(scheme, facts, group, unit, evaluator):
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


def rates(scheme, facts, unit, evaluator):
    """Whether the evaluator is due to rate the unit in any group of the scheme."""
    return any(is_member(scheme, facts, group, unit, evaluator) for group in scheme.groups or (None,))
