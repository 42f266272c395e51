"""A block of marks out of a package against what is stored: the same comparison as of a returned sheet. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from app.domain.facts import MarkBlock, MarkEdit, Origin
from app.domain.sheets import SheetReading
from app.services.exchange.deciding import THEIRS, Decider
from app.services.exchange.values import MergedSheet
from app.services.imports.grid import (
    BLANK,
    Grid,
    are_marks,
    mark_number,
    mark_text,
    pack,
    packed_mark,
    unpack,
    width_of,
)
from app.services.imports.merge import ItemWords, Keeping, StoredSheet, changes, compare_sheet, outcome
from app.services.imports.values import CellKind

Words = dict[str, ItemWords]


def merge_sheet(
    decider: Decider,
    place: str,
    base: MarkBlock | None,
    ours: MarkBlock | None,
    theirs: MarkBlock,
    words: Words,
    units: dict[str, str],
    package: str,
) -> MergedSheet | None:
    """One evaluator's marks; none when nothing would change. base: as the two sides last agreed; package: the name that
    stands in the origin. words, units: how items and units are called."""
    given = _widened(_tidy(theirs), ours, base)
    stored = StoredSheet(block=ours, base=base) if ours else None
    merge = compare_sheet(SheetReading(file=decider.file, sha256="", block=given), stored)
    shown = [words.get(i, ItemWords(i, ())) for i in given.items]
    theirs_chosen: set[tuple[str, str]] = set()
    for change in changes(merge, lambda: shown):
        if change.kind is CellKind.REFUSED:
            continue
        where = f"{place} › {units.get(change.unit, change.unit)} › {change.item_name}"
        before = _text(base, change.unit, change.item, shown[given.items.index(change.item)].levels)
        key = f"{given.scheme}/{given.evaluator}/{change.unit}/{change.item}"
        side = decider.side("mark", key, where, change.kind, before, change.stored, change.file)
        if change.kind is CellKind.BOTH and side == THEIRS:
            theirs_chosen.add((change.unit, change.item))
    for kind in CellKind:
        decider.count("mark", kind, getattr(merge.totals, kind.value))
    keeping = Keeping(conflicts_to_file=False, keep_emptied=False, but=frozenset(theirs_chosen))
    found = outcome(merge, keeping, lambda: shown, ours)
    begun = (
        given.origin is not None or given.edits or (merge.file != BLANK).any()
    )  # a blank sheet that came back counts
    if found is None or (ours is None and not begun):
        return None
    block, on_top = found
    if ours and ours.origin and ours.origin.packages:
        on_top = tuple((_carried(edit, ours.origin.packages[-1]), raw) for edit, raw in on_top)
    return _restored(block, given.edits, on_top, shown, package, merge.totals.new + merge.totals.changed_there)


def _tidy(block: MarkBlock) -> MarkBlock:
    """The block with a place for every cell, be it none, and without edits of cells that it does not have."""
    cells = {(u, i) for u in block.units for i in block.items}
    origin = block.origin
    if origin is not None:
        rows, columns = origin.rows or (0,) * len(block.units), origin.columns or ("",) * len(block.items)
        origin = replace(origin, rows=rows, columns=columns)
    return replace(block, origin=origin, edits=tuple(e for e in block.edits if (e.unit, e.item) in cells))


def _widened(block: MarkBlock, *others: MarkBlock | None) -> MarkBlock:
    """The block with rows and columns for all that is stored: what the sender does not know has not been changed there."""
    known = [o for o in others if o is not None]
    units = tuple(dict.fromkeys((*block.units, *(u for o in known for u in o.units))))
    items = tuple(dict.fromkeys((*block.items, *(i for o in known for i in o.items))))
    base = known[-1] if len(known) == len(others) else None
    if (units, items) == (block.units, block.items):
        return block
    digits = dict.fromkeys(items, 0)
    for one in (block, *known):
        digits |= {i: max(d, digits[i]) for i, d in zip(one.items, one.digits, strict=True)}
    wide = np.full((len(units), len(items)), BLANK, dtype=np.int64)
    for part in (base, block):
        if part is not None:
            factors = [10 ** (digits[i] - d) for i, d in zip(part.items, part.digits, strict=True)]
            cells = unpack(part)
            cells = np.where(are_marks(cells), cells * np.array(factors, dtype=np.int64), cells)
            wide[np.ix_([units.index(u) for u in part.units], [items.index(i) for i in part.items])] = cells
    width = width_of(wide)
    origin = block.origin and replace(
        block.origin,
        rows=(*block.origin.rows, *(0,) * (len(units) - len(block.units))),
        columns=(*block.origin.columns, *("",) * (len(items) - len(block.items))),
    )
    values = pack(wide, width)
    kept = tuple(digits[i] for i in items)
    return replace(block, units=units, items=items, digits=kept, width=width, values=values, origin=origin)


def _text(block: MarkBlock | None, unit: str, item: str, levels: tuple[str, ...]) -> str:
    if block is None or unit not in block.units or item not in block.items:
        return ""
    column = block.items.index(item)
    return mark_text(int(unpack(block)[block.units.index(unit), column]), block.digits[column], levels)


def _carried(edit: MarkEdit, package: str) -> MarkEdit:
    """A mark that stays as another package has brought it says so."""
    said = f"随 {package} 报来"
    return edit if said in edit.reason else replace(edit, reason=f"{edit.reason}，{said}")


def _restored(
    block: MarkBlock,
    edits: tuple[MarkEdit, ...],
    on_top: tuple[tuple[MarkEdit, int], ...],
    words: Sequence[ItemWords],
    package: str,
    marks: int,
) -> MergedSheet:
    """The block as it was read where it comes from, its edits there as edits here, and on top of them what was decided here."""
    cells = unpack(block)
    read = cells.copy()
    changed: list[tuple[MarkEdit, int]] = []
    for number, edit in enumerate(edits):
        at = (block.units.index(edit.unit), block.items.index(edit.item))
        digits, levels = block.digits[at[1]], words[at[1]].levels
        last = not any((e.unit, e.item) == (edit.unit, edit.item) for e in edits[number + 1 :])
        changed.append((edit, int(cells[at]) if last else _number(edit.after, digits, levels, int(cells[at]))))
        if not any((e.unit, e.item) == (edit.unit, edit.item) for e in edits[:number]):
            read[at] = _number(edit.before, digits, levels, int(cells[at]))
    width = _width(read, cells, [raw for _, raw in changed], block)
    tops = [(e, _repacked(raw, block.width, width)) for e, raw in on_top]
    stored = replace(block, values=pack(read, width), width=width, edits=(), origin=_origin(block, package))
    laid = (*((e, packed_mark(raw, width)) for e, raw in changed), *tops)
    return MergedSheet(block=stored, edits=laid, standing=_standing(stored, laid), marks=marks)


def _standing(block: MarkBlock, edits: Sequence[tuple[MarkEdit, int]]) -> MarkBlock:
    values = bytearray(block.values)
    for edit, raw in edits:
        cell = block.units.index(edit.unit) * len(block.items) + block.items.index(edit.item)
        values[cell * block.width : (cell + 1) * block.width] = raw.to_bytes(block.width, "little", signed=True)
    return replace(block, values=bytes(values), edits=tuple(edit for edit, _ in edits))


def _width(read: Grid, cells: Grid, numbers: Sequence[int], block: MarkBlock) -> Literal[2, 4]:
    return 4 if block.width == 4 else width_of(read, cells, np.array([numbers], dtype=np.int64))


def _repacked(raw: int, before: int, after: int) -> int:
    """A packed integer in the other width: only the four states differ."""
    if before == after:
        return raw
    low = -(1 << (8 * before - 1))
    return raw - low - (1 << (8 * after - 1)) if raw < low + 4 else raw


def _number(text: str, digits: int, levels: tuple[str, ...], otherwise: int) -> int:
    try:
        return mark_number(text, digits, levels)
    except ValueError:  # a level that is called otherwise by now
        return otherwise


def _origin(block: MarkBlock, package: str) -> Origin:
    """Where it was read, and the package it came in; what was typed in there has no file and no cells."""
    if block.origin is None:
        rows, columns = (0,) * len(block.units), ("",) * len(block.items)
        return Origin(file="", sha256="", sheet="", rows=rows, columns=columns, packages=(package,))
    return replace(block.origin, batch=0, packages=(*block.origin.packages, package))
