"""The page 述职: who has reported and how far it is, one report with everything beside it, lists, lots."""

from app.ui.pages.reports.page import ReportsPage

__all__ = ["ReportsPage"]
