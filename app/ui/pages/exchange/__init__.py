"""The page 交换: tasks out, packages in, who has not returned, everything that went both ways."""

from app.ui.pages.exchange.page import ExchangePage

__all__ = ["ExchangePage"]
