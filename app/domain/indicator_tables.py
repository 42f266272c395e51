"""A table of indicators as an office writes it, read into a tree that can be looked at before it becomes a scheme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.findings import Finding
from app.domain.scheme_editing import fresh_id
from app.domain.schemes import Item, MarksSource, Node, Part

# What a column holds: a name of some level, further text, points, weights, a mark for what is on top, the number of a
# line, or something for filling in (得分) that is no part of a scheme.
Role = Literal["name", "text", "points", "weight", "on_top", "number", "entry"]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column. letter: ``C``; head: what stands in the head row; role: what it was taken for (empty: nothing)."""

    letter: str
    head: str
    role: Role | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """One line of the tree. place: the cell of its name; points_place: the cell of its points (or weight)."""

    name: str
    points: Fraction | None = None
    weight: Fraction | None = None
    note: str = ""
    on_top: bool = False
    place: str = ""
    points_place: str = ""
    children: tuple[Indicator, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class IndicatorTable:
    """A proposal. source: file › sheet, or 粘贴的内容; title: the line above the table; total: the points that the
    table states for all of it; lines: rows that were read; findings: every row and cell that was not understood."""

    source: str
    title: str = ""
    columns: tuple[TableColumn, ...] = ()
    rows: tuple[Indicator, ...] = ()
    total: Fraction | None = None
    lines: int = 0
    findings: tuple[Finding, ...] = ()


def walk_rows(rows: tuple[Indicator, ...]) -> Iterator[Indicator]:
    """Every line, in the order of the table."""
    for row in rows:
        yield row
        yield from walk_rows(row.children)


def full_of(row: Indicator) -> Fraction | None:
    """The points of a line: stated, or the sum of those below (lines on top left out); none when one is not known."""
    if row.points is not None or not row.children:
        return row.points
    below = [full_of(c) for c in row.children if not c.on_top]
    known = [b for b in below if b is not None]
    return sum(known, Fraction(0)) if len(known) == len(below) and below else None


def parts_of(table: IndicatorTable, taken: set[str] | None = None) -> tuple[Part, ...]:
    """The lines as parts of a scheme: items are marked on score sheets until something else is chosen. taken: ids that
    are used already."""
    used = set(taken or ())
    return tuple(_part(row, used) for row in table.rows)


def _part(row: Indicator, taken: set[str]) -> Part:
    id = fresh_id(f"p{len(taken) + 1}", taken)
    if not row.children:
        return Item(
            id=id,
            name=row.name,
            note=row.note,
            points=row.points if row.points is not None or row.weight is None else Fraction(100),
            weight=row.weight,
            on_top=row.on_top,
            source=MarksSource(),
        )
    counted = [c for c in row.children if not c.on_top]
    weighted = bool(counted) and all(c.weight is not None and c.points is None for c in counted)
    return Node(
        id=id,
        name=row.name,
        note=row.note,
        points=row.points,
        weight=row.weight,
        on_top=row.on_top,
        join="weighted" if weighted else "sum",
        children=tuple(_part(c, taken) for c in row.children),
    )
