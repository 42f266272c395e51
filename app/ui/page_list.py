"""Which pages the window has, in which order, at the office and at a unit; each is imported when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.navigation import Entry
from app.ui.workspace import Workspace


def _overview(work: Workspace) -> QWidget:
    from app.ui.pages.overview import OverviewPage

    return OverviewPage(work)


def _schemes(work: Workspace) -> QWidget:
    from app.ui.pages.schemes import SchemesPage

    return SchemesPage(work)


def _units(work: Workspace) -> QWidget:
    from app.ui.pages.units import UnitsPage

    return UnitsPage(work)


def _reports(work: Workspace) -> QWidget:
    from app.ui.pages.reports import ReportsPage

    return ReportsPage(work)


def _sheets(work: Workspace) -> QWidget:
    from app.ui.pages.sheets import SheetsPage

    return SheetsPage(work)


def _results(work: Workspace) -> QWidget:
    from app.ui.pages.results import ResultsPage

    return ResultsPage(work)


def _charts(work: Workspace) -> QWidget:
    from app.ui.pages.charts import ChartsPage

    return ChartsPage(work)


def _exchange(work: Workspace) -> QWidget:
    from app.ui.pages.exchange import ExchangePage

    return ExchangePage(work)


def _tasks(work: Workspace) -> QWidget:
    from app.ui.pages.tasks import TasksPage

    return TasksPage(work)


def _records(work: Workspace) -> QWidget:
    from app.ui.pages.records import RecordsPage

    return RecordsPage(work)


PREPARE, REPORT, REVIEW, ASSESS, KEEP = "备 · 准备", "述 · 述职", "评 · 评议", "考 · 考核", "存 · 留痕"
_REPORTS = Entry("reports", "述职", "file-text", REPORT, _reports)
_SHEETS = Entry("sheets", "评分", "clipboard-check", REVIEW, _sheets)
_RECORDS = Entry("records", "记录", "file-clock", KEEP, _records)
ENTRIES = (
    Entry("desk", "工作台", "layout-dashboard", PREPARE, _overview),
    Entry("schemes", "方案", "list-tree", PREPARE, _schemes),
    Entry("units", "单位与评议人", "users", PREPARE, _units),
    _REPORTS,
    _SHEETS,
    Entry("results", "结果", "award", ASSESS, _results),
    Entry("charts", "图表", "chart-column", ASSESS, _charts),
    Entry("exchange", "交换", "arrow-left-right", KEEP, _exchange),
    _RECORDS,
)
UNIT_ENTRIES = (Entry("tasks", "任务", "list-checks", "考核办的任务", _tasks), _REPORTS, _SHEETS, _RECORDS)


def entries_of(role: str) -> tuple[Entry, ...]:
    """The pages of a year file: the office's, or those of a unit that has a task."""
    return UNIT_ENTRIES if role == "unit" else ENTRIES
