"""The only mouth: named errors with their next step, findings in short, questions whose buttons say what happens."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.ui.notices import Notices, findings_in_short
from tests.ui.recording_notices import RecordingNotices

FINDINGS = tuple(Finding("E-XLS-12", f"甲.xlsx › 评分表 › F{n}", "不是数字") for n in range(8))


def answering(act: Callable[[QMessageBox], object]) -> None:
    """Do something with the dialog that is about to be shown."""

    def look() -> None:
        shown = QApplication.activeModalWidget()
        assert isinstance(shown, QMessageBox)
        act(shown)

    QTimer.singleShot(0, look)


def test_that_a_named_error_is_shown_with_cause_next_step_and_code(notices: RecordingNotices) -> None:
    notices.refuse(AppError(Fault.XLS_FOREIGN, "甲.xlsx 里没有标识。", FINDINGS))
    (asked,) = notices.asked
    assert asked.title == "不是本程序的评分表"
    assert "甲.xlsx 里没有标识。" in asked.text
    assert Fault.XLS_FOREIGN.value.step in asked.text
    assert "编号 E-XLS-08" in asked.text
    assert asked.details.count("\n") == 7


def test_that_five_findings_are_shown_and_the_rest_counted() -> None:
    lines = findings_in_short(FINDINGS).splitlines()
    assert lines[0] == "· 甲.xlsx › 评分表 › F0：不是数字"
    assert len(lines) == 6
    assert lines[-1] == "……另有 3 条，见详情。"


@pytest.mark.parametrize(("danger", "given"), [(False, True), (True, False)])
def test_that_enter_gives_a_step_only_when_it_can_be_taken_back(qtbot: QtBot, danger: bool, given: bool) -> None:
    answering(lambda box: QTest.keyClick(box, Qt.Key.Key_Return))
    assert Notices().confirm("删除这一场票决？", "三行计票会一起删除。", "删除", danger=danger) is given


def test_that_escape_is_always_cancel(qtbot: QtBot) -> None:
    answering(lambda box: QTest.keyClick(box, Qt.Key.Key_Escape))
    assert Notices().choose("保存到哪里", "", ["本机", "U 盘"]) == -1


def test_that_the_buttons_are_called_what_they_do(qtbot: QtBot) -> None:
    seen: list[str] = []

    def read(box: QMessageBox) -> None:
        seen.extend(button.text() for button in box.buttons())
        box.buttons()[0].click()

    answering(read)
    Notices().confirm("定稿？", "", "定稿")
    assert set(seen) == {"定稿", "取消"}


@pytest.mark.skipif(
    sys.platform != "win32" or bool(QPrinterInfo.availablePrinterNames()),
    reason="elsewhere the dialog prints into a file, and here is a printer",
)
def test_that_windows_without_a_printer_says_so(notices: RecordingNotices) -> None:
    assert Notices.printer(notices, "打印回执") is None
    assert [one.title for one in notices.asked] == ["没有打印机"]
