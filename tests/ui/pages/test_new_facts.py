"""Every fact of the whole language in the window: events by table, values by period, secret ballots, earlier results."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.schemes import Adjustment, EventKind
from app.services.ballots import BallotEntry
from app.services.container import Services
from app.ui.jobs import Jobs
from app.ui.pages.sheets.earlier import EarlierTab
from app.ui.pages.sheets.events import EventsTab
from app.ui.pages.sheets.office import OfficeTab
from app.ui.pages.sheets.secrecy import SecrecyBand
from app.ui.pages.sheets.vote_tools import codes_html
from app.ui.pages.sheets.votes import VotesTab
from app.ui.workspace import Workspace
from tests.ui.pages import facts_year
from tests.ui.pages.conftest import Settle
from tests.ui.pages.test_sheets_page import opened
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]


@pytest.fixture
def year(awkward_folder: Path) -> Iterator[Services]:
    services = facts_year.create(awkward_folder)
    yield services
    services.close()


@pytest.fixture
def facts(year: Services, jobs: Jobs, notices: RecordingNotices, faults: list[BaseException]) -> Workspace:
    made = Workspace(year, jobs, notices)
    made.schemes = (year.schemes.get("facts"),)
    made.choose_scheme("facts")
    return made


def workbook(path: Path, *lines: str) -> Path:
    """A workbook with these lines, cells between blanks."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in lines:
        sheet.append(line.split(" "))
    book.save(path)
    return path


# ---- events


def test_that_an_event_is_weighed_by_table_factor_and_sharing_while_it_is_typed(
    facts: Workspace, show: Show, settle: Settle
) -> None:
    tab = opened(facts, show, "events", EventsTab)
    tab.edit(None)
    form = tab.form
    form.unit.choose("D1")
    form.kind.setCurrentIndex(form.kind.findData("punished"))
    assert "还没有分值" in form.worth.text()
    form.person_class.setCurrentIndex(form.person_class.findData("班子成员"))
    form.sanction.setCurrentIndex(form.sanction.findData("党内警告"))
    form.shared_by.setText("2")
    assert "扣 1.5 分" in form.worth.text()
    assert "“取消评先资格”不起作用：没有写依据和批准人" in form.worth.text()
    form.counted_in.setText("2025")
    assert "已在 2025 年度计过" in form.worth.text()
    form.counted_in.clear()
    form.title_line.setText("处分一人")
    form.person.setText("张某")
    form.save_button.click()
    settle()
    [event] = facts.services.events.events()
    assert (event.person, event.person_class, event.sanction, event.shared_by) == ("张某", "班子成员", "党内警告", 2)
    [row] = tab.table.contents.rows
    assert (row.score, row.whom) == ("扣 1.5 分", "张某 班子成员 党内警告")


def test_that_the_second_event_of_a_kind_with_steps_counts_as_the_second(
    facts: Workspace, show: Show, settle: Settle
) -> None:
    tab = opened(facts, show, "events", EventsTab)
    for said in ("扣 1 分", "扣 2 分"):
        tab.edit(None)
        form = tab.form
        form.unit.choose("D1")
        form.kind.setCurrentIndex(form.kind.findData("late"))
        assert not form.amount.isEnabled()
        assert said in form.worth.text()
        form.title_line.setText(said)
        form.save_button.click()
        settle()
    assert [row.score for row in tab.table.contents.rows] == ["扣 1 分", "扣 2 分"]


def test_that_a_kind_known_only_to_another_level_is_offered_when_it_acts_there(
    facts: Workspace, show: Show, settle: Settle
) -> None:
    own = facts.schemes[0]
    fault = EventKind(id="fault_below", name="下级失责", amount=Fraction(1))
    idle = EventKind(id="idle", name="上级自己的事项", amount=Fraction(1))
    rule = Adjustment(id="d", name="连带", effect="down", events=("fault_below",), events_of="children")
    upper = replace(own, id="up", level="up", level_name="上一级", event_kinds=(fault, idle), adjustments=(rule,))
    facts.schemes = (own, upper)
    tab = opened(facts, show, "events", EventsTab)
    tab.edit(None)
    form = tab.form
    form.unit.choose("D1")
    assert form.kind.findData("idle") < 0
    form.kind.setCurrentIndex(form.kind.findData("fault_below"))
    assert form.kind.currentText() == "下级失责（作用于上一级）"
    assert "降 1 档（连带）" in form.effect.text()


# ---- values


def columns(tab: OfficeTab) -> list[str]:
    assert tab.grid is not None
    return [column.key for column in tab.grid.contents.columns]


def test_that_items_periods_and_targets_each_have_a_column_and_missing_values_are_counted(
    facts: Workspace, show: Show
) -> None:
    tab = opened(facts, show, "office", OfficeTab)
    assert columns(tab) == [
        "unit",
        "output|上半年|value",
        "output|上半年|target",
        "output|下半年|value",
        "output|下半年|target",
        "own||value",
        "outside||value",
    ]
    assert tab.subtitle.text() == "3 项，已录入 0/20，缺 20"
    tab.kind.setCurrentIndex(tab.kind.findData("self"))
    assert tab.grid is not None
    assert [tab.grid.isColumnHidden(n) for n in range(7)] == [False, True, True, True, True, False, True]


def test_that_a_measured_value_waits_for_its_target_and_is_then_one_change(
    facts: Workspace, show: Show, settle: Settle
) -> None:
    tab = opened(facts, show, "office", OfficeTab)
    tab.basis.setText("统计公报")
    assert tab.grid is not None
    tab.grid.enter_text(0, 1, "90")
    settle()
    assert facts.services.events.office_marks("facts") == ()
    assert tab.subtitle.text().endswith("1 格还缺目标或标准，尚未保存")
    tab.grid.enter_text(0, 2, "120")
    settle()
    [mark] = facts.services.events.office_marks("facts")
    assert (str(mark.value), str(mark.target), mark.period, mark.basis) == ("90", "120", "上半年", "统计公报")
    assert tab.subtitle.text() == "3 项，已录入 1/20，缺 19"
    tab.grid.enter_text(0, 1, "")
    tab.grid.enter_text(0, 2, "")
    settle()
    assert facts.services.events.office_marks("facts") == ()


def test_that_a_pasted_block_of_values_and_targets_is_one_step_to_undo(
    facts: Workspace, show: Show, settle: Settle
) -> None:
    tab = opened(facts, show, "office", OfficeTab)
    tab.basis.setText("统计公报")
    assert tab.grid is not None
    QGuiApplication.clipboard().setText("90\t100\t80\t80\t18\r\n70\t100\t60\t80\t15\r\n")
    tab.grid.setCurrentIndex(tab.grid.contents.index(0, 1))
    tab.grid.paste()
    settle()
    assert len(facts.services.events.office_marks("facts")) == 6
    facts.services.history.undo()
    assert facts.services.events.office_marks("facts") == ()


def test_that_the_basis_of_chosen_values_can_be_changed(facts: Workspace, show: Show, settle: Settle) -> None:
    tab = opened(facts, show, "office", OfficeTab)
    tab.basis.setText("旧台账")
    assert tab.grid is not None
    tab.grid.enter_text(0, 5, "18")
    settle()
    tab.grid.setCurrentIndex(tab.grid.contents.index(0, 5))
    tab.rebase.trigger()
    tab.form.basis.setPlainText("新台账")
    tab.form.save_button.click()
    settle()
    assert [m.basis for m in facts.services.events.office_marks("facts")] == ["新台账"]


def test_that_a_table_of_values_is_shown_before_it_is_taken_in(
    facts: Workspace, show: Show, settle: Settle, awkward_folder: Path
) -> None:
    path = workbook(awkward_folder / "外部.xlsx", "单位编码 outside own", "D1 12 18", "D2 十二 15", "D9 1 1")
    tab = opened(facts, show, "office", OfficeTab)
    tab.basis.setText("组织部函")
    tab.take_in(path)
    settle()
    assert "新增 3，改动 0" in tab.preview.summary.text()
    assert "拒收 3" in tab.preview.summary.text()
    assert len(tab.preview.findings.contents.rows) == 3
    assert facts.services.events.office_marks("facts") == ()
    tab.preview.save.click()
    settle()
    stored = {(m.unit, m.item): str(m.value) for m in facts.services.events.office_marks("facts")}
    assert stored == {("D1", "outside"): "12", ("D1", "own"): "18", ("D2", "own"): "15"}


# ---- votes


def pressed(widget: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(widget, key)


def test_that_a_vote_says_at_once_whether_it_stands(facts: Workspace, show: Show) -> None:
    tab = opened(facts, show, "votes", VotesTab)
    tab.edit(None)
    form = tab.form
    for key, number in (("expected", "10"), ("present", "7"), ("issued", "7"), ("returned", "7")):
        form.numbers[key].setText(number)
    assert form.standing.text() == "不成立：实到 7，应到 10，占 70%，应不少于 80%。"
    form.numbers["present"].setText("8")
    assert form.standing.text().startswith("成立")
    assert "不保存顺序、时间、姓名" in form.findChildren(SecrecyBand)[0].text.text()
    form.reject()


def test_that_numbers_on_ballots_are_counted_number_by_number(facts: Workspace, show: Show, settle: Settle) -> None:
    tab = opened(facts, show, "votes", VotesTab)
    tab.edit(None)
    form = tab.form
    form.name.setText("打分会")
    form.numbers["returned"].setText("10")
    grid = next(g for g in form.grids if g.contents.rows[0].item.id == "score")
    grid.enter_text(0, 1, "9.5*4，8：6")
    assert grid.contents.rows[0].numbers == "9.5×4 8×6"
    assert "全部平" in form.balance.text()
    grid.enter_text(0, 1, "九分")
    assert "请写成“95×4 90×6”" in form.problem.text()
    form.save_button.click()
    settle()
    [session] = facts.services.votes.sessions()
    assert session.counts[0].counts == {"9.5": 4, "8": 6}


def test_that_ballots_are_keyed_in_by_one_key_each_and_taken_in_as_one_box(
    facts: Workspace, show: Show, settle: Settle, notices: RecordingNotices
) -> None:
    facts_year.meeting(facts.services, 6)
    tab = opened(facts, show, "votes", VotesTab)
    tab.table.go_to(lambda session: True)
    tab.ballots.trigger()
    settle()
    box = tab.box
    for voter in range(6):
        for unit in facts_year.UNITS:
            answer = Qt.Key.Key_2 if unit == "D5" and voter > 0 else Qt.Key.Key_1
            pressed(box.pad, answer, Qt.Key.Key_8, Qt.Key.Key_Return)
        pressed(box.pad, Qt.Key.Key_Return)
    assert box.count.text().startswith("已录入 6 张，本次会议还应有 6 张")
    box.save.click()
    settle()
    assert "计票人和监票人" in box.problem.text()
    box.counted_by.setText("甲")
    box.watched_by.setText("乙")
    box.save.click()
    settle()
    [taken] = facts.services.ballots.boxes()
    assert taken.size == 6
    assert notices.asked[-1].text == "收入 6 张。按方案无效 1 张，不符合“至多四家好”1 张（一张可能不符合几条）。"
    [session] = tab.data.sessions
    assert tab.table.contents.texts(0)[-2:] == ("选票 6 张", "计入")
    tab.edit(session)
    assert tab.form.by_ballots and not tab.form.way.isEnabled()
    tab.form.reject()
    tab.withdraw.trigger()
    tab.back.reason.setPlainText("清点有误")
    tab.back.first.setText("甲")
    tab.back.second.setText("乙")
    tab.back.save_button.click()
    settle()
    assert facts.services.ballots.boxes() == ()


def test_that_codes_are_issued_shown_once_and_asked_for(
    facts: Workspace, show: Show, settle: Settle, notices: RecordingNotices
) -> None:
    facts_year.meeting(facts.services, 6)
    tab = opened(facts, show, "votes", VotesTab)
    tab.table.go_to(lambda session: True)
    tools = tab.more
    tools.codes.trigger()
    settle()
    assert tools.form.number.text() == "6"
    tools.form.number.setText("六")
    tools.form.save_button.click()
    assert "1 至 5000" in tools.form.problem.text()
    tools.form.number.setText("7")
    tools.form.save_button.click()
    settle()
    [session] = tab.data.sessions
    assert facts.services.ballots.codes(session.id) == (7, 0)
    codes = tools.issued.text.toPlainText().split("\n")
    assert len(set(codes)) == 7 and all(code in codes_html(codes) for code in codes)
    notices.answers = ["取消"]
    tools.issued.close_button.click()
    assert tools.issued.isVisible() and notices.asked[-1].title == "关闭票码"
    tools.issued.copy_button.click()
    tools.issued.close_button.click()
    settle()
    assert len(notices.asked) == 1
    assert facts.services.ballots.form(session.id).coded


def test_that_the_smallest_box_is_set_within_bounds(facts: Workspace, show: Show, settle: Settle) -> None:
    tab = opened(facts, show, "votes", VotesTab)
    tab.more.minimum.trigger()
    settle()
    form = tab.more.form
    assert form.number.text() == "5"
    form.number.setText("4")
    form.save_button.click()
    assert "5 至 1000" in form.problem.text()
    form.number.setText("8")
    form.save_button.click()
    settle()
    assert facts.services.ballots.minimum() == 8


def test_that_counts_are_shown_by_unit_and_answer_and_small_groups_not_apart(
    facts: Workspace, show: Show, settle: Settle
) -> None:
    session = facts_year.meeting(facts.services, 6)
    tab = opened(facts, show, "votes", VotesTab)
    tab.more.tallies.trigger()
    settle()
    assert tab.more.counts.table.contents.rowCount() == 0
    tab.more.counts.accept()
    form = facts.services.ballots.form(session.id)
    answers = tuple(
        form.answers[item][unit == "D5"][0] if form.answers[item] else "8" for unit, item, _ in form.columns
    )
    facts.services.ballots.take_in(
        BallotEntry(
            session=session.id,
            units=form.units,
            items=form.items,
            ballots=(answers,) * 6,
            counted_by="甲",
            watched_by="乙",
        )
    )
    tab.more.tallies.trigger()
    settle()
    table = tab.more.counts.table.contents
    rows = [table.texts(at) for at in range(table.rowCount())]
    tallies = facts.services.ballots.tallies(session.scheme)
    assert len(rows) == sum(len(tally.counts) for tally in tallies) > 0
    assert {row[4] for row in rows} == {str(tallies[0].valid)}
    facts.services.ballots.set_minimum(7)
    tab.more.tallies.trigger()
    settle()
    assert tab.more.counts.table.contents.rowCount() == 0


def test_that_a_key_for_no_answer_is_told_and_a_half_ballot_is_not_taken_in(
    facts: Workspace, show: Show, settle: Settle
) -> None:
    facts_year.meeting(facts.services, 6)
    tab = opened(facts, show, "votes", VotesTab)
    tab.table.go_to(lambda session: True)
    tab.ballots.trigger()
    settle()
    box = tab.box
    pressed(box.pad, Qt.Key.Key_9)
    assert "只有 3 个选项" in box.problem.text()
    pressed(box.pad, Qt.Key.Key_0)
    box.ballots.append(("",) * 10)
    box.save.setEnabled(True)
    box.save.click()
    assert "还没有录完" in box.problem.text()
    pressed(box.pad, Qt.Key.Key_Backspace)
    assert not box.pad.is_begun
    box.ballots.clear()
    box.reject()


def test_that_ballots_are_read_from_a_workbook_without_names(
    facts: Workspace, show: Show, settle: Settle, awkward_folder: Path, notices: RecordingNotices
) -> None:
    facts_year.meeting(facts.services, 6)
    tab = opened(facts, show, "votes", VotesTab)
    tab.table.go_to(lambda session: True)
    tab.ballots.trigger()
    settle()
    form = facts.services.ballots.form(tab.data.sessions[0].id)
    heads = " ".join(head for _, _, head in form.columns)
    path = workbook(awkward_folder / "选票.xlsx", heads, *[" ".join(["好", "8"] * 5)] * 6)
    notices.files.append(path)
    tab._read_table(tab.data.sessions[0], tab.box._read)  # pyright: ignore[reportPrivateUsage]
    settle()
    assert tab.box.problem.text() == ""
    assert len(tab.box.ballots) == 6
    named = workbook(awkward_folder / "有名.xlsx", f"姓名 {heads}", "张三 " + " ".join(["好", "8"] * 5))
    notices.files.append(named)
    tab._read_table(tab.data.sessions[0], tab.box._read)  # pyright: ignore[reportPrivateUsage]
    settle()
    assert "不能有姓名" in tab.box.problem.text()
    assert len(tab.box.ballots) == 6
    tab.box.ballots.clear()
    tab.box.reject()


# ---- earlier results


def test_that_an_earlier_result_is_entered_and_changed(facts: Workspace, show: Show, settle: Settle) -> None:
    tab = opened(facts, show, "earlier", EarlierTab)
    assert tab.stack.currentIndex() == 0
    tab.edit(None)
    tab.form.unit.choose("D1")
    assert tab.form.year.text() == "2025"
    tab.form.last.setText("末")
    tab.form.save_button.click()
    assert "倒数名次应填整数" in tab.form.problem.text()
    tab.form.last.setText("1")
    tab.form.grade.setCurrentIndex(tab.form.grade.findData("fair"))
    tab.form.save_button.click()
    settle()
    [earlier] = facts.services.earlier.all("facts")
    assert (earlier.year, earlier.grade, earlier.rank_from_last) == (2025, "fair", 1)
    tab.edit(earlier)
    assert not tab.form.unit.isEnabled()
    tab.form.reject()


def test_that_a_pasted_table_of_earlier_results_is_shown_before_it_is_taken_in(
    facts: Workspace, show: Show, settle: Settle
) -> None:
    tab = opened(facts, show, "earlier", EarlierTab)
    QGuiApplication.clipboard().setText(
        "单位编码\t年度\t等次\t名次\r\nD1\t2025\t优秀\t1\r\nD2\t2025\t甲等\t2\r\nD3\t2024\t良好\t3\r\n"
    )
    tab.paste.trigger()
    settle()
    assert "共 2 条" in tab.preview.summary.text()
    [finding] = tab.preview.findings.contents.rows
    assert "甲等" in finding.message
    assert facts.services.earlier.all() == ()
    tab.preview.save.click()
    settle()
    assert [(e.unit, e.year, e.grade) for e in facts.services.earlier.all("facts")] == [
        ("D1", 2025, "best"),
        ("D3", 2024, "good"),
    ]
    assert tab.subtitle.text() == "2 条，2025、2024 年"


def test_that_the_frozen_result_of_last_years_file_is_taken_over(
    facts: Workspace, show: Show, settle: Settle, tmp_path: Path
) -> None:
    old = facts_year.create(tmp_path, year=2025)
    facts_year.fill(old)
    old.results.compute()
    old.results.freeze("审定", "工委")
    old.close()
    tab = opened(facts, show, "earlier", EarlierTab)
    tab.take_year_file(tmp_path / "2025年度.slk")
    settle()
    assert "共 5 条" in tab.preview.summary.text()
    tab.preview.save.click()
    settle()
    first = next(e for e in facts.services.earlier.all("facts") if e.unit == "D1")
    assert (first.year, first.grade, first.rank) == (2025, "best", 1)
