"""Where everything stands on a hand-out sheet, how wide and how high; a pure function of the form."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.quantities import number_text
from app.domain.sheets import FormItem, SheetForm
from app.files.excel.texts import display_width, lines_needed

TITLE_ROW, INFO_ROW, ID_ROW, MINIMUM_ROW, MAXIMUM_ROW, HEAD_ROW = range(6)
CODE_COLUMN, NUMBER_COLUMN, NAME_COLUMN, SUM_COLUMN, OPEN_COLUMN, ITEM_COLUMN = range(6)
LINE = 15.0  # points per line of text in the head
_A4_COLUMNS, _A3_COLUMNS = 118.0, 170.0  # what one landscape page holds at 100 %, in characters
_HIGHEST_NOTE = 6 * LINE  # a higher row of notes would leave no room for the units below the frozen head


@dataclass(frozen=True, slots=True)
class Head:
    """A head cell over items first..last and rows top..bottom (both inclusive, sheet coordinates)."""

    text: str
    top: int
    bottom: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Layout:
    """heads: names of parts and items; points, limits, notes: row of each (notes −1: they stand in 填写说明 only);
    first: row of the first unit; heights: of the head rows; a3: paper."""

    heads: tuple[Head, ...]
    points: int
    limits: int
    notes: int
    first: int
    name_width: float
    item_widths: tuple[float, ...]
    heights: dict[int, float]
    a3: bool

    @property
    def last_column(self) -> int:
        """Column of the last item."""
        return ITEM_COLUMN + len(self.item_widths) - 1


def limits_text(item: FormItem) -> str:
    """What may be entered, as it stands in the head: ``0～10`` and step, allowed values, or the levels by line."""
    if item.levels:
        return "\n".join(f"{v.name} {number_text(v.points)}" if v.points is not None else v.name for v in item.levels)
    if item.allowed:
        return "只填 " + "、".join(number_text(a) for a in item.allowed)
    low = "" if item.minimum is None else number_text(item.minimum)
    high = "" if item.maximum is None else number_text(item.maximum)
    span = f"{low}～{high}" if low and high else f"不低于{low}" if low else f"不高于{high}" if high else "填数字"
    return f"{span}\n每档 {number_text(item.step)}" if item.step is not None else span


def plan(form: SheetForm) -> Layout:
    """The layout of this form."""
    depth = max(len(i.above) for i in form.items)
    points = HEAD_ROW + depth + 1
    heads = _part_heads(form.items, depth) + _name_heads(form.items, depth)
    name_width = min(34.0, max(22.0, max(display_width(u.name) for u in form.units) + 2.0))
    widths, a3 = _widths(form.items, name_width)
    heights = {row: _head_height(heads, row, widths) for row in range(HEAD_ROW, points)}
    heights[points] = 18.0
    heights[points + 1] = (
        LINE * max(lines_needed(limits_text(i), w) for i, w in zip(form.items, widths, strict=True)) + 4
    )
    note = LINE * max(lines_needed(i.note, w * 1.2) for i, w in zip(form.items, widths, strict=True)) * 0.85 + 4
    shown = any(i.note for i in form.items) and note <= _HIGHEST_NOTE
    if shown:
        heights[points + 2] = note
    return Layout(
        heads=tuple(heads),
        points=points,
        limits=points + 1,
        notes=points + 2 if shown else -1,
        first=points + (3 if shown else 2),
        name_width=name_width,
        item_widths=widths,
        heights=heights,
        a3=a3,
    )


def _part_heads(items: tuple[FormItem, ...], depth: int) -> list[Head]:
    heads: list[Head] = []
    for level in range(depth):
        start = 0
        for n in range(1, len(items) + 1):
            chain = items[start].above[: level + 1]
            if n < len(items) and items[n].above[: level + 1] == chain:
                continue
            if len(chain) > level:
                row = HEAD_ROW + level
                heads.append(Head(chain[level], row, row, ITEM_COLUMN + start, ITEM_COLUMN + n - 1))
            start = n
    return heads


def _name_heads(items: tuple[FormItem, ...], depth: int) -> list[Head]:
    bottom = HEAD_ROW + depth
    return [
        Head(i.name, HEAD_ROW + len(i.above), bottom, ITEM_COLUMN + n, ITEM_COLUMN + n) for n, i in enumerate(items)
    ]


def _widths(items: tuple[FormItem, ...], name_width: float) -> tuple[tuple[float, ...], bool]:
    """Wide enough for the answers; few columns are spread over an A4 page, many are kept narrow on A3."""
    fixed = 5 + name_width + 9 + 8
    least = [max(7.0, min(24.0, display_width(limits_text(i)) + 2.0) if i.levels else 7.0) for i in items]
    wanted = [max(w, min(18.0, display_width(i.name) / 2 + 2.5)) for w, i in zip(least, items, strict=True)]
    room = _A4_COLUMNS - fixed
    if sum(wanted) <= room:
        more = min(8.0, (room - sum(wanted)) / len(items))
        return tuple(w + more for w in wanted), False
    if sum(least) <= room * 1.1:
        return tuple(least), False
    squeeze = [w if sum(wanted) <= _A3_COLUMNS - fixed else low for w, low in zip(wanted, least, strict=True)]
    return tuple(squeeze), True


def _head_height(heads: list[Head], row: int, widths: tuple[float, ...]) -> float:
    """Of a head row: high enough for its one-row cells; a name that spans rows only has to fit into their sum."""
    most = 1
    for head in heads:
        if head.bottom == row:
            width = sum(widths[head.first - ITEM_COLUMN : head.last - ITEM_COLUMN + 1])
            most = max(most, lines_needed(head.text, width - 1) - (head.bottom - head.top))
    return LINE * most + 6
