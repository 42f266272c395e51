"""What the services of one open year share: the year file, who works, parsed schemes and facts kept between calls."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import AppError, Fault
from app.domain.facts import Facts
from app.domain.findings import Finding, has_errors
from app.domain.schemes import Scheme
from app.files.documents import read_stored_scheme
from app.files.saving.whole import file_error
from app.scoring.levels import bottom_up
from app.services.changes import Area, Change, Outcome
from app.services.hand_changes import with_hand_changes
from app.services.roles import OFFICE_ROLE, UNIT_ROLE, WORKER, role_of
from app.storage.records import Details
from app.storage.work import Work
from app.storage.year_file import YearFile

if TYPE_CHECKING:
    from app.storage.backups import Backups

T = TypeVar("T")
_LARGEST_TEXT = 20_000_000


@dataclass(frozen=True, slots=True)
class StoredScheme:
    """The current version of a scheme: the document, its text and the fingerprint of the text."""

    scheme: Scheme
    text: str
    fingerprint: str


class Session:
    """One open year file and the person who works with it.

    Parsed schemes and loaded facts are kept as long as the trail says that nothing has changed; they are values, so
    sharing them between threads is safe. own_folder: of the program on this computer, where its signing key lies.
    """

    def __init__(self, file: YearFile, who: str, own_folder: Path) -> None:
        self.file = file
        self.who = who
        with file.read() as work:
            if role_of(work).is_unit:  # the name given when the task was opened, not that of the computer's user
                self.who = work.settings.get(WORKER) or who
        self.own_folder = own_folder
        self._closed = False
        self._lock = Lock()
        self._parsed: dict[str, Scheme] = {}
        self._facts: tuple[int, Facts] | None = None

    @cached_property
    def backups(self) -> Backups:
        """Makes backups of the file, and says when one is due."""
        from app.storage.backups import Backups  # not before the first page is shown

        return Backups(self.file)

    def close(self) -> None:
        """Close the year file; a backup is made first when something has changed since the newest one."""
        if self._closed:
            return
        self._closed = True
        try:
            if not self.file.read_only and self.backups.is_due(0):
                self.backups.make("关闭前")
        finally:
            self.file.close()

    @cached_property
    def role(self) -> str:
        """Whose year file it is, as the trail says it."""
        with self.file.read() as work:
            return UNIT_ROLE if role_of(work).is_unit else OFFICE_ROLE

    def read(self) -> AbstractContextManager[Work]:
        """A consistent state to read from."""
        return self.file.read()

    @contextmanager
    def write(
        self,
        action: str,
        label: str,
        *,
        undoable: bool = True,
        reason: str = "",
        details: Details | None = None,
        touches_facts: bool = True,
    ) -> Generator[Work]:
        """One transaction with one entry in the trail. A frozen result closes the facts it was computed from."""
        with self.file.transaction(
            action, self.who, label, undoable=undoable, reason=reason, details=details, role=self.role
        ) as work:
            if touches_facts:
                refuse_when_frozen(work)
            yield work

    def schemes(self, work: Work) -> tuple[StoredScheme, ...]:
        """Current schemes, lowest level first: a scheme comes after those whose results it uses."""
        stored = [
            StoredScheme(self.parse(v.text, v.fingerprint), v.text, v.fingerprint) for v in work.schemes.current()
        ]
        by_id = {s.scheme.id: s for s in stored}
        return tuple(by_id[s.id] for s in bottom_up([s.scheme for s in stored]))

    def scheme(self, work: Work, scheme_id: str) -> StoredScheme:
        """One current scheme. Raises NOT_FOUND."""
        version = work.schemes.get(scheme_id)
        if version is None:
            raise AppError(Fault.NOT_FOUND, f"没有方案“{scheme_id}”。")
        return StoredScheme(self.parse(version.text, version.fingerprint), version.text, version.fingerprint)

    def parse(self, text: str, fingerprint: str) -> Scheme:
        """A stored document as a value; each is read once."""
        with self._lock:
            known = self._parsed.get(fingerprint)
        if known is None:
            known, findings = read_stored_scheme(text)
            if known is None:
                raise AppError(Fault.SCHEME_BAD, "年度文件中的方案不能读取。", findings)
            with self._lock:
                self._parsed[fingerprint] = known
        return known

    def facts(self, work: Work) -> Facts:
        """Everything the engine is told, changes by hand of who rates whom laid over it; loaded once per state of the
        trail."""
        revision = work.facts_revision()
        with self._lock:
            kept = self._facts
        if kept is not None and kept[0] == revision:
            return kept[1]
        facts = work.facts()
        if changes := work.hand_changes.all():
            facts = with_hand_changes(facts, changes, [s.scheme for s in self.schemes(work)])
        with self._lock:
            self._facts = (revision, facts)
        return facts


def refuse_when_frozen(work: Work) -> None:
    """Raises CALC_FROZEN while the newest result is frozen: what it was computed from must not move."""
    newest = next(iter(work.snapshots.all()), None)
    if newest is not None and newest.frozen:
        raise AppError(Fault.CALC_FROZEN, f"第 {newest.version} 版结果已经定稿，它所依据的数据和方案不能再改动。")


def refuse_when_wrong(findings: tuple[Finding, ...], fault: Fault = Fault.INPUT_BAD) -> None:
    """Raises the fault with all findings when one of them is an error."""
    if has_errors(findings):
        wrong = [f for f in findings if f.severity == "error"]
        more = f"（共 {len(wrong)} 处）" if len(wrong) > 1 else ""
        raise AppError(fault, f"{wrong[0].message}{more}", findings)


def done(value: T, label: str, *areas: Area, undoable: bool = True) -> Outcome[T]:
    """What a writing method hands back."""
    return Outcome(value, Change(frozenset(areas), label, undoable))


def need_reason(reason: str, what: str) -> None:
    """Raises INPUT_BAD when no reason was given."""
    if not reason.strip():
        raise AppError(Fault.INPUT_BAD, f"请写明{what}的理由。")


def next_free(prefix: str, taken: tuple[str, ...]) -> str:
    """The next id of the form prefix + number."""
    numbers = [int(t.removeprefix(prefix)) for t in taken if t.startswith(prefix) and t[len(prefix) :].isdecimal()]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"


def note_export(session: Session, label: str, path: Path, fingerprint: str = "") -> None:
    """Note in the trail that a file has left the house. A year opened for reading only keeps no note."""
    if session.file.read_only:
        return
    details = Details(subject=path.name, fingerprint=fingerprint)
    with session.write("export", label, undoable=False, details=details, touches_facts=False):
        pass


def read_text(path: Path) -> str:
    """A small text file in UTF-8. Raises INPUT_BAD and the E-FILE errors."""
    try:
        if path.stat().st_size > _LARGEST_TEXT:
            raise AppError(Fault.INPUT_BAD, f"{path.name} 过大，不是方案或算例文件。")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise AppError(Fault.INPUT_BAD, f"{path.name} 不是 UTF-8 编码的文本。") from error
    except FileNotFoundError as error:
        raise AppError(Fault.FILE_MISSING, f"找不到 {path}。") from error
    except OSError as error:
        raise file_error(error, path) from error
