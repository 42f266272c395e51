"""Nothing is cut off: every page at 1366 × 768 and at 1920 × 1080 with 150 %, every dialog lower than 680 pixels."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QTableView, QWidget

from app.ui.page_list import ENTRIES
from app.ui.shell import Shell
from app.ui.widgets.forms import TALLEST
from app.ui.widgets.frozen import UprightHeader
from app.ui.widgets.search import SearchField
from app.ui.widgets.text import ElidedLabel
from tests.ui.settling import settle

# In pixels at 100 %: the whole screen less task bar and title bar; 1920 × 1080 at 150 % is 1280 × 720.
SIZES = {"1366x768": (1366, 700), "1920x1080 at 150%": (1280, 660)}


def hints_and_heads(root: QWidget) -> list[str]:
    """Hints of empty fields, and heads of tables, that are wider than their place."""
    found: list[str] = []
    for field in root.findChildren(QLineEdit):
        hint = field.placeholderText()
        sides = 52 if isinstance(field, SearchField) else 18
        if field.isVisible() and hint and field.fontMetrics().horizontalAdvance(hint) > field.width() - sides:
            found.append(hint)
    for table in root.findChildren(QTableView):
        head, model = table.horizontalHeader(), table.model()
        if not table.isVisible() or isinstance(head, UprightHeader):
            continue
        for at in range(model.columnCount()):
            lines = str(model.headerData(at, Qt.Orientation.Horizontal)).split("\n")
            wanted = max(head.fontMetrics().horizontalAdvance(line) for line in lines) + 14
            if not table.isColumnHidden(at) and wanted > head.sectionSize(at):
                found.append(f"{lines} {wanted} > {head.sectionSize(at)}")
    return found


def cut_off(root: QWidget) -> list[str]:
    """Texts of visible labels and buttons that have less room than they ask for."""
    found: list[str] = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel) or isinstance(widget.parent(), QLineEdit):
            continue
        if isinstance(widget, QLabel) and widget.text():
            wanted = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            wide_enough = widget.wordWrap() or widget.width() >= widget.minimumSizeHint().width()
            if widget.height() < wanted - 1 or not wide_enough:
                found.append(f"{widget.text()!r} {widget.size().toTuple()}")
        elif isinstance(widget, QAbstractButton | QComboBox):
            hint = widget.minimumSizeHint()
            if widget.width() < hint.width() or widget.height() < hint.height() - 2:
                text = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
                found.append(f"{text!r} {widget.size().toTuple()} < {hint.toTuple()}")
    return found


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
@pytest.mark.parametrize("page", [entry.id for entry in ENTRIES])
def test_that_no_text_of_a_page_is_cut_off(shell: Shell, page: str, size: tuple[int, int]) -> None:
    shell.window.resize(*size)
    shell.view.show_page(page)
    settle(shell)
    assert shell.window.size().toTuple() == size
    assert cut_off(shell.window) == []
    assert hints_and_heads(shell.window) == []


@pytest.mark.parametrize("page", ["units", "sheets"])
def test_that_no_hint_and_no_head_of_a_tab_is_cut_off_beside_the_basis(shell: Shell, page: str) -> None:
    assert shell.work is not None
    shell.view.show_page(page)
    shell.work.explain("department", "D1")
    settle(shell)
    front = shell.view.current_page()
    for tab in front.tabs:
        front.show_tab(tab.id)
        settle(shell)
        assert hints_and_heads(shell.window) == [], tab.id


@pytest.mark.parametrize("page", [entry.id for entry in ENTRIES])
def test_that_the_window_stays_within_a_small_screen_beside_the_basis(shell: Shell, page: str) -> None:
    assert shell.work is not None
    shell.view.show_page(page)
    shell.work.explain("department", "D1")
    settle(shell)
    assert shell.window.minimumSizeHint().width() <= 1366
    assert shell.window.size().toTuple() == (1280, 680)


def test_that_the_start_screen_fits(closed_shell: Shell) -> None:
    closed_shell.window.resize(1024, 640)
    closed_shell.begin(None)
    settle(closed_shell)
    assert cut_off(closed_shell.window) == []


def test_that_the_form_of_a_new_year_fits_and_shows_all_its_fields(closed_shell: Shell) -> None:
    from app.ui.new_year import NewYearForm

    closed_shell.new_year()
    (form,) = closed_shell.window.findChildren(NewYearForm)
    form.save_button.click()
    settle(closed_shell)
    assert form.height() <= TALLEST
    assert form.area.verticalScrollBar().maximum() == 0
    assert cut_off(form) == []
    form.reject()
