"""Who moves is exactly what two kept results would differ in, and nobody moves without a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.domain import scheme_editing as editing
from app.domain.errors import AppError
from app.domain.facts import Facts
from app.domain.schemes import OfficeSource, Scheme, walk
from app.scoring.engine import Evaluation, evaluate
from app.services.comparison import ResultChange, compare
from app.services.schemes.moves import moves
from tests.builders import item, ladder, node, office, scheme, units
from tests.worlds import worlds


def changed(one: Scheme, random: Random) -> Scheme:
    """One random edit of one scheme."""
    parts = [p.id for p in walk(one.tree)][1:]
    chosen = random.choice(parts)
    path = editing.part_path(one, chosen)
    try:
        return random.choice(
            (
                lambda: editing.change(one, (*path, "points"), Fraction(random.randint(1, 40))),
                lambda: editing.change(one, (*path, "weight"), Fraction(random.randint(1, 9))),
                lambda: editing.remove(one, [chosen]),
                lambda: editing.duplicate(one, [chosen]),
                lambda: editing.change(one, ("ladder", "grades", 0, "line"), Fraction(random.randint(0, 100))),
                lambda: editing.change(one, ("adjustments",), ()),
            )
        )().scheme
    except AppError:
        return one


def differing(before: Evaluation, after: Evaluation, facts: Facts) -> list[ResultChange]:
    return list(compare(before.results(), after.results(), {u.code: u.name for u in facts.units}))


@given(worlds(), st.integers(0, 10_000))
def test_that_who_moves_is_what_the_results_differ_in(world: tuple[tuple[Scheme, ...], Facts], seed: int) -> None:
    schemes, facts = world
    random = Random(seed)
    at = random.randrange(len(schemes))
    other = [changed(s, random) if n == at else s for n, s in enumerate(schemes)]
    before, after = evaluate(schemes, facts), evaluate(other, facts)
    found = moves(before, after)
    assert sorted(found, key=where) == sorted(differing(before, after, facts), key=where)
    assert all(move.reasons for move in found)


def where(change: ResultChange) -> tuple[str, str]:
    return change.scheme, change.unit


def moved(before: Scheme, after: Scheme, facts: Facts) -> dict[str, list[str]]:
    found: Sequence[ResultChange] = moves(evaluate((before,), facts), evaluate((after,), facts))
    return {m.unit: [r.sentence for r in m.reasons] for m in found}


def test_that_the_lowest_part_that_differs_is_the_reason() -> None:
    one = scheme(
        node("upper", item("low", 10, source=OfficeSource()), item("other", 10, source=OfficeSource())),
        ladder=ladder(15),
    )
    facts = Facts(
        units=units("u1 u2"), office_marks=(*office("s", "low", u1=8, u2=10), *office("s", "other", u1=9, u2=9))
    )
    capped = editing.change(one, (*editing.part_path(one, "low"), "limits", "maximum"), Fraction(9)).scheme
    assert moved(one, capped, facts) == {"u2": ["“low” 10.00 → 9.00"]}
    joined = editing.change(one, (*editing.part_path(one, "upper"), "join"), "mean").scheme
    assert moved(one, joined, facts)["u1"][0] == "“upper” 17.00 → 8.50"


def test_that_a_unit_whose_total_stays_is_told_of_the_others() -> None:
    one = scheme(item("a", 10, source=OfficeSource()), ladder=ladder(5))
    facts = Facts(units=units("u1 u2"), office_marks=office("s", "a", u1=8, u2=9))
    capped = editing.change(one, (*editing.part_path(one, "a"), "limits", "maximum"), Fraction(7)).scheme
    assert moved(one, capped, facts)["u1"] == ["“a” 8.00 → 7.00"]
    above = editing.change(one, (*editing.part_path(one, "a"), "reading", "factor"), Fraction(1)).scheme
    assert moved(one, above, facts) == {}
    turned = replace(one, ranking=replace(one.ranking, style="none"))
    assert all("名次写法" in told[0] for told in moved(one, turned, facts).values())
