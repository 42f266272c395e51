"""评分: score sheets out and back, their progress and corrections, votes, events and values set by the office."""

from app.ui.pages.sheets.page import SheetsPage

__all__ = ["SheetsPage"]
