"""One way of showing a table of 100,000 × 20, as a process of its own: python -m tests.bench.table_ways WAY ROWS

Ways: ours · items (QStandardItemModel, the C++ items) · proxy (a plain Python model below QSortFilterProxyModel, whose
lessThan and filterAcceptsRow are written in Python, as most programs do it). Prints one JSON line of seconds.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from array import array
from collections.abc import Callable
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from app.ui import style
from app.ui.widgets.table import Column, Table

COLUMNS, ROW_HEIGHT, SEARCHED = 20, 30, "第123"
Index = QModelIndex | QPersistentModelIndex
Row = tuple[str, "array[int]"]  # marks packed, as the program keeps them: what is weighed is the table


def world(rows: int) -> list[Row]:
    """Names and marks in hundredths, the same in every run."""
    dice = random.Random(7)
    return [
        (f"市虚构管理服务局第{i % 977}分局", array("h", (dice.randrange(10_000) for _ in range(COLUMNS - 1))))
        for i in range(rows)
    ]


def shown(mark: int) -> str:
    return f"{mark // 100}.{mark % 100:02d}"


# ---- ours


def our_table(rows: list[Row]) -> Table[Row]:
    names: Column[Row] = Column(key="name", title="单位", text=lambda r: r[0], width=220)
    columns = [names, *(_mark_column(at) for at in range(COLUMNS - 1))]
    table = Table(columns, row_height=ROW_HEIGHT)
    table.show_rows(rows)
    return table


def _mark_column(at: int) -> Column[Row]:
    return Column(
        key=str(at),
        title=f"项目{at + 1}",
        text=lambda r: shown(r[1][at]),
        sort=lambda r: r[1][at],
        ink=lambda r: "#a11d1d" if r[1][at] < 6000 else "",
        align="right",
        width=70,
    )


# ---- yardsticks


def item_table(rows: list[Row]) -> QTableView:
    model = QStandardItemModel(len(rows), COLUMNS)
    for number, (name, marks) in enumerate(rows):
        model.setItem(number, 0, QStandardItem(name))
        for at, mark in enumerate(marks):
            item = QStandardItem(shown(mark))
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if mark < 6000:
                item.setForeground(QColor("#a11d1d"))
            model.setItem(number, at + 1, item)
    return _plain_view(model)


class PlainModel(QAbstractTableModel):
    """As a tutorial writes it."""

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return COLUMNS

    def data(self, index: Index, role: int = 0) -> Any:
        name, marks = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name if index.column() == 0 else shown(marks[index.column() - 1])
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and index.column() and marks[index.column() - 1] < 6000:
            return QColor("#a11d1d")
        return None


class Proxy(QSortFilterProxyModel):
    """Sorts and filters in Python."""

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.rows, self.wanted = rows, ""

    def lessThan(self, left: Index, right: Index) -> bool:
        at = left.column() - 1
        return self.rows[left.row()][1][at] < self.rows[right.row()][1][at]

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        return self.wanted in self.rows[row][0]


def proxy_table(rows: list[Row]) -> tuple[QTableView, Proxy]:
    model, proxy = PlainModel(rows), Proxy(rows)
    proxy.setSourceModel(model)
    model.setParent(proxy)
    view = _plain_view(proxy)
    return view, proxy


def _plain_view(model: Any) -> QTableView:
    view = QTableView()
    view.setModel(model)
    model.setParent(view)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    view.setColumnWidth(0, 220)
    for at in range(1, COLUMNS):
        view.setColumnWidth(at, 70)
    return view


# ---- measuring


def timed(work: Callable[[], object], view: QTableView) -> float:
    """Seconds until the work is done and painted."""
    start = time.perf_counter()
    work()
    QApplication.processEvents()
    view.viewport().grab()
    return time.perf_counter() - start


def frame(view: QTableView, rows: int) -> float:
    """Median seconds of one picture after a jump to rows that were not shown before."""
    dice = random.Random(3)
    jumps = [dice.randrange(rows - 60) for _ in range(60)]
    return statistics.median(timed(lambda at=at: view.verticalScrollBar().setValue(at), view) for at in jumps)


def main(way: str, rows: int) -> None:
    app = QApplication([])
    style.dress(app)
    data = world(rows)
    window = QWidget()  # the window is there before the table, and so are its fonts
    window.resize(1600, 900)
    window.show()
    QApplication.processEvents()
    window.grab()
    start = time.perf_counter()
    proxy: Proxy | None = None
    if way == "ours":
        view: QTableView = our_table(data)
    elif way == "items":
        view = item_table(data)
    else:
        view, proxy = proxy_table(data)
    view.resize(1600, 900)
    view.show()
    timed(lambda: None, view)
    said = {"opened": time.perf_counter() - start, "wall": frame(view, rows)}
    if isinstance(view, Table):
        table: Table[Row] = view
        said["sort_first"] = timed(lambda: table.contents.sort(5), view)
        said["sort"] = statistics.median(timed(lambda at=at: table.contents.sort(at), view) for at in (5, 6, 5, 6, 5))
        table.contents.sort(-1)
        said["filter_first"] = timed(lambda: table.narrow("第12"), view)
        said["filter"] = statistics.median(
            timed(lambda q=q: table.narrow(q), view) for q in (SEARCHED, "第1", SEARCHED, "第12", SEARCHED)
        )
    elif proxy is not None:
        proxied = proxy

        def narrow(words: str) -> None:
            proxied.wanted = words
            proxied.invalidateFilter()

        said["filter"] = statistics.median(timed(lambda q=q: narrow(q), view) for q in (SEARCHED, "第1", SEARCHED))
        narrow("")
        said["sort"] = timed(lambda: proxied.sort(6), view)
    print(json.dumps(said), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
