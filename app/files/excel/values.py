"""The one wall between us and the parsers: values of a workbook that has passed the preflight, or a named refusal."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from app.domain.errors import AppError, Fault

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CellValue = float | int | str | bool | date | datetime | time | timedelta
Grid = list[list[CellValue]]  # rows from row 1, columns from A; an empty cell is ''
T = TypeVar("T")
_SLOW = Lock()


@dataclass(frozen=True, slots=True)
class Page:
    """The values of one sheet. grid: all of them, or all but the plain numbers, when these stand in numbers (from A1,
    as wide and high as the grid, NaN elsewhere) and filled says where there is any value."""

    grid: Grid
    numbers: NDArray[np.float64] | None = None
    filled: NDArray[np.bool_] | None = None

    def at(self, row: int, column: int) -> CellValue:
        """The value of a cell, both from 0; an empty text where nothing stands."""
        if not (0 <= row < len(self.grid) and 0 <= column < len(self.grid[row])):
            return ""
        if self.numbers is not None and (number := float(self.numbers[row, column])) == number:
            return number
        return self.grid[row][column]


@dataclass(frozen=True, slots=True)
class CellDetail:
    """A cell looked at closely. formula: its text (empty: none); value: stored value; format: number format."""

    formula: str
    value: object
    format: str


def behind_wall(work: Callable[[], T]) -> T:
    """Do openpyxl's work; whatever it raises becomes a named refusal."""
    try:
        # One at a time: the warning filters belong to the whole program.
        with _SLOW, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return work()
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except AppError:
        raise
    except MemoryError as error:
        raise AppError(Fault.XLS_TOO_LARGE, "内存不足，无法读取。") from error
    except BaseException as error:
        raise AppError(Fault.XLS_BROKEN, f"工作簿的内部结构无法读取（{type(error).__name__}）。") from error


def read_grids(data: bytes) -> Callable[[str], Grid]:
    """Open with calamine; gives a function from sheet name to the sheet's values."""
    from python_calamine import CalamineWorkbook

    book = _parse(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))

    def grid(sheet: str) -> Grid:
        return _parse(lambda: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))

    return grid


def _parse(work: Callable[[], T]) -> T:
    """Do calamine's work; a Rust panic is not even an Exception, and becomes a refusal too."""
    try:
        return work()
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except MemoryError as error:
        raise AppError(Fault.XLS_TOO_LARGE, "内存不足，无法读取。") from error
    except BaseException as error:
        raise AppError(Fault.XLS_BROKEN, f"工作簿的内部结构无法读取（{type(error).__name__}）。") from error


def read_closely(data: bytes, sheet: str, addresses: frozenset[str]) -> dict[str, CellDetail]:
    """The cells at these addresses with formula, stored value and number format (openpyxl)."""

    def work() -> dict[str, CellDetail]:
        formulas, stored = _load(data, False)[sheet], _load(data, True)[sheet]
        details: dict[str, CellDetail] = {}
        for address in addresses:
            written = formulas[address].value
            text = getattr(written, "text", written)
            formula = str(text) if isinstance(text, str) and text.startswith("=") else ""
            value = stored[address].value
            details[address] = CellDetail(formula, value, str(stored[address].number_format))
        return details

    return behind_wall(work)


def read_slowly(data: bytes, sheet: str) -> tuple[Grid, int]:
    """The sheet through openpyxl, and how many of its cells hold something: for the sheets where the two ways of
    counting disagree."""

    def work() -> tuple[Grid, int]:
        page = _load(data, True)[sheet]
        cells: dict[tuple[int, int], Any] = page._cells  # pyright: ignore  the public ways create cells while looking
        height, width = max((r for r, _ in cells), default=0), max((c for _, c in cells), default=0)
        grid: Grid = [[""] * width for _ in range(height)]
        count = 0
        for (row, column), cell in cells.items():
            if cell.value is not None:
                count += 1
                grid[row - 1][column - 1] = "" if cell.data_type == "e" else cell.value
        return grid, count

    return behind_wall(work)


def _load(data: bytes, stored_values: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data), data_only=stored_values)
