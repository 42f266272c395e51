"""Objections (复核, 申诉): who objects to what came out for a unit, until when it is answered, and what came of it.

The record names the version of the result before and the one after; kept results are never changed, so both values stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.domain.results import UnitResult
from app.services.changes import Area, Outcome
from app.services.results import ResultService
from app.services.session import Session, done, need_reason, next_free, refuse_when_wrong
from app.services.votes import is_date
from app.storage.records import Details, Objection
from app.storage.work import Work

_BAD = Fault.INPUT_BAD.value.code
_DAYS = "objection_days"
_NAMES = {"review": "复核", "appeal": "申诉"}
OUTCOMES: Mapping[str, str] = {"upheld": "维持", "corrected": "更正"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectionView:
    """An objection with what stood before and what stands after (None: not answered yet, or the unit is not in that
    version). overdue: open, and its date has passed."""

    objection: Objection
    before: UnitResult | None
    after: UnitResult | None
    overdue: bool


class ObjectionService:
    """Objections of the open year. They may be filed and answered while the result is frozen."""

    def __init__(self, session: Session, results: ResultService) -> None:
        self._session = session
        self._results = results

    def all(self, today: str = "") -> tuple[ObjectionView, ...]:
        """Open ones first, by the date they are due. today: YYYY-MM-DD, empty: this day."""
        day = today or date.today().isoformat()  # noqa: DTZ011 - dates of the office, without a zone
        with self._session.read() as work:
            found = sorted(work.objections.all(), key=lambda o: (o.state != "open", o.due, o.id))
            return tuple(self._view(work, o, day) for o in found)

    def due(self, filed: str) -> str:
        """The date by which an objection filed on this day is to be answered, by the days the office has set (10).
        Raises INPUT_BAD."""
        if not filed or not is_date(filed):
            raise AppError(Fault.INPUT_BAD, f"日期“{filed}”不对，请写成 2026-12-20 这样。")
        return (date.fromisoformat(filed) + timedelta(days=self.days())).isoformat()

    def days(self) -> int:
        """Days within which an objection is answered."""
        with self._session.read() as work:
            return int(work.settings.get(_DAYS, "10"))

    def set_days(self, days: int) -> Outcome[int]:
        """Set them. Raises INPUT_BAD."""
        if not 1 <= days <= 365:
            raise AppError(Fault.INPUT_BAD, "答复期限应在 1 至 365 天之间。")
        label = f"复核答复期限 {days} 天"
        with self._session.write("set-objection-days", label, touches_facts=False) as work:
            work.describe(subject="复核答复期限", before=work.settings.get(_DAYS, "10"), after=str(days))
            work.settings.set(_DAYS, str(days))
        return done(days, label, Area.RESULTS)

    def file(self, objection: Objection) -> Outcome[Objection]:
        """Register an objection; an empty id gets the next free one, an empty due date the usual one, version 0 the newest
        result. Raises INPUT_BAD with findings."""
        label = f"登记{_NAMES[objection.kind]}：{objection.unit}"
        with self._session.write("file-objection", label, undoable=False, touches_facts=False) as work:
            kept = work.snapshots.all()
            objection = replace(
                objection,
                id=objection.id or next_free("F", tuple(o.id for o in work.objections.all())),
                due=objection.due
                or (self.due(objection.filed) if is_date(objection.filed) and objection.filed else ""),
                before=objection.before or (kept[0].version if kept else 0),
            )
            refuse_when_wrong(tuple(self._check(work, objection)))
            said = f"{objection.by}，{objection.filed} 提出，{objection.due} 前答复，针对第 {objection.before} 版"
            work.describe(subject=f"{_NAMES[objection.kind]} {objection.id} {objection.unit}", after=said)
            work.objections.save(objection)
        return done(objection, label, Area.RESULTS, undoable=False)

    def answer(
        self,
        objection_id: str,
        outcome: Literal["upheld", "corrected"],
        reason: str,
        by: str,
        on: str = "",
    ) -> Outcome[Objection]:
        """Answer it. upheld: the result stays; corrected: the newest frozen result stands from now on, and says something
        else of the unit. on: YYYY-MM-DD, empty: this day. Raises NOT_FOUND, INPUT_BAD."""
        need_reason(reason, "答复")
        if not by.strip():
            raise AppError(Fault.INPUT_BAD, "请写明由谁答复。")
        day = on or date.today().isoformat()  # noqa: DTZ011
        with self._session.read() as work:
            objection = self._open(work, objection_id)
            after = self._answered_with(work, objection, outcome)
        label = f"答复{_NAMES[objection.kind]} {objection_id}：{OUTCOMES[outcome]}"
        answered = replace(
            objection,
            state="answered",
            outcome=outcome,
            reason=reason,
            answered=day,
            answered_by=by,
            after=after,
        )
        refuse_when_wrong(() if is_date(day) else (Finding(_BAD, "on", f"日期“{day}”不对", "请写成 2026-12-20 这样"),))
        details = Details(
            subject=f"{_NAMES[objection.kind]} {objection_id} {objection.unit}",
            before=f"第 {objection.before} 版",
            after=f"{OUTCOMES[outcome]}，第 {after} 版（{by}）",
        )
        with self._session.write(
            "answer-objection", label, undoable=False, reason=reason, details=details, touches_facts=False
        ) as work:
            work.objections.save(answered)
        return done(answered, label, Area.RESULTS, undoable=False)

    def withdraw(self, objection_id: str, reason: str) -> Outcome[Objection]:
        """Who objected has taken it back. Raises NOT_FOUND, INPUT_BAD."""
        need_reason(reason, "撤回")
        with self._session.read() as work:
            objection = self._open(work, objection_id)
        label = f"撤回{_NAMES[objection.kind]} {objection_id}"
        details = Details(subject=f"{_NAMES[objection.kind]} {objection_id} {objection.unit}")
        withdrawn = replace(objection, state="withdrawn", reason=reason)
        with self._session.write(
            "withdraw-objection", label, undoable=False, reason=reason, details=details, touches_facts=False
        ) as work:
            work.objections.save(withdrawn)
        return done(withdrawn, label, Area.RESULTS, undoable=False)

    # ---- what may be wrong

    def _check(self, work: Work, objection: Objection) -> list[Finding]:
        found: list[Finding] = []
        if work.objections.get(objection.id) is not None:
            found.append(Finding(_BAD, "id", f"编号“{objection.id}”已经用过", "请换一个编号"))
        for field, text, what in (("by", objection.by, "由谁提出"), ("text", objection.text, "提出的理由")):
            if not text.strip():
                found.append(Finding(_BAD, field, f"没有写{what}", "请填写"))
        for field, text in (("filed", objection.filed), ("due", objection.due)):
            if not text or not is_date(text):
                found.append(Finding(_BAD, field, f"日期“{text}”不对", "请写成 2026-12-20 这样"))
        if not found and objection.due < objection.filed:
            found.append(Finding(_BAD, "due", "答复期限早于提出日期", "请核对日期"))
        if not objection.before or work.snapshots.get(objection.before) is None:
            found.append(Finding(_BAD, "before", "还没有可以复核的结果", "请先计算结果"))
        elif self._result(work, objection, objection.before) is None:
            message = f"第 {objection.before} 版的“{objection.scheme}”中没有单位“{objection.unit}”"
            found.append(Finding(_BAD, "unit", message, "请选择单位和方案"))
        return found

    def _open(self, work: Work, objection_id: str) -> Objection:
        objection = work.objections.get(objection_id)
        if objection is None:
            raise AppError(Fault.NOT_FOUND, f"没有复核或申诉“{objection_id}”。")
        if objection.state != "open":
            raise AppError(Fault.INPUT_BAD, f"“{objection_id}”已经办结。")
        return objection

    def _answered_with(self, work: Work, objection: Objection, outcome: str) -> int:
        """The version that stands after the answer."""
        if outcome == "upheld":
            return objection.before
        newest = work.snapshots.all()[0]
        if newest.version <= objection.before or not newest.frozen:
            raise AppError(Fault.INPUT_BAD, "更正后的结果还没有定稿。请解除定稿、改正数据、重新计算并定稿，再答复。")
        if self._result(work, objection, newest.version) == self._result(work, objection, objection.before):
            raise AppError(Fault.INPUT_BAD, f"第 {newest.version} 版对该单位的结果与原来相同，不是更正。")
        return newest.version

    # ---- values before and after

    def _result(self, work: Work, objection: Objection, version: int) -> UnitResult | None:
        kept = next((s for s in work.snapshots.all() if s.version == version), None)
        if kept is None:
            return None
        schemes = self._results.loaded(work, kept).results.schemes
        mine = next((s for s in schemes if s.scheme == objection.scheme), None)
        return mine.units.get(objection.unit) if mine else None

    def _view(self, work: Work, objection: Objection, day: str) -> ObjectionView:
        return ObjectionView(
            objection=objection,
            before=self._result(work, objection, objection.before),
            after=self._result(work, objection, objection.after) if objection.after else None,
            overdue=objection.state == "open" and objection.due < day,
        )


__all__ = ["OUTCOMES", "Objection", "ObjectionService", "ObjectionView"]
