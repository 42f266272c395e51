"""Passages that two texts share, among many texts at once: windows of six signs by their hash, joined along the diagonal.

Only words count: punctuation, blanks and width do not. A few changed signs inside a passage (another name, another
number) do not end it. The work grows with the texts' length, not with the number of pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

WINDOW = 6
SLACK = 8  # signs that a passage may differ in, one after the other
NEIGHBOURS = 4  # a window that many texts share ties each to so many of the next ones
COMMON_SHARE, COMMON_LEAST = 0.3, 10  # a window with more owners than both is common wording
COMMON_TIMES = 4  # a passage of common wording has to be so many times as long
_BASE = 1_000_003
_SEED = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class Text:
    """One text. owner: passages are looked for between different owners only; left_out: spans that do not count."""

    owner: str
    text: str
    left_out: Sequence[tuple[int, int]] = field(default=())


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage that two texts share. one, other: numbers of the texts; start, end: characters in each; signs: how many
    signs are the same."""

    one: int
    start: int
    end: int
    other: int
    other_start: int
    other_end: int
    signs: int


Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Signs:
    """All texts as one row of signs. code: lower-case code points; place: character in its text; text: number of the
    text; block: changes where a window must not reach across."""

    code: Numbers
    place: Numbers
    text: Numbers
    block: Numbers


def shared_passages(texts: Sequence[Text], least: int, window: int = WINDOW, only: str = "") -> list[Shared]:
    """Passages of at least ``least`` same signs, between texts of different owners, each once (one before other). only:
    those of one owner, the same that would be found among all (empty: all)."""
    signs = _signs_of(texts)
    if len(signs.code) <= window:
        return []
    owners = {name: n for n, name in enumerate(dict.fromkeys(t.owner for t in texts))}
    owner = np.array([owners[t.owner] for t in texts], dtype=np.int64)
    tied = _tied(signs, owner, window, len(owners))
    if only:
        whose = owners.get(only, -1)
        mine = np.flatnonzero((owner[signs.text[tied.first]] == whose) | (owner[signs.text[tied.second]] == whose))
        tied = _Tied(tied.first[mine], tied.second[mine], tied.common[mine])
    if not len(tied.first):
        return []
    runs = _joined(_runs(signs, tied, window, least))
    return [_shared(signs, run) for run in runs if run.signs >= (COMMON_TIMES * least if run.is_common else least)]


def _signs_of(texts: Sequence[Text]) -> _Signs:
    codes: list[Numbers] = []
    places: list[Numbers] = []
    numbers: list[Numbers] = []
    blocks: list[Numbers] = []
    block = 0
    for number, one in enumerate(texts):
        code = np.frombuffer(one.text.lower().encode("utf-32-le"), dtype=np.uint32)
        if len(code) != len(one.text):  # a few letters become two when made small
            code = np.frombuffer(one.text.encode("utf-32-le"), dtype=np.uint32)
        code = np.where((code >= 0xFF01) & (code <= 0xFF5E), code - 0xFEE0, code)  # full-width signs
        kept = _is_word(code)
        cut = np.zeros(len(code) + 1, dtype=np.int64)
        for start, end in one.left_out:
            kept[start:end] = False
            cut[start] += 1
        parts = np.cumsum(cut)[:-1] + block
        places.append(np.flatnonzero(kept))
        codes.append(code[kept])
        blocks.append(parts[kept])
        numbers.append(np.full(int(kept.sum()), number))
        block += int(cut.sum()) + 1
    if not codes:
        empty = np.zeros(0, dtype=np.int64)
        return _Signs(empty, empty, empty, empty)
    return _Signs(*(np.concatenate(parts) for parts in (codes, places, numbers, blocks)))


def _is_word(code: Numbers) -> Numbers:
    """Chinese characters, Latin letters and digits."""
    han = ((code >= 0x4E00) & (code <= 0x9FFF)) | ((code >= 0x3400) & (code <= 0x4DBF)) | (code == 0x3007)
    latin = ((code >= 0x30) & (code <= 0x39)) | ((code >= 0x61) & (code <= 0x7A))
    return han | latin


@dataclass(frozen=True, slots=True)
class _Tied:
    """Pairs of windows that are the same, by their first signs; common: the window is common wording."""

    first: Numbers
    second: Numbers
    common: Numbers


def _tied(signs: _Signs, owner: Numbers, window: int, owners: int) -> _Tied:
    """Windows that are the same in texts of different owners; of many such windows each is tied to the next few only."""
    count = len(signs.code) - window + 1
    scores = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for n in range(window):
            scores = scores * np.uint64(_BASE) + signs.code[n : n + count].astype(np.uint64)
        scores *= np.uint64(_SEED)
    whole = np.flatnonzero(signs.block[:count] == signs.block[window - 1 :])
    scores = scores[whole]
    order = np.argsort(scores, kind="stable")
    scores, whole = scores[order], whole[order]
    whose = owner[signs.text[whole]]
    starts = np.flatnonzero(np.concatenate(([True], scores[1:] != scores[:-1])))
    new_owner = np.concatenate(([True], (scores[1:] != scores[:-1]) | (whose[1:] != whose[:-1])))
    held_by = np.add.reduceat(new_owner.astype(np.int64), starts) if len(starts) else starts
    sizes = np.diff(np.concatenate((starts, [len(scores)])))
    common = (held_by > COMMON_LEAST) & (held_by > COMMON_SHARE * owners)
    wanted = np.repeat(held_by > 1, sizes)
    group = np.repeat(np.arange(len(starts)), sizes)[wanted]
    whole, whose = whole[wanted], whose[wanted]
    found: list[tuple[Numbers, Numbers, Numbers]] = []
    for lag in range(1, NEIGHBOURS + 1):
        at = np.flatnonzero((group[lag:] == group[:-lag]) & (whose[lag:] != whose[:-lag]))
        found.append((whole[at], whole[at + lag], common[group[at]]))
    return _Tied(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


@dataclass(slots=True)
class _Run:
    """Same signs in a row, or several such rows joined: from ``start`` to ``end`` and ``other`` to ``other_end``.
    windows: how many it is made of; common: how many of them are common wording."""

    pair: int
    start: int
    end: int
    other: int
    other_end: int
    signs: int
    windows: int
    common: int

    @property
    def is_common(self) -> bool:
        return self.common * 2 > self.windows


def _runs(signs: _Signs, tied: _Tied, window: int, least: int) -> Iterator[_Run]:
    """Windows that follow one another on one diagonal, as runs; by pair of texts, then by place. Those that cannot become
    long enough, whatever joins them, are left out."""
    first, second = tied.first, tied.second
    pair = signs.text[first] * (int(signs.text[-1]) + 1) + signs.text[second]
    shift = second - first
    order = np.lexsort((first, shift, pair))
    pair, shift, first = pair[order], shift[order], first[order]
    common = np.concatenate(([0], np.cumsum(tied.common[order])))
    breaks = (pair[1:] != pair[:-1]) | (shift[1:] != shift[:-1]) | (first[1:] > first[:-1] + window)
    begins = np.flatnonzero(np.concatenate(([True], breaks)))
    ends = np.concatenate((begins[1:], [len(first)])) - 1
    start, end, along, of = first[begins], first[ends] + window, shift[begins], pair[begins]
    windows, common = ends + 1 - begins, common[ends + 1] - common[begins]
    order = np.lexsort((start, of))
    for n in order[_may_suffice(of[order], start[order], end[order], least)].tolist():
        begin, stop, by = int(start[n]), int(end[n]), int(along[n])
        counts = int(windows[n]), int(common[n])
        yield _Run(int(of[n]), begin, stop, begin + by, stop + by, stop - begin, *counts)


def _may_suffice(pair: Numbers, start: Numbers, end: Numbers, least: int) -> Numbers:
    """Which runs stand close enough to others of their pair to have enough signs together."""
    apart = int(end.max()) + SLACK + 1
    rank = np.cumsum(np.concatenate(([0], pair[1:] != pair[:-1]))) * apart
    reached = np.maximum.accumulate(rank + end)
    new = np.concatenate(([True], (rank + start)[1:] > reached[:-1] + SLACK))
    cluster = np.cumsum(new) - 1
    total = np.bincount(cluster, weights=end - start)
    return np.flatnonzero(total[cluster] >= least)


def _joined(runs: Iterable[_Run]) -> Iterator[_Run]:
    """Runs of one pair of texts that go on after a few other signs, as one."""
    open_runs: list[_Run] = []
    pair = -1
    for run in runs:
        if run.pair != pair:
            yield from open_runs
            open_runs, pair = [], run.pair
        left: list[_Run] = []
        taken = False
        for before in open_runs:
            if not taken and _goes_on(before, run):
                new = run.end - max(before.end, run.start)
                before.signs += max(0, min(run.signs, new))
                before.windows, before.common = before.windows + run.windows, before.common + run.common
                before.end, before.other_end = max(before.end, run.end), max(before.other_end, run.other_end)
                taken = True
            if run.start > before.end + SLACK:
                yield before
            else:
                left.append(before)
        open_runs = left if taken else [*left, run]
    yield from open_runs


def _goes_on(before: _Run, run: _Run) -> bool:
    drift = (run.other - run.start) - (before.other - before.start)
    ends_apart = (before.other_end - before.end) - (run.other - run.start)
    return (
        run.start <= before.end + SLACK
        and run.end > before.end
        and run.other_end > before.other_end
        and before.other_end - SLACK <= run.other <= before.other_end + SLACK
        and min(abs(drift), abs(ends_apart)) <= SLACK
    )


def _shared(signs: _Signs, run: _Run) -> Shared:
    one, other = int(signs.text[run.start]), int(signs.text[run.other])
    return Shared(
        one=one,
        start=int(signs.place[run.start]),
        end=int(signs.place[run.end - 1]) + 1,
        other=other,
        other_start=int(signs.place[run.other]),
        other_end=int(signs.place[run.other_end - 1]) + 1,
        signs=run.signs,
    )
