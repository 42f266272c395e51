"""G9: one edit in the 120 × 60 grid until it is painted, beside signals over a range and a reset of the model.

python -m tests.bench.bench_grid
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from fractions import Fraction

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.domain.sheets import FormItem, FormUnit, SheetForm, SheetIdentity
from app.ui import style
from app.ui.score_sheet.rows import SheetRow, SheetRules, sheet_rows, sheet_rules
from app.ui.widgets.grid import Grid
from app.ui.widgets.table import Column

UNITS, ITEMS = 120, 60
BLOCKS, EDITS, WARM = 10, 16, 4  # the ways alternate in blocks: what one leaves to lay out must not burden the next


def form() -> SheetForm:
    """A sheet of the largest size that must stay usable."""
    who = SheetIdentity(
        sheet="2026-s-E1", year=2026, year_file="0" * 32, scheme="s", fingerprint="0" * 64, evaluator="E1"
    )
    units = tuple(FormUnit(code=f"D{i:03d}", name=f"市虚构第{i}局") for i in range(UNITS))
    items = tuple(
        FormItem(id=f"i{i}", name=f"项目{i + 1}", points=Fraction(100), maximum=Fraction(100)) for i in range(ITEMS)
    )
    return SheetForm(identity=who, scheme_name="方案", evaluator_name="评议人", units=units, items=items)


def our_grid(rules: SheetRules) -> Grid[SheetRow]:
    columns: list[Column[SheetRow]] = [
        Column(key="unit", title="单位", text=lambda r: r.unit.name, width=150),
        Column(key="total", title="合计", text=rules.total_text, align="right", width=64),
        Column(key="gaps", title="未评", text=lambda r: str(rules.gaps(r) or ""), align="center", width=46),
    ]
    columns += [_column(rules, at) for at in range(ITEMS)]
    grid = Grid(columns, row_height=28)
    grid.show_rows(sheet_rows(rules, None))
    return grid


def _column(rules: SheetRules, at: int) -> Column[SheetRow]:
    return Column(
        key=f"i{at}",
        title=f"项目{at + 1}",
        text=lambda r: rules.text(r, at),
        check=lambda r, text: rules.problem(r, at, text),
        align="right",
        width=60,
    )


def main() -> None:
    app = QApplication([])
    style.dress(app)
    rules = sheet_rules(form(), None)
    grid = our_grid(rules)
    model = grid.contents
    for number, row in enumerate(list(model.rows)):
        for at in range(ITEMS):
            row = rules.changed(row, at, f"{60 + (number * 7 + at * 3) % 40}.5")
        model.replace_row(number, row)
    grid.resize(1600, 900)
    grid.show()
    app.processEvents()

    def by_cell(number: int, row: SheetRow) -> None:
        model.replace_row(number, row)

    def by_range(number: int, row: SheetRow) -> None:
        model.blockSignals(True)
        model.replace_row(number, row)
        model.blockSignals(False)
        model.dataChanged.emit(model.index(0, 0), model.index(UNITS - 1, ITEMS + 2))

    def by_reset(number: int, row: SheetRow) -> None:
        model.beginResetModel()
        model.blockSignals(True)
        model.replace_row(number, row)
        model.blockSignals(False)
        model.endResetModel()

    ways = {"by cell (ours)": by_cell, "range dataChanged": by_range, "model reset": by_reset}
    measured = measure(grid, rules, ways)
    base = statistics.median(busy for _, busy in measured["range dataChanged"])
    print(f"\nG9: one edit of {UNITS} × {ITEMS} with sum and gaps, until painted ({model.rowCount()} rows)")
    for name, seconds in measured.items():
        wall, busy = sorted(w for w, _ in seconds), sorted(b for _, b in seconds)
        at = int(len(wall) * 0.95)
        print(
            f"  {name:<20}{statistics.median(wall) * 1000:8.3f} ms  p95 {wall[at] * 1000:8.3f} ms"
            f"   processor {statistics.median(busy) * 1000:8.3f} ms  p95 {busy[at] * 1000:8.3f} ms"
            f"   range ÷ this {base / statistics.median(busy):6.1f}"
        )
    print("  aims: by cell p95 ≤ 1 ms, range ÷ by cell ≥ 30")
    os._exit(0)


def measure(
    grid: Grid[SheetRow], rules: SheetRules, ways: dict[str, Callable[[int, SheetRow], None]]
) -> dict[str, list[tuple[float, float]]]:
    """Seconds of each edit, by the clock and of the processor; the ways alternate in blocks."""
    dice = random.Random(5)
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(BLOCKS):
        for name, way in ways.items():
            for edit in range(EDITS):
                number, at = dice.randrange(25), dice.randrange(18)
                text = f"{dice.randrange(60, 99)}.{dice.randrange(10)}"
                start, busy = time.perf_counter(), time.process_time()
                way(number, rules.changed(grid.contents.rows[number], at, text))
                QApplication.processEvents()
                if edit >= WARM:
                    seconds[name].append((time.perf_counter() - start, time.process_time() - busy))
    return seconds


if __name__ == "__main__":
    main()
