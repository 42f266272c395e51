"""Which ballots and score sheets are valid: a scheme's rules over whole papers, many papers at once.

A paper is a ballot or one rater's sheet. Papers stand in one matrix of packed marks (see ``marks``); a paper that
breaks one rule is void as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.facts import Unit
from app.domain.quantities import MarkState
from app.domain.schemes import BallotRule, Item, LevelsReading, looks_across
from app.scoring.exact import SAFE, peak_of, wide
from app.scoring.marks import LOWEST, NO_SHEET, STATE_CODES, decode
from app.scoring.readings import Given, read_value
from app.scoring.tables import FAR, plain_reading, read_codes, read_den

Flags = NDArray[np.bool_]
_EXACT = 2**52  # integers below this may be added up by the thousand in an int64
_UNFILLED = (STATE_CODES[MarkState.BLANK], STATE_CODES[MarkState.ABSTAINED], NO_SHEET)


@dataclass(frozen=True, slots=True)
class Ground:
    """The units that papers are about. full: an item's full points for the unit at a place; outside: places of the
    units that an item does not concern; points: what marks of an item (id), with so many decimals and full points, have
    been found to count."""

    units: tuple[Unit, ...]
    full: Callable[[Item, int], Fraction | None]
    outside: Callable[[Item], Mapping[int, str]]
    points: dict[tuple[str, int, Fraction | None], dict[int, Fraction | None]] = field(
        default_factory=dict[tuple[str, int, "Fraction | None"], dict[int, "Fraction | None"]], compare=False
    )


@dataclass(frozen=True, slots=True)
class Papers:
    """codes[paper, unit, item] over 10^digits of the item; asked: where a paper has something to fill in; places: of
    its units on the ground."""

    items: tuple[Item, ...]
    digits: tuple[int, ...]
    codes: NDArray[np.int32]
    asked: Flags
    places: tuple[int, ...]
    ground: Ground


@dataclass(frozen=True, slots=True)
class View:
    """What a rule looks at, paper by unit: subjects that are asked for, those filled in completely, those with a value,
    and the values as integers over ``den``; full: where the value is the full points."""

    asked: Flags
    filled: Flags
    valued: Flags
    values: NDArray[Any]
    den: int
    full: Flags


def broken_rules(rules: Sequence[BallotRule], papers: Papers) -> Flags:
    """broken[rule, paper]: which papers break which rule."""
    return np.array([_broken(rule, papers) for rule in rules], dtype=np.bool_).reshape(len(rules), len(papers.codes))


def _broken(rule: BallotRule, papers: Papers) -> Flags:
    places = [i for i, item in enumerate(papers.items) if not rule.item or item.id == rule.item]
    broken = np.zeros(len(papers.codes), dtype=np.bool_)
    if rule.basis == "sum" and places:
        view = _sum_view(papers, places, with_full=rule.rule == "not_all_full")
        return _breaks(rule, view, _inside(rule, view)) & view.asked.any(axis=1)
    for place in places:
        view = _item_view(papers, place, with_full=rule.rule == "not_all_full")
        named = _chosen(rule, papers.items[place], view) if rule.answers else _inside(rule, view)
        if not rule.answers and isinstance(papers.items[place].reading, LevelsReading):
            named = np.zeros_like(view.valued)
        broken |= _breaks(rule, view, named) & view.asked.any(axis=1)
    return broken


def _breaks(rule: BallotRule, view: View, named: Flags) -> Flags:
    if rule.rule == "complete":
        return np.asarray((view.asked & ~view.filled).any(axis=1), dtype=np.bool_)
    several = view.valued.sum(axis=1)
    if rule.rule == "not_all_equal":
        return (several > 1) & _all_equal(view)
    if rule.rule == "not_all_full":
        return (several > 0) & (view.full | ~view.valued).all(axis=1)
    number = named.sum(axis=1)
    broken = np.zeros(len(number), dtype=np.bool_)
    for limit, wrong in ((rule.at_least, np.less), (rule.at_most, np.greater)):
        if limit is not None:
            broken |= wrong(number, _limits(rule, limit, view.asked.sum(axis=1), wrong is np.less))
    return broken


def _limits(rule: BallotRule, limit: Fraction, subjects: NDArray[Any], least: bool) -> NDArray[Any]:
    """The limit of every paper as a whole number: a share is rounded as the rule says."""
    if rule.rule == "number":
        return np.full(len(subjects), ceil(limit) if least else floor(limit))
    table = [share_of(limit, n, rule.rounding) for n in range(int(subjects.max(initial=0)) + 1)]
    return np.array(table)[subjects]


def share_of(percent: Fraction, subjects: int, rounding: str) -> int:
    """So many percent of the subjects, as a whole number."""
    exact = percent * subjects / 100
    return ceil(exact) if rounding == "ceiling" else floor(exact + (Fraction(1, 2) if rounding == "half_up" else 0))


def _all_equal(view: View) -> Flags:
    """Whether all values of a paper are the same (also where there are none)."""
    if not view.values.size:
        return np.ones(len(view.values), dtype=np.bool_)
    low = np.where(view.valued, view.values, view.values.max()).min(axis=1)
    high = np.where(view.valued, view.values, view.values.min()).max(axis=1)
    return np.asarray(low >= high, dtype=np.bool_)


def _chosen(rule: BallotRule, item: Item, view: View) -> Flags:
    """Where one of the rule's answers is given."""
    if isinstance(item.reading, LevelsReading):
        wanted = [i for i, level in enumerate(item.reading.levels) if level.id in rule.answers]
    else:
        numbers = [n * view.den for n in map(number_of, rule.answers) if n is not None]
        wanted = [int(n) for n in numbers if n.denominator == 1]
    return np.isin(view.values, np.array(wanted, dtype=np.int64)) & view.valued


def _inside(rule: BallotRule, view: View) -> Flags:
    """Where the value lies between the rule's ends."""
    inside = view.valued.copy()
    if rule.minimum is not None:
        inside &= np.asarray(view.values >= ceil(rule.minimum * view.den), dtype=np.bool_)
    if rule.maximum is not None:
        inside &= np.asarray(view.values <= floor(rule.maximum * view.den), dtype=np.bool_)
    return inside


def number_of(text: str) -> Fraction | None:
    """The number that an answer writes; None when it is no number."""
    try:
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        return None


# ---- views


def _item_view(papers: Papers, place: int, with_full: bool) -> View:
    """One item: the answers as they were given."""
    codes, asked = papers.codes[:, :, place], papers.asked[:, :, place]
    valued = asked & (codes > NO_SHEET)
    full = np.zeros_like(asked)
    if with_full:
        top = isinstance(papers.items[place].reading, LevelsReading)
        full = (codes == 0) & valued if top else _is_full(papers, place, valued)
    return View(asked, ~np.isin(codes, _UNFILLED), valued, codes.astype(np.int64), 10 ** papers.digits[place], full)


def _is_full(papers: Papers, place: int, valued: Flags) -> Flags:
    read, has, den = _read(papers, [place])
    wanted = [papers.ground.full(papers.items[place], p) for p in papers.places]
    return _equals(read[:, :, 0], den, wanted) & has[:, :, 0] & valued


def _equals(values: NDArray[Any], den: int, wanted: Sequence[Fraction | None]) -> Flags:
    """Where the values of a unit are the number wanted for it (no number: nowhere)."""
    found = np.zeros(values.shape, dtype=np.bool_)
    for column, number in enumerate(wanted):
        if number is not None and (number * den).denominator == 1:
            found[:, column] = values[:, column] == int(number * den)
    return found


def _sum_view(papers: Papers, places: Sequence[int], with_full: bool) -> View:
    """All items of a subject: their points added up, what has none counting 0."""
    batches = _read_alike(papers, places)
    parts = [_read(papers, batch) for batch in batches]
    den = lcm(1, *(d for _, _, d in parts))
    shape = papers.codes.shape[:2]
    fits = (
        sum(max(peak_of(read), 1) * len(b) * (den // own) for b, (read, _, own) in zip(batches, parts, strict=True))
        < SAFE
    )
    total = np.zeros(shape, dtype=np.int64 if fits else object)
    asked, filled, valued = (np.zeros(shape, np.bool_), np.ones(shape, np.bool_), np.zeros(shape, np.bool_))
    unfilled = np.isin(papers.codes, _UNFILLED)
    for batch, (read, has, own) in zip(batches, parts, strict=True):
        there = papers.asked[:, :, batch]
        total = total + np.where(has & there, read if fits else wide(read), 0).sum(axis=2) * (den // own)
        asked |= there.any(axis=2)
        filled &= (~there | ~unfilled[:, :, batch]).all(axis=2)
        valued |= (has & there).any(axis=2)
    full = np.zeros(shape, np.bool_)
    if with_full:
        full = _equals(total, den, [_full_sum(papers, places, p) for p in papers.places])
    return View(asked, filled, valued, total, den, full)


def _read_alike(papers: Papers, places: Sequence[int]) -> list[list[int]]:
    """The items in batches whose marks are read alike; an item whose marks need more to be read stands alone."""
    found: dict[object, list[int]] = {}
    for place in places:
        plain = plain_reading(papers.items[place])
        found.setdefault(place if plain is None else (plain, papers.digits[place]), []).append(place)
    return list(found.values())


def _full_sum(papers: Papers, places: Sequence[int], unit: int) -> Fraction | None:
    """The full points of the items that concern the unit; None when one of them has none."""
    ground = papers.ground
    known = [ground.full(i, unit) for i in (papers.items[p] for p in places) if unit not in ground.outside(i)]
    return sum((k for k in known if k is not None), Fraction(0)) if all(k is not None for k in known) else None


def _read(papers: Papers, batch: Sequence[int]) -> tuple[NDArray[Any], Flags, int]:
    """The points of items that are read alike, paper by unit by item, as integers over a denominator; and where there
    are any."""
    item, digits = papers.items[batch[0]], papers.digits[batch[0]]
    plain = plain_reading(item)
    if plain is not None:
        codes = papers.codes[:, :, batch]
        den = read_den(plain, digits)
        values = read_codes(plain, codes, digits, den)
        has = np.asarray(values != FAR, dtype=np.bool_)
        values[~has] = 0
        return values, has, den
    values, has, den = _read_by_full(papers, batch[0])
    return values[:, :, None], has[:, :, None], den


def _read_by_full(papers: Papers, place: int) -> tuple[NDArray[Any], Flags, int]:
    """The points of one item whose marks count by its full points for the unit."""
    codes, item, digits = papers.codes[:, :, place], papers.items[place], papers.digits[place]
    if looks_across(item.reading):  # worth something only beside other marks
        return np.zeros(codes.shape, dtype=np.int64), np.zeros(codes.shape, dtype=np.bool_), 1
    by_full: dict[Fraction | None, list[int]] = {}
    last: tuple[Fraction | None, list[int]] = (Fraction(-1), [])
    for column, unit in enumerate(papers.places):
        full = papers.ground.full(item, unit)
        if full is not last[0]:  # hardly ever: a fraction is slow to look up
            last = full, by_full.setdefault(full, [])
        last[1].append(column)
    tables: list[tuple[list[int], NDArray[Any], list[Fraction | None]]] = []
    for full, columns in by_full.items():
        known = np.unique(codes[:, columns])
        found = papers.ground.points.setdefault((item.id, digits, full), {})
        for code in known.tolist():
            if code not in found:
                found[code] = _points(item, code, digits, full)
        tables.append((columns, known, [found[code] for code in known.tolist()]))
    return _by_table(codes, tables)


def _by_table(
    codes: NDArray[np.int32], tables: Sequence[tuple[list[int], NDArray[Any], list[Fraction | None]]]
) -> tuple[NDArray[Any], Flags, int]:
    """Columns of marks, and for each of their distinct marks what it counts."""
    den = lcm(1, *{p.denominator for _, _, read in tables for p in read if p is not None})
    counts = [[0 if p is None else p.numerator * (den // p.denominator) for p in read] for _, _, read in tables]
    small = all(abs(n) < _EXACT for numbers in counts for n in numbers)
    values = np.zeros(codes.shape, dtype=np.int64 if small else object)
    has = np.zeros(codes.shape, dtype=np.bool_)
    for (columns, known, read), numbers in zip(tables, counts, strict=True):
        at = np.searchsorted(known, codes[:, columns])
        values[:, columns] = np.array(numbers, dtype=values.dtype)[at]
        has[:, columns] = np.array([p is not None for p in read], dtype=np.bool_)[at]
    return values, has, den


def _points(item: Item, code: int, digits: int, full: Fraction | None) -> Fraction | None:
    """What one mark counts; None for what is no mark."""
    said = None if LOWEST <= code <= NO_SHEET else decode(item, code, digits)
    if not isinstance(said, Fraction):
        return None
    return read_value(item.reading, said, Given(points=full)).value
