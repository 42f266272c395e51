"""The page 交换."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from app.ui.pages.exchange.outstanding import OutstandingTab
from app.ui.pages.exchange.receive import ReceiveTab
from app.ui.pages.exchange.send import SendTab
from app.ui.pages.exchange.traffic import TrafficTab
from app.ui.tab import Tab, TabbedPage


class ExchangePage(TabbedPage):
    id, title, icon, manual = "exchange", "交换", "arrow-left-right", "交换"
    tabs: ClassVar[tuple[type[Tab[Any]], ...]] = (SendTab, ReceiveTab, OutstandingTab, TrafficTab)

    def receive(self, paths: Sequence[Path]) -> None:
        """Packages were dropped on the window, or named at the start."""
        self.show_tab("receive")
        tab = self.tab("receive")
        assert isinstance(tab, ReceiveTab)
        tab.receiving.take(paths)
