"""Opening and creating year files, also out of task packages: what is asked, what runs on the lane, what is told when it
cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
    from app.services.exchange.values import TaskView
    from app.services.year import YearInfo
    from app.ui.new_year import NewYear
    from app.ui.open_task import NewUnitYear
    from app.ui.packages.passphrase import UnlockForm

T = TypeVar("T")
KINDS = "年度文件 (*.slk)"
PACKAGE = ".slp"
BREAKING = "如果那里确实已经不再使用（例如断电后留下的记号），可以解除占用并打开。两处同时使用会互相影响。"


@dataclass(frozen=True, slots=True)
class YearState:
    """What the frame shows of an open year: read in one go on the lane."""

    info: YearInfo
    schemes: tuple[Scheme, ...]
    undo: str | None
    redo: str | None


class YearFiles(QObject):
    """The desk, as the window uses it. opened (Services, YearState): a year has been opened. packages_wanted (list of
    Path): the year that is open now should take these in. path: the open one."""

    opened = Signal(object, object)
    packages_wanted = Signal(object)

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

    # ---- task packages

    def choose_task(self) -> None:
        """Ask for a task package and open it."""
        path = self._notices.open_file("打开任务包", f"任务包 (*{PACKAGE})")
        if path is not None:
            self.open_task(path)

    def open_task(self, package: Path) -> None:
        """Look at a task package, say what it is, ask where the unit's year file goes, and make it."""
        self._run(
            f"正在读取 {package.name}…",
            lambda desk, p: desk.look_at_task(package),
            lambda view: self._show_task(package, view, ""),
            failed=lambda error: self._task_refused(error, package),
        )

    def _task_refused(self, error: BaseException, package: Path) -> bool:
        """A passphrase is asked for; a package of another kind belongs into the office's year."""
        if not isinstance(error, AppError):
            return False
        if error.fault is Fault.PKG_NEEDS_PASSPHRASE:
            from app.ui.packages.passphrase import UnlockForm

            form = UnlockForm(self._window, (package.name,))
            form.submit(lambda typed, close, wrong: self._unlock(package, typed, close, form))
        elif error.fault is Fault.PKG_KIND:
            said = error.detail or error.fault.value.cause
            self._notices.tell("不是任务包", f"{said}\n\n回传包、结果包由考核办在年度文件的“交换 › 收回”里接收。")
        return error.fault in (Fault.PKG_NEEDS_PASSPHRASE, Fault.PKG_KIND)

    def _unlock(self, package: Path, passphrase: str, close: Callable[[], object], form: UnlockForm) -> None:
        def looked(view: TaskView) -> None:
            close()
            self._show_task(package, view, passphrase)

        def refused(error: BaseException) -> bool:
            if isinstance(error, AppError) and error.fault is Fault.PKG_UNDECRYPTABLE:
                form.say_wrong((package.name,))
                return True
            close()
            return self._task_refused(error, package)

        self._run(f"正在读取 {package.name}…", lambda desk, p: desk.look_at_task(package, passphrase), looked, refused)

    def _show_task(self, package: Path, view: TaskView, passphrase: str) -> None:
        from app.ui.open_task import OpenTaskForm

        form = OpenTaskForm(self._window, self._notices, package, view, Path.home())
        form.into_existing.connect(partial(self._open_and_receive, package))

        def make(year: NewUnitYear, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
            def made(both: tuple[Services, YearState]) -> None:
                close()
                self._tell_opened(both)

            self._run(
                "正在建立本单位的年度文件…",
                lambda desk, p: _with_state(desk.open_task(package, year.path, passphrase, year.who)),
                made,
                failed=wrong,
            )

        form.submit(make)

    def _open_and_receive(self, package: Path, year: Path) -> None:
        """The unit has its year file already: the task is taken in there."""
        if self.path is not None and year.resolve() == self.path.resolve():
            self.packages_wanted.emit([package])
            return

        def opened(both: tuple[Services, YearState]) -> None:
            self._tell_opened(both)
            if self.path == both[1].info.path:  # else the user stayed with the year that was open
                self.packages_wanted.emit([package])

        self._run(
            f"正在打开 {year.name}…",
            lambda desk, p: _with_state(desk.open(year)),
            opened,
            failed=lambda error: self._ask_to_break_lock(error, year, False),
        )

    def build_practice(self) -> None:
        """Ask for a folder, build the practice year there and open it."""
        folder = self._notices.folder("演练年度放在哪个文件夹")
        if folder is not None:
            self._run("正在生成演练年度…", lambda desk, p: desk.build_practice(folder, p), self.open)

    def _create(self, new: NewYear, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
        def created(both: tuple[Services, YearState]) -> None:
            close()
            self._tell_opened(both)
            if remarks := both[0].remarks:
                self._notices.show_findings("年度文件已建立，名册有几处请看一看", remarks)

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


def title_of(info: YearInfo) -> str:
    """What the window is called: the year, at a unit the unit first."""
    return f"{info.own_name}（填报单位）· {info.year}年度" if info.role == "unit" else info.title


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
