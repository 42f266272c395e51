"""Imports of real workbooks that need a person's word, or nobody's: age, two versions, blank sheets, other files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.findings import Severity
from app.services.container import Services
from app.services.imports.report import import_report_lines
from app.services.imports.values import OpenPlan, Question
from tests.services import small_year
from tests.services.conftest import created_folder, full, full_folder, services  # noqa: F401 - fixtures
from tests.services.editing import edit
from tests.services.small_year import FIRST_DAY, NEXT_DAY

SHEET = "2026-branch-L1"
LONG_AGO, LATER = 1_000_000_000, 4_000_000_000  # on the disk; the years 2001 and 2096


@dataclass
class Sheets:
    """Versions of one sheet in folders of their own, all under the same file name."""

    services: Services
    folder: Path

    def version(self, where: str, mark: str, hours: float | None, on_disk: int) -> Path:
        """A filled sheet; hours: saved after the first day, none: the program left no time."""
        form = next(f for f in self.services.sheets.forms() if f.identity.sheet == SHEET)
        [blank] = (self.folder / "发出").glob("L1_*_branch*.xlsx")
        saved = small_year.UNTOLD if hours is None else FIRST_DAY + timedelta(hours=hours)
        made = small_year.fill(form, blank, self.folder / where / blank.name, {("B11", "study"): mark}, saved)
        os.utime(made, (on_disk, on_disk))
        return made

    def questions(self, *paths: Path) -> dict[str, Question]:
        plan = self.services.sheets.plan(self.services.sheets.scan(paths))
        return {q.kind: q for q in plan.questions}

    def mark(self) -> str:
        """What is stored for B11 study."""
        block = self.services.sheets.block("branch", "L1")
        assert block is not None
        return str(int.from_bytes(block.values[: block.width], "little", signed=True) / 10 ** block.digits[0])


@pytest.fixture
def sheets(services: Services, awkward_folder: Path) -> Iterator[Sheets]:  # noqa: F811
    services.sheets.send(awkward_folder / "发出")
    yield Sheets(services, awkward_folder)


# ---- older never overwrites newer


def test_that_an_older_sheet_copied_afterwards_is_asked_about_and_left_out(sheets: Sheets) -> None:
    small_year.take_in(sheets.services, sheets.version("新", "7", 2, LONG_AGO))
    older = sheets.version("旧", "3", 1, LATER)
    question = sheets.questions(older)["older_file"]
    assert question.suggested == "skip" and "旧的覆盖新的" in question.text
    assert not small_year.planned(sheets.services, older).writes
    small_year.take_in(sheets.services, older, answers={question.id: "take"})
    assert sheets.mark() == "3.0"


def test_that_a_newer_sheet_is_taken_without_a_question(sheets: Sheets) -> None:
    small_year.take_in(sheets.services, sheets.version("旧", "3", 1, LONG_AGO))
    newer = sheets.version("新", "7", 2, LATER)
    assert sheets.questions(newer) == {}
    small_year.take_in(sheets.services, newer)
    assert sheets.mark() == "7.0"


def test_that_times_that_disagree_are_asked_about_and_the_time_in_the_file_counts_first(sheets: Sheets) -> None:
    small_year.take_in(sheets.services, sheets.version("旧", "3", 1, LATER))
    newer = sheets.version("新", "7", 2, LONG_AGO)
    question = sheets.questions(newer)["older_file"]
    assert question.suggested == "take" and "说法不一" in question.text


def test_that_sheets_without_a_time_of_saving_are_asked_about_whatever_the_disk_says(sheets: Sheets) -> None:
    small_year.take_in(sheets.services, sheets.version("甲", "3", None, LONG_AGO))
    question = sheets.questions(sheets.version("乙", "7", None, LATER))["older_file"]
    assert question.suggested == "skip" and "看不出哪个较新" in question.text


# ---- questions can be told apart


def test_that_a_question_about_age_names_folder_time_and_cells(sheets: Sheets) -> None:
    small_year.take_in(sheets.services, sheets.version("新", "7", 2, LATER))
    first, second, third = sheets.questions(sheets.version("旧", "3", 1, LATER))["older_file"].details
    local = (FIRST_DAY + timedelta(hours=1)).astimezone()
    assert "文件夹“旧”" in first and f"{local:%Y-%m-%d %H:%M:%S} 保存" in first
    assert "第 1 批导入" in second and "保存" in second
    assert third == "1 格不同：第1局第1支部 study F9 已有 7，这份 3"


def test_that_two_versions_of_the_same_name_are_told_by_folder_time_and_cells(sheets: Sheets) -> None:
    newer, older = sheets.version("交来/二", "7", 2, LONG_AGO), sheets.version("交来/一", "3", 1, LATER)
    question = sheets.questions(newer, older)["two_versions"]
    texts = {c.id: c.text for c in question.choices}
    assert len(set(texts.values())) == 3
    assert "文件夹“二”" in texts[question.suggested]
    assert question.details == ("第 2 份与第 1 份相比，1 格不同：第1局第1支部 study F9 第 1 份 7，第 2 份 3",)


def test_that_folders_of_the_same_name_are_shown_with_what_tells_them_apart(sheets: Sheets) -> None:
    files = [sheets.version("甲/表", "7", 2, LATER), sheets.version("乙/表", "3", 1, LATER)]
    texts = [c.text for c in sheets.questions(*files)["two_versions"].choices]
    assert "甲/表" in texts[0] and "乙/表" in texts[1]


def test_that_no_version_is_recommended_when_nothing_tells_which_is_newer(sheets: Sheets) -> None:
    files = [sheets.version("甲", "7", None, LATER), sheets.version("乙", "3", None, LONG_AGO)]
    question = sheets.questions(*files)["two_versions"]
    assert question.suggested == "skip" and "看不出哪一份较新" in question.text


# ---- blank sheets, other files, names


def test_that_a_wholly_blank_sheet_is_asked_about_and_not_taken_as_returned(sheets: Sheets) -> None:
    [blank] = (sheets.folder / "发出").glob("P2_*.xlsx")
    plan = sheets.services.sheets.plan(sheets.services.sheets.scan([blank]))
    assert isinstance(plan, OpenPlan)
    [question] = plan.questions
    assert (question.kind, question.suggested) == ("blank_sheet", "skip")
    left = small_year.planned(sheets.services, blank)
    assert not left.writes
    assert [f.code for f in left.files[0].findings] == ["E-XLS-13"]
    small_year.take_in(sheets.services, blank, answers={question.id: "take"})
    assert sheets.services.sheets.block("department", "P2") is not None
    assert sheets.questions(blank) == {}


def test_that_files_of_other_kinds_in_a_folder_are_listed_as_unread_with_what_to_do(sheets: Sheets) -> None:
    folder = sheets.version("收回", "7", 1, LATER).parent
    kinds = {"甲.ods": "另存为 .xlsx", "乙.csv": "另存为 .xlsx", "包.zip": "解压", "包.rar": "解压", "扫描.PDF": "录入"}
    for name in (*kinds, "说明.txt", "子/丁.xlsb", "~$甲.xlsx", ".~lock.甲.ods#", "Thumbs.db", "2026年度.slk"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    plan = small_year.planned(sheets.services, folder)
    unread = {f.name: f for f in plan.files if f.fate == "unread"}
    assert set(unread) == {*kinds, "说明.txt", "子/丁.xlsb"}
    for name, step in kinds.items():
        [finding] = unread[name].findings
        assert step in finding.step and finding.severity is Severity.WARNING
    assert [f.fate for f in plan.files if f.fate != "unread"] == ["import"]


def test_that_texts_name_the_items_and_not_their_ids(full: Services, awkward_folder: Path) -> None:  # noqa: F811
    form = next(f for f in full.sheets.forms() if f.identity.sheet == SHEET)
    [blank] = (awkward_folder / "发出").glob("L1_*_branch*.xlsx")
    edit(full, "branch", "study", name="学习情况")
    full.sheets.edit_mark("branch", "L1", "B11", "study", "44", "核对")
    later = small_year.fill(form, blank, awkward_folder / "再交" / "改.xlsx", {("B11", "study"): "7"}, NEXT_DAY)
    plan = full.sheets.plan(full.sheets.scan([later]))
    [question] = [q for q in plan.questions if q.kind == "conflict"]
    assert question.details == ("第1局第1支部 学习情况（F9）：程序中 44，表中 7",)
    lines = import_report_lines(small_year.planned(full, later), {"B11": "第1局第1支部"})
    assert "　　F9 第1局第1支部 学习情况：两边都改，已存 44，表中 7" in lines
