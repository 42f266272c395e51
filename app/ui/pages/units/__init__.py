"""单位与评议人: the register by level and series, its import from a workbook, and who rates whom."""

from app.ui.pages.units.page import UnitsPage

__all__ = ["UnitsPage"]
