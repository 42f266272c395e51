"""What may be wrong with a box of secret ballots before it is taken in. No remark names a single ballot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import Fault
from app.domain.facts import Unit, VoteCount, VoteSession
from app.domain.findings import Finding, Severity
from app.domain.quantities import number_text
from app.domain.schemes import LevelsReading, Scheme
from app.services.votes import exact_number, vote_items, wrong_answer

_BAD = Fault.INPUT_BAD.value.code
_UNBALANCED = Fault.VOTE_BAD_COUNT.value.code
Ballot = tuple[str, ...]

LEAST = 5  # fewer ballots than this would say too much about each


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotEntry:
    """A box as it was keyed in or read, before it is taken in; nothing of it is stored until then. ballots: answers (level
    ids, or numbers as text; "": none) for units × items, items fastest. codes: one-time codes, in any order (none: the
    vote was held without). counted_by, watched_by: 计票人, 监票人."""

    session: str
    units: tuple[str, ...]
    items: tuple[str, ...]
    ballots: tuple[Ballot, ...]
    counted_by: str = ""
    watched_by: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What a box is judged against. size: ballots that the session has already; codes: whether each code is spent (None:
    never issued); issued: how many codes were issued for the session."""

    session: VoteSession
    scheme: Scheme
    units: Mapping[str, Unit]
    size: int
    minimum: int
    codes: Mapping[str, bool | None]
    issued: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What may be published of the ballots: answers per unit and item of a group, or of several together where one has
    fewer ballots than the minimum (none of them can be told by subtraction either). ballots, valid: numbers of ballots."""

    groups: tuple[str, ...]
    ballots: int
    valid: int
    counts: tuple[VoteCount, ...]


def plain_ballots(entry: BallotEntry, scheme: Scheme) -> tuple[Ballot, ...]:
    """The ballots sorted, numbers in one way of writing (8.50 is 8.5): how somebody writes is a trace of him."""
    items = vote_items(scheme)
    numeric = [name in items and not isinstance(items[name].reading, LevelsReading) for name in entry.items]
    whole = len(numeric) or 1
    return tuple(
        sorted(
            tuple(_plain(answer.strip(), numeric[i % whole]) for i, answer in enumerate(ballot))
            for ballot in entry.ballots
        )
    )


def _plain(answer: str, numeric: bool) -> str:
    number = exact_number(answer) if numeric else None
    return answer if number is None else number_text(number)


def check_entry(entry: BallotEntry, known: Known) -> tuple[Finding, ...]:
    """Every fault of a box; warnings do not keep it out."""
    fields = _fields(entry, known)
    if fields:
        return tuple(fields)
    return (
        *_numbers(entry, known),
        *_answers(entry, known),
        *_people(entry),
        *_codes(entry, known),
        *_traces(entry, known),
    )


def _fields(entry: BallotEntry, known: Known) -> list[Finding]:
    """Whether session, units, items and the length of every ballot fit together."""
    items = vote_items(known.scheme)
    found = [Finding(_BAD, "items", f"方案中没有票决项目“{i}”", "请选择项目") for i in entry.items if i not in items]
    for code in entry.units:
        unit = known.units.get(code)
        if unit is None or unit.level != known.scheme.level:
            found.append(Finding(_BAD, "units", f"单位“{code}”不由“{known.scheme.name}”考核", "请选择单位"))
    if len(set(entry.units)) != len(entry.units) or len(set(entry.items)) != len(entry.items):
        found.append(Finding(_BAD, "units", "同一单位或同一项目写了两次", "请删去重复的栏"))
    if known.session.counts:
        message = "这次会议已录入计票结果，不能再收选票"
        found.append(Finding(_BAD, "session", message, "请删去计票结果，或另建会议"))
    width = len(entry.units) * len(entry.items)
    wrong = sum(len(ballot) != width for ballot in entry.ballots)
    if not width or wrong:
        message = f"有 {wrong} 张选票的栏数不是 {width}" if width else "没有写票决的单位和项目"
        found.append(Finding(_BAD, "ballots", message, "请核对选票"))
    return found


def _numbers(entry: BallotEntry, known: Known) -> list[Finding]:
    count, found = len(entry.ballots), list[Finding]()
    if count < known.minimum:
        message = f"只有 {count} 张选票，不足 {known.minimum} 张，收入后可能认出是谁投的"
        step = "请与其他会场或其他组的选票合并为一箱；合并后仍不足的，请只录入计票结果"
        found.append(Finding(_BAD, "ballots", message, step))
    valid = known.session.returned - known.session.invalid
    if known.size + count > valid:
        already = f"（已收入 {known.size} 张）" if known.size else ""
        message = (
            f"选票共 {known.size + count} 张{already}，多于收回 {known.session.returned} − 无效 {known.session.invalid}"
        )
        found.append(Finding(_UNBALANCED, "ballots", message, "请核对收回数和选票"))
    elif known.size + count < valid:
        message = (
            f"收入后共 {known.size + count} 张，会议写的是收回 {known.session.returned} − 无效 {known.session.invalid}"
        )
        found.append(Finding(_UNBALANCED, "ballots", message, "还有票箱的，请接着收入", Severity.WARNING))
    return found


def _answers(entry: BallotEntry, known: Known) -> list[Finding]:
    """What cannot be an answer, said by unit and item, with how many ballots say it."""
    items = vote_items(known.scheme)
    fields = [(unit, item) for unit in entry.units for item in entry.items]
    wrong: Counter[tuple[str, str]] = Counter()
    for ballot in plain_ballots(entry, known.scheme):
        for (unit, item), answer in zip(fields, ballot, strict=True):
            if answer and (why := wrong_answer(items[item], answer)):
                wrong[f"{known.units[unit].name} › {items[item].name}", why] += 1
    return [
        Finding(_BAD, place, f"{why}（{n} 张）", "请按选票改正；填错的选票请不填这一项")
        for (place, why), n in sorted(wrong.items())
    ]


def _people(entry: BallotEntry) -> list[Finding]:
    counted, watched = entry.counted_by.strip(), entry.watched_by.strip()
    if counted and watched and counted != watched:
        return []
    return [Finding(_BAD, "watched_by", "计票人和监票人应当是两个人", "请写明两个人的姓名")]


def _codes(entry: BallotEntry, known: Known) -> list[Finding]:
    if not entry.codes and not known.issued:
        return []
    found: list[Finding] = []
    if len(entry.codes) != len(entry.ballots):
        message = f"选票 {len(entry.ballots)} 张，一次性票码 {len(entry.codes)} 个"
        found.append(Finding(_BAD, "codes", message, "本次会议发过票码，每张选票都要有一个"))
    # The codes themselves are not repeated here: whoever reads the remark must not learn who came twice.
    for number, message in (
        (len(entry.codes) - len(set(entry.codes)), "在这一箱里用了不止一次"),
        (sum(known.codes.get(code) is True for code in set(entry.codes)), "以前已经用过"),
        (sum(known.codes.get(code) is None for code in set(entry.codes)), "不是为本次会议发出的"),
    ):
        if number:
            found.append(Finding(_BAD, "codes", f"有 {number} 个票码{message}", "请取出相应的选票，按作废处理"))
    return found


def _traces(entry: BallotEntry, known: Known) -> list[Finding]:
    """Ballots that leave out other fields than most do, as when everybody passes over his own unit."""
    patterns = Counter(tuple(not answer.strip() for answer in ballot) for ballot in entry.ballots)
    rare = sum(n for n in patterns.values() if n < known.minimum)
    if not rare or len(patterns) == 1:
        return []
    message = f"有 {rare} 张选票空着的栏与众不同，可能认出是谁投的"
    step = "因回避本单位而空着的，建议改发不含本单位的选票分箱收入，或只录入计票结果"
    return [Finding(_BAD, "ballots", message, step, Severity.WARNING)]
