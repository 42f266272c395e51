"""The base of every page.

How a page is made (app/ui/pages/<noun>.py; pages never import each other)::

    class Votes(Page[tuple[VoteSession, ...]]):
        id, title, icon, manual = "votes", "票决", "vote", "score"
        areas = frozenset({Area.VOTES, Area.UNITS})      # what it shows; read again when one of them changes
        follows_scheme = True                            # read again when another level is chosen in the header

        def build(self) -> None:                         # once, before the first showing: make widgets
            self.table = Table(COLUMNS)
            self.body.addWidget(self.table)              # self.body: QVBoxLayout below title line and tools
            self.tools.addWidget(self.add.button())      # self.tools: QHBoxLayout right of the title

        def loader(self) -> Callable[[Services, Progress], tuple[VoteSession, ...]]:
            scheme = self.work.scheme                    # GUI thread: capture what the page wants
            return lambda services, progress: tuple(
                s for s in services.votes.sessions() if s.scheme == scheme)      # database lane: read; no widgets

        def show_data(self, data) -> None:               # GUI thread: put the values into the widgets
            self.table.show_rows(data)

        def reveal(self, target: str) -> None: ...       # go to the thing that work.go(page, target) named
        def search_field(self) -> QLineEdit | None: ...  # where Ctrl+F goes

Reading and writing (all return at once; results come back on the GUI thread):

* ``self.refresh()``: read again now, or when the page is shown next. Called by the window after changes.
* ``self.read(text, lambda services, progress: …, done)``: ask something else.
* ``self.change(text, lambda services, progress: services.votes.save(session), done)``: one intention; every page
  that shows a changed area reads again by itself, undo gets its name. Never call ``refresh`` after it.
* ``self.work.jobs.run(text, work, done, lane="pool")``: work that does not touch the database.
* ``self.work.explain(scheme, unit, quantity)``: the 依据 panel. ``self.work.go("results", "unit:D01")``.
* ``self.work.notices``: the only mouth (say, tell, confirm, choose, refuse, show_findings, open_files, save_file …).
* ``self.work.schemes`` / ``self.work.scheme`` / ``self.work.scheme_document()``: the schemes and the chosen one.
* ``self.writable(command)``: turns a Command off, with the reason, while the file is read only.

The window makes pages through app/ui/page_list.py: ``app.ui.pages.units.UnitsPage``, ``sheets.SheetsPage``,
``results.ResultsPage``, ``charts.ChartsPage`` (ids units, sheets, results, charts), and the shell's own
``overview.OverviewPage``, ``schemes.SchemesPage``, ``records.RecordsPage`` (ids desk, schemes, records).

Shared widgets: ``widgets.table`` (Column, Table, with copy, sort, filter, chips), ``widgets.grid`` (editable, Excel
habits), ``widgets.forms`` (FormDialog), ``widgets.chips`` (GradeChip, Chip), ``widgets.empty`` (EmptyState),
``widgets.text`` (label, button, card, line), ``widgets.commands`` (Command), ``widgets.search`` (SearchField).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.progress import Progress
from app.ui.widgets.commands import Command
from app.ui.widgets.text import label
from app.ui.workspace import Workspace

if TYPE_CHECKING:
    from app.services.changes import Outcome
    from app.services.container import Services

D = TypeVar("D")
T = TypeVar("T")


class Page(QWidget, Generic[D]):
    """A page of the window; the module's docstring says how one is made."""

    id: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    manual: ClassVar[str] = ""  # the heading's anchor in the manual that F1 opens
    areas: ClassVar[frozenset[Any]] = frozenset()
    follows_scheme: ClassVar[bool] = False

    def __init__(self, work: Workspace) -> None:
        super().__init__()
        self.work = work
        self._dirty, self._loading, self._again = True, False, False
        self._target = ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 16, 24, 16)
        outer.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(8)
        self.heading = label(self.title, "title")
        self.subtitle = label("", "soft")
        self.subtitle.setContentsMargins(0, 4, 0, 0)  # on the line of the larger heading
        head.addWidget(self.heading)
        head.addSpacing(4)
        head.addWidget(self.subtitle, 1, Qt.AlignmentFlag.AlignVCenter)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        head.addLayout(self.tools)
        outer.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        outer.addLayout(self.body, 1)
        self.build()
        work.changed.connect(self._something_changed)
        if self.follows_scheme:
            work.scheme_changed.connect(self._other_scheme)

    # ---- what a page says about itself

    def build(self) -> None:
        """Make the widgets. Called once."""

    def loader(self) -> Callable[[Services, Progress], D]:
        """What to read. Called on the GUI thread; the function that it returns runs on the database lane."""
        raise NotImplementedError

    def show_data(self, data: D) -> None:
        """Show what was read. GUI thread."""
        raise NotImplementedError

    def reveal(self, target: str) -> None:
        """Go to the thing named; called after the page's data is there."""

    def search_field(self) -> QLineEdit | None:
        """Where Ctrl+F goes; none: the page has no search."""
        return None

    def take_back(self) -> bool:
        """Take back the last step of the page that is not stored yet; False when there is none."""
        return False

    def hand_over(self) -> None:
        """Ctrl+S: what only waits for its moment is stored now. Asks nothing."""

    def settle(self) -> bool:
        """The year is about to be closed: hand over what still waits to be stored, and ask about what cannot be.
        False: the user wants to stay."""
        return True

    # ---- reading and writing

    def refresh(self) -> None:
        """Read again: at once when the page is in front, else when it is shown next."""
        self._dirty = True
        if self.isVisible():
            self._load()

    def open_at(self, target: str) -> None:
        """Go to the thing named, as soon as the page's data is there."""
        self._target = target
        if not self._dirty and not self._loading:
            self._reveal_target()

    def read(
        self,
        text: str,
        work: Callable[[Services, Progress], T],
        done: Callable[[T], object],
        failed: Callable[[BaseException], bool] | None = None,
    ) -> None:
        """Ask the services something besides ``loader``."""
        self.work.read(text, work, done, owner=self, failed=failed)

    def change(
        self,
        text: str,
        work: Callable[[Services, Progress], Outcome[T]],
        done: Callable[[T], object] | None = None,
        failed: Callable[[BaseException], bool] | None = None,
    ) -> None:
        """Change something by one service call."""
        self.work.change(text, work, done, owner=self, failed=failed)

    def writable(self, *commands: Command, why: str = "") -> None:
        """Turn commands on, or off with the reason: the file is read only, or why."""
        for command in commands:
            command.set_reason(self.work.read_only or why)

    @property
    def is_ready(self) -> bool:
        """Whether the page shows what the year file holds now."""
        return not self._dirty and not self._loading

    # ---- inside

    def _something_changed(self, areas: frozenset[Any]) -> None:
        if areas & self.areas:
            self.refresh()

    def _other_scheme(self, scheme: str) -> None:
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._dirty:
            self._load()

    def _load(self) -> None:
        if self._loading:
            self._again = True
            return
        self._loading, self._dirty = True, False
        self.work.read(f"正在读取{self.title}…", self.loader(), self._loaded, owner=self, failed=self._not_loaded)

    def _loaded(self, data: D) -> None:
        self._loading = False
        if self._again:
            self._again = False
            self._load()
            return
        self.show_data(data)
        self._reveal_target()

    def _not_loaded(self, error: BaseException) -> bool:
        self._loading = self._again = False
        return False

    def _reveal_target(self) -> None:
        if self._target:
            target, self._target = self._target, ""
            self.reveal(target)
