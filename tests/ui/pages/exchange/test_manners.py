"""Manners of the pages of packages: reachable by keyboard, names shown as they are, refusals that lose nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.domain.errors import Fault
from app.domain.facts import Unit
from tests.services.exchange import pcs
from tests.ui.seats import Computers, Seat, Sit, confirm, open_task, receive, send, submit, take

MARKS = {("P11", "D2", "problems"): "40", ("P11", "D3", "problems"): "41"}
OTHERS = {("P11", "D2", "problems"): "42", ("P11", "D3", "problems"): "43"}
STRANGE = "<b>第1局</b> & 子公司"


def unreachable(root: QWidget) -> list[str]:
    """Visible buttons that the Tab key does not reach; among choices it reaches the chosen one, arrows the others."""
    return [
        button.text()
        for button in root.findChildren(QAbstractButton)
        if button.isVisible()
        and button.text()
        and not button.isCheckable()
        and not button.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def guessed(root: QWidget) -> list[str]:
    """Labels that would take a name for mark-up."""
    return [
        one.text()
        for one in root.findChildren(QLabel)
        if "<b>" in one.text() and one.textFormat() is not Qt.TextFormat.PlainText
    ]


def test_that_everything_is_reached_by_keyboard_and_names_are_never_taken_for_markup(
    sit: Sit, awkward_folder: Path
) -> None:
    place, services = pcs.office(awkward_folder)
    known = next(u for u in services.units.units() if u.code == "D1")
    services.units.save_unit(Unit(code="D1", name=STRANGE, level=known.level, order=known.order))
    services.close()
    office = sit(place).begin(place.year)
    stick = awkward_folder / "盘"
    task = send(office, stick, "D1")
    here = pcs.place(awkward_folder, "一局")
    unit = sit(here)
    page = open_task(unit, task, here.year)
    assert STRANGE in unit.shell.view.header.title.text()
    pcs.mark(unit.services, MARKS)
    pcs.mark(office.services, OTHERS)
    preview = receive(office, submit(unit, stick)).receiving.preview
    assert STRANGE in "".join(one.text() for one in preview.findChildren(QLabel))
    confirm(office, preview)
    for root in (office.shell.window, unit.shell.window, page):
        assert unreachable(root) == []
        assert guessed(root) == []


def test_that_what_a_frozen_result_forbids_is_told_and_the_preview_stays(
    office: Seat, unit: Seat, computers: Computers
) -> None:
    pcs.mark(unit.services, MARKS)
    path = submit(unit, computers.stick)
    pcs.fill_in(office.services)
    before = pcs.marks_of(office.services)
    office.services.results.compute()
    office.services.results.freeze("公示", "处长")
    tab = receive(office, path)
    confirm(office, tab.receiving.preview)
    tab.receiving.preview.ruled.emit("theirs")
    office.settle()
    take(office, tab.receiving.preview)
    assert office.notices.asked[-1].title == Fault.CALC_FROZEN.value.title
    assert tab.receiving.currentIndex() == 1
    assert pcs.marks_of(office.services) == before


def test_that_a_preview_that_time_has_overtaken_is_not_applied(office: Seat, unit: Seat, computers: Computers) -> None:
    pcs.mark(unit.services, MARKS)
    tab = receive(office, submit(unit, computers.stick))
    confirm(office, tab.receiving.preview)
    pcs.mark(office.services, OTHERS)
    take(office, tab.receiving.preview)
    assert "重新预览" in office.notices.asked[-1].text
    assert {text for text in pcs.marks_of(office.services).values()} == {"42", "43"}
