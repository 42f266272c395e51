"""The page 单位与评议人."""

from __future__ import annotations

from app.ui.pages.units.coverage import CoverageTab
from app.ui.pages.units.register import EvaluatorsTab, UnitsTab
from app.ui.tab import TabbedPage


class UnitsPage(TabbedPage):
    id, title, icon, manual = "units", "单位与评议人", "users", "单位与评议人"
    tabs = (UnitsTab, EvaluatorsTab, CoverageTab)

    def home_of(self, target: str) -> str:
        return "coverage" if target in {scheme.id for scheme in self.work.schemes} else "units"
