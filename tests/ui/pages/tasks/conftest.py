"""Computers side by side."""

from tests.services.exchange.conftest import started
from tests.ui.seats import computers, office, sit, unit

__all__ = ["computers", "office", "sit", "started", "unit"]
