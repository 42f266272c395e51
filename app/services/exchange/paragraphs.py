"""Two changed texts and the one both came from, merged paragraph by paragraph (one paragraph a line). Pure.

The result does not depend on which of the two is called ours, but for the paragraphs that both have changed differently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.services.imports.values import CellKind

Lines = tuple[str, ...]
_TOO_MANY = 4_000_000  # pairs of paragraphs; no report is two thousand long, and comparing takes the square of it


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs that share one fate. first: number of the first of them in the base, from 1 (of a new one: of what it
    stands before)."""

    kind: CellKind
    first: int
    base: Lines
    ours: Lines
    theirs: Lines

    @property
    def count(self) -> int:
        """How many paragraphs it is, for the totals."""
        return max(len(self.base), len(self.ours), len(self.theirs))


@dataclass(frozen=True, slots=True)
class _Chunk:
    """One side's change: these paragraphs of the base (none: something new before ``low``) became these."""

    low: int
    high: int
    lines: Lines

    def touches(self, other: _Chunk) -> bool:
        """Whether both change the same paragraph, or put something new at the same place."""
        if self.low == self.high and other.low == other.high:
            return self.low == other.low
        return self.low < other.high and other.low < self.high


def paragraphs_of(text: str) -> Lines:
    """The paragraphs; a text without any has none."""
    return tuple(text.split("\n")) if text else ()


def text_of(paragraphs: Sequence[str]) -> str:
    """The text again."""
    return "\n".join(paragraphs)


def stretches(base: str, ours: str, theirs: str) -> tuple[Stretch, ...]:
    """The whole of the three texts, in order, each paragraph in one stretch."""
    root = paragraphs_of(base)
    sides = tuple(_chunks(root, paragraphs_of(side)) for side in (ours, theirs))
    return tuple(_woven(root, *sides))


def _chunks(base: Lines, side: Lines) -> list[_Chunk]:
    """What the side has changed. As many paragraphs for as many are taken one by one, so that a neighbour that the other
    side has changed stays apart."""
    if len(base) * len(side) > _TOO_MANY:
        return [_Chunk(0, len(base), side)] if side != base else []
    found: list[_Chunk] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, base, side, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if i_end - i == j_end - j:
            found += [_Chunk(i + n, i + n + 1, (side[j + n],)) for n in range(i_end - i)]
        else:
            found.append(_Chunk(i, i_end, side[j:j_end]))
    return found


def _woven(base: Lines, ours: Sequence[_Chunk], theirs: Sequence[_Chunk]) -> Iterator[Stretch]:
    at = 0
    for low, high, mine, yours in _together(ours, theirs):
        yield from (_same(n, base[n]) for n in range(at, low))
        yield _stretch(base, low, high, mine, yours)
        at = high
    yield from (_same(n, base[n]) for n in range(at, len(base)))


def _same(number: int, line: str) -> Stretch:
    return Stretch(CellKind.SAME, number + 1, (line,), (line,), (line,))


def _together(
    ours: Sequence[_Chunk], theirs: Sequence[_Chunk]
) -> Iterator[tuple[int, int, list[_Chunk], list[_Chunk]]]:
    """Changes of both sides that touch each other, directly or through others, in the order of the base."""
    waiting = sorted(
        [(c.low, c.high, 0, c) for c in ours] + [(c.low, c.high, 1, c) for c in theirs], key=lambda w: w[:3]
    )
    while waiting:
        low, high, side, chunk = waiting.pop(0)
        sides: tuple[list[_Chunk], list[_Chunk]] = ([], [])
        sides[side].append(chunk)
        while waiting and waiting[0][3].touches(_Chunk(low, high, ())):
            _, end, side, chunk = waiting.pop(0)
            sides[side].append(chunk)
            high = max(high, end)
        yield low, high, *sides


def _stretch(base: Lines, low: int, high: int, ours: Sequence[_Chunk], theirs: Sequence[_Chunk]) -> Stretch:
    root = base[low:high]
    mine, yours = _said(base, low, high, ours), _said(base, low, high, theirs)
    return Stretch(kind_of(root or None, mine or None, yours or None), low + 1, root, mine, yours)


def _said(base: Lines, low: int, high: int, chunks: Sequence[_Chunk]) -> Lines:
    """What one side says in this part of the base."""
    found: list[str] = []
    for chunk in chunks:
        found += [*base[low : chunk.low], *chunk.lines]
        low = chunk.high
    return (*found, *base[low:high])


def kind_of(base: object, ours: object, theirs: object) -> CellKind:
    """What became of one thing; None: it is not there."""
    if ours == theirs:
        return CellKind.SAME
    if ours == base:
        return CellKind.NEW if base is None else CellKind.CHANGED_THERE
    return CellKind.CHANGED_HERE if theirs == base else CellKind.BOTH
