"""发出 and 未回 and 往来: whom a task goes to, who has not answered, what went both ways; results for the office above."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook
from PySide6.QtGui import QGuiApplication

from app.domain.facts import Unit
from app.ui.packages.passphrase import NewPassphrase
from app.ui.pages.overview import LineButton
from tests.services.exchange import pcs
from tests.services.exchange.test_results_up import below
from tests.ui.seats import Computers, Seat, Sit, confirm, receive, submit, take


def test_that_the_page_shows_whom_a_task_could_go_to_and_how_far_it_is(office: Seat) -> None:
    tab = office.page("exchange", "send")
    assert [(r.unit, r.report, r.sheets, bool(r.sent_at)) for r in tab.table.contents.rows] == [
        ("D1", True, 2, True),
        ("D2", True, 2, True),
        ("D3", True, 2, False),
    ]
    assert tab.subtitle.text() == "3 个单位，1 个还没有发出，0 个已交回"
    assert office.shell.work is not None
    office.shell.work.choose_scheme("branch")
    office.settle()
    assert tab.stack.currentIndex() == 0 and not tab.send_all.isEnabled()
    tab.which.setCurrentIndex(1)
    tab.narrow()
    assert tab.table.contents.rowCount() == 3


def test_that_a_passphrase_is_typed_twice_and_the_folder_must_be_there(office: Seat, computers: Computers) -> None:
    tab = office.page("exchange", "send")
    tab.send_all.trigger()
    form = tab.form
    assert form is not None and "3" in form.save_button.text() and form.height() <= 680
    form.save_button.click()
    assert "选择写到哪个文件夹" in form.problem.text()
    form.folder.line.setText(str(computers.root / "没有"))
    form.save_button.click()
    assert "不存在" in form.problem.text()
    office.notices.files = [computers.stick]
    form.folder.choose()
    phrase: NewPassphrase = form.phrase
    phrase.first.setText("一二三四五六七八")
    form.save_button.click()
    assert "不一致" in form.problem.text()
    phrase.first.setText("短")
    phrase.second.setText("短")
    form.save_button.click()
    assert "太短" in form.problem.text()
    assert list(computers.stick.iterdir()) == []
    phrase.first.setText("一二三四五六七八")
    phrase.second.setText("一二三四五六七八")
    form.save_button.click()
    office.settle()
    made = sorted(computers.stick.glob("*.slp"))
    assert len(made) == 3 and "3 个任务包已写到" in tab.done_text.text()
    assert office.services.exchange.own_code() in tab.done_text.text()
    assert all(p.locked for p in office.services.exchange.scan(made).packages)


def test_that_who_has_not_answered_is_listed_copied_and_printed(office: Seat, unit: Seat, computers: Computers) -> None:
    tab = office.page("exchange", "outstanding")
    assert [r.unit for r in tab.table.contents.rows] == ["D1", "D2"]
    tab.copy.trigger()
    assert QGuiApplication.clipboard().text().count("\r\n") == 3
    preview = receive(office, submit(unit, computers.stick)).receiving.preview
    confirm(office, preview)
    take(office, preview)
    tab = office.page("exchange", "outstanding")
    assert [r.unit for r in tab.table.contents.rows] == ["D2"]
    path = computers.stick / "催交清单.xlsx"
    office.notices.files = [path]
    tab.export.trigger()
    office.settle()
    cells = {str(c.value) for row in load_workbook(path).active.iter_rows() for c in row if c.value}
    assert "第2局" in cells and "第1局" not in cells
    assert any(str(path) in line for line in office.notices.lines)


def test_that_the_first_page_leads_to_who_has_not_answered(office: Seat) -> None:
    desk = office.page("desk")
    line = next(b for b in desk.findChildren(LineButton) if "没有交回任务" in b.accessibleName())
    line.click()
    office.settle()
    assert office.shell.view.page == "exchange"
    assert office.shell.view.current_page().current.id == "outstanding"


def test_that_everything_that_went_both_ways_is_listed_and_trust_can_be_taken_back(
    office: Seat, unit: Seat, computers: Computers
) -> None:
    tab = office.page("exchange", "traffic")
    assert {r.way for r in tab.table.contents.rows} == {"out"}
    assert tab.code.text() == office.services.exchange.own_code()
    preview = receive(office, submit(unit, computers.stick)).receiving.preview
    confirm(office, preview)
    take(office, preview)
    tab = office.page("exchange", "traffic")
    assert [r.way for r in tab.table.contents.rows] == ["in", "out", "out"]
    tab.which.setCurrentIndex(2)
    tab.which.activated.emit(2)
    assert tab.table.contents.rowCount() == 1
    tab.copy_code.trigger()
    assert QGuiApplication.clipboard().text() == tab.code.text()
    assert not tab.forget.isEnabled()
    tab.senders.selectRow(0)
    tab.forget.trigger()
    (form,) = tab.findChildren(type(_reason(tab)))
    form.reason.setPlainText("电脑报废")
    form.save_button.click()
    office.settle()
    assert office.services.exchange.senders() == ()
    again = receive(office, submit(unit, computers.stick)).receiving.preview
    assert again.plan is not None and [q.kind for q in again.plan.questions] == ["unknown_sender"]


def _reason(tab: object) -> object:
    from app.ui.widgets.reasons import ReasonForm

    (form,) = tab.findChildren(ReasonForm)  # type: ignore[attr-defined]
    return form


# ---- results up


@pytest.fixture
def branches(sit: Sit, computers: Computers) -> Seat:
    """The department's own year file, in which it has run the review of its branches."""
    here, services = below(computers.root, "D1支部", "D1")
    services.close()
    return sit(here).begin(here.folder / "支部考核.slk")


def test_that_a_lower_office_sends_its_results_to_the_one_above(
    office: Seat, branches: Seat, computers: Computers
) -> None:
    tab = branches.page("exchange", "send")
    branches.notices.files = [computers.tasks["D1"]]
    branches.notices.answers = ["选择文件…"]
    tab.results_up.trigger()
    branches.settle()
    form = tab.up.form
    assert form is not None and form.height() <= 680
    form.folder.line.setText(str(computers.stick))
    form.save_button.click()
    branches.settle()
    assert "结果包" in tab.done_text.text() and pcs.OFFICE in tab.done_text.text()
    (path,) = computers.stick.glob("*.slp")
    preview = receive(office, path).receiving.preview
    confirm(office, preview)
    take(office, preview)
    assert {e.unit for e in office.services.earlier.all("branch")} == {"B11", "B12"}

    # the next time the office above is known
    branches.notices.answers = ["还报给它"]
    tab.results_up.trigger()
    branches.settle()
    assert "上次报给" in branches.notices.asked[-1].text
    tab.up.form.reject()


def test_that_results_that_do_not_fit_the_facts_are_not_sent(branches: Seat, computers: Computers) -> None:
    branches.services.units.save_unit(Unit(code="B13", name="第1局第3支部", level="branch", parent="D1"))
    tab = branches.page("exchange", "send")
    branches.notices.files = [computers.tasks["D1"]]
    branches.notices.answers = ["选择文件…"]
    tab.results_up.trigger()
    branches.settle()
    form = tab.up.form
    assert form is not None
    form.folder.line.setText(str(computers.stick))
    form.save_button.click()
    branches.settle()
    assert "先计算" in branches.notices.asked[-1].text
    assert list(computers.stick.iterdir()) == []
