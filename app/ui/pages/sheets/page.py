"""The page 评分: at the office everything that is scored, at a unit the sheets of its own evaluators."""

from __future__ import annotations

from typing import Any

from app.ui.pages.sheets.double_entry import DoubleEntryTab
from app.ui.pages.sheets.earlier import EarlierTab
from app.ui.pages.sheets.events import EventsTab
from app.ui.pages.sheets.grid import GridTab
from app.ui.pages.sheets.importing import ImportTab
from app.ui.pages.sheets.office import OfficeTab
from app.ui.pages.sheets.progress import ProgressTab
from app.ui.pages.sheets.send import SendTab
from app.ui.pages.sheets.votes import VotesTab
from app.ui.tab import Tab, TabbedPage


class SheetsPage(TabbedPage):
    id, title, icon, manual = "sheets", "评分", "clipboard-check", "评分"
    tabs = (SendTab, ImportTab, ProgressTab, GridTab, DoubleEntryTab, VotesTab, EventsTab, OfficeTab, EarlierTab)

    def wanted_tabs(self) -> tuple[type[Tab[Any]], ...]:
        """A unit scores in the grid first; workbooks go to its evaluators and come back as at the office."""
        unit = (GridTab, SendTab, ImportTab, ProgressTab, DoubleEntryTab)
        return unit if self.work.role == "unit" else self.tabs

    def home_of(self, target: str) -> str:
        return "progress"
