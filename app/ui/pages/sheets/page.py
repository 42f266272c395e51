"""The page 评分."""

from __future__ import annotations

from app.ui.pages.sheets.double_entry import DoubleEntryTab
from app.ui.pages.sheets.earlier import EarlierTab
from app.ui.pages.sheets.events import EventsTab
from app.ui.pages.sheets.grid import GridTab
from app.ui.pages.sheets.importing import ImportTab
from app.ui.pages.sheets.office import OfficeTab
from app.ui.pages.sheets.progress import ProgressTab
from app.ui.pages.sheets.send import SendTab
from app.ui.pages.sheets.votes import VotesTab
from app.ui.tab import TabbedPage


class SheetsPage(TabbedPage):
    id, title, icon, manual = "sheets", "评分", "clipboard-check", "评分"
    tabs = (SendTab, ImportTab, ProgressTab, GridTab, DoubleEntryTab, VotesTab, EventsTab, OfficeTab, EarlierTab)

    def home_of(self, target: str) -> str:
        return "progress"
