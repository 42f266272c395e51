"""What is wrong with the facts of a case file, each at its path: names that lead nowhere, doubles, values out of range.

The same checks as in the year file, where nothing of this kind can be stored. References that lead nowhere are
errors: the case is not computed. What the rules leave out of a result (a mark of somebody who does not rate the unit)
is told, and the case is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from app.domain.cases import Case, CaseMarks, Written
from app.domain.facts import BallotBatch, Evaluator, OfficeMark, Unit
from app.domain.findings import Finding, Severity
from app.domain.schemes import DirectReading, Item, OfficeSource, Scheme, items_of
from app.scoring.cases import facts_of
from app.scoring.marks import encode
from app.scoring.membership import Membership
from app.scoring.wording import exact_text
from app.services.earlier import check_earlier
from app.services.event_checks import check_event
from app.services.limits import highest
from app.services.register import check_register
from app.services.results import check_decision
from app.services.value_checks import check_office_mark, check_target
from app.services.votes import check_session, vote_items, wrong_answer

_REFERENCE, _DOUBLE, _RANGE, _UNCOUNTED = "D-REFERENCE", "D-DOUBLE", "D-RANGE", "D-UNCOUNTED"


def check_case(case: Case) -> tuple[Finding, ...]:
    """Every fault of the facts, in the order of the document."""
    return (
        *_doubles("schemes", [s.id for s in case.schemes], "方案代号"),
        *_doubles("units", [u.code for u in case.units], "单位代号"),
        *_doubles("evaluators", [e.code for e in case.evaluators], "评议人代号"),
        *_doubles("sessions", [s.id for s in case.sessions], "会议代号"),
        *_doubles("events", [e.id for e in case.events], "事项编号"),
        *_doubles("marks", [f"{m.scheme} {m.evaluator} {m.unit}" for m in case.marks], "评议人对同一单位的分数"),
        *_doubles(
            "office_marks",
            [f"{m.scheme} {m.unit} {m.item} {m.period}".strip() for m in case.office_marks],
            "考核办录入",
        ),
        *(f for f in check_register(case.units, case.evaluators, case.assignments, case.schemes) if _counts(f)),
        *_marks(case),
        *_happenings(case),
    )


def _counts(finding: Finding) -> bool:
    """A case may leave out reasons and levels that it does not need."""
    return finding.severity is Severity.ERROR


def _doubles(field: str, names: Sequence[str], what: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield Finding(_DOUBLE, f"$.{field}[{index}]", f"{what}“{name}”写了不止一次", "请删去或改正其中一个")
        seen.add(name)


# ---- marks


def _marks(case: Case) -> Iterator[Finding]:
    schemes, units = {s.id: s for s in case.schemes}, {u.code: u for u in case.units}
    people = {e.code: e for e in case.evaluators}
    membership = Membership(facts_of(case)[0])
    for index, line in enumerate(case.marks):
        place = f"$.marks[{index}]"
        scheme, unit, evaluator = schemes.get(line.scheme), units.get(line.unit), people.get(line.evaluator)
        if scheme is None:
            yield Finding(_REFERENCE, f"{place}.scheme", f"没有方案“{line.scheme}”", "请改正代号")
        if evaluator is None:
            yield Finding(_REFERENCE, f"{place}.evaluator", f"没有评议人“{line.evaluator}”", "请改正代号")
        if unit is None or (scheme is not None and unit.level != scheme.level):
            yield Finding(_REFERENCE, f"{place}.unit", f"单位“{line.unit}”不由这个方案考核", "请改正代号或层级")
        elif scheme is not None and evaluator is not None:
            yield from _standing(place, membership, scheme, evaluator, unit)
        if scheme is not None:
            yield from _values(place, line, scheme)


def _standing(
    place: str, membership: Membership, scheme: Scheme, evaluator: Evaluator, unit: Unit
) -> Iterator[Finding]:
    if not membership.groups_for(scheme, evaluator, unit):
        message = f"{evaluator.name}不在评{unit.name}的任何一组，分数不计入"
        yield Finding(_UNCOUNTED, place, message, "请核对角色、关系和谁评谁", Severity.WARNING)
    elif membership.recused_everywhere(scheme, evaluator, unit):
        yield Finding(_UNCOUNTED, place, f"{evaluator.name}应当回避{unit.name}，分数不计入", "", Severity.NOTE)


def _values(place: str, line: CaseMarks, scheme: Scheme) -> Iterator[Finding]:
    items = {i.id: i for i in items_of(scheme)}
    for name, written in line.marks.items():
        item = items.get(name)
        if item is None or item.source.kind != "marks":
            yield Finding(_REFERENCE, f"{place}.marks.{name}", f"评分表上没有指标“{name}”", "请改正代号")
        elif encode(item, written) is None:
            yield Finding("D-MARK", f"{place}.marks.{name}", f"“{_said(written)}”不能作为分数", _allowed(item))
        elif (wrong := _out_of_range(item, written)) is not None:
            yield Finding(_RANGE, f"{place}.marks.{name}", wrong, _allowed(item), Severity.WARNING)


def _said(written: Written) -> str:
    return exact_text(written) if isinstance(written, Fraction) else written


def _allowed(item: Item) -> str:
    if isinstance(item.reading, DirectReading):
        return f"最多 {item.reading.digits} 位小数；也可写 空白、弃权、不适用、回避"
    return "请写等级的代号或名称，或 空白、弃权、不适用、回避"


def _out_of_range(item: Item, written: Written) -> str | None:
    """Why a sheet would not take this number."""
    reading = item.reading
    if not isinstance(reading, DirectReading) or not isinstance(written, Fraction):
        return None
    top = highest(item, reading)
    if written < reading.minimum or (top is not None and written > top):
        return f"{exact_text(written)} 不在 {exact_text(reading.minimum)} 至 {exact_text(top) if top is not None else '不限'} 之间"
    if reading.allowed and written not in reading.allowed:
        return f"{exact_text(written)} 不在可填的分值中"
    if reading.step and ((written - reading.minimum) / reading.step).denominator != 1:
        return f"{exact_text(written)} 不合步长 {exact_text(reading.step)}"
    return None


# ---- votes, events, values of the office, exemptions, decisions


def _happenings(case: Case) -> Iterator[Finding]:
    known = ({s.id: s for s in case.schemes}, {u.code: u for u in case.units})
    yield from _sessions(case, *known)
    for index, event in enumerate(case.events):
        for finding in check_event(event, *known):
            grave = finding.place in ("unit", "kind") or "日期“" in finding.message
            yield _at(f"$.events[{index}]", finding, finding.severity if grave else Severity.WARNING)
    for index, mark in enumerate(case.office_marks):
        given = replace(mark, basis=mark.basis or "—")  # a case need not give reasons
        for finding in check_office_mark(given, *known):
            grave = finding.place.isascii() or not _is_entered(mark, known[0])
            yield _at(f"$.office_marks[{index}]", finding, finding.severity if grave else Severity.WARNING)
    for index, exemption in enumerate(case.exemptions):
        for finding in check_target(exemption.scheme, exemption.unit, exemption.part, *known):
            yield _at(f"$.exemptions[{index}]", finding, finding.severity)
    for index, result in enumerate(case.earlier):
        for finding in check_earlier(result, *known):
            known_scheme = result.scheme in known[0]  # a scheme of an earlier year need not be in the case
            severity = finding.severity if known_scheme else Severity.NOTE
            yield replace(finding, place=f"$.earlier[{index}]：{finding.place}", severity=severity)
    yield from _ballots(case, *known)
    yield from _decisions(case, *known)


def _ballots(case: Case, schemes: dict[str, Scheme], units: dict[str, Unit]) -> Iterator[Finding]:
    """Boxes of single ballots; how many there are is the case's own matter."""
    sessions = {s.id: s for s in case.sessions}
    for index, batch in enumerate(case.ballots):
        place, session = f"$.ballots[{index}]", sessions.get(batch.session)
        scheme = schemes.get(session.scheme) if session else None
        if session is None or scheme is None:
            yield Finding(_REFERENCE, f"{place}.session", f"没有会议“{batch.session}”", "请改正代号")
            continue
        if session.counts:
            message = f"会议“{session.id}”写了选票，又写了票数"
            yield Finding(_DOUBLE, f"{place}.session", message, "请删去其中一个")
        for unit in batch.units:
            if unit not in units or units[unit].level != scheme.level:
                yield Finding(_REFERENCE, f"{place}.units", f"单位“{unit}”不由这个方案考核", "请改正代号或层级")
        items = vote_items(scheme)
        wrong = [i for i in batch.items if i not in items]
        for item in wrong:
            yield Finding(_REFERENCE, f"{place}.items", f"方案中没有票决项目“{item}”", "请改正代号")
        if not wrong:
            yield from _answers(f"{place}.ballots", batch, [items[i] for i in batch.items])


def _answers(place: str, batch: BallotBatch, items: list[Item]) -> Iterator[Finding]:
    asked = [item for _ in batch.units for item in items]
    for number, ballot in enumerate(batch.ballots):
        if len(ballot) != len(asked):
            message = f"这张选票有 {len(ballot)} 栏，应有 {len(asked)} 栏"
            yield Finding("D-MARK", f"{place}[{number}]", message, "没有填的写空文字")
            continue
        for field, (item, answer) in enumerate(zip(asked, ballot, strict=True)):
            if answer and (why := wrong_answer(item, answer)):
                yield Finding("D-MARK", f"{place}[{number}][{field}]", why, "请按方案的选项填写", Severity.WARNING)


def _is_entered(mark: OfficeMark, schemes: dict[str, Scheme]) -> bool:
    """Whether the scheme asks for such a value, of this period (one without a period is merely left out)."""
    item = next((i for i in items_of(schemes[mark.scheme]) if i.id == mark.item), None)
    periods = item.periods.names if item and item.periods else ()
    return item is not None and isinstance(item.source, OfficeSource) and mark.period in ("", *periods)


def _sessions(case: Case, schemes: dict[str, Scheme], units: dict[str, Unit]) -> Iterator[Finding]:
    names = tuple(s.id for s in case.sessions)
    for index, session in enumerate(case.sessions):
        valid = session.returned - session.invalid
        over = any(sum(c.counts.values()) > valid for c in session.counts)
        for finding in check_session(session, schemes, units, names):
            uneven = (
                finding.code == "E-VOTE-03" and not over
            )  # ballots without an answer: told, and counted as they are
            yield _at(f"$.sessions[{index}]", finding, Severity.WARNING if uneven else finding.severity)


def _decisions(case: Case, schemes: dict[str, Scheme], units: dict[str, Unit]) -> Iterator[Finding]:
    for index, decision in enumerate(case.decisions):
        scheme = schemes.get(decision.scheme)
        if scheme is None:
            yield Finding(_REFERENCE, f"$.decisions[{index}].scheme", f"没有方案“{decision.scheme}”", "请改正代号")
            continue
        for finding in check_decision(decision, scheme, units.get(decision.unit)):
            yield _at(f"$.decisions[{index}]", finding, finding.severity)


def _at(path: str, finding: Finding, severity: Severity) -> Finding:
    place = f"{path}.{finding.place}" if finding.place.isascii() else f"{path}：{finding.place}"
    return replace(finding, place=place, severity=severity)
