"""The sheet on the screen, with nothing but a form: typing, help beside the cell, gaps, whole gestures."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.sheets import FormItem, SheetForm
from app.ui.score_sheet import FIXED, ScoreSheet
from tests.ui.score_sheet.test_rows import FORM as ROWS_FORM

FORM: SheetForm = replace(
    ROWS_FORM,
    items=(
        FormItem(
            id="i1",
            name="述职",
            above=("述职评议",),
            note="看问题找得准不准",
            points=Fraction(30),
            maximum=Fraction(30),
            step=Fraction(1, 2),
            digits=1,
        ),
        ROWS_FORM.items[1],
    ),
)
Typed = list[tuple[tuple[str, str, str], ...]]


@pytest.fixture
def sheet(qtbot: QtBot) -> ScoreSheet:
    made = ScoreSheet()
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show_texts(FORM, {("D1", "i1"): "20", ("D1", "i2"): "好"})
    made.show()
    return made


@pytest.fixture
def typed(sheet: ScoreSheet) -> Typed:
    seen: Typed = []
    sheet.typed.connect(seen.append)
    sheet.typed.connect(sheet.take)
    return seen


def texts(sheet: ScoreSheet, row: int) -> tuple[str, ...]:
    assert sheet.grid is not None
    return sheet.grid.contents.texts(row)


def told(sheet: ScoreSheet) -> str:
    return "\n".join(
        w.text() for kind in (QLabel, QPushButton) for w in sheet.help.findChildren(kind) if w.isVisibleTo(sheet)
    )


def at(sheet: ScoreSheet, row: int, item: int) -> None:
    assert sheet.grid is not None
    sheet.grid.setCurrentIndex(sheet.grid.contents.index(row, FIXED + item))


def test_that_typed_marks_are_shown_with_sum_and_gaps(sheet: ScoreSheet) -> None:
    assert texts(sheet, 0) == ("第1局", "30", "", "20", "好")
    assert texts(sheet, 1) == ("第2局", "—", "1", "", "—")
    assert texts(sheet, 2) == ("第3局", "—", "", "回避", "回避")
    assert sheet.progress_text() == "已评 2/3，还有 1 项未评"


def test_that_a_number_typed_with_a_chinese_stop_is_taken_and_added_up(sheet: ScoreSheet, typed: Typed) -> None:
    assert sheet.grid is not None
    at(sheet, 0, 0)
    QTest.keyClicks(sheet.grid, "1")
    editor = sheet.grid.findChild(QLineEdit)
    assert editor is not None
    editor.insert("8。5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert typed == [(("D1", "i1", "18.5"),)]
    assert texts(sheet, 0)[1:4] == ("28.5", "", "18.5")


def test_that_the_help_follows_the_cell(sheet: ScoreSheet) -> None:
    at(sheet, 0, 0)
    said = told(sheet)
    for text in ("第1局", "述职评议", "述职", "满分 30 分", "0–30", "每档 0.5", "看问题找得准不准", "已全部评完"):
        assert text in said
    at(sheet, 1, 1)
    said = told(sheet)
    for text in ("第2局", "还有 1 项未评", "1　好　10 分", "2　一般"):
        assert text in said
    assert not any(w.isEnabled() for w in sheet.help.choices.values())  # 不适用


def test_that_a_level_in_the_help_goes_into_the_selected_cells_as_one_gesture(sheet: ScoreSheet, typed: Typed) -> None:
    assert sheet.grid is not None
    at(sheet, 0, 1)
    sheet.grid.selectColumn(FIXED + 1)
    level = sheet.help.choices["一般"]
    QTest.mouseClick(level, Qt.MouseButton.LeftButton)
    assert typed == [(("D1", "i2", "一般"),)]  # the two locked cells of the column stay as they are
    at(sheet, 1, 0)
    QTest.mouseClick(sheet.help.choices["弃权"], Qt.MouseButton.LeftButton)
    assert typed[1] == (("D2", "i1", "弃权"),)


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ("31\r\n20", "高于最高分"),
        ("20.3\r\n20", "不合步长"),
        ("20\t优", "可选"),
        ("1\r\n2\r\n3\r\n4", "超出了表格"),
        ("1\r\n2\r\n3", "回避"),
    ],
)
def test_that_nothing_of_a_faulty_block_is_taken(sheet: ScoreSheet, typed: Typed, block: str, why: str) -> None:
    assert sheet.grid is not None
    reasons: list[list[str]] = []
    sheet.refused.connect(reasons.append)
    before = [texts(sheet, n) for n in range(3)]
    at(sheet, 0, 0)
    QGuiApplication.clipboard().setText(block)
    QTest.keyClick(sheet.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert typed == [] and why in "".join(reasons[0]) and [texts(sheet, n) for n in range(3)] == before


def test_that_a_whole_block_comes_back_over_the_cells_it_was_copied_from(sheet: ScoreSheet, typed: Typed) -> None:
    assert sheet.grid is not None
    sheet.grid.selectAll()
    sheet.grid.copy()
    lines = QGuiApplication.clipboard().text().split("\r\n")
    QGuiApplication.clipboard().setText("\r\n".join("\t".join(line.split("\t")[FIXED:]) for line in lines[:3]))
    at(sheet, 0, 0)
    sheet.grid.paste()
    assert typed == []  # 回避 and — over themselves are no edits


def test_that_one_can_go_from_gap_to_gap(sheet: ScoreSheet, typed: Typed) -> None:
    at(sheet, 0, 0)
    assert sheet.go_to_gap()
    place = sheet.current()
    assert place is not None and (place[0].unit.code, place[1].id) == ("D2", "i1")
    sheet.take((("D2", "i1", "5"),))
    assert not sheet.go_to_gap() and sheet.progress_text().endswith("已全部评完")


def test_that_a_shut_sheet_takes_nothing_and_says_why(sheet: ScoreSheet, typed: Typed) -> None:
    assert sheet.grid is not None
    sheet.shut = "已提交，不能再改。"
    reasons: list[list[str]] = []
    sheet.refused.connect(reasons.append)
    sheet.grid.enter_text(0, FIXED, "3")
    assert typed == [] and "已提交" in reasons[0][0]


def test_that_the_help_gives_way_in_a_narrow_place(sheet: ScoreSheet, qtbot: QtBot) -> None:
    assert sheet.help.isVisible()
    sheet.resize(600, 400)
    qtbot.waitUntil(lambda: not sheet.help.isVisible(), timeout=1000)
