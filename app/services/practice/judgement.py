"""How the invented evaluators, voters and inspectors judge: drawn from the names by a hash, so always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import count

from app.domain.facts import Evaluator, OfficeMark, VoteCount, VoteSession
from app.domain.schemes import DirectReading, Item, LevelsReading
from app.services.practice.city import SETTLED_PAIR, alike, quality, units

LOW_SATISFACTION = "D09"
_BASIS = "2026年督导抽查记录（演练）"
SECRET_VOTE = "VZ08"  # the meeting whose ballots were taken in one by one instead of their counts
VOID_VOTE = 12  # place of the members' vote of D05 in the list


def draw(spread: int, *names: str) -> int:
    """A number from −spread to spread that belongs to these names."""
    digest = hashlib.sha256("|".join(names).encode()).digest()
    return int.from_bytes(digest[:4], "big") % (2 * spread + 1) - spread


def written_mark(evaluator: Evaluator, unit: str, item: Item) -> str:
    """What this evaluator writes into the cell: a number, a level's name, 弃权, 不适用, or nothing."""
    voice = _voice(evaluator)
    chance = draw(500, "habit", voice, alike(unit), item.id)
    if evaluator.role == "代表" and item.id.startswith("duty_") and chance > 380:
        return "弃权"
    if evaluator.role == "工委部室" and item.id == "duty_mass" and chance > 440:
        return "不适用"
    if evaluator.role == "工委联络员" and chance > 480:
        return ""
    share = quality(unit) + draw(12, "strictness", voice) + draw(28, voice, alike(unit), item.id)
    return _reading(item, share)


def _voice(evaluator: Evaluator) -> str:
    if evaluator.role in ("党组成员", "机关党委书记"):
        return evaluator.role + alike(evaluator.unit)
    return evaluator.role if evaluator.role == "工委联络员" else evaluator.code


def _reading(item: Item, share: int) -> str:
    if isinstance(item.reading, LevelsReading):
        names = [level.name for level in item.reading.levels if level.points is not None]
        lines = (915, 800, 600)[: len(names) - 1]
        return next((name for name, line in zip(names, lines, strict=False) if share >= line), names[len(lines)])
    step = item.reading.step if isinstance(item.reading, DirectReading) and item.reading.step else Fraction(1, 10)
    full = item.points or Fraction(0)
    steps = min(round(full * share / 1000 / step), full / step)
    return f"{float(steps * step):g}"


def office_marks(items: dict[str, tuple[Item, ...]]) -> list[OfficeMark]:
    """What the office sets for every unit; items: scheme (named as the level it assesses) → its office items."""
    found: list[OfficeMark] = []
    for unit in units():
        for item in items[unit.level]:
            if item.applies_to.tags and not set(item.applies_to.tags) & set(unit.tags):
                continue
            share = quality(unit.code) + draw(30, "office", alike(unit.code), item.id)
            mark = OfficeMark(scheme=unit.level, unit=unit.code, item=item.id, basis=_BASIS, by="考核办")
            found.append(_with_value(mark, item, _reading(item, share)))
    return found


def _with_value(mark: OfficeMark, item: Item, text: str) -> OfficeMark:
    if isinstance(item.reading, LevelsReading):
        return replace(mark, level=next(v.id for v in item.reading.levels if v.name == text))
    shift = 1 if item.id == "visit" and mark.unit == SETTLED_PAIR[1] else 0
    return replace(mark, value=Fraction(text) - shift)


def _ballots(unit: str, item: str, answers: tuple[str, ...], valid: int, shift: int = 0) -> VoteCount:
    """Ballots for one unit, best answer first; the last answer is 不了解."""
    share = quality(unit) + shift + draw(25, "vote", alike(unit), item)
    unknown = valid * max(0, 40 + draw(30, "unknown", alike(unit))) // 1000
    counted = valid - unknown
    best = max(0, min(counted, counted * (share * 3 - 1960) // 1000))
    rest = counted - best
    second = rest * 7 // 10
    spread = (
        [best, second, rest - second] if len(answers) == 4 else [best, second, rest - second - rest // 20, rest // 20]
    )
    return VoteCount(unit=unit, item=item, counts=dict(zip(answers, [*spread, unknown], strict=True)))


_FOUR = ("good", "rather_good", "fair", "poor", "unknown")
_THREE = ("satisfied", "rather_satisfied", "dissatisfied", "unknown")


def _session(
    number: str, name: str, scheme: str, group: str, date: str, valid: int, counts: tuple[VoteCount, ...]
) -> VoteSession:
    invalid = valid % 3
    returned = valid + invalid
    return VoteSession(
        id=number,
        name=name,
        scheme=scheme,
        group=group,
        date=date,
        expected=returned + 6,
        present=returned + 1,
        issued=returned + 1,
        returned=returned,
        invalid=invalid,
        counts=counts,
    )


def sessions() -> list[VoteSession]:
    """All votes of the year: members on their branches, delegates on their secretary, staff and meeting on the
    department; one branch vote was void and was repeated."""
    found: list[VoteSession] = []
    departments = [u for u in units() if u.level == "department"]
    for d in departments:
        n, own = d.code[1:], alike(d.code)
        branches = [u.code for u in units() if u.level == "branch" and u.code[1:3] == n]
        members, delegates, staff = (
            base + draw(9, kind, own) for kind, base in (("members", 48), ("delegates", 30), ("staff", 66))
        )
        found.append(
            _session(
                f"VZ{n}",
                f"{d.name}党员大会民主测评",
                "branch",
                "members",
                "2026-11-05",
                members,
                tuple(_ballots(b, "members_vote", _FOUR, members) for b in branches),
            )
        )
        found.append(
            _session(
                f"VJ{n}",
                f"{d.name}党员代表测评机关党委书记",
                "committee",
                "members",
                "2026-11-09",
                delegates,
                (_ballots(f"J{n}", "members_vote", _FOUR, delegates),),
            )
        )
        shift = -245 if d.code == LOW_SATISFACTION else 10
        found.append(
            _session(
                f"VM{n}",
                f"{d.name}党员群众满意度测评",
                "department",
                "staff",
                "2026-11-11",
                staff,
                (_ballots(d.code, "satisfaction", _THREE, staff, shift),),
            )
        )
    found.insert(
        0,
        replace(
            found[VOID_VOTE], id="VZ05A", name=f"{found[VOID_VOTE].name}（第一次，程序不合规定）", date="2026-11-03"
        ),
    )
    found[VOID_VOTE + 1] = replace(found[VOID_VOTE + 1], replaces="VZ05A")
    found.append(
        _session(
            "VD01",
            "市直机关述职评议大会测评",
            "department",
            "meeting",
            "2026-11-16",
            184,
            tuple(_ballots(d.code, "meeting_vote", _FOUR, 184) for d in departments),
        )
    )
    return found


def single_ballots(session: VoteSession) -> tuple[tuple[str, ...], ...]:
    """Ballots that come to the counts of the session: one answer for each of its lines."""
    columns = [
        sorted(
            (answer for answer, number in line.counts.items() for _ in range(number)),
            key=_mixed(session.id, line.unit),
        )
        for line in session.counts
    ]
    return tuple(zip(*columns, strict=True))


def _mixed(*names: str) -> Callable[[str], str]:
    """A key that mixes equal answers with the others, in the same way every time."""
    number = count(1)
    return lambda answer: hashlib.sha256("|".join((*names, answer, str(next(number)))).encode()).hexdigest()
