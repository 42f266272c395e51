"""The use cases of the exchange: tasks out, packages in, results up, and who has not returned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.facts import Unit
from app.domain.findings import Finding
from app.domain.packages import Party, UnitReport, key_code
from app.domain.progress import Progress, no_progress, portion
from app.domain.sheets import SheetForm
from app.files.package import Key, check_passphrase, load_key, read_package
from app.files.saving.aside import aside
from app.files.saving.whole import file_error, move_over
from app.services.changes import Area, Outcome
from app.services.exchange import lists
from app.services.exchange.apply import apply_merge
from app.services.exchange.contents import evidence_of, sources, stamps_of, task_content, task_schemes
from app.services.exchange.making import SUFFIX, file_name, manifest_of, package_of, write_and_note
from app.services.exchange.plan import make_plan
from app.services.exchange.sending_results import send_results, upper_of
from app.services.exchange.state import standing
from app.services.exchange.stored_reports import unit_reports
from app.services.exchange.trust import units_of
from app.services.exchange.values import (
    Effects,
    OpenMerge,
    Outstanding,
    Packages,
    PackageScan,
    ReadyMerge,
    Rule,
    ScannedPackage,
    SenderInfo,
    SentInfo,
    SentTasks,
    TaskUnit,
    Upper,
)
from app.services.results import ResultService
from app.services.roles import Role, role_of
from app.services.session import Session, done, need_reason, note_export
from app.storage.records import Sender, SentSheet
from app.storage.versions import SENT_SCHEMES
from app.storage.work import Work

_LOCKED = (Fault.PKG_NEEDS_PASSPHRASE, Fault.PKG_UNDECRYPTABLE)


class ExchangeService:
    """Packages of the open year, at the office as at a unit."""

    def __init__(self, session: Session, results: ResultService) -> None:
        self._session = session
        self._results = results

    def own_code(self) -> str:
        """The code of this installation's key, as it stands on paper. Raises PKG_KEY, E-FILE errors."""
        return key_code(self._key().public)

    def _key(self) -> Key:
        return load_key(self._session.own_folder)

    # ---- tasks out

    def taskable(self) -> tuple[TaskUnit, ...]:
        """Every unit that a task could be sent to, in official order."""
        with self._session.read() as work:
            return lists.task_units(sources(self._session, work), work)

    def send_tasks(
        self,
        out_dir: Path,
        units: Sequence[str] | None = None,
        passphrase: str = "",
        progress: Progress = no_progress,
    ) -> Outcome[SentTasks]:
        """Write a task package for each of these units (none named: every one that has something to do). All files or
        none; a cancelled run leaves none. Raises INPUT_BAD when there is nothing to send or this is a unit's year file,
        NOT_FOUND, PKG_TOO_LARGE, E-FILE errors."""
        key = self._key()
        check_passphrase(passphrase)
        with self._session.read() as work:
            _refuse_unit(role_of(work), "发任务包")
            everything = sources(self._session, work)
        wanted = _wanted(everything.units, units) if units is not None else lists.with_tasks(everything)
        if not wanted:
            raise AppError(Fault.INPUT_BAD, "没有可发的任务：请先设好述职报告格式，或让单位的评议人参加评分。")
        label = f"发出 {len(wanted)} 个任务包"
        sent: list[SentInfo] = []
        names: list[str] = []
        handed: list[tuple[str, SheetForm]] = []
        try:
            out_dir.mkdir(parents=True, exist_ok=True)
            with aside(out_dir) as place:
                with self._session.write("send-tasks", label, undoable=False, touches_facts=False) as work:
                    role, office, returns = role_of(work), _office(work, key), _last_returns(work)
                    reports = _by_unit(unit_reports(work, (u.code for u in wanted)).values())
                    for number, unit in enumerate(wanted):
                        schemes = task_schemes(everything, unit)
                        content = task_content(everything, unit, reports.get(unit.code, ()))
                        receiver = Party(name=unit.name, unit=unit.code)
                        answers = returns.get(unit.code, "")
                        stamps = stamps_of(schemes)
                        manifest = manifest_of(work, "task", office, receiver, stamps, role.forms, answers)
                        evidence = evidence_of(work, content.reports)
                        package = package_of(manifest, content, {s.scheme.id: s.text for s in schemes}, evidence)
                        names.append(file_name(manifest))
                        noted = write_and_note(work, package, key, place / names[-1], names[-1], passphrase)
                        sent.append(lists.sent_info(noted, unit.name))
                        handed += [(noted.file, form) for form in everything.forms.get(unit.code, ())]
                        progress("正在生成任务包", 100 * (number + 1) // len(wanted))
                    _note_sheets(work, handed)
                    _note_schemes(work, {s.fingerprint for u in wanted for s in task_schemes(everything, u)})
                    work.describe(subject=out_dir.name, after="；".join(names)[:2000])
                for name in names:
                    move_over(place / name, out_dir / name)
        except OSError as error:
            raise file_error(error, out_dir) from error
        files = tuple(out_dir / name for name in names)
        value = SentTasks(folder=out_dir, packages=tuple(sent), files=files)
        return done(value, label, Area.EXCHANGE, Area.SHEETS, undoable=False)

    # ---- packages in

    def scan(
        self, paths: Sequence[Path], passphrases: Mapping[str, str] | None = None, progress: Progress = no_progress
    ) -> PackageScan:
        """Read packages, and every one below folders; decides nothing and writes nothing. passphrases: by name of the
        file, "" for all others. Raises FILE_MISSING for a path that is not there."""
        for path in paths:
            if not path.exists():
                raise AppError(Fault.FILE_MISSING, f"找不到 {path}。")
        known, found = passphrases or {}, _package_paths(paths)
        read: list[ScannedPackage] = []
        for number, path in enumerate(found):
            read.append(_scanned(path, known.get(path.name, known.get("", ""))))
            progress("正在读取数据包", 100 * (number + 1) // len(found))
        return PackageScan(tuple(read))

    def plan(
        self, scan: PackageScan, answers: Mapping[str, str] | None = None, rule: Rule = "ask"
    ) -> OpenMerge | ReadyMerge:
        """What receiving would do. Call again with answers {question id: choice id} until it is a ReadyMerge. rule: which
        side stands where both have changed something and no answer was given; who a sender is, is never answered by
        rule."""
        with self._session.read() as work:
            state = standing(self._session, work, [p.package.manifest for p in scan.packages if p.package])
        return make_plan(scan, state, answers or {}, rule)

    def apply(self, plan: ReadyMerge, progress: Progress = no_progress) -> Outcome[int]:
        """Carry the plan out as one batch and one step of undo; its number. Refuses an open plan, one made against an older
        state, and one that would write nothing (INPUT_BAD); CALC_FROZEN when it would change facts under a frozen
        result."""
        if any(not q.answer for q in plan.questions):  # for callers without a type checker
            raise AppError(Fault.INPUT_BAD, "接收计划还有没有回答的问题。")
        if not plan.writes:
            raise AppError(Fault.INPUT_BAD, "没有可以接收的包，未写入。")
        label = f"接收 {len(plan.effects)} 个数据包"
        progress("正在备份", 0)
        self._session.backups.make("接收前")
        facts = any(_touches_facts(e) for e in plan.effects)
        with self._session.write("receive-packages", label, touches_facts=facts) as work:
            if str(work.changes_revision()) != plan.state:
                raise AppError(Fault.INPUT_BAD, "预览之后数据有改动，请重新预览后再接收。")
            batch = apply_merge(work, plan, label, portion(progress, 10, 95))
        progress("接收完成", 100)
        areas = (Area.EXCHANGE, Area.REPORTS, Area.SHEETS, Area.UNITS, Area.SCHEMES, Area.RESULTS, Area.YEAR)
        return done(batch.number, label, *areas)

    # ---- results up

    def upper(self, path: Path | None = None, passphrase: str = "") -> Upper | None:
        """The office above, out of its task package or the year file made from that; no path: the one that results were
        sent to last (None: none yet). Raises PKG_KIND, NOT_FOUND, the E-PKG, E-DB and E-FILE errors."""
        return upper_of(self._session, path, passphrase)

    def send_results(
        self,
        path: Path,
        upper: Upper,
        schemes: Sequence[str] | None = None,
        passphrase: str = "",
        progress: Progress = no_progress,
    ) -> Outcome[SentInfo]:
        """Write the newest result (a frozen one before any other) of these schemes (none named: all) for the office
        above, with the way to each figure. path: the file, or a folder. Raises CALC_STALE when there is no result that
        fits the facts, PKG_YEAR, INPUT_BAD, NOT_FOUND, E-FILE errors."""
        return send_results(self._session, self._results, self._key(), path, upper, schemes, passphrase, progress)

    # ---- how it stands

    def packages(self) -> Packages:
        """What went out and came in, newest first."""
        with self._session.read() as work:
            return lists.packages(work)

    def outstanding(self) -> tuple[Outstanding, ...]:
        """Units that have not answered their newest task, the longest waiting first."""
        with self._session.read() as work:
            return lists.outstanding(sources(self._session, work), work, datetime.now().astimezone())

    def write_reminders(self, path: Path) -> Path:
        """The list of them, to print. Raises E-FILE errors."""
        waiting = self.outstanding()
        with self._session.read() as work:
            title = work.settings.get("title")
            practice = bool(work.settings.get("practice"))
        lists.write_reminders(path, title, waiting, practice=practice)
        note_export(self._session, f"导出催交清单：{len(waiting)} 个单位", path)
        return path

    def senders(self) -> tuple[SenderInfo, ...]:
        """Installations whose code was compared with the paper; one line for each unit they send for."""
        with self._session.read() as work:
            return lists.senders(work)

    def confirm_sender(self, key: str, unit: str, name: str = "") -> Outcome[None]:
        """Remember that this installation sends for this unit. Raises INPUT_BAD, NOT_FOUND."""
        label = f"确认来源：{key_code(key) if _is_key(key) else key}"
        with self._session.write("confirm-sender", label, touches_facts=False) as work:
            if not _is_key(key):
                raise AppError(Fault.INPUT_BAD, "密钥码不完整，请从收到的包里确认来源。")
            known = work.units.get(unit)
            if known is None and not role_of(work).is_unit:
                raise AppError(Fault.NOT_FOUND, f"名册中没有单位“{unit}”。")
            before = work.senders.get(key)
            units = dict.fromkeys((*(units_of(before.unit) if before else ()), unit))
            called = name or (known.name if known else "")
            work.describe(subject=key_code(key), after=called)
            work.senders.save(Sender(key=key, unit="\n".join(units), name=called, confirmed_by=work.who, at=work.at))
        return done(None, label, Area.EXCHANGE)

    def forget_sender(self, key: str, reason: str) -> Outcome[None]:
        """No longer trust an installation (a lost or exchanged computer). Raises NOT_FOUND, INPUT_BAD."""
        need_reason(reason, "取消来源确认")
        label = f"取消来源确认：{key_code(key) if _is_key(key) else key}"
        with self._session.write("forget-sender", label, reason=reason, touches_facts=False) as work:
            known = work.senders.get(key)
            if known is None:
                raise AppError(Fault.NOT_FOUND, "没有确认过这个来源。")
            work.describe(subject=key_code(key), before=known.name)
            work.senders.delete(key)
        return done(None, label, Area.EXCHANGE)


def _is_key(key: str) -> bool:
    return len(key) == 64 and all(c in "0123456789abcdef" for c in key)


def _refuse_unit(role: Role, what: str) -> None:
    if role.is_unit:
        raise AppError(Fault.INPUT_BAD, f"这是填报单位的年度文件，不能{what}。")


def _wanted(units: Mapping[str, Unit], codes: Sequence[str]) -> tuple[Unit, ...]:
    missing = [c for c in codes if c not in units]
    if missing:
        raise AppError(Fault.NOT_FOUND, f"名册中没有单位“{missing[0]}”。")
    return tuple(units[c] for c in dict.fromkeys(codes))


def _office(work: Work, key: Key) -> Party:
    return Party(name=work.settings.get("office") or work.settings.get("title"), key=key.public)


def _last_returns(work: Work) -> dict[str, str]:
    """Unit → id of its return that was taken in last."""
    return {p.unit: p.id for p in work.packages_in.all(contents=False) if p.kind == "return"}


def _by_unit(reports: Iterable[UnitReport]) -> dict[str, list[UnitReport]]:
    found: dict[str, list[UnitReport]] = {}
    for report in reports:
        found.setdefault(report.report.unit, []).append(report)
    return found


def _note_sheets(work: Work, handed: Sequence[tuple[str, SheetForm]]) -> None:
    """The sheets in a task are handed out with it, unless this issue was before."""
    there = {(s.sheet, s.issue) for s in work.sent.all()}
    work.sent.add(
        SentSheet(
            sheet=f.identity.sheet,
            scheme=f.identity.scheme,
            evaluator=f.identity.evaluator,
            issue=f.identity.issue,
            at=work.at,
            by=work.who,
            file=file,
            fingerprint=f.identity.fingerprint,
        )
        for file, f in handed
        if (f.identity.sheet, f.identity.issue) not in there
    )


def _note_schemes(work: Work, fingerprints: set[str]) -> None:
    """What has left the house is not changed in place any more."""
    new = {f for f in fingerprints if not work.schemes.is_used(f)}
    if new:
        known = work.settings.get(SENT_SCHEMES).split()
        work.settings.set(SENT_SCHEMES, " ".join(sorted({*known, *new})))


def _touches_facts(effects: Effects) -> bool:
    """Whether applying it changes what the engine is told."""
    return any(
        (
            effects.sheets,
            effects.results,
            effects.gone_results,
            effects.units,
            effects.evaluators,
            effects.schemes,
            effects.assignments is not None,
            effects.exemptions is not None,
        )
    )


def _package_paths(paths: Sequence[Path]) -> list[Path]:
    """The files as named, and every package below the folders, in a steady order."""
    found: list[Path] = []
    for path in paths:
        inside = (
            (p for p in path.rglob("*") if p.suffix.lower() == SUFFIX and p.is_file()) if path.is_dir() else (path,)
        )
        found += sorted(inside)
    return list(dict.fromkeys(found))


def _scanned(path: Path, passphrase: str) -> ScannedPackage:
    try:
        return ScannedPackage(path=path, name=path.name, package=read_package(path, passphrase))
    except AppError as error:
        finding = Finding(error.code, path.name, error.detail or error.fault.value.cause, error.fault.value.step)
        return ScannedPackage(path=path, name=path.name, finding=finding, locked=error.fault in _LOCKED)
