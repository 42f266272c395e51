"""Votes by period and by number, events by table, promotions outside the quota: what the whole language asks of facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Decision, Event, VoteCount, VoteSession
from app.domain.findings import Finding, Severity
from app.domain.schemes import (
    Applies,
    DirectReading,
    EventAmount,
    EventKind,
    EventsSource,
    Grade,
    Ladder,
    LevelsReading,
    Periods,
    Quota,
    Scheme,
    Variant,
    VotesSource,
    Voting,
)
from app.files.documents import write_scheme
from app.services.container import Desk, Services
from app.services.forms import form_items
from app.services.votes import periods_of, vote_items
from tests.builders import item, scheme, units
from tests.services.small_year import LEVELS, WHO


def spoken(**more: Any) -> Scheme:
    """A vote per half-year, one by number, a rate out of the first, events by table and by steps."""
    levels = LevelsReading(levels=LEVELS.levels)
    halves = Periods(names=("上半年", "下半年"))
    return scheme(
        item("view", 20, VotesSource(), reading=levels, periods=halves),
        item("mean", 20, VotesSource(), reading=DirectReading(digits=1), periods=halves),
        item("rate", 20, VotesSource(ballot_of="view"), reading=levels, periods=halves),
        item("events", 40, EventsSource(kinds=("punished", "late", "open"), start="full")),
        id="s",
        ladder=Ladder(
            grades=(
                Grade(id="best", name="优秀", line=Fraction(80), quota=Quota(share=Fraction(30))),
                Grade(id="good", name="良好", line=Fraction(60)),
                Grade(id="fair", name="一般"),
            )
        ),
        event_kinds=(
            EventKind(
                id="punished",
                name="受处分",
                table=(
                    EventAmount(person_class="班子成员", sanction="党内警告", amount=Fraction(2)),
                    EventAmount(person_class="班子成员", sanction="撤职", amount=Fraction(8)),
                    EventAmount(person_class="一般干部", sanction="党内警告", amount=Fraction(1)),
                ),
            ),
            EventKind(id="late", name="迟报", steps=(Fraction(1), Fraction(2))),
            EventKind(id="open", name="其他"),
        ),
        **more,
    )


def created(folder: Path, one: Scheme) -> Services:
    path = folder / "s.json"
    path.write_text(write_scheme(one), encoding="utf-8")
    opened = Desk(WHO, folder / "own").create(folder / "2026年度.slk", [path], None, "", "试验年度")
    for unit in units("A B"):
        opened.units.save_unit(unit)
    return opened


@pytest.fixture
def year(awkward_folder: Path) -> Iterator[Services]:
    opened = created(awkward_folder, spoken())
    yield opened
    opened.close()


# ---- votes


def voted(**more: Any) -> VoteSession:
    plain = VoteSession(
        id="",
        name="上半年测评",
        scheme="s",
        group="",
        date="2026-07-01",
        issued=10,
        returned=10,
        period="上半年",
        counts=(
            VoteCount(unit="A", item="view", counts={"good": 9, "fair": 1}),
            VoteCount(unit="A", item="mean", counts={"18.5": 4, "20": 6}),
        ),
    )
    return replace(plain, **more)


def test_that_a_session_of_a_period_with_numbers_comes_back(year: Services) -> None:
    saved = year.votes.save(voted()).value
    assert year.votes.sessions() == (saved,)
    assert saved.period == "上半年"


def test_that_items_counted_elsewhere_are_not_voted_on_and_periods_are_those_of_the_items() -> None:
    assert list(vote_items(spoken())) == ["view", "mean"]
    assert periods_of(spoken(), "") == ("上半年", "下半年")


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (voted(period=""), "period"),
        (voted(period="三季度"), "period"),
        (voted(counts=(VoteCount(unit="A", item="rate", counts={"good": 10}),)), "单位A › rate"),
        (voted(counts=(VoteCount(unit="A", item="mean", counts={"21": 10}),)), "单位A › mean"),
        (voted(counts=(VoteCount(unit="A", item="mean", counts={"好": 10}),)), "单位A › mean"),
    ],
)
def test_that_a_session_of_no_period_or_with_no_answer_is_refused(
    year: Services, wrong: VoteSession, place: str
) -> None:
    with pytest.raises(AppError):
        year.votes.save(wrong)
    assert [f.place for f in year.votes.check(wrong)] == [place]


@pytest.mark.parametrize(("rule", "said"), [("void", "整次不算"), ("accept", "仍然计入")])
def test_that_more_ballots_back_than_out_are_told_with_what_the_scheme_makes_of_it(
    awkward_folder: Path, rule: Any, said: str
) -> None:
    year = created(awkward_folder, spoken(voting=Voting(more_returned=rule)))
    session = voted(issued=9)
    [finding] = year.votes.check(session)
    assert finding.severity is Severity.WARNING
    assert said in finding.message
    year.votes.save(session)
    year.close()


# ---- events


def event(**more: Any) -> Event:
    plain = Event(
        id="",
        kind="punished",
        unit="A",
        title="处分",
        concluded="2026-05-01",
        person="演练甲",
        person_class="班子成员",
        sanction="党内警告",
        evidence="决定",
        approver="主任",
    )
    return replace(plain, **more)


def test_that_an_event_of_the_table_needs_no_amount_and_comes_back_with_all_fields(year: Services) -> None:
    saved = year.events.save(event(shared_by=2, counted_in=2025)).value
    assert year.events.events() == (saved,)
    with year.session.read() as work:
        said = work.audit.head().after
    assert all(word in said for word in ("演练甲", "班子成员", "党内警告", "2 家分摊", "2025 年已计"))


def errors(findings: tuple[Finding, ...]) -> list[str]:
    return [f.place for f in findings if f.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"person_class": "处长"}, ["person_class"]),
        ({"person_class": ""}, ["person_class"]),
        ({"sanction": "批评"}, ["sanction"]),
        ({"person_class": "一般干部", "sanction": "撤职"}, ["sanction"]),
        ({"shared_by": 0}, ["shared_by"]),
        ({"counted_in": 25}, ["counted_in"]),
        ({"counted_in": 2027}, ["counted_in"]),
        ({"kind": "open", "person_class": "", "sanction": ""}, ["amount"]),
        ({"kind": "late", "person_class": "", "sanction": ""}, []),
        ({"kind": "open", "amount": Fraction(3)}, []),
    ],
    ids=str,
)
def test_that_an_event_speaks_the_words_of_its_table(
    year: Services, changes: dict[str, Any], places: list[str]
) -> None:
    assert errors(year.events.check(event(**changes))) == places


def test_that_an_event_may_be_marked_as_counted_this_year(year: Services) -> None:
    assert year.events.check(event(counted_in=2026)) == ()


# ---- decisions outside the quota


def promotion(**more: Any) -> Decision:
    plain = Decision(scheme="s", unit="A", grade="best", reason="专项表彰", by="考核委", outside_quota=True)
    return replace(plain, **more)


def test_that_a_promotion_outside_the_quota_is_named_and_kept(year: Services) -> None:
    outcome = year.results.decide(promotion())
    assert outcome.change.label == "专项晋优：A"
    assert year.results.decisions() == (promotion(),)
    with year.session.read() as work:
        assert work.audit.head().after == "best（考核委，不占名额）"


@pytest.mark.parametrize(
    "wrong",
    [promotion(reason=""), promotion(by=" "), promotion(grade="good"), promotion(scope="person"), promotion(grade="x")],
    ids=["no reason", "nobody", "no places", "another scope", "no grade"],
)
def test_that_a_promotion_without_reason_name_or_places_to_spare_is_refused(year: Services, wrong: Decision) -> None:
    with pytest.raises(AppError) as refused:
        year.results.decide(wrong)
    assert refused.value.fault is Fault.INPUT_BAD
    assert year.results.decisions() == ()


# ---- limits


def test_that_a_sheet_takes_the_largest_points_that_a_variant_gives() -> None:
    plain = item("work", 20)
    more = replace(plain, variants=(Variant(applies_to=Applies(kinds=("窗口",)), points=Fraction(30)),))
    fixed = replace(more, reading=DirectReading(maximum=Fraction(25)))
    assert [f.maximum for one in (plain, more, fixed) for f in form_items(scheme(one))] == [20, 30, 25]
