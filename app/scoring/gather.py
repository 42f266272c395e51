"""From marks to one value per unit and item: within each group in bulk, then the groups by their weights.

Everything stays an integer; what every group had (how many marks, their sum, what was left out) is kept, because
the explanation tells the very same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import cache
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from app.domain.quantities import State
from app.domain.schemes import Within
from app.scoring.columns import Column
from app.scoring.exact import Exact, Integers, combined, narrowed
from app.scoring.patterns import patterns
from app.scoring.shares import Sharing

_LANES = 4096  # lanes worked on at once, so that a block of marks stays in the processor's cache


HOLE = -1  # in a matrix of marks: no value here. Values are stored from 0 upwards.


class GroupState(IntEnum):
    """What a group has for one unit and item."""

    VALUE = 0
    NOT_APPLICABLE = 1
    MISSING = 2
    BLOCKED = 3


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one group had, lane by lane: values counted, the integer they came to and its divisor, the value, the
    state. ``used``: how many values the result rests on (after trimming)."""

    group: str
    name: str
    counted: Integers
    used: Integers
    value: Exact
    state: NDArray[np.int8]


def within_group(marks: Integers, within: Within, offset: int) -> tuple[Integers, Integers, Integers]:
    """For marks[rater, lane] (value − offset, or HOLE): values counted, sum (or choice) and its divisor per lane."""
    lanes = marks.shape[1]
    wide = object if marks.dtype == object else np.int64
    counted, total, divisor = np.zeros(lanes, np.int64), np.zeros(lanes, wide), np.ones(lanes, np.int64)
    for start in range(0, lanes, _LANES):
        part = slice(start, min(start + _LANES, lanes))
        counted[part], total[part], divisor[part] = _block(marks[:, part], within, offset)
    return counted, total, divisor


def _block(marks: Integers, within: Within, offset: int) -> tuple[Integers, Integers, Integers]:
    holes = np.asarray(marks < 0, dtype=np.bool_)
    counted = len(marks) - holes.view(np.int8).sum(axis=0, dtype=np.int32).astype(np.int64)
    ones = np.ones(len(counted), np.int64)
    if not len(marks):
        return counted, counted.copy(), ones
    if within.method == "median":
        return _median(marks, counted, offset)
    if within.method in ("best", "lowest", "latest"):
        chosen = {"best": _highest, "lowest": _lowest, "latest": _latest}[within.method](marks)
        return counted, np.where(counted > 0, chosen + offset, 0), ones
    total, taken = _sum(marks, len(marks) - counted), counted
    if within.method == "trimmed" and within.equal == "all":
        gone, taken = _all_extremes(marks, holes, counted, within)
        total = total - gone
        total = total + taken * offset if offset else total
        return counted, total, np.maximum(taken, 1)
    cut = _cuts(counted, within)
    if cut.any():
        total = total - _trimmed(marks, counted, within, cut)
        taken = counted - cut * (within.high + within.low)
    total = total + (taken if marks.dtype != object else taken.astype(object)) * offset if offset else total
    return counted, total, ones if within.method == "sum" else np.maximum(taken, 1)


def _cuts(counted: Integers, within: Within) -> NDArray[np.bool_]:
    """Where values are left out: more than ``above`` of them, and some stay."""
    out = within.high + within.low
    if within.method != "trimmed" or not out:
        return np.zeros(len(counted), dtype=np.bool_)
    return (counted > within.above) & (counted > out)


def _all_extremes(
    marks: Integers, holes: NDArray[np.bool_], counted: Integers, within: Within
) -> tuple[Integers, Integers]:
    """The sum of all values equal to the highest or lowest, and how many stay; nothing is left out where none would."""
    gone = np.zeros(marks.shape, dtype=np.bool_)
    if within.high:
        gone |= marks == _highest(marks)
    if within.low:
        gone |= marks == _lowest(marks)
    gone &= ~holes
    left = counted - gone.sum(axis=0)
    cut = (counted > within.above) & (left > 0)
    wide = marks if marks.dtype == object else marks.astype(np.int64)
    taken = np.where(cut, left, counted)
    return np.where(cut, (wide * gone).sum(axis=0), 0), taken if marks.dtype != object else taken.astype(object)


def _sum(marks: Integers, holes: Integers) -> Integers:
    """The sum of the values; every hole has taken one away."""
    if marks.dtype == np.int32 and len(marks) * int(marks.max(initial=0)) < 2**31 - len(marks):
        return marks.sum(axis=0, dtype=np.int32).astype(np.int64) + holes
    return marks.sum(axis=0) + holes if marks.dtype == object else marks.sum(axis=0, dtype=np.int64) + holes


def _highest(marks: Integers) -> Integers:
    return marks.max(axis=0).astype(object if marks.dtype == object else np.int64)


def _lowest(marks: Integers) -> Integers:
    """The lowest value: read without sign, a hole is the highest of all."""
    if marks.dtype == object:
        return np.where(marks < 0, marks.max() + 1, marks).min(axis=0)
    return marks.view(np.uint32 if marks.dtype == np.int32 else np.uint64).min(axis=0).astype(np.int64)


def _trimmed(marks: Integers, counted: Integers, within: Within, cut: NDArray[np.bool_]) -> Integers:
    """The sum of what is left out, where something is."""
    if within.high <= 1 and within.low <= 1:
        high = _highest(marks) if within.high else 0
        low = _lowest(marks) if within.low else 0
        return np.where(cut, high + low, 0)
    ordered = np.sort(np.ascontiguousarray(marks.T), axis=1)
    place = np.arange(len(marks))[None, :]
    empty = (len(marks) - counted)[:, None]
    left_out = (place < empty + within.low) | (place >= len(marks) - within.high)
    return np.where(left_out & (place >= empty) & cut[:, None], ordered, 0).sum(axis=1)


def _latest(marks: Integers) -> Integers:
    last = len(marks) - 1 - np.argmax((marks >= 0)[::-1], axis=0)
    return marks[last, np.arange(marks.shape[1])]


def _median(marks: Integers, counted: Integers, offset: int) -> tuple[Integers, Integers, Integers]:
    ordered = np.sort(np.ascontiguousarray(marks.T), axis=1)
    empty = len(marks) - counted
    lanes, last = np.arange(len(counted)), len(marks) - 1
    low = ordered[lanes, np.minimum(empty + (np.maximum(counted, 1) - 1) // 2, last)]
    high = ordered[lanes, np.minimum(empty + counted // 2, last)]
    total = low.astype(object if marks.dtype == object else np.int64) + high + 2 * offset
    return counted, np.where(counted > 0, total, 0), np.full(len(counted), 2, np.int64)


# ---- between the groups


@dataclass(frozen=True, slots=True)
class Plan:
    """How groups in these states join: coefficient of each group's value, or no value and why. moves: which group's
    value (None: zero) takes the weight of which group."""

    state: State
    coefficients: tuple[Fraction, ...] = ()
    reason: str = ""
    moves: tuple[tuple[int, int | None], ...] = ()


@cache
def plan_groups(sharing: Sharing, names: tuple[str, ...], states: tuple[GroupState, ...]) -> Plan:
    """The rule of the groups for one pattern of states (the same for bulk computing and for explaining)."""
    real = [i for i, share in enumerate(sharing.shares) if share is not None]
    if not real:
        return Plan(State.NO_RESULT, reason="没有一组参加汇集")
    if any(states[i] is GroupState.BLOCKED for i in real):
        return Plan(State.NO_RESULT, reason="有空白、弃权或读不出的分数，方案规定不得缺项")
    if all(states[i] is GroupState.NOT_APPLICABLE for i in real):
        return Plan(State.NOT_APPLICABLE, reason="评议人均填“不适用”")
    gone = [i for i in real if states[i] is GroupState.MISSING]
    if gone and sharing.missing_group == "block":
        return Plan(State.NO_RESULT, reason="没有足够有效分数的组：" + "、".join(names[i] for i in gone))
    moves: list[tuple[int, int | None]] = []
    for i in real:
        target = _target(sharing, states, i) if i in gone else i
        if states[i] is GroupState.NOT_APPLICABLE or (target is None and sharing.missing_group == "renormalise"):
            continue
        if target is None and sharing.missing_group == "use":
            return Plan(State.NO_RESULT, reason=f"“{names[i]}”没有足够有效分数，代替的组也没有")
        moves.append((i, target))
    coefficients = coefficients_of(sharing, moves, len(states), None)
    if coefficients is None:
        return Plan(State.NO_RESULT, reason=NO_WEIGHT)
    return Plan(State.VALUE, coefficients, "", tuple(moves))


NO_WEIGHT = "没有任何一组有有效分数"


def coefficients_of(
    sharing: Sharing, moves: Sequence[tuple[int, int | None]], groups: int, counts: Sequence[int] | None
) -> tuple[Fraction, ...] | None:
    """The share of each group's value; ``counts``: values of each group, by which the weights are multiplied (none:
    the stated weights alone). None when all weights come to nothing."""
    weights = [Fraction(0)] * groups
    whole = Fraction(0)
    for i, target in moves:
        share = sharing.shares[i]
        weight = (share.weight if share else Fraction(0)) * (counts[i] if counts is not None else 1)
        whole += weight
        if target is not None:
            weights[target] += weight
    return tuple(w / whole for w in weights) if whole else None


def _target(sharing: Sharing, states: tuple[GroupState, ...], missing: int) -> int | None:
    """The group whose value stands in for a missing one."""
    if sharing.missing_group != "use":
        return None
    for i, group in enumerate(sharing.groups):
        if group == sharing.use and i != missing and states[i] is GroupState.VALUE:
            return i
    return None


def join_groups(sharing: Sharing, groups: Sequence[Gathered]) -> Column:
    """One value per lane out of the groups' values, pattern by pattern of their states."""
    names = tuple(g.name for g in groups)
    lanes = len(groups[0].state)
    number, found = patterns([g.state for g in groups], lanes)
    plans = [plan_groups(sharing, names, tuple(GroupState(s) for s in states)) for states in found]
    if len(plans) == 1 and plans[0].state is State.VALUE and not sharing.by_count:
        terms = [(g.value, c) for g, c in zip(groups, plans[0].coefficients, strict=True) if c]
        return Column(combined(terms) if terms else Exact(np.zeros(lanes, np.int64), 1))
    result = Exact(np.zeros(lanes, np.int64), 1)
    states = np.array([plan.state for plan in plans], dtype=np.int8)[number]
    reasons = [plan.reason for plan in plans]
    gone = np.flatnonzero(states)
    told: dict[int, str] = dict(zip(gone.tolist(), map(reasons.__getitem__, number[gone].tolist()), strict=True))
    for code, plan in enumerate(plans):
        if plan.state is not State.VALUE:
            continue
        where = np.flatnonzero(number == code)
        if sharing.by_count:
            value, weightless = _by_count(sharing, plan, groups, where)
            result = result.placed(where, value)
            states[where[weightless]] = State.NO_RESULT
            told.update(dict.fromkeys(where[weightless].tolist(), NO_WEIGHT))
        else:
            terms = [(g.value.take(where), c) for g, c in zip(groups, plan.coefficients, strict=True) if c]
            new = combined(terms) if terms else Exact(np.zeros(len(where), np.int64), 1)
            result = result.placed(where, new)
    return Column(result, states if told else None, told)


def _by_count(
    sharing: Sharing, plan: Plan, groups: Sequence[Gathered], where: Integers
) -> tuple[Exact, NDArray[np.bool_]]:
    """Lanes where every weight is multiplied by the number of values its group has; and where nothing weighs."""
    weights = [share.weight if share else Fraction(0) for share in sharing.shares]
    scale = lcm(1, *(w.denominator for w in weights))
    shared = gcd(*(int(w * scale) for w in weights)) or 1
    den = lcm(1, *(g.value.den for g in groups))
    whole = np.zeros(len(where), dtype=object)
    total = np.zeros(len(where), dtype=object)
    for i, target in plan.moves:
        weight = groups[i].counted[where].astype(object) * (int(weights[i] * scale) // shared)
        whole = whole + weight
        if target is not None:
            value = groups[target].value
            total = total + value.num[where].astype(object) * weight * (den // value.den)
    weightless = np.asarray(whole == 0, dtype=np.bool_)
    whole[weightless] = 1
    common = lcm(1, *set(whole.tolist()))
    return Exact(narrowed(total * (common // whole)), den * common), weightless
