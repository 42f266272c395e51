"""Single ballots of vote sessions: which of them are valid, and what these answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.domain.facts import BallotBatch, Facts
from app.domain.quantities import MarkState
from app.domain.schemes import BallotRule, Item, LevelsReading, Scheme, items_of
from app.scoring.marks import STATE_CODES
from app.scoring.validity import Ground, Papers, broken_rules, number_of

_DECIMALS = 6  # of a number on a ballot
_BLANK = STATE_CODES[MarkState.BLANK]


@dataclass(frozen=True, slots=True)
class BallotCount:
    """The ballots of one session: (unit, item) → answer → number among the valid ones; how many there were, how many
    are void, and how many break each broken rule (one ballot may break several)."""

    counts: dict[tuple[str, str], dict[str, int]]
    ballots: int
    void: int
    broken: tuple[tuple[BallotRule, int], ...]


def count_ballots(scheme: Scheme, facts: Facts, ground: Ground) -> dict[str, BallotCount]:
    """Session → its ballots, for every session of the scheme that brought single ones."""
    mine = {s.id: s.group for s in facts.sessions if s.scheme == scheme.id}
    batches: dict[str, list[BallotBatch]] = {}
    for batch in facts.ballots:
        if batch.session in mine:
            batches.setdefault(batch.session, []).append(batch)
    rules = [r for r in scheme.validity if r.on != "sheets"]
    return {
        session: _counted(lines, scheme, [r for r in rules if not r.groups or mine[session] in r.groups], ground)
        for session, lines in batches.items()
    }


def _counted(
    batches: Sequence[BallotBatch], scheme: Scheme, rules: Sequence[BallotRule], ground: Ground
) -> BallotCount:
    items = {item.id: item for item in items_of(scheme)}
    counts: dict[tuple[str, str], Counter[str]] = {}
    ballots = void = 0
    broken: Counter[int] = Counter()
    for batch in batches:
        judged = broken_rules(rules, _papers(batch, items, ground))
        is_void: list[bool] = [bool(column.any()) for column in judged.T]
        ballots, void = ballots + len(batch.ballots), void + sum(is_void)
        broken.update({i: int(n) for i, n in enumerate(judged.sum(axis=1)) if n})
        fields = [(unit, item) for unit in batch.units for item in batch.items]
        for field in fields:
            counts.setdefault(field, Counter())
        for ballot, bad in zip(batch.ballots, is_void, strict=True):
            if not bad:
                for field, answer in zip(fields, ballot, strict=False):
                    if answer:
                        counts[field][answer] += 1
    named = tuple((rules[i], n) for i, n in sorted(broken.items()))
    return BallotCount({f: dict(c) for f, c in counts.items()}, ballots, void, named)


def _papers(batch: BallotBatch, items: Mapping[str, Item], ground: Ground) -> Papers:
    """The ballots as a matrix; answers that are none stand as blanks."""
    place = {unit.code: i for i, unit in enumerate(ground.units)}
    known = [(column, items[name]) for column, name in enumerate(batch.items) if name in items]
    rows = [(row, place[code]) for row, code in enumerate(batch.units) if code in place]
    shape = (len(batch.ballots), len(rows), len(known))
    codes, asked = np.full(shape, _BLANK, dtype=np.int32), np.ones(shape, dtype=np.bool_)
    digits: list[int] = []
    for k, (column, item) in enumerate(known):
        at = [row * len(batch.items) + column for row, _ in rows]
        texts = [b[i] if i < len(b) else "" for b in batch.ballots for i in at]
        numbers, decimals = _numbers(item, set(texts))
        codes[:, :, k] = np.array([numbers[t] for t in texts], dtype=np.int32).reshape(shape[:2])
        digits.append(decimals)
        outside = ground.outside(item)
        asked[:, [i for i, (_, p) in enumerate(rows) if p in outside], k] = False
    return Papers(tuple(i for _, i in known), tuple(digits), codes, asked, tuple(p for _, p in rows), ground)


def _numbers(item: Item, texts: set[str]) -> tuple[dict[str, int], int]:
    """Answer → its packed number, and the decimals of these numbers (at most _DECIMALS)."""
    if isinstance(item.reading, LevelsReading):
        levels = {level.id: i for i, level in enumerate(item.reading.levels)}
        return {t: levels.get(t, _BLANK) for t in texts}, 0
    read = {t: number_of(t) for t in texts}
    digits = next(d for d in range(_DECIMALS + 1) if d == _DECIMALS or all(_fits(n, d) for n in read.values()))
    return {t: int(n * 10**digits) if n is not None and _fits(n, digits) else _BLANK for t, n in read.items()}, digits


def _fits(number: Fraction | None, digits: int) -> bool:
    """Whether a number (or none) can be packed with so many decimals."""
    scaled = (number or Fraction(0)) * 10**digits
    return scaled.denominator == 1 and abs(scaled) < 2**31 - 8
