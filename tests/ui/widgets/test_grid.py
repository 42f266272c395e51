"""The grid for typing: Excel's habits, one change per gesture, nothing half applied."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.ui.widgets.grid import Grid, parse_block
from app.ui.widgets.table import Column


@dataclass(frozen=True)
class Row:
    unit: str
    a: str = ""
    b: str = ""


def check(row: Row, text: str) -> str:
    return "" if not text or text.replace(".", "", 1).isdigit() else "要填数字"


COLUMNS: tuple[Column[Row], ...] = (
    Column(key="unit", title="单位", text=lambda r: r.unit),
    Column(key="a", title="甲项", text=lambda r: r.a, align="right", check=check),
    Column(key="b", title="乙项", text=lambda r: r.b, align="right", check=check),
)
ROWS = (Row("D1", "1", "2"), Row("D2", "3", "4"), Row("D3", "5", "6"))
Edits = list[tuple[Row, str, str]]


@pytest.fixture
def grid(qtbot: QtBot) -> Grid[Row]:
    made: Grid[Row] = Grid(COLUMNS)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show_rows(ROWS)
    made.show()
    made.setFocus()
    return made


@pytest.fixture
def edits(grid: Grid[Row]) -> list[Edits]:
    seen: list[Edits] = []
    grid.edited.connect(seen.append)
    return seen


def at(grid: Grid[Row], row: int, column: int) -> None:
    grid.setCurrentIndex(grid.contents.index(row, column))


def select(grid: Grid[Row], *cells: tuple[int, int]) -> None:
    grid.clearSelection()
    for row, column in cells:
        grid.selectionModel().select(grid.contents.index(row, column), QItemSelectionModel.SelectionFlag.Select)


def paste(grid: Grid[Row], text: str) -> None:
    QApplication.clipboard().setText(text)
    grid.paste()


def test_that_enter_goes_down_and_at_the_end_to_the_next_column(grid: Grid[Row]) -> None:
    at(grid, 0, 1)
    places: list[tuple[int, int]] = []
    for _ in range(3):
        QTest.keyClick(grid, Qt.Key.Key_Return)
        places.append((grid.currentIndex().row(), grid.currentIndex().column()))
    assert places == [(1, 1), (2, 1), (0, 2)]


def test_that_typing_replaces_the_cell_and_enter_hands_it_over_and_goes_down(
    grid: Grid[Row], edits: list[Edits]
) -> None:
    at(grid, 0, 1)
    QTest.keyClicks(grid, "9")
    editor = grid.findChild(QLineEdit)
    assert editor is not None
    editor.insert("。５")  # QTest cannot type it
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert edits == [[(ROWS[0], "a", "9.5")]]
    assert grid.currentIndex().row() == 1


def test_that_delete_clears_the_selection_in_one_step(grid: Grid[Row], edits: list[Edits]) -> None:
    select(grid, (0, 1), (1, 1), (1, 2))
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    assert edits == [[(ROWS[0], "a", ""), (ROWS[1], "a", ""), (ROWS[1], "b", "")]]


def test_that_a_pasted_block_is_one_edit(grid: Grid[Row], edits: list[Edits]) -> None:
    at(grid, 1, 1)
    paste(grid, "7\t8\r\n9\t10\r\n")
    assert edits == [[(ROWS[1], "a", "7"), (ROWS[1], "b", "8"), (ROWS[2], "a", "9"), (ROWS[2], "b", "10")]]


def test_that_one_pasted_value_fills_the_selection(grid: Grid[Row], edits: list[Edits]) -> None:
    at(grid, 0, 1)
    select(grid, (0, 1), (2, 2))
    paste(grid, "8")
    assert edits == [[(ROWS[0], "a", "8"), (ROWS[2], "b", "8")]]


@pytest.mark.parametrize(
    ("place", "text", "why"),
    [
        ((1, 1), "1\n2\n3", "超出了表格"),
        ((0, 2), "1\t2", "超出了表格"),
        ((0, 0), "x\t1", "不能修改"),
        ((0, 1), "1\n优", "第 2 行“甲项”：要填数字"),
    ],
)
def test_that_a_block_that_does_not_fit_changes_nothing_and_says_why(
    grid: Grid[Row], edits: list[Edits], place: tuple[int, int], text: str, why: str
) -> None:
    reasons: list[list[str]] = []
    grid.refused.connect(reasons.append)
    at(grid, *place)
    paste(grid, text)
    assert edits == []
    assert why in reasons[0][0]


def test_that_ctrl_enter_fills_the_selection_with_the_current_value(grid: Grid[Row], edits: list[Edits]) -> None:
    at(grid, 0, 1)
    select(grid, (0, 1), (1, 1), (2, 1))
    QTest.keyClick(grid, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert edits == [[(ROWS[1], "a", "1"), (ROWS[2], "a", "1")]]


def test_that_what_stays_the_same_is_no_edit(grid: Grid[Row], edits: list[Edits]) -> None:
    at(grid, 0, 1)
    paste(grid, "1\t2")
    assert edits == []


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("", []),
        ("1", [["1"]]),
        ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
        ('"a\nb"\tc\r\n', [["a\nb", "c"]]),
        ('"stray\t1\r\n2\t3\r\n', [['"stray', "1"], ["2", "3"]]),
        ("1\n2\t3", [["1", ""], ["2", "3"]]),
    ],
)
def test_that_clipboard_text_becomes_a_rectangle(text: str, block: list[list[str]]) -> None:
    assert parse_block(text) == block


def test_that_what_is_copied_can_be_pasted(grid: Grid[Row], edits: list[Edits]) -> None:
    select(grid, (0, 1), (0, 2))
    grid.copy()
    at(grid, 2, 1)
    grid.paste()
    assert edits == [[(ROWS[2], "a", "1"), (ROWS[2], "b", "2")]]


# ---- Excel hands over locked cells and choices


LEVELS = ("", "好", "一般", "弃权")
MIXED: tuple[Column[Row], ...] = (
    Column(key="unit", title="单位", text=lambda r: r.unit),
    Column(
        key="a",
        title="甲项",
        text=lambda r: r.a,
        align="right",
        check=check,
        locked=lambda r: "应当回避" if r.unit == "D2" else "",
    ),
    Column(key="b", title="总评", text=lambda r: r.b, check=lambda r, t: "", choices=lambda r: LEVELS, align="center"),
)


@pytest.fixture
def mixed(qtbot: QtBot) -> Grid[Row]:
    made: Grid[Row] = Grid(MIXED)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show_rows((Row("D1", "1", "好"), Row("D2", "", ""), Row("D3", "5", "")))
    made.show()
    made.setFocus()
    return made


def place(grid: Grid[Row]) -> tuple[int, int]:
    return grid.currentIndex().row(), grid.currentIndex().column()


def test_that_tab_goes_to_the_next_cell_that_can_be_filled_in_and_shift_tab_back(mixed: Grid[Row]) -> None:
    at(mixed, 0, 1)
    places: list[tuple[int, int]] = []
    for _ in range(4):
        QTest.keyClick(mixed, Qt.Key.Key_Tab)
        places.append(place(mixed))
    assert places == [(0, 2), (1, 2), (2, 1), (2, 2)]  # D2's locked cell and the names are jumped over
    QTest.keyClick(mixed, Qt.Key.Key_Backtab)
    QTest.keyClick(mixed, Qt.Key.Key_Backtab)
    assert place(mixed) == (1, 2)


def test_that_enter_after_tab_goes_below_where_tab_began_and_shift_enter_up(mixed: Grid[Row]) -> None:
    at(mixed, 0, 1)
    QTest.keyClick(mixed, Qt.Key.Key_Tab)
    QTest.keyClick(mixed, Qt.Key.Key_Return)
    assert place(mixed) == (1, 1)
    QTest.keyClick(mixed, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert place(mixed) == (0, 1)


def test_that_tab_inside_an_editor_hands_over_and_opens_the_next_cell(grid: Grid[Row], edits: list[Edits]) -> None:
    at(grid, 0, 1)
    QTest.keyClicks(grid, "9")
    editor = grid.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    QApplication.processEvents()
    assert edits == [[(ROWS[0], "a", "9")]] and place(grid) == (0, 2)


def test_that_delete_over_names_and_locked_cells_clears_the_others(mixed: Grid[Row]) -> None:
    seen: list[Edits] = []
    reasons: list[list[str]] = []
    mixed.edited.connect(seen.append)
    mixed.refused.connect(reasons.append)
    mixed.selectAll()
    QTest.keyClick(mixed, Qt.Key.Key_Delete)
    assert reasons == []
    assert [(row.unit, key, text) for row, key, text in seen[0]] == [("D1", "a", ""), ("D1", "b", ""), ("D3", "a", "")]


def test_that_ctrl_enter_in_an_open_editor_fills_the_selection(grid: Grid[Row], edits: list[Edits]) -> None:
    at(grid, 0, 1)
    select(grid, (0, 1), (1, 1), (2, 1))
    grid.selectionModel().setCurrentIndex(grid.contents.index(0, 1), QItemSelectionModel.SelectionFlag.NoUpdate)
    QTest.keyClicks(grid, "8")
    editor = grid.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert edits == [[(ROWS[0], "a", "8"), (ROWS[1], "a", "8"), (ROWS[2], "a", "8")]]


def test_that_ctrl_d_takes_the_top_cell_down(grid: Grid[Row], edits: list[Edits]) -> None:
    select(grid, (0, 1), (1, 1), (2, 1), (1, 2), (2, 2))
    QTest.keyClick(grid, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    select(grid, (1, 1))
    QTest.keyClick(grid, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert edits == [[(ROWS[1], "a", "1"), (ROWS[2], "a", "1"), (ROWS[2], "b", "4")], [(ROWS[1], "a", "1")]]


def test_that_a_digit_chooses_in_a_column_of_choices_and_goes_down(mixed: Grid[Row]) -> None:
    seen: list[Edits] = []
    mixed.edited.connect(seen.append)
    at(mixed, 0, 2)
    QTest.keyClicks(mixed, "2")
    assert [(row.unit, key, text) for row, key, text in seen[0]] == [("D1", "b", "一般")] and place(mixed) == (1, 2)


def test_that_the_input_method_stays_out_of_numbers_but_not_of_texts(qtbot: QtBot, grid: Grid[Row]) -> None:
    words: Grid[Row] = Grid((*COLUMNS[:2], Column(key="b", title="意见", text=lambda r: r.b, check=lambda r, t: "")))
    qtbot.addWidget(words)
    words.show_rows(ROWS)
    words.show()
    attribute = Qt.WidgetAttribute.WA_InputMethodEnabled
    at(words, 0, 2)
    assert words.testAttribute(attribute)
    at(words, 0, 1)
    assert not words.testAttribute(attribute)
    at(grid, 0, 1)
    grid.clearFocus()
    grid.setFocus()
    assert not grid.testAttribute(attribute)
    QTest.keyClicks(grid, "9")
    editor = grid.findChild(QLineEdit)
    assert editor is not None and editor.testAttribute(attribute)  # 弃权 can be typed
    assert editor.inputMethodHints() & Qt.InputMethodHint.ImhPreferLatin


def test_that_the_sum_of_the_selection_is_told(grid: Grid[Row]) -> None:
    said: list[str] = []
    grid.summed.connect(said.append)
    select(grid, (0, 1), (1, 1), (2, 2))
    assert said[-1] == "计数 3 · 合计 10 · 平均 3.33"
