"""退回 from an import plan: copies for the evaluators, never the originals; mended, they come in as the newer version."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app import bootstrap
from app.domain.errors import AppError, Cancelled, Fault
from app.services.container import Services
from app.services.imports.handing_back import faults_of, faulty_files, must_be_mended
from app.services.imports.values import PlannedFile, ReadyPlan
from app.services.returns import SheetStatus
from tests.services import small_year
from tests.services.conftest import created_folder, full, full_folder, services  # noqa: F401 - fixtures

BAD = {("B11", "study"): "很好", ("B21", "duty"): "约三十"}
SHEET = "2026-branch-L1"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)  # before openpyxl saves anything in these tests


def one_bad_sheet(
    services: Services,  # noqa: F811
    folder: Path,
    changed: dict[tuple[str, str], str] | None = None,
) -> Path:
    """A filled sheet of L1 with cells that nobody can read."""
    form = next(f for f in services.sheets.forms() if f.identity.sheet == SHEET)
    services.sheets.send(folder / "发出")
    [blank] = (folder / "发出").glob("L1_*_branch*.xlsx")
    return small_year.fill(form, blank, folder / "收回" / blank.name, BAD if changed is None else changed, LONG_AGO)


def plan_of(services: Services, *paths: Path) -> ReadyPlan:  # noqa: F811
    return small_year.planned(services, *paths)


def mended(copy: Path, target: Path, **values: Any) -> Path:
    """The copy with these cells filled in, saved by another program."""
    book = load_workbook(copy)
    for address, value in values.items():
        book["评分表"][address] = value
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def test_that_a_faulty_sheet_goes_back_and_comes_in_mended(services: Services, awkward_folder: Path) -> None:  # noqa: F811
    bad = one_bad_sheet(services, awkward_folder)
    original = bad.read_bytes()
    plan = plan_of(services, bad)
    services.sheets.apply(plan)
    assert services.sheets.progress().sheets[0].refused == 2
    [file] = faulty_files(plan)
    assert must_be_mended(file) and len(faults_of(file)) == 2
    back = services.sheets.hand_back([file], awkward_folder / "退回 #1", "请改好").value
    [copy] = back.files
    assert copy.parent == awkward_folder / "退回 #1" and copy.stem.endswith("_退回") and back.left_out == ()
    assert bad.read_bytes() == original and [p.name for p in bad.parent.iterdir()] == [bad.name]

    unmended = plan_of(services, copy)
    assert [f.fate for f in unmended.files] == ["same"] and unmended.questions == ()

    waiting = next(s for s in services.sheets.progress().sheets if s.sheet == SHEET)
    assert waiting.status is SheetStatus.HANDED_BACK and waiting.handed_back.startswith("20")
    assert any(line.text.count("已退回") for act in services.year.overview().acts for line in act.lines)
    book = load_workbook(copy)["评分表"]
    places = [c.coordinate for row in book.iter_rows() for c in row if c.comment]
    again = mended(copy, awkward_folder / "改好" / "随便什么名字.xlsx", **dict.fromkeys(places, 30))
    second = plan_of(services, again)
    assert [f.fate for f in second.files] == ["update"] and second.questions == ()
    assert (second.totals.new, second.totals.refused, second.totals.changed_there) == (2, 0, 0)
    services.sheets.apply(second)
    state = next(s for s in services.sheets.progress().sheets if s.sheet == SHEET)
    assert (state.refused, state.returned) == (0, state.expected)
    assert state.status is SheetStatus.RETURNED and state.handed_back == ""


def test_that_handing_back_leaves_one_entry_and_undo_takes_the_note_back(
    services: Services,  # noqa: F811
    awkward_folder: Path,
) -> None:
    plan = plan_of(services, one_bad_sheet(services, awkward_folder))
    before = len(services.audit.entries(1000, 0))
    outcome = services.sheets.hand_back(faulty_files(plan), awkward_folder / "退回")
    [entry] = services.audit.entries(1000, 0)[: len(services.audit.entries(1000, 0)) - before]
    assert entry.action == "hand-back" and "1 份" in entry.label and any("退回.xlsx" in line for line in entry.details)
    assert outcome.change.undoable and services.sheets.progress().sheets[0].handed_back
    services.history.undo()
    assert not services.sheets.progress().sheets[0].handed_back


def test_that_a_copy_never_lies_beside_the_original(services: Services, awkward_folder: Path) -> None:  # noqa: F811
    bad = one_bad_sheet(services, awkward_folder)
    with pytest.raises(AppError) as refused:
        services.sheets.hand_back(plan_of(services, bad).files, bad.parent / ".." / bad.parent.name)
    assert refused.value.fault is Fault.INPUT_BAD and "另选" in refused.value.detail
    assert [p.name for p in bad.parent.iterdir()] == [bad.name]


def test_that_nothing_in_the_folder_is_replaced(services: Services, awkward_folder: Path) -> None:  # noqa: F811
    files = faulty_files(plan_of(services, one_bad_sheet(services, awkward_folder)))
    first = services.sheets.hand_back(files, awkward_folder / "退回").value.files[0]
    first.write_bytes(b"mended in place")
    second = services.sheets.hand_back(files, awkward_folder / "退回").value.files[0]
    assert first.read_bytes() == b"mended in place" and second != first and "（2）" in second.name


def test_that_a_cancelled_handing_back_leaves_nothing(services: Services, awkward_folder: Path) -> None:  # noqa: F811
    plan = plan_of(services, one_bad_sheet(services, awkward_folder))
    before = len(services.audit.entries(1000, 0))

    def stop(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        services.sheets.hand_back(faulty_files(plan), awkward_folder / "退回", progress=stop)
    assert not (awkward_folder / "退回").exists() and len(services.audit.entries(1000, 0)) == before


def test_that_a_file_in_the_place_of_the_folder_is_named(services: Services, awkward_folder: Path) -> None:  # noqa: F811
    plan = plan_of(services, one_bad_sheet(services, awkward_folder))
    before = len(services.audit.entries(1000, 0))
    (awkward_folder / "退回").write_bytes(b"x")
    with pytest.raises(AppError) as refused:
        services.sheets.hand_back(faulty_files(plan), awkward_folder / "退回")
    assert refused.value.fault is Fault.INPUT_BAD and len(services.audit.entries(1000, 0)) == before


def test_that_a_file_changed_since_the_preview_and_a_foreign_one_are_left_out(
    services: Services,  # noqa: F811
    awkward_folder: Path,
) -> None:
    bad = one_bad_sheet(services, awkward_folder)
    [file] = faulty_files(plan_of(services, bad))
    bad.write_bytes(bad.read_bytes() + b" ")
    with pytest.raises(AppError) as refused:
        services.sheets.hand_back([file], awkward_folder / "退回")
    assert "改动" in refused.value.detail
    (awkward_folder / "另一年").mkdir()
    other = small_year.create(awkward_folder / "另一年")
    try:
        foreign = one_bad_sheet(other, awkward_folder / "另一年")
    finally:
        other.close()
    found = services.sheets.plan(services.sheets.scan([foreign]))
    files: list[PlannedFile] = list(found.files)
    with pytest.raises(AppError) as refused:
        services.sheets.hand_back(files, awkward_folder / "退回")
    assert "不是本年度" in refused.value.detail and not (awkward_folder / "退回").exists()


def test_that_a_hostile_file_is_no_candidate(services: Services, awkward_folder: Path) -> None:  # noqa: F811
    (awkward_folder / "宏.xlsm").write_bytes(b"PK\x03\x04 not a zip")
    plan = services.sheets.plan(services.sheets.scan([awkward_folder / "宏.xlsm"]))
    assert [f.fate for f in plan.files] == ["refused"] and faulty_files(plan) == ()


def test_that_a_file_with_two_different_sheets_goes_back_as_a_whole(services: Services, awkward_folder: Path) -> None:  # noqa: F811
    bad = one_bad_sheet(services, awkward_folder, {("B11", "study"): "50"})
    book = load_workbook(bad)
    twin = book.copy_worksheet(book["评分表"])
    twin["F11"] = 1
    book.save(bad)
    [file] = faulty_files(plan_of(services, bad))
    [copy] = services.sheets.hand_back([file], awkward_folder / "退回").value.files
    said = [c.value for row in load_workbook(copy)["退回说明"].iter_rows() for c in row if c.value]
    assert "整份表" in said and any("两张内容不同" in str(text) for text in said)


def test_that_the_verb_hands_back_what_its_evaluator_must_mend(
    services: Services,  # noqa: F811
    awkward_folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad, year = one_bad_sheet(services, awkward_folder), services.year.info().path
    services.close()
    out = awkward_folder / "退回 #2"
    assert bootstrap.main(["hand-back", str(year), str(bad), "--out", str(out), "--note", "请改好", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [Path(f).parent for f in document["files"]] == [out] and document["left_out"] == []
    mended_folder = awkward_folder / "没有文件"
    mended_folder.mkdir()
    assert bootstrap.main(["hand-back", str(year), str(mended_folder), "--out", str(out)]) in (0, 3)
