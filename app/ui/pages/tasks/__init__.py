"""The page 任务: what the office wants of this unit, how far it is, handing it in."""

from app.ui.pages.tasks.page import TasksPage

__all__ = ["TasksPage"]
