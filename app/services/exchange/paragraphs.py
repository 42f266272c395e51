"""Two changed texts and the one both came from, merged paragraph by paragraph (one paragraph a line). Pure.

Every paragraph of the first text, and every gap between two, is decided by itself. So the result does not depend on which of
the two is called ours, nor on the order in which several come, but for what was changed differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    """One side's change: this paragraph of the base (none: something new before ``low``) became these. A text too long to
    compare is one chunk."""

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


def stretches(base: str, ours: str, theirs: str, brought: Sequence[str] = ()) -> tuple[Stretch, ...]:
    """The whole of the three texts, in order, each paragraph in one stretch. brought: what others who began with the same
    base have made of it and was merged into ours: tells which paragraph of ours comes from which of the base."""
    root = paragraphs_of(base)
    mine = _chunks(root, paragraphs_of(ours), [paragraphs_of(b) for b in brought])
    return tuple(_woven(root, mine, _chunks(root, paragraphs_of(theirs))))


def _chunks(base: Lines, side: Lines, brought: Sequence[Lines] = ()) -> list[_Chunk]:
    """What the side has changed, paragraph by paragraph, so that a neighbour that the other side has changed stays apart."""
    if len(base) * len(side) > _TOO_MANY:
        return [_Chunk(0, len(base), side)] if side != base else []
    if brought and (made := _put_together(base, side, [_chunks(base, b) for b in brought])) is not None:
        return made
    found = list[_Chunk]()
    for tag, i, i_end, j, j_end in SequenceMatcher(None, base, side, autojunk=False).get_opcodes():
        if tag == "insert":
            found.append(_Chunk(i, i, side[j:j_end]))
        elif tag != "equal":  # one by one, and what is more of them belongs to the last
            for n in range(i, i_end):
                at = j + n - i
                found.append(_Chunk(n, n + 1, side[at : j_end if n == i_end - 1 else min(at + 1, j_end)]))
    return found


def _put_together(base: Lines, side: Lines, brought: Sequence[Sequence[_Chunk]]) -> list[_Chunk] | None:
    """The changes of the side when it is made of nothing but the base and what was brought; else none. Comparing the texts
    alone could take a paragraph for another one that reads the same."""
    places = [place for n in range(len(base)) for place in ((n, n), (n, n + 1))] + [(len(base), len(base))]
    said: dict[tuple[int, int], set[Lines]] = {}
    for chunk in (c for chunks in brought for c in chunks):
        said.setdefault((chunk.low, chunk.high), set()).add(chunk.lines)
    if not said.keys() <= set(places):
        return None
    ends: list[
        dict[int, tuple[int, Lines]]
    ] = []  # of each place: where it can end in the side ← where it begins, and what it says
    starts: Iterable[int] = (0,)
    for low, high in places:
        reached: dict[int, tuple[int, Lines]] = {}
        for lines in (*sorted(said.get((low, high), ())), base[low:high]):
            for start in starts:
                if side[start : start + len(lines)] == lines:
                    reached.setdefault(start + len(lines), (start, lines))
        ends.append(reached)
        starts = tuple(reached)
    if len(side) not in starts:
        return None
    at, found = len(side), list[_Chunk]()
    for (low, high), reached in zip(reversed(places), reversed(ends), strict=True):
        at, lines = reached[at]
        if lines != base[low:high]:
            found.append(_Chunk(low, high, lines))
    return found[::-1]


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
