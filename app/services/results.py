"""Results: compute, keep as snapshots, freeze, compare, decide, explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from app.domain.errors import AppError, Fault
from app.domain.facts import Decision, Facts, Unit
from app.domain.findings import Finding
from app.domain.progress import Progress, no_progress
from app.domain.results import Results, Step
from app.domain.schemes import Scheme, Scope
from app.files.documents import dump_facts, fingerprint, read_results, write_results
from app.scoring.checks import check_scheme
from app.services.changes import Area, Outcome
from app.services.comparison import ResultChange, compare
from app.services.received_results import Told, grafted, is_received, received, told_step, with_received
from app.services.received_ways import ReceivedWays
from app.services.roles import received_schemes, role_of
from app.services.sentences import sentences
from app.services.session import Session, done, need_reason, refuse_when_frozen, refuse_when_wrong
from app.storage.records import Details, StoredSnapshot
from app.storage.work import Work

if TYPE_CHECKING:  # the engine is loaded when there is something to compute: the window's first page needs none
    from app.scoring.engine import Evaluation
    from app.services.what_if import WhatIf


@dataclass(frozen=True, kw_only=True, slots=True)
class SnapshotInfo:
    """One kept result without its figures. fingerprints: scheme id → fingerprint; facts: fingerprint of the facts;
    made_at: local time with offset; freeze_reason and frozen_by: empty unless frozen."""

    version: int
    made_at: str
    made_by: str
    fingerprints: dict[str, str]
    facts: str
    frozen: bool
    frozen_by: str = ""
    freeze_reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """One kept result."""

    info: SnapshotInfo
    results: Results


class ResultService:
    """Results of the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._evaluation: tuple[int, Evaluation] | None = None
        self._ways = ReceivedWays()

    # ---- computing

    def compute(self, progress: Progress = no_progress) -> Outcome[Snapshot]:
        """Compute all levels, bottom-up, and keep the result. Raises CALC_FROZEN while the newest one is frozen,
        CALC_WEIGHTS with findings when a scheme has errors, INPUT_BAD in a unit's year file."""
        progress("正在检查方案", 0)
        label = "计算结果"
        with self._session.read() as work:
            if role_of(work).is_unit:
                raise AppError(Fault.INPUT_BAD, "这是填报单位的年度文件，结果由考核办计算。")
            refuse_when_frozen(work)
            refuse_wrong_schemes(own_schemes(self._session, work), tuple(s.scheme for s in self._session.schemes(work)))
        self._session.backups.make("计算前")
        with self._session.write("compute", label, undoable=False) as work:
            stored = self._session.schemes(work)
            facts = self._session.facts(work)
            progress("正在计算", 20)
            evaluation = _evaluate(self._session, work, facts)
            fingerprints = {s.scheme.id: s.fingerprint for s in stored}
            progress("正在定等次", 60)
            results = evaluation.results(fingerprints, facts_fingerprint(facts))
            told = received(facts, int(work.settings.get("year")))
            results = with_received(results, [s.scheme for s in stored], facts, told, fingerprints)
            progress("正在保存结果", 80)
            kept = work.snapshots.add(write_results(results), fingerprints, results.facts)
            work.describe(subject=f"第 {kept.version} 版结果", fingerprint=results.facts)
            revision = work.facts_revision()
        snapshot = Snapshot(info=_info(kept), results=results)
        with self._lock:
            self._snapshot = snapshot
            self._evaluation = (revision, evaluation)
        progress("计算完成", 100)
        return done(snapshot, label, Area.RESULTS, undoable=False)

    # ---- kept results

    def current(self) -> Snapshot | None:
        """The newest result; None before the first."""
        with self._session.read() as work:
            newest = next(iter(work.snapshots.all()), None)
            return None if newest is None else self.loaded(work, newest)

    def loaded(self, work: Work, kept: StoredSnapshot) -> Snapshot:
        """A kept result with its figures; the one that was read or computed last is still at hand."""
        with self._lock:
            known = self._snapshot
        if known is not None and known.info.version == kept.version:
            return Snapshot(info=_info(kept), results=known.results)
        stored = kept if kept.text else work.snapshots.get(kept.version)
        if stored is None:
            raise AppError(Fault.NOT_FOUND, f"没有第 {kept.version} 版结果。")
        snapshot = Snapshot(info=_info(stored), results=read_results(stored.text))
        with self._lock:
            self._snapshot = snapshot
        return snapshot

    def is_stale(self) -> bool:
        """True when schemes or facts have changed since the newest result (or there is none)."""
        with self._session.read() as work:
            newest = next(iter(work.snapshots.all()), None)
            return newest is None or not is_fresh(self._session, work, newest)

    def versions(self) -> tuple[SnapshotInfo, ...]:
        """All kept results, newest first."""
        with self._session.read() as work:
            return tuple(_info(s) for s in work.snapshots.all())

    def load(self, version: int) -> Snapshot:
        """A kept result. Raises NOT_FOUND."""
        with self._session.read() as work:
            kept = work.snapshots.get(version)
        if kept is None:
            raise AppError(Fault.NOT_FOUND, f"没有第 {version} 版结果。")
        return Snapshot(info=_info(kept), results=read_results(kept.text))

    def compare(self, before: int, after: int) -> tuple[ResultChange, ...]:
        """Units whose total, rank or grade differs between two kept results."""
        with self._session.read() as work:
            names = {u.code: u.name for u in work.units.all()}
        return compare(self.load(before).results, self.load(after).results, names)

    # ---- 定稿

    def freeze(self, reason: str, by: str) -> Outcome[Snapshot]:
        """定稿: the newest result stands, and its facts and schemes are closed until it is taken back. Raises
        CALC_STALE, CALC_FROZEN, CALC_INCOMPLETE with findings (a unit waits for a decision, or has no result),
        INPUT_BAD."""
        need_reason(reason, "定稿")
        _need_name(by)
        snapshot = self._newest()
        if snapshot.info.frozen:
            raise AppError(Fault.CALC_FROZEN, f"第 {snapshot.info.version} 版已经定稿。")
        if self.is_stale():
            raise AppError(Fault.CALC_STALE)
        with self._session.read() as work:
            names = {u.code: u.name for u in work.units.all()}
            told = received(self._session.facts(work), int(work.settings.get("year")))
        refuse_when_wrong(unsettled(snapshot.results, names, told), Fault.CALC_INCOMPLETE)
        self._session.backups.make("定稿前", stage=True)
        label = f"定稿：第 {snapshot.info.version} 版"
        details = Details(subject=f"第 {snapshot.info.version} 版结果", after=by)
        with self._session.write("freeze", label, undoable=False, reason=reason, details=details) as work:
            kept = work.snapshots.freeze(snapshot.info.version, by, reason)
        return done(Snapshot(info=_info(kept), results=snapshot.results), label, *Area, undoable=False)

    def unfreeze(self, reason: str, by: str) -> Outcome[Snapshot]:
        """解除定稿. Raises INPUT_BAD without reason or name, or when nothing is frozen."""
        need_reason(reason, "解除定稿")
        _need_name(by)
        snapshot = self._newest()
        if not snapshot.info.frozen:
            raise AppError(Fault.INPUT_BAD, "没有已定稿的结果。")
        label = f"解除定稿：第 {snapshot.info.version} 版"
        details = Details(subject=f"第 {snapshot.info.version} 版结果", before=snapshot.info.frozen_by, after=by)
        with self._session.write(
            "unfreeze", label, undoable=False, reason=reason, details=details, touches_facts=False
        ) as work:
            kept = work.snapshots.unfreeze(snapshot.info.version)
        return done(Snapshot(info=_info(kept), results=snapshot.results), label, *Area, undoable=False)

    def _newest(self) -> Snapshot:
        snapshot = self.current()
        if snapshot is None:
            raise AppError(Fault.CALC_STALE, "还没有计算过结果。")
        return snapshot

    # ---- explaining

    def explain(self, scheme_id: str, unit: str, quantity: str = "grade") -> Step:
        """The way to one figure, from the facts as they are now, by the computing code itself; where a result of the level
        below was sent up, the way that came with it. Raises NOT_FOUND."""
        with self._session.read() as work:
            schemes = {s.scheme.id: s.scheme for s in self._session.schemes(work)}
            told = received(self._session.facts(work), int(work.settings.get("year")))
            ways = self._ways.of(work, told)
        if (scheme_id, unit) in told:
            step = told_step(told[scheme_id, unit], quantity, ways)
            if step is not None:
                return step
        try:
            step = self._evaluated().explain(scheme_id, unit, quantity)
            return grafted(step, scheme_id, schemes, ways) if told else step
        except KeyError as error:
            raise AppError(Fault.NOT_FOUND, f"没有 {scheme_id} › {unit} › {quantity} 这个数。") from error

    def what_if(self, scheme_id: str) -> WhatIf:
        """The scheme's figures at hand for trying out changes; nothing is stored. Raises NOT_FOUND."""
        try:
            from app.services.what_if import WhatIf

            return WhatIf(self._evaluated().outcomes[scheme_id])
        except KeyError as error:
            raise AppError(Fault.NOT_FOUND, f"没有方案 {scheme_id}。") from error

    def _evaluated(self) -> Evaluation:
        with self._session.read() as work:
            revision = work.facts_revision()
            with self._lock:
                known = self._evaluation
            if known is not None and known[0] == revision:
                return known[1]
            evaluation = _evaluate(self._session, work, self._session.facts(work))
        with self._lock:
            self._evaluation = (revision, evaluation)
        return evaluation

    def sentences(self, step: Step) -> tuple[str, ...]:
        """The way as indented Chinese sentences, down to file › sheet › cell."""
        return sentences(step)

    # ---- deciding by hand

    def decisions(self) -> tuple[Decision, ...]:
        """Grades set by hand."""
        with self._session.read() as work:
            return work.decisions.all()

    def decide(self, decision: Decision) -> Outcome[Decision]:
        """Set a grade by hand, with reason and name; takes effect with the next computation. Raises INPUT_BAD."""
        need_reason(decision.reason, "人工决定")
        _need_name(decision.by)
        what = "专项晋优" if decision.outside_quota else "人工决定"
        label = f"{what}：{decision.unit}"
        with self._session.write("decide", label, reason=decision.reason) as work:
            scheme = self._session.scheme(work, decision.scheme).scheme
            unit = work.units.get(decision.unit)
            refuse_when_wrong(check_decision(decision, scheme, unit))
            before = work.decisions.get(decision.scheme, decision.unit, decision.scope)
            work.describe(
                subject=f"{decision.scheme} {decision.unit} {decision.scope}",
                before=before.grade if before else "",
                after=f"{decision.grade}（{decision.by}{'，不占名额' if decision.outside_quota else ''}）",
            )
            work.decisions.save(decision)
        return done(decision, label, Area.RESULTS)

    def withdraw_decision(self, scheme_id: str, unit: str, scope: Scope, reason: str) -> Outcome[None]:
        """Take a manual grade back."""
        need_reason(reason, "撤回决定")
        label = f"撤回人工决定：{unit}"
        details = Details(subject=f"{scheme_id} {unit} {scope}")
        with self._session.write("withdraw-decision", label, reason=reason, details=details) as work:
            before = work.decisions.get(scheme_id, unit, scope)
            if before is None:
                raise AppError(Fault.NOT_FOUND, f"{unit} 没有人工决定。")
            work.describe(before=f"{before.grade}（{before.by}）")
            work.decisions.delete(scheme_id, unit, scope)
        return done(None, label, Area.RESULTS)


def _evaluate(session: Session, work: Work, facts: Facts) -> Evaluation:
    """Everything that is computed here: not the levels whose results have come from below."""
    from app.scoring.engine import evaluate

    told = received(facts, int(work.settings.get("year")))
    return evaluate([s for s in own_schemes(session, work) if not is_received(s, facts, told)], facts)


def own_schemes(session: Session, work: Work) -> tuple[Scheme, ...]:
    """The schemes under which this office assesses: without those that only came with results of the level below."""
    foreign = received_schemes(work)
    return tuple(s.scheme for s in session.schemes(work) if s.scheme.id not in foreign)


# ---- rules of the steps


def facts_fingerprint(facts: Facts) -> str:
    """SHA-256 of the canonical text of the facts, hex."""
    return fingerprint(dump_facts(facts))


def is_fresh(session: Session, work: Work, kept: StoredSnapshot) -> bool:
    """Whether the result is what computing now would give: the same schemes and the same facts."""
    if kept.revision == work.facts_revision():
        return True
    if kept.schemes != {s.scheme.id: s.fingerprint for s in session.schemes(work)}:
        return False
    return kept.facts == facts_fingerprint(session.facts(work))


def refuse_wrong_schemes(schemes: tuple[Scheme, ...], known: tuple[Scheme, ...]) -> None:
    """Raises CALC_WEIGHTS with the findings of all schemes when one of them is an error; known: all they may refer to."""
    if not schemes:
        raise AppError(Fault.CALC_INCOMPLETE, "还没有方案。")
    refuse_when_wrong(check_all(schemes, known), Fault.CALC_WEIGHTS)


def check_all(schemes: tuple[Scheme, ...], known: tuple[Scheme, ...] = ()) -> tuple[Finding, ...]:
    """What the check says of each scheme among the others, and among those that are only known."""
    others = {s.id: s for s in (*known, *schemes)}.values()
    return tuple(f for s in schemes for f in check_scheme(s, tuple(o for o in others if o.id != s.id)))


def unsettled(results: Results, names: Mapping[str, str], told: Told) -> tuple[Finding, ...]:
    """What keeps a result from being final: a unit that should have a grade and has none, or waits for a decision. What
    was told from below is settled there."""
    code = Fault.CALC_INCOMPLETE.value.code
    found: list[Finding] = []
    for scheme in results.schemes:
        for unit in scheme.units.values():
            if (scheme.scheme, unit.unit) in told:
                continue
            place = f"{scheme.scheme} › {names.get(unit.unit, unit.unit)}"
            if any(grade.pending for grade in unit.grades):
                found.append(Finding(code, place, "等次待定，需要人工决定", "请在“结果”页决定"))
            if unit.participation in ("ranked", "listed_apart") and not unit.grade.final:
                reason = unit.grade.note or unit.total.reason or "没有等次"
                found.append(Finding(code, place, reason, "请补齐数据后重新计算"))
    return tuple(found)


def check_decision(decision: Decision, scheme: Scheme, unit: Unit | None) -> tuple[Finding, ...]:
    """What is wrong with a grade set by hand."""
    code = Fault.INPUT_BAD.value.code
    if unit is None or unit.level != scheme.level:
        return (Finding(code, "unit", f"单位“{decision.unit}”不由“{scheme.name}”考核", "请选择单位"),)
    if decision.grade not in {g.id for g in scheme.ladder.grades}:
        names = "、".join(g.name for g in scheme.ladder.grades)
        return (Finding(code, "grade", f"没有等次“{decision.grade}”", f"可选：{names}"),)
    if decision.outside_quota and decision.scope != "unit":
        return (Finding(code, "scope", "专项晋优只用于单位自身的等次", "请选择单位的等次"),)
    limited = [g.id for g in scheme.ladder.grades if g.quota is not None]
    if decision.outside_quota and decision.grade not in limited:
        message = "这个等次没有名额限制，用不着专项晋优"
        return (Finding(code, "grade", message, "请改为普通的人工决定"),)
    return ()


def _need_name(by: str) -> None:
    if not by.strip():
        raise AppError(Fault.INPUT_BAD, "请写明由谁决定。")


def _info(kept: StoredSnapshot) -> SnapshotInfo:
    return SnapshotInfo(
        version=kept.version,
        made_at=kept.made_at,
        made_by=kept.made_by,
        fingerprints=dict(kept.schemes),
        facts=kept.facts,
        frozen=kept.frozen,
        frozen_by=kept.frozen_by,
        freeze_reason=kept.freeze_reason,
    )
