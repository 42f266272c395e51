"""Whose sheet it is, from any of the places where the program has left the identity."""

from __future__ import annotations

import re

from app.domain.errors import AppError, Fault
from app.domain.sheets import SheetIdentity
from app.files.excel.preflight import Preflight
from app.files.excel.texts import plain_text
from app.files.excel.values import Grid

PREFIX = "SLK1|"
_LINE = re.compile(rb"SLK1\|[^<]{1,400}")


def from_parts(checked: Preflight) -> set[SheetIdentity]:
    """Identities in the defined names and the document properties."""
    found: set[SheetIdentity] = set()
    for part in checked.texts:
        for line in _LINE.findall(part):
            text = plain_text(line.decode("utf-8", "replace"))
            identity = SheetIdentity.parse(text.strip().removesuffix('"').replace('""', '"'))
            if identity:
                found.add(identity)
    return found


def from_grid(grid: Grid, place: tuple[int, int] | None) -> set[SheetIdentity]:
    """The identity in the cell of a sheet where its marker stands."""
    identity = SheetIdentity.parse(str(grid[place[0]][place[1]])) if place else None
    return {identity} if identity else set()


def find_marker(grid: Grid) -> tuple[int, int] | None:
    """Where the identity stands in a sheet: (row, column), counted from 0. First column first: there it was put."""
    for r, row in enumerate(grid):
        if row and isinstance(row[0], str) and row[0].startswith(PREFIX):
            return r, 0
    for r, row in enumerate(grid):
        for c, value in enumerate(row):
            if isinstance(value, str) and value.startswith(PREFIX):
                return r, c
    return None


def agreed(found: set[SheetIdentity]) -> SheetIdentity:
    """The one identity; raises AppError when there is none, or when the places say different things."""
    if not found:
        raise AppError(Fault.XLS_FOREIGN)
    if len(found) > 1:
        sheets = "、".join(sorted({f"{i.sheet}（第 {i.issue} 次发出）" for i in found}))
        raise AppError(Fault.XLS_MISMATCH, f"文件里混有不同评分表的标识：{sheets}。")
    return next(iter(found))
