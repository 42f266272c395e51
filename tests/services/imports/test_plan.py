"""The import plan: every cell accounted for, every question asked, nothing overwritten by something older."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.findings import Finding
from app.domain.sheets import SheetReading
from app.services.imports.draft import ImportState
from app.services.imports.grid import BLANK, RECUSED, unpack
from app.services.imports.plan import make_plan
from app.services.imports.values import CellKind, ImportPlan, OpenPlan, PlannedFile, ReadyPlan, Scan, ScannedFile
from tests.services.imports.readings import ITEMS, UNITS, grid_of, scan_of, scanned, state, stored

ROWS = ((80, 90), (70, None), (60, 65))


def settled(scan: Scan, at: ImportState, **answers: str) -> ReadyPlan:
    """The plan with the answers given (kind → choice), the suggested one elsewhere."""
    known: dict[str, str] = {}
    plan = make_plan(scan, at, known)
    while isinstance(plan, OpenPlan):
        known |= {q.id: answers.get(q.kind, q.suggested) for q in plan.questions if not q.answer}
        plan = make_plan(scan, at, known)
    return plan


def kinds(plan: ImportPlan) -> set[str]:
    return {q.kind for q in plan.questions}


def marks(file: PlannedFile) -> np.ndarray:
    """What would stand afterwards: the block as read with the edits on top."""
    assert file.block is not None
    grid = unpack(file.block)
    low = -(1 << (8 * file.block.width - 1))
    for edit, raw in file.edits:
        code = raw if raw > low + 3 else raw - low + BLANK
        grid[file.block.units.index(edit.unit), file.block.items.index(edit.item)] = code
    return grid


# ---- cells


def test_that_a_first_return_is_new_cell_by_cell() -> None:
    plan = settled(scan_of(scanned(ROWS)), state())
    [file] = plan.files
    assert (file.fate, plan.questions) == ("import", ())
    assert (file.totals.new, file.totals.blank, file.totals.cells) == (5, 1, 6)
    assert (marks(file) == grid_of(ROWS)).all()
    assert plan.state == "7"


def test_that_a_refused_cell_is_counted_shown_and_left_blank() -> None:
    rows = ((80, None), (70, 75), (60, 65))
    [file] = settled(scan_of(scanned(rows, refused=[(0, 1)])), state()).files
    assert (file.totals.new, file.totals.refused) == (5, 1)
    [change] = file.changes
    assert (change.kind, change.address, change.file) == (CellKind.REFUSED, "G11", "优秀")


def test_that_the_same_marks_again_change_nothing() -> None:
    [file] = settled(scan_of(scanned(ROWS)), state(stored(ROWS))).files
    assert (file.fate, file.block, file.totals.same, file.totals.blank) == ("same", None, 5, 1)


def test_that_a_mark_changed_in_the_file_is_taken_and_shown() -> None:
    changed = ((81, 90), (70, None), (60, 65))
    [file] = settled(scan_of(scanned(changed, modified=200)), state(stored(ROWS))).files
    assert (file.fate, file.totals.changed_there, file.totals.same) == ("update", 1, 4)
    assert [(c.address, c.stored, c.file) for c in file.changes] == [("F11", "80", "81")]
    assert (marks(file) == grid_of(changed)).all()


def test_that_a_mark_changed_in_the_program_stays_when_the_file_did_not_move() -> None:
    changed = ((80, 90), (70, 75), (60, 65))
    [file] = settled(scan_of(scanned(changed, modified=200)), state(stored(ROWS, edits={(0, 0): 85}))).files
    assert (file.totals.new, file.totals.changed_here) == (1, 1)
    assert (marks(file) == grid_of(((85, 90), (70, 75), (60, 65)))).all()
    [(edit, _)] = file.edits
    assert (edit.reason, edit.by, edit.before, edit.after) == ("核对", "甲", "80", "85")


@pytest.mark.parametrize(("answer", "first"), [("keep", 85), ("take", 81)])
def test_that_a_mark_changed_on_both_sides_is_asked_about(answer: str, first: int) -> None:
    scan = scan_of(scanned(((81, 90), (70, None), (60, 65)), modified=200))
    at = state(stored(ROWS, edits={(0, 0): 85}))
    [question] = make_plan(scan, at, {}).questions
    assert question.kind == "conflict"
    assert "F11" in question.details[0]
    plan = settled(scan, at, conflict=answer)
    assert plan.files[0].totals.both == 1
    stays = plan.files[0].block is None
    assert stays if answer == "keep" else marks(plan.files[0])[0, 0] == first


@pytest.mark.parametrize(("answer", "value"), [("keep", 80), ("take", BLANK)])
def test_that_a_mark_that_was_deleted_in_the_file_is_asked_about(answer: str, value: int) -> None:
    scan = scan_of(scanned(((None, 91), (70, None), (60, 65)), modified=200))
    at = state(stored(ROWS))
    assert kinds(make_plan(scan, at, {})) == {"emptied"}
    assert marks(settled(scan, at, emptied=answer).files[0])[0, 0] == value


def test_that_a_refused_cell_keeps_the_stored_mark_and_says_where_it_came_from() -> None:
    scan = scan_of(scanned(((None, 91), (70, None), (60, 65)), modified=200, refused=[(0, 0)]))
    [file] = settled(scan, state(stored(ROWS))).files
    assert marks(file)[0, 0] == 80
    [(edit, _)] = file.edits
    assert edit.reason == "沿用上次导入的分数：上次.xlsx › 评分表 › F11"


def test_that_rows_in_another_order_are_the_same_marks() -> None:
    turned = scanned((ROWS[2], ROWS[0], ROWS[1]), units=("U3", "U1", "U2"), modified=200)
    [file] = settled(scan_of(turned), state(stored(ROWS))).files
    assert (file.fate, file.totals.same) == ("same", 5)


def test_that_a_unit_missing_from_the_file_is_named() -> None:
    shorter = scanned(ROWS[:2], units=UNITS[:2], modified=200)
    [file] = settled(scan_of(shorter), state(stored(ROWS))).files
    assert any("不再有U3，原有的 2 个分数" in f.message for f in file.findings)


cell = st.one_of(st.none(), st.integers(-5, 40_000))
table = st.lists(st.tuples(cell, cell), min_size=3, max_size=3)
places = st.sets(st.tuples(st.integers(0, 2), st.integers(0, 1)))


@given(table, table, st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 1)), st.integers(0, 99)), places)
def test_that_totals_add_up_to_the_cells_and_every_cell_ends_as_its_kind_says(
    before: list[tuple[int | None, int | None]],
    after: list[tuple[int | None, int | None]],
    edits: dict[tuple[int, int], int],
    refused: set[tuple[int, int]],
) -> None:
    rows = [[None if (u, i) in refused else v for i, v in enumerate(row)] for u, row in enumerate(after)]
    kept = stored(before, edits=edits)
    [file] = settled(scan_of(scanned(rows, modified=200, refused=sorted(refused))), state(kept)).files
    assert file.totals.cells == len(UNITS) * len(ITEMS)
    assert file.totals.refused == len(refused)
    now, read = unpack(kept.block), grid_of(rows)
    final = now if file.block is None else marks(file)
    base = grid_of(before)
    for (u, i), value in np.ndenumerate(final):
        untouched = now[u, i] == base[u, i]
        expected = read[u, i] if untouched and read[u, i] != BLANK and (u, i) not in refused else now[u, i]
        assert value == expected


# ---- files and questions


def test_that_a_refused_file_says_why_and_keeps_the_others_going() -> None:
    reading = SheetReading(file="坏.xlsx", sha256="f" * 64, findings=(Finding("E-XLS-06", "坏.xlsx", "结构损坏"),))
    bad = ScannedFile(path=Path("坏.xlsx"), name="坏.xlsx", modified=0, reading=reading)
    plan = settled(scan_of(bad, scanned(ROWS)), state())
    assert (plan.files[0].fate, plan.files[0].reason) == ("refused", "结构损坏")
    assert plan.files[1].fate == "import"


def test_that_a_copy_with_the_same_content_counts_once() -> None:
    twin = scanned(ROWS, name="副本.xlsx", modified=90)
    plan = settled(scan_of(scanned(ROWS), twin), state())
    assert [f.fate for f in plan.files] == ["import", "same"]
    assert plan.totals.new == 5


@pytest.mark.parametrize("choice", [0, 1, None])
def test_that_two_versions_of_one_sheet_are_asked_about(choice: int | None) -> None:
    files = [scanned(ROWS, name="甲.xlsx"), scanned(((1, 2), (3, 4), (5, 6)), name="乙.xlsx", modified=300)]
    plan = make_plan(scan_of(*files), state(), {})
    assert isinstance(plan, OpenPlan)
    [question] = plan.questions
    assert question.kind == "two_versions"
    assert question.suggested.endswith(files[1].reading.sha256[:16])
    assert {f.fate for f in plan.files} == {"waiting"}
    answer = "skip" if choice is None else f"file:{files[choice].reading.sha256[:16]}"
    fates = [f.fate for f in settled(scan_of(*files), state(), two_versions=answer).files]
    assert fates == ["import" if n == choice else "skipped" for n in (0, 1)]


@pytest.mark.parametrize("identity", [{"year": 2025}, {"year_file": "elsewhere"}])
@pytest.mark.parametrize(("answer", "fate"), [("skip", "skipped"), ("take", "import")])
def test_that_a_sheet_of_another_year_is_asked_about(identity: dict[str, object], answer: str, fate: str) -> None:
    scan = scan_of(scanned(ROWS, **identity))
    assert kinds(make_plan(scan, state(), {})) == {"foreign_year"}
    assert settled(scan, state(), foreign_year=answer).files[0].fate == fate


def test_that_an_older_scheme_is_asked_about_unless_the_sheets_ask_the_same() -> None:
    old = scan_of(scanned(ROWS, fingerprint="b" * 64))
    assert kinds(make_plan(old, state(), {})) == {"other_scheme"}
    assert settled(old, state()).files[0].fate == "skipped"
    known = state().schemes["s"]
    same = state(schemes={"s": replace(known, rules={**known.rules, "b" * 16: "r"})})
    plan = make_plan(old, same, {})
    assert isinstance(plan, ReadyPlan)
    assert "没有变" in plan.files[0].findings[-1].message


def test_that_one_question_serves_all_files_of_the_same_kind() -> None:
    scan = scan_of(scanned(ROWS, year=2025), scanned(ROWS, name="二.xlsx", evaluator="E2", year=2025))
    [question] = make_plan(scan, state(), {}).questions
    assert question.files == ("表.xlsx", "二.xlsx")


def test_that_a_scheme_that_is_not_there_is_refused_by_name() -> None:
    [file] = settled(scan_of(scanned(ROWS, scheme="other")), state()).files
    assert (file.fate, file.findings[-1].code) == ("refused", "E-XLS-09")


def test_that_an_unknown_evaluator_may_be_skipped_or_taken_for_somebody_without_a_sheet() -> None:
    scan = scan_of(scanned(ROWS, evaluator="E9"))
    at = state(stored(ROWS))
    [question] = make_plan(scan, at, {}).questions
    assert [c.id for c in question.choices] == ["skip", "as:E2"]
    assert settled(scan, at).files[0].fate == "skipped"
    [file] = settled(scan, at, unknown_evaluator="as:E2").files
    assert (file.fate, file.evaluator, file.evaluator_name) == ("import", "E2", "评E2")


@pytest.mark.parametrize("old", [{"modified": 50}, {"modified": 300, "issue": 0}])
def test_that_an_older_file_never_overwrites_a_newer_one_by_itself(old: dict[str, float]) -> None:
    changed = scanned(((81, 90), (70, None), (60, 65)), **old)  # type: ignore[arg-type]
    at = state(stored(ROWS))
    assert kinds(make_plan(scan_of(changed), at, {})) == {"older_file"}
    assert settled(scan_of(changed), at).files[0].fate == "skipped"
    assert settled(scan_of(changed), at, older_file="take").files[0].fate == "update"


def test_that_a_file_of_an_earlier_batch_does_not_come_back() -> None:
    early = scanned(((1, 2), (3, 4), (5, 6)), modified=500)
    at = state(stored(ROWS), imported={early.reading.sha256: 3})
    [file] = settled(scan_of(early), at).files
    assert (file.fate, file.findings[-1].code) == ("skipped", "E-XLS-10")
    assert "第 3 批" in file.reason


@pytest.mark.parametrize(("answer", "recused"), [("leave_out", True), ("take", False)])
def test_that_marks_for_the_own_unit_are_asked_about(answer: str, recused: bool) -> None:
    at = state(own_unit={("s", "E1"): "U2"})
    scan = scan_of(scanned(ROWS))
    assert kinds(make_plan(scan, at, {})) == {"own_unit"}
    [file] = settled(scan, at, own_unit=answer).files
    assert bool(marks(file)[1, 0] == RECUSED) is recused
    assert marks(file)[1, 1] == BLANK


def test_that_a_blank_row_for_the_own_unit_is_no_question() -> None:
    scan = scan_of(scanned(((80, 90), (None, None), (60, 65))))
    assert kinds(make_plan(scan, state(own_unit={("s", "E1"): "U2"}), {})) == set()


def test_that_an_answer_that_is_no_choice_leaves_the_question_open() -> None:
    scan = scan_of(scanned(ROWS, year=2025))
    [question] = make_plan(scan, state(), {}).questions
    assert isinstance(make_plan(scan, state(), {question.id: "maybe"}), OpenPlan)


def test_that_planning_is_pure() -> None:
    scan, at = scan_of(scanned(ROWS, modified=200)), state(stored(ROWS, edits={(0, 0): 3}))
    assert make_plan(scan, at, {}) == make_plan(scan, at, {})
