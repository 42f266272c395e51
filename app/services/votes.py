"""Vote sessions: ballots counted in a meeting. Single ballots are taken in by ``ballots``."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

from app.domain.errors import AppError, Fault
from app.domain.facts import Unit, VoteCount, VoteSession
from app.domain.findings import Finding, Severity, has_errors
from app.domain.quantities import number_text
from app.domain.schemes import DirectReading, Item, LevelsReading, Scheme, VotesSource, items_of
from app.scoring.voting import why_failed
from app.services.changes import Area, Outcome
from app.services.limits import highest
from app.services.session import Session, done, need_reason, next_free, refuse_when_wrong
from app.storage.records import Details

_UNBALANCED = Fault.VOTE_BAD_COUNT.value.code
_BAD = Fault.INPUT_BAD.value.code
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?")


class VoteService:
    """The vote sessions of the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def sessions(self) -> tuple[VoteSession, ...]:
        """All sessions by date and id."""
        with self._session.read() as work:
            return tuple(sorted(work.sessions.all(), key=lambda s: (s.date, s.id)))

    def check(self, session: VoteSession) -> tuple[Finding, ...]:
        """What is wrong with a session as typed so far (place: the field or ``unit › item``)."""
        with self._session.read() as work:
            schemes = {s.scheme.id: s.scheme for s in self._session.schemes(work)}
            others = tuple(s.id for s in work.sessions.all())
            found = check_session(session, schemes, {u.code: u for u in work.units.all()}, others)
            return (*found, *_beside_ballots(session, work.sessions.get(session.id), work.ballots.sizes()))

    def save(self, session: VoteSession) -> Outcome[VoteSession]:
        """Add or change a session; an empty id gets the next free one. Raises VOTE_BAD_COUNT (票数不平) or INPUT_BAD,
        with findings."""
        findings = self.check(session)
        if has_errors(findings):
            counts_only = all(f.code == _UNBALANCED for f in findings if f.severity == "error")
            refuse_when_wrong(findings, Fault.VOTE_BAD_COUNT if counts_only else Fault.INPUT_BAD)
        label = f"保存票决“{session.name}”"
        with self._session.write("save-session", label) as work:
            taken = tuple(s.id for s in work.sessions.all())
            session = session if session.id else replace(session, id=next_free("S", taken))
            before = work.sessions.get(session.id)
            work.describe(subject=f"票决 {session.id}", before=_short(before), after=_short(session))
            work.sessions.save(session)
        return done(session, label, Area.VOTES)

    def delete(self, session_id: str, reason: str) -> Outcome[None]:
        """Take a session out."""
        need_reason(reason, "删除")
        label = f"删除票决 {session_id}"
        with self._session.write("delete-session", label, reason=reason, details=Details(subject=session_id)) as work:
            before = work.sessions.get(session_id)
            if before is None:
                raise AppError(Fault.NOT_FOUND, f"没有票决会议“{session_id}”。")
            if work.ballots.boxes(session_id):
                raise AppError(Fault.INPUT_BAD, f"“{before.name}”已收入选票，不能直接删除；请先把选票整箱撤出。")
            work.describe(before=_short(before))
            if work.ballots.count_codes(session_id)[0]:
                raise AppError(Fault.INPUT_BAD, f"“{before.name}”已发出一次性票码，不能删除；可另建会议并写明取代它。")
            work.sessions.delete(session_id)
        return done(None, label, Area.VOTES)


def _short(session: VoteSession | None) -> str:
    if session is None:
        return ""
    counts = "；".join(
        f"{c.unit} {c.item} {' '.join(f'{answer}={n}' for answer, n in c.counts.items())}" for c in session.counts
    )
    period = f" {session.period}" if session.period else ""
    return f"{session.name} {session.date}{period} 收回 {session.returned} 无效 {session.invalid} {counts}"


# ---- what may be wrong


def _beside_ballots(session: VoteSession, stored: VoteSession | None, sizes: dict[str, int]) -> list[Finding]:
    """What a session that has taken in single ballots must keep to."""
    size = sizes.get(session.id, 0)
    if not size or stored is None:
        return []
    found: list[Finding] = []
    if session.counts:
        message = f"这次会议已收入 {size} 张选票，票数由选票算出，不能再录入"
        found.append(Finding(_BAD, "counts", message, "请删去计票结果，或先把选票整箱撤出"))
    if (session.scheme, session.group, session.period) != (stored.scheme, stored.group, stored.period):
        message = "收入选票以后，方案、评议组和期次不能再改"
        found.append(Finding(_BAD, "scheme", message, "请另建会议，或先把选票整箱撤出"))
    if session.returned - session.invalid < size:
        message = f"收回 {session.returned} − 无效 {session.invalid}，少于已收入的 {size} 张选票"
        found.append(Finding(_UNBALANCED, "returned", message, "请核对会议记录"))
    return found


def check_session(
    session: VoteSession, schemes: dict[str, Scheme], units: dict[str, Unit], others: tuple[str, ...]
) -> tuple[Finding, ...]:
    """Every fault of a session against the schemes and units there are."""
    scheme = schemes.get(session.scheme)
    found = [*_form(session, scheme, others), *_numbers(session)]
    if scheme is not None:
        found += _more_than_issued(session, scheme)
        seen: set[tuple[str, str]] = set()
        for count in session.counts:
            found += _count(session, count, scheme, units.get(count.unit))
            if (count.unit, count.item) in seen:
                found.append(Finding(_BAD, f"{count.unit} › {count.item}", "同一单位、同一项目写了两次", "请删去一行"))
            seen.add((count.unit, count.item))
    return tuple(found)


def _form(session: VoteSession, scheme: Scheme | None, others: tuple[str, ...]) -> list[Finding]:
    found: list[Finding] = []
    if not session.name.strip():
        found.append(Finding(_BAD, "name", "没有写会议名称", "请填写名称"))
    if not is_date(session.date):
        found.append(Finding(_BAD, "date", f"日期“{session.date}”不对", "请写成 2026-12-08 这样"))
    if scheme is None:
        found.append(Finding(_BAD, "scheme", f"没有方案“{session.scheme}”", "请选择方案"))
    elif session.group not in {g.id for g in scheme.groups} | (set() if scheme.groups else {""}):
        found.append(Finding(_BAD, "group", f"方案中没有评议组“{session.group}”", "请选择评议组"))
    elif session.period not in periods_of(scheme, session.period):
        names = "、".join(p for p in periods_of(scheme, "") if p) or "本方案的票决不分期"
        found.append(Finding(_BAD, "period", f"没有“{session.period or '空白'}”这一期", f"可选：{names}"))
    if session.replaces and (session.replaces == session.id or session.replaces not in others):
        found.append(Finding(_BAD, "replaces", f"没有可以取代的会议“{session.replaces}”", "请选择另一次会议，或留空"))
    return found


def _numbers(session: VoteSession) -> list[Finding]:
    named = (
        ("expected", "应到", session.expected),
        ("present", "实到", session.present),
        ("issued", "发出", session.issued),
        ("returned", "收回", session.returned),
        ("invalid", "无效", session.invalid),
    )
    found = [Finding(_BAD, field, f"{name}不能是负数", "请改正") for field, name, n in named if n < 0]
    values = {field: n for field, _, n in named}
    # 应到 and 发出 may be left at 0 when the office does not record them; 收回 may not.
    turnout = [("present", "实到", "expected", "应到")] if session.expected else []
    for smaller, name, larger, other in [*turnout, ("invalid", "无效", "returned", "收回")]:
        if values[smaller] > values[larger]:
            message = f"{name} {values[smaller]} 多于{other} {values[larger]}"
            found.append(Finding(_UNBALANCED, smaller, message, "请核对会议记录"))
    return found


def _more_than_issued(session: VoteSession, scheme: Scheme) -> list[Finding]:
    """More ballots back than out: the scheme says what becomes of such a vote."""
    if not session.issued or session.returned <= session.issued:
        return []
    then = "按方案整次不算" if scheme.voting.more_returned == "void" else "按方案仍然计入"
    message = f"收回 {session.returned} 多于发出 {session.issued}，{then}"
    return [Finding(_UNBALANCED, "returned", message, "请核对会议记录", Severity.WARNING)]


def _count(session: VoteSession, count: VoteCount, scheme: Scheme, unit: Unit | None) -> list[Finding]:
    place = f"{unit.name if unit else count.unit} › {count.item}"
    item = vote_items(scheme).get(count.item)
    if unit is None or unit.level != scheme.level:
        return [Finding(_BAD, place, f"单位 {count.unit} 不由本方案考核", "请选择单位")]
    if item is None:
        return [Finding(_BAD, place, f"方案中没有票决项目“{count.item}”", "请选择项目")]
    unknown = [a for a in count.counts if wrong_answer(item, a)]
    if unknown or any(n < 0 for n in count.counts.values()):
        return [Finding(_BAD, place, f"选项不对：{'、'.join(unknown) or '票数为负'}", "请按方案的选项填写票数")]
    valid, total = session.returned - session.invalid, sum(count.counts.values())
    if total != valid:
        message = (
            f"{item.name}：各项票数之和 {total}，有效票 {valid}（收回 {session.returned} − 无效 {session.invalid}）"
        )
        return [Finding(_UNBALANCED, place, message, "请核对计票结果")]
    return []


def vote_items(scheme: Scheme) -> dict[str, Item]:
    """The items that are voted on, by id; those that take their counts from another item are not."""
    return {i.id: i for i in items_of(scheme) if isinstance(i.source, VotesSource) and not i.source.ballot_of}


def periods_of(scheme: Scheme, given: str) -> tuple[str, ...]:
    """The periods that a session of this scheme may be of: those of the items that are voted on; empty where one of
    them has none."""
    found = [i.periods.names if i.periods else ("",) for i in items_of(scheme) if isinstance(i.source, VotesSource)]
    return tuple(dict.fromkeys(name for names in found for name in names)) or (given,)


def why_not_standing(session: VoteSession, scheme: Scheme, void: int = 0) -> str:
    """Why a session does not stand by the scheme's quorum (a sentence without full stop), "" when it does. void: single
    ballots that the rules made invalid."""
    return why_failed(scheme.voting, session, void)


def wrong_answer(item: Item, answer: str) -> str:
    """Why this is no answer to the item, empty: it is one. A choice is answered by the level's id, anything else by a
    number within the limits of a direct reading."""
    if isinstance(item.reading, LevelsReading):
        names = "、".join(level.name for level in item.reading.levels)
        return "" if answer in {level.id for level in item.reading.levels} else f"“{answer}”不在选项之中（{names}）"
    number = exact_number(answer)
    if number is None:
        return f"“{answer}”不是分数"
    if not isinstance(item.reading, DirectReading):
        return ""
    top = highest(item, item.reading)
    if number < item.reading.minimum or (top is not None and number > top):
        return f"{answer} 不在 {number_text(item.reading.minimum)} 至 {number_text(top) if top is not None else '不限'} 之间"
    if item.reading.allowed and number not in item.reading.allowed:
        return f"{answer} 不在可填的分值中"
    return ""


def exact_number(text: str) -> Fraction | None:
    """A number as people write it (``92``, ``-0.5``); None: it is none."""
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def is_date(text: str) -> bool:
    """An ISO date (``2026-12-08``), or empty."""
    try:
        return not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
