"""The value of one item for one unit: source, reading, gathering, periods, conversion, overrides, limits."""

from __future__ import annotations

from fractions import Fraction

from app.domain.quantities import MarkState
from tests.scoring.naive.arithmetic import NA, NONE, has_value, together, within_limits
from tests.scoring.naive.happenings import item_from_events
from tests.scoring.naive.members import assessed, subjects
from tests.scoring.naive.readings import read
from tests.scoring.naive.sheets import item_from_marks
from tests.scoring.naive.votes import item_from_votes


def item_before(world, scheme, item, unit):
    """The item's quantity before its normalisation and rounding."""
    value = gathered_item(world, scheme, item, unit)
    if has_value(value) and item.conversion is not None:
        view = world.view(scheme, item, unit, others=world.others(scheme, item, unit, gathered_item))
        value = read(view, item.conversion, value)
    if not has_value(value):
        return value
    view = world.view(scheme, item, unit)
    for override in item.overrides:
        if all(view.holds(c) for c in override.when):
            value = view.amount(override.points)
            break
    return NONE if value is None else within_limits(value, item.limits, view.points)


def gathered_item(world, scheme, item, unit):
    """After the source, the reading, the gathering and the periods."""
    if not world.concerned(scheme, item, unit):
        return NA
    if item.periods is None:
        return period_value(world, scheme, item, unit, "")
    weights = item.periods.weights or (Fraction(1),) * len(item.periods.names)
    named = zip(item.periods.names, weights, strict=True)
    values = [(period_value(world, scheme, item, unit, name), weight) for name, weight in named]
    if all(value == NA for value, _ in values):
        return NA
    counted = []
    for value, weight in values:
        if value == NONE and item.periods.missing == "block":
            return NONE
        if value == NONE and item.periods.missing == "zero":
            value = Fraction(0)
        if has_value(value):
            counted.append((value, weight))
    if not counted:
        return NONE
    if not item.periods.weights:
        return together([value for value, _ in counted], item.periods.within)
    whole = sum(weight for _, weight in counted)
    return sum(value * weight for value, weight in counted) / whole if whole else NONE


def period_value(world, scheme, item, unit, period):
    """One period's value (without periods: the year's)."""
    kind = item.source.kind
    if kind == "marks":
        return item_from_marks(world, scheme, item, unit)
    if kind == "votes":
        return item_from_votes(world, scheme, item, unit, period)
    if kind == "results":
        return item_from_results(world, scheme, item, unit)
    value = raw_value(world, scheme, item, unit, period)
    if value in (NA, NONE):
        return value
    entry = office_entry(world, scheme, item, unit, period)
    view = world.view(
        scheme,
        item,
        unit,
        others=world.others(scheme, item, unit, lambda w, s, i, u: raw_value(w, s, i, u, period)),
        target=entry.target if entry else None,
        standard=entry.standard if entry else None,
    )
    points = read(view, item.reading, value)
    return NONE if points is None else points


def raw_value(world, scheme, item, unit, period):
    """What the source says, before the reading: a fraction, the id of a level, NA or NONE."""
    if not world.concerned(scheme, item, unit):
        return NA
    if item.source.kind == "events":
        return item_from_events(world, scheme, item, unit)
    if item.source.kind == "quantity":
        return world.quantity(scheme, unit, item.source.quantity)
    entry = office_entry(world, scheme, item, unit, period)
    if entry is None:
        return NONE
    if entry.level:
        return entry.level
    if entry.value == MarkState.NOT_APPLICABLE:
        return NA
    return entry.value if isinstance(entry.value, Fraction) else NONE


def office_entry(world, scheme, item, unit, period):
    for mark in world.facts.office_marks:
        if (mark.scheme, mark.unit, mark.item, mark.period) == (scheme.id, unit.code, item.id, period):
            return mark
    return None


# ---- results of other subjects and other years


def item_from_results(world, scheme, item, unit):
    """Every subject's value is read, then they are gathered; a reading that compares units reads what is gathered."""
    if not looks_across(item.reading):
        return gathered_results(world, scheme, item, unit, item.reading)
    value = gathered_results(world, scheme, item, unit, None)
    if not has_value(value):
        return value
    others = world.others(scheme, item, unit, lambda w, s, i, u: gathered_results(w, s, i, u, None))
    return read(world.view(scheme, item, unit, others=others), item.reading, value)


def looks_across(reading):
    return reading.kind == "rank" or (reading.kind == "ratio" and reading.to in ("best", "lowest", "average"))


def gathered_results(world, scheme, item, unit, reading):
    source = item.source
    if not world.concerned(scheme, item, unit):
        return NA
    values = []
    for subject in subjects(world.facts, unit, source.of, source.link):
        if source.tags and not set(source.tags) & set(subject.tags):
            continue
        if source.years_ago or sent_up(world, source, subject, scheme.year):
            value = earlier_value(world, source, subject, scheme.year - source.years_ago)
        else:
            value = present_value(world, source, subject)
        if value == NA:
            continue
        if value == NONE:
            return NONE
        if reading is not None:
            value = read(world.view(scheme, item, unit), reading, value)
        if value == NONE:
            return NONE
        values.append(value)
    if not values:
        return NA
    return together(values, (item.gathering or scheme.gathering).within)


def present_value(world, source, subject):
    """This year's value of one subject; NA when it is not counted."""
    other = world.scheme(source.scheme)
    if subject.level != other.level or not assessed(subject):
        return NA
    if source.quantity == "grade":
        return graded(world.grades(other, subject)["unit"]["final"], source.grades)
    value = world.quantity(other, subject, source.quantity)
    if value == NONE and source.quantity.split(":")[0] in ("rank", "rank_from_last"):
        return NA
    return value


def graded(grade, wanted):
    if not grade:
        return NA
    return Fraction(100 if grade in wanted else 0)


def sent_up(world, source, subject, year):
    """Whether a result of this very year was told: it stands instead of the computed one."""
    return any((e.scheme, e.unit, e.year) == (source.scheme, subject.code, year) for e in world.facts.earlier)


def earlier_value(world, source, subject, year):
    """An earlier year's value of one subject; NA when there is none."""
    for one in world.facts.earlier:
        if (one.scheme, one.unit, one.year) != (source.scheme, subject.code, year):
            continue
        if source.quantity == "grade":
            return graded(one.grade, source.grades)
        if source.quantity in ("total", "rank", "rank_from_last"):
            value = getattr(one, source.quantity)
        else:
            value = one.parts.get(source.quantity)
        return NA if value is None else Fraction(value)
    return NA
