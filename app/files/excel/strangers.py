"""What stands on a returned sheet outside the cells of its form: never read, never passed over without a word."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.findings import Finding, Severity
from app.files.excel.locating import STATED, Located
from app.files.excel.marks import BAD
from app.files.excel.texts import column_letters, tight
from app.files.excel.values import Page

SIGNATURE = "评议人签字"  # our own line below the table
_SHOWN = 8


def strangers(place: str, page: Page, located: Located) -> Iterator[Finding]:
    """Warnings about rows that are no unit's, and about words beside and below the table. place: file and sheet."""
    known = {r for r in located.rows if r >= 0}
    columns = {c for c in located.columns if c >= 0}
    lost = [
        r for r in range(min(known), len(page.grid)) if r not in known and any(page.at(r, c) != "" for c in columns)
    ]
    if lost:
        message = f"第 {_listed([str(r + 1) for r in lost])} 行不是本表的单位，行中的内容没有读取。"
        yield Finding(BAD, place, message, STATED, Severity.WARNING)
    words = [*_beside(page, max(columns) + 1), *_below(page, max(known) + 1, columns, lost)]
    if words:
        row, column = words[0]
        said = str(page.at(row, column)).strip()[:20]
        cells = _listed([f"{column_letters(c)}{r + 1}" for r, c in words])
        message = f"表外的单元格 {cells} 里写有内容（“{said}”{'……' if len(words) > 1 else ''}），没有读取。"
        step = "是评分的，请填到表内相应的格里再导入；是意见的，请另行转告考核办。"
        yield Finding(BAD, place, message, step, Severity.WARNING)


def _listed(names: list[str]) -> str:
    return "、".join(names[:_SHOWN]) + ("等" if len(names) > _SHOWN else "")


def _beside(page: Page, first: int) -> Iterator[tuple[int, int]]:
    """Cells right of the table."""
    for r, row in enumerate(page.grid):
        for c in range(first, len(row)):
            if _said(page, r, c):
                yield r, c


def _below(page: Page, first: int, columns: set[int], lost: list[int]) -> Iterator[tuple[int, int]]:
    """Cells under the table, without our own line and the rows that have been named already."""
    for r in range(first, len(page.grid)):
        for c in range(len(page.grid[r])):
            if r not in lost and c not in columns and _said(page, r, c):
                yield r, c


def _said(page: Page, row: int, column: int) -> bool:
    text = tight(str(page.at(row, column)))
    return bool(text) and not text.startswith(SIGNATURE)
