"""A table of indicators out of a workbook or out of pasted cells: a proposal with the cell of each value."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.domain.indicator_tables import IndicatorTable, TableColumn
from app.files.excel.cellscan import SheetScan, column_number, empty_cells, styled_cells
from app.files.excel.indicators.columns import Head, find_head, guessed_head
from app.files.excel.indicators.lines import CODE, Lines, Place
from app.files.excel.preflight import Preflight, check_bytes, empty_strings, read_file
from app.files.excel.texts import column_letters, tidy
from app.files.excel.values import Grid, read_grids, read_slowly

PASTED = "粘贴的内容"
_LONGEST_PASTE = 5_000  # lines
_HEADS = "类别、项目、指标、考核内容、分值、评分标准"


def read_indicators(path: Path, sheet: str = "") -> IndicatorTable:
    """The table in a workbook: on this sheet, or on the first one that holds any. Never raises for what is in the file:
    a file that cannot be read is a finding too."""
    try:
        checked = check_bytes(path.name, read_file(path))
        open_sheet = read_grids(checked.data)
        grids = {title: _grid(checked, title, open_sheet) for title in checked.scans if not sheet or title == sheet}
    except AppError as error:
        text = error.fault.value
        finding = Finding(text.code, path.name, f"{text.title}：{error.detail or text.cause}", text.step)
        return IndicatorTable(source=path.name, findings=(finding,))
    heads = {title: head for title, grid in grids.items() if (head := find_head(grid)) is not None}
    if not heads:
        message = f"找不到表头，没有认出 {_HEADS} 这样的栏"
        finding = Finding(CODE, path.name, message, "请在表格上方写明各栏的名称，或把表格复制后粘贴")
        return IndicatorTable(source=path.name, findings=(finding,))
    chosen, *others = heads
    source = f"{path.name} › {chosen}"
    place = _place(checked, chosen, source)
    more = tuple(
        Finding(
            CODE, f"{path.name} › {title}", "这张表也像指标表，没有读入", "需要时请选择这张表再读一次", Severity.NOTE
        )
        for title in others
    )
    return _read(grids[chosen], heads[chosen], place, source, more)


def _grid(checked: Preflight, title: str, open_sheet: Callable[[str], Grid]) -> Grid:
    """The sheet's values; the slow way when the quick one gives fewer cells than the preflight has counted."""
    grid, scan = open_sheet(title), checked.scans[title]
    missing = scan.values - len(scan.errors) - sum(len(row) - row.count("") for row in grid)
    if not missing or missing == empty_cells(scan.xml, empty_strings(checked.strings)):
        return grid
    slow, count = read_slowly(checked.data, title)
    if count != scan.values:
        raise AppError(Fault.XLS_BROKEN, f"工作表“{title}”应有 {scan.values} 个单元格，只读到 {count} 个。")
    return slow


def read_indicator_text(text: str) -> IndicatorTable:
    """Cells pasted from Excel, with or without a head. Never raises: what cannot be read is a finding."""
    try:
        lines = csv.reader(text.replace("\r\n", "\n").replace("\r", "\n").splitlines(True), delimiter="\t")
        grid: Grid = [list(line) for line in lines]
    except csv.Error:
        return IndicatorTable(source=PASTED, findings=(Finding(CODE, PASTED, "粘贴的内容不是表格", "请从表格里复制"),))
    if len(grid) > _LONGEST_PASTE:
        said = f"粘贴的内容有 {len(grid)} 行，上限 {_LONGEST_PASTE} 行"
        return IndicatorTable(source=PASTED, findings=(Finding(CODE, PASTED, said, "请分几次粘贴"),))
    head = find_head(grid) or guessed_head(grid)
    if head is None:
        finding = Finding(CODE, PASTED, "没有可以读的内容", "请复制有名称和分值的单元格")
        return IndicatorTable(source=PASTED, findings=(finding,))
    return _read(grid, head, Place(lambda r, c: f"{PASTED} › 第 {r + 1} 行第 {c + 1} 列"), PASTED, ())


def _read(grid: Grid, head: Head, place: Place, source: str, more: tuple[Finding, ...]) -> IndicatorTable:
    lines = Lines(grid, head, place)
    lines.all()
    lines.compared()
    findings = (*_unknown_columns(grid, head, place), *lines.findings, *more)
    if not lines.tops:
        findings = (Finding(CODE, source, "表头下面没有读到指标", "请检查表格内容"), *findings)
    return IndicatorTable(
        source=source,
        title=_title(grid, head),
        columns=tuple(
            TableColumn(column_letters(c), tidy(head.words.get(c, "")), head.roles.get(c))
            for c in sorted({*head.words, *head.roles})
        ),
        rows=tuple(d.finished() for d in lines.tops),
        total=lines.total,
        lines=lines.read,
        findings=findings,
    )


def _unknown_columns(grid: Grid, head: Head, place: Place) -> list[Finding]:
    """Heads that were not understood; columns that are filled below no head at all."""
    found: list[Finding] = []
    width = max((len(row) for row in grid), default=0)
    for column in range(width):
        if column in head.roles:
            continue
        below = any(column < len(row) and row[column] != "" for row in grid[head.row + 1 :])
        if column in head.words:
            said = f"不认识的栏“{tidy(head.words[column])}”，没有读入"
            found.append(Finding(CODE, place.at(max(head.row, 0), column), said, "", Severity.NOTE))
        elif below:
            said = "这一栏没有表头，没有读入（跨栏的标题除外）"
            found.append(Finding(CODE, place.at(max(head.row, 0), column), said, "", Severity.NOTE))
    return found


def _title(grid: Grid, head: Head) -> str:
    """The first line above the head that stands alone."""
    for row in grid[: max(head.row, 0)]:
        filled = [tidy(str(v)) for v in row if v != ""]
        if len(filled) == 1 and not filled[0].startswith("附件"):
            return filled[0]
    return ""


def _place(checked: Preflight, title: str, source: str) -> Place:
    scan: SheetScan = checked.scans[title]
    return Place(
        at=lambda r, c: f"{source} › {column_letters(c)}{r + 1}",
        merges=scan.merges,
        uncalculated=_cells(scan.formulas),
        errors=_cells(scan.errors),
        percent=_cells(styled_cells(scan, checked.percent)),
    )


def _cells(addresses: frozenset[str]) -> frozenset[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for address in addresses:
        letters = address.rstrip("0123456789")
        found.append((int(address[len(letters) :]) - 1, column_number(letters) - 1))
    return frozenset(found)
