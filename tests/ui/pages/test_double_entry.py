"""The tab 双人录入: two people type with real keys, then what differs is decided with one key each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.pages.sheets.double_entry import COMPARING, LIST, TYPING, DoubleEntryTab
from app.ui.score_sheet import FIXED
from app.ui.workspace import Workspace
from tests.ui.pages.conftest import Settle
from tests.ui.pages.test_sheets_page import opened
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]
BLOCK = "51\t31\r\n52\t32\r\n53\t33\r\n54\t34\r\n55\t35\r\n56\t36"


@pytest.fixture
def tab(empty_work: Workspace, show: Show, settle: Settle) -> DoubleEntryTab:
    empty_work.choose_scheme("branch")
    made = opened(empty_work, show, "double", DoubleEntryTab)
    settle()
    return made


def press(tab: DoubleEntryTab, command: str, settle: Settle) -> None:
    action = {"start": tab.start, "compare": tab.compare, "finish": tab.finish, "discard": tab.discard}[command]
    assert action.isEnabled(), action.toolTip()
    action.trigger()
    settle()


def type_block(tab: DoubleEntryTab, by: str, block: str, settle: Settle) -> None:
    """One whole turn by the clipboard."""
    tab.table.setCurrentIndex(tab.table.contents.index(0, 0))
    tab.name.setText(by)
    press(tab, "start", settle)
    assert tab.sheet.grid is not None and tab.stack.currentIndex() == TYPING
    assert not any(tab.sheet.grid.contents.texts(0)[FIXED:]), "what the other has typed is not shown"
    tab.sheet.grid.setCurrentIndex(tab.sheet.grid.contents.index(0, FIXED))
    QGuiApplication.clipboard().setText(block)
    tab.sheet.grid.paste()
    press(tab, "finish", settle)
    assert tab.stack.currentIndex() == LIST


def test_that_two_people_type_and_differences_are_decided_with_one_key_each(
    tab: DoubleEntryTab, settle: Settle, notices: RecordingNotices
) -> None:
    services = tab.work.services
    type_block(tab, "张三", BLOCK, settle)
    assert tab.table.contents.texts(0)[1:3] == ("等第二人录", "张三　录完") and not tab.compare.isEnabled()
    type_block(tab, "李四", BLOCK.replace("52", "25").replace("36", ""), settle)
    assert tab.table.contents.texts(0)[1] == "可以核对" and services.sheets.block("branch", "L1") is None
    press(tab, "compare", settle)
    view = tab.differences
    assert tab.stack.currentIndex() == COMPARING and view.grid is not None
    assert [view.grid.contents.texts(n)[2:4] for n in range(2)] == [("52", "25"), ("36", "空白")]
    assert not any(widget.isVisible() for widget in tab.of_list), "the buttons of the list give way"
    assert "不同 2 处" in view.state.text() and not view.adopt.isEnabled() and "2 处没有定" in view.adopt.toolTip()
    QTest.keyClicks(view.grid, "2")
    QTest.keyClicks(view.grid, "1")
    assert [view.grid.contents.texts(n)[4] for n in range(2)] == ["第二遍：25", "第一遍：36"]
    assert view.adopt.isEnabled()
    view.adopt.trigger()
    settle()
    block = services.sheets.block("branch", "L1")
    assert tab.stack.currentIndex() == LIST and block is not None
    assert {(e.unit, e.item): e.after for e in block.edits}[block.units[1], block.items[0]] == "25"
    assert {e.by for e in block.edits} == {"张三、李四"}
    assert "双人录入" in (services.history.undo_label() or "")


def test_that_what_was_typed_is_kept_after_a_pause_and_found_again(tab: DoubleEntryTab, settle: Settle) -> None:
    tab.name.setText("张三")
    tab.table.setCurrentIndex(tab.table.contents.index(0, 0))
    press(tab, "start", settle)
    grid = tab.sheet.grid
    assert grid is not None
    QTest.keyClicks(grid, "5")
    editor = grid.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_1)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settle()
    assert grid.contents.texts(0)[FIXED] == "51" and "已录 1/" in tab.typing_state.text()
    assert tab.pause.isActive() and tab.work.services.double_entry.states("branch")[0].turns[0].filled == 0
    tab.settle()  # what the pause, or closing the window, does
    settle()
    assert tab.work.services.double_entry.states("branch")[0].turns[0].filled == 1
    assert tab.stack.currentIndex() == TYPING and grid is tab.sheet.grid
    tab.leave()
    settle()
    tab.name.setText("张 三")
    press(tab, "start", settle)
    assert tab.sheet.grid is not None and tab.sheet.grid.contents.texts(0)[FIXED] == "51"


def test_that_undo_takes_back_on_the_screen_first_and_then_in_the_file(tab: DoubleEntryTab, settle: Settle) -> None:
    tab.name.setText("张三")
    tab.table.setCurrentIndex(tab.table.contents.index(0, 0))
    press(tab, "start", settle)
    grid = tab.sheet.grid
    assert grid is not None
    grid.enter_text(0, FIXED, "51")
    tab.settle()
    settle()
    grid.enter_text(0, FIXED, "52")
    assert tab.take_back() and grid.contents.texts(0)[FIXED] == "51" and not tab.take_back()
    tab.settle()
    settle()
    assert "录入 1 格" in (tab.work.services.history.undo_label() or "")
    tab.work.services.history.undo()
    tab.refresh()
    settle()
    assert grid.contents.texts(0)[FIXED] == "" and tab.stack.currentIndex() == TYPING


def test_that_a_name_is_asked_for_and_the_same_person_cannot_type_twice(
    tab: DoubleEntryTab, settle: Settle, notices: RecordingNotices, faults: list[BaseException]
) -> None:
    tab.table.setCurrentIndex(tab.table.contents.index(0, 0))
    press(tab, "start", settle)
    assert tab.stack.currentIndex() == LIST and "姓名" in notices.lines[-1]
    type_block(tab, "张三", BLOCK, settle)
    press(tab, "start", settle)
    assert tab.stack.currentIndex() == LIST
    assert "另一个人" in str(faults[-1])
    faults.clear()


def test_that_a_turn_is_thrown_away_only_with_a_reason(tab: DoubleEntryTab, settle: Settle) -> None:
    type_block(tab, "张三", BLOCK, settle)
    from app.ui.widgets.reasons import ReasonForm

    press(tab, "discard", settle)
    form = tab.findChild(ReasonForm)
    assert form is not None
    form.reason.setPlainText("拿错了表")
    QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    settle()
    assert tab.table.contents.texts(0)[1:3] == ("未录", "—")


def test_that_a_wrong_mark_is_not_taken_and_the_reason_is_said(
    tab: DoubleEntryTab, settle: Settle, notices: RecordingNotices
) -> None:
    tab.name.setText("张三")
    tab.table.setCurrentIndex(tab.table.contents.index(0, 0))
    press(tab, "start", settle)
    assert tab.sheet.grid is not None
    tab.sheet.grid.enter_text(0, FIXED, "601")
    assert "高于最高分" in notices.asked[-1].text and not tab.unsaved
