"""Nothing is cut off on the pages of packages, at the office and at a unit, on a small and on a large screen."""

from __future__ import annotations

import pytest

from tests.services.exchange import pcs
from tests.ui.seats import Computers, Seat, confirm, receive, submit
from tests.ui.test_layout import SIZES, cut_off, hints_and_heads

MARKS = {("P11", "D2", "problems"): "40", ("P11", "D3", "problems"): "41"}
OTHERS = {("P11", "D2", "problems"): "42", ("P11", "D3", "problems"): "43"}


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
def test_that_no_text_is_cut_off_on_any_tab_of_the_office(
    office: Seat, computers: Computers, size: tuple[int, int]
) -> None:
    office.shell.window.resize(*size)
    for tab in ("send", "receive", "outstanding", "traffic"):
        office.page("exchange", tab)
        assert cut_off(office.shell.window) == [], tab
        assert hints_and_heads(office.shell.window) == [], tab
    assert office.shell.window.size().toTuple() == size


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
def test_that_no_text_is_cut_off_at_a_unit_and_in_the_preview(
    office: Seat, unit: Seat, computers: Computers, size: tuple[int, int]
) -> None:
    pcs.mark(unit.services, MARKS)
    pcs.write(unit.services, "D1", problems="调研不深。\n" * 3)
    pcs.mark(office.services, OTHERS)
    for seat in (office, unit):
        seat.shell.window.resize(*size)
    for page in ("tasks", "reports", "sheets", "records"):
        unit.page(page)
        assert cut_off(unit.shell.window) == [], page
        assert hints_and_heads(unit.shell.window) == [], page
    page = unit.page("tasks")
    page.submit.trigger()
    unit.settle()
    assert cut_off(page.form) == [] and hints_and_heads(page.form) == [] and page.form.height() <= 680
    page.form.reject()
    preview = receive(office, submit(unit, computers.stick)).receiving.preview
    assert page.dialog is not None
    for _ in range(2):
        assert cut_off(office.shell.window) == []
        assert hints_and_heads(office.shell.window) == []
        confirm(office, preview)
    assert office.shell.window.size().toTuple() == size == unit.shell.window.size().toTuple()
