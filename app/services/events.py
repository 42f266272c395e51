"""Events, values set by the office and exemptions: what happened to a unit and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.errors import AppError, Fault
from app.domain.facts import Event, Exemption, OfficeMark, Unit
from app.domain.findings import Finding, Severity
from app.domain.quantities import MarkState
from app.domain.schemes import (
    DirectReading,
    EventsSource,
    Item,
    LevelsReading,
    OfficeSource,
    Scheme,
    full_points,
    items_of,
    walk,
)
from app.services.applicability import not_applicable
from app.services.changes import Area, Outcome
from app.services.imports.grid import plain
from app.services.session import Session, done, need_reason, next_free, refuse_when_wrong
from app.services.votes import is_date
from app.storage.records import Details
from app.storage.work import Work

_BAD = Fault.INPUT_BAD.value.code


class EventService:
    """Events, office marks and exemptions of the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _known(self, work: Work) -> tuple[dict[str, Scheme], dict[str, Unit]]:
        schemes = {s.scheme.id: s.scheme for s in self._session.schemes(work)}
        return schemes, {u.code: u for u in work.units.all()}

    # ---- events

    def events(self) -> tuple[Event, ...]:
        """All events by date and id."""
        with self._session.read() as work:
            return tuple(sorted(work.events.all(), key=lambda e: (e.concluded or e.occurred, e.id)))

    def check(self, event: Event) -> tuple[Finding, ...]:
        """What is wrong with an event as typed so far; a missing approver or evidence is a warning."""
        with self._session.read() as work:
            return check_event(event, *self._known(work))

    def save(self, event: Event) -> Outcome[Event]:
        """Add or change an event; an empty id gets the next free one. Raises INPUT_BAD with findings."""
        refuse_when_wrong(self.check(event))
        label = f"保存事项“{event.title or event.kind}”"
        with self._session.write("save-event", label) as work:
            event = event if event.id else replace(event, id=next_free("E", tuple(e.id for e in work.events.all())))
            before = work.events.get(event.id)
            work.describe(subject=f"事项 {event.id}", before=_short(before), after=_short(event))
            work.events.save(event)
        return done(event, label, Area.EVENTS)

    def delete(self, event_id: str, reason: str) -> Outcome[None]:
        """Take an event out."""
        need_reason(reason, "删除")
        label = f"删除事项 {event_id}"
        with self._session.write("delete-event", label, reason=reason, details=Details(subject=event_id)) as work:
            before = work.events.get(event_id)
            if before is None:
                raise AppError(Fault.NOT_FOUND, f"没有事项“{event_id}”。")
            work.describe(before=_short(before))
            work.events.delete(event_id)
        return done(None, label, Area.EVENTS)

    # ---- values set by the office

    def office_marks(self, scheme_id: str) -> tuple[OfficeMark, ...]:
        """The values set by the office under one scheme."""
        with self._session.read() as work:
            return tuple(m for m in work.office_marks.all() if m.scheme == scheme_id)

    def save_office_marks(self, marks: Sequence[OfficeMark]) -> Outcome[tuple[OfficeMark, ...]]:
        """Set values; a BLANK value without level takes one out. Raises INPUT_BAD with findings."""
        with self._session.read() as work:
            known = self._known(work)
        refuse_when_wrong(tuple(f for m in marks for f in check_office_mark(m, *known)))
        label = f"录入 {len(marks)} 个考核办评分"
        with self._session.write("save-office-marks", label) as work:
            work.describe(
                before="；".join(_said(work.office_marks.get(m.scheme, m.unit, m.item, m.period)) for m in marks),
                after="；".join(_said(m) for m in marks),
            )
            for mark in marks:
                if mark.value is MarkState.BLANK and not mark.level:
                    work.office_marks.delete(mark.scheme, mark.unit, mark.item, mark.period)
                else:
                    work.office_marks.save(mark)
        return done(tuple(marks), label, Area.EVENTS)

    # ---- exemptions

    def exemptions(self, scheme_id: str) -> tuple[Exemption, ...]:
        """Parts that do not concern a unit this year."""
        with self._session.read() as work:
            return tuple(e for e in work.exemptions.all() if e.scheme == scheme_id)

    def not_applicable(self, scheme_id: str) -> dict[tuple[str, str], str]:
        """(unit, part) → why the part does not concern the unit: an exemption, or what the scheme says."""
        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            return not_applicable(scheme, work.units.all(), tuple(work.exemptions.all()))

    def exempt(self, exemption: Exemption) -> Outcome[Exemption]:
        """State that a part does not concern a unit. Raises INPUT_BAD without a reason."""
        need_reason(exemption.reason, "不适用")
        with self._session.read() as work:
            schemes, units = self._known(work)
        refuse_when_wrong(check_target(exemption.scheme, exemption.unit, exemption.part, schemes, units))
        label = f"{units[exemption.unit].name}：{exemption.part} 不适用"
        details = Details(subject=f"{exemption.scheme} {exemption.unit} {exemption.part}", after="不适用")
        with self._session.write("exempt", label, reason=exemption.reason, details=details) as work:
            work.exemptions.save(exemption)
        return done(exemption, label, Area.EVENTS)

    def withdraw_exemption(self, scheme_id: str, unit: str, part: str, reason: str) -> Outcome[None]:
        """Take an exemption back."""
        need_reason(reason, "恢复")
        label = f"{unit}：{part} 恢复适用"
        details = Details(subject=f"{scheme_id} {unit} {part}", before="不适用")
        with self._session.write("withdraw-exemption", label, reason=reason, details=details) as work:
            if not work.exemptions.delete(scheme_id, unit, part):
                raise AppError(Fault.NOT_FOUND, f"{unit} 没有对 {part} 的不适用说明。")
        return done(None, label, Area.EVENTS)


def _short(event: Event | None) -> str:
    if event is None:
        return ""
    amount = "" if event.amount is None else plain(event.amount)
    words = (event.kind, event.unit, event.title, event.occurred, event.concluded, event.matter, amount)
    return " ".join(w for w in (*words, event.evidence, event.provider, event.approver, event.note) if w)


def _said(mark: OfficeMark | None) -> str:
    if mark is None:
        return "空白"
    value = mark.level or (mark.value.value if isinstance(mark.value, MarkState) else plain(mark.value))
    return f"{mark.scheme} {mark.unit} {mark.item} {value} {mark.basis}"


# ---- what may be wrong


def check_event(event: Event, schemes: Mapping[str, Scheme], units: Mapping[str, Unit]) -> tuple[Finding, ...]:
    """Every fault of an event; what keeps it from acting on a grade is a warning."""
    unit = units.get(event.unit)
    if unit is None:
        return (Finding(_BAD, "unit", f"没有单位“{event.unit}”", "请选择单位"),)
    mine = [s for s in schemes.values() if s.level == unit.level]
    kinds = [k for s in mine for k in s.event_kinds if k.id == event.kind]
    if not kinds:
        return (Finding(_BAD, "kind", f"{unit.name}的方案中没有事项种类“{event.kind}”", "请选择种类"),)
    found = [
        Finding(_BAD, field, f"日期“{text}”不对", "请写成 2026-05-01 这样")
        for field, text in (("occurred", event.occurred), ("concluded", event.concluded))
        if not is_date(text)
    ]
    if not found and event.occurred and event.concluded and event.concluded < event.occurred:
        found.append(Finding(_BAD, "concluded", "办结日期早于发生日期", "请核对日期"))
    if event.amount is not None and event.amount < 0:
        found.append(Finding(_BAD, "amount", "分值不能是负数", "扣分还是加分由方案决定，请填正数"))
    counted = any(
        isinstance(i.source, EventsSource) and event.kind in i.source.kinds for s in mine for i in items_of(s)
    )
    if counted and event.amount is None and any(k.amount is None for k in kinds):
        found.append(Finding(_BAD, "amount", f"“{kinds[0].name}”没有规定分值，每件要单独填写", "请填写分值"))
    return (*found, *_adjusting(event, mine))


def _adjusting(event: Event, schemes: Sequence[Scheme]) -> list[Finding]:
    rules = [a for s in schemes for a in s.adjustments if event.kind in a.events]
    found: list[Finding] = []
    if any(a.evidence_required for a in rules) and not event.evidence.strip():
        found.append(Finding(_BAD, "evidence", "没有写依据，不会影响等次", "请写明文件或材料", Severity.WARNING))
    if any(a.approver_required for a in rules) and not event.approver.strip():
        found.append(Finding(_BAD, "approver", "没有写批准人，不会影响等次", "请写明批准人", Severity.WARNING))
    return found


def check_target(
    scheme_id: str, unit_code: str, part: str, schemes: Mapping[str, Scheme], units: Mapping[str, Unit]
) -> tuple[Finding, ...]:
    """Whether scheme, unit and part belong together."""
    scheme, unit = schemes.get(scheme_id), units.get(unit_code)
    if scheme is None:
        return (Finding(_BAD, "scheme", f"没有方案“{scheme_id}”", "请选择方案"),)
    if unit is None or unit.level != scheme.level:
        return (Finding(_BAD, "unit", f"单位“{unit_code}”不由方案“{scheme.name}”考核", "请选择单位"),)
    if part not in {p.id for p in walk(scheme.tree)} | {m.id for m in scheme.measures}:
        return (Finding(_BAD, "part", f"方案中没有“{part}”", "请选择项目"),)
    return ()


def check_office_mark(
    mark: OfficeMark, schemes: Mapping[str, Scheme], units: Mapping[str, Unit]
) -> tuple[Finding, ...]:
    """Every fault of a value set by the office."""
    wrong = check_target(mark.scheme, mark.unit, mark.item, schemes, units)
    if wrong:
        return wrong
    item = next((i for i in items_of(schemes[mark.scheme]) if i.id == mark.item), None)
    place = f"{units[mark.unit].name} › {item.name if item else mark.item}"
    if item is None or not isinstance(item.source, OfficeSource):
        return (Finding(_BAD, place, "这一项不由考核办录入", "请选择考核办录入的项目"),)
    given = bool(mark.level) or mark.value is not MarkState.BLANK
    if given and not mark.basis.strip():
        return (Finding(_BAD, place, "没有写依据", "请写明评分依据"),)
    return _check_value(mark, item, place)


def _check_value(mark: OfficeMark, item: Item, place: str) -> tuple[Finding, ...]:
    reading = item.reading
    if isinstance(reading, LevelsReading):
        names = {level.id: level.name for level in reading.levels}
        if (mark.level and mark.level not in names) or not isinstance(mark.value, MarkState):
            return (Finding(_BAD, place, "应选等级", f"可选：{'、'.join(names.values())}"),)
        return ()
    if mark.level:
        return (Finding(_BAD, place, "应填分数，不是等级", "请填数字"),)
    if isinstance(mark.value, MarkState) or not isinstance(reading, DirectReading):
        return ()
    top = full_points(item) if reading.maximum == "full" else reading.maximum
    if mark.value < reading.minimum or (top is not None and mark.value > top):
        end = plain(top) if top is not None else "不限"
        return (Finding(_BAD, place, f"{plain(mark.value)} 不在 {plain(reading.minimum)} 至 {end} 之间", "请改正"),)
    if reading.allowed and mark.value not in reading.allowed:
        return (Finding(_BAD, place, f"只能填 {'、'.join(plain(a) for a in reading.allowed)}", "请改正"),)
    return ()
