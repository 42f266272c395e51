"""试算: results before there is a single score, from made-up facts, and nothing of it is kept."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from app.domain import scheme_editing as editing
from app.domain.errors import AppError
from app.domain.facts import Facts
from app.domain.schemes import Level, LevelsReading
from app.scoring.checks import check_scheme
from app.services.container import Services
from app.services.schemes.made_up import Quality, made_up_facts, raw_value
from app.services.schemes.trial import Trial, TrialWay
from tests.builders import item, scheme, units
from tests.random_schemes import make_schemes


def totals(trial: Trial) -> dict[str, Fraction | None]:
    return {code: unit.total.value for code, unit in trial.result.units.items()}


def test_that_a_stated_share_gives_everybody_that_share(services: Services) -> None:
    trial = services.schemes.trial(services.schemes.get("branch"), TrialWay(percent=Fraction(80)))
    assert set(totals(trial).values()) == {Fraction(80)}
    assert trial.told[0].startswith("试算用的是编造的数据，不会保存")
    assert "名册中的 6 个单位；每个评议人都给满分的 80%" in trial.told[1]


def test_that_the_levels_below_are_made_up_too(services: Services) -> None:
    trial = services.schemes.trial(services.schemes.get("department"), TrialWay(percent=Fraction(90)))
    assert all(value is not None for value in totals(trial).values())
    assert (
        trial.result.units["D1"].parts["below"].value == 18 or trial.result.units["D1"].parts["below"].value is not None
    )


def test_that_what_is_drawn_differs_by_unit_and_is_the_same_for_the_same_seed(services: Services) -> None:
    one = services.schemes.get("department")
    first, again, other = (services.schemes.trial(one, TrialWay(kind="random", seed=seed)) for seed in (1, 1, 2))
    assert totals(first) == totals(again) != totals(other)
    assert len(set(totals(first).values())) > 1


def test_that_a_further_change_shows_at_once_on_the_same_facts(services: Services) -> None:
    one = services.schemes.get("branch")
    trial = services.schemes.trial(one, TrialWay(kind="random"))
    now = editing.change(one, ("ladder", "grades", 0, "line"), Fraction(100)).scheme
    moves = trial.with_scheme(now)
    assert all(m.total_before == m.total_after and m.grade_before != m.grade_after for m in moves)
    assert trial.explain("B11", "total").inputs
    with pytest.raises(AppError):
        trial.explain("nobody")


def test_that_a_scheme_without_units_is_tried_with_invented_ones(services: Services) -> None:
    one = services.schemes.from_nothing("area", "片区", "片区方案")
    trial = services.schemes.trial(one, TrialWay(percent=Fraction(50)))
    assert len(trial.units) == 8 and set(totals(trial).values()) == {Fraction(50)}
    assert "假设的 8 个单位" in trial.told[1]


def test_that_nothing_of_a_try_out_is_kept(services: Services) -> None:
    before = services.audit.entries()[0].number
    file = services.session.file.path.read_bytes()
    services.schemes.trial(services.schemes.get("department"), TrialWay(kind="random"))
    assert services.audit.entries()[0].number == before
    assert services.session.file.path.read_bytes() == file


def test_that_another_years_facts_are_computed_with_these_rules(services: Services, full_folder: Path) -> None:
    one = editing.change(services.schemes.get("department"), ("tree", "children", 2, "points"), Fraction(7)).scheme
    trial = services.schemes.trial(one, TrialWay(kind="other_year", path=full_folder / "2026年度.slk"))
    assert trial.result.units["D1"].parts["office"].value == 7
    assert "2026年度.slk（2026 年度）" in trial.told[0]


@pytest.mark.parametrize("percent", [-1, 101])
def test_that_a_share_beyond_the_ends_is_refused(services: Services, percent: int) -> None:
    with pytest.raises(AppError, match="0 到 100"):
        services.schemes.trial(services.schemes.get("branch"), TrialWay(percent=Fraction(percent)))
    with pytest.raises(AppError, match="请选择一个年度文件"):
        services.schemes.trial(services.schemes.get("branch"), TrialWay(kind="other_year"))


def test_that_levels_are_chosen_by_how_good_somebody_is() -> None:
    levels = LevelsReading(
        levels=tuple(
            Level(id=i, name=i, points=None if p is None else Fraction(p))
            for i, p in (("a", 10), ("b", 5), ("n", None))
        )
    )
    assert [raw_value(levels, None, Fraction(q)) for q in ("0", "0.4", "0.6", "1")] == ["b", "b", "a", "a"]


@pytest.mark.parametrize("seed", range(60))
def test_that_any_scheme_that_the_check_accepts_can_be_tried_out(seed: int) -> None:
    from app.scoring.engine import evaluate

    made = make_schemes(Random(seed))
    one, others = made[-1], made[:-1]
    if any(f.severity == "error" for f in check_scheme(one, others)):
        return
    facts = made_up_facts(
        one, others, replace(made_up_facts(one, (), Facts(), Quality(None, 1)), blocks=()), Quality(None, 1)
    )
    result = evaluate((one, *others), facts).outcomes[one.id].result("")
    assert len(result.units) == 8


def test_that_invented_raters_are_enough_for_the_rules() -> None:
    from app.domain.schemes import Gathering, Within

    one = scheme(item("a", 10), gathering=Gathering(within=Within(method="trimmed", high=2, low=2), min_marks=4))
    facts = made_up_facts(one, (), replace(Facts(), units=units("u1 u2")), Quality(Fraction(1, 2), 0))
    assert (len(facts.evaluators), len(facts.blocks)) == (5, 5)
