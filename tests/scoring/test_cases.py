"""Worked cases, small enough to check by hand: both calculators must come to what the case says."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.cases import Case
from app.files.documents import read_case
from app.scoring.cases import facts_of, unexpected
from app.scoring.engine import evaluate
from tests.scoring.comparison import differences as disagreements
from tests.scoring.comparison import plain_results
from tests.scoring.naive import naive_case, naive_results

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.json"))


def case_of(path: Path) -> Case:
    case, findings = read_case(path.read_text(encoding="utf-8"), path.name)
    assert case is not None, "\n".join(map(str, findings))
    return case


def differences(case: Case, units_of) -> list[str]:
    """What is not as expected; ``units_of(scheme)`` gives plain results by unit code."""
    found = []
    for expected in case.expect:
        unit = units_of(expected.scheme)[expected.unit]
        wanted = {**expected.parts, **dict.fromkeys(expected.none)}
        got = {n: unit["rank"] if n == "rank" else unit["total"] if n == "total" else unit["parts"][n] for n in wanted}
        for name in ("total", "rank"):
            if getattr(expected, name) is not None:
                wanted[name], got[name] = getattr(expected, name), unit[name]
        for name, key in (("grade", "final"), ("grade_by_quota", "by_quota")):
            if getattr(expected, name) is not None:
                wanted[name], got[name] = getattr(expected, name), unit["grades"]["unit"][key]
        for name, value in wanted.items():
            mine = got[name] if isinstance(got[name], Fraction | int) or name.startswith("grade") else None
            if mine != value:
                found.append(f"{expected.scheme} {expected.unit} {name}: {got[name]}, not {value}")
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_that_the_plain_calculator_comes_to_what_the_case_says(path: Path) -> None:
    case = case_of(path)
    results = naive_case(case)
    assert case.expect
    assert differences(case, lambda scheme: results[scheme]["units"]) == []


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_that_the_engine_comes_to_what_the_case_says(path: Path) -> None:
    case = case_of(path)
    facts, findings = facts_of(case)
    assert not findings
    results = evaluate(case.schemes, facts).results()
    assert differences(case, lambda scheme: plain_results(results)[scheme]["units"]) == []
    assert unexpected(case, results) == ()


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_that_both_calculators_agree_on_all_that_the_case_does_not_say(path: Path) -> None:
    case = case_of(path)
    facts, _ = facts_of(case)
    both = naive_results(case.schemes, facts)
    assert both == naive_case(case)
    assert disagreements(both, plain_results(evaluate(case.schemes, facts).results())) == []


@pytest.mark.parametrize(
    ("name", "code", "places"),
    [
        ("adjustment-needs", "A-EVIDENCE", {"乙单位 › 4", "丙单位 › 6"}),
        ("before-and-after-the-quota", "Q-FREED", {"甲单位"}),
        ("quota-ties", "Q-TIE", {"decide"}),
    ],
)
def test_that_what_needs_a_hand_is_told(name: str, code: str, places: set[str]) -> None:
    case = case_of(next(p for p in CASES if p.stem == name))
    results = evaluate(case.schemes, facts_of(case)[0]).results()
    told = [f for s in results.schemes for f in s.findings]
    assert {f.place for f in told if f.code == code} == places
    assert {f.code for f in told} == {code}


def test_that_there_are_cases() -> None:
    assert len(CASES) >= 60
