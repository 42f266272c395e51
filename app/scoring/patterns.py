"""Lanes by their patterns of states: which lanes have the same state in every row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.scoring.exact import Integers

States = NDArray[np.int8]
_BASE = 4  # states are below it
_SMALL = 2**12  # patterns up to here are counted, beyond they are sorted
_LARGE = 2**60


def patterns(rows: Sequence[States | None], lanes: int) -> tuple[Integers, list[tuple[int, ...]]]:
    """For states[row][lane] (None: all 0): the number of each lane's pattern, and the patterns. Works for any number
    of rows."""
    number, size = np.zeros(lanes, np.int64), 1
    for row in rows:
        if row is not None and row.any():
            number, size = number * _BASE + row, size * _BASE
            if size * _BASE > _LARGE:
                number = np.unique(number, return_inverse=True)[1]
                size = int(number.max(initial=0)) + 1
    if size == 1:
        return number, [(0,) * len(rows)] if lanes else []
    if size <= _SMALL:
        present = np.flatnonzero(np.bincount(number, minlength=size))
        place = np.zeros(size, np.int64)
        place[present] = np.arange(len(present))
        number = place[number]
    else:
        present, number = np.unique(number, return_inverse=True)
    first = np.zeros(len(present), np.int64)
    first[number[::-1]] = np.arange(lanes - 1, -1, -1)  # the lowest lane of each is written last
    found = [np.zeros(len(first), np.int8) if row is None else row[first] for row in rows]
    return number, [tuple(p) for p in np.array(found).T.tolist()]
