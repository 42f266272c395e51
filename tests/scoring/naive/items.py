"""The value of one item for one unit: source, reading, gathering, conversion, limits, rounding."""

from __future__ import annotations

from fractions import Fraction

from app.domain.quantities import MarkState
from tests.scoring.naive.arithmetic import NA, NONE, has_value, level_points, read, rounded, together, within_limits
from tests.scoring.naive.members import in_order, members


def item_value(world, scheme, item, unit):
    """The item's quantity: a fraction, NA or NONE."""
    value = SOURCES[item.source.kind](world, scheme, item, unit)
    if has_value(value) and item.conversion is not None:
        value = read(value, item.conversion)
    if not has_value(value):
        return value
    value = within_limits(value, item.limits, item.points)
    return rounded(value, item.rounding or scheme.rounding.item)


# ---- marks and votes: groups


def gathered(scheme, item, group_value):
    """Join the values of the groups by weight; ``group_value(group)`` gives a fraction, NA, NONE or "missing"."""
    gathering = item.gathering or scheme.gathering
    by_id = {g.id: g for g in scheme.groups}
    shares = [(by_id[s.group], s.weight) for s in gathering.groups] or [(g, g.weight) for g in scheme.groups]
    shares = shares or [(None, Fraction(1))]
    values, weights, missing = [], [], 0
    for group, weight in shares:
        value = group_value(group)
        if value == "missing":
            missing += 1
            if gathering.missing_group == "block":
                return NONE
            if gathering.missing_group == "renormalise":
                continue
            if gathering.missing_group == "zero":
                value = Fraction(0)
            if gathering.missing_group == "use":
                value = group_value(by_id[gathering.use]) if gathering.use in by_id else NONE
                if not has_value(value):
                    return NONE
        if value == NA:
            continue
        if value == NONE:
            return NONE
        values.append(value)
        weights.append(weight)
    if not values:
        return NONE if missing else NA
    if sum(weights) == 0:
        return NONE
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)


def from_marks(world, scheme, item, unit):
    gathering = item.gathering or scheme.gathering

    def group_value(group):
        values, not_applicable, due, result = [], 0, 0, None
        for evaluator in members(scheme, world.facts, group, unit):
            if (scheme.id, evaluator.code, unit.code) not in world.returned:
                continue
            mark = world.marks.get((scheme.id, evaluator.code, unit.code, item.id), MarkState.BLANK)
            if mark == MarkState.RECUSED:
                continue
            due += 1
            if mark == MarkState.NOT_APPLICABLE:
                not_applicable += 1
            elif mark in (MarkState.BLANK, MarkState.ABSTAINED):
                policy = gathering.blank if mark == MarkState.BLANK else gathering.abstained
                if policy == "block":
                    result = NONE
                if policy == "zero":
                    values.append(Fraction(0))
            elif item.reading.kind == "levels":
                points = level_points(item.reading, mark)
                if points is not None:
                    values.append(points)
            else:
                points = read(mark, item.reading)
                if points == NONE:
                    result = NONE
                else:
                    values.append(points)
        if result == NONE:
            return NONE
        if due and not_applicable == due:
            return NA
        if len(values) < gathering.min_marks:
            return "missing"
        return rounded(together(values, gathering.within), scheme.rounding.group)

    return gathered(scheme, item, group_value)


def from_votes(world, scheme, item, unit):
    replaced = {s.replaces for s in world.facts.sessions if s.replaces}

    def group_value(group):
        total, below = Fraction(0), 0
        for session in world.facts.sessions:
            same_group = session.group == (group.id if group else "")
            if session.scheme != scheme.id or not same_group or session.id in replaced:
                continue
            for count in session.counts:
                if count.unit == unit.code and count.item == item.id:
                    points, ballots = ballot(session, count, item)
                    total += points
                    below += ballots
        if below <= 0:
            return "missing"
        return rounded(total / below, scheme.rounding.group)

    return gathered(scheme, item, group_value)


def ballot(session, count, item):
    """Points of one count, and the ballots they are divided by."""
    total, counted, outside = Fraction(0), 0, 0
    for option, number in count.counts.items():
        points = level_points(item.reading, option)
        if points is None:
            outside += number
        else:
            counted += number
            total += points * number
    base = {
        "valid": session.returned - session.invalid,
        "returned": session.returned,
        "issued": session.issued,
        "present": session.present,
    }
    kind = item.source.denominator
    return total, counted if kind == "answers" else base[kind] - outside


# ---- the other sources


def in_year(event, year, by="concluded"):
    """Whether the event belongs to the year; without any date it does."""
    date = event_date(event, by)
    return date == "" or date[:4] == str(year)


def event_date(event, by):
    return event.concluded or event.occurred if by == "concluded" else event.occurred or event.concluded


def from_events(world, scheme, item, unit):
    source = item.source
    kinds = {k.id: k for k in scheme.event_kinds}
    counted = []
    for event in world.facts.events:
        if event.unit == unit.code and event.kind in source.kinds and in_year(event, scheme.year, source.year_by):
            amount = event.amount if event.amount is not None else kinds[event.kind].amount
            if amount is None:
                return NONE
            counted.append((event, amount))
    start = item.points if source.start == "full" else source.start
    total = Fraction(0)
    for kind in source.kinds:
        of_kind = sum(
            (a for e, a in counted if e.kind == kind and stands_for_its_matter(e, counted, source)), Fraction(0)
        )
        cap = kinds[kind].cap
        total += of_kind if cap is None else min(of_kind, cap)
    return read(start + total if source.direction == "add" else start - total, item.reading)


def stands_for_its_matter(event, counted, source):
    """Whether this event is the one of its matter that counts."""
    if source.same_matter == "each" or not event.matter:
        return True
    same = [(e, a) for e, a in counted if e.matter == event.matter]
    if source.same_matter == "highest":
        chosen = max(same, key=lambda pair: (pair[1], pair[0].id))
    else:
        chosen = max(same, key=lambda pair: (event_date(pair[0], source.year_by), pair[0].id))
    return chosen[0].id == event.id


def from_office(world, scheme, item, unit):
    for mark in world.facts.office_marks:
        if (mark.scheme, mark.unit, mark.item) == (scheme.id, unit.code, item.id):
            if mark.level:
                points = level_points(item.reading, mark.level)
                return NONE if points is None else points
            if mark.value == MarkState.NOT_APPLICABLE:
                return NA
            return read(mark.value, item.reading) if isinstance(mark.value, Fraction) else NONE
    return NONE


def from_children(world, scheme, item, unit):
    source = item.source
    lower = world.scheme(source.scheme)
    values = []
    for child in in_order(world.facts.units):
        if child.parent != unit.code or child.level != lower.level:
            continue
        if child.participation not in ("ranked", "listed_apart"):
            continue
        if source.quantity == "grade":
            grade = world.grades(lower, child)["unit"]["final"]
            if not grade:
                continue
            value = Fraction(100 if grade in source.grades else 0)
        else:
            value = world.quantity(lower, child, source.quantity)
        if value == NA or (value == NONE and source.quantity == "rank"):
            continue
        if value == NONE:
            return NONE
        value = read(value, item.reading)
        if value == NONE:
            return NONE
        values.append(value)
    if not values:
        return NA
    return together(values, (item.gathering or scheme.gathering).within)


def from_quantity(world, scheme, item, unit):
    value = world.quantity(scheme, unit, item.source.quantity)
    return read(value, item.reading) if has_value(value) else value


SOURCES = {
    "marks": from_marks,
    "votes": from_votes,
    "events": from_events,
    "office": from_office,
    "results": from_children,
    "quantity": from_quantity,
}
