"""What the cells of a table say: the few texts as they are, the many numbers as one array."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.files.excel.celltable import ERROR, NUMBER, SHARED, TEXT, TRUTH, CellTable
from app.files.excel.values import Grid, Page

_PLAIN_NUMBER = re.compile(rb"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_SHARED_TEXT = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t>(?:<phoneticPr [^<>]*/>)?</si>')
_SHARED_ROOT = re.compile(r"(?:<\?xml [^<>]*\?>\s*)?<sst [^<>]*[^/]>")
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ENCODED = re.compile(r"_x[0-9a-fA-F]{4}_")
Shared = dict[float, str]  # the shared texts by their numbers, which cells hold as any other number
_REMEMBERED = 20_000  # cells of a sheet whose texts are kept for the next


@dataclass(frozen=True, slots=True)
class _Words:
    """What a sheet says in words: places (row × width + column), what stands there, and both as a grid."""

    places: NDArray[np.int64]
    said: list[str | bool]
    grid: Grid


def read_content(table: CellTable, shared: Shared, plain_styles: frozenset[int]) -> Page | None:
    """The values, as calamine would give them; None when one of them can only be read in another way. plain_styles:
    formats in which a number is a number, not a date."""
    types = table.types[table.valued]
    rows, columns = table.rows[table.valued], table.columns[table.valued]
    numeric = types == NUMBER
    used = np.flatnonzero(np.bincount(table.styles[table.valued[numeric]]))
    values = _numbers(table, np.flatnonzero(np.isnan(table.plain) & (types <= SHARED)))
    if values is None or not plain_styles.issuperset(used.tolist()):
        return None
    shape = (int(rows.max(initial=-1)) + 1, int(columns.max(initial=-1)) + 1)
    numbers, filled = np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_)
    at = (rows * shape[1] + columns)[numeric]
    numbers.ravel()[at], filled.ravel()[at] = values[numeric], True
    others = np.flatnonzero(~numeric & (types != ERROR))
    found: list[str | bool | None] = list(map(shared.get, values[others].tolist()))
    for n in np.flatnonzero(types[others] != SHARED).tolist():
        found[n] = _said(table.text(int(others[n])), int(types[others[n]]))
    said = [value for value in found if value is not None]
    if len(said) < len(found):
        return None
    places = rows[others] * shape[1] + columns[others]
    filled.ravel()[places] = True
    filled.ravel()[places[[n for n, value in enumerate(said) if value == ""]]] = False
    return Page(_in_words(shape, places, said), numbers, filled)


def _in_words(shape: tuple[int, int], places: NDArray[np.int64], said: list[str | bool]) -> Grid:
    """The texts as a grid. Rows that say the same as in the sheet before are the same objects: two hundred sheets of
    one round differ in a name or two, and what is found in equal rows need not be looked for again."""
    earlier = _earlier(*shape)
    width = shape[1]
    grid: Grid
    if earlier and np.array_equal(earlier[0].places, places):
        grid = list(earlier[0].grid)
        changed = [n for n, (one, other) in enumerate(zip(said, earlier[0].said, strict=True)) if one != other]
        for n in changed:
            row, column = divmod(int(places[n]), width)
            grid[row] = [*grid[row][:column], said[n], *grid[row][column + 1 :]]
    else:
        grid = [[""] * width for _ in range(shape[0])]
        for place, value in zip(places.tolist(), said, strict=True):
            grid[place // width][place % width] = value
    if shape[0] * width <= _REMEMBERED:
        earlier[:] = [_Words(places, said, grid)]
    return grid


@lru_cache(maxsize=4)
def _earlier(height: int, width: int) -> list[_Words]:
    """The texts of the last sheet of this size, none at first."""
    return []


def _numbers(table: CellTable, unread: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """The numbers of the table, with those that are not plain read one by one."""
    values = table.plain.copy()
    for n in unread.tolist():
        text = table.text(n)
        if not _PLAIN_NUMBER.fullmatch(text):
            return None
        values[n] = float(text)
    return values


def _said(text: bytes, kind: int) -> str | bool | None:
    if kind == TRUTH:
        return text == b"1" if text in (b"0", b"1") else None
    try:
        return _plain_text(text.decode())
    except UnicodeDecodeError:
        return None


def may_hold(table: CellTable, wanted: Collection[float]) -> bool:
    """Whether a cell may hold one of these shared texts, or a text of its own; false only when surely none does."""
    types = table.types[table.valued]
    if (types == TEXT).any():
        return True
    places = table.plain[types == SHARED]
    return bool(np.isnan(places).any()) or any((places == n).any() for n in wanted)


def shared_texts(xml: bytes) -> Shared | None:
    """The shared texts of a workbook; None when one of them is more than plain text. No part: none."""
    if not xml:
        return {}
    try:
        text = xml.decode()
    except UnicodeDecodeError:
        return None
    root = _SHARED_ROOT.match(text)
    if not root or not text.endswith("</sst>"):
        return None
    found = _shared_items(text[root.end() : -len("</sst>")])
    if found is None or not ("&" in text or "\r" in text or _ENCODED.search(text)):
        return None if found is None else dict(enumerate(found))
    plain = list(map(_plain_text, found))
    return None if None in plain else {n: p for n, p in enumerate(plain) if p is not None}


def _shared_items(body: str) -> list[str] | None:
    """The texts as they stand in the XML, when there is nothing else."""
    if not body:
        return []
    first, last, between = "<si><t>", "</t></si>", "</t></si><si><t>"
    usual = body.replace('<t xml:space="preserve">', "<t>")
    if usual.startswith(first) and usual.endswith(last):
        found = usual[len(first) : -len(last)].split(between)
        if usual.count("<") == 4 * len(found):  # those of the tags that were cut away, and no other
            return found
    found = _SHARED_TEXT.findall(body)
    return None if _SHARED_TEXT.sub("", body) else found


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
