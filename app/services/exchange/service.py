"""The use cases of the exchange: tasks out, packages in, results up, and who has not returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.domain.packages import key_code
from app.domain.progress import Progress, no_progress, portion
from app.files.package import Key, load_key, read_package
from app.services.changes import Area, Outcome
from app.services.exchange import lists
from app.services.exchange.apply import apply_merge
from app.services.exchange.contents import sources
from app.services.exchange.making import SUFFIX
from app.services.exchange.plan import make_plan
from app.services.exchange.sending_results import send_results, upper_of
from app.services.exchange.sending_tasks import send_tasks
from app.services.exchange.state import standing
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
from app.storage.records import Sender

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
        with self._session.read() as work:
            _refuse_unit(role_of(work), "发任务包")
        return send_tasks(self._session, self._key(), out_dir, units, passphrase, progress)

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
