"""What must hold whatever the scheme: order never matters, nothing is raised, quotas are ceilings, arithmetic is exact."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.facts import BallotBatch, Exemption, Facts, Unit
from app.domain.quantities import Quantity, State
from app.domain.results import Results, Step
from app.domain.schemes import (
    Item,
    Limits,
    MarksSource,
    Node,
    Normalisation,
    OfficeSource,
    ResultsSource,
    Rounding,
    Scheme,
    items_of,
)
from app.scoring.engine import evaluate
from app.scoring.exact import Exact, combined
from tests.builders import block, evaluators, item, node, office, scheme, shuffled, shuffled_block, units
from tests.scoring.naive.arithmetic import NA, NONE, rounded, together, within_limits
from tests.scoring.naive.readings import View, read
from tests.scoring.naive.tree import full, join
from tests.worlds import worlds

World = tuple[tuple[Scheme, ...], Facts]
FREE = Limits(minimum=None, maximum=None)
OFFICE = OfficeSource()


def results_of(world: World) -> Results:
    return evaluate(*world).results()


# ---- order


def shuffled_ballots(one: BallotBatch, random: Random) -> BallotBatch:
    return replace(one, ballots=tuple(random.sample(one.ballots, len(one.ballots))))


@settings(max_examples=60)
@given(worlds(), st.integers(0, 1000))
def test_that_the_order_of_the_facts_never_matters(world: World, seed: int) -> None:
    schemes, facts = world
    random = Random(seed)
    mixed = shuffled(facts, random)
    mixed = replace(
        mixed,
        blocks=tuple(shuffled_block(b, random) for b in mixed.blocks),
        ballots=tuple(shuffled_ballots(b, random) for b in mixed.ballots),
    )
    assert results_of((schemes, mixed)) == results_of(world)


@settings(max_examples=50)
@given(worlds())
def test_that_the_order_of_the_schemes_never_matters(world: World) -> None:
    schemes, facts = world
    forwards, backwards = results_of(world), results_of((schemes[::-1], facts))
    assert {s.scheme: s for s in forwards.schemes} == {s.scheme: s for s in backwards.schemes}


# ---- adjustments and quotas


@settings(max_examples=100)
@given(worlds())
def test_that_no_adjustment_raises_a_grade_or_touches_a_score(world: World) -> None:
    schemes, facts = world
    without = {s.scheme: s for s in results_of((tuple(replace(s, adjustments=()) for s in schemes), facts)).schemes}
    for result, one in zip(results_of(world).schemes, schemes, strict=True):
        height = {g.id: i for i, g in enumerate(one.ladder.grades)}
        for code, unit in result.units.items():
            if all(i.source.kind != "results" for i in items_of(one)):
                assert (unit.total, unit.rank) == (without[one.id].units[code].total, without[one.id].units[code].rank)
            for grade in unit.grades:
                assert grade.manual or not grade.final or height[grade.final] >= height[grade.by_quota]
            for record in unit.adjustments:
                assert not record.before or height[record.after] >= height[record.before]
                assert record.effective == (record.before != record.after) or record.effect == "remark"


@settings(max_examples=100)
@given(worlds())
def test_that_a_quota_is_never_exceeded_unless_all_tied_units_are_let_in(world: World) -> None:
    schemes, facts = world
    outside = {(d.scheme, d.unit) for d in facts.decisions if d.outside_quota}
    for result, one in zip(results_of(world).schemes, schemes, strict=True):
        moving = any(a.freed_place == "passed_on" for a in one.adjustments)
        quotas = {g.id: g.quota for g in one.ladder.grades if g.quota}
        for field in result.series:
            for line in field.quotas:
                if line.kind == "floor" or quotas[line.grade].ties == "all_in":
                    continue
                assert line.taken <= line.places
                if not moving:
                    holders = [u for u in field.order if result.units[u].grade.by_quota == line.grade]
                    ranked = [u for u in holders if result.units[u].participation == "ranked"]
                    assert len([u for u in ranked if (one.id, u) not in outside]) == line.taken


@settings(max_examples=100)
@given(worlds())
def test_that_a_floor_never_raises_anybody(world: World) -> None:
    """Where nothing but the floor can differ: one scheme, no place passed on."""
    schemes, facts = world
    one = schemes[0]
    if any(a.freed_place == "passed_on" for a in one.adjustments):
        one = replace(one, adjustments=())
    ladder = replace(one.ladder, grades=tuple(replace(g, floor=None) for g in one.ladder.grades))
    kept = results_of(((one,), facts)).schemes[0].units
    free = results_of(((replace(one, ladder=ladder),), facts)).schemes[0].units
    height = {g.id: i for i, g in enumerate(one.ladder.grades)}
    for code, unit in kept.items():
        for grade, before in zip(unit.grades, free[code].grades, strict=True):
            assert grade.manual or not grade.final or height[grade.final] >= height[before.final]


# ---- gathering


@given(st.lists(st.integers(0, 99), min_size=1, max_size=12), st.integers(1, 5))
def test_that_one_more_rater_who_gives_the_mean_leaves_the_mean(marks: list[int], copies: int) -> None:
    marks = [m * len(marks) for m in marks]  # so that the mean is a whole number
    more = [*marks, *[sum(marks) // len(marks)] * copies]
    one = scheme(item("work", 1000, limits=FREE))

    def total(values: list[int]) -> Quantity:
        people = evaluators(" ".join(f"e{n}" for n in range(len(values))))
        sheets = tuple(block(one, e.code, {("u", "work"): v}) for e, v in zip(people, values, strict=True))
        return (
            results_of(((one,), Facts(units=units("u"), evaluators=people, blocks=sheets))).schemes[0].units["u"].total
        )

    assert total(more) == total(marks) == Quantity.of(Fraction(sum(marks), len(marks)))


@given(
    st.sampled_from(["sum", "weighted", "scaled", "mean", "minimum", "maximum", "product"]),
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 9), st.integers(0, 100)), min_size=1, max_size=4),
    st.integers(0, 4),
)
def test_that_a_part_left_out_and_scaled_up_is_as_if_it_were_not_there(
    join: str, parts: list[tuple[int, int, int]], place: int
) -> None:
    """In a sum and a scaled sum the share of the full points stays; in the other joins the value itself."""

    def made(with_it: bool) -> Scheme:
        kinds = [item(f"i{n}", points, OFFICE, weight=Fraction(weight)) for n, (points, weight, _) in enumerate(parts)]
        if with_it:
            left = item("left", 30, OFFICE, weight=Fraction(7), not_applicable="renormalise")
            kinds.insert(min(place, len(kinds)), left)
        return scheme(node("part", *kinds, join=join))

    values = {f"i{n}": Fraction(points * percent, 100) for n, (points, _, percent) in enumerate(parts)}
    marks = tuple(m for k, v in values.items() for m in office("s", k, u=v))
    facts = Facts(units=units("u"), office_marks=marks)
    left_out = replace(facts, exemptions=(Exemption(scheme="s", unit="u", part="left", reason="无此职能"),))
    with_it = results_of(((made(True),), left_out)).schemes[0].units["u"].total.value
    without = results_of(((made(False),), facts)).schemes[0].units["u"].total.value
    assert with_it is not None and without is not None
    full, more = {"sum": (sum(p for p, _, _ in parts), 30), "scaled": (sum(w for _, w, _ in parts), 7)}.get(
        join, (1, 0)
    )
    assert with_it / (full + more) == without / full


METHODS = [
    Normalisation(method="mean_ratio"),
    Normalisation(method="mean_ratio", reference="all", high=1, low=1, digits=3),
    Normalisation(method="z_score", digits=3),
    Normalisation(method="z_score", digits=2, target_mean=Fraction(80), target_spread=Fraction(6)),
    Normalisation(method="best_ratio"),
]


@given(
    st.sampled_from(METHODS), st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 100)), min_size=1, max_size=9)
)
def test_that_a_common_measure_leaves_the_order_inside_a_group(
    rule: Normalisation, values: list[tuple[str, int]]
) -> None:
    one = scheme(item("work", source=OFFICE, normalisation=rule, limits=FREE))
    people = tuple(replace(units(f"u{n}")[0], series=series) for n, (series, _) in enumerate(values))
    marks = tuple(m for n, (_, v) in enumerate(values) for m in office("s", "work", **{f"u{n}": v}))
    found = results_of(((one,), Facts(units=people, office_marks=marks))).schemes[0].units
    for a, (series, value) in enumerate(values):
        for b, (other, less) in enumerate(values):
            upper, lower = found[f"u{a}"].total.value, found[f"u{b}"].total.value
            if series == other and value >= less and upper is not None and lower is not None:
                assert upper >= lower


# ---- explanations


@settings(max_examples=60)
@given(worlds())
def test_that_every_explanation_states_the_result(world: World) -> None:
    schemes, facts = world
    evaluation = evaluate(schemes, facts)
    for result, one in zip(evaluation.results().schemes, schemes, strict=True):
        names = {g.id: g.name for g in one.ladder.grades}
        for code, unit in result.units.items():
            for part, quantity in [*unit.parts.items(), ("total", unit.total)]:
                step = evaluation.explain(one.id, code, part)
                assert step.value == quantity
                assert step.text and step.sentence
            rank = evaluation.explain(one.id, code, "rank")
            assert (rank.value.value if rank.value else None) == unit.rank
            assert evaluation.explain(one.id, code, "zero_items").value is not None
            for grade in unit.grades:
                quantity = "grade" if grade.scope == "unit" else f"grade/{grade.scope}"
                assert evaluation.explain(one.id, code, quantity).text == names.get(grade.final, "没有等次")


def plain_of(quantity: Quantity) -> object:
    return {State.VALUE: quantity.value, State.NOT_APPLICABLE: NA, State.NO_RESULT: NONE}[quantity.state]


def check_node(one: Scheme, part: Node, step: Step, unit: Unit) -> None:
    """The inputs of a node's step, joined by the second calculator, come to the node's value."""
    inputs = {s.quantity: s for s in step.inputs}
    if part.gathering is not None or part.normalisation is not None:
        return  # told by evaluators, or with the value before: not by the parts alone
    values = {c.id: plain_of(inputs[c.id].value) for c in part.children}
    if not any(values[c.id] == NA and c.not_applicable == "series_mean" for c in part.children):
        again = join(part, unit, values, series_mean=None)
        if isinstance(again, Fraction):
            again = within_limits(again, part.limits, full(part, unit))
            again = rounded(again, part.rounding or one.rounding.node)
            if part.id == one.tree.id:
                again = rounded(again, one.rounding.total)
        assert again == plain_of(step.value)
    for child in part.children:
        check_step(one, child, inputs[child.id], unit)


def is_plain(part: Item) -> bool:
    """Nothing but a direct reading stands between the values and the limits."""
    return part.reading.kind == "direct" and not (part.conversion or part.overrides or part.normalisation)


def check_step(one: Scheme, part: Node | Item, step: Step, unit: Unit) -> None:
    """What a step shows is enough to come to its value by hand."""
    assert step.value is not None
    if step.value.state is State.VALUE:
        assert step.text in step.sentence
    if step.value.state is State.NOT_APPLICABLE and not step.inputs:
        return
    if isinstance(part, Node):
        check_node(one, part, step, unit)
    elif isinstance(part.source, ResultsSource) and is_plain(part) and step.value.state is State.VALUE:
        points = full(part, unit)
        view = View(unit, points, holds=None)
        told = [s.value.value for s in step.inputs if s.value is not None and s.value.value is not None]
        again = together([read(view, part.reading, v) for v in told], (part.gathering or one.gathering).within)
        again = within_limits(again, part.limits, points)
        assert rounded(again, part.rounding or one.rounding.item) == step.value.value
    elif isinstance(part.source, MarksSource):
        gathering = part.gathering or one.gathering
        for group in step.inputs:
            if group.value is None or group.value.state is not State.VALUE:
                continue
            counted = [s.value.value for s in group.inputs if s.value is not None and s.value.value is not None]
            assert rounded(together(counted, gathering.within), one.rounding.group) == group.value.value
            left_out = sum(s.sentence.endswith("去掉") for s in group.inputs)
            cut = gathering.within.high + gathering.within.low
            if gathering.within.equal == "so_many":
                trimmed = gathering.within.method == "trimmed" and len(counted) > max(cut, gathering.within.above)
                assert left_out == (cut if trimmed else 0)


@settings(max_examples=60)
@given(worlds())
def test_that_what_an_explanation_shows_is_enough_to_work_it_out_by_hand(world: World) -> None:
    schemes, facts = world
    evaluation = evaluate(schemes, facts)
    for one in schemes:
        for unit in facts.units:
            if unit.level == one.level:
                check_step(one, one.tree, evaluation.explain(one.id, unit.code, "total"), unit)
                for measure in one.measures:
                    check_step(one, measure, evaluation.explain(one.id, unit.code, measure.id), unit)


# ---- arithmetic

MODES = ("half_up", "half_even", "down", "up")


def false_results(count: int, seed: int) -> int:
    """Weighted sums of random values, rounded, compared and ordered: how many differ from plain fractions."""
    random = Random(seed)
    wrong = 0
    for _ in range(count // 1000):
        dens = [random.choice((1, 2, 3, 7, 40, 97, 1000, 10**6, 998244353)) for _ in range(3)]
        nums = [[random.randint(-(10**7), 10**7) // random.choice((1, 50, 10**6)) for _ in range(1000)] for _ in dens]
        weights = [Fraction(random.randint(-9, 30), random.choice((1, 7, 10, 100, 10**9 + 7))) for _ in dens]
        rule = Rounding(digits=random.randint(0, 6), mode=random.choice(MODES))
        sums = combined([(Exact(np.array(n, np.int64), d), w) for n, d, w in zip(nums, dens, weights, strict=True)])
        plain = [
            sum((w * Fraction(n[i], d) for n, d, w in zip(nums, dens, weights, strict=True)), Fraction(0))
            for i in range(1000)
        ]
        shown = sums.rounded(rule)
        line = random.choice(plain)
        plain_shown = [rounded(p, rule) for p in plain]
        wrong += sum(sums.at(i) != p or shown.at(i) != plain_shown[i] for i, p in enumerate(plain))
        wrong += int((sums.less(line) != np.array([p < line for p in plain])).sum())
        wrong += int((sums.greater(line) != np.array([p > line for p in plain])).sum())
        keys = shown.keys()
        wrong += sorted(range(1000), key=keys.__getitem__) != sorted(range(1000), key=plain_shown.__getitem__)
    return wrong


def test_that_a_hundred_thousand_sums_are_rounded_and_ordered_as_fractions_are() -> None:
    assert false_results(100_000, 2026) == 0


@pytest.mark.release
def test_that_a_million_sums_are_rounded_and_ordered_as_fractions_are() -> None:
    assert false_results(1_000_000, 20261123) == 0


@given(st.integers(-(10**12), 10**12), st.integers(0, 6), st.sampled_from(MODES))
def test_that_a_half_goes_where_the_mode_says(whole: int, digits: int, mode: str) -> None:
    half = Fraction(2 * whole + 1, 2 * 10**digits)
    below, above = Fraction(whole, 10**digits), Fraction(whole + 1, 10**digits)
    outer, inner = (above, below) if half > 0 else (below, above)
    even = below if whole % 2 == 0 else above
    wanted = {"half_up": outer, "up": outer, "down": inner, "half_even": even}[mode]
    rule = Rounding(digits=digits, mode=mode)  # type: ignore[arg-type]
    assert Exact.of([half]).rounded(rule).at(0) == wanted == rounded(half, rule)
