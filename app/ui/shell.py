"""The shell: opens and closes years, follows changes, and answers the menus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from app.domain.errors import AppError, Cancelled, Fault
from app.domain.findings import has_errors
from app.domain.progress import Progress
from app.ui.crash import Crashes, UncleanEnd
from app.ui.header import Banner
from app.ui.jobs import Jobs
from app.ui.menus import Menus
from app.ui.notices import Notices
from app.ui.progress_strip import ProgressStrip
from app.ui.widgets.text import label
from app.ui.window import TITLE, Window
from app.ui.workspace import Workspace
from app.ui.year_view import YearView

if TYPE_CHECKING:
    from app.domain.schemes import Scheme
    from app.services.backups import Backup
    from app.services.container import Desk, Services
    from app.services.year import YearInfo
    from app.ui.manual import ManualWindow
    from app.ui.new_year import NewYear

T = TypeVar("T")
READ_ONLY = "年度文件以只读方式打开，不能改动。请把文件复制到本机可写的文件夹后再打开。"
YEAR_FILES = "年度文件 (*.slk)"


@dataclass(frozen=True, slots=True)
class YearState:
    """What the frame shows of an open year: read in one go on the lane."""

    info: YearInfo
    schemes: tuple[Scheme, ...]
    undo: str | None
    redo: str | None


class Shell(QObject):
    """The window and what goes on in it. make_desk is called on the database lane, after the first paint."""

    def __init__(
        self, window: Window, make_desk: Callable[[], Desk], crashes: Crashes, notices: Notices | None = None
    ) -> None:
        super().__init__(window)
        self.window, self.crashes = window, crashes
        self.jobs = Jobs(self)
        self.notices = notices or Notices(window)
        self.menus = Menus(window, self)
        self.work: Workspace | None = None
        self._make_desk, self._desk = make_desk, None
        self._manual: ManualWindow | None = None
        self._unclean: tuple[UncleanEnd, ...] = ()
        self._path: Path | None = None
        self._closed = False
        self.banner, self.view = Banner(), YearView()
        window.rows.insertWidget(0, self.banner)
        window.middle.addWidget(self.view)
        summed = label("", "soft")
        window.statusBar().addPermanentWidget(summed)
        window.statusBar().addPermanentWidget(ProgressStrip(self.jobs))
        self.view.summed.connect(summed.setText)
        self._connect()
        self._show_start()

    def _connect(self) -> None:
        self.crashes.occurred.connect(self.notices.show_fault)
        self.crashes.occurred.connect(self._read_everything_again)
        self.notices.said.connect(self.window.say)
        self.notices.banner.connect(self.banner.put_up)
        self.notices.on_quit = self.window.close
        self.jobs.fault.connect(self._job_failed)
        self.window.leaving.connect(self._leaving)
        self.view.page_shown.connect(self._page_shown)
        start, header = self.window.start, self.view.header
        start.new_wanted.connect(self.new_year)
        start.open_wanted.connect(self.choose_year)
        start.practice_wanted.connect(self.build_practice)
        start.recent_wanted.connect(self.open_year)
        header.scheme_chosen.connect(self._choose_scheme)
        header.secrecy_wanted.connect(self._set_secrecy)
        header.basis_wanted.connect(self.toggle_basis)

    # ---- begin and end

    def begin(self, path: Path | None) -> None:
        """After the first paint: look how the last run ended, load the rest, open the file."""
        self._unclean = self.crashes.begin_run()
        if self._unclean:
            self.notices.put_up("程序上次没有正常结束。打开年度文件时会先做完整检查。")
        if path is not None:
            self.open_year(path)
        else:
            self._look_for_recent()

    def _look_for_recent(self) -> None:
        self._with_desk("正在查找最近的文件…", lambda desk, p: desk.recent(), self.window.start.show_recent)

    def _show_start(self) -> None:
        self.window.middle.setCurrentWidget(self.window.start)
        self.window.setWindowTitle(TITLE)
        self.menus.show_state(open_year=False)
        self.menus.show_search(False)

    def leave(self) -> None:
        """Close the window."""
        self.window.close()

    def _leaving(self, event: QCloseEvent) -> None:
        if self._closed:
            event.accept()
            return
        event.ignore()
        for job in self.jobs.running:
            job.cancel()
        work, self.work = self.work, None
        self.window.note_geometry()
        self.jobs.run("正在关闭…", lambda p: work.services.close() if work else None, self._gone, failed=self._not_gone)

    def _gone(self, nothing: None) -> None:
        self._closed = True
        self.window.close()
        QApplication.quit()

    def _not_gone(self, error: BaseException) -> bool:
        self.crashes.report(error)
        self._gone(None)
        return True

    def end(self) -> None:
        """After the event loop: end the threads, note that the end was orderly, give the hooks back."""
        self.jobs.stop()
        self.crashes.end_run()
        self.crashes.close_log()
        self.crashes.uninstall()

    # ---- years

    def choose_year(self) -> None:
        """Ask for a year file and open it."""
        path = self.notices.open_file("打开年度文件", YEAR_FILES)
        if path is not None:
            self.open_year(path)

    def open_year(self, path: Path, break_lock: bool = False) -> None:
        """Open a year file; the one that is open is closed when this one could be opened."""
        if self.work is not None and self._same_file(path):
            self.notices.say("这个年度已经打开。")
            return
        self._with_desk(
            f"正在打开 {path.name}…",
            lambda desk, p: _opened(desk.open(path, break_lock)),
            self._show_year,
            failed=lambda error: self._ask_to_break_lock(error, path, break_lock),
        )

    def _same_file(self, path: Path) -> bool:
        return self._path is not None and path.resolve() == self._path.resolve()

    def _ask_to_break_lock(self, error: BaseException, path: Path, tried: bool) -> bool:
        if tried or not isinstance(error, AppError) or error.fault is not Fault.DB_LOCKED:
            return False
        text = (
            f"{error.detail or error.fault.value.cause}\n\n"
            "如果那里确实已经不再使用（例如断电后留下的记号），可以解除占用并打开。两处同时使用会互相影响。"
        )
        if self.notices.confirm(error.fault.value.title, text, "解除占用并打开", danger=True):
            self.open_year(path, break_lock=True)
        return True

    def new_year(self) -> None:
        """Ask for what a new year is made of, and make it."""
        from app.ui.new_year import NewYearForm

        form = NewYearForm(self.window, self.notices, Path.home())
        form.submit(self._create)

    def _create(self, new: NewYear, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
        def created(both: tuple[Services, YearState]) -> None:
            close()
            self._show_year(both)

        self._with_desk(
            "正在建立年度文件…",
            lambda desk, p: _opened(desk.create(new.path, new.schemes, new.register, new.who, new.title)),
            created,
            failed=wrong,
        )

    def build_practice(self) -> None:
        """Ask for a folder, build the practice year there and open it."""
        folder = self.notices.folder("演练年度放在哪个文件夹")
        if folder is not None:
            self._with_desk("正在生成演练年度…", lambda desk, p: desk.build_practice(folder, p), self.open_year)

    def close_year(self) -> None:
        """Back to the start screen."""
        self._close_services()
        self.crashes.note_file("")
        self._show_start()
        self.view.forget_year()
        self._look_for_recent()

    def _close_services(self) -> None:
        work, self.work, self._path = self.work, None, None
        if work is not None:
            self.jobs.run("正在关闭…", lambda p: work.services.close())

    def _show_year(self, both: tuple[Services, YearState]) -> None:
        services, state = both
        self._close_services()
        work = Workspace(services, self.jobs, self.notices, self)
        work.changed.connect(self._follow_change)
        self.work, self._path = work, state.info.path
        self.crashes.note_file(str(state.info.path))
        work.schemes = state.schemes
        if state.schemes:
            work.choose_scheme(state.schemes[-1].id)
        self._show_state(state)
        self.window.middle.setCurrentWidget(self.view)
        self.view.show_year(work)
        if state.info.findings:
            lead = "打开时核对操作记录，发现与上次保存的不一致："
            self.notices.show_findings("操作记录有问题", state.info.findings, lead)
        self._check_after_unclean_end(state.info.path)

    def _check_after_unclean_end(self, path: Path) -> None:
        if not any(end.path == str(path) for end in self._unclean) or self.work is None:
            return
        self._unclean = ()
        self.work.read("正在检查年度文件…", lambda s, p: s.backups.check_file(), self._tell_check)

    def check_file(self) -> None:
        """Check the year file now and say what was found."""
        if self.work is not None:
            self.work.read("正在检查年度文件…", lambda s, p: s.backups.check_file(), self._tell_check)

    def _tell_check(self, findings: tuple[Any, ...]) -> None:
        if has_errors(findings):
            self.notices.show_findings("年度文件有问题", findings, "请到“记录”页选一份备份恢复。")
        else:
            self.notices.put_up("已对年度文件做完整检查，没有发现问题。")

    # ---- following changes

    def _follow_change(self, areas: frozenset[Any]) -> None:
        if self.work is not None:
            work = self.work
            work.read("正在读取…", lambda s, p: _state(s), self._show_state, owner=work)

    def _show_state(self, state: YearState) -> None:
        if self.work is None:
            return
        work = self.work
        work.read_only = READ_ONLY if state.info.read_only else ""
        work.schemes = state.schemes
        if not work.scheme and state.schemes:
            work.choose_scheme(state.schemes[-1].id)
        self.view.header.show_year(state.info)
        self.view.header.show_schemes(state.schemes, work.scheme)
        self.window.setWindowTitle(f"{state.info.title}{'（演练数据）' if state.info.practice else ''} - 三联考评")
        self.menus.show_state(open_year=True, read_only=work.read_only, undo=state.undo, redo=state.redo)

    def _choose_scheme(self, scheme: str) -> None:
        if self.work is not None:
            self.work.choose_scheme(scheme)

    def _read_everything_again(self, report: object) -> None:
        """After a fault the pages show what is really stored."""
        for page in self.view.loaded_pages().values():
            page.refresh()

    def _job_failed(self, error: BaseException) -> None:
        """A job failed and its owner did not take care of it: tell the user, in the way that fits."""
        if isinstance(error, Cancelled):
            self.notices.say("已取消，没有留下改动。")
        elif isinstance(error, AppError):
            self.notices.refuse(error)
        else:
            self.crashes.report(error)

    # ---- menus

    def save(self) -> None:
        """Ctrl+S: everything is saved already; make a backup and say so."""
        if self.work is not None:
            self.work.change("正在备份…", lambda s, p: s.backups.make("手动保存"), self._saved)

    def _saved(self, backup: Backup) -> None:
        self.notices.say(f"已保存 {backup.made_at[11:16]}，并做了一份备份。")
        records = self.view.loaded_pages().get("records")
        if records is not None:
            records.refresh()

    def undo(self) -> None:
        """Take back the last step."""
        if self.work is not None:
            self.work.change("正在撤销…", lambda s, p: s.history.undo())

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.work is not None:
            self.work.change("正在重做…", lambda s, p: s.history.redo())

    def find(self) -> None:
        """Put the cursor into the page's search."""
        page = self.view.current_page()
        field = page.search_field() if page is not None else None
        if field is not None:
            field.setFocus()
            field.selectAll()

    def toggle_basis(self) -> None:
        """Show or hide the 依据 panel."""
        if self.work is not None:
            self.view.toggle_basis()

    def show_page(self, page: str) -> None:
        """Bring a page to the front."""
        self.view.show_page(page)

    def _page_shown(self, page: str) -> None:
        shown = self.view.current_page()
        self.menus.show_search(shown is not None and shown.search_field() is not None)

    def show_manual(self) -> None:
        """The manual, at the part about the page in front."""
        from app.ui.manual import ManualWindow

        if self._manual is None:
            self._manual = ManualWindow(self.window)
        page = self.view.current_page()
        self._manual.go_to((page.manual or page.title) if page is not None else "")
        self._manual.show()
        self._manual.raise_()

    def show_about(self) -> None:
        """Versions, licences, places; one click copies them."""
        from app.ui.about import about_text

        text = about_text(self.crashes.log_file)
        if self.notices.choose("三联考评", text, ["复制"]) == 0:
            QApplication.clipboard().setText(text)

    def _set_secrecy(self) -> None:
        if self.work is None:
            return
        if self.work.read_only:
            self.notices.say(self.work.read_only)
            return
        marks = ["不定密级", "内部", "秘密", "机密"]
        chosen = self.notices.choose("密级标识", "标识印在窗口顶端和全部导出文件上。", marks)
        if chosen >= 0:
            secrecy = "" if chosen == 0 else marks[chosen]
            self.work.change("正在保存…", lambda s, p: s.year.set_secrecy(secrecy))

    # ---- inside

    def _with_desk(
        self,
        text: str,
        work: Callable[[Desk, Progress], T],
        done: Callable[[T], object],
        failed: Callable[[BaseException], bool] | None = None,
    ) -> None:
        self.jobs.run(text, lambda p: work(self._desk_now(), p), done, failed=failed)

    def _desk_now(self) -> Desk:
        """The desk; made on the lane the first time, which loads the database and the rest."""
        if self._desk is None:
            self._desk = self._make_desk()
        return self._desk


def _opened(services: Services) -> tuple[Services, YearState]:
    try:
        return services, _state(services)
    except BaseException:
        services.close()
        raise


def _state(services: Services) -> YearState:
    history = services.history
    return YearState(services.year.info(), services.schemes.all(), history.undo_label(), history.redo_label())
