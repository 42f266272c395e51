"""A page with tabs, each of which is a page of its own: it reads when it is shown and writes like any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from PySide6.QtWidgets import QLineEdit, QStackedWidget, QTabBar

from app.domain.progress import Progress
from app.ui.page import Page
from app.ui.workspace import Workspace

if TYPE_CHECKING:
    from app.services.container import Services

D = TypeVar("D")


class Tab(Page[D]):
    """A page inside another: without title and margins; ``subtitle`` and ``tools`` stand in its first line."""

    def __init__(self, work: Workspace) -> None:
        super().__init__(work)
        self.heading.hide()
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(0, 0, 0, 0)


class TabbedPage(Page[None]):
    """A page of tabs. A target ``tab`` or ``tab:thing`` goes to the tab with this id, and there to the thing; any
    other target goes to the tab that ``home_of`` names. A thing that is a scheme's id chooses its level."""

    tabs: ClassVar[tuple[type[Tab[Any]], ...]] = ()

    def build(self) -> None:
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setObjectName("tabs")
        self.stack = QStackedWidget()
        self._made: dict[int, Tab[Any]] = {}
        self.shown = self.wanted_tabs()
        for tab in self.shown:
            self.bar.addTab(tab.title)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.stack, 1)
        self.bar.currentChanged.connect(self._show)
        self._show(0)

    def wanted_tabs(self) -> tuple[type[Tab[Any]], ...]:
        """The tabs of this year file; a page that shows fewer to some overrides it."""
        return self.tabs

    def tab(self, tab_id: str) -> Tab[Any]:
        """The tab with this id, made when it is wanted for the first time."""
        number = next(i for i, tab in enumerate(self.shown) if tab.id == tab_id)
        return self._tab(number)

    def show_tab(self, tab_id: str, target: str = "") -> None:
        """Bring a tab to the front, and there a thing."""
        number = next(i for i, tab in enumerate(self.shown) if tab.id == tab_id)
        if target:
            self._tab(number).open_at(target)
        self.bar.setCurrentIndex(number)

    def home_of(self, target: str) -> str:
        """Id of the tab where a target is found that names no tab."""
        return self.shown[0].id

    @property
    def current(self) -> Tab[Any]:
        """The tab in front."""
        return self._tab(self.bar.currentIndex())

    def loader(self) -> Callable[[Services, Progress], None]:
        return lambda services, progress: None

    def show_data(self, data: None) -> None:
        """The tabs show everything."""

    def open_at(self, target: str) -> None:
        tab, _, thing = target.partition(":")
        if not any(t.id == tab for t in self.shown):
            tab, thing = self.home_of(target), target
        if any(scheme.id == thing for scheme in self.work.schemes):
            self.work.choose_scheme(thing)
            thing = ""
        self.show_tab(tab, thing)

    def search_field(self) -> QLineEdit | None:
        return self.current.search_field()

    def take_back(self) -> bool:
        return self.current.take_back()

    def settle(self) -> bool:
        return all(tab.settle() for tab in list(self._made.values()))

    @property
    def is_ready(self) -> bool:
        return self.current.is_ready

    def _tab(self, number: int) -> Tab[Any]:
        if number not in self._made:
            made = self.shown[number](self.work)
            self._made[number] = made
            self.stack.addWidget(made)
        return self._made[number]

    def _show(self, number: int) -> None:
        self.stack.setCurrentWidget(self._tab(number))
