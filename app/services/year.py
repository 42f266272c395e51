"""The open year: what it is, and where it stands in its acts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.findings import Finding
from app.domain.schemes import Scheme
from app.services.changes import Area, Outcome
from app.services.exchange.answering import waiting
from app.services.forms import build_forms, letterhead
from app.services.overview import (
    Act,
    ActId,
    Overview,
    OverviewLine,
    PageId,
    assess_act,
    prepare_act,
    report_act,
    review_act,
)
from app.services.results import ResultService, is_fresh, own_schemes
from app.services.returns import handed_back, states_of
from app.services.roles import RoleName, role_of
from app.services.session import Session, done
from app.storage.work import Work


@dataclass(frozen=True, kw_only=True, slots=True)
class YearInfo:
    """What stands at the top of the window. stage: the act the year is in, in Chinese; secrecy: 密级, may be empty;
    file_id: random id of the year file, part of every sheet's identity; office: who sends the sheets; recovered: a
    sentence when the last session ended without closing; findings: what the check of the trail at opening has found.
    role: whose year file it is; own_unit: at a unit its code, own_name its name (at the office: the office's); worker: whose name the trail
    and the receipt get."""

    path: Path
    year: int
    title: str
    practice: bool
    secrecy: str
    office: str
    stage: str
    read_only: bool
    recovered: str
    findings: tuple[Finding, ...]
    file_id: str
    role: RoleName = "office"
    own_unit: str = ""
    own_name: str = ""
    worker: str = ""


class YearService:
    """The year as a whole."""

    def __init__(self, session: Session, results: ResultService) -> None:
        self._session = session
        self._results = results

    def info(self) -> YearInfo:
        """What the year is."""
        with self._session.read() as work:
            settings = work.settings.all()
            role = role_of(work)
            unit = work.units.get(role.own_unit) if role.is_unit else None
            return YearInfo(
                path=self._session.file.path,
                year=int(settings["year"]),
                title=settings.get("title", ""),
                practice=bool(settings.get("practice")),
                secrecy=settings.get("secrecy", ""),
                office=settings.get("office", ""),
                stage=_stage(work),
                read_only=self._session.file.read_only,
                recovered=self._session.file.recovered,
                findings=self._session.file.findings,
                file_id=settings["file_id"],
                role=role.name,
                own_unit=role.own_unit,
                own_name=unit.name if unit else settings.get("office", ""),
                worker=self._session.who,
            )

    def schemes(self) -> tuple[Scheme, ...]:
        """The current schemes, lowest level first; without loading all that can be done with schemes."""
        with self._session.read() as work:
            return tuple(s.scheme for s in self._session.schemes(work))

    def overview(self) -> Overview:
        """Where the year stands: a bar per act, what is missing and from whom."""
        with self._session.read() as work:
            stored, schemes = self._session.schemes(work), own_schemes(self._session, work)
            facts = self._session.facts(work)
            head = letterhead(work)
            forms = tuple(f for s in stored for f in build_forms(s.scheme, s.fingerprint, facts, head, {}))
            blocks = {(b.scheme, b.evaluator): b for b in facts.blocks}
            reports = work.reports.states()
            unanswered = waiting(work)
            sheets = states_of(forms, blocks, work.sent.all(), work.batches.all(), handed_back(work))
            kept = next(iter(work.snapshots.all()), None)
            results = self._results.loaded(work, kept).results if kept else None
            fresh = kept is not None and is_fresh(self._session, work, kept)
        acts = (
            prepare_act(schemes, facts),
            report_act(schemes, facts, reports, unanswered),
            review_act(schemes, facts, sheets),
            assess_act(schemes, facts, results, fresh, kept is not None and kept.frozen),
        )
        return Overview(acts)

    def set_secrecy(self, secrecy: str) -> Outcome[YearInfo]:
        """Set the 密级 shown at the top and on exports; empty: none."""
        return self._set("secrecy", secrecy.strip(), f"密级：{secrecy.strip() or '无'}")

    def set_office(self, office: str) -> Outcome[YearInfo]:
        """Set the name of the office that sends the sheets, as it stands on sheets and exports."""
        return self._set("office", office.strip(), f"考核办名称：{office.strip() or '无'}")

    def _set(self, key: str, text: str, label: str) -> Outcome[YearInfo]:
        with self._session.write("set-" + key, label, touches_facts=False) as work:
            work.describe(subject=key, before=work.settings.get(key), after=text)
            work.settings.set(key, text)
        return done(self.info(), label, Area.YEAR)


def _stage(work: Work) -> str:
    newest = next(iter(work.snapshots.all()), None)
    if newest is not None:
        return f"第 {newest.version} 版已定稿" if newest.frozen else "考核"
    return "评议" if work.batches.all() or work.sent.all() else "准备"


__all__ = ["Act", "ActId", "Overview", "OverviewLine", "PageId", "YearInfo", "YearService"]
