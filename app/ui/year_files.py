"""Opening and creating year files: what is asked, what runs on the lane, what is told when it cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import AppError, Fault
from app.domain.progress import Progress
from app.ui.jobs import Jobs
from app.ui.notices import Notices

if TYPE_CHECKING:
    from app.domain.schemes import Scheme
    from app.services.container import Desk, Services
    from app.services.year import YearInfo
    from app.ui.new_year import NewYear

T = TypeVar("T")
KINDS = "年度文件 (*.slk)"
BREAKING = "如果那里确实已经不再使用（例如断电后留下的记号），可以解除占用并打开。两处同时使用会互相影响。"


@dataclass(frozen=True, slots=True)
class YearState:
    """What the frame shows of an open year: read in one go on the lane."""

    info: YearInfo
    schemes: tuple[Scheme, ...]
    undo: str | None
    redo: str | None


class YearFiles(QObject):
    """The desk, as the window uses it. opened (Services, YearState): a year has been opened. path: the open one."""

    opened = Signal(object, object)

    def __init__(self, window: QWidget, make_desk: Callable[[], Desk], jobs: Jobs, notices: Notices) -> None:
        super().__init__(window)
        self.path: Path | None = None
        self._window, self._jobs, self._notices = window, jobs, notices
        self._make_desk, self._desk = make_desk, None

    def find_recent(self, show: Callable[[tuple[Path, ...]], object]) -> None:
        """Look for the files opened last."""
        self._run("正在查找最近的文件…", lambda desk, p: desk.recent(), show)

    def choose(self) -> None:
        """Ask for a year file and open it."""
        path = self._notices.open_file("打开年度文件", KINDS)
        if path is not None:
            self.open(path)

    def open(self, path: Path, break_lock: bool = False) -> None:
        """Open a year file."""
        if self.path is not None and path.resolve() == self.path.resolve():
            self._notices.say("这个年度已经打开。")
            return
        self._run(
            f"正在打开 {path.name}…",
            lambda desk, p: _with_state(desk.open(path, break_lock)),
            self._tell_opened,
            failed=lambda error: self._ask_to_break_lock(error, path, break_lock),
        )

    def create(self) -> None:
        """Ask for what a new year is made of, and make it."""
        from app.ui.new_year import NewYearForm

        NewYearForm(self._window, self._notices, Path.home()).submit(self._create)

    def build_practice(self) -> None:
        """Ask for a folder, build the practice year there and open it."""
        folder = self._notices.folder("演练年度放在哪个文件夹")
        if folder is not None:
            self._run("正在生成演练年度…", lambda desk, p: desk.build_practice(folder, p), self.open)

    def _create(self, new: NewYear, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
        def created(both: tuple[Services, YearState]) -> None:
            close()
            self._tell_opened(both)

        self._run(
            "正在建立年度文件…",
            lambda desk, p: _with_state(desk.create(new.path, new.schemes, new.register, new.who, new.title)),
            created,
            failed=wrong,
        )

    def _tell_opened(self, both: tuple[Services, YearState]) -> None:
        self.opened.emit(*both)

    def _ask_to_break_lock(self, error: BaseException, path: Path, tried: bool) -> bool:
        if tried or not isinstance(error, AppError) or error.fault is not Fault.DB_LOCKED:
            return False
        words = error.fault.value
        if self._notices.confirm(
            words.title, f"{error.detail or words.cause}\n\n{BREAKING}", "解除占用并打开", danger=True
        ):
            self.open(path, break_lock=True)
        return True

    def _run(
        self,
        text: str,
        work: Callable[[Desk, Progress], T],
        done: Callable[[T], object],
        failed: Callable[[BaseException], bool] | None = None,
    ) -> None:
        self._jobs.run(text, lambda p: work(self._desk_now(), p), done, failed=failed)

    def _desk_now(self) -> Desk:
        """The desk; made on the lane the first time, which loads the database and the rest."""
        if self._desk is None:
            self._desk = self._make_desk()
        return self._desk


def state_of(services: Services) -> YearState:
    """What the frame shows; on the lane."""
    history = services.history
    return YearState(services.year.info(), services.year.schemes(), history.undo_label(), history.redo_label())


def load_services() -> None:
    """Load the rooms below while the user still looks at the start screen, so that opening a year is quick."""
    for name in ("opening", "year", "schemes", "results", "history", "units", "sheets"):
        import_module(f"app.services.{name}")


def _with_state(services: Services) -> tuple[Services, YearState]:
    try:
        return services, state_of(services)
    except BaseException:
        services.close()
        raise
