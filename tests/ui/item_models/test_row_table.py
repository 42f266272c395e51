"""The table model: rows replaced, not mutated; sorting and searching by index; signals cell by cell."""

from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from app.ui.item_models.columns import Align, Column
from app.ui.item_models.ordering import LAST, codes
from app.ui.item_models.row_table import RowTable


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    total: Fraction | None


COLUMNS = (
    Column[Row](title="单位", text=lambda r: r.name, key=lambda r: int(r.code[1:])),
    Column[Row](
        title="总分",
        text=lambda r: "—" if r.total is None else f"{float(r.total):.2f}",
        key=lambda r: r.total,
        align=Align.RIGHT,
    ),
)
ROWS = (
    Row("D1", "市委组织部", Fraction(9001, 100)),
    Row("D2", "市税务局", None),
    Row("D3", "市公安局", Fraction(272, 3)),
    Row("D4", "市财政局", Fraction(9001, 100)),
)


@pytest.fixture
def table(qapp: object) -> RowTable[Row]:
    model = RowTable(COLUMNS, lambda r: r.code, lambda r: f"{r.name} {r.code}")
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    tester.setParent(model)
    model.set_rows(ROWS)
    return model


def names(table: RowTable[Row]) -> list[str]:
    return [row.code for row in table.shown()]


def test_that_rows_sort_by_exact_values_and_rows_without_value_stay_last(table: RowTable[Row]) -> None:
    table.sort(1, Qt.SortOrder.DescendingOrder)
    assert names(table) == ["D3", "D1", "D4", "D2"]
    table.sort(1, Qt.SortOrder.AscendingOrder)
    assert names(table) == ["D1", "D4", "D3", "D2"]
    table.sort(-1)
    assert names(table) == ["D1", "D2", "D3", "D4"]


def test_that_a_third_and_a_float_near_it_are_not_mixed_up() -> None:
    third, near = Fraction(1, 3), Fraction(float(Fraction(1, 3)))
    low, high, none = codes([near, third, None]).tolist()
    assert (low < high) == (near < third) and low != high and none == LAST


def test_that_a_search_keeps_the_sorting(table: RowTable[Row]) -> None:
    table.sort(1, Qt.SortOrder.DescendingOrder)
    table.search("局")
    assert names(table) == ["D3", "D4", "D2"]
    table.search("")
    assert names(table) == ["D3", "D1", "D4", "D2"]


def test_that_the_selected_row_stays_selected_when_sorted(table: RowTable[Row], qtbot: QtBot) -> None:
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(table)
    view.selectionModel().setCurrentIndex(table.index(2, 0), QItemSelectionModel.SelectionFlag.SelectCurrent)
    kept = QPersistentModelIndex(table.index(2, 0))
    table.sort(1, Qt.SortOrder.DescendingOrder)
    assert view.currentIndex().row() == 0 and kept.row() == 0
    assert table.row(view.currentIndex().row()).code == "D3"


def test_that_only_changed_cells_are_reported_when_the_same_rows_come_again(table: RowTable[Row]) -> None:
    seen: list[tuple[int, int, int, int]] = []
    table.dataChanged.connect(lambda a, b: seen.append((a.row(), a.column(), b.row(), b.column())))
    resets: list[bool] = []
    table.modelReset.connect(lambda: resets.append(True))
    table.set_rows((*ROWS[:1], replace(ROWS[1], total=Fraction(80)), *ROWS[2:]))
    assert seen == [(1, 1, 1, 1)] and not resets
    assert table.line(1).texts == ("市税务局", "80.00")


def test_that_other_rows_replace_the_table(table: RowTable[Row]) -> None:
    table.set_rows(ROWS[1:3])
    assert names(table) == ["D2", "D3"]


def test_that_rows_are_found_by_identity(table: RowTable[Row]) -> None:
    table.sort(1, Qt.SortOrder.DescendingOrder)
    assert table.place("D3") == 0
    table.search("组织")
    assert table.place("D3") is None
