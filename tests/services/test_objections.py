"""Objections: filed, due, answered, and both results stay in the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Decision
from app.services.container import Services
from app.services.objections import Objection


def objection(**more: Any) -> Objection:
    plain = Objection(
        id="", scheme="department", unit="D1", by="第1局", text="加分未计", filed="2026-12-20", due="", before=0
    )
    return replace(plain, **more)


@pytest.fixture
def settled(full: Services) -> Services:
    """Computed and frozen."""
    full.results.compute()
    full.results.freeze("审定", "主任")
    return full


def corrected(services: Services) -> None:
    """Another grade for D1, by a decision, frozen again."""
    services.results.unfreeze("复核", "主任")
    stands = services.results.current()
    assert stands is not None
    grade = stands.results.schemes[-1].units["D1"].grade.final
    other = next(g for g in ("g0", "g1", "g2") if g != grade)
    services.results.decide(Decision(scheme="department", unit="D1", grade=other, reason="复核决定", by="主任"))
    services.results.compute()
    services.results.freeze("复核后审定", "主任")


def test_that_an_objection_is_filed_while_the_result_is_frozen_with_its_due_date(settled: Services) -> None:
    filed = settled.objections.file(objection()).value
    assert (filed.id, filed.due, filed.before, filed.state) == ("F001", "2026-12-30", 1, "open")
    [view] = settled.objections.all("2026-12-30")
    assert not view.overdue
    assert view.before is not None and view.before.unit == "D1"
    assert view.after is None
    assert settled.objections.all("2026-12-31")[0].overdue


def test_that_the_office_sets_the_days_and_may_state_another_date(settled: Services) -> None:
    settled.results.unfreeze("设期限", "主任")
    settled.objections.set_days(15)
    assert settled.objections.due("2026-12-20") == "2027-01-04"
    assert settled.objections.file(objection(due="2026-12-22")).value.due == "2026-12-22"
    with pytest.raises(AppError):
        settled.objections.set_days(0)


def test_that_a_corrected_result_leaves_both_values_in_the_record(settled: Services) -> None:
    settled.objections.file(objection())
    with pytest.raises(AppError) as refused:
        settled.objections.answer("F001", "corrected", "核实", "考核办", "2026-12-25")
    assert "还没有定稿" in refused.value.detail
    corrected(settled)
    answered = settled.objections.answer("F001", "corrected", "加分属实", "考核办", "2026-12-25").value
    assert (answered.before, answered.after, answered.answered) == (1, 2, "2026-12-25")
    [view] = settled.objections.all("2027-03-01")
    assert view.before is not None and view.after is not None
    assert view.before.grade.final != view.after.grade.final
    assert not view.overdue
    [entry] = settled.audit.entries(1)
    assert entry.label == "答复复核 F001：更正"


def test_that_a_correction_that_changes_nothing_of_the_unit_is_refused(settled: Services) -> None:
    settled.objections.file(objection(unit="D2"))
    settled.results.unfreeze("复核", "主任")
    settled.results.compute()
    settled.results.freeze("再定", "主任")
    with pytest.raises(AppError) as refused:
        settled.objections.answer("F001", "corrected", "核实", "考核办")
    assert "不是更正" in refused.value.detail


def test_that_an_upheld_result_stays_and_an_appeal_may_follow(settled: Services) -> None:
    settled.objections.file(objection())
    assert settled.objections.answer("F001", "upheld", "核对无误", "考核办", "2026-12-22").value.after == 1
    appeal = settled.objections.file(objection(kind="appeal", filed="2026-12-23")).value
    assert appeal.id == "F002"
    settled.objections.withdraw("F002", "本单位撤回")
    assert [v.objection.state for v in settled.objections.all()] == ["answered", "withdrawn"]


ANSWERS: dict[str, Callable[[Services], object]] = {
    "unknown": lambda s: s.objections.answer("F009", "upheld", "无误", "甲"),
    "without a reason": lambda s: s.objections.answer("F001", "upheld", " ", "甲"),
    "by nobody": lambda s: s.objections.answer("F001", "upheld", "无误", ""),
    "on no day": lambda s: s.objections.answer("F001", "upheld", "无误", "甲", "明天"),
    "taken back without a reason": lambda s: s.objections.withdraw("F001", ""),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_that_an_answer_names_its_reason_and_person(settled: Services, answer: str) -> None:
    settled.objections.file(objection())
    with pytest.raises(AppError):
        ANSWERS[answer](settled)
    assert settled.objections.all()[0].objection.state == "open"


@pytest.mark.parametrize(
    "wrong",
    [
        objection(by=""),
        objection(text=" "),
        objection(filed=""),
        objection(filed="12月20日"),
        objection(due="2026-12-01"),
        objection(unit="X"),
        objection(scheme="x"),
        objection(before=7),
    ],
    ids=lambda o: f"{o.by}{o.filed}{o.due}{o.unit}{o.scheme}{o.before}",
)
def test_that_an_incomplete_objection_is_refused(settled: Services, wrong: Objection) -> None:
    with pytest.raises(AppError) as refused:
        settled.objections.file(wrong)
    assert refused.value.fault is Fault.INPUT_BAD
    assert settled.objections.all() == ()


def test_that_there_is_nothing_to_object_to_before_a_result(full: Services) -> None:
    with pytest.raises(AppError) as refused:
        full.objections.file(objection())
    assert "还没有可以复核的结果" in refused.value.detail


def test_that_an_answered_objection_is_closed(settled: Services) -> None:
    settled.objections.file(objection())
    settled.objections.answer("F001", "upheld", "无误", "甲")
    with pytest.raises(AppError) as refused:
        settled.objections.answer("F001", "upheld", "再答", "甲")
    assert "已经办结" in refused.value.detail
