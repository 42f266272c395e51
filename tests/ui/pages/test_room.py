"""No text is cut off: every page and tab at 1366 × 768 (100 %) and at 1920 × 1080 (150 %, so 1280 × 720)."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QRadioButton, QTableView, QWidget

from app.ui.pages.charts.page import KINDS, ChartsPage
from app.ui.pages.results.page import ResultsPage
from app.ui.pages.sheets.page import SheetsPage
from app.ui.pages.units.page import UnitsPage
from app.ui.tab import TabbedPage
from app.ui.widgets.frozen import UprightHeader
from app.ui.workspace import Workspace
from tests.ui.pages.conftest import Settle

# What is left for a page beside the list of pages and below the header.
SIZES = {"1366 at 100 %": (1198, 622), "1920 at 150 %": (1112, 574)}
PAGES: dict[str, Callable[[Workspace], QWidget]] = {
    "units": UnitsPage,
    "sheets": SheetsPage,
    "results": ResultsPage,
    "charts": ChartsPage,
}


def cut_off(page: QWidget) -> Iterator[str]:
    """The texts that do not fit their place."""
    for label in page.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.wordWrap():
            needed = max(label.fontMetrics().horizontalAdvance(line) for line in label.text().split("\n"))
            if needed > label.contentsRect().width() + 1:
                yield f"label {label.text()!r}: {needed} > {label.contentsRect().width()}"
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and button.text() and not isinstance(button, QRadioButton):
            needed = button.fontMetrics().horizontalAdvance(button.text())
            if needed + 8 > button.width():
                yield f"button {button.text()!r}: {needed} > {button.width()}"
    for box in page.findChildren(QComboBox):
        if box.isVisible() and box.fontMetrics().horizontalAdvance(box.currentText()) + 30 > box.width():
            yield f"choice {box.currentText()!r} in {box.width()}"
    for view in page.findChildren(QTableView):
        if view.isVisible():
            yield from _heads(view)


def _heads(view: QTableView) -> Iterator[str]:
    header = view.horizontalHeader()
    if isinstance(header, UprightHeader):
        return
    for section in range(header.count()):
        if not header.isSectionHidden(section):
            title = str(view.model().headerData(section, Qt.Orientation.Horizontal) or "")
            lines = title.split("\n")
            needed = max(header.fontMetrics().horizontalAdvance(line) for line in lines)
            if needed + 10 > header.sectionSize(section):
                yield f"head {title!r}: {needed} > {header.sectionSize(section)}"
            if header.fontMetrics().height() * len(lines) > header.height():
                yield f"head {title!r}: {len(lines)} lines in {header.height()}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_that_no_text_is_cut_off(
    work: Workspace, show: Callable[[QWidget], None], settle: Settle, name: str, size: str
) -> None:
    work.services.results.compute()
    page = PAGES[name](work)
    show(page)
    page.resize(*SIZES[size])
    found: list[str] = []
    if isinstance(page, TabbedPage):
        for tab in page.tabs:
            page.show_tab(tab.id)
            settle()
            found += [f"{tab.id}: {text}" for text in cut_off(page)]
    elif isinstance(page, ChartsPage):
        for kind, _ in KINDS:
            page.show_kind(kind)
            settle()
            found += [f"{kind}: {text}" for text in cut_off(page)]
    else:
        settle()
        found += list(cut_off(page))
    QApplication.processEvents()
    assert found == []
    assert (page.width(), page.height()) == SIZES[size], "the page wants more room than there is"
