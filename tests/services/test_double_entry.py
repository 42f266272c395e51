"""双人录入: two people, two turns, neither sees the other; differences are decided one by one, then it is one step."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.services.container import Desk, Services
from app.services.double_entry import Entry
from tests.services import small_year
from tests.services.conftest import created_folder, full, full_folder, services  # noqa: F401 - fixtures

A, B = ("B11", "study"), ("B21", "duty")


def typed(services: Services, by: str, **other: str) -> Entry:  # noqa: F811
    """One whole turn; other: marks that this person types differently."""
    begun = services.double_entry.begin("branch", "L1", by).value
    values = {(u.code, i.id): small_year.answer("L1", u.code, i.id) for u in begun.form.units for i in begun.form.items}
    values |= {{"a": A, "b": B}[name]: text for name, text in other.items()}
    return services.double_entry.finish("branch", "L1", begun.turn, values).value


def state(services: Services):  # noqa: F811
    return next(s for s in services.double_entry.states("branch") if s.evaluator == "L1")


def mark(services: Services, cell: tuple[str, str]) -> str:  # noqa: F811
    from app.services.imports.grid import mark_text, unpack

    block = services.sheets.block("branch", "L1")
    assert block is not None
    row, column = block.units.index(cell[0]), block.items.index(cell[1])
    return mark_text(int(unpack(block)[row, column]), block.digits[column], ())


def test_that_equal_turns_are_stored_as_one_step_with_both_names(services: Services) -> None:  # noqa: F811
    typed(services, "张三")
    typed(services, "李四")
    assert services.sheets.block("branch", "L1") is None  # nothing is stored before it is decided
    found = services.double_entry.compare("branch", "L1")
    assert (found.differences, found.equal, found.replaces) == ((), state(services).cells, 0)
    before = len(services.audit.entries(1000, 0))
    outcome = services.double_entry.adopt("branch", "L1", {})
    [entry, *_] = services.audit.entries(1000, 0)
    assert len(services.audit.entries(1000, 0)) == before + 1 and outcome.change.undoable
    assert "张三" in " ".join(entry.details) and "李四" in " ".join(entry.details)
    assert {e.by for e in outcome.value.edits} == {"张三、李四"} and "相同" in outcome.value.edits[0].reason
    assert state(services).turns == () and state(services).stored == state(services).cells
    services.history.undo()
    assert services.sheets.block("branch", "L1") is None and state(services).ready
    services.history.redo()
    assert mark(services, A) == small_year.answer("L1", *A)


def test_that_differences_are_listed_and_decided_cell_by_cell(services: Services) -> None:  # noqa: F811
    typed(services, "张三", a="51.00", b="30")
    typed(services, "李四", a="15", b="")
    found = services.double_entry.compare("branch", "L1")
    assert [(d.unit, d.item, d.first, d.second) for d in found.differences] == [
        ("B11", "study", "51.00", "15"),
        ("B21", "duty", "30", ""),
    ]
    assert (found.first_by, found.second_by) == ("张三", "李四")
    with pytest.raises(AppError) as refused:
        services.double_entry.adopt("branch", "L1", {A: "first"})
    assert "还有 1 处" in refused.value.detail and services.sheets.block("branch", "L1") is None
    services.double_entry.adopt("branch", "L1", {A: "second", B: "first"})
    assert (mark(services, A), mark(services, B)) == ("15", "30")


def test_that_two_ways_of_writing_the_same_mark_are_no_difference(services: Services) -> None:  # noqa: F811
    typed(services, "张三", a="51", b="弃权")
    typed(services, "李四", a="51.00", b="弃")
    assert services.double_entry.compare("branch", "L1").differences == ()


def test_that_nobody_types_both_turns_and_nobody_sees_the_other(services: Services) -> None:  # noqa: F811
    typed(services, "张三", a="51")
    with pytest.raises(AppError) as refused:
        services.double_entry.begin("branch", "L1", " 张　三 ")
    assert "另一个人" in refused.value.detail
    second = services.double_entry.begin("branch", "L1", "李四").value
    assert (second.turn, dict(second.values)) == (2, {})
    with pytest.raises(AppError) as refused:
        services.double_entry.compare("branch", "L1")
    assert "都录完" in refused.value.detail
    with pytest.raises(AppError) as refused:
        services.double_entry.begin("branch", "L1", "王五")
    assert "张三、李四" in refused.value.detail
    with pytest.raises(AppError):
        services.double_entry.begin("branch", "L1", "  ")


def test_that_a_turn_survives_closing_the_program(services: Services, awkward_folder: Path) -> None:  # noqa: F811
    services.double_entry.begin("branch", "L1", "张三")
    services.double_entry.save("branch", "L1", 1, {A: "51", B: "30"})
    services.double_entry.save("branch", "L1", 1, {B: ""})
    services.close()
    again = Desk("考核办乙", awkward_folder / "own").open(awkward_folder / "2026年度.slk")
    try:
        own = again.double_entry.begin("branch", "L1", "张三").value
        assert dict(own.values) == {A: "51"} and not own.finished
        assert [(t.by, t.filled, t.finished) for t in state(again).turns] == [("张三", 1, False)]
    finally:
        again.close()


@pytest.mark.parametrize(("cell", "text"), [(A, "61"), (A, "很好"), (A, "51.234")])
def test_that_what_cannot_be_a_mark_is_not_kept(services: Services, cell: tuple[str, str], text: str) -> None:  # noqa: F811
    services.double_entry.begin("branch", "L1", "张三")
    with pytest.raises(AppError) as refused:
        services.double_entry.save("branch", "L1", 1, {B: "30", cell: text})
    assert refused.value.fault is Fault.INPUT_BAD
    assert state(services).turns[0].filled == 0


def test_that_a_finished_turn_is_changed_only_by_throwing_it_away(services: Services) -> None:  # noqa: F811
    typed(services, "张三")
    with pytest.raises(AppError):
        services.double_entry.save("branch", "L1", 1, {A: "50"})
    with pytest.raises(AppError):
        services.double_entry.discard("branch", "L1", 1, " ")
    services.double_entry.discard("branch", "L1", 1, "拿错了表")
    assert state(services).turns == ()
    assert services.double_entry.begin("branch", "L1", "张三").value.turn == 1


def test_that_marks_which_are_there_already_are_told_and_corrected(full: Services) -> None:  # noqa: F811
    typed(full, "张三", a="50.5")
    typed(full, "李四", a="50.5")
    assert full.double_entry.compare("branch", "L1").replaces == 1
    block = full.double_entry.adopt("branch", "L1", {}).value
    assert [(e.unit, e.item, e.after, e.by) for e in block.edits] == [("B11", "study", "50.5", "张三、李四")]
    assert block.origin is not None  # the other cells still come from the file


def test_that_typing_does_not_make_a_result_stale_but_adopting_does(full: Services) -> None:  # noqa: F811
    full.results.compute()
    typed(full, "张三", a="50.5")
    typed(full, "李四", a="50.5")
    assert not full.results.is_stale()
    full.double_entry.adopt("branch", "L1", {})
    assert full.results.is_stale()


def test_that_a_frozen_result_lets_people_type_and_not_adopt(full: Services) -> None:  # noqa: F811
    full.results.compute()
    full.results.freeze("审定", "主任")
    typed(full, "张三", a="50.5")
    typed(full, "李四", a="50.5")
    with pytest.raises(AppError) as refused:
        full.double_entry.adopt("branch", "L1", {})
    assert refused.value.fault is Fault.CALC_FROZEN and state(full).ready
