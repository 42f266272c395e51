"""Sorting of rows by exact keys: a key becomes an integer once, and numpy sorts the integers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.ui.item_models.columns import Key

LAST = np.iinfo(np.int64).max


def codes(keys: Sequence[Key | None]) -> NDArray[np.int64]:
    """Integers in the order of the keys (all of one kind); a key that is None becomes ``LAST``."""
    if keys and isinstance(keys[0], int):
        array = np.array(keys)
        if array.dtype.kind == "i":
            return array.astype(np.int64, copy=False)
    known = sorted({key for key in keys if key is not None})  # type: ignore[type-var]
    place = {key: number for number, key in enumerate(known)}
    return np.fromiter((LAST if key is None else place[key] for key in keys), np.int64, len(keys))


def arranged(coded: NDArray[np.int64], rows: NDArray[np.intp], descending: bool) -> NDArray[np.intp]:
    """The given rows sorted by their codes; equal ones keep their order, ``LAST`` stays last in either direction."""
    chosen = coded[rows]
    if descending:
        chosen = np.where(chosen == LAST, LAST, -chosen)
    return rows[np.argsort(chosen, kind="stable")]
