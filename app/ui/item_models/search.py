"""Finding a name while somebody types: part of the text or code, whole pinyin, or initials (zzb → 组织部).

Every reading of a character counts, so 单县 is found as shanxian and as danxian, and nobody has to correct a table.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Blanks of every width, and the zero-width characters that come along when text is copied.
_NOTHING = (" ", "\t", "\r", "\u3000", "\xa0", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")


def plain(text: str) -> str:
    """The text as it is compared: NFKC, without blanks and zero-width characters, small letters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for nothing in _NOTHING:
        folded = folded.replace(nothing, "")
    return folded


class Finder:
    """Answers which of the given texts (one line each) a query finds. Pinyin is loaded at the first query in letters."""

    def __init__(self, texts: Sequence[str]) -> None:
        joined = "\n".join(texts)  # folded in one go: a hundred thousand small calls would be felt
        if joined.count("\n") >= len(texts) > 0:
            joined = "\n".join(text.replace("\n", "") for text in texts)
        self._texts = plain(joined).split("\n") if texts else []
        self._readings: list[list[tuple[str, ...]]] | None = None

    def mask(self, query: str) -> NDArray[np.bool_]:
        """Which texts are found, in their order; an empty query finds every one."""
        wanted = plain(query)
        found = np.fromiter((wanted in text for text in self._texts), np.bool_, len(self._texts))
        if not (wanted.isascii() and wanted.isalnum() and not wanted.isdigit()):
            return found
        if self._readings is None:
            self._readings = _readings(self._texts)
        spelled = (sounds_like(wanted, readings) for readings in self._readings)
        return found | np.fromiter(spelled, np.bool_, len(self._texts))


def sounds_like(query: str, readings: Sequence[tuple[str, ...]]) -> bool:
    """Whether consecutive characters spell the query, each by a whole reading or its initial, the last one also by
    the beginning of a reading."""
    reached: set[int] = set()
    for character in readings:
        reached = {end for start in (*reached, 0) for end in _steps(query, start, character)}
        if len(query) in reached:
            return True
    return False


def _steps(query: str, start: int, character: tuple[str, ...]) -> list[int]:
    """How far in the query one character may lead from ``start``."""
    ends: list[int] = []
    first = query[start]
    for reading in character:
        if reading[0] != first:
            continue
        ends.append(start + 1)
        if query.startswith(reading, start):
            ends.append(start + len(reading))
        elif reading.startswith(query[start:]):
            ends.append(len(query))
    return ends


def _readings(texts: Sequence[str]) -> list[list[tuple[str, ...]]]:
    from pypinyin import Style, pinyin

    known: dict[str, tuple[str, ...]] = {}
    for character in set("".join(texts)):
        spelled = pinyin(character, style=Style.NORMAL, heteronym=True, errors="default")[0]
        known[character] = tuple({s for s in spelled if s})
    return [[known[character] for character in text] for text in texts]
