"""图表: ranking, heat map, radar, distribution and an explorable scatter, each with its table and the 依据 behind it."""

from app.ui.pages.charts.page import ChartsPage

__all__ = ["ChartsPage"]
