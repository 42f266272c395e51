"""One year is one file: creating, opening, reading and changing it."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.models.schema import open_entry
from app.storage.audit import Audit, Intention, local_now, read_head, verify_chain, write_entry
from app.storage.connections import SCHEMA_VERSION, backup_folder, connect_engine, journal_path
from app.storage.copying import clear_leftovers
from app.storage.creation import NewYear, create_database
from app.storage.faults import database_errors, named_errors
from app.storage.header import judge_header
from app.storage.integrity import require_sound
from app.storage.lock import FileLock, by_this_clock
from app.storage.records import Details, Undone
from app.storage.undo import Direction, forget_steps, keep_step, newest_step, touched_by, turn_round
from app.storage.versions import are_facts
from app.storage.work import Work

_OPPOSITE: dict[Direction, Direction] = {"undo": "redo", "redo": "undo"}
_TURN_NAMES = {"undo": "撤销", "redo": "重做"}


class YearFile:
    """An open year file. ``read_only``: nothing can be written. ``recovered``: a Chinese sentence when the last session
    ended without closing, else empty. ``findings``: what the check of the trail at opening has found.

    May be used from several threads: each reads in its own connection; writers wait for each other."""

    def __init__(self, path: Path, lock: FileLock | None) -> None:
        self.path = path
        self.read_only = lock is None
        self.recovered = ""
        self.findings: tuple[Finding, ...] = ()
        self._lock = lock
        self._reading = connect_engine(path, "read")
        self._writing: Engine | None = None if lock is None else connect_engine(path, "write")
        self._one_writer = threading.Lock()
        self._mine = threading.local()

    # ---- opening and closing

    @classmethod
    def create(
        cls,
        path: Path,
        year: int,
        title: str,
        practice: bool,
        who: str,
        *,
        details: Details | None = None,
        role: str = "考核办",
    ) -> YearFile:
        """A new file, opened. Raises INPUT_BAD when something is there already, FILE_MISSING when the folder is not,
        FILE_READ_ONLY, FILE_NO_SPACE."""
        path = path.absolute()
        with named_errors(path):
            if not path.parent.is_dir():
                raise AppError(Fault.FILE_MISSING, f"文件夹 {path.parent} 不存在。")
            if path.exists():
                raise AppError(Fault.INPUT_BAD, f"{path} 已经存在，不会覆盖。")
        lock = FileLock(path.resolve())
        lock.acquire()
        try:
            said = details or Details(subject=title)
            intention = Intention(action="create", who=who, label="新建年度文件", role=role, details=said)
            create_database(path, NewYear(year, title, practice), intention)
        finally:
            lock.release()
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, break_lock: bool = False, read_only: bool = False) -> YearFile:
        """Open and, when it is of an older version, upgrade (after a backup). Raises FILE_MISSING, FILE_READ_ONLY (open
        it read_only then), DB_FOREIGN, DB_NEWER, DB_DAMAGED, DB_LOCKED (who, where, since when in the detail; break_lock
        takes over what another computer has left), DB_UPGRADE; the file is then as it was."""
        path = path.resolve()
        version = judge_header(path)
        if read_only:
            return cls._opened_for_reading(path)
        _require_writable(path)
        lock = FileLock(path)
        lock.acquire(break_foreign=break_lock)
        try:
            clear_leftovers(path, path.parent, backup_folder(path))
            unfinished = journal_path(path).exists()
            if unfinished:
                _take_back(path)
            version = judge_header(path)
            if version < SCHEMA_VERSION:
                from app.storage.migrate import upgrade_file  # alembic is slow to load, and hardly ever needed

                upgrade_file(path)
            return cls._opened(path, lock, _recovery(lock.stale, unfinished))
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _opened_for_reading(cls, path: Path) -> YearFile:
        try:
            return cls._opened(path, None, "")
        except AppError as error:
            if error.fault is not Fault.FILE_READ_ONLY:
                raise
            message = f"{path.name} 有一项未完成的写入，要先在可以写入的位置正常打开一次才能撤回。"
            raise AppError(Fault.FILE_READ_ONLY, message) from error

    @classmethod
    def _opened(cls, path: Path, lock: FileLock | None, recovered: str) -> YearFile:
        opened = cls(path, lock)
        try:
            with database_errors(path), (opened._writing or opened._reading).begin() as connection:
                require_sound(connection, full=bool(recovered))
                opened.findings = verify_chain(connection)
                opened.recovered = recovered and f"{recovered}{_last_confirmed(connection)}"
        except BaseException:
            opened._dispose()
            raise
        return opened

    def close(self) -> None:
        """Give the lock back. May be called twice."""
        self._dispose()
        if self._lock is not None:
            self._lock.release()

    def _dispose(self) -> None:
        self._reading.dispose()
        if self._writing is not None:
            self._writing.dispose()

    # ---- reading and changing

    @contextmanager
    def read(self) -> Generator[Work]:
        """A consistent state to read from any thread; inside a transaction of this thread, that one."""
        mine: Work | None = getattr(self._mine, "work", None)
        if mine is not None:
            yield mine
            return
        with database_errors(self.path), self._reading.begin() as connection:
            head = Audit(connection).entries(1)
            number, at, who = (head[0].number, head[0].at, head[0].who) if head else (0, "", "")
            yield Work(connection, number, at, who, Details())

    @contextmanager
    def transaction(
        self,
        action: str,
        who: str,
        label: str,
        *,
        undoable: bool = True,
        reason: str = "",
        details: Details | None = None,
        role: str = "考核办",
    ) -> Generator[Work]:
        """All or nothing, with exactly one entry in the trail, also when nothing else was written.

        action: stable word (``import-sheets``); label: what undo shows. undoable: one step of undo; a step that is not
        undoable but has changed facts clears the undo stack, one that has only written hand-outs or snapshots leaves it.
        """
        with self._entry(who, details or Details()) as (connection, work, at):
            yield work
            touched = touched_by(connection, work.number) | work.touched
            if undoable and work.touched:
                raise RuntimeError("what has no images cannot be a step of undo")
            if touched:
                forget_steps(connection, "redo" if undoable else None)
            if touched and undoable:
                keep_step(connection, work.number, label)
            said = Intention(action=action, who=who, label=label, role=role, reason=reason, details=work.details)
            write_entry(connection, said, at, touched)

    @contextmanager
    def _entry(self, who: str, details: Details) -> Generator[tuple[Connection, Work, datetime]]:
        """BEGIN IMMEDIATE and the promise of the next entry, which the block has to write before it ends."""
        if self._writing is None:
            raise AppError(Fault.FILE_READ_ONLY, f"{self.path.name} 以只读方式打开，不能修改。")
        if getattr(self._mine, "work", None) is not None:
            raise RuntimeError("one intention is one transaction: they do not nest")
        with self._one_writer, database_errors(self.path), self._writing.begin() as connection:
            at, number = local_now(), read_head(connection).number + 1
            connection.execute(insert(open_entry), {"id": 1, "number": number})
            self._mine.work = Work(connection, number, at.isoformat(timespec="seconds"), who, details)
            try:
                yield connection, self._mine.work, at
            finally:
                self._mine.work = None

    def compact(self) -> None:
        """Write the file anew without free pages (VACUUM); what was deleted is then nowhere in it."""
        if self._writing is None:
            raise AppError(Fault.FILE_READ_ONLY, f"{self.path.name} 以只读方式打开，不能修改。")
        with self._one_writer, database_errors(self.path), closing(self._writing.raw_connection()) as connection:
            connection.cursor().execute("VACUUM")

    # ---- undo

    def undo(self, who: str, role: str = "考核办") -> Undone:
        """Take the newest step back, in a transaction of its own. Raises NOT_UNDOABLE."""
        return self._turn("undo", who, role)

    def redo(self, who: str, role: str = "考核办") -> Undone:
        """Do again what was undone last. Raises NOT_UNDOABLE."""
        return self._turn("redo", who, role)

    @property
    def undo_label(self) -> str | None:
        """The name of the step that undo would take back."""
        return self._label("undo")

    @property
    def redo_label(self) -> str | None:
        """The name of the step that redo would do again."""
        return self._label("redo")

    def next_touches_facts(self, direction: Direction) -> bool:
        """Whether the step that comes next in this direction changes a scheme or a fact."""
        with database_errors(self.path), self._reading.begin() as connection:
            step = newest_step(connection, direction)
            return step is not None and are_facts(touched_by(connection, step[0]))

    def _turn(self, direction: Direction, who: str, role: str) -> Undone:
        name = _TURN_NAMES[direction]
        with self._entry(who, Details()) as (connection, work, at):
            step = newest_step(connection, direction)
            if step is None:
                raise AppError(Fault.NOT_UNDOABLE, f"没有可以{name}的步骤。")
            entry, label = step
            turn_round(connection, entry)
            touched = touched_by(connection, work.number)
            keep_step(connection, work.number, label, _OPPOSITE[direction])
            said = Details(subject=f"第 {entry} 条记录")
            intention = Intention(action=direction, who=who, label=f"{name}：{label}", role=role, details=said)
            write_entry(connection, intention, at, touched)
        return Undone(label, touched)

    def _label(self, direction: Direction) -> str | None:
        with database_errors(self.path), self._reading.begin() as connection:
            step = newest_step(connection, direction)
        return step[1] if step else None


def _require_writable(path: Path) -> None:
    with named_errors(path):
        protected = not path.stat().st_mode & stat.S_IWUSR
    if protected or not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise AppError(Fault.FILE_READ_ONLY, f"{path} 所在位置不允许写入，只能以只读方式打开。")


def _take_back(path: Path) -> None:
    """Take an unfinished write back before anything is read: it may have been an upgrade, and then even the version in the
    header is that of a state that never was. What only reads, as the backup before an upgrade, could not do it."""
    engine = connect_engine(path, "write")
    try:
        with database_errors(path), engine.begin() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    finally:
        engine.dispose()


def _recovery(stale: bool, unfinished: bool) -> str:
    if unfinished:
        return "上次没有正常关闭，一项未完成的写入已经撤回。"
    return "上次没有正常关闭；没有未完成的写入。" if stale else ""


def _last_confirmed(connection: Connection) -> str:
    newest = Audit(connection).entries(1)
    return (
        f"数据停在第 {newest[0].number} 条记录：{newest[0].label}（{by_this_clock(newest[0].at)}）。" if newest else ""
    )
