"""单位与评议人: paste, delete, relations in the form, and who rates whom changed by hand."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.facts import Unit, UnitRelation
from app.ui.colours import BAD_TONE, WARN_TONE
from app.ui.pages.units.assign_form import AssignForm, TakeOutForm
from app.ui.pages.units.coverage import CoverageTab
from app.ui.pages.units.forms import EvaluatorForm, UnitForm
from app.ui.pages.units.page import UnitsPage
from app.ui.pages.units.register import EvaluatorsTab, UnitsTab
from app.ui.widgets.picker import Picker
from app.ui.workspace import Workspace
from tests.ui.pages.conftest import Settle
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]


@pytest.fixture
def page(empty_work: Workspace, show: Show) -> UnitsPage:
    """The page over a year with schemes and register only."""
    made = UnitsPage(empty_work)
    show(made)
    return made


@pytest.fixture
def units(page: UnitsPage) -> UnitsTab:
    tab = page.tab("units")
    assert isinstance(tab, UnitsTab)
    return tab


@pytest.fixture
def evaluators(page: UnitsPage, settle: Settle) -> EvaluatorsTab:
    page.show_tab("evaluators")
    settle()
    tab = page.tab("evaluators")
    assert isinstance(tab, EvaluatorsTab)
    return tab


@pytest.fixture
def matrix(page: UnitsPage, settle: Settle) -> CoverageTab:
    page.show_tab("coverage")
    settle()
    tab = page.tab("coverage")
    assert isinstance(tab, CoverageTab)
    return tab


# ---- paste and delete


def test_that_ctrl_v_in_the_table_previews_what_was_copied_in_excel(
    units: UnitsTab, settle: Settle, qtbot: QtBot, empty_work: Workspace
) -> None:
    QGuiApplication.clipboard().setText("编码\t名称\t排序号\r\nD1\t第一局\t1\r\nD2\t第2局\t二\r\n")
    qtbot.keyClick(units.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle()
    table = units.dialog.lines["unit"]
    shown = {table.contents.row(i).code: table.contents.row(i) for i in range(table.contents.rowCount())}
    columns = {c.key: c for c in table.contents.columns}
    name, order = columns["名称"], columns["排序号"]
    assert name.tone is not None and order.tone is not None and name.tip is not None and order.tip is not None
    assert (name.tone(shown["D1"]), name.tip(shown["D1"])) == (WARN_TONE, "名称：第1局 → 第一局")
    assert (order.tone(shown["D2"]), order.tip(shown["D2"])) == (BAD_TONE, "“二”不是整数。")
    assert not units.dialog.apply_button.isEnabled()
    assert units.dialog.tabs.tabText(0) == "问题（1）"
    units.dialog.reject()
    QGuiApplication.clipboard().setText("编码\t名称\r\nD1\t第一局\r\n")
    units.paste.trigger()
    settle()
    units.dialog.apply_button.click()
    settle()
    assert {u.code: u.name for u in empty_work.services.units.units()}["D1"] == "第一局"
    assert empty_work.services.history.undo_label() == "导入名册：1 个单位，0 名评议人"


def test_that_an_empty_clipboard_says_what_to_do(units: UnitsTab, notices: RecordingNotices) -> None:
    QGuiApplication.clipboard().clear()
    units.paste.trigger()
    assert "按 Ctrl+C" in notices.lines[-1]


def test_that_delete_asks_and_what_hangs_on_a_unit_is_told_instead(
    units: UnitsTab, settle: Settle, qtbot: QtBot, notices: RecordingNotices, empty_work: Workspace
) -> None:
    assert not units.delete.isEnabled()
    units.table.selectRow(0)
    assert units.delete.isEnabled()
    qtbot.keyClick(units.table, Qt.Key.Key_Delete)
    settle()
    assert notices.asked[-1].title == "不能删除单位" and "以它为上级" in notices.asked[-1].details
    empty_work.services.units.save_unit(Unit(code="D9", name="临时局", level="department", order=9))
    units.refresh()
    settle()
    assert units.table.go_to(lambda u: u.code == "D9")
    units.delete.trigger()
    settle()
    assert notices.asked[-1].title == "删除 1 个单位？" and "可以撤销" in notices.asked[-1].text
    assert "D9" not in {u.code for u in empty_work.services.units.units()}


def test_that_evaluators_are_deleted_together(
    evaluators: EvaluatorsTab, settle: Settle, notices: RecordingNotices, empty_work: Workspace
) -> None:
    evaluators.table.selectAll()
    notices.answers = ["取消"]
    evaluators.delete.trigger()
    settle()
    assert len(empty_work.services.units.evaluators()) == 5
    evaluators.delete.trigger()
    settle()
    assert empty_work.services.units.evaluators() == ()


# ---- forms


def test_that_a_picker_finds_by_initials_and_code_and_refuses_what_is_no_choice(qtbot: QtBot) -> None:
    picker = Picker((("", "（无）"), ("D1", "市晨光局"), ("D2", "市远山局")), "D1")
    qtbot.addWidget(picker)
    assert picker.code() == "D1"
    field = picker.lineEdit()
    assert field is not None
    field.clear()
    qtbot.keyClicks(field, "ysj")
    assert picker.found() == ["市远山局　D2"] and picker.code() == "D2"
    field.clear()
    qtbot.keyClicks(field, "d1")
    assert picker.code() == "D1"
    picker.setEditText("别的局")
    assert picker.code() is None
    picker.setEditText("局")
    assert picker.code() is None  # two fit
    picker.setEditText("")
    assert picker.code() == ""


def test_that_relations_are_entered_in_the_window(
    evaluators: EvaluatorsTab, settle: Settle, empty_work: Workspace
) -> None:
    leader = next(e for e in evaluators.data.evaluators if e.code == "L1")
    evaluators.edit(leader)
    form = evaluators.form
    assert isinstance(form, EvaluatorForm)
    for code in ("D1", "D3"):
        form.relations.unit.choose(code)
        form.relations.add_button.click()
    form.relations.unit.choose("D2")
    form.save_button.click()
    assert "还没有加入" in form.problem.text()
    form.relations.unit.choose("\0")
    form.relations.list.setCurrentRow(0)
    form.relations.remove_button.click()
    form.save_button.click()
    settle()
    saved = next(e for e in empty_work.services.units.evaluators() if e.code == "L1")
    assert saved.relations == (UnitRelation(unit="D3", relation="in_charge"),)
    row = next(i for i, e in enumerate(evaluators.table.contents.rows) if e.code == "L1")
    assert "第3局" in evaluators.table.contents.texts(row)


def test_that_a_unit_gets_its_further_bodies_ties_and_date(
    units: UnitsTab, settle: Settle, empty_work: Workspace
) -> None:
    units.edit(next(u for u in units.data.units if u.code == "B11"))
    form = units.form
    assert isinstance(form, UnitForm)
    form.participation.setCurrentIndex(form.participation.findData("new"))
    form.reason.setText("三月成立")
    form.since.setText("三月")
    form.save_button.click()
    assert "应填年月日" in form.problem.text()
    form.since.setText("2026.3.1")
    form.bodies.unit.choose("D2")
    form.bodies.add_button.click()
    form.links.unit.choose("D3")
    assert form.links.word is not None and not hasattr(form.links.word, "addItem")
    form.links.word.setText("联合项目")  # type: ignore[union-attr]
    form.links.add_button.click()
    form.save_button.click()
    settle()
    saved = next(u for u in empty_work.services.units.units() if u.code == "B11")
    assert (saved.since, saved.reports_to) == ("2026-03-01", ("D2",))
    assert [(k.unit, k.name) for k in saved.links] == [("D3", "联合项目")]


# ---- who rates whom


def select(tab: CoverageTab, *cells: tuple[str, str]) -> None:
    assert tab.matrix is not None
    tab.matrix.clearSelection()
    model = tab.matrix.contents
    for evaluator, unit in cells:
        row = next(i for i in range(model.rowCount()) if model.row(i).evaluator.code == evaluator)
        column = next(i for i, c in enumerate(model.columns) if c.key == unit)
        index = model.index(row, column)
        tab.matrix.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)


def text_at(tab: CoverageTab, evaluator: str, unit: str) -> str:
    assert tab.matrix is not None
    model = tab.matrix.contents
    row = next(i for i, r in enumerate(model.rows) if r.evaluator.code == evaluator)
    return model.texts(row)[next(i for i, c in enumerate(model.columns) if c.key == unit)]


def test_that_the_rules_stand_above_the_matrix_in_words(matrix: CoverageTab) -> None:
    rows = [matrix.rules.contents.texts(i) for i in range(len(matrix.rules.contents.rows))]
    assert rows[1] == ("B", "同级", "peer评全部部门，本单位回避。", "3 人", "3 份", "2 票", "足够")


def test_that_a_stated_number_shows_thin_cells(matrix: CoverageTab, settle: Settle) -> None:
    matrix.at_least.setValue(3)
    settle()
    assert matrix.rules.contents.texts(0)[-1] == "3 家人过少"
    assert matrix.counts is not None
    assert matrix.counts.contents.rows[0].tone(0) == WARN_TONE
    assert "6 处人过少" in matrix.subtitle.text()


def test_that_cells_are_taken_out_with_a_reason_shown_and_given_back(matrix: CoverageTab, settle: Settle) -> None:
    select(matrix, ("L1", "D2"), ("L2", "D2"))
    assert matrix.hand.take_out.isEnabled() and not matrix.hand.restore.isEnabled()
    matrix.hand.take_out.trigger()
    assert isinstance(matrix.hand.form, TakeOutForm)
    matrix.hand.form.save_button.click()
    assert "请写明理由" in matrix.hand.form.problem.text()
    matrix.hand.form.reason.setPlainText("申请回避")
    matrix.hand.form.save_button.click()
    settle()
    assert text_at(matrix, "L1", "D2") == "×" and text_at(matrix, "L1", "D1") == "A"
    assert matrix.rules.contents.texts(0)[-1] == "1 家无人评"
    assert matrix.hand.all_of_them.text() == "手工调整（2）…"
    matrix.hand.all_of_them.trigger()
    assert matrix.hand.dialog.table.contents.texts(0)[:5] == ("领导1", "第2局", "领导", "不评", "申请回避")
    matrix.hand.dialog.table.selectRow(0)
    matrix.hand.dialog.restore_button.click()
    settle()
    assert text_at(matrix, "L1", "D2") == "A" and text_at(matrix, "L2", "D2") == "×"
    select(matrix, ("L2", "D2"))
    matrix.hand.restore.trigger()
    settle()
    assert text_at(matrix, "L2", "D2") == "A" and not matrix.hand.all_of_them.isEnabled()


def test_that_somebody_is_put_in_by_name_and_who_must_not_score_is_refused(matrix: CoverageTab, settle: Settle) -> None:
    matrix.hand.add.trigger()
    form = matrix.hand.form
    assert isinstance(form, AssignForm) and form.evaluator is not None and form.unit is not None
    form.evaluator.choose("P1")
    form.unit.choose("D1")
    form.group.setCurrentIndex(form.group.findData("leaders"))
    form.reason.setPlainText("代领导评")
    form.save_button.click()
    settle()
    assert text_at(matrix, "P1", "D1") == "A*"
    select(matrix, ("P2", "D2"))
    matrix.hand.add.trigger()
    assert isinstance(matrix.hand.form, AssignForm)
    assert matrix.hand.form.group.currentData() == "peers"
    matrix.hand.form.group.setCurrentIndex(matrix.hand.form.group.findData("leaders"))
    matrix.hand.form.reason.setPlainText("试")
    matrix.hand.form.save_button.click()
    settle()
    assert text_at(matrix, "P2", "D2") == "A*"


def test_that_the_search_finds_evaluators_and_units_by_code_and_pinyin(matrix: CoverageTab) -> None:
    assert matrix.matrix is not None and matrix.counts is not None
    matrix.search.setText("sj2")
    assert [matrix.matrix.contents.row(i).evaluator.code for i in range(matrix.matrix.contents.rowCount())] == ["P2"]
    assert matrix.counts.contents.rowCount() == 3
    matrix.search.setText("D3")
    assert [matrix.counts.contents.row(i).unit.code for i in range(matrix.counts.contents.rowCount())] == ["D3"]
    matrix.search.setText("")
    assert matrix.matrix.contents.rowCount() == 5


def test_that_lines_of_the_register_are_pasted_said_and_given_up_for_the_rule(
    evaluators: EvaluatorsTab, matrix: CoverageTab, settle: Settle
) -> None:
    QGuiApplication.clipboard().setText("评议人\t方案\t单位\r\n领导1\tdepartment\t第1局\r\n")
    evaluators.paste_lines.trigger()
    settle()
    evaluators.dialog.apply_button.click()
    settle()
    assert text_at(matrix, "L1", "D2") == "" and text_at(matrix, "L1", "D1") == "A"
    assert "1 人按名册的“谁评谁”" in matrix.subtitle.text()
    select(matrix, ("L2", "D1"))
    assert not matrix.hand.drop.isEnabled()
    select(matrix, ("L1", "D1"))
    matrix.hand.drop.trigger()
    settle()
    assert text_at(matrix, "L1", "D2") == "A"


def test_that_a_step_by_hand_is_no_other_rule(
    matrix: CoverageTab, notices: RecordingNotices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.pages.units.hand_changes.MOST_CELLS", 5)
    assert matrix.matrix is not None
    matrix.matrix.selectAll()
    assert matrix.matrix.selected_count() == 20
    matrix.hand.take_out.trigger()
    assert "改方案的规则" in notices.lines[-1]
    assert not hasattr(matrix.hand, "form")
