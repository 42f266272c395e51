"""Which ballots and which sheets are valid as a whole."""

from __future__ import annotations

from fractions import Fraction

from app.domain.quantities import MarkState
from tests.scoring.naive.arithmetic import has_value, whole_number
from tests.scoring.naive.members import is_member, rates
from tests.scoring.naive.readings import read
from tests.scoring.naive.sheets import raw_mark
from tests.scoring.naive.votes import raw_answer


def ballot_is_valid(world, scheme, ballot, group):
    """``ballot``: (unit code, item id) → answer, "" for none; of a session of the group."""
    units = {u.code: u for u in world.facts.units}
    answers = {}
    for (code, id), answer in ballot.items():
        item = world.item(scheme, id)
        if world.concerned(scheme, item, units[code]):
            answers[code, id] = MarkState.BLANK if answer == "" else raw_answer(item, answer)
    return obeys(world, scheme, answers, "ballots", lambda rule, cell: not rule.groups or group in rule.groups)


def sheet_is_void(world, scheme, evaluator):
    """Everything the evaluator was to fill in on the sheet that came back, against the rules."""
    answers = {}
    for unit in world.units(scheme):
        if (scheme.id, evaluator.code, unit.code) not in world.returned:
            continue
        if not rates(scheme, world.facts, unit, evaluator):
            continue
        for item in world.sheet_items(scheme):
            mark = raw_mark(world, scheme, evaluator, unit, item)
            if world.concerned(scheme, item, unit) and mark != MarkState.RECUSED:
                answers[unit.code, item.id] = mark
    units = {u.code: u for u in world.units(scheme)}
    groups = {g.id: g for g in scheme.groups}

    def concerned(rule, cell):
        mine = [groups[g] for g in rule.groups]
        return not mine or any(is_member(scheme, world.facts, g, units[cell[0]], evaluator) for g in mine)

    return not obeys(world, scheme, answers, "sheets", concerned)


def obeys(world, scheme, answers, where, concerned):
    """concerned: whether a rule for some groups looks at this cell."""
    return all(
        obeys_rule(world, scheme, rule, looked_at)
        for rule in scheme.validity
        if rule.on in (where, "both")
        if (looked_at := {cell: a for cell, a in answers.items() if concerned(rule, cell)})
    )


def obeys_rule(world, scheme, rule, answers):
    """``answers``: (unit code, item id) → number, level id, or a state; fields nobody has to fill are not there."""
    looked_at = {cell: a for cell, a in answers.items() if rule.item in ("", cell[1])}
    if rule.rule == "complete":
        return not any(a in (MarkState.BLANK, MarkState.ABSTAINED) for a in looked_at.values())
    if rule.basis == "sum":
        return obeys_for_values(rule, *sums(world, scheme, looked_at))
    for id in {cell[1] for cell in looked_at}:
        item = world.item(scheme, id)
        of_item = {code: a for (code, i), a in looked_at.items() if i == id}
        filled = {code: a for code, a in of_item.items() if not isinstance(a, MarkState)}
        top = set()
        if rule.rule == "not_all_full":
            top = {code for code, a in filled.items() if is_top(world, scheme, item, code, a)}
        if not obeys_for_values(rule, filled, top, len(of_item)):
            return False
    return True


def is_top(world, scheme, item, code, answer):
    if item.reading.kind == "levels":
        return answer == item.reading.levels[0].id
    points = points_of(world, scheme, item, code, answer)
    return has_value(points) and points == world.view(scheme, item, world.unit(code)).points


def points_of(world, scheme, item, code, answer):
    return read(world.view(scheme, item, world.unit(code)), item.reading, answer)


def sums(world, scheme, answers):
    """Subject → sum of its points; subjects that have the full points; how many subjects there are."""
    found, top = {}, set()
    codes = {code for code, _ in answers}
    for code in codes:
        own = {id: a for (c, id), a in answers.items() if c == code}
        points = {
            id: points_of(world, scheme, world.item(scheme, id), code, a)
            for id, a in own.items()
            if not isinstance(a, MarkState)
        }
        if not any(has_value(p) for p in points.values()):
            continue
        found[code] = sum((p for p in points.values() if has_value(p)), Fraction(0))
        fulls = [world.view(scheme, world.item(scheme, id), world.unit(code)).points for id in own]
        if None not in fulls and found[code] == sum(fulls):
            top.add(code)
    return found, top, len(codes)


def obeys_for_values(rule, filled, top, subjects):
    """``filled``: subject → answer; ``top``: the subjects with the best there is; ``subjects``: all on the ballot."""
    if rule.rule == "not_all_equal":
        return not (len(filled) >= 2 and len(set(filled.values())) == 1)
    if rule.rule == "not_all_full":
        return not filled or len(top) < len(filled)
    number = sum(1 for answer in filled.values() if is_counted(rule, answer))
    least, most = rule.at_least, rule.at_most
    if rule.rule == "share":
        least, most = (
            None if bound is None else whole_number(bound * subjects / 100, rule.rounding) for bound in (least, most)
        )
    return (least is None or number >= least) and (most is None or number <= most)


def is_counted(rule, answer):
    if isinstance(answer, str):
        return answer in rule.answers
    if rule.answers:
        return answer in [Fraction(text) for text in rule.answers if is_number(text)]
    if rule.minimum is None and rule.maximum is None:
        return False
    return (rule.minimum is None or answer >= rule.minimum) and (rule.maximum is None or answer <= rule.maximum)


def is_number(text):
    return text.replace(".", "", 1).isdigit()
