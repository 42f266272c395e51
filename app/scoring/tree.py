"""How a node joins its children: one plan for each pattern of states, used for all units at once and for telling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.domain.quantities import State
from app.domain.schemes import Node, Part, full_points
from app.scoring.columns import Column
from app.scoring.exact import Exact, Integers, combined, multiplied
from app.scoring.patterns import patterns

LINEAR = ("sum", "weighted", "scaled", "mean")  # joins that are Σ coefficient × value + constant


@dataclass(frozen=True, slots=True)
class Join:
    """The plan for one pattern: coefficient of each child (on-top ones too) and a constant; or no value, and why.

    filled: child index → how its missing value was filled (the policy; with ``series_mean`` the child's column holds
    the stand-in). enlarged: the factor of renormalising.
    """

    state: State
    coefficients: tuple[Fraction, ...] = ()
    constant: Fraction = Fraction(0)
    reason: str = ""
    filled: tuple[tuple[int, str], ...] = ()
    enlarged: Fraction = Fraction(1)


def plan_join(node: Node, states: tuple[State, ...]) -> Join:
    """The rule of the node for children in these states."""
    for child, state in zip(node.children, states, strict=True):
        if state is State.NO_RESULT:
            return Join(State.NO_RESULT, reason=f"“{child.name}”没有结果")
    counted = [i for i, child in enumerate(node.children) if not child.on_top]
    live = [i for i in counted if states[i] is State.VALUE]
    if counted and not live:
        return Join(State.NOT_APPLICABLE, reason="各部分均不适用")
    gone = [i for i in counted if states[i] is State.NOT_APPLICABLE]
    for i in gone:
        if node.children[i].not_applicable == "block":
            return Join(State.NO_RESULT, reason=f"“{node.children[i].name}”不适用，方案没有规定如何处理")
    if bad := _unusable(node, counted, live, gone):
        return Join(State.NO_RESULT, reason=bad)
    return _coefficients(node, states, counted, live, gone)


def _unusable(node: Node, counted: Sequence[int], live: Sequence[int], gone: Sequence[int]) -> str:
    """Why the plan cannot be made: points or weights that the join needs are not stated."""
    children = [node.children[i] for i in counted]
    if node.join in ("weighted", "scaled") and any(c.weight is None for c in children):
        return "有的部分没有写权重"
    if node.join == "scaled" and any(not full_points(c) for c in children):
        return "有的部分没有写满分"
    for child in (node.children[i] for i in gone):
        how = child.not_applicable
        known = [full_points(child)] if how == "full" else []
        if how == "renormalise" and node.join == "sum":
            known = [full_points(c) for c in children]
        if node.join == "sum" and how == "mean_of_others":  # of rates: nothing is a rate of 0 points
            known = [full_points(c) or None for c in (child, *(node.children[i] for i in live))]
        if None in known:
            return "有的部分没有写满分，不能处理不适用的部分"
    return ""


def unit_of_child(node: Node, child: Part) -> Fraction:
    """What one point of the child brings to the node before any filling: the coefficient of the join."""
    if node.join == "weighted":
        return child.weight or Fraction(0)
    if node.join == "scaled":
        return (child.weight or Fraction(0)) / (full_points(child) or Fraction(1))
    return Fraction(1)


def _whole(node: Node, child: Part) -> Fraction:
    """The child's share of the whole, on which renormalising works."""
    if node.join == "sum":
        return full_points(child) or Fraction(0)
    if node.join in ("weighted", "scaled"):
        return child.weight or Fraction(0)
    return Fraction(1)


def _coefficients(
    node: Node, states: tuple[State, ...], counted: Sequence[int], live: Sequence[int], gone: Sequence[int]
) -> Join:
    factors = {i: unit_of_child(node, node.children[i]) for i in live}
    constant = Fraction(0)
    filled: list[tuple[int, str]] = []
    share = sum((_whole(node, node.children[i]) for i in live), Fraction(0))
    for i in gone:
        child = node.children[i]
        if child.not_applicable == "renormalise":
            continue
        filled.append((i, child.not_applicable))
        share += _whole(node, child)
        constant += _fill(node, i, live, factors)
    whole = sum((_whole(node, node.children[i]) for i in counted), Fraction(0))
    if not counted:
        scale = Fraction(1)
    elif node.join == "weighted":
        scale = 1 / share if share else None
    elif node.join == "mean":
        scale = Fraction(1, len(live) + len(filled))
    elif node.join in ("sum", "scaled") and len(gone) > len(filled):
        scale = whole / share if share else None
    else:
        scale = Fraction(1)
    if scale is None:
        return Join(State.NO_RESULT, reason="适用部分的权重或满分合计为 0")
    coefficients = [factors.get(i, Fraction(0)) * scale for i in range(len(node.children))]
    for i, child in enumerate(node.children):
        if child.on_top and states[i] is State.VALUE:
            coefficients[i] = Fraction(1)
    enlarged = scale if node.join in ("sum", "scaled") else Fraction(1)
    return Join(State.VALUE, tuple(coefficients), constant * scale, "", tuple(filled), enlarged)


def _fill(node: Node, place: int, live: Sequence[int], factors: dict[int, Fraction]) -> Fraction:
    """Puts a missing child's stand-in into the plan: a constant, its own (filled) column, or more of the live
    children's values."""
    child = node.children[place]
    one = unit_of_child(node, child)
    if child.not_applicable == "full":
        return one * (full_points(child) or Fraction(0))
    if child.not_applicable == "series_mean":
        factors[place] = one
    if child.not_applicable == "mean_of_others":
        by_rate = node.join in ("sum", "scaled")
        points = full_points(child) or Fraction(1)
        for i in live:
            base = (full_points(node.children[i]) or Fraction(1)) if by_rate else Fraction(1)
            factors[i] += one * (points if by_rate else 1) / base / len(live)
    return Fraction(0)


def join_columns(node: Node, children: Sequence[Column], planned: Callable[[tuple[State, ...]], Join]) -> Column:
    """The node's column out of its children's, pattern by pattern; ``planned``: the node's plan for a pattern."""
    if all(c.state is None for c in children):
        plan = planned((State.VALUE,) * len(children))
        if plan.state is State.VALUE:
            return Column(joined(node, plan, children, None))
    number, found = patterns([c.state for c in children], children[0].count)
    plans = [planned(tuple(State(s) for s in states)) for states in found]
    result = Exact(np.zeros(len(number), np.int64), 1)
    for code, plan in enumerate(plans):
        if plan.state is State.VALUE:
            where = np.flatnonzero(number == code)
            result = result.placed(where, joined(node, plan, children, where))
    states = np.array([plan.state for plan in plans], dtype=np.int8)[number]
    gone = np.flatnonzero(states)
    reasons = [plan.reason for plan in plans]
    told: dict[int, str] = dict(zip(gone.tolist(), map(reasons.__getitem__, number[gone].tolist()), strict=True))
    return Column(result, states if told else None, told)


def joined(node: Node, plan: Join, children: Sequence[Column], where: Integers | None) -> Exact:
    """The children of these units (none: all) joined by a plan that fits them: before limits and rounding."""
    values = [c.exact if where is None else c.exact.take(where) for c in children]
    if node.join not in LINEAR:
        return _by_choice_or_product(node, plan, values)
    terms = [(v, k) for v, k in zip(values, plan.coefficients, strict=True) if k]
    return combined(terms or [(values[0], Fraction(0))], plan.constant)


def _by_choice_or_product(node: Node, plan: Join, values: Sequence[Exact]) -> Exact:
    """The lowest, the highest or the product of the children that count; filled ones count with what filled them."""
    count = len(values[0].num)
    filled = dict(plan.filled)
    live = [
        v
        for i, (v, c, k) in enumerate(zip(values, node.children, plan.coefficients, strict=True))
        if not c.on_top and k and i not in filled
    ]
    chosen = list(live)
    for i, how in plan.filled:
        if how == "series_mean":
            chosen.append(values[i])
        elif how == "mean_of_others":
            chosen.append(combined([(v, Fraction(1, len(live))) for v in live]))
        else:
            points = full_points(node.children[i]) or Fraction(0)
            chosen.append(Exact.constant(points if how == "full" else Fraction(0), count))
    result = chosen[0] if chosen else Exact.constant(Fraction(0), count)
    for other in chosen[1:]:
        result = multiplied(result, other) if node.join == "product" else _better(result, other, node.join)
    tops = [
        (v, Fraction(1)) for v, c, k in zip(values, node.children, plan.coefficients, strict=True) if c.on_top and k
    ]
    return combined([(result, Fraction(1)), *tops])


def _better(one: Exact, other: Exact, join: str) -> Exact:
    """The lower or the higher of two, unit by unit."""
    sign = 1 if join == "minimum" else -1
    difference = combined([(one, Fraction(sign)), (other, Fraction(-sign))])
    where = np.flatnonzero(np.asarray(difference.num > 0, dtype=np.bool_))
    return one.placed(where, other.take(where)) if where.size else one
