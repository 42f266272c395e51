"""The shell: opens and closes years, follows changes, and answers the menus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from app.domain.errors import AppError, Cancelled
from app.domain.findings import has_errors
from app.ui.crash import Crashes, UncleanEnd
from app.ui.header import Banner
from app.ui.jobs import Jobs
from app.ui.menus import Menus
from app.ui.notices import Notices
from app.ui.page_list import ENTRIES, entries_of
from app.ui.progress_strip import ProgressStrip
from app.ui.widgets.text import label
from app.ui.window import TITLE, Window
from app.ui.workspace import Workspace
from app.ui.year_files import PACKAGE, YearFiles, YearState, load_services, state_of, title_of
from app.ui.year_view import YearView

if TYPE_CHECKING:
    from app.services.backups import Backup
    from app.services.container import Desk, Services
    from app.services.year import YearInfo
    from app.ui.manual import ManualWindow

BACKUP_CHECK = 5 * 60_000  # milliseconds between two looks whether the half-hourly backup is due
READ_ONLY = "年度文件以只读方式打开，不能改动。请把文件复制到本机可写的文件夹后再打开。"


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
        self.files = YearFiles(window, make_desk, self.jobs, self.notices)
        self._manual: ManualWindow | None = None
        self._unclean: tuple[UncleanEnd, ...] = ()
        self._info: YearInfo | None = None
        self._closed = self._settling = False
        self.banner, self.view = Banner(), YearView()
        window.rows.insertWidget(0, self.banner)
        window.middle.addWidget(self.view)
        summed = label("", "soft")
        window.statusBar().addPermanentWidget(summed)
        window.statusBar().addPermanentWidget(ProgressStrip(self.jobs))
        self.view.summed.connect(summed.setText)
        self._clock = QTimer(self)
        self._clock.setInterval(BACKUP_CHECK)
        self._clock.timeout.connect(self.back_up_when_due)
        self._clock.start()
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
        self.files.opened.connect(self._show_year)
        self.files.packages_wanted.connect(self.take_packages)
        self.window.dropped.connect(self.take_files)
        start, header = self.window.start, self.view.header
        start.new_wanted.connect(self.new_year)
        start.open_wanted.connect(self.choose_year)
        start.task_wanted.connect(self.choose_task)
        start.practice_wanted.connect(self.build_practice)
        start.recent_wanted.connect(self.open_year)
        header.scheme_chosen.connect(self._choose_scheme)
        header.year_wanted.connect(self._edit_year)
        header.basis_wanted.connect(self.toggle_basis)

    # ---- begin and end

    def begin(self, path: Path | None) -> None:
        """After the first paint: look how the last run ended, load the rest, open the file."""
        self._unclean = self.crashes.begin_run()
        if self._unclean:
            self.notices.put_up("程序上次没有正常结束。打开年度文件时会先做完整检查。")
        if path is not None:
            self.take_files([path])
        else:
            self._look_for_recent()

    def _look_for_recent(self) -> None:
        self.files.find_recent(self.window.start.show_recent)
        self.jobs.run("正在准备…", lambda p: load_services(), lane="pool")

    def _show_start(self) -> None:
        self.window.middle.setCurrentWidget(self.window.start)
        self.window.setWindowTitle(TITLE)
        self.menus.show_pages(ENTRIES)
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
            if job.cancellable:
                job.cancel()
        if not self._pages_settled():
            return
        self._settling = True  # from now on nothing is asked
        work, self.work = self.work, None
        self.window.note_geometry()
        self.jobs.run(
            "正在关闭…",
            lambda p: work.services.close() if work else None,
            self._gone,
            failed=self._not_gone,
            cancellable=False,
        )

    def _pages_settled(self) -> bool:
        """Hand over what the pages still hold. False: the user wants to stay, or is being asked already."""
        if self._settling:
            return False
        self._settling = True
        try:
            return all(page.settle() for page in self.view.loaded_pages().values())
        finally:
            self._settling = False

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
        self.files.choose()

    def open_year(self, path: Path) -> None:
        """Open a year file; the one that is open is closed when this one could be opened."""
        self.files.open(path)

    def choose_task(self) -> None:
        """Make a unit's year file from a task package."""
        self.files.choose_task()

    def take_files(self, paths: list[Path]) -> None:
        """Files from outside, dropped or named at the start: a year file is opened; packages are taken in by the year
        that is open, and without one a task package is opened."""
        years = [path for path in paths if path.suffix.lower() != PACKAGE]
        if years:
            self.open_year(years[0])
        elif self.work is not None:
            self.take_packages(paths)
        elif paths:
            self.files.open_task(paths[0])

    def take_packages(self, paths: list[Path]) -> None:
        """Bring the place of the open year to the front where packages come in, with these."""
        if self.work is not None:
            page = "tasks" if self.work.role == "unit" else "exchange"
            self.view.show_page(page)
            self.view.loaded_pages()[page].receive(paths)

    def new_year(self) -> None:
        """Ask, and make it."""
        self.files.create()

    def build_practice(self) -> None:
        """Ask for a folder, build the practice year there and open it."""
        self.files.build_practice()

    def close_year(self) -> None:
        """Back to the start screen."""
        if not self._pages_settled():
            return
        self._close_services()
        self.crashes.note_file("")
        self._show_start()
        self.view.forget_year()
        self._look_for_recent()

    def _close_services(self) -> None:
        work, self.work, self.files.path = self.work, None, None
        if work is not None:
            self.jobs.run("正在关闭…", lambda p: work.services.close())

    def _show_year(self, services: Services, state: YearState) -> None:
        if not self._pages_settled():
            self.jobs.run("正在关闭…", lambda p: services.close())
            return
        self._close_services()
        work = Workspace(services, self.jobs, self.notices, self)
        work.changed.connect(self._follow_change)
        work.scheme_changed.connect(self.view.header.show_scheme)
        self.work, self.files.path = work, state.info.path
        self.crashes.note_file(str(state.info.path))
        work.role = state.info.role
        work.schemes = state.schemes
        if state.schemes:
            work.choose_scheme(state.schemes[-1].id)
        self.menus.show_pages(entries_of(work.role))
        self._show_state(state)
        self.window.middle.setCurrentWidget(self.view)
        self.view.show_year(work)
        self._tell_what_opening_found(state.info)
        self._check_after_unclean_end(state.info.path)

    def _tell_what_opening_found(self, info: YearInfo) -> None:
        if info.recovered:
            self.notices.put_up(info.recovered)
        if info.read_only:
            self.notices.put_up(READ_ONLY)
        if info.findings:
            self.notices.show_findings(
                "操作记录核对有问题", info.findings, "年度文件可以继续使用；请在“记录”页核对，并保留这份文件。"
            )

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
            work.read("正在读取…", lambda s, p: state_of(s), self._show_state, owner=work)

    def _show_state(self, state: YearState) -> None:
        if self.work is None:
            return
        work, self._info = self.work, state.info
        work.read_only = READ_ONLY if state.info.read_only else ""
        work.schemes = state.schemes
        if not work.scheme and state.schemes:
            work.choose_scheme(state.schemes[-1].id)
        self.view.header.show_year(state.info)
        self.view.header.show_schemes(state.schemes, work.scheme)
        self.window.setWindowTitle(f"{title_of(state.info)}{'（演练数据）' if state.info.practice else ''} - 三联考评")
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
            if self.notices.refuse(error):
                self.jobs.again(error)
        else:
            self.crashes.report(error)

    # ---- menus

    def save(self) -> None:
        """Ctrl+S: everything is saved already; make a backup and say so."""
        if self.work is not None:
            for page in self.view.loaded_pages().values():
                page.hand_over()
            self.work.change("正在备份…", lambda s, p: s.backups.make("手动保存"), self._saved)

    def back_up_when_due(self) -> None:
        """While a year is open: a backup when there is something new and the last one is half an hour old."""
        if self.work is not None and not self.work.read_only and not self.jobs.running:
            self.work.read(
                "正在定时备份…", lambda s, p: s.backups.make_when_due(), self._backed_up, failed=self._not_backed_up
            )

    def _backed_up(self, backup: Backup | None) -> None:
        if backup is not None:
            self._saved(backup, "已定时备份 {}。")

    def _not_backed_up(self, error: BaseException) -> bool:
        """No dialog in the middle of somebody's typing: a line that stays; other faults than named ones go on."""
        if isinstance(error, AppError):
            self.notices.put_up(f"定时备份没有做成：{error.detail or error.fault.value.cause}请看“记录 › 备份与检查”。")
        return isinstance(error, AppError | Cancelled)

    def _saved(self, backup: Backup, said: str = "已保存 {}，并做了一份备份。") -> None:
        self.notices.say(said.format(backup.made_at[11:16]))
        records = self.view.loaded_pages().get("records")
        if records is not None:
            records.refresh()

    def undo(self) -> None:
        """Take back the last step; a page with steps that are not stored yet takes back its own."""
        page = self.view.current_page()
        if self.work is not None and not (page is not None and page.take_back()):
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
        if self.notices.offer("三联考评", text, "复制"):
            QApplication.clipboard().setText(text)

    def _edit_year(self) -> None:
        if self.work is None or self._info is None:
            return
        if self.work.read_only:
            self.notices.tell("年度文件只读", self.work.read_only)
            return
        from app.ui.year_form import edit_labels

        edit_labels(self.window, self.work, self._info)
