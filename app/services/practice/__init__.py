"""The practice year (演练数据): a fictional city with a whole year in it, built through the real services."""

from app.services.practice.building import build

__all__ = ["build"]
