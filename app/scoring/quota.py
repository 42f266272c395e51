"""Places: how ceiling and floor quotas hand the grades of one field out, with the ties on the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial

from app.domain.results import QuotaLine
from app.domain.schemes import Quota, Rounding, RoundingMode
from app.scoring.board import Board
from app.scoring.conditions import Reach
from app.scoring.ranking import Field
from app.scoring.rounding import round_value
from app.scoring.wording import exact_text

_QUOTA_MODES: dict[str, RoundingMode] = {"half_up": "half_up", "floor": "down", "ceiling": "up"}
_MODE_WORDS = {"half_up": "四舍五入", "floor": "舍去尾数", "ceiling": "进一"}


@dataclass
class Allocation:
    """The grades of one field (indexes into the ladder): given, waiting for a decision, pushed down by a floor (the
    best they may have), and how the quotas went."""

    given: dict[int, int] = field(default_factory=dict[int, int])
    pending: dict[int, int] = field(default_factory=dict[int, int])
    pushed: dict[int, int] = field(default_factory=dict[int, int])
    drafts: list[Callable[[], QuotaLine]] = field(default_factory=list[Callable[[], QuotaLine]])

    @cached_property
    def lines(self) -> list[QuotaLine]:
        """How each quota was used; put into words only when somebody asks."""
        return [draft() for draft in self.drafts]


@dataclass(frozen=True)
class Candidacy:
    """What the places of one field are handed out by. ceilings: unit → best grade index it may still get. promoted:
    unit → grade index it got outside the quota. vetoed: units whose grade an adjustment bars or fixes."""

    board: Board
    field: Field
    reach: Reach
    ceilings: Mapping[int, int]
    promoted: Mapping[int, int]
    vetoed: frozenset[int]

    def base(self, quota: Quota, index: int) -> int:
        """How many units a share is taken of."""
        outside = frozenset(self.promoted) if not quota.promoted else frozenset[int]()
        inside = [p for p in self.field.ranked if p not in outside]
        if quota.base == "all":
            return len(self.field.taking_part) - len(outside.intersection(self.field.taking_part))
        if quota.base == "eligible":
            return sum(1 for p in inside if self.reach[index][p])
        if quota.base == "without_vetoed":
            return sum(1 for p in inside if p not in self.vetoed)
        return len(inside)

    def competing(self) -> list[int]:
        """Ranked units that take places, best first."""
        if not self.promoted:
            return list(self.field.ranked)
        return [p for p in self.field.ranked if p not in self.promoted]


def allocate(who: Candidacy) -> Allocation:
    """From the best grade down: candidates in order of rank until the places are taken; before each grade its floor."""
    result = Allocation()
    grades = who.board.scheme.ladder.grades
    waiting = who.competing()
    for index, grade in enumerate(grades):
        last = index == len(grades) - 1
        if grade.floor is not None:
            _keep_floor(who, index, grade.floor, result)
            waiting = [p for p in who.competing() if p not in result.given]
        reached = who.reach[index]
        candidates = waiting if last else [p for p in waiting if reached[p]]
        if who.ceilings or result.pushed:
            candidates = [p for p in candidates if max(who.ceilings.get(p, 0), result.pushed.get(p, 0)) <= index]
        if grade.quota is None or last:
            result.given.update(dict.fromkeys(candidates, index))
        else:
            _hand_out(who, index, grade.quota, candidates, result)
        waiting = [p for p in waiting if p not in result.given]
    for place in who.field.apart:
        result.given[place] = next(
            (i for i in range(len(grades)) if who.reach[i][place] and who.ceilings.get(place, 0) <= i), len(grades) - 1
        )
    result.given.update({p: g for p, g in who.promoted.items() if p in who.field.keys or p in who.field.apart})
    return result


def _hand_out(who: Candidacy, index: int, quota: Quota, candidates: Sequence[int], result: Allocation) -> None:
    base = who.base(quota, index)
    places = quota_places(quota, base)
    if quota.with_above:
        places = max(0, places - sum(1 for g in result.given.values() if g < index))
    inside, tied = _cut(candidates, who.field, places)
    taken = inside + (tied if quota.ties == "all_in" else [])
    result.given.update(dict.fromkeys(taken, index))
    if quota.ties == "decide":
        for p in tied:
            result.pending.setdefault(p, index)
    result.drafts.append(partial(_line, who, index, quota, base, places, taken, tied, result))


def quota_places(quota: Quota, base: int) -> int:
    """Number of places: a count, or share (percent) × base, rounded as stated; never below ``at_least``."""
    if quota.count is not None:
        return max(quota.count, quota.at_least)
    raw = (quota.share or Fraction(0)) * base / 100
    return max(int(round_value(raw, Rounding(digits=0, mode=_QUOTA_MODES[quota.rounding]))), quota.at_least)


def _cut(candidates: Sequence[int], the_field: Field, places: int) -> tuple[list[int], list[int]]:
    """Those surely inside, and those equal to each other on both sides of the line."""
    if len(candidates) <= places:
        return list(candidates), []
    if places <= 0:
        return [], []
    last, first_out = the_field.keys[candidates[places - 1]], the_field.keys[candidates[places]]
    if last != first_out:
        return list(candidates[:places]), []
    tied = [p for p in candidates if the_field.keys[p] == last]
    return [p for p in candidates[:places] if the_field.keys[p] != last], tied


# ---- floors


def _keep_floor(who: Candidacy, index: int, floor: Quota, result: Allocation) -> None:
    """Takes better grades from the last ranked until at least so many are left for this grade (or below)."""
    base = who.base(floor, index)
    wanted = quota_places(floor, base)
    room = len(who.competing()) - wanted - (0 if floor.with_above else _below(who, index))
    better = [p for p in who.competing() if result.given.get(p, index) < index]
    inside, tied = _cut(better, who.field, room)
    stay = {*inside, *(tied if floor.ties == "none_in" else ())}
    for p in better:
        if p not in stay:
            before = result.given.pop(p)
            result.pushed[p] = index
            result.pending.pop(p, None)
            if p in tied and floor.ties == "decide":
                result.pending[p] = before
    result.drafts.append(partial(_floor_line, who, index, floor, base, wanted, tied, result))


def _below(who: Candidacy, index: int) -> int:
    """Units that by lines and conditions reach neither this grade nor a better one."""
    if index == len(who.reach) - 1:
        return 0
    return sum(1 for p in who.competing() if not any(who.reach[i][p] for i in range(index + 1)))


# ---- in words


def _share_text(quota: Quota, base: int) -> str:
    if quota.count is not None:
        return f"{quota.count} 个"
    return f"{exact_text(quota.share or Fraction(0))}% × {base}，{_MODE_WORDS[quota.rounding]}"


def _tied_text(who: Candidacy, tied: Sequence[int], policy: str) -> str:
    """The units that are equal on a line, and what becomes of them."""
    return f"；线上并列：{'、'.join(who.board.units[p].name for p in tied)}，{policy}" if tied else ""


def _line(
    who: Candidacy,
    index: int,
    quota: Quota,
    base: int,
    places: int,
    taken: Sequence[int],
    tied: Sequence[int],
    result: Allocation,
) -> QuotaLine:
    grade = who.board.scheme.ladder.grades[index]
    kept = [p for p in taken if result.given.get(p) == index]
    sentence = f"“{grade.name}”名额 {places} 个（{_share_text(quota, base)}），已用 {len(kept)} 个"
    outside = [who.board.units[p].name for p in who.field.ranked if who.promoted.get(p) == index]
    if outside:
        sentence += f"；另有专项晋优 {len(outside)} 个（{'、'.join(outside)}），不占名额"
    sentence += _tied_text(who, tied, {"decide": "待人工决定", "all_in": "全部计入", "none_in": "均不计入"}[quota.ties])
    return QuotaLine(
        grade=grade.id,
        places=places,
        base=base,
        taken=len(kept),
        tied=tuple(who.board.units[p].code for p in tied),
        vacant=max(0, places - len(kept)),
        line_total=who.board.total.exact.at(kept[-1]) if kept else None,
        sentence=sentence,
    )


def _floor_line(
    who: Candidacy, index: int, floor: Quota, base: int, wanted: int, tied: Sequence[int], result: Allocation
) -> QuotaLine:
    grade = who.board.scheme.ladder.grades[index]
    inside = [
        p
        for p in who.competing()
        if (g := result.given.get(p)) is not None and (g >= index if floor.with_above else g == index)
    ]
    scope = f"“{grade.name}”及以下" if floor.with_above else f"“{grade.name}”"
    sentence = f"{scope}至少 {wanted} 个（{_share_text(floor, base)}），实有 {len(inside)} 个"
    if len(inside) < wanted:
        sentence += f"，还差 {wanted - len(inside)} 个"
    sentence += _tied_text(who, tied, {"decide": "待人工决定", "all_in": "都下来", "none_in": "都不下来"}[floor.ties])
    return QuotaLine(
        grade=grade.id,
        places=wanted,
        base=base,
        taken=len(inside),
        tied=tuple(who.board.units[p].code for p in tied),
        vacant=max(0, wanted - len(inside)),
        line_total=None,
        sentence=sentence,
        kind="floor",
    )
