"""Nothing of a report's page is cut off, at both small sizes, and its dialogs are no taller than a small screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QDialog

from app.services.container import Services
from app.ui.pages.reports import ReportsPage
from app.ui.pages.reports.desk import ReportDesk
from app.ui.pages.reports.entry_form import EntryForm
from app.ui.pages.reports.lists_tab import ListsTab
from app.ui.pages.reports.reports_tab import ReportsTab
from app.ui.widgets.forms import TALLEST
from tests.ui.pages.reports.report_year import WORK
from tests.ui.test_layout import cut_off, hints_and_heads

Settle = Callable[[], None]
# the window's small sizes less header, list of pages and status bar
SIZES = {"1366x768": (1198, 600), "1920x1080 at 150%": (1112, 560)}


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
def test_that_an_open_report_fits(
    page: ReportsPage, desk: ReportDesk, year: Services, size: tuple[int, int], settle: Settle
) -> None:
    from app.services.changes import Area
    from app.services.reports import RemarkDraft

    desk.pane.editor.insertPlainText(WORK)
    desk.writing.store()
    settle()
    year.reports.submit("department", "D1")
    year.reports.remark("department", "D1", RemarkDraft(where="section:work", start=0, end=8, text="写清楚是哪四次"))
    year.reports.return_("department", "D1", "数字要有来源，问题要写到人和事，" * 6)
    desk.work.announce(frozenset({Area.REPORTS}))
    page.resize(*size)
    settle()
    for panel in ("findings", "remarks", "entries", "evidence", "versions"):
        desk.side.show_panel(panel)
        for where in ("section:work", "items"):
            desk.sections.choose(where)
            settle()
            assert page.size().toTuple() == size
            assert cut_off(page) == [], panel
            assert hints_and_heads(page) == [], panel


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
def test_that_the_lists_fit(page: ReportsPage, tab: ReportsTab, size: tuple[int, int], settle: Settle) -> None:
    page.resize(*size)
    for name in ("reports", "lists"):
        page.show_tab(name)
        settle()
        assert page.size().toTuple() == size
        assert cut_off(page) == []
        assert hints_and_heads(page) == []


def test_that_the_dialogs_fit(page: ReportsPage, tab: ReportsTab, desk: ReportDesk, settle: Settle) -> None:
    tab.hearings.trigger()
    tab.concepts.trigger()
    settle()
    page.show_tab("lists")
    settle()
    lists = page.current
    assert isinstance(lists, ListsTab)
    lists.edit(None)
    settle()
    assert isinstance(lists.form, EntryForm)
    opened: list[QDialog] = [tab.hearing_dialog, tab.concept_dialog, lists.form]
    for dialog in opened:
        assert dialog.height() <= TALLEST
        assert cut_off(dialog) == []
        dialog.reject()
