"""G1 (reading alone), G11 and G12: score sheets in and out and the result workbook, beside openpyxl and bare deflate.

python -m tests.bench.bench_excel            (about two minutes; processor time, so that a busy machine matters less)
"""

from __future__ import annotations

import io
import random
import re
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from app.domain.facts import Facts, Unit
from app.domain.quantities import Quantity
from app.domain.results import GradeOutcome, Results, SchemeResult, SeriesResult, UnitResult
from app.domain.schemes import Grade, Item, Ladder, MarksSource, Node, Scheme
from app.domain.sheets import FormItem, FormUnit, ResultBook, SheetForm, SheetIdentity
from app.files.excel import result_bytes, scan_sheets, sheet_bytes, write_sheets
from app.scoring.rounding import round_value

UNITS, ITEMS, EVALUATORS, LEVELS = 120, 60, 200, 5
NAMES = [f"云岭市某某管理服务局第{n}分局" for n in range(1, UNITS + 1)]


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """(processor seconds, seconds on the clock)."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def form(evaluator: int, units: tuple[FormUnit, ...], items: tuple[FormItem, ...]) -> SheetForm:
    identity = SheetIdentity(
        sheet=f"2026-department-E{evaluator:03d}",
        year=2026,
        year_file="5e" * 16,
        scheme="department",
        fingerprint="ab" * 32,
        evaluator=f"E{evaluator:03d}",
    )
    return SheetForm(
        identity=identity, scheme_name="部门单位考核", evaluator_name=f"评议人{evaluator}", units=units, items=items
    )


def forms() -> list[SheetForm]:
    units = tuple(FormUnit(code=f"D{n:03d}", name=name) for n, name in enumerate(NAMES, 1))
    items = tuple(
        FormItem(
            id=f"i{n}",
            name=f"三级指标{n + 1:02d}（按要求落实情况）",
            above=(f"一级指标{n * 11 // 60 + 1}", f"二级指标{n // 2 + 1}"),
            points=Fraction(10),
            maximum=Fraction(10),
        )
        for n in range(ITEMS)
    )
    return [form(n, units, items) for n in range(1, EVALUATORS + 1)]


def fill(path: Path, seed: int) -> None:
    """Marks into the empty cells, three in a hundred left blank."""
    chance = random.Random(seed)
    buffer = io.BytesIO()

    def mark(cell: re.Match[str]) -> str:
        return cell[0] if chance.random() < 0.03 else f"{cell[1]}><v>{chance.randrange(1001) / 100}</v></c>"

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                head, rows, rest = data.decode().partition('<row r="11"')
                data = (head + rows + re.sub(r'(<c r="[A-Z]+[0-9]+" s="[0-9]+")/>', mark, rest)).encode()
            new.writestr(info.filename, data)
    path.write_bytes(buffer.getvalue())


def openpyxl_form(path: Path) -> None:
    """The usual way to make one such sheet: every cell styled by itself."""
    side = Side(style="thin")
    border, font, fill_ = (
        Border(side, side, side, side),
        Font(name="仿宋", size=11),
        PatternFill("solid", fgColor="FFF9DC"),
    )
    book = Workbook()
    sheet = book.active
    for column in range(1, ITEMS + 4):
        for row in range(1, UNITS + 6):
            cell = sheet.cell(row, column, NAMES[row - 6] if column == 2 and row > 5 else None)
            cell.border, cell.font, cell.alignment = border, font, Alignment(horizontal="center")
            if row > 5 and column > 3:
                cell.fill, cell.protection = fill_, Protection(locked=False)
    for column in range(4, ITEMS + 4):
        rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="10")
        rule.add(sheet.cell(6, column).coordinate)
        sheet.add_data_validation(rule)
    sheet.protection.sheet = True
    book.save(path)


def handing_out(folder: Path) -> None:
    chosen = forms()
    write_sheets(chosen[:2], folder / "warm")
    ours = [spent(lambda: write_sheets(chosen, folder / "out")) for _ in range(5)]
    theirs = [spent(lambda: openpyxl_form(folder / "theirs.xlsx"))[0] for _ in range(3)]
    cpu, wall = median(o[0] for o in ours), median(o[1] for o in ours)
    print(f"G12 {EVALUATORS} hand-outs {UNITS}×{ITEMS}: {cpu:.3f} s processor, {wall:.3f} s on the clock (aim 0.15)")
    print(f"    openpyxl ÷ ours: {median(theirs) * EVALUATORS / cpu:.0f} (aim 300)")


def openpyxl_read(path: Path) -> object:
    return [row for sheet in load_workbook(path).worksheets for row in sheet.iter_rows(values_only=True)]


def reading(folder: Path) -> None:
    chosen = {f.identity.sheet: f for f in forms()}
    paths = write_sheets(list(chosen.values()), folder / "back")
    for number, path in enumerate(paths):
        fill(path, number)

    def scan() -> None:
        readings = list(scan_sheets(paths, lambda identity: chosen[identity.sheet]))
        assert all(r.accepted and not r.findings and r.counts.cells == UNITS * ITEMS for r in readings)

    scan()
    ours = [spent(scan) for _ in range(3)]
    theirs = [spent(lambda: openpyxl_read(paths[0])) for _ in range(5)]
    cpu, wall = median(o[0] for o in ours), median(o[1] for o in ours)
    times = median(t[0] for t in theirs) * EVALUATORS
    clock = median(t[1] for t in theirs) * EVALUATORS
    print(
        f"G1  reading {EVALUATORS} sheets with every check: {cpu:.2f} s processor, {wall:.2f} s on the clock, 2 threads"
    )
    print(
        f"    openpyxl ÷ ours: {times / cpu:.1f} processor, {clock / wall:.1f} on the clock (aim 20 on an idle machine)"
    )


def result_book() -> ResultBook:
    """A summary and details of five levels: about as many cells as a summary and five group sheets, and more."""
    chance = random.Random(1)
    units = tuple(Unit(code=f"D{n:03d}", name=name, level="d", series="一") for n, name in enumerate(NAMES, 1))
    schemes: list[Scheme] = []
    results: list[SchemeResult] = []
    for level in range(LEVELS):
        nodes = tuple(
            Node(
                id=f"n{k}",
                name=f"一级指标{k + 1}",
                children=tuple(
                    Item(id=f"i{n}", name=f"三级指标{n + 1:02d}", source=MarksSource()) for n in range(6 * k, 6 * k + 6)
                ),
            )
            for k in range(ITEMS // 6)
        )
        tree = Node(id="all", name="总分", children=nodes)
        ids = [f"i{n}" for n in range(ITEMS)] + [n.id for n in nodes] + ["all"]
        ladder = Ladder(grades=(Grade(id="a", name="好", line=Fraction(90)), Grade(id="b", name="差")))
        schemes.append(
            Scheme(
                id=f"s{level}",
                name=f"第{level + 1}级方案",
                year=2026,
                level="d",
                level_name=f"第{level + 1}级",
                tree=tree,
                ladder=ladder,
            )
        )
        lines: dict[str, UnitResult] = {}
        for rank, unit in enumerate(units, 1):
            parts = {i: Quantity.of(Fraction(chance.randrange(10000), 100)) for i in ids}
            total = parts["all"]
            lines[unit.code] = UnitResult(
                unit.code, "一", "ranked", total, total.value, rank, False, (GradeOutcome("unit", "a", "a"),), (), parts
            )
        results.append(SchemeResult(f"s{level}", "fe" * 32, lines, (SeriesResult("一", tuple(lines), ()),)))
    return ResultBook(
        title="考核", year=2026, schemes=tuple(schemes), facts=Facts(units=units), results=Results(tuple(results), "da" * 32), rounded=round_value
    )  # fmt: skip


def openpyxl_cells(count: int) -> None:
    """So many numbers, styled one by one, as the usual way writes a result."""
    side = Side(style="thin")
    border, font, alignment = Border(side, side, side, side), Font(name="仿宋", size=11), Alignment(horizontal="center")
    book = Workbook()
    sheet = book.active
    for n in range(count):
        cell = sheet.cell(n // 66 + 1, n % 66 + 1, n / 7)
        cell.font, cell.border, cell.alignment, cell.number_format = font, border, alignment, "0.00"
    book.save(io.BytesIO())


def exporting() -> None:
    book = result_book()
    data = result_bytes(book)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(n) for n in archive.namelist()]
    cells = sum(p.count(b"<c ") for p in parts)
    ours = median(spent(lambda: result_bytes(book))[0] for _ in range(5))
    deflate = median(spent(lambda: [zlib.compress(p, 6) for p in parts])[0] for _ in range(5))
    theirs = median(spent(lambda: openpyxl_cells(cells))[0] for _ in range(3))
    print(f"G11 result workbook of {cells} cells: {ours:.3f} s, {ours / deflate:.1f} × deflate (aim 12)")
    print(f"    openpyxl ÷ ours: {theirs / ours:.1f} (aim 4.5)")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert sheet_bytes(forms()[0])
        handing_out(Path(folder))
        exporting()
        reading(Path(folder))


if __name__ == "__main__":
    main()
