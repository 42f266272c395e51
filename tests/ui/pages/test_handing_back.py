"""The button 退回… in the preview of an import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.pages.sheets.importing import ImportTab
from app.ui.workspace import Workspace
from tests.services import small_year
from tests.ui.pages.conftest import Settle
from tests.ui.pages.test_sheets_page import opened
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def previewed(work: Workspace, show: Show, settle: Settle, folder: Path, mark: str) -> ImportTab:
    services = work.services
    services.sheets.send(folder / "发出")
    form = next(f for f in services.sheets.forms() if f.identity.sheet == "2026-branch-L1")
    [blank] = (folder / "发出").glob("L1_*_branch*.xlsx")
    small_year.fill(form, blank, folder / "收回" / blank.name, {("B11", "study"): mark}, LONG_AGO)
    tab = opened(work, show, "import", ImportTab)
    tab.scan([folder / "收回"])
    settle()
    return tab


def test_that_a_faulty_sheet_is_handed_back_from_the_preview(
    empty_work: Workspace, show: Show, settle: Settle, notices: RecordingNotices, awkward_folder: Path
) -> None:
    tab = previewed(empty_work, show, settle, awkward_folder, "很好")
    assert tab.preview.hand_back.isEnabled()
    assert "拒收的 1 格不写入" in tab.preview.state.text()
    form = tab.hand_back()
    assert form is not None and form.list.count() == 1
    assert "领导1" in form.list.item(0).text() and "须改 1 处" in form.list.item(0).text()
    form.note.setPlainText("请改好")
    QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)  # no folder chosen: the form stays
    settle()
    assert form.isVisible() and form.save_button.isEnabled()
    notices.files = [awkward_folder / "收回"]
    QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    settle()
    assert form.isVisible() and "另选" in form.problem.text()
    notices.files = [awkward_folder / "退回"]
    QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    settle()
    [copy] = (awkward_folder / "退回").glob("*.xlsx")
    assert load_workbook(copy).sheetnames[0] == "退回说明" and "1 份" in notices.lines[-1]
    assert tab.stack.currentIndex() == 1 and tab.plan is not None  # the preview is still there


def test_that_nothing_ticked_hands_nothing_back(
    empty_work: Workspace, show: Show, settle: Settle, notices: RecordingNotices, awkward_folder: Path
) -> None:
    tab = previewed(empty_work, show, settle, awkward_folder, "很好")
    form = tab.hand_back()
    assert form is not None
    form.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    assert "至少一份" in form.problem.text() and notices.asked == []
    form.reject()


def test_that_clean_sheets_leave_the_button_off_and_say_why(
    empty_work: Workspace, show: Show, settle: Settle, awkward_folder: Path
) -> None:
    tab = previewed(empty_work, show, settle, awkward_folder, "50")
    assert not tab.preview.hand_back.isEnabled() and "没有需要" in tab.preview.hand_back.toolTip()
