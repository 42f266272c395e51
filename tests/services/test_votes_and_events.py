"""Votes, events, office marks and exemptions: what is entered is checked, named and kept."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Event, Exemption, OfficeMark, VoteSession
from app.domain.findings import Severity
from app.domain.quantities import MarkState
from app.services.container import Services
from tests.services.small_year import inspection, office_marks, session, vote

# ---- votes


def test_that_a_session_gets_a_number_and_comes_back(services: Services) -> None:
    saved = services.votes.save(session()).value
    second = services.votes.save(session(name="第二次")).value
    assert (saved.id, second.id) == ("S001", "S002")
    assert services.votes.sessions() == (saved, second)
    changed = replace(saved, name="改名")
    services.votes.save(changed)
    assert services.votes.sessions()[0] == changed


@pytest.mark.parametrize(
    "wrong",
    [
        session(counts=(vote("D1", 15, 3, 0),)),
        session(counts=(vote("D1", 15, 5, 0),)),
        session(returned=21),
        session(invalid=21, counts=()),
        session(present=23),
    ],
    ids=["too few", "too many", "more back than out", "more invalid than back", "more present than expected"],
)
def test_that_counts_that_do_not_add_up_are_refused_by_name(services: Services, wrong: VoteSession) -> None:
    with pytest.raises(AppError) as refused:
        services.votes.save(wrong)
    assert refused.value.fault is Fault.VOTE_BAD_COUNT
    assert services.votes.sessions() == ()


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (session(name=" "), "name"),
        (session(date="12月8日"), "date"),
        (session(scheme="x"), "scheme"),
        (session(group="x"), "group"),
        (session(replaces="S009"), "replaces"),
        (session(issued=-1), "issued"),
        (session(counts=(vote("B11", 19, 0, 0),)), "第1局第1支部 › vote"),
        (session(counts=(replace(vote("D1", 19, 0, 0), item="problems"),)), "第1局 › problems"),
        (session(counts=(replace(vote("D1", 0, 0, 0), counts={"bad": 19}),)), "第1局 › vote"),
        (session(counts=(vote("D1", 19, 0, 0), vote("D1", 19, 0, 0))), "D1 › vote"),
    ],
)
def test_that_every_fault_of_a_session_names_its_place(services: Services, wrong: VoteSession, place: str) -> None:
    findings = services.votes.check(wrong)
    assert place in {f.place for f in findings if f.severity is Severity.ERROR}
    with pytest.raises(AppError):
        services.votes.save(wrong)


def test_that_a_session_is_deleted_only_with_a_reason_and_only_when_it_is_there(services: Services) -> None:
    saved = services.votes.save(session()).value
    with pytest.raises(AppError, match="理由"):
        services.votes.delete(saved.id, " ")
    with pytest.raises(AppError) as refused:
        services.votes.delete("S009", "录错")
    assert refused.value.fault is Fault.NOT_FOUND
    services.votes.delete(saved.id, "录错")
    assert services.votes.sessions() == ()


# ---- events


def test_that_an_event_gets_a_number_and_comes_back(services: Services) -> None:
    saved = services.events.save(inspection()).value
    assert saved.id == "E001"
    assert services.events.events() == (saved,)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (inspection("X"), "unit"),
        (inspection("B11"), "kind"),
        (replace(inspection(), kind="x"), "kind"),
        (inspection(occurred="2026/1/2"), "occurred"),
        (inspection(occurred="2026-11-01"), "concluded"),
        (inspection(amount=Fraction(-1)), "amount"),
    ],
)
def test_that_every_fault_of_an_event_names_its_field(services: Services, wrong: Event, place: str) -> None:
    with pytest.raises(AppError) as refused:
        services.events.save(wrong)
    assert refused.value.fault is Fault.INPUT_BAD
    assert [f.place for f in refused.value.findings] == [place]  # type: ignore[attr-defined]


def test_that_an_event_without_basis_or_approver_is_kept_and_warned_about(services: Services) -> None:
    bare = inspection(evidence="", approver="")
    assert {(f.place, f.severity) for f in services.events.check(bare)} == {
        ("evidence", Severity.WARNING),
        ("approver", Severity.WARNING),
    }
    services.events.save(bare)
    lines = [line.text for act in services.year.overview().acts for line in act.lines]
    assert "1 件事项没有写依据，不影响等次" in lines
    assert "1 件事项没有写批准人，不影响等次" in lines


# ---- values set by the office


def test_that_office_marks_are_set_changed_and_taken_out(services: Services) -> None:
    services.events.save_office_marks(office_marks())
    assert services.events.office_marks("department") == office_marks()
    first = office_marks()[0]
    services.events.save_office_marks([replace(first, value=MarkState.BLANK)])
    assert services.events.office_marks("department") == office_marks()[1:]


@pytest.mark.parametrize(
    "wrong",
    [
        replace(office_marks()[0], value=Fraction(11)),
        replace(office_marks()[0], value=Fraction(-1)),
        replace(office_marks()[0], basis=" "),
        replace(office_marks()[0], item="problems"),
        replace(office_marks()[0], item="x"),
        replace(office_marks()[0], unit="B11"),
        replace(office_marks()[0], level="good"),
    ],
)
def test_that_one_wrong_office_mark_keeps_all_of_them_out(services: Services, wrong: OfficeMark) -> None:
    with pytest.raises(AppError) as refused:
        services.events.save_office_marks([office_marks()[1], wrong])
    assert refused.value.fault is Fault.INPUT_BAD
    assert services.events.office_marks("department") == ()


# ---- exemptions


def test_that_an_exemption_reaches_the_sheets_and_can_be_taken_back(services: Services) -> None:
    services.events.exempt(Exemption(scheme="department", unit="D2", part="report", reason="新设机构"))
    form = next(f for f in services.sheets.forms("department") if f.identity.evaluator == "L1")
    assert {u.code: u.not_applicable for u in form.units} == {"D1": (), "D2": ("problems", "manner"), "D3": ()}
    services.events.withdraw_exemption("department", "D2", "report", "已运行一年")
    assert services.events.exemptions("department") == ()
    with pytest.raises(AppError):
        services.events.withdraw_exemption("department", "D2", "report", "再来")


@pytest.mark.parametrize(("part", "reason"), [("report", ""), ("x", "因")])
def test_that_an_exemption_wants_a_reason_and_an_existing_part(services: Services, part: str, reason: str) -> None:
    with pytest.raises(AppError) as refused:
        services.events.exempt(Exemption(scheme="department", unit="D2", part=part, reason=reason))
    assert refused.value.fault is Fault.INPUT_BAD
