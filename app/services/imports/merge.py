"""One returned sheet against what is stored: three-way, cell by cell, in bulk. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.domain.facts import MarkBlock, MarkEdit
from app.domain.sheets import SheetReading
from app.services.imports.ages import NO_FILE, Stamp
from app.services.imports.grid import BLANK, RECUSED, Grid, mark_text, pack, packed_mark, scaled, unpack, width_of
from app.services.imports.values import CellChange, CellKind, CellTotals

_KINDS = tuple(CellKind)
_CODE: dict[CellKind, int] = {kind: index for index, kind in enumerate(_KINDS)}
# Kinds that are shown cell by cell; the others are plain and only counted.
_SHOWN = (CellKind.CHANGED_THERE, CellKind.CHANGED_HERE, CellKind.BOTH, CellKind.REFUSED)
Kinds = NDArray[np.int8]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSheet:
    """What is stored of one sheet. block: with the edits made in the program; base: as it was read at its import
    (none: it was entered in the program). content, stamp: of the file it came from."""

    block: MarkBlock
    base: MarkBlock | None
    content: str = ""
    stamp: Stamp = NO_FILE


@dataclass(frozen=True, kw_only=True, slots=True)
class Merge:
    """One sheet compared: the kind of every cell, the three grids in the layout of the file, and its decimals."""

    reading: SheetReading
    block: MarkBlock
    kinds: Kinds
    file: Grid
    stored: Grid
    digits: tuple[int, ...]
    totals: CellTotals
    emptied: int
    dropped: tuple[tuple[str, int], ...]


def compare_sheet(reading: SheetReading, stored: StoredSheet | None) -> Merge:
    """Sort every cell of an accepted reading. dropped: units that have stored marks, but no row in the file, with the
    number of those marks; emptied: cells blank in the file where a mark is stored that came from the file before."""
    block = _block(reading)
    digits = _common_digits(block, stored)
    file = scaled(unpack(block), block.digits, digits)
    nothing = np.full_like(file, BLANK)
    now = _aligned(stored.block, block, digits) if stored else nothing
    base = _aligned(stored.base, block, digits) if stored and stored.base else nothing
    kinds = _sort(file, now, base) if stored else _first(file)
    for cell in reading.refused:
        kinds[cell] = _CODE[CellKind.REFUSED]
    emptied = (file == BLANK) & (kinds == _CODE[CellKind.CHANGED_THERE])
    return Merge(
        reading=reading,
        block=block,
        kinds=kinds,
        file=file,
        stored=now,
        digits=digits,
        totals=_totals(kinds),
        emptied=int(emptied.sum()),
        dropped=_dropped(stored, block),
    )


def _block(reading: SheetReading) -> MarkBlock:
    if reading.block is None:
        raise ValueError("a refused file has no marks to compare")
    return reading.block


def _first(file: Grid) -> Kinds:
    """As _sort, where nothing was stored."""
    return np.where(file == BLANK, _CODE[CellKind.BLANK], _CODE[CellKind.NEW]).astype(np.int8)


def _sort(file: Grid, now: Grid, base: Grid) -> Kinds:
    kinds = np.full(file.shape, _CODE[CellKind.BOTH], dtype=np.int8)
    kinds[now == base] = _CODE[CellKind.CHANGED_THERE]
    kinds[file == base] = _CODE[CellKind.CHANGED_HERE]
    kinds[(now == BLANK) & (base == BLANK)] = _CODE[CellKind.NEW]
    kinds[file == now] = _CODE[CellKind.SAME]
    kinds[(file == now) & (file == BLANK)] = _CODE[CellKind.BLANK]
    return kinds


def _totals(kinds: Kinds) -> CellTotals:
    counts = np.bincount(kinds.ravel(), minlength=len(_KINDS))
    return CellTotals(**{kind.value: int(counts[index]) for index, kind in enumerate(_KINDS)})


def _common_digits(block: MarkBlock, stored: StoredSheet | None) -> tuple[int, ...]:
    if stored is None:
        return block.digits
    known = [dict(zip(b.items, b.digits, strict=True)) for b in (stored.block, stored.base) if b]
    return tuple(max(d, *(k.get(i, 0) for k in known)) for i, d in zip(block.items, block.digits, strict=True))


def _aligned(source: MarkBlock, layout: MarkBlock, digits: tuple[int, ...]) -> Grid:
    """The source's marks in the rows and columns of another block; what it does not have is blank."""
    grid = unpack(source)
    if source.units == layout.units and source.items == layout.items:
        return scaled(grid, source.digits, digits)
    rows = {u: n for n, u in enumerate(source.units)}
    columns = {i: n for n, i in enumerate(source.items)}
    found = np.full((len(layout.units), len(layout.items)), BLANK, dtype=np.int64)
    mine = [n for n, i in enumerate(layout.items) if i in columns]
    theirs = [columns[layout.items[n]] for n in mine]
    part = scaled(grid[:, theirs], tuple(source.digits[n] for n in theirs), tuple(digits[n] for n in mine))
    for n, unit in enumerate(layout.units):
        if unit in rows:
            found[n, mine] = part[rows[unit]]
    return found


def _dropped(stored: StoredSheet | None, block: MarkBlock) -> tuple[tuple[str, int], ...]:
    if stored is None or set(stored.block.units) <= set(block.units):
        return ()
    marks = (unpack(stored.block) != BLANK).sum(axis=1)
    present = set(block.units)
    return tuple((u, int(marks[n])) for n, u in enumerate(stored.block.units) if u not in present and marks[n])


# ---- from the comparison to what is stored and shown


@dataclass(frozen=True, slots=True)
class ItemWords:
    """How one item is shown: its name and the names of its levels (empty for numbers)."""

    name: str
    levels: tuple[str, ...]


Words = Callable[[], Sequence[ItemWords]]  # per item of the sheet; asked for only when there is something to show


def changes(merge: Merge, ask_words: Words) -> tuple[CellChange, ...]:
    """The cells worth a line in the preview."""
    if not np.isin(merge.kinds, [_CODE[k] for k in _SHOWN]).any():
        return ()
    words = ask_words()
    seen = {(r.unit, r.item): r.seen for r in merge.reading.remarks}
    found: list[CellChange] = []
    for u, i in np.argwhere(np.isin(merge.kinds, [_CODE[k] for k in _SHOWN])).tolist():
        kind = _KINDS[int(merge.kinds[u, i])]
        text = [mark_text(int(grid[u, i]), merge.digits[i], words[i].levels) for grid in (merge.stored, merge.file)]
        found.append(
            CellChange(
                unit=merge.block.units[u],
                item=merge.block.items[i],
                item_name=words[i].name,
                address=address(merge.block, u, i),
                kind=kind,
                stored=text[0],
                file=seen.get((u, i), "") if kind is CellKind.REFUSED else text[1],
            )
        )
    return tuple(found)


def address(block: MarkBlock, unit: int, item: int) -> str:
    """The cell's address in the file (``F17``); empty when it was read from no file."""
    row = block.origin.rows[unit] if block.origin else 0
    return f"{block.origin.columns[item]}{row}" if block.origin and row else ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What was decided: conflicts go to the file or stay as in the program, but for the cells (unit, item) that were
    decided the other way; emptied cells keep their mark or not; rows: units whose marks count as recused."""

    conflicts_to_file: bool
    keep_emptied: bool
    recused_units: tuple[str, ...] = ()
    but: frozenset[tuple[str, str]] = frozenset()


def outcome(
    merge: Merge, keeping: Keeping, ask_words: Words, before: MarkBlock | None
) -> tuple[MarkBlock, tuple[tuple[MarkEdit, int], ...]] | None:
    """The block as read, and the edits that stand on top of it; none when nothing would change. before: what is
    stored; its edits stay where the program's mark stays."""
    wanted = _wanted(merge, keeping)
    if before is not None and not merge.dropped and np.array_equal(wanted, merge.stored):
        return None
    on_top = np.argwhere(wanted != merge.file).tolist()
    words = ask_words() if on_top else ()
    width = width_of(merge.file, wanted) if on_top else width_of(merge.file)
    block = replace(merge.block, values=pack(merge.file, width), width=width, digits=merge.digits, edits=())
    return block, tuple(_edit(merge, block, wanted, u, i, words[i].levels, before, keeping) for u, i in on_top)


def _wanted(merge: Merge, keeping: Keeping) -> Grid:
    stays = (merge.kinds == _CODE[CellKind.CHANGED_HERE]) | (merge.kinds == _CODE[CellKind.REFUSED])
    here = np.full(stays.shape, not keeping.conflicts_to_file)
    for unit, item in keeping.but:
        here[merge.block.units.index(unit), merge.block.items.index(item)] ^= True
    stays |= (merge.kinds == _CODE[CellKind.BOTH]) & here
    if keeping.keep_emptied:
        stays |= (merge.kinds == _CODE[CellKind.CHANGED_THERE]) & (merge.file == BLANK)
    wanted = np.where(stays, merge.stored, merge.file)
    for unit in keeping.recused_units:
        row = merge.block.units.index(unit)
        wanted[row][wanted[row] != BLANK] = RECUSED
    return wanted


def _edit(
    merge: Merge,
    block: MarkBlock,
    wanted: Grid,
    u: int,
    i: int,
    levels: tuple[str, ...],
    before: MarkBlock | None,
    keeping: Keeping,
) -> tuple[MarkEdit, int]:
    unit, item = block.units[u], block.items[i]
    value, digits = int(wanted[u, i]), merge.digits[i]
    was = mark_text(int(merge.file[u, i]), digits, levels)
    kept = [e for e in before.edits if (e.unit, e.item) == (unit, item)] if before else []
    if unit in keeping.recused_units:
        reason = "评议人不评本单位，按回避处理"
    elif kept:
        reason = kept[-1].reason
    elif before and before.origin and before.origin.file and unit in before.units and item in before.items:
        cell = address(before, before.units.index(unit), before.items.index(item))
        reason = f"沿用上次导入的分数：{before.origin.file} › {before.origin.sheet} › {cell}"
    else:
        reason = "沿用原有的分数"
    edit = MarkEdit(
        unit=unit,
        item=item,
        before=was,
        after=mark_text(value, digits, levels),
        by=kept[-1].by if kept else "",
        at=kept[-1].at if kept else "",
        reason=reason,
    )
    return edit, packed_mark(value, block.width)
