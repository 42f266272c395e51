"""评分: import with its preview, progress, the grid, votes, events, values set by the office."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.facts import Exemption
from app.domain.findings import Finding
from app.services.imports.values import CellKind, FileFate, OpenPlan
from app.services.returns import SheetStatus
from app.ui.pages.sheets import words
from app.ui.pages.sheets.events import EventsTab
from app.ui.pages.sheets.grid import FIXED, GridTab
from app.ui.pages.sheets.importing import ImportTab
from app.ui.pages.sheets.office import OfficeTab
from app.ui.pages.sheets.page import SheetsPage
from app.ui.pages.sheets.preview import details_of
from app.ui.pages.sheets.progress import ProgressTab
from app.ui.pages.sheets.votes import VotesTab
from app.ui.tab import Tab
from app.ui.workspace import Workspace
from tests.services import small_year
from tests.ui.pages.conftest import Settle
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]
T = TypeVar("T", bound=Tab)


def opened(work: Workspace, show: Show, tab: str, kind: type[T]) -> T:
    page = SheetsPage(work)
    page.show_tab(tab)
    show(page)
    assert isinstance(page.current, kind)
    page.current._page = page  # type: ignore[attr-defined]  # keeps the page alive as long as its tab
    return page.current


def test_that_every_state_fate_and_kind_of_cell_has_its_word_and_colour() -> None:
    assert set(words.STATUS) == set(words.STATUS_TONES) == set(SheetStatus)
    assert set(words.KINDS) == set(words.KIND_TONES) == set(CellKind)
    assert set(words.FATE) == set(words.FATE_TONES) == set(get_args(FileFate))


# ---- import


def test_that_two_versions_of_a_sheet_are_asked_about_in_the_preview(
    empty_work: Workspace, show: Show, settle: Settle, awkward_folder: Path
) -> None:
    services = empty_work.services
    filled = small_year.send_and_fill(services, awkward_folder)
    form = next(f for f in services.sheets.forms("department") if f.identity.evaluator == "L1")
    blank = awkward_folder / "发出" / filled[form.identity.sheet].name
    second = small_year.fill(form, blank, awkward_folder / "收回" / "另一份.xlsx", {("D1", "problems"): "12"})
    tab = opened(empty_work, show, "import", ImportTab)
    tab.scan([awkward_folder / "收回"])
    settle()
    plan = tab.plan
    assert isinstance(plan, OpenPlan)
    assert not tab.preview.apply.isEnabled()
    assert "问题" in tab.preview.state.text()
    radios = tab.preview.questions.findChildren(QRadioButton)
    next(r for r in radios if r.text().startswith(second.name)).click()
    settle()
    assert tab.preview.apply.isEnabled()
    tab.preview.apply.trigger()
    settle()
    assert tab.data.batches[0].sheets == len(filled)
    block = services.sheets.block("department", "L1")
    assert block is not None and block.origin is not None and block.origin.file == "另一份.xlsx"


def test_that_every_question_is_whole_and_the_tables_keep_their_room_in_a_small_window(
    empty_work: Workspace, show: Show, settle: Settle, awkward_folder: Path
) -> None:
    filled = small_year.send_and_fill(empty_work.services, awkward_folder)
    form = next(f for f in empty_work.services.sheets.forms("department") if f.identity.evaluator == "L1")
    blank = awkward_folder / "发出" / filled[form.identity.sheet].name
    small_year.fill(form, blank, awkward_folder / "收回" / "另一份.xlsx", {("D1", "problems"): "12"})
    tab = opened(empty_work, show, "import", ImportTab)
    tab.window().resize(752, 560)  # 1280 × 680 beside 依据
    tab.scan([awkward_folder / "收回"])
    settle()
    preview = tab.preview
    assert preview.questions.verticalScrollBar().maximum() == 0
    assert preview.files.height() >= 190 and preview.details.height() >= 130
    assert preview.page.verticalScrollBar().maximum() > 0
    file = preview.files.contents.rows[0]
    notes = (Finding("E-XLS-09", file.name, "年度不符"), Finding("E-XLS-13", file.name, "全部空白"))
    shown = [(d.place, d.note) for d in details_of(replace(file, findings=notes, changes=(), reason=""), {})]
    assert shown == [("整份文件", "年度不符"), ("整份文件", "全部空白")], "none is lost, none repeats the file's name"


def test_that_a_batch_is_taken_back_only_with_a_reason(work: Workspace, show: Show, settle: Settle) -> None:
    tab = opened(work, show, "import", ImportTab)
    assert not tab.undo.isEnabled()
    tab.batches.setCurrentIndex(tab.batches.contents.index(0, 0))
    tab.undo.trigger()
    form = next(w for w in tab.findChildren(QWidget) if type(w).__name__ == "ReasonForm")
    form.save_button.click()  # type: ignore[attr-defined]
    settle()
    assert not work.services.sheets.batches()[0].undone
    form.reason.setPlainText("发错了表")  # type: ignore[attr-defined]
    form.save_button.click()  # type: ignore[attr-defined]
    settle()
    assert work.services.sheets.batches()[0].undone
    assert tab.batches.contents.texts(0)[5] == "已撤销"


def test_that_a_folder_without_workbooks_is_said_in_words(
    work: Workspace, show: Show, settle: Settle, notices: RecordingNotices, tmp_path: Path
) -> None:
    tab = opened(work, show, "import", ImportTab)
    (tmp_path / "空").mkdir()
    tab.scan([tmp_path / "空"])
    settle()
    assert [asked.title for asked in notices.asked] == ["没有找到评分表"]


# ---- progress and grid


def test_that_a_cell_of_the_progress_leads_to_its_sheet(work: Workspace, show: Show) -> None:
    tab = opened(work, show, "progress", ProgressTab)
    asked: list[tuple[str, str]] = []
    work.place_wanted.connect(lambda page, target: asked.append((page, target)))
    assert tab.table is not None
    place = next(i for i in range(tab.table.contents.rowCount()) if tab.table.contents.row(i).evaluator == "P2")
    column = next(i for i, c in enumerate(tab.table.contents.columns) if c.key == "department")
    tab.table.clicked.emit(tab.table.contents.index(place, column))
    assert asked == [("sheets", "grid:P2")]


def grid_tab(work: Workspace, show: Show) -> GridTab:
    tab = opened(work, show, "grid", GridTab)
    assert tab.grid is not None
    return tab


def test_that_an_edit_repaints_its_cells_and_the_sum_and_nothing_else(
    work: Workspace, show: Show, settle: Settle
) -> None:
    tab = grid_tab(work, show)
    tab.reason.setText("书面更正")
    assert tab.grid is not None
    painted: list[tuple[int, int]] = []
    resets: list[bool] = []
    tab.grid.contents.dataChanged.connect(lambda a, b: painted.extend({(a.row(), a.column()), (b.row(), b.column())}))
    tab.grid.contents.modelReset.connect(lambda: resets.append(True))
    tab.grid.enter_text(0, FIXED, "11")
    settle()
    assert set(painted) == {(0, FIXED), (0, 1)}
    assert resets == []
    block = work.services.sheets.block("department", tab.evaluator)
    assert block is not None and [(e.after, e.reason) for e in block.edits][-1:] == [("11", "书面更正")]


def test_that_a_correction_says_at_once_what_it_brings(work: Workspace, show: Show, settle: Settle) -> None:
    tab = grid_tab(work, show)
    tab.reason.setText("书面更正")
    assert tab.grid is not None
    tab.grid.enter_text(0, FIXED, "12")
    assert tab.sums.text().startswith("本次更正：") and "总分 " in tab.sums.text()
    settle()
    assert "本次更正：" in tab.sums.text() and "程序内更正" in tab.sums.text()


def test_that_typing_and_enter_write_the_mark_and_go_down(
    work: Workspace, show: Show, settle: Settle, qtbot: QtBot
) -> None:
    tab = grid_tab(work, show)
    tab.reason.setText("录入纸质评分表")
    grid = tab.grid
    assert grid is not None
    grid.setCurrentIndex(grid.contents.index(0, FIXED))
    qtbot.keyClicks(grid, "1")
    editor = grid.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "7")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    settle()
    assert grid.contents.texts(0)[FIXED] == "17"
    assert (grid.currentIndex().row(), grid.currentIndex().column()) == (1, FIXED)
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    settle()
    assert grid.contents.texts(1)[FIXED] == ""
    assert grid.contents.texts(1)[2] == "1", "the row says that one mark is missing"


def test_that_a_block_with_one_wrong_cell_is_not_pasted_at_all(
    work: Workspace, show: Show, settle: Settle, notices: RecordingNotices
) -> None:
    tab = grid_tab(work, show)
    tab.reason.setText("补录")
    assert tab.grid is not None
    before = [tab.grid.contents.texts(i) for i in range(3)]
    QGuiApplication.clipboard().setText("12\r\n99\r\n")
    tab.grid.setCurrentIndex(tab.grid.contents.index(0, FIXED))
    tab.grid.paste()
    settle()
    assert [tab.grid.contents.texts(i) for i in range(3)] == before
    assert notices.asked[0].title == "没有写入任何内容"
    assert "99 高于最高分" in notices.asked[0].text


def test_that_several_cells_filled_at_once_are_one_step_to_undo(work: Workspace, show: Show, settle: Settle) -> None:
    tab = grid_tab(work, show)
    tab.reason.setText("补录")
    assert tab.grid is not None
    QGuiApplication.clipboard().setText("12\r\n13\r\n14\r\n")
    tab.grid.setCurrentIndex(tab.grid.contents.index(0, FIXED))
    tab.grid.paste()
    settle()
    assert [tab.grid.contents.texts(i)[FIXED] for i in range(3)] == ["12", "13", "14"]
    assert "3 处" in (work.services.history.undo_label() or "")
    work.services.history.undo()
    tab.refresh()
    settle()
    assert [tab.grid.contents.texts(i)[FIXED] for i in range(3)] != ["12", "13", "14"]


def test_that_the_current_cell_names_the_file_and_address_it_came_from(work: Workspace, show: Show) -> None:
    tab = grid_tab(work, show)
    block = work.services.sheets.block("department", tab.evaluator)
    assert block is not None and block.origin is not None
    assert (
        f"{block.origin.file} › {block.origin.sheet} › {block.origin.columns[0]}{block.origin.rows[0]}"
        in tab.cell.text()
    )


# ---- votes, events, office


def test_that_the_balance_of_a_vote_is_told_while_typing(work: Workspace, show: Show) -> None:
    tab = opened(work, show, "votes", VotesTab)
    tab.edit(tab.data.sessions[0])
    form = tab.form
    assert "全部平" in form.balance.text()
    form.numbers["invalid"].setText("2")
    assert "票数不平" in form.balance.text()
    form.numbers["returned"].setText("９九")
    assert "应填整数" in form.balance.text()
    form.reject()


def test_that_an_event_says_before_saving_what_it_will_do(work: Workspace, show: Show, settle: Settle) -> None:
    tab = opened(work, show, "events", EventsTab)
    tab.edit(None)
    form = tab.form
    form.unit.setCurrentIndex(form.unit.findData("D2"))
    form.kind.setCurrentIndex(form.kind.findData("inspection"))
    assert form.effect.text() == "降 1 档（整改不到位降一档）。没有依据和批准人就不影响等次。"
    form.kind.setCurrentIndex(form.kind.findData("late"))
    assert form.effect.text() == "每件扣 1 分"
    form.save_button.click()
    assert form.problem.text() == "请用一句话写明发生了什么。"
    form.title_line.setText("材料迟报")
    form.occurred.setText("2026.3.5")
    form.save_button.click()
    settle()
    assert any(e.occurred == "2026-03-05" and e.unit == "D2" for e in work.services.events.events())


def test_that_a_value_of_the_office_needs_a_basis(work: Workspace, show: Show, settle: Settle) -> None:
    tab = opened(work, show, "office", OfficeTab)
    assert tab.grid is not None
    tab.grid.enter_text(0, 1, "3")
    settle()
    assert tab.basis.property("wrong")
    tab.basis.setText("核查表")
    tab.grid.enter_text(0, 1, "3")
    settle()
    mark = next(m for m in work.services.events.office_marks("department") if m.unit == "D1")
    assert (str(mark.value), mark.basis) == ("3", "核查表")


def test_that_a_cell_that_does_not_concern_its_unit_is_shut_and_not_missing(
    work: Workspace, show: Show, settle: Settle, notices: RecordingNotices
) -> None:
    work.services.events.exempt(Exemption(scheme="department", unit="D2", part="office", reason="没有窗口"))
    tab = opened(work, show, "office", OfficeTab)
    assert tab.grid is not None
    cell = tab.grid.contents.index(1, 1)
    assert (cell.data(), cell.data(Qt.ItemDataRole.ToolTipRole)) == ("不适用", "不适用：没有窗口\n已录入的 8 不计入")
    assert not tab.grid.contents.flags(cell) & Qt.ItemFlag.ItemIsEditable
    assert tab.subtitle.text() == "1 项，已录入 2/2，另有 1 格不适用"
    tab.basis.setText("核查表")
    tab.grid.enter_text(1, 1, "3")
    assert "没有窗口" in notices.asked[0].text
    QGuiApplication.clipboard().setText("1\r\n不适用\r\n2\r\n")
    tab.grid.setCurrentIndex(tab.grid.contents.index(0, 1))
    tab.grid.paste()
    settle()
    stored = {m.unit: str(m.value) for m in work.services.events.office_marks("department")}
    assert stored == {"D1": "1", "D2": "8", "D3": "2"}


# ---- ways from elsewhere


def test_that_every_line_of_the_overview_leads_to_a_tab_of_its_level(
    empty_work: Workspace, show: Show, settle: Settle
) -> None:
    page = SheetsPage(empty_work)
    show(page)
    lines = [line for act in empty_work.services.year.overview().acts for line in act.lines if line.page == "sheets"]
    assert lines
    for line in lines:
        page.open_at(line.target)
        settle()
        wanted = "votes" if "没有票数" in line.text else "office" if "没有录入" in line.text else "progress"
        assert page.current.id == wanted, line.text
        scheme = empty_work.scheme_document()
        assert scheme is not None and line.text.startswith(f"{scheme.level_name}："), line.text
