"""A task package on its way into the window: chosen, dropped, named at the start; locked, foreign, opened before."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap import _may_be_a_file
from app.ui.packages.passphrase import UnlockForm
from app.ui.pages.tasks import TasksPage
from tests.services.exchange import pcs
from tests.services.exchange.conftest import started
from tests.ui.seats import Computers, Seat, Sit, computers, form_of_task, office, open_task, sit, submit, unit
from tests.ui.test_layout import cut_off

__all__ = ["computers", "office", "sit", "started", "unit"]


@pytest.fixture
def empty(sit: Sit, computers: Computers) -> Seat:
    """A window at a computer where nothing was opened yet."""
    seat = sit(pcs.place(computers.root, "新电脑"))
    seat.shell.begin(None)
    seat.settle()
    return seat


def test_that_the_start_screen_opens_a_task_and_says_what_it_is_first(
    empty: Seat, computers: Computers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: computers.root / "新电脑")
    empty.notices.files = [computers.tasks["D1"]]
    empty.shell.window.start.task.click()
    empty.settle()
    form = form_of_task(empty)
    assert form.height() <= 680 and cut_off(form) == []
    said = {form.fields.itemAt(row, form.fields.ItemRole.FieldRole).widget() for row in range(7)}
    texts = [getattr(w, "text", str)() for w in said]
    assert "第1局（D1）" in texts and pcs.OFFICE in texts
    assert "述职报告 1 份、评分表 2 份、清单事项 1 条" in texts, texts
    assert form.path.text() == str(computers.root / "新电脑" / "2026年度 第1局.slk")
    form.save_button.click()
    empty.settle()
    assert isinstance(empty.shell.view.current_page(), TasksPage)
    assert (computers.root / "新电脑" / "2026年度 第1局.slk").is_file()
    assert empty.shell.files.path is not None


def test_that_a_unit_that_has_begun_takes_the_package_into_its_year_file(
    empty: Seat, unit: Seat, office: Seat, computers: Computers
) -> None:
    pcs.fill_in(unit.services)
    unit.shell.close_year()
    unit.settle()
    newer = office.services.exchange.send_tasks(computers.stick, ["D1"]).value.files[0]
    unit.shell.window.dropped.emit([newer])
    unit.settle()
    form = form_of_task(unit)
    form.path.setText(str(computers.units["D1"].year))
    assert form.existing.isVisible()
    form.save_button.click()
    assert "打开已有文件并接收" in form.problem.text()
    form.existing.click()
    unit.settle()
    page = unit.shell.view.current_page()
    assert isinstance(page, TasksPage) and page.receiving.currentIndex() == 1
    assert page.receiving.preview.apply.isEnabled()
    page.receiving.preview.apply.trigger()
    unit.settle()
    assert len(pcs.marks_of(unit.services)) == 8
    assert [p.sequence for p in unit.services.exchange.packages().received] == [2, 1]


def test_that_a_package_opened_from_the_menu_goes_into_the_year_that_is_open(
    unit: Seat, office: Seat, computers: Computers
) -> None:
    newer = office.services.exchange.send_tasks(computers.stick, ["D1"]).value.files[0]
    unit.notices.files = [newer]
    unit.shell.menus.task.trigger()
    unit.settle()
    form = form_of_task(unit)
    form.path.setText(str(computers.units["D1"].year))
    form.existing.click()
    unit.settle()
    page = unit.shell.view.current_page()
    assert isinstance(page, TasksPage) and page.receiving.currentIndex() == 1
    assert unit.notices.asked == []


def test_that_a_locked_task_asks_for_its_passphrase_until_it_opens(
    empty: Seat, office: Seat, computers: Computers
) -> None:
    locked = office.services.exchange.send_tasks(computers.stick, ["D3"], "八个字的口令一二").value.files[0]
    empty.shell.window.dropped.emit([locked])
    empty.settle()
    (form,) = empty.shell.window.findChildren(UnlockForm)
    form.save_button.click()
    assert "请输入口令" in form.problem.text()
    form.phrase.setText("不是这个口令啊啊")
    form.save_button.click()
    empty.settle()
    assert form.isVisible() and "口令不对" in form.problem.text()
    form.phrase.setText("八个字的口令一二")
    form.save_button.click()
    empty.settle()
    task = form_of_task(empty)
    task.path.setText(str(computers.root / "新电脑" / "三局"))
    task.save_button.click()
    empty.settle()
    assert empty.services.year.info().own_unit == "D3"
    assert (computers.root / "新电脑" / "三局.slk").is_file()


def test_that_a_return_package_is_sent_to_where_it_belongs(empty: Seat, unit: Seat, computers: Computers) -> None:
    path = submit(unit, computers.stick)
    empty.shell.take_files([path])
    empty.settle()
    assert empty.notices.asked[-1].title == "不是任务包"
    assert "交换 › 收回" in empty.notices.asked[-1].text
    assert empty.shell.work is None


def test_that_a_damaged_or_missing_package_is_told_and_the_start_screen_stays(
    empty: Seat, computers: Computers
) -> None:
    cut = computers.stick / "剪断.slp"
    cut.write_bytes(computers.tasks["D1"].read_bytes()[:-50])
    for path in (cut, computers.stick / "没有.slp"):
        empty.shell.take_files([path])
        empty.settle()
    assert len(empty.notices.asked) == 2 and "E-PKG-08" in empty.notices.asked[0].text
    assert empty.shell.window.middle.currentWidget() is empty.shell.window.start


def test_that_a_folder_that_is_gone_keeps_the_form_open(empty: Seat, computers: Computers) -> None:
    empty.shell.take_files([computers.tasks["D1"]])
    empty.settle()
    form = form_of_task(empty)
    form.path.setText(str(computers.stick / "没有" / "年度.slk"))
    form.save_button.click()
    assert form.isVisible() and "文件夹不存在" in form.problem.text()
    form.reject()


def test_that_the_program_started_with_a_package_opens_the_window(sit: Sit, computers: Computers) -> None:
    assert _may_be_a_file(r"D:\任务包_没有了.slp")
    place = pcs.place(computers.root, "另一台")
    page = open_task(sit(place), computers.tasks["D2"], place.year)
    assert page.data is not None and page.data.info.own_unit == "D2"


def test_that_packages_dropped_on_the_office_window_come_to_the_preview(
    office: Seat, unit: Seat, computers: Computers
) -> None:
    path = submit(unit, computers.stick)
    office.shell.window.dropped.emit([path])
    office.settle()
    assert office.shell.view.page == "exchange"
    tab = office.shell.view.current_page().current
    assert tab.id == "receive" and tab.receiving.currentIndex() == 1
