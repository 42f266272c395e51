"""Who reports to whom, orally or in writing, and the order drawn by lot."""

from __future__ import annotations

import secrets
from dataclasses import replace

from app.domain.errors import AppError, Fault
from app.domain.facts import Unit
from app.domain.report_forms import Manner
from app.domain.reports import Hearing
from app.domain.schemes import Scheme
from app.services.changes import Area, Outcome
from app.services.reports.hearing_lines import hearing_lines
from app.services.reports.store import form_of
from app.services.reports.values import HearingLine
from app.services.session import Session, done, need_reason
from app.storage.records import Details
from app.storage.work import Work

_MANNERS: dict[Manner, str] = {"oral": "口头述职", "written": "书面述职"}


class HearingService:
    """The reporting relations of the open year. They come out of the register (上级单位 and 其他上级); what is stored
    here is how a unit reports and its place in the order."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, scheme: str) -> tuple[HearingLine, ...]:
        """Every unit of the scheme before every body it reports to, in official order. Raises NOT_FOUND."""
        with self._session.read() as work:
            return self._lines(work, self._session.scheme(work, scheme).scheme)

    def bodies(self, scheme: str) -> tuple[tuple[str, str], ...]:
        """Code and name of every body that units of the scheme report to; an empty code is the office."""
        return tuple(dict.fromkeys((h.hearing.body, h.body_name) for h in self.list(scheme)))

    def set_manner(self, scheme: str, unit: str, body: str, manner: Manner) -> Outcome[Hearing]:
        """Settle how a unit reports to a body; who reports in writing leaves the order. Raises NOT_FOUND."""
        label = f"述职方式：{_MANNERS[manner]}"
        with self._session.write("set-hearing-manner", label, details=Details(), touches_facts=False) as work:
            line = self._line(work, scheme, unit, body)
            order = line.hearing.order if manner == "oral" else 0
            hearing = replace(line.hearing, manner=manner, order=order)
            subject = f"{line.unit_name}向{line.body_name}述职"
            work.describe(subject=subject, before=_MANNERS[line.hearing.manner], after=_MANNERS[manner])
            work.hearings.save(hearing)
        return done(hearing, label, Area.REPORTS)

    def draw_lots(self, scheme: str, body: str, reason: str = "") -> Outcome[tuple[HearingLine, ...]]:
        """Draw the order of those who report orally to a body; every order is as likely as any other. A draw that was
        made before is made again only with a reason. Raises INPUT_BAD, NOT_FOUND."""
        label = "抽签决定述职顺序"
        with self._session.write("draw-lots", label, undoable=True, reason=reason, touches_facts=False) as work:
            mine = [h for h in self._lines(work, self._session.scheme(work, scheme).scheme) if h.hearing.body == body]
            speaking = [h for h in mine if h.hearing.manner == "oral"]
            if not speaking:
                raise AppError(Fault.INPUT_BAD, "没有口头述职的单位，不用抽签。请先设定述职方式。")
            before = sorted((h for h in speaking if h.hearing.order), key=lambda h: h.hearing.order)
            if before:
                need_reason(reason, "重新抽签")
            drawn = list(speaking)
            secrets.SystemRandom().shuffle(drawn)
            lines = tuple(replace(h, hearing=replace(h.hearing, order=n)) for n, h in enumerate(drawn, 1))
            work.hearings.save(*(h.hearing for h in lines))
            subject = f"{mine[0].body_name}听取述职 {scheme}"
            work.describe(subject=subject, before=_order(before), after=_order(lines))
        return done(lines, label, Area.REPORTS)

    def _line(self, work: Work, scheme: str, unit: str, body: str) -> HearingLine:
        for line in self._lines(work, self._session.scheme(work, scheme).scheme):
            if (line.hearing.unit, line.hearing.body) == (unit, body):
                return line
        raise AppError(Fault.NOT_FOUND, f"名册中“{unit}”不向“{body}”述职。")

    def _lines(self, work: Work, scheme: Scheme) -> tuple[HearingLine, ...]:
        units: tuple[Unit, ...] = work.units.all()
        names = {u.code: u.name for u in units} | {"": work.settings.get("office")}
        return hearing_lines(scheme, form_of(scheme), units, work.hearings.all(), names)


def _order(lines: tuple[HearingLine, ...] | list[HearingLine]) -> str:
    return "、".join(f"{h.hearing.order} {h.unit_name}" for h in lines)
