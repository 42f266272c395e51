"""A made-up year of 120 units × 60 items × 200 evaluators in five weighted groups, 3 % of the marks missing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from app.domain.facts import Evaluator, Event, Facts, MarkBlock, Unit
from app.domain.schemes import (
    Adjustment,
    EventKind,
    EventsSource,
    Gathering,
    Grade,
    Group,
    Item,
    Ladder,
    Limits,
    MarksSource,
    Node,
    Quota,
    RoundingStages,
    Scheme,
    Within,
)

SHARES = (0.05, 0.15, 0.30, 0.30, 0.20)
WEIGHTS = (30, 25, 20, 15, 10)
TOPS, MIDDLES = 11, 30
BLANK = -(2**15)


@dataclass(frozen=True)
class World:
    """The scheme and facts as the engine takes them, and the bare arrays as a yardstick takes them."""

    scheme: Scheme
    facts: Facts
    marks: NDArray[np.int16]
    group_of: NDArray[np.int64]
    middle_weights: NDArray[np.int64]
    top_weights: NDArray[np.int64]
    events: NDArray[np.int64]


def make_world(
    evaluators: int = 200, units: int = 120, items: int = 60, rounding: RoundingStages | None = None
) -> World:
    """The same world for the same sizes."""
    chance = np.random.default_rng(7)
    sizes = [round(evaluators * share) for share in SHARES]
    group_of = np.repeat(np.arange(5), sizes)
    top_weights = np.diff(np.concatenate([[0], np.sort(chance.choice(np.arange(1, 100), TOPS - 1, False)), [100]]))
    middle_weights = chance.integers(1, 6, MIDDLES)
    base = chance.normal(85, 4, (1, units, items)) + chance.normal(0, 3, (len(group_of), 1, 1))
    noise = chance.normal(0, 5, (len(group_of), units, items))
    marks = np.clip(np.round((base + noise) * 20) * 5, 0, 10000).astype(np.int16)
    marks[chance.random(marks.shape) < 0.03] = BLANK
    events = chance.integers(0, 3, units) * (chance.random(units) < 0.3)
    scheme = _scheme(items, middle_weights, top_weights, rounding or RoundingStages())
    return World(scheme, _facts(marks, group_of, events), marks, group_of, middle_weights, top_weights, events)


def _scheme(items: int, middles: NDArray[np.int64], tops: NDArray[np.int64], rounding: RoundingStages) -> Scheme:
    leaves = [
        Item(id=f"i{j}", name=f"指标{j}", points=Fraction(100), weight=Fraction(1), source=MarksSource())
        for j in range(items)
    ]
    nodes = [
        Node(
            id=f"n{k}",
            name=f"二级{k}",
            join="weighted",
            weight=Fraction(int(middles[k])),
            points=Fraction(100),
            children=tuple(leaf for j, leaf in enumerate(leaves) if j * MIDDLES // items == k),
        )
        for k in range(MIDDLES)
    ]
    heads = [
        Node(
            id=f"t{m}",
            name=f"一级{m}",
            join="weighted",
            weight=Fraction(int(weight)),
            points=Fraction(100),
            children=tuple(node for k, node in enumerate(nodes) if k * TOPS // MIDDLES == m),
        )
        for m, weight in enumerate(tops)
    ]
    deduction = Item(
        id="deduction",
        name="扣分",
        on_top=True,
        source=EventsSource(kinds=("fault",), same_matter="each"),
        limits=Limits(minimum=None, maximum=None),
    )
    return Scheme(
        id="bench",
        name="测速方案",
        year=2026,
        level="department",
        groups=tuple(
            Group(id=f"g{g}", name=f"第{g + 1}组", weight=Fraction(w), roles=(f"r{g}",)) for g, w in enumerate(WEIGHTS)
        ),
        gathering=Gathering(within=Within(method="trimmed", high=1, low=1, above=4), missing_group="renormalise"),
        tree=Node(id="root", name="总分", join="weighted", points=Fraction(100), children=(*heads, deduction)),
        rounding=rounding,
        ladder=Ladder(
            grades=(
                Grade(id="good", name="好", line=Fraction(85), quota=Quota(share=Fraction(30))),
                Grade(id="fair", name="较好", line=Fraction(80)),
                Grade(id="plain", name="一般", line=Fraction(60)),
                Grade(id="poor", name="差"),
            )
        ),
        event_kinds=(EventKind(id="fault", name="通报", amount=Fraction(1)), EventKind(id="veto", name="一票否决")),
        adjustments=(Adjustment(id="veto", name="一票否决", effect="fix", grade="poor", events=("veto",)),),
    )


def _facts(marks: NDArray[np.int16], group_of: NDArray[np.int64], events: NDArray[np.int64]) -> Facts:
    count, units, items = marks.shape
    codes = tuple(f"U{u:04d}" for u in range(units))
    names = tuple(f"i{j}" for j in range(items))
    return Facts(
        units=tuple(
            Unit(code=c, name=f"单位{u}", level="department", series=f"系列{u % 4}", order=u)
            for u, c in enumerate(codes)
        ),
        evaluators=tuple(
            Evaluator(code=f"E{e:04d}", name=f"评议人{e}", role=f"r{group_of[e]}", order=e) for e in range(count)
        ),
        blocks=tuple(
            MarkBlock(
                sheet=f"bench-E{e:04d}",
                evaluator=f"E{e:04d}",
                scheme="bench",
                units=codes,
                items=names,
                values=marks[e].tobytes(),
                width=2,
                digits=(2,) * items,
            )
            for e in range(count)
        ),
        events=tuple(
            Event(id=f"{codes[u]}-{i}", kind="fault", unit=codes[u], evidence="通报", approver="考核办")
            for u in range(units)
            for i in range(int(events[u]))
        ),
    )
