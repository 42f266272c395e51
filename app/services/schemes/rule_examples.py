"""Examples of rules that count something: places of a quota, ballots that are valid or void. By the engine's own code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from app.domain.facts import Unit
from app.domain.quantities import number_text
from app.domain.schemes import (
    BallotRule,
    DirectReading,
    Item,
    LevelsReading,
    MarksSource,
    Quota,
    Scheme,
    VotesSource,
    full_points,
    items_of,
)
from app.services.schemes.examples import Example

_SUBJECTS = 10
_BASES = (5, 12, 36, 110)


def examples_of_quota(quota: Quota, bases: Sequence[int] = _BASES) -> tuple[Example, ...]:
    """How many places a quota gives for so many units."""
    from app.scoring.quota import quota_places

    return tuple(Example(f"{base} 个单位", f"{quota_places(quota, base)} 个名额") for base in bases)


def examples_of_ballot_rule(scheme: Scheme, rule: BallotRule) -> tuple[Example, ...]:
    """Ballots with ten subjects on both sides of the rule. Empty when it looks at nothing yet, or at sums."""
    items = [
        i
        for i in items_of(scheme)
        if isinstance(i.source, MarksSource | VotesSource) and (i.id == rule.item or not rule.item)
    ]
    if not items or rule.basis == "sum":
        return ()
    try:
        ballots = list(_ballots(rule, items[0]))
        void = _void(rule, items[0], [marks for _, marks in ballots]) if ballots else []
    except (ValueError, ArithmeticError, LookupError):
        return ()  # half a rule; the check says what is missing
    return tuple(Example(said, "本票无效" if bad else "有效") for (said, _), bad in zip(ballots, void, strict=True))


def _ballots(rule: BallotRule, item: Item) -> Iterator[tuple[str, list[Fraction | str]]]:
    """What stands on each ballot, in words and as written."""
    inside, outside = _values(rule, item)
    if rule.rule == "complete":
        yield f"{_SUBJECTS} 个对象都填了", [inside] * _SUBJECTS
        yield "有一个没有填", [inside] * (_SUBJECTS - 1) + ["空白"]
    elif rule.rule == "not_all_equal":
        yield f"{_SUBJECTS} 个对象全部相同", [inside] * _SUBJECTS
        yield "有一个不同", [inside] * (_SUBJECTS - 1) + [outside]
    elif rule.rule == "not_all_full":
        best, other = _best(item)
        yield f"{_SUBJECTS} 个对象全部满分", [best] * _SUBJECTS
        yield "有一个不是满分", [best] * (_SUBJECTS - 1) + [other]
    else:
        for number in _edges(rule):
            said = f"{_SUBJECTS} 个对象中 {number} 个{_said(rule, item)}"
            yield said, [inside] * number + [outside] * (_SUBJECTS - number)


def _edges(rule: BallotRule) -> list[int]:
    """Numbers on both sides of each limit."""
    from app.scoring.validity import share_of

    found: set[int] = set()
    for limit, over in ((rule.at_least, -1), (rule.at_most, 1)):
        if limit is not None:
            edge = share_of(limit, _SUBJECTS, rule.rounding) if rule.rule == "share" else int(limit)
            found |= {edge, edge + over}
    return sorted(n for n in found if 0 <= n <= _SUBJECTS)


def _values(rule: BallotRule, item: Item) -> tuple[Fraction | str, Fraction | str]:
    """A value that the rule counts and one that it does not."""
    if isinstance(item.reading, LevelsReading):
        ids = [level.id for level in item.reading.levels]
        counted = [i for i in ids if i in rule.answers] or ids[:1]
        return counted[0], next((i for i in ids if i not in counted), counted[0])
    if rule.answers:
        first = Fraction(rule.answers[0])
        return first, first + 1
    low, high = rule.minimum, rule.maximum
    inside = low if low is not None else high if high is not None else Fraction(1)
    return inside, inside - 1 if low is not None else inside + 1


def _best(item: Item) -> tuple[Fraction | str, Fraction | str]:
    if isinstance(item.reading, LevelsReading):
        ids = [level.id for level in item.reading.levels]
        return ids[0], ids[-1]
    full = full_points(item) or Fraction(100)
    factor = item.reading.factor if isinstance(item.reading, DirectReading) else Fraction(1)
    return full / factor, full / factor - 1


def _said(rule: BallotRule, item: Item) -> str:
    if isinstance(item.reading, LevelsReading):
        names = [level.name for level in item.reading.levels if level.id in rule.answers]
        return f"“{'、'.join(names)}”"
    if rule.answers:
        return f" {'、'.join(rule.answers)} 分"
    if rule.minimum is not None and rule.maximum is not None:
        return f" {number_text(rule.minimum)} 至 {number_text(rule.maximum)} 分"
    if rule.minimum is not None:
        return f" {number_text(rule.minimum)} 分以上"
    return f" {number_text(rule.maximum)} 分以下" if rule.maximum is not None else "有分的"


def _void(rule: BallotRule, item: Item, ballots: Sequence[Sequence[Fraction | str]]) -> list[bool]:
    """Which of the ballots the rule makes void."""
    import numpy as np

    from app.scoring.marks import encode
    from app.scoring.parts import digits_of
    from app.scoring.validity import Ground, Papers, broken_rules

    digits = digits_of(item)
    codes = [[encode(item, mark, digits) for mark in ballot] for ballot in ballots]
    if any(code is None for row in codes for code in row):
        raise ValueError("a mark that cannot be one")
    units = tuple(Unit(code=f"u{n}", name=f"例{n}", level="例") for n in range(_SUBJECTS))
    array = np.array(codes, dtype=np.int32)[:, :, np.newaxis]
    papers = Papers(
        items=(item,),
        digits=(digits,),
        codes=array,
        asked=np.ones(array.shape, dtype=np.bool_),
        places=tuple(range(_SUBJECTS)),
        ground=Ground(units=units, full=lambda one, _: full_points(one), outside=lambda _: {}),
    )
    return [bool(b) for b in broken_rules((rule,), papers)[0]]
