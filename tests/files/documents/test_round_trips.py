"""What is written is read back equal, and the same values give the same text."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.facts import Facts
from app.domain.schemes import Scheme
from app.files.documents import (
    dump_facts,
    fingerprint,
    read_case,
    read_results,
    read_scheme,
    write_case,
    write_results,
    write_scheme,
)
from app.scoring.cases import facts_of
from app.scoring.engine import evaluate
from tests.builders import shuffled
from tests.random_schemes import schemes
from tests.worlds import worlds

CASES = sorted((Path(__file__).parents[2] / "cases").glob("*.json"))
World = tuple[tuple[Scheme, ...], Facts]


@settings(max_examples=200)
@given(schemes())
def test_that_a_scheme_is_read_back_equal_and_its_text_is_stable(scheme: Scheme) -> None:
    text = write_scheme(scheme)
    again, findings = read_scheme(text)
    assert findings == ()
    assert again == scheme
    assert write_scheme(again) == text


@given(schemes(), st.integers(0, 99))
def test_that_the_fingerprint_does_not_depend_on_how_the_file_was_laid_out(scheme: Scheme, seed: int) -> None:
    def mixed(value: object) -> object:
        if isinstance(value, dict):
            keys = Random(seed).sample(list(value), len(value))
            return {k: mixed(value[k]) for k in keys}
        return [mixed(v) for v in value] if isinstance(value, list) else value

    text = write_scheme(scheme)
    other, findings = read_scheme("\ufeff" + json.dumps(mixed(json.loads(text)), ensure_ascii=True, indent=7))
    assert findings == () and other is not None
    assert fingerprint(write_scheme(other)) == fingerprint(text)


@given(schemes(), schemes())
def test_that_different_schemes_have_different_fingerprints(one: Scheme, other: Scheme) -> None:
    same = fingerprint(write_scheme(one)) == fingerprint(write_scheme(other))
    assert same == (one == other)


@settings(max_examples=100)
@given(worlds())
def test_that_results_are_read_back_equal(world: World) -> None:
    results = evaluate(*world).results()
    assert read_results(write_results(results)) == results


@given(worlds(), st.integers(0, 99))
def test_that_facts_in_another_order_are_the_same_text(world: World, seed: int) -> None:
    _, facts = world
    assert dump_facts(shuffled(facts, Random(seed))) == dump_facts(facts)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_that_a_case_written_and_read_again_says_the_same(path: Path) -> None:
    case, _ = read_case(path.read_text(encoding="utf-8"))
    assert case is not None
    again, findings = read_case(write_case(case))
    assert findings == () and again is not None
    assert (again.schemes, again.expect, facts_of(again)) == (case.schemes, case.expect, facts_of(case))
    assert write_case(again) == write_case(case)
