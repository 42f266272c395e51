"""The page 述职: the reports and the lists beside them. An open report takes the whole page."""

from __future__ import annotations

from typing import Any, ClassVar

from app.ui.pages.reports.lists_tab import ListsTab
from app.ui.pages.reports.reports_tab import ReportsTab
from app.ui.tab import Tab, TabbedPage


class ReportsPage(TabbedPage):
    id, title, icon, manual = "reports", "述职", "file-text", "述职"
    tabs: ClassVar[tuple[type[Tab[Any]], ...]] = (ReportsTab, ListsTab)

    def build(self) -> None:
        super().build()
        self._reports().alone.connect(self._alone)

    def _reports(self) -> ReportsTab:
        made = self.tab("reports")
        assert isinstance(made, ReportsTab)
        return made

    def _alone(self, alone: bool) -> None:
        """An open report stands under its own title."""
        own = self._reports().data.own
        self.heading.setVisible(not alone)
        self.subtitle.setVisible(not alone)
        self.bar.setVisible(not alone or bool(own))
        for widget in (self, self._reports()):
            layout = widget.layout()
            if layout is not None:
                layout.setSpacing(0 if alone else 12)

    def take_back(self) -> bool:
        return self.current.take_back()

    def hand_over(self) -> None:
        for made in self._made.values():
            made.hand_over()

    def settle(self) -> bool:
        return all(made.settle() for made in list(self._made.values()))
