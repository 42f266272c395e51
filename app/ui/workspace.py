"""What a page is given: the open year's services, jobs, the mouth, and the ways to the rest of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from app.domain.progress import Progress
from app.ui.jobs import Job, Jobs
from app.ui.notices import Notices

if TYPE_CHECKING:
    from app.domain.results import Step
    from app.domain.schemes import Scheme
    from app.services.changes import Area, Outcome
    from app.services.container import Services
    from app.services.roles import RoleName

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation and what it is about. unit, unit_name: empty when it is about no single unit."""

    step: Step
    scheme: str = ""
    unit: str = ""
    unit_name: str = ""


class Workspace(QObject):
    """One open year file, as the pages see it. All methods are for the GUI thread.

    changed (frozenset[Area]): something was written; pages that show these areas read again.
    scheme_changed (str): the user has chosen another level in the header.
    basis_wanted (Explained): show this in the 依据 panel. place_wanted (page, target): go there.
    """

    changed = Signal(object)
    scheme_changed = Signal(str)
    basis_wanted = Signal(object)
    place_wanted = Signal(str, str)
    selection_summed = Signal(str)

    def __init__(self, services: Services, jobs: Jobs, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.jobs = jobs
        self.notices = notices
        self.schemes: tuple[Scheme, ...] = ()
        self.read_only = ""  # why nothing can be written; empty: it can
        self.role: RoleName = "office"  # whose year file it is
        self._scheme = ""

    # ---- which level is looked at

    @property
    def scheme(self) -> str:
        """Id of the scheme chosen in the header; empty when the year has none."""
        return self._scheme

    def choose_scheme(self, scheme: str) -> None:
        """Look at another level; every page that follows the scheme reads again."""
        if scheme != self._scheme:
            self._scheme = scheme
            self.scheme_changed.emit(scheme)

    def scheme_document(self, scheme: str = "") -> Scheme | None:
        """The scheme with this id, or the chosen one."""
        return next((s for s in self.schemes if s.id == (scheme or self._scheme)), None)

    # ---- work

    def read(
        self,
        text: str,
        work: Callable[[Services, Progress], T],
        done: Callable[[T], object],
        *,
        owner: QObject | None = None,
        failed: Callable[[BaseException], bool] | None = None,
    ) -> Job:
        """Ask the services something on the database lane; done gets the answer on the GUI thread."""
        return self.jobs.run(text, lambda p: work(self.services, p), done, owner=owner, failed=failed)

    def change(
        self,
        text: str,
        work: Callable[[Services, Progress], Outcome[T]],
        done: Callable[[T], object] | None = None,
        *,
        owner: QObject | None = None,
        failed: Callable[[BaseException], bool] | None = None,
        cancellable: bool = True,
    ) -> Job:
        """Change something: one service call, one intention. Afterwards every page that shows a changed area reads
        again, the status bar names the step, and done gets the value."""

        def written(outcome: Outcome[T]) -> None:
            self.announce(outcome.change.areas, outcome.change.label)
            if done is not None:
                done(outcome.value)

        return self.jobs.run(
            text,
            lambda p: work(self.services, p),
            written,
            owner=None if done is None else owner,
            failed=failed,
            cancellable=cancellable,
        )

    def announce(self, areas: frozenset[Area], label: str = "") -> None:
        """Tell the window that something was written."""
        if label:
            self.notices.say(f"已完成：{label}")
        self.changed.emit(areas)

    # ---- ways to the rest of the window

    def explain(self, scheme: str, unit: str, quantity: str = "grade") -> None:
        """Show in the 依据 panel how this figure came about."""

        def work(services: Services, progress: Progress) -> Explained:
            name = next((u.name for u in services.units.units() if u.code == unit), unit)
            return Explained(services.results.explain(scheme, unit, quantity), scheme, unit, name)

        self.read("正在追溯依据…", work, self.basis_wanted.emit)

    def show_basis(self, step: Step) -> None:
        """Show an explanation that is already at hand."""
        self.basis_wanted.emit(Explained(step))

    def export_explanation(self, explained: Explained) -> None:
        """Ask where to, and write the way to the unit's grade as a text file."""
        proposal = f"{explained.unit_name}等次说明.txt"
        path = self.notices.save_file("导出说明", "文本文件 (*.txt)", proposal)
        if path is not None:
            self.change(
                "正在导出说明…",
                lambda s, p: s.exports.explanation(path, explained.scheme, explained.unit),
                lambda written: self.notices.say(f"说明已写入 {written}"),
            )

    def go(self, page: str, target: str = "") -> None:
        """Open a page, and there the thing that target names (the page's ``reveal`` knows it)."""
        self.place_wanted.emit(page, target)

    def sum_up(self, text: str) -> None:
        """Count, sum and mean of the selected cells, for the status bar."""
        self.selection_summed.emit(text)
