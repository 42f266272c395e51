"""Results through the services: computing, staleness, freezing, comparing, deciding, explaining."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Decision, Facts
from app.domain.results import Step
from app.files.documents import write_results
from app.scoring.engine import evaluate
from app.services.container import Services
from app.services.results import facts_fingerprint
from tests.services import small_year
from tests.services.editing import edit


def grade_of(services: Services, unit: str) -> str:
    snapshot = services.results.current()
    assert snapshot is not None
    return next(s.units[unit].grade.final for s in snapshot.results.schemes if unit in s.units)


def test_that_a_computed_year_has_a_grade_for_every_unit(full: Services) -> None:
    snapshot = full.results.compute().value
    assert [s.scheme for s in snapshot.results.schemes] == ["branch", "department"]
    assert all(u.grade.final for s in snapshot.results.schemes for u in s.units.values())
    assert full.results.current() == snapshot
    assert not full.results.is_stale()


def test_that_a_kept_result_comes_back_as_it_was_computed(full: Services) -> None:
    snapshot = full.results.compute().value
    assert full.results.load(snapshot.info.version) == snapshot


def test_that_the_inspection_lowers_the_grade_by_one_step(full: Services) -> None:
    event = next(e for e in full.events.events() if e.kind == "inspection")
    lowered = full.results.compute().value
    full.events.delete(event.id, "录错单位")
    free = full.results.compute().value
    [change] = full.results.compare(lowered.info.version, free.info.version)
    order = ["g0", "g1", "g2"]
    assert change.unit == "D1"
    assert order.index(change.grade_before) == order.index(change.grade_after) + 1


def test_that_any_change_of_facts_or_schemes_makes_the_result_stale_and_undo_makes_it_fresh_again(
    full: Services,
) -> None:
    full.results.compute()
    full.events.save(small_year.inspection("D2"))
    assert full.results.is_stale()
    full.history.undo()
    assert not full.results.is_stale()
    edit(full, "department", "problems", name="查摆问题")
    assert full.results.is_stale()


def test_that_without_a_result_it_is_stale_and_nothing_is_current(services: Services) -> None:
    assert services.results.current() is None
    assert services.results.is_stale()
    assert services.results.versions() == ()


def test_that_a_scheme_with_errors_is_not_computed_with(full: Services) -> None:
    edit(full, "department", "report", points=Fraction(999))
    findings = full.schemes.check("department")
    assert any(f.severity == "error" for f in findings)
    with pytest.raises(AppError) as refused:
        full.results.compute()
    assert refused.value.fault is Fault.CALC_WEIGHTS
    assert full.results.current() is None


# ---- 定稿


def test_that_a_frozen_result_closes_everything_it_was_computed_from(full: Services, awkward_folder: Path) -> None:
    full.results.compute()
    frozen = full.results.freeze("部务会审定", "主任").value
    assert frozen.info.frozen
    assert frozen.info.frozen_by == "主任"
    block = full.sheets.block("branch", "L1")
    assert block is not None and block.origin is not None
    form = next(f for f in full.sheets.forms() if f.identity.sheet == "2026-branch-L1")
    sent = awkward_folder / "发出" / block.origin.file
    corrected = small_year.fill(form, sent, awkward_folder / "再交" / "改.xlsx", {("B11", "study"): "7"})
    writes = [
        lambda: full.events.save(small_year.inspection("D2")),
        lambda: full.votes.save(small_year.session()),
        lambda: edit(full, "branch", "study", name="学习"),
        lambda: small_year.take_in(full, corrected),
        lambda: full.results.compute(),
        lambda: full.history.undo(),
        lambda: full.units.save_unit(replace(full.units.units()[0], name="改名")),
        lambda: full.results.decide(Decision(scheme="branch", unit="B11", grade="g1", reason="因", by="甲")),
    ]
    before = full.audit.count()
    for write in writes:
        with pytest.raises(AppError) as refused:
            write()
        assert refused.value.fault is Fault.CALC_FROZEN
    assert full.audit.count() == before
    full.results.unfreeze("数据有误", "主任")
    full.events.save(small_year.inspection("D2"))


def test_that_a_stale_result_cannot_be_frozen(full: Services) -> None:
    full.results.compute()
    full.events.save(small_year.inspection("D2"))
    with pytest.raises(AppError) as refused:
        full.results.freeze("审定", "主任")
    assert refused.value.fault is Fault.CALC_STALE


def test_that_units_without_a_result_keep_it_from_being_final_and_are_named(services: Services) -> None:
    services.results.compute()
    with pytest.raises(AppError) as refused:
        services.results.freeze("审定", "主任")
    assert refused.value.fault is Fault.CALC_INCOMPLETE
    assert any("第1局" in str(f) for f in refused.value.findings)


@pytest.mark.parametrize(("reason", "by"), [("", "主任"), ("审定", " ")])
def test_that_freezing_wants_a_reason_and_a_name(full: Services, reason: str, by: str) -> None:
    full.results.compute()
    with pytest.raises(AppError) as refused:
        full.results.freeze(reason, by)
    assert refused.value.fault is Fault.INPUT_BAD


# ---- decisions by hand


def test_that_a_manual_grade_stands_until_it_is_withdrawn(full: Services) -> None:
    full.results.compute()
    before = grade_of(full, "D3")
    other = "g0" if before != "g0" else "g1"
    full.results.decide(Decision(scheme="department", unit="D3", grade=other, reason="专题会议决定", by="工委书记"))
    full.results.compute()
    assert grade_of(full, "D3") == other
    full.results.withdraw_decision("department", "D3", "unit", "决定撤销")
    full.results.compute()
    assert grade_of(full, "D3") == before


@pytest.mark.parametrize(
    "decision",
    [
        Decision(scheme="department", unit="D3", grade="g0", reason="", by="甲"),
        Decision(scheme="department", unit="D3", grade="g0", reason="因", by=""),
        Decision(scheme="department", unit="D3", grade="best", reason="因", by="甲"),
        Decision(scheme="department", unit="B11", grade="g0", reason="因", by="甲"),
        Decision(scheme="department", unit="X", grade="g0", reason="因", by="甲"),
    ],
)
def test_that_a_manual_grade_wants_reason_name_and_an_existing_grade_and_unit(
    full: Services, decision: Decision
) -> None:
    with pytest.raises(AppError) as refused:
        full.results.decide(decision)
    assert refused.value.fault is Fault.INPUT_BAD
    assert full.results.decisions() == ()


# ---- same data, same result


def shuffled(facts: Facts, seed: int) -> Facts:
    chance = random.Random(seed)

    def mixed(values: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(chance.sample(values, len(values)))

    names = ("units", "evaluators", "assignments", "blocks", "sessions", "events", "office_marks", "exemptions")
    return replace(facts, **{n: mixed(getattr(facts, n)) for n in names})


@pytest.mark.parametrize("seed", range(10))
def test_that_the_order_of_facts_changes_nothing(full: Services, seed: int) -> None:
    stored = full.results.compute().value
    with full.session.read() as work:
        facts = work.facts()
    schemes = full.schemes.all()
    other = shuffled(facts, seed)
    again = evaluate(tuple(reversed(schemes)), other)
    fingerprints = {s.id: full.schemes.fingerprint(s.id) for s in schemes}
    assert write_results(again.results(fingerprints, facts_fingerprint(other))) == write_results(stored.results)


# ---- explaining


def cells_of(step: Step) -> list[Step]:
    return ([step] if step.source else []) + [c for below in step.inputs for c in cells_of(below)]


def test_that_a_grade_is_told_in_sentences_down_to_file_sheet_and_cell(full: Services) -> None:
    full.results.compute()
    lines = full.results.sentences(full.results.explain("department", "D1"))
    text = "\n".join(lines)
    assert lines[0].startswith("等次：")
    assert "整改不到位降一档" in text
    assert "› 评分表 ›" in text
    assert all(line.rstrip().endswith(("。", "）")) for line in lines)
    assert lines[1].startswith("\u3000\u3000")


def test_that_an_unknown_figure_is_refused_by_name(full: Services) -> None:
    for scheme, unit, quantity in (("x", "D1", "grade"), ("department", "X", "grade"), ("department", "D1", "nothing")):
        with pytest.raises(AppError) as refused:
            full.results.explain(scheme, unit, quantity)
        assert refused.value.fault is Fault.NOT_FOUND
