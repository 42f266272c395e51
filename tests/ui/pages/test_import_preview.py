"""The preview of an import: files that were not read, questions about sheets of the same name."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QRadioButton, QWidget

from app.ui.pages.sheets.importing import ImportTab
from app.ui.workspace import Workspace
from tests.services import small_year
from tests.ui.pages.conftest import Settle
from tests.ui.pages.test_sheets_page import opened
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]


def test_that_a_folder_with_other_files_only_lists_them_as_unread(
    work: Workspace, show: Show, settle: Settle, notices: RecordingNotices, awkward_folder: Path
) -> None:
    folder = awkward_folder / "交来"
    folder.mkdir()
    (folder / "甲.ods").write_bytes(b"x")
    tab = opened(work, show, "import", ImportTab)
    tab.scan([folder])
    settle()
    assert notices.asked == []
    assert tab.preview.files.contents.texts(0)[:2] == ("未读", "甲.ods")
    assert "另存为 .xlsx" in " ".join(tab.preview.details.contents.texts(1))
    assert "没有找到评分表" in tab.preview.state.text() and "1 个其他文件未读" in tab.preview.state.text()
    assert not tab.preview.apply.isEnabled()


def test_that_two_sheets_of_the_same_name_can_be_told_apart_in_the_preview(
    empty_work: Workspace, show: Show, settle: Settle, awkward_folder: Path
) -> None:
    services = empty_work.services
    services.sheets.send(awkward_folder / "发出")
    form = next(f for f in services.sheets.forms() if f.identity.sheet == "2026-branch-L1")
    [blank] = (awkward_folder / "发出").glob("L1_*_branch*.xlsx")
    for n, where in enumerate(("甲交来", "乙交来")):
        target = awkward_folder / where / blank.name
        saved = small_year.FIRST_DAY + timedelta(hours=n)
        small_year.fill(form, blank, target, {("B11", "study"): str(n), ("B21", "duty"): str(n)}, saved)
        os.utime(target, (2_000_000_000 - n, 2_000_000_000 - n))
    tab = opened(empty_work, show, "import", ImportTab)
    tab.scan([awkward_folder / "甲交来", awkward_folder / "乙交来"])
    settle()
    texts = [radio.text() for radio in tab.preview.questions.findChildren(QRadioButton)]
    assert "乙交来" in texts[0] and texts[0].endswith("（建议）") and "甲交来" in texts[1]
