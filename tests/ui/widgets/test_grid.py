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
