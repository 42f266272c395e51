"""Every cell of a sheet as arrays, for sheets written the way that all common programs write them; else nothing.

Nothing is searched for: each tag between <sheetData> and </sheetData> must have its place in a small grammar, so that
what is read is provably all there is. Whatever departs from it is left to expat and calamine, which are slower.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.files.excel.limits import MAX_CELLS, MAX_COLUMN, MAX_ROW, MAX_TEXT
from app.files.excel.texts import column_letters
from app.files.excel.values import Grid

Whole = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]  # the eight bytes from each place on, the first one lowest
Truth = NDArray[np.bool_]

_LARGEST = 24_000_000  # bytes of XML; 200,000 cells need about 10 million
_OPENING, _CLOSING = b"<sheetData>", b"</sheetData>"
_TAIL = 24  # bytes that stand behind </sheetData> in any sheet: windows over cells never leave the XML

# Kinds of tags. The self-closed form of a kind is the next number.
(
    _ROW,
    _ROW_EMPTY,
    _CELL,
    _CELL_EMPTY,
    _FORMULA,
    _FORMULA_EMPTY,
    _VALUE,
    _ROW_END,
    _CELL_END,
    _FORMULA_END,
    _VALUE_END,
) = range(11)
_NONE = 11
_FOLLOWERS = {
    _ROW: (_CELL, _CELL_EMPTY, _ROW_END),
    _ROW_EMPTY: (_ROW, _ROW_EMPTY),
    _CELL: (_VALUE, _FORMULA, _FORMULA_EMPTY, _CELL_END),
    _CELL_EMPTY: (_CELL, _CELL_EMPTY, _ROW_END),
    _FORMULA: (_FORMULA_END,),
    _FORMULA_EMPTY: (_VALUE, _CELL_END),
    _VALUE: (_VALUE_END,),
    _ROW_END: (_ROW, _ROW_EMPTY),
    _CELL_END: (_CELL, _CELL_EMPTY, _ROW_END),
    _FORMULA_END: (_VALUE, _CELL_END),
    _VALUE_END: (_CELL_END,),
}
# The two bytes behind <, and how long the whole tag must be (0: as long as it likes).
_STARTS = {
    b"ro": (_ROW, 0), b"c ": (_CELL, 0), b"f>": (_FORMULA, 3), b"f ": (_FORMULA, 0), b"v>": (_VALUE, 3),
    b"/r": (_ROW_END, 6), b"/c": (_CELL_END, 4), b"/f": (_FORMULA_END, 4), b"/v": (_VALUE_END, 4),
}  # fmt: skip

NUMBER, SHARED, TEXT, TRUTH, ERROR = range(5)
_TYPES = {b' t="n"': NUMBER, b' t="s"': SHARED, b' t="str"': TEXT, b' t="b"': TRUTH, b' t="e"': ERROR}

_PLAIN_NUMBER = re.compile(rb"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_SHARED_TEXT = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t>(?:<phoneticPr [^<>]*/>)?</si>')
_SHARED_ROOT = re.compile(r"(?:<\?xml [^<>]*\?>\s*)?<sst [^<>]*[^/]>")
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ENCODED = re.compile(r"_x[0-9a-fA-F]{4}_")
_DOT = np.uint64((ord(".") - ord("0")) % (1 << 64))
_TENS = np.array([10.0**n for n in range(9)])


def _tables() -> tuple[NDArray[np.int8], Truth, NDArray[np.int64]]:
    kinds = np.full(1 << 16, _NONE, dtype=np.int8)
    lengths = np.zeros(_NONE + 1, dtype=np.int64)
    for start, (kind, length) in _STARTS.items():
        kinds[start[0] << 8 | start[1]] = kind
        lengths[kind] = 0 if kind == _FORMULA else length
    follows = np.zeros((_NONE + 1, _NONE + 1), dtype=np.bool_)
    for kind, next_ones in _FOLLOWERS.items():
        follows[kind, list(next_ones)] = True
    return kinds, follows.ravel(), lengths


_KINDS, _FOLLOWS, _LENGTHS = _tables()


@dataclass(frozen=True, slots=True)
class CellTable:
    """One sheet. rows, columns (from 0), styles, types: of each cell that stands there, in the order of the sheet;
    valued: index of each cell with a value, whose text stands in xml[starts:stops]; formulas: indexes of cells."""

    xml: bytes = field(repr=False)
    rows: Whole
    columns: Whole
    styles: Whole
    types: Whole
    valued: Whole
    starts: Whole
    stops: Whole
    formulas: Whole

    def addresses(self, cells: Whole) -> frozenset[str]:
        """Of these cells (``F17``)."""
        places = zip(self.rows[cells].tolist(), self.columns[cells].tolist(), strict=True)
        return frozenset(f"{_LETTERS[c]}{r + 1}" for r, c in places)

    @property
    def errors(self) -> Whole:
        """Indexes of the cells that hold an error."""
        return np.flatnonzero(self.types == ERROR)


_LETTERS = tuple(column_letters(n) for n in range(MAX_COLUMN))


# ---- where everything stands


def read_table(xml: bytes) -> CellTable | None:
    """The cells of a sheet in UTF-8; None when it is written in any other way, or is beyond a limit. What stands
    outside of sheetData is not looked at."""
    start, end = xml.find(_OPENING, 0, 100_000), xml.rfind(_CLOSING)
    start += len(_OPENING)
    if start < len(_OPENING) or end <= start or len(xml) > _LARGEST or len(xml) - end < _TAIL:
        return None
    whole = np.frombuffer(xml, dtype=np.uint8)
    body = whole[start:end]
    opens, closes = np.flatnonzero(body == 60) + start, np.flatnonzero(body == 62) + start
    if len(opens) != len(closes) or not len(opens) or opens[0] != start or closes[-1] != end - 1:
        return None
    kinds = _kinds(whole, opens, closes)
    return None if kinds is None else _cells(xml, opens, closes, kinds)


def _words(xml: bytes) -> Words:
    return np.ndarray((len(xml) - 7,), dtype="<u8", buffer=xml, strides=(1,))


def _kinds(whole: Bytes, opens: Whole, closes: Whole) -> NDArray[np.int8] | None:
    """The kind of each tag, when all of them stand where they may and text only stands in values and formulas."""
    between = opens[1:] - closes[:-1] - 1
    if (closes <= opens).any() or (between < 0).any() or between.max(initial=0) > MAX_TEXT:
        return None
    kinds = _KINDS[whole[opens + 1].astype(np.uint16) << 8 | whole[opens + 2]]
    lengths = _LENGTHS[kinds]
    closed = (whole[closes - 1] == 47) & (kinds <= _FORMULA_EMPTY)
    if ((lengths > 0) & (closes - opens + 1 != lengths)).any():
        return None
    kinds = kinds + closed
    first, last = int(kinds[0]), int(kinds[-1])
    if first not in (_ROW, _ROW_EMPTY) or last not in (_ROW_END, _ROW_EMPTY):
        return None
    if not _FOLLOWS[kinds[:-1].astype(np.int64) * (_NONE + 1) + kinds[1:]].all():
        return None
    told = (kinds[:-1] == _VALUE) | (kinds[:-1] == _FORMULA)
    return None if ((between > 0) & ~told).any() else kinds


def _cells(xml: bytes, opens: Whole, closes: Whole, kinds: NDArray[np.int8]) -> CellTable | None:
    words = _words(xml)
    is_cell, is_row = (kinds | 1) == _CELL_EMPTY, kinds <= _ROW_EMPTY
    cells = np.flatnonzero(is_cell)
    if not 0 < len(cells) <= MAX_CELLS:
        return None
    placed = _places(words, opens[cells])
    heads = _row_numbers(words, opens[is_row])
    if placed is None or heads is None or not _begin_with(words[opens[kinds == _ROW_END]], b"</row>"):
        return None
    rows, columns, after = placed
    owner_row = np.cumsum(is_row)[cells] - 1
    order = rows * (MAX_COLUMN + 1) + columns
    if (heads[owner_row] != rows).any() or (np.diff(order) <= 0).any() or (np.diff(heads) <= 0).any():
        return None
    named = _attributes(words, after, closes[cells] - (kinds[cells] == _CELL_EMPTY))
    if named is None:
        return None
    styles, types = named
    number = np.cumsum(is_cell) - 1
    values = np.flatnonzero(kinds == _VALUE)
    formulas = np.flatnonzero((kinds | 1) == _FORMULA_EMPTY)
    starts, stops = closes[values] + 1, opens[values + 1]
    if (starts == stops).any():
        return None
    return CellTable(xml, rows, columns, styles, types, number[values], starts, stops, number[formulas])


def _places(words: Words, opens: Whole) -> tuple[Whole, Whole, Whole] | None:
    """Row and column (from 0) of the cells ``<c r="F17"`` that begin here, and where each address has ended."""
    seen = words[opens]
    first, second = _byte(seen, 6) - 64, _byte(seen, 7) - 64
    double = second - 1 < 26
    if not _begin_with(seen, b'<c r="') or (first - 1 >= 26).any():
        return None
    columns = np.where(double, first * 26 + second, first).astype(np.int64) - 1
    at = opens + 7 + double
    read = _digits(words[at])
    if read is None or (columns >= MAX_COLUMN).any() or not _in_limits(read[0]):
        return None
    return read[0] - 1, columns, at + read[1] + 1


def _row_numbers(words: Words, opens: Whole) -> Whole | None:
    if not _begin_with(words[opens], b'<row r="'):
        return None
    read = _digits(words[opens + 8])
    return None if read is None or not _in_limits(read[0]) else read[0] - 1


def _in_limits(rows: Whole) -> bool:
    return bool((rows >= 1).all() and (rows <= MAX_ROW).all())


def _begin_with(seen: Words, text: bytes) -> bool:
    """Whether all of these eight bytes begin so."""
    wanted = int.from_bytes(text.ljust(8, b"\0"), "little")
    return not ((seen ^ np.uint64(wanted)) << np.uint64(64 - 8 * len(text))).any()


def _byte(seen: Words, place: int) -> Words:
    """As an unsigned number: what is less than nothing becomes huge."""
    return (seen >> np.uint64(8 * place)) & np.uint64(255)


def _digits(seen: Words) -> tuple[Whole, Whole] | None:
    """Numbers of one to four digits, followed by a quotation mark, without leading zeros; and how many digits."""
    number = _byte(seen, 0) - 48
    count, going = np.ones(len(seen), dtype=np.uint64), number <= 9
    if not going.all():
        return None
    for place in range(1, 4):
        figure = _byte(seen, place) - 48
        going = going & (figure <= 9)
        number = np.where(going, number * 10 + figure, number)
        count = count + going
    ends = ((seen >> (count * 8)) & np.uint64(255)) == 34
    padded = (_byte(seen, 0) == 48) & (count > 1)
    return (number.astype(np.int64), count.astype(np.int64)) if ends.all() and not padded.any() else None


def _attributes(words: Words, at: Whole, end: Whole) -> tuple[Whole, Whole] | None:
    """Style and type of the cells, whose attributes behind the address begin here and must end there."""
    style, types = np.zeros(len(at), dtype=np.int64), np.zeros(len(at), dtype=np.int64)
    seen = words[at]
    styled = np.flatnonzero((seen & np.uint64(0xFFFF)) == int.from_bytes(b" s", "little"))
    if len(styled):
        if not _begin_with(seen[styled], b' s="'):
            return None
        read = _digits(seen[styled] >> np.uint64(32))
        if read is None:
            return None
        style[styled] = read[0]
        at = at.copy()
        at[styled] += 4 + read[1] + 1
    typed = np.flatnonzero(at != end)
    if len(typed):
        read_types = _type_codes(words[at[typed]], end[typed] - at[typed])
        if read_types is None:
            return None
        types[typed] = read_types
    return style, types


def _type_codes(seen: Words, lengths: Whole) -> Whole | None:
    """Of cells whose type begins so and is so long: `` t="s"`` and its like."""
    types = np.full(len(seen), -1, dtype=np.int64)
    for text, code in _TYPES.items():
        wanted = np.uint64(int.from_bytes(text.ljust(8, b"\0"), "little"))
        unseen = np.uint64(64 - 8 * len(text))
        types[(lengths == len(text)) & (((seen ^ wanted) << unseen) == 0)] = code
    return None if (types < 0).any() else types


# ---- what the cells say


@dataclass(frozen=True, slots=True)
class Content:
    """The values of a sheet, from A1. grid: as calamine would give them; numbers: those of plain numbers, NaN
    elsewhere; filled: where the grid is not empty."""

    grid: Grid
    numbers: NDArray[np.float64]
    filled: Truth


def read_content(table: CellTable, shared: tuple[str, ...], plain_styles: frozenset[int]) -> Content | None:
    """The values; None when one of them can only be read in another way. plain_styles: formats in which a number is
    a number, not a date."""
    types = table.types[table.valued]
    rows, columns = table.rows[table.valued], table.columns[table.valued]
    shape = (int(rows.max(initial=-1)) + 1, int(columns.max(initial=-1)) + 1)
    grid = np.full(shape, "", dtype=np.object_)
    numbers, filled = np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_)
    counted = np.flatnonzero(types <= SHARED)
    read = _numbers(table, counted)
    used = np.flatnonzero(np.bincount(table.styles[table.valued[types == NUMBER]]))
    if read is None or not plain_styles.issuperset(used.tolist()):
        return None
    numeric = types[counted] == NUMBER
    at = rows[counted[numeric]], columns[counted[numeric]]
    numbers[at] = grid[at] = read[numeric]
    filled[at] = True
    texts = _texts(read[~numeric], shared)
    if texts is None:
        return None
    at = rows[counted[~numeric]], columns[counted[~numeric]]
    grid[at] = texts
    filled[at] = texts != ""
    for n in np.flatnonzero((types == TEXT) | (types == TRUTH)).tolist():
        said = _said(table.xml[int(table.starts[n]) : int(table.stops[n])], int(types[n]))
        if said is None:
            return None
        grid[rows[n], columns[n]] = said
        filled[rows[n], columns[n]] = said != ""
    return Content(grid.tolist(), numbers, filled)


def _texts(places: NDArray[np.float64], shared: tuple[str, ...]) -> NDArray[np.object_] | None:
    if (places >= len(shared)).any() or (places % 1 != 0).any() or (places < 0).any():
        return None
    every = np.empty(len(shared), dtype=np.object_)
    every[:] = shared
    return every[places.astype(np.int64)]


def _said(text: bytes, kind: int) -> str | bool | None:
    if kind == TRUTH:
        return text == b"1" if text in (b"0", b"1") else None
    try:
        return _plain_text(text.decode())
    except UnicodeDecodeError:
        return None


def _numbers(table: CellTable, which: Whole) -> NDArray[np.float64] | None:
    """The binary numbers nearest to these values. Those of at most eight bytes are digits over a power of ten, which
    division rounds correctly; the others are read one by one."""
    starts, lengths = table.starts[which], (table.stops - table.starts)[which]
    bits = np.minimum(lengths, 8).astype(np.uint64) * np.uint64(8)
    seen = _words(table.xml)[starts]
    mantissa, decimals = np.zeros(len(which), dtype=np.uint64), np.zeros(len(which), dtype=np.uint64)
    simple, behind = lengths <= 8, np.zeros(len(which), dtype=np.bool_)
    for place in range(min(int(lengths.max(initial=0)), 8)):
        figure = _byte(seen, place) - 48
        inside = bits > 8 * place
        digit, dot = inside & (figure <= 9), inside & (figure == _DOT)
        simple &= digit | (dot & ~behind) | ~inside
        mantissa = np.where(digit, mantissa * 10 + figure, mantissa)
        decimals += digit & behind
        behind |= dot
    edges = (_byte(seen, 0) - 48 <= 9) & (((seen >> (bits - 8)) & np.uint64(255)) - 48 <= 9)
    simple &= edges
    values = mantissa.astype(np.float64) / _TENS[decimals]
    for n in np.flatnonzero(~simple).tolist():
        text = table.xml[int(starts[n]) : int(starts[n]) + int(lengths[n])]
        if not _PLAIN_NUMBER.fullmatch(text):
            return None
        values[n] = float(text)
    return values


def shared_texts(xml: bytes) -> tuple[str, ...] | None:
    """The shared texts of a workbook; None when one of them is more than plain text. No part: none."""
    if not xml:
        return ()
    try:
        text = xml.decode()
    except UnicodeDecodeError:
        return None
    root = _SHARED_ROOT.match(text)
    if not root or not text.endswith("</sst>"):
        return None
    body = text[root.end() : -6]
    found = _SHARED_TEXT.findall(body)
    if _SHARED_TEXT.sub("", body):
        return None
    plain = tuple(map(_plain_text, found))
    return None if None in plain else tuple(p for p in plain if p is not None)


@lru_cache(maxsize=8192)  # the sheets of one round share nearly all their texts
def _plain_text(text: str) -> str | None:
    """With its entities resolved; None when it holds what only a parser knows to read."""
    if "\r" in text or _ENCODED.search(text):
        return None
    if "&" not in text:
        return text
    if text.count("&") != len(_ENTITY.findall(text)):
        return None
    return _ENTITY.sub(lambda m: _ENTITIES[m[1]], text)
