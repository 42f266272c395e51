"""Exports: whole or not at all, the same twice, never of a stale result, marked as practice data where they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.services.container import Desk, Services
from app.services.imports.values import ReadyPlan
from tests.services import small_year


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_that_the_same_result_exported_twice_gives_the_same_bytes(full: Services, awkward_folder: Path) -> None:
    full.results.compute()
    first = full.exports.results(awkward_folder / "一.xlsx").value
    full.backups.make("两次之间")
    second = full.exports.results(awkward_folder / "二.xlsx").value
    assert sha(first) == sha(second)


def test_that_the_printed_checkpoint_is_found_in_the_trail_and_moves_with_the_data(full: Services) -> None:
    full.results.compute()
    code = full.exports.book().checkpoint
    assert full.audit.find_checkpoint(code).found
    full.results.freeze("审定", "主任")
    assert full.exports.book().checkpoint != code


def test_that_a_stale_or_missing_result_is_not_exported_and_no_file_is_left(
    full: Services, awkward_folder: Path
) -> None:
    target = awkward_folder / "结果.xlsx"
    with pytest.raises(AppError) as missing:
        full.exports.results(target)
    full.results.compute()
    full.events.save(small_year.inspection("D2"))
    with pytest.raises(AppError) as stale:
        full.exports.results(target)
    assert (missing.value.fault, stale.value.fault) == (Fault.CALC_STALE, Fault.CALC_STALE)
    assert not target.exists()


def test_that_an_older_result_with_the_same_data_can_still_be_exported(full: Services, awkward_folder: Path) -> None:
    full.results.compute()
    full.results.compute()
    full.exports.results(awkward_folder / "第一版.xlsx", 1)
    assert full.exports.book(1).version == 1


def test_that_a_folder_that_is_not_there_is_named(full: Services, awkward_folder: Path) -> None:
    full.results.compute()
    with pytest.raises(AppError) as refused:
        full.exports.results(awkward_folder / "没有" / "结果.xlsx")
    assert refused.value.code.startswith("E-FILE")


def test_that_an_explanation_reads_in_notepad_and_names_scheme_and_trail(full: Services, awkward_folder: Path) -> None:
    full.year.set_secrecy("内部")
    path = full.exports.explanation(awkward_folder / "依据.txt", "department", "D1").value
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert text.splitlines()[:3] == ["内部", "试验年度", "第1局：department计算依据"]
    assert "› 评分表 ›" in text
    assert full.schemes.fingerprint("department")[:16] in text


def test_that_an_import_report_accounts_for_every_file_and_cell(full: Services, awkward_folder: Path) -> None:
    plan = full.sheets.plan(full.sheets.scan([awkward_folder / "收回"]))
    assert isinstance(plan, ReadyPlan)
    path = full.exports.import_report(awkward_folder / "报告.txt", plan).value
    text = path.read_text(encoding="utf-8-sig")
    assert f"共 7 个文件，{plan.totals.cells} 格：相同 {plan.totals.same}" in text
    assert all(file.name in text for file in plan.files)


def test_that_a_year_in_a_read_only_place_can_be_read_and_exported_but_not_changed(
    full: Services, awkward_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full.results.compute()
    full.close()
    from app.storage.year_file import YearFile

    wanted = YearFile.open.__func__  # type: ignore[attr-defined]

    def refuse_writing(path: Path, *, break_lock: bool = False, read_only: bool = False) -> YearFile:
        if not read_only:  # what a write-protected stick says; root may write anywhere, so it cannot be staged
            raise AppError(Fault.FILE_READ_ONLY)
        return wanted(YearFile, path, read_only=True)

    monkeypatch.setattr(YearFile, "open", refuse_writing)
    reading = Desk("甲", awkward_folder / "own").open(awkward_folder / "2026年度.slk")
    assert reading.year.info().read_only
    assert reading.results.current() is not None
    reading.exports.results(awkward_folder / "带走.xlsx")
    with pytest.raises(AppError) as refused:
        reading.events.save(small_year.inspection("D2"))
    assert refused.value.fault is Fault.FILE_READ_ONLY
    reading.close()
