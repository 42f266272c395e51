"""Every cell of a sheet as arrays, for sheets written the way that all common programs write them; else nothing.

Nothing is searched for: the text between <sheetData> and </sheetData> is cut before every row and cell, and each piece
must be the tag of a row or one whole cell of a few known forms, to its last byte. So what is read is provably all there
is. Whatever departs from it is left to expat and calamine, which are slower.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.files.excel.limits import MAX_CELLS, MAX_COLUMN, MAX_ROW, MAX_TEXT
from app.files.excel.parts import kept
from app.files.excel.texts import column_letters

Whole = NDArray[np.int64]
Words = NDArray[np.uint64]  # the eight bytes from each place on, the first one lowest
Truth = NDArray[np.bool_]

_LARGEST = 24_000_000  # bytes of XML; 200,000 cells need about 10 million
_OPENING, _CLOSING = b"<sheetData>", b"</sheetData>"
_TAIL = 24  # bytes that stand behind </sheetData> in any sheet: windows over cells never leave the XML
_REMEMBERED = 20_000  # cells of a sheet whose layout is kept for the next
_ROW_END, _SHORTEST = b"</row>", b'<c r="A1"/>'

NUMBER, SHARED, TEXT, TRUTH, ERROR = range(5)
_TYPES = {None: NUMBER, b"n": NUMBER, b"s": SHARED, b"str": TEXT, b"b": TRUTH, b"e": ERROR}

_ROW = re.compile(rb'<row r="([1-9][0-9]{0,3})"(?: [^<>]*?)?(?:>(</row>)?|(/>))')
# What may follow the address and the format of a cell in any other than the usual forms.
_REST = re.compile(rb'(?: t="(n|s|str|b|e)")?(?:/>|>(<f(?: [^<>]*)?(?:/>|(?<!/)>[^<>]*</f>))?(?:<v>([^<>]+)</v>)?</c>)')
_PLAIN_TEXT = re.compile(rb"[^<>]+")
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)  # keep the first n bytes of a word
_LOW = tuple(_MASKS)
_ONES, _ZEROS, _HIGH = (np.uint64(int.from_bytes(bytes([n] * 8), "little")) for n in (1, 48, 0xF0))
_SCALES = np.array([*(10.0**n for n in range(7, -1, -1)), 1.0])  # by the bytes that stand before the dot; 8: no dot
# Pairs of digits become numbers below 100, pairs of these numbers below 10,000, and then one: mask, factor, shift.
_PAIRS = tuple(
    (np.uint64(mask), np.uint64(10**n << 8 * n | 1), np.uint64(8 * n))
    for mask, n in ((0x0F0F0F0F0F0F0F0F, 1), (0x00FF00FF00FF00FF, 2), (0x0000FFFF0000FFFF, 4))
)
_LETTERS = tuple(column_letters(n) for n in range(MAX_COLUMN))


@lru_cache(maxsize=16)
def _addresses(rows: bytes, columns: bytes) -> frozenset[str]:
    places = zip(np.frombuffer(rows, np.int64).tolist(), np.frombuffer(columns, np.int64).tolist(), strict=True)
    return frozenset(f"{_LETTERS[c]}{r + 1}" for r, c in places)


@dataclass(frozen=True, slots=True)
class CellTable:
    """One sheet. rows, columns (from 0), styles, types: of each cell that stands there, in the order of the sheet;
    valued: index of each cell with a value, whose text stands in xml[starts:stops]; plain: the number that this text
    is, when it has at most eight digits (NaN: look at the text); formulas: indexes of cells."""

    xml: bytes = field(repr=False)
    rows: Whole
    columns: Whole
    styles: Whole
    types: Whole
    valued: Whole
    starts: Whole
    stops: Whole
    plain: NDArray[np.float64]
    formulas: Whole

    def addresses(self, cells: Whole) -> frozenset[str]:
        """Of these cells (``F17``)."""
        rows, columns = self.rows[cells].tobytes(), self.columns[cells].tobytes()
        return kept(_addresses, 2 * len(rows))(rows, columns)

    @property
    def errors(self) -> Whole:
        """Indexes of the cells that hold an error."""
        return np.flatnonzero(self.types == ERROR)

    def text(self, n: int) -> bytes:
        """What stands as value in the n-th of the valued cells."""
        return self.xml[int(self.starts[n]) : int(self.stops[n])]


@dataclass(frozen=True, slots=True)
class _Cuts:
    """The pieces of a sheet. is_row: of all pieces, in their order; tags: those of the rows; begins, stops, seen: where
    each cell begins and stops, and its first eight bytes."""

    is_row: Truth
    tags: list[bytes]
    begins: Whole
    stops: Whole
    seen: Words


@dataclass(frozen=True, slots=True)
class _Openings:
    """What cells of unusual forms begin with, up to their values: texts, their lengths, and what they say."""

    texts: list[bytes]
    lengths: Whole
    types: Whole
    formulas: Whole


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the cells of a sheet stand: rows, columns, styles, and lengths: of the text that says so, from the begin of
    each cell. That text itself in heads: words with zeros behind it; masks: what of the second and third word counts.
    openings: those of the last sheet with this layout, none at first."""

    is_row: Truth
    tags: list[bytes]
    rows: Whole
    columns: Whole
    styles: Whole
    lengths: Whole
    masks: tuple[Words, Words]
    heads: tuple[Words, Words, Words]
    openings: list[_Openings] = field(default_factory=list[_Openings])

    def fits(self, words: Words, cuts: _Cuts) -> bool:
        """Whether another sheet says the same, byte for byte."""
        first, second, third = self.heads
        same = self.tags == cuts.tags and np.array_equal(self.is_row, cuts.is_row) and (first == cuts.seen).all()
        return bool(
            same
            and ((words[cuts.begins + 8] & self.masks[0]) == second).all()
            and ((words[cuts.begins + 16] & self.masks[1]) == third).all()
            and ((words[cuts.begins + self.lengths] & _LOW[2]) != _number(b" s")).all()
        )


def read_table(xml: bytes) -> CellTable | None:
    """The cells of a sheet in UTF-8; None when it is written in any other way, or is beyond a limit. What stands
    outside of sheetData is not looked at."""
    start, end = xml.find(_OPENING, 0, 100_000), xml.rfind(_CLOSING)
    start += len(_OPENING)
    if start < len(_OPENING) or end <= start or len(xml) > _LARGEST or len(xml) - end < _TAIL:
        return None
    words = np.ndarray((len(xml) - 7,), dtype="<u8", buffer=xml, strides=(1,))
    cuts = _cut(xml, words, start, end)
    layout = cuts and _layout(words, cuts)
    if not cuts or not layout:
        return None
    said = _values(xml, words, cuts.begins + layout.lengths, cuts.stops, layout.openings)
    return said and CellTable(xml, layout.rows, layout.columns, layout.styles, *said)


def _cut(xml: bytes, words: Words, start: int, end: int) -> _Cuts | None:
    """The text of sheetData, cut before every row and every cell."""
    body = np.frombuffer(xml, dtype=np.uint8)[start:end]
    # <r and <c: no other tag that may stand there begins so, and none can stand inside of another.
    begins = np.flatnonzero((body[:-1] == 60) & ((body[1:] == 99) | (body[1:] == 114))) + start
    if not len(begins) or begins[0] != start:
        return None
    seen, ends = words[begins], np.append(begins[1:], end)
    is_row = (seen & _LOW[2]) == _number(b"<r")
    rows, cells = np.flatnonzero(is_row), np.flatnonzero(~is_row)
    if not is_row[0] or not 0 < len(cells) <= MAX_CELLS:
        return None
    tags = [xml[b:e] for b, e in zip(begins[rows].tolist(), ends[rows].tolist(), strict=True)]
    last = np.flatnonzero(np.append(is_row[1:], True)[cells])
    begins, stops = begins[cells], ends[cells]
    stops[last] -= len(_ROW_END)
    if not _begin_with(words[stops[last]], _ROW_END) or (stops - begins < len(_SHORTEST)).any():
        return None
    return _Cuts(is_row, tags, begins, stops, seen[cells])


# ---- where the cells stand


def _layout(words: Words, cuts: _Cuts) -> _Layout | None:
    """The layout as it stands in the sheet: read, or that of an earlier sheet when it is the same."""
    known = _earlier(len(cuts.is_row))
    if known and known[0].fits(words, cuts):
        return known[0]
    layout = _read_layout(words, cuts)
    if layout and len(cuts.begins) <= _REMEMBERED:
        known[:] = [layout]
    return layout


@lru_cache(maxsize=4)
def _earlier(pieces: int) -> list[_Layout]:
    """The layout of the last sheet of so many pieces, none at first: in two hundred sheets of one round nothing but
    the marks differs."""
    return []


def _read_layout(words: Words, cuts: _Cuts) -> _Layout | None:
    owners = _row_numbers(cuts)
    placed = _places(words, cuts)
    if owners is None or placed is None:
        return None
    rows, columns, after = placed
    order = rows * (MAX_COLUMN + 1) + columns
    styled = _styles(words, after)
    if (owners != rows).any() or (np.diff(order) <= 0).any() or styled is None:
        return None
    styles, at = styled
    lengths = at - cuts.begins
    masks = _MASKS[np.clip(lengths - 8, 0, 8)], _MASKS[np.clip(lengths - 16, 0, 8)]
    heads = cuts.seen, words[cuts.begins + 8] & masks[0], words[cuts.begins + 16] & masks[1]
    return _Layout(cuts.is_row, cuts.tags, rows, columns, styles, lengths, masks, heads)


def _row_numbers(cuts: _Cuts) -> Whole | None:
    """Of the row (from 0) that each cell stands in, when all tags are those of rows that are left open exactly when a
    cell follows."""
    numbers, opened = np.array([_row(tag) for tag in cuts.tags], dtype=np.int64).T
    if (numbers < 1).any() or (numbers > MAX_ROW).any() or (np.diff(numbers) <= 0).any():
        return None
    before_cell = np.append(~cuts.is_row[1:], False)[cuts.is_row]
    return numbers[np.cumsum(cuts.is_row)[~cuts.is_row] - 1] - 1 if (opened == before_cell).all() else None


def _row(tag: bytes) -> tuple[int, bool]:
    """The row's number and whether it is left open for cells; 0 when this is not a row's tag."""
    match = _ROW.fullmatch(tag)
    return (int(match[1]), not match[2] and not match[3]) if match else (0, False)


def _places(words: Words, cuts: _Cuts) -> tuple[Whole, Whole, Whole] | None:
    """Row and column (from 0) of the cells ``<c r="F17"`` that begin here, and where each address has ended."""
    seen = cuts.seen
    first, second = _byte(seen, 6) - 64, _byte(seen, 7) - 64
    double = second - 1 < 26
    if not _begin_with(seen, b'<c r="') or (first - 1 >= 26).any():
        return None
    columns = np.where(double, first * 26 + second, first).astype(np.int64) - 1
    at = cuts.begins + 7 + double
    read = _digits(words[at])
    if read is None or (columns >= MAX_COLUMN).any():
        return None
    return read[0] - 1, columns, at + read[1] + 1


def _styles(words: Words, at: Whole) -> tuple[Whole, Whole] | None:
    """Formats of the cells, whose attributes behind the address begin here, and where each goes on."""
    styles, seen = np.zeros(len(at), dtype=np.int64), words[at]
    styled = np.flatnonzero((seen & _LOW[2]) == _number(b" s"))
    if len(styled):
        read = _digits(seen[styled] >> np.uint64(32))
        if read is None or not _begin_with(seen[styled], b' s="'):
            return None
        styles[styled] = read[0]
        at = at.copy()
        at[styled] += 4 + read[1] + 1
    return styles, at


# ---- what they hold


def _values(
    xml: bytes, words: Words, at: Whole, stops: Whole, openings: list[_Openings]
) -> tuple[Whole, Whole, Whole, Whole, NDArray[np.float64], Whole] | None:
    """What follows address and format of the cells: types, and what CellTable says of the values and formulas."""
    seen = words[at]
    empty = ((seen & _LOW[2]) == _number(b"/>")) & (at + 2 == stops)
    shared = seen == _number(b' t="s"><')
    typed = np.flatnonzero(shared | (seen == _number(b' t="n"><')))
    opened = (seen & _LOW[4]) == _number(b"><v>")
    opened[typed] = (words[at[typed] + 6] & _LOW[4]) == _number(b"><v>")
    types, starts, ends = shared.astype(np.int64), at + 4, stops - 8
    starts[typed] += 6
    told = opened & (starts < ends)
    told &= words[np.where(told, ends, 0)] == _number(b"</v></c>")
    valued, formulas = told.copy(), np.zeros(len(at), dtype=np.bool_)
    odd = np.flatnonzero(~(empty | told))
    if len(odd):
        rest = _rest_again(xml, words, at[odd], stops[odd], openings) or _rest(xml, at[odd], stops[odd], openings)
        if rest is None:
            return None
        types[odd], formulas[odd], starts[odd], ends[odd] = rest
        valued[odd] = starts[odd] >= 0
    which = np.flatnonzero(valued)
    starts, ends = starts[which], ends[which]
    plain = _plain_numbers(words, starts, ends - starts)
    # A value that is no such number may be any text, but no tag: then it would be more than this value.
    for n in np.flatnonzero(np.isnan(plain)).tolist():
        text = _PLAIN_TEXT.fullmatch(xml, int(starts[n]), int(ends[n]))
        if text is None or ends[n] - starts[n] > MAX_TEXT:
            return None
    return types, which, starts, ends, plain, np.flatnonzero(formulas)


def _rest_again(
    xml: bytes, words: Words, at: Whole, stops: Whole, openings: list[_Openings]
) -> tuple[Whole, Whole, Whole, Whole] | None:
    """As _rest, when these cells have values and begin as those of the sheet before: the formulas of two hundred sheets
    are the same, their results are not."""
    if not openings or len(openings[0].texts) != len(at) or (stops - at > MAX_TEXT).any():
        return None
    known = openings[0]
    starts, ends = at + known.lengths, stops - 8
    if not (starts < ends).all() or (words[ends] != _number(b"</v></c>")).any():
        return None
    texts = [xml[begin:stop] for begin, stop in zip(at.tolist(), starts.tolist(), strict=True)]
    return (known.types, known.formulas, starts, ends) if texts == known.texts else None


def _rest(xml: bytes, at: Whole, stops: Whole, openings: list[_Openings]) -> tuple[Whole, Whole, Whole, Whole] | None:
    """Of cells that are not of the usual forms, one by one: type, whether it is a formula, begin and end of the value
    (−1: none)."""
    if (stops - at > MAX_TEXT).any():
        return None
    match = _REST.fullmatch
    found = [match(xml, begin, stop) for begin, stop in zip(at.tolist(), stops.tolist(), strict=True)]
    told = [(_TYPES[m[1]], m[2] is not None, *m.span(3)) for m in found if m]
    if len(told) < len(found):
        return None
    types, formulas, starts, ends = np.array(told, dtype=np.int64).T
    if (starts >= 0).all() and len(at) <= _REMEMBERED:
        texts = [xml[begin:stop] for begin, stop in zip(at.tolist(), starts.tolist(), strict=True)]
        openings[:] = [_Openings(texts, starts - at, types, formulas)]
    return types, formulas, starts, ends


# ---- eight bytes at once


def _number(text: bytes) -> np.uint64:
    """The text as a word."""
    return np.uint64(int.from_bytes(text, "little"))


def _begin_with(seen: Words, text: bytes) -> bool:
    """Whether all of these words begin so."""
    return not ((seen ^ _number(text)) << np.uint64(64 - 8 * len(text))).any()


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


def _plain_numbers(words: Words, starts: Whole, lengths: Whole) -> NDArray[np.float64]:
    """The binary numbers nearest to these texts, for those of at most eight bytes: digits over a power of ten, which
    division rounds correctly. NaN for the others."""
    seen, unused = words[starts], 8 - np.minimum(lengths, 8)
    # The text stands at the high end of the word, behind as many zeros as fit before it.
    text = (seen << (unused * 8).astype(np.uint64)) | (_ZEROS & _MASKS[unused])
    apart = text ^ (_ONES * np.uint64(46))
    dots = (apart - _ONES) & ~apart & (_ONES << np.uint64(7))  # from the first dot on: before it, no bit can be set
    none = dots == 0
    before = (dots & (~dots + np.uint64(1))) >> np.uint64(7)
    before -= np.uint64(1)  # all bytes before the first dot; without one, all bytes
    closed = ((text & before) << np.uint64(8)) | (text & ~(before << np.uint64(8) | np.uint64(255))) | np.uint64(48)
    digits = np.where(none, text, closed)
    simple = (digits & _HIGH) == _ZEROS
    simple &= ((digits + _ONES * np.uint64(6)) & _HIGH) == _ZEROS
    simple &= (lengths <= 8) & ((seen & np.uint64(255)) != 46) & ((text >> np.uint64(56)) != 46)
    for mask, factor, shift in _PAIRS:
        digits = ((digits & mask) * factor) >> shift
    scales = _SCALES[np.bitwise_count(before) >> 3]
    return np.where(simple, digits.astype(np.float64) / scales, np.nan)
