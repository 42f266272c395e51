"""结果: ranking per level and series with grades, quota lines, adjustments, decisions, freezing, versions, export."""

from app.ui.pages.results.page import ResultsPage

__all__ = ["ResultsPage"]
