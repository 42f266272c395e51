"""Sorting of rows by exact keys: a key becomes an integer once, and numpy sorts the integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

LAST = np.iinfo(np.int64).max


def codes(keys: Sequence[Any]) -> NDArray[np.int64]:
    """Integers in the order of the keys (numbers, or texts, or tuples of them); None becomes ``LAST``."""
    if keys and type(keys[0]) is int:
        array = np.array(keys)
        if array.dtype.kind == "i":
            return array.astype(np.int64, copy=False)
    known: list[Any] = sorted({key for key in keys if key is not None})
    place = {key: number for number, key in enumerate(known)}
    return np.fromiter((LAST if key is None else place[key] for key in keys), np.int64, len(keys))


def arranged(coded: NDArray[np.int64], rows: NDArray[np.intp], descending: bool) -> NDArray[np.intp]:
    """The given rows sorted by their codes; equal ones keep their order, ``LAST`` stays last in either direction."""
    chosen = coded[rows]
    if descending:
        chosen = np.where(chosen == LAST, LAST, -chosen)
    return rows[np.argsort(chosen, kind="stable")]
