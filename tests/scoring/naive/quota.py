"""Grades by line and quota: places, floors, promotions outside the quota."""

from __future__ import annotations

from fractions import Fraction

from tests.scoring.naive.arithmetic import rounded, whole_number
from tests.scoring.naive.members import assessed
from tests.scoring.naive.readings import condition_holds


def holds(world, scheme, unit, condition):
    """A condition of the ladder or of an adjustment: looks at exact or at shown values."""
    shown = scheme.rounding.shown if scheme.ladder.on == "shown" else None
    return condition_holds(
        condition, lambda name: world.quantity(scheme, unit, name), lambda value: rounded(value, shown)
    )


def reaches(world, scheme, unit, index):
    """Whether the unit meets line and conditions of the grade."""
    grade = scheme.ladder.grades[index]
    if index == len(scheme.ladder.grades) - 1:
        return True
    total = world.part(scheme, unit, scheme.tree)
    if scheme.ladder.on == "shown":
        total = rounded(total, scheme.rounding.shown)
    if grade.line is not None and total < grade.line:
        return False
    return all(holds(world, scheme, unit, c) for c in grade.conditions)


def first_reached(world, scheme, unit, index):
    """The best grade from ``index`` downwards whose line and conditions the unit meets."""
    last = len(scheme.ladder.grades) - 1
    index = min(index, last)
    while not reaches(world, scheme, unit, index):
        index += 1
    return index


def decision(world, scheme, unit, scope):
    """The decision by hand that stands."""
    found = [d for d in world.facts.decisions if (d.scheme, d.unit, d.scope) == (scheme.id, unit.code, scope)]
    return found[-1] if found else None


def promoted(world, scheme, unit):
    """Whether the unit gets its grade outside the quota."""
    decided = decision(world, scheme, unit, "unit")
    return decided is not None and decided.outside_quota


class Field:
    """One field while its places are handed out. ranked: best first; keys: code → what ranks are equal by; vetoed:
    codes of units that an adjustment bars or fixes."""

    def __init__(self, world, scheme, units, ranked, keys, vetoed):
        self.world, self.scheme, self.units, self.keys, self.vetoed = world, scheme, units, keys, vetoed
        self.ranked = ranked
        self.competing = [u for u in ranked if not promoted(world, scheme, u)]

    def number(self, quota, index):
        """(places before those taken above are counted, base)."""
        base = {
            "ranked": self.ranked,
            "all": [u for u in self.units if assessed(u)],
            "eligible": [u for u in self.ranked if reaches(self.world, self.scheme, u, index)],
            "without_vetoed": [u for u in self.ranked if u.code not in self.vetoed],
        }[quota.base]
        if not quota.promoted:
            base = [u for u in base if not promoted(self.world, self.scheme, u)]
        if quota.count is not None:
            places = quota.count
        else:
            places = whole_number(quota.share * Fraction(len(base)) / 100, quota.rounding)
        return max(places, quota.at_least), len(base)

    def allocate(self, ceilings):
        """Grades of the competing units: code → index; the pending codes; the quota lines."""
        grade_of, pending, lines = {}, set(), []
        ceilings = dict(ceilings)
        last = len(self.scheme.ladder.grades) - 1
        for index, grade in enumerate(self.scheme.ladder.grades):
            if grade.floor is not None:
                lines.append(self.pull_down(grade, index, grade_of, pending, ceilings))
            waiting = [u for u in self.competing if u.code not in grade_of and ceilings.get(u.code, 0) <= index]
            candidates = [u for u in waiting if reaches(self.world, self.scheme, u, index)]
            if index == last or grade.quota is None:
                grade_of.update({u.code: index for u in candidates})
            else:
                lines.append(self.hand_out(index, grade, candidates, grade_of, pending))
        for line in lines:
            self.finish(line, grade_of)
        return grade_of, pending, lines

    def pull_down(self, grade, index, grade_of, pending, ceilings):
        """So many units at most may stand above this grade: the last of those who do come down to it."""
        floor = grade.floor
        least, base = self.number(floor, index)
        unable = 0
        if not floor.with_above:
            unable = sum(1 for u in self.competing if first_reached(self.world, self.scheme, u, 0) > index)
        most = max(0, len(self.competing) - least - unable)
        above = [u for u in self.competing if u.code in grade_of]
        down, tied = above[most:], []
        if 0 < most < len(above) and self.keys[above[most].code] == self.keys[above[most - 1].code]:
            alike = [u for u in above if self.keys[u.code] == self.keys[above[most].code]]
            behind = [u for u in down if u not in alike]
            down = behind if floor.ties == "none_in" else alike + behind
            tied = [u.code for u in alike]
        for unit in down:
            del grade_of[unit.code]
            ceilings[unit.code] = max(ceilings.get(unit.code, 0), index)
            pending.discard(unit.code)  # no decision can put it above this grade any more
        if floor.ties == "decide":
            pending.update(tied)
        line = {"grade": grade.id, "kind": "floor", "places": least, "base": base, "tied": sorted(tied)}
        return line | {"index": index, "and below": floor.with_above}

    def hand_out(self, index, grade, candidates, grade_of, pending):
        """Places of one grade by rank; fills grade_of and pending, gives the quota line."""
        number, base = self.number(grade.quota, index)
        if grade.quota.with_above:
            number = max(0, number - len(grade_of))
        taken, tied = [], []
        while candidates:
            alike = [u for u in candidates if self.keys[u.code] == self.keys[candidates[0].code]]
            room = number - len(taken)
            if len(alike) <= room:
                taken += alike
                candidates = candidates[len(alike) :]
                continue
            if room > 0:
                tied = [u.code for u in alike]
                if grade.quota.ties == "all_in":
                    taken += alike
                if grade.quota.ties == "decide":
                    pending.update(tied)
            break
        grade_of.update({u.code: index for u in taken})
        return {
            "grade": grade.id,
            "kind": "ceiling",
            "places": number,
            "base": base,
            "tied": sorted(tied),
            "index": index,
        }

    def finish(self, line, grade_of):
        """What became of the places in the end."""
        index, lower_too = line.pop("index"), line.pop("and below", False)
        taken = [u for u in self.competing if grade_of[u.code] == index or (lower_too and grade_of[u.code] > index)]
        line["taken"] = len(taken)
        line["vacant"] = max(0, line["places"] - len(taken))
        asked = taken and line["kind"] == "ceiling"
        line["last"] = self.world.part(self.scheme, taken[-1], self.scheme.tree) if asked else None
