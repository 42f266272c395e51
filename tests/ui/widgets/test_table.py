"""Tables: sorting, filtering, copying, sums, painting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui import places
from app.ui.colours import grade_tone
from app.ui.widgets.table import Column, Table, plain_tip, selection_sum


@dataclass(frozen=True)
class Row:
    name: str
    total: Fraction | None


COLUMNS: tuple[Column[Row], ...] = (
    Column(key="name", title="单位", text=lambda r: r.name, stretch=True, tip=lambda r: r.name),
    Column(
        key="total",
        title="总分",
        text=lambda r: "" if r.total is None else f"{float(r.total):.2f}",
        sort=lambda r: r.total,
        align="right",
        tone=lambda r: grade_tone(0, 4) if r.total and r.total > 90 else None,
    ),
)
ROWS = (
    Row("组织部", Fraction(181, 2)),
    Row("宣传部", None),
    Row("统战部", Fraction(9049, 100)),
    Row("<b>甲局", Fraction(7)),
)


@pytest.fixture
def table(qtbot: QtBot) -> Table[Row]:
    made: Table[Row] = Table(COLUMNS)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show_rows(ROWS)
    made.show()
    return made


def names(table: Table[Row]) -> list[str]:
    return [table.contents.row(i).name for i in range(table.contents.rowCount())]


def test_that_a_column_that_stretches_keeps_its_width_when_the_room_is_short(qtbot: QtBot) -> None:
    made: Table[Row] = Table([replace(COLUMNS[0], width=150), replace(COLUMNS[1], width=200)])
    qtbot.addWidget(made)
    made.show()
    widths: list[int] = []
    for width in (600, 260, 600):
        made.resize(width, 200)
        widths.append(made.columnWidth(0))
    assert widths[1] == 150
    assert widths[0] == widths[2] > 350


def test_that_columns_share_what_is_missing_before_one_has_to_scroll(qtbot: QtBot) -> None:
    columns: list[Column[Row]] = [
        Column(key="a", title="甲", text=lambda r: r.name, width=200, least=80),
        Column(key="b", title="乙", text=lambda r: r.name, width=100),
        Column(key="c", title="丙", text=lambda r: r.name, width=100, least=60),
    ]
    made = Table(columns)
    qtbot.addWidget(made)
    made.show()
    widths: list[tuple[int, ...]] = []
    for width in (500, 330, 200, 500):
        made.resize(width, 200)
        widths.append(tuple(made.columnWidth(n) for n in range(3)))
    assert widths[0] == widths[3] == (200, 100, 100)
    assert widths[1][1] == 100 and 80 < widths[1][0] < 200 and 60 < widths[1][2] < 100
    made.resize(330, 200)
    assert sum(made.columnWidth(n) for n in range(3)) <= made.viewport().width()
    assert widths[2] == (80, 100, 60)
    made.hide()
    again = Table(columns)
    qtbot.addWidget(again)
    assert again.columnWidth(0) == 200, "what the window left is not what the user has made"


def test_that_the_model_keeps_the_rules_of_qt(table: Table[Row]) -> None:
    tester = QAbstractItemModelTester(table.contents, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.contents.sort(1)
    table.narrow("部")
    table.show_rows(ROWS[:2])
    table.contents.replace_row(0, Row("组织部", Fraction(1)))
    assert tester.model() is table.contents


def test_that_sorting_is_exact_and_rows_without_a_value_stay_last(table: Table[Row]) -> None:
    table.contents.sort(1)
    assert names(table) == ["<b>甲局", "统战部", "组织部", "宣传部"]
    table.contents.sort(1, Qt.SortOrder.DescendingOrder)
    assert names(table) == ["组织部", "统战部", "<b>甲局", "宣传部"]
    table.contents.sort(-1)
    assert names(table) == [r.name for r in ROWS]


def test_that_a_search_finds_text_and_pinyin_initials(table: Table[Row]) -> None:
    table.narrow("zzb")
    assert names(table) == ["组织部"]
    table.narrow("战部")
    assert names(table) == ["统战部"]
    table.narrow("90")
    assert names(table) == []  # numbers are not words
    table.narrow("")
    assert len(names(table)) == 4


def test_that_copied_rows_go_to_excel_with_their_heads(table: Table[Row]) -> None:
    table.selectAll()
    table.copy()
    lines = QApplication.clipboard().text().split("\r\n")
    assert lines[:2] == ["单位\t总分", "组织部\t90.50"]


def test_that_enter_opens_the_row_and_moving_picks_it(table: Table[Row], qtbot: QtBot) -> None:
    table.setCurrentIndex(table.contents.index(0, 0))
    with qtbot.waitSignal(table.opened) as opened:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [ROWS[0], "name"]
    with qtbot.waitSignal(table.picked) as picked:
        QTest.keyClick(table, Qt.Key.Key_Down)
    assert picked.args == [ROWS[1]]


def test_that_the_selection_is_counted_and_summed_exactly(table: Table[Row]) -> None:
    seen: list[str] = []
    table.summed.connect(seen.append)
    flag = QItemSelectionModel.SelectionFlag.Select
    for row in (0, 2):
        table.selectionModel().select(table.contents.index(row, 1), flag)
    assert seen[-1] == "计数 2 · 合计 180.99 · 平均 90.50"


def test_that_texts_are_not_numbers_in_a_sum() -> None:
    assert selection_sum(["甲", "1", "弃权"]) == ""
    assert selection_sum(["0.1", "0.2", "优"]) == "计数 2 · 合计 0.3 · 平均 0.15"


def test_that_a_tip_is_plain_text_whatever_a_unit_is_called(table: Table[Row]) -> None:
    tip = table.contents.index(3, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b>甲局" in tip
    assert plain_tip("甲局") == "甲局"


def test_that_a_changed_row_repaints_only_the_cells_that_differ(table: Table[Row]) -> None:
    seen: list[tuple[int, int]] = []
    table.contents.dataChanged.connect(lambda a, b, roles: seen.append((a.row(), a.column())))
    table.contents.replace_row(2, Row("统战部", Fraction(50)))
    assert seen == [(2, 1)]


def test_that_painting_shows_the_chip_s_colour(table: Table[Row]) -> None:
    image = table.viewport().grab().toImage()
    wanted = grade_tone(0, 4).paper
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert wanted in colours


def test_that_widths_and_hidden_columns_are_there_again_the_next_time(qtbot: QtBot) -> None:
    three = (*COLUMNS, Column(key="more", title="备注", text=lambda r: "", width=80))
    first: Table[Row] = Table(three)
    qtbot.addWidget(first)
    first.show()
    first.setColumnWidth(1, 222)
    first.setColumnHidden(2, True)
    first.hide()
    second: Table[Row] = Table(three)
    qtbot.addWidget(second)
    assert second.columnWidth(1) == 222
    assert second.isColumnHidden(2)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"total": "x"}', '{"name": [1, true]}'])
def test_that_a_spoiled_ini_file_leaves_the_program_s_own_widths(qtbot: QtBot, text: str) -> None:
    own = Table(COLUMNS)
    qtbot.addWidget(own)
    settings = places.settings()
    settings.setValue(own._memory._name, text)
    table: Table[Row] = Table(COLUMNS)
    qtbot.addWidget(table)
    assert table.columnWidth(1) == own.columnWidth(1)
    assert not table.isColumnHidden(0)
