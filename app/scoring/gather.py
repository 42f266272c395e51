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

import numpy as np
from numpy.typing import NDArray

from app.domain.quantities import State
from app.domain.schemes import Gathering, GroupShare, Within
from app.scoring.columns import Column
from app.scoring.exact import Exact, Integers, combined

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

    share: GroupShare
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
    """How groups in these states join: coefficient of each group's value, or no value and why."""

    state: State
    coefficients: tuple[Fraction, ...] = ()
    reason: str = ""


@cache
def plan_groups(
    gathering: Gathering, shares: tuple[GroupShare, ...], names: tuple[str, ...], states: tuple[GroupState, ...]
) -> Plan:
    """The rule of the groups for one pattern of states (the same for bulk computing and for explaining)."""
    real = [i for i, share in enumerate(shares) if not is_spare(gathering, share)]
    if any(states[i] is GroupState.BLOCKED for i in real):
        return Plan(State.NO_RESULT, reason="有空白、弃权或读不出的分数，方案规定不得缺项")
    if all(states[i] is GroupState.NOT_APPLICABLE for i in real):
        return Plan(State.NOT_APPLICABLE, reason="评议人均填“不适用”")
    gone = [i for i in real if states[i] is GroupState.MISSING]
    if gone and gathering.missing_group == "block":
        return Plan(State.NO_RESULT, reason="没有足够有效分数的组：" + "、".join(names[i] for i in gone))
    weights = [Fraction(0)] * len(states)
    whole = Fraction(0)
    for i in real:
        target = _target(gathering, shares, states, i) if i in gone else i
        if states[i] is GroupState.NOT_APPLICABLE or (target is None and gathering.missing_group == "renormalise"):
            continue
        if target is None and gathering.missing_group == "use":
            return Plan(State.NO_RESULT, reason=f"“{names[i]}”没有足够有效分数，代替的组也没有")
        whole += shares[i].weight
        if target is not None:
            weights[target] += shares[i].weight
    if whole == 0:
        return Plan(State.NO_RESULT, reason="没有任何一组有有效分数")
    return Plan(State.VALUE, tuple(w / whole for w in weights))


def is_spare(gathering: Gathering, share: GroupShare) -> bool:
    """A group that only stands in for missing ones and has no weight of its own."""
    return bool(gathering.groups) and all(share.group != g.group for g in gathering.groups)


def _target(
    gathering: Gathering, shares: tuple[GroupShare, ...], states: tuple[GroupState, ...], missing: int
) -> int | None:
    """The group whose value stands in for a missing one."""
    if gathering.missing_group != "use":
        return None
    for i, share in enumerate(shares):
        if share.group == gathering.use and i != missing and states[i] is GroupState.VALUE:
            return i
    return None


def join_groups(gathering: Gathering, groups: Sequence[Gathered]) -> Column:
    """One value per lane out of the groups' values, pattern by pattern of their states."""
    shares, names = tuple(g.share for g in groups), tuple(g.name for g in groups)
    lanes = len(groups[0].state)
    pattern = np.zeros(lanes, np.int64)
    for g in groups:
        pattern = pattern * 4 + g.state
    codes = np.unique(pattern)
    if len(codes) == 1 and codes[0] == 0:
        plan = plan_groups(gathering, shares, names, (GroupState.VALUE,) * len(groups))
        if plan.state is State.VALUE:
            return Column(combined([(g.value, c) for g, c in zip(groups, plan.coefficients, strict=True)]))
    result = Exact(np.zeros(lanes, np.int64), 1)
    states = np.zeros(lanes, np.int8)
    reasons: dict[int, str] = {}
    for code in codes.tolist():
        where = np.flatnonzero(pattern == code)
        kinds = tuple(GroupState(code // 4**i % 4) for i in reversed(range(len(groups))))
        plan = plan_groups(gathering, shares, names, kinds)
        if plan.state is State.VALUE:
            terms = [(g.value.take(where), c) for g, c in zip(groups, plan.coefficients, strict=True) if c]
            new = combined(terms) if terms else Exact(np.zeros(len(where), np.int64), 1)
            result = result.placed(where, new)
        else:
            states[where] = plan.state
            reasons.update({int(lane): plan.reason for lane in where})
    return Column(result, states if reasons else None, reasons)
