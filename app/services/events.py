"""Events, values set by the office and exemptions: what happened to a unit and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.errors import AppError, Fault
from app.domain.facts import Event, Exemption, OfficeMark, Unit
from app.domain.findings import Finding
from app.domain.quantities import MarkState, number_text
from app.domain.schemes import Scheme
from app.services.applicability import not_applicable
from app.services.changes import Area, Outcome
from app.services.event_checks import check_event
from app.services.session import Session, done, need_reason, next_free, refuse_when_wrong
from app.services.value_checks import check_office_mark, check_target, is_given
from app.storage.records import Details
from app.storage.work import Work


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
                before="；".join(said_value(work.office_marks.get(m.scheme, m.unit, m.item, m.period)) for m in marks),
                after="；".join(said_value(m) for m in marks),
            )
            for mark in marks:
                store_value(work, mark)
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


def store_value(work: Work, mark: OfficeMark) -> None:
    """Save a value; an empty one takes out what was there."""
    if is_given(mark):
        work.office_marks.save(mark)
    else:
        work.office_marks.delete(mark.scheme, mark.unit, mark.item, mark.period)


def _short(event: Event | None) -> str:
    if event is None:
        return ""
    amount = "" if event.amount is None else number_text(event.amount)
    shared = f"{event.shared_by} 家分摊" if event.shared_by != 1 else ""
    counted = f"{event.counted_in} 年已计" if event.counted_in else ""
    words = (event.kind, event.unit, event.title, event.occurred, event.concluded, event.matter, amount)
    whom = (event.person, event.person_class, event.sanction, shared, counted)
    return " ".join(w for w in (*words, *whom, event.evidence, event.provider, event.approver, event.note) if w)


def said_value(mark: OfficeMark | None) -> str:
    """A value in one line, for the trail."""
    if mark is None:
        return "空白"
    value = mark.level or (mark.value.value if isinstance(mark.value, MarkState) else number_text(mark.value))
    words = [mark.scheme, mark.unit, mark.item, mark.period, value]
    words += [f"目标 {number_text(mark.target)}"] if mark.target is not None else []
    words += [f"标准 {number_text(mark.standard)}"] if mark.standard is not None else []
    return " ".join(w for w in (*words, mark.basis) if w)
