"""Score sheets through the services, with real workbooks: out, back, twice, taken back, edited."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.domain.progress import no_progress
from app.services.container import Desk, Services
from app.services.imports.values import OpenPlan, ReadyPlan
from app.services.sheets import SheetStatus
from tests.services import small_year
from tests.services.editing import edit


def saved_again(file: Path, target: Path) -> Path:
    """The same sheet, packed by another program: other bytes, same content."""
    with zipfile.ZipFile(file) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    target.write_bytes(buffer.getvalue())
    return target


@pytest.fixture
def returned(services: Services, awkward_folder: Path) -> dict[str, Path]:
    """Filled sheets, nothing imported yet."""
    return small_year.send_and_fill(services, awkward_folder)


# ---- out


def test_that_every_evaluator_gets_a_sheet_per_scheme_with_the_units_he_rates(services: Services) -> None:
    forms = {f.identity.sheet: f for f in services.sheets.forms()}
    assert set(forms) == {
        *(f"2026-branch-L{i}" for i in (1, 2)),
        *(f"2026-department-{c}" for c in ("L1", "L2", "P1", "P2", "P3")),
    }
    assert [u.code for u in forms["2026-department-P2"].units] == ["D1", "D3"]
    manner = next(i for i in forms["2026-department-L1"].items if i.id == "manner")
    assert [level.name for level in manner.levels] == ["好", "一般", "不了解"]
    assert manner.above == ("report",)


def test_that_sending_again_is_a_higher_issue(services: Services, awkward_folder: Path) -> None:
    services.sheets.send(awkward_folder / "一", "branch", ["L1"])
    issues = {f.identity.sheet: f.identity.issue for f in services.sheets.forms()}
    assert issues["2026-branch-L1"] == 2
    assert issues["2026-branch-L2"] == 1


def test_that_sending_nothing_is_refused(services: Services, awkward_folder: Path) -> None:
    with pytest.raises(AppError) as refused:
        services.sheets.send(awkward_folder / "空", evaluators=["nobody"])
    assert refused.value.fault is Fault.INPUT_BAD
    assert not (awkward_folder / "空").exists()


# ---- back


def test_that_a_folder_comes_back_as_one_batch(
    services: Services, awkward_folder: Path, returned: dict[str, Path]
) -> None:
    assert {s.status for s in services.sheets.progress().sheets} == {SheetStatus.SENT}
    scan = services.sheets.scan([awkward_folder / "收回"])
    plan = services.sheets.plan(scan)
    assert isinstance(plan, ReadyPlan)
    progress = services.sheets.progress()
    assert plan.totals.new == plan.totals.cells == progress.expected
    batch = services.sheets.apply(plan).value
    assert (batch.number, batch.sheets, batch.cells) == (1, len(returned), progress.expected)
    after = services.sheets.progress()
    assert {s.status for s in after.sheets} == {SheetStatus.RETURNED}
    assert after.returned == after.expected
    assert all(s.batch == 1 and s.file and s.returned_at for s in after.sheets)


def test_that_an_open_plan_and_a_stale_plan_are_not_applied(
    services: Services, awkward_folder: Path, returned: dict[str, Path]
) -> None:
    other = small_year.fill(
        next(f for f in services.sheets.forms() if f.identity.sheet == "2026-branch-L1"),
        awkward_folder / "发出" / returned["2026-branch-L1"].name,
        awkward_folder / "收回" / "另一份.xlsx",
        {("B11", "study"): "1"},
    )
    assert other.exists()
    scan = services.sheets.scan([awkward_folder / "收回"])
    plan = services.sheets.plan(scan)
    assert isinstance(plan, OpenPlan)
    before = services.audit.count()
    with pytest.raises(AppError) as refused:
        services.sheets.apply(plan)  # type: ignore[arg-type]
    assert refused.value.fault is Fault.INPUT_BAD
    ready = services.sheets.plan(scan, {q.id: q.suggested for q in plan.questions})
    assert isinstance(ready, ReadyPlan)
    services.events.save(small_year.inspection())
    with pytest.raises(AppError, match="重新预览"):
        services.sheets.apply(ready)
    assert services.audit.count() == before + 1
    assert services.sheets.batches() == ()


def test_that_a_file_counts_once_whether_repeated_renamed_or_saved_again(
    services: Services, awkward_folder: Path, returned: dict[str, Path]
) -> None:
    small_year.take_in(services, awkward_folder / "收回")
    before = services.sheets.progress()
    original = returned["2026-department-L1"]
    renamed = original.with_name("改了名.xlsx")
    renamed.write_bytes(original.read_bytes())
    resaved = saved_again(original, original.with_name("另存.xlsx"))
    for paths in ([original], [renamed], [resaved], [original, renamed, resaved], [awkward_folder / "收回"]):
        plan = services.sheets.plan(services.sheets.scan(paths))
        assert isinstance(plan, ReadyPlan)
        assert {f.fate for f in plan.files} == {"same"}, [(f.name, f.fate, f.reason) for f in plan.files]
        assert all(f.reason for f in plan.files)
        assert plan.totals.new == plan.totals.changed_there == 0
    assert services.sheets.progress() == before


def test_that_a_sheet_of_another_year_is_named_and_not_counted(
    services: Services, awkward_folder: Path, returned: dict[str, Path]
) -> None:
    folder = awkward_folder / "别处"
    folder.mkdir()
    elsewhere = small_year.create(folder)
    strangers = small_year.send_and_fill(elsewhere, folder)
    elsewhere.close()
    plan = services.sheets.plan(services.sheets.scan([strangers["2026-branch-L1"]]))
    assert isinstance(plan, OpenPlan)
    assert plan.questions[0].kind == "foreign_year"
    settled = small_year.planned(services, strangers["2026-branch-L1"])
    assert [f.fate for f in settled.files] == ["skipped"]
    with pytest.raises(AppError, match="没有新内容，未写入"):
        services.sheets.apply(settled)
    assert services.sheets.batches() == ()
    assert services.sheets.block("branch", "L1") is None


def test_that_a_broken_file_is_refused_and_stands_in_the_trail_with_its_hash(
    services: Services, awkward_folder: Path, returned: dict[str, Path]
) -> None:
    broken = returned["2026-branch-L1"]
    broken.write_bytes(broken.read_bytes()[:700])
    scan = services.sheets.scan([awkward_folder / "收回"])
    plan = services.sheets.plan(scan)
    assert isinstance(plan, ReadyPlan)
    [refused] = [f for f in plan.files if f.fate == "refused"]
    assert refused.findings[0].code.startswith("E-XLS")
    services.sheets.apply(plan)
    [entry] = services.audit.entries(1)
    assert any("拒绝导入" in line and refused.sha256 in line for line in entry.details)
    assert services.sheets.block("branch", "L1") is None


def test_that_a_faulty_cell_is_refused_with_its_address_and_the_rest_is_taken(
    services: Services, awkward_folder: Path, returned: dict[str, Path]
) -> None:
    form = next(f for f in services.sheets.forms() if f.identity.sheet == "2026-branch-L1")
    name = returned["2026-branch-L1"].name
    small_year.fill(
        form, awkward_folder / "发出" / name, awkward_folder / "收回" / name, {("B12", "duty"): "九十九分多"}
    )
    small_year.take_in(services, awkward_folder / "收回")
    [state] = [s for s in services.sheets.progress().sheets if s.sheet == "2026-branch-L1"]
    assert (state.status, state.refused, state.expected - state.returned) == (SheetStatus.GAPS, 1, 1)


def test_that_a_path_that_is_not_there_is_named(services: Services, awkward_folder: Path) -> None:
    with pytest.raises(AppError) as refused:
        services.sheets.scan([awkward_folder / "没有"])
    assert refused.value.fault is Fault.FILE_MISSING


def test_that_a_cancelled_import_leaves_nothing(
    services: Services, awkward_folder: Path, returned: dict[str, Path]
) -> None:
    from app.domain.errors import Cancelled

    plan = services.sheets.plan(services.sheets.scan([awkward_folder / "收回"]))
    assert isinstance(plan, ReadyPlan)
    before = services.audit.count()

    def stop(text: str, percent: int) -> None:
        if percent > 50:
            raise Cancelled

    with pytest.raises(Cancelled):
        services.sheets.apply(plan, stop)
    assert (services.audit.count(), services.sheets.batches()) == (before, ())


# ---- taken back, edited


def test_that_a_batch_taken_back_leaves_what_stood_before_it_and_may_come_again(
    full: Services, awkward_folder: Path
) -> None:
    first = full.sheets.block("branch", "L1")
    assert first is not None and first.origin is not None
    form = next(f for f in full.sheets.forms() if f.identity.sheet == "2026-branch-L1")
    later = small_year.fill(
        form, awkward_folder / "发出" / first.origin.file, awkward_folder / "再交" / "改.xlsx", {("B11", "study"): "7"}
    )
    number = small_year.take_in(full, later)
    assert full.sheets.block("branch", "L1") != first
    undone = full.sheets.undo_batch(number, "交错了").value
    assert (undone.undone, undone.reason) == (True, "交错了")
    assert full.sheets.block("branch", "L1") == first
    with pytest.raises(AppError) as refused:
        full.sheets.undo_batch(number, "再来")
    assert refused.value.fault is Fault.NOT_UNDOABLE
    small_year.take_in(full, later)
    assert full.sheets.block("branch", "L1") != first


def test_that_undoing_an_import_and_redoing_it_brings_the_same_marks(full: Services, awkward_folder: Path) -> None:
    before = full.sheets.block("branch", "L1")
    full.sheets.undo_batch(1, "试")
    assert full.sheets.block("branch", "L1") is None
    assert full.history.undo_label() == "撤销第 1 批导入"
    full.history.undo()
    assert full.sheets.block("branch", "L1") == before
    full.history.redo()
    assert full.sheets.block("branch", "L1") is None


def test_that_an_edited_mark_keeps_its_cell_and_survives_the_same_file_coming_again(
    full: Services, awkward_folder: Path
) -> None:
    block = full.sheets.edit_mark("department", "L1", "D2", "problems", "12", "与纸质表核对").value
    [edit] = block.edits
    assert (edit.after, edit.by, edit.reason) == ("12", small_year.WHO, "与纸质表核对")
    assert full.history.undo_label() == "改分：领导1 → 第2局 problems"
    plan = full.sheets.plan(full.sheets.scan([awkward_folder / "收回"]))
    assert isinstance(plan, ReadyPlan)
    assert plan.totals.changed_here == 1
    assert {f.fate for f in plan.files} == {"same"}
    step = full.results.explain("department", "D2", "problems/leaders/L1")
    assert step.text.startswith("12")
    assert step.source is not None


def test_that_marks_can_be_entered_in_the_program_without_any_file(services: Services) -> None:
    services.sheets.edit_mark("department", "P1", "D2", "problems", "20.5", "纸质表录入")
    block = services.sheets.edit_mark("department", "P1", "D2", "manner", "不了解", "纸质表录入").value
    assert block.origin is None
    assert [e.after for e in block.edits] == ["20.5", "不了解"]


@pytest.mark.parametrize(
    ("item", "text"),
    [("problems", "31"), ("problems", "-1"), ("problems", "1.234"), ("problems", "优"), ("manner", "8")],
)
def test_that_a_mark_against_the_rules_is_not_entered(full: Services, item: str, text: str) -> None:
    with pytest.raises(AppError) as refused:
        full.sheets.edit_mark("department", "L1", "D2", item, text, "试")
    assert refused.value.fault is Fault.INPUT_BAD


@pytest.mark.parametrize(("evaluator", "unit"), [("P1", "D1"), ("X", "D1"), ("L1", "B11")])
def test_that_a_mark_outside_the_sheet_is_not_entered(full: Services, evaluator: str, unit: str) -> None:
    with pytest.raises(AppError) as refused:
        full.sheets.edit_mark("department", evaluator, unit, "problems", "1", "试")
    assert refused.value.fault is Fault.NOT_FOUND


def test_that_marks_survive_a_scheme_edit_that_does_not_change_what_is_asked(
    services: Services, awkward_folder: Path, returned: dict[str, Path]
) -> None:
    edit(services, "branch", "study", name="学习情况")
    plan = services.sheets.plan(services.sheets.scan([returned["2026-branch-L1"]]))
    assert isinstance(plan, ReadyPlan)
    assert plan.files[0].fate == "import"


def test_that_the_year_reopens_with_the_same_marks(full: Services, awkward_folder: Path) -> None:
    before = full.sheets.progress()
    full.close()
    again = Desk("乙", awkward_folder / "own").open(awkward_folder / "2026年度.slk")
    assert again.sheets.progress() == before
    again.close()


def test_that_scanning_says_how_far_it_is(services: Services, returned: dict[str, Path], awkward_folder: Path) -> None:
    seen: list[int] = []
    services.sheets.scan([awkward_folder / "收回"], lambda text, percent: seen.append(percent))
    assert seen[0] == 0 and seen[-1] == 100 and seen == sorted(seen)
    services.sheets.scan([awkward_folder / "收回"], no_progress)


def test_that_an_import_may_run_in_a_thread_while_another_reads(
    services: Services, awkward_folder: Path, returned: dict[str, Path]
) -> None:
    plan = services.sheets.plan(services.sheets.scan([awkward_folder / "收回"]))
    assert isinstance(plan, ReadyPlan)
    seen: list[int] = []

    def look(text: str, percent: int) -> None:
        seen.append(services.audit.count())

    before = services.audit.count()
    with ThreadPoolExecutor(2) as pool:
        applied = pool.submit(services.sheets.apply, plan, look)
        counted = [pool.submit(services.sheets.progress).result() for _ in range(3)]
        assert applied.result().value.sheets == len(returned)
    assert {c.returned for c in counted} <= {0, services.sheets.progress().expected}
    assert set(seen) <= {before, before + 1}
