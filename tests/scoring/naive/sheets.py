"""Marks on score sheets: what one evaluator gave one unit, and how these values are gathered."""

from __future__ import annotations

from fractions import Fraction

from app.domain.quantities import MarkState
from tests.scoring.naive.arithmetic import NA, NONE, has_value, rounded, together
from tests.scoring.naive.groups import MISSING, gathered
from tests.scoring.naive.members import assessed, members, partition, rates
from tests.scoring.naive.readings import read
from tests.scoring.naive.tree import join

LEFT_OUT = "left out"  # this evaluator's value does not count
RECUSED = "recused"


def returned(world, scheme, evaluator, unit):
    """Whether the evaluator's sheet came back, is valid, and lists the unit."""
    return (scheme.id, evaluator.code, unit.code) in world.returned and not world.void_sheet(scheme, evaluator)


def raw_mark(world, scheme, evaluator, unit, item):
    return world.marks.get((scheme.id, evaluator.code, unit.code, item.id), MarkState.BLANK)


def numbers_given(world, scheme, evaluator, item, like, within):
    """The numbers this evaluator gave for the item to units that take part, in the group of the unit ``like``."""
    return [
        raw_mark(world, scheme, evaluator, unit, item)
        for unit in world.units(scheme)
        if assessed(unit) and partition(unit, within) == partition(like, within)
        if world.concerned(scheme, item, unit)
        if rates(scheme, world.facts, unit, evaluator) and returned(world, scheme, evaluator, unit)
        if isinstance(raw_mark(world, scheme, evaluator, unit, item), Fraction)
    ]


def mark_points(world, scheme, evaluator, unit, item, gathering):
    """What one mark is worth: a fraction, NA, NONE, LEFT_OUT or RECUSED."""
    mark = raw_mark(world, scheme, evaluator, unit, item)
    if mark == MarkState.RECUSED:
        return RECUSED
    if mark == MarkState.NOT_APPLICABLE:
        return NA
    if mark in (MarkState.BLANK, MarkState.ABSTAINED):
        policy = gathering.blank if mark == MarkState.BLANK else gathering.abstained
        return {"leave_out": LEFT_OUT, "zero": Fraction(0), "block": NONE}[policy]
    view = world.view(
        scheme, item, unit, others=lambda within: numbers_given(world, scheme, evaluator, item, unit, within)
    )
    points = read(view, item.reading, mark)
    return LEFT_OUT if points is None else points


def gathered_marks(world, scheme, gathering, unit, value_of):
    """The groups' values of one unit; ``value_of(evaluator)`` gives what each evaluator's sheet is worth."""

    def group_value(group):
        found = [
            value_of(evaluator)
            for evaluator in members(scheme, world.facts, group, unit)
            if returned(world, scheme, evaluator, unit)
        ]
        found = [value for value in found if value != RECUSED]
        values = [value for value in found if has_value(value)]
        if NONE in found:
            return NONE, len(values)
        if found and all(value == NA for value in found):
            return NA, 0
        if len(values) < gathering.min_marks:
            return MISSING, len(values)
        return rounded(together(values, gathering.within), scheme.rounding.group), len(values)

    return gathered(scheme, gathering, unit, group_value)


def item_from_marks(world, scheme, item, unit):
    gathering = item.gathering or scheme.gathering
    return gathered_marks(
        world, scheme, gathering, unit, lambda e: mark_points(world, scheme, e, unit, item, gathering)
    )


# ---- join first, gather then (先合后汇)


def node_from_marks(world, scheme, node, unit):
    """Every evaluator's marks below the node joined to one value, and these values gathered."""
    return gathered_marks(world, scheme, node.gathering, unit, lambda e: whole_sheet(world, scheme, e, unit, node))


def whole_sheet(world, scheme, evaluator, unit, node):
    """The evaluator's own value of the node."""
    marks = [
        raw_mark(world, scheme, evaluator, unit, item)
        for item in world.items_below(node)
        if world.concerned(scheme, item, unit)
    ]
    points = {
        item.id: mark_points(world, scheme, evaluator, unit, item, node.gathering)
        for item in world.items_below(node)
        if world.concerned(scheme, item, unit)
    }
    if RECUSED in points.values():
        return RECUSED
    for state, policy in (
        (MarkState.BLANK, node.gathering.blank),
        (MarkState.ABSTAINED, node.gathering.abstained),
    ):
        if state in marks and policy == "block":
            return NONE
    if LEFT_OUT in points.values():
        return LEFT_OUT
    return joined_sheet(world, scheme, unit, node, points)


def joined_sheet(world, scheme, unit, part, points):
    """The part's value out of one evaluator's points. One that cannot be joined is left out."""
    if not world.concerned(scheme, part, unit):
        return NA
    if part.kind == "item":
        return points[part.id]
    values = {child.id: joined_sheet(world, scheme, unit, child, points) for child in part.children}
    if NONE in values.values():
        return NONE
    if LEFT_OUT in values.values():
        return LEFT_OUT
    value = join(part, unit, values, series_mean=lambda child: None)
    return LEFT_OUT if value == NONE else value
