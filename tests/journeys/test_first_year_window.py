"""The first year through the real window, from the shipped sample files: sheets with faults, votes, 降档, export, reopening."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.results import Step
from app.domain.sheets import SheetForm
from app.files.excel import file_name
from app.files.excel.filling import filled
from app.services.imports.values import ReadyPlan
from app.services.sheets import SheetStatus
from app.ui import style
from app.ui.basis import StepView
from app.ui.charts.chart import Chart
from app.ui.new_year import NewYearForm
from app.ui.pages.charts import ChartsPage
from app.ui.pages.results import ResultsPage
from app.ui.pages.sheets import SheetsPage
from app.ui.pages.sheets.events import EventsTab
from app.ui.pages.sheets.grid import GridTab
from app.ui.pages.sheets.importing import ImportTab
from app.ui.pages.sheets.office import OfficeTab
from app.ui.pages.sheets.send import SendTab
from app.ui.pages.sheets.vote_form import VoteForm, vote_items
from app.ui.pages.sheets.votes import VotesTab
from app.ui.pages.units.page import UnitsPage
from app.ui.shell import Shell
from app.ui.tab import Tab, TabbedPage
from app.ui.workspace import Workspace
from tests.journeys.test_headless_year import SAMPLES, answers
from tests.ui.recording_notices import RecordingNotices
from tests.ui.settling import settle

W = TypeVar("W", bound=QWidget)
T = TypeVar("T", bound=Tab)
TITLE = "2026年度样例市三级联述联评联考"


class Journey:
    """One person at the window."""

    def __init__(self, shell: Shell, notices: RecordingNotices, folder: Path) -> None:
        self.shell, self.notices, self.folder = shell, notices, folder

    @property
    def work(self) -> Workspace:
        assert self.shell.work is not None
        return self.shell.work

    def page(self, page: str, kind: type[W]) -> W:
        self.shell.view.navigation.chosen.emit(page)
        settle(self.shell)
        shown = self.shell.view.current_page()
        assert isinstance(shown, kind)
        return shown

    def tab(self, name: str, kind: type[T]) -> T:
        page = self.page("sheets", SheetsPage)
        assert isinstance(page, TabbedPage)
        page.bar.setCurrentIndex(next(i for i, tab in enumerate(page.tabs) if tab.id == name))
        settle(self.shell)
        assert isinstance(page.current, kind)
        return page.current

    def level(self, scheme: str) -> None:
        levels = self.shell.view.header.levels
        levels.setCurrentIndex(levels.findData(scheme))
        levels.activated.emit(levels.currentIndex())
        settle(self.shell)
        assert self.work.scheme == scheme

    def dialog(self, kind: type[W]) -> W:
        settle(self.shell)
        return next(d for d in self.shell.window.findChildren(kind) if d.isVisible())

    def nothing_went_wrong(self) -> None:
        assert self.notices.faults == []
        assert self.notices.asked == []


@pytest.fixture
def journey(
    qapp: QApplication,
    closed_shell: Shell,
    notices: RecordingNotices,
    awkward_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Journey:
    monkeypatch.setenv("SLK_HOME", str(awkward_folder / "own"))
    if not qapp.styleSheet():
        style.dress(qapp)
    closed_shell.begin(None)
    settle(closed_shell)
    return Journey(closed_shell, notices, awkward_folder)


def test_the_first_year_from_the_sample_files_to_a_reopened_result(journey: Journey) -> None:
    year = a_new_year_from_the_samples(journey)
    everybody_is_rated(journey)
    forms = sheets_go_out(journey)
    faulty = sheets_come_back_with_faults(journey, forms)
    the_refused_cell_is_entered_by_hand_and_undone_and_redone(journey, faulty)
    votes_and_office_values_are_entered(journey)
    best = first_result(journey)
    an_inspection_lowers_the_best(journey, best)
    the_way_leads_down_to_a_cell_of_a_returned_workbook(journey, best)
    the_bars_lead_to_the_same_explanation(journey, best)
    shown = the_exported_workbook_shows_what_the_screen_shows(journey)
    the_year_is_the_same_after_reopening(journey, year, shown)


# ---- the stages


def a_new_year_from_the_samples(journey: Journey) -> Path:
    journey.shell.window.start.new_wanted.emit()
    form = journey.dialog(NewYearForm)
    form.title.setText(TITLE)
    form.who.setText("考核办李工")
    form.choose_all()
    form.register.setText(str(SAMPLES / "名册.xlsx"))
    year = journey.folder / "2026年度 #1.slk"
    form.path.setText(str(year))
    form.save_button.click()
    settle(journey.shell)
    journey.nothing_went_wrong()
    assert journey.shell.view.header.title.text() == TITLE
    return year


def everybody_is_rated(journey: Journey) -> None:
    page = journey.page("units", UnitsPage)
    page.show_tab("coverage")
    settle(journey.shell)
    assert "无人评" not in page.current.subtitle.text()


def sheets_go_out(journey: Journey) -> tuple[SheetForm, ...]:
    tab = journey.tab("send", SendTab)
    tab.which.setCurrentIndex(tab.which.findData("all"))
    journey.notices.files = [journey.folder / "发出"]
    tab.send_all.trigger()
    settle(journey.shell)
    forms = journey.work.services.sheets.forms()
    assert f"已写出 {len(forms)} 份" in tab.done_text.text()
    assert all(state.status is SheetStatus.SENT for state in journey.work.services.sheets.progress().sheets)
    return forms


def sheets_come_back_with_faults(journey: Journey, forms: tuple[SheetForm, ...]) -> SheetForm:
    """One cell is a sentence, one file is no workbook; the others are filled in."""
    back = journey.folder / "收回"
    back.mkdir()
    for form in forms:
        blank = journey.folder / "发出" / file_name(form)
        (back / blank.name).write_bytes(filled(blank.read_bytes(), form, answers(form)))
    faulty = next(f for f in forms if f.identity.scheme == "department" and not f.units[0].recused)
    wrong = answers(faulty) | {(faulty.units[0].code, faulty.items[0].id): "工作很好"}
    name = file_name(faulty)
    (back / name).write_bytes(filled((journey.folder / "发出" / name).read_bytes(), faulty, wrong))
    (back / "会议照片.xlsx").write_bytes(b"not a workbook")

    tab = journey.tab("import", ImportTab)
    journey.notices.files = [back]
    tab.choose_folder.trigger()
    settle(journey.shell)
    plan = tab.plan
    assert isinstance(plan, ReadyPlan)
    cells = sum(len(form.units) * len(form.items) for form in forms)
    assert plan.totals.cells == cells == sum(f.totals.cells for f in plan.files)
    assert plan.totals.refused == 1
    assert [f.name for f in plan.files if f.fate == "refused"] == ["会议照片.xlsx"]
    tab.preview.files.go_to(lambda file: file.name == name)
    refused = [d for d in tab.preview.details.contents.rows if d.kind == "拒收"]
    assert [(d.unit, d.found) for d in refused] == [(faulty.units[0].name, "工作很好")]
    tab.preview.apply.trigger()
    settle(journey.shell)
    assert [b.sheets for b in tab.data.batches] == [len(forms)]
    journey.nothing_went_wrong()
    return faulty


def the_refused_cell_is_entered_by_hand_and_undone_and_redone(journey: Journey, faulty: SheetForm) -> None:
    journey.level("department")
    evaluator = faulty.identity.evaluator
    journey.work.go("sheets", f"grid:{evaluator}")
    tab = journey.tab("grid", GridTab)
    assert tab.evaluator == evaluator
    grid = tab.grid
    assert grid is not None
    cell = grid.contents.index(0, 3)
    grid.setCurrentIndex(cell)
    grid.setFocus()
    QTest.keyClicks(grid, "9")
    QTest.keyClick(QApplication.focusWidget() or grid, Qt.Key.Key_Return)
    settle(journey.shell)
    assert cell.data() == "", "without a reason nothing is written"
    tab.reason.setText("评议人电话确认")
    grid.setCurrentIndex(cell)
    grid.enter_text(0, 3, "９")
    settle(journey.shell)

    def stored() -> int:
        block = journey.work.services.sheets.block("department", evaluator)
        assert block is not None
        return len(block.edits)

    assert (cell.data(), stored()) == ("9", 1)
    journey.shell.menus.undo.trigger()
    settle(journey.shell)
    assert (cell.data(), stored()) == ("", 0)
    journey.shell.menus.redo.trigger()
    settle(journey.shell)
    assert (cell.data(), stored()) == ("9", 1)


def votes_and_office_values_are_entered(journey: Journey) -> None:
    for scheme in journey.work.schemes:
        journey.level(scheme.id)
        for at in range(len(vote_items(scheme))):
            a_vote_is_entered(journey, at)
        office_values_are_pasted(journey)
    journey.nothing_went_wrong()


def a_vote_is_entered(journey: Journey, at: int) -> None:
    """Counts are pasted as a block; the form does not let them go while they do not balance."""
    tab = journey.tab("votes", VotesTab)
    tab.add.trigger()
    form = journey.dialog(VoteForm)
    scheme = journey.work.scheme_document()
    assert scheme is not None
    item = vote_items(scheme)[at]
    shares = (item.gathering or scheme.gathering).groups
    form.name.setText(f"{item.name}大会")
    form.group.setCurrentIndex(form.group.findData(shares[0].group))
    for key, number in (("expected", 50), ("present", 46), ("issued", 46), ("returned", 41), ("invalid", 1)):
        form.numbers[key].setText(str(number))
    grid = form.grids[at]
    answers_there = len(grid.contents.columns) - 3
    lines = [[30 - n % 5, 10 + n % 5, *[0] * (answers_there - 2)] for n in range(grid.contents.rowCount())]
    lines[0][0] += 1
    QGuiApplication.clipboard().setText("".join("\t".join(map(str, line)) + "\r\n" for line in lines))
    grid.setCurrentIndex(grid.contents.index(0, 1))
    grid.paste()
    assert "1 行票数不平" in form.balance.text()
    form.save_button.click()
    settle(journey.shell)
    assert "票数" in form.problem.text(), "an unbalanced count is refused in the form"
    grid.enter_text(0, 1, str(lines[0][0] - 1))
    assert "全部平" in form.balance.text()
    form.save_button.click()
    settle(journey.shell)
    assert any(s.name == f"{item.name}大会" for s in tab.data.sessions)


def office_values_are_pasted(journey: Journey) -> None:
    tab = journey.tab("office", OfficeTab)
    if tab.grid is None:
        return
    tab.basis.setText("督导台账")
    items = [slot.item for slot in tab.slots]
    values = [
        item.reading.levels[0].name
        if item.reading.kind == "levels"
        else "4.5"
        if item.points and item.points < 10
        else "9"
        for item in items
    ]
    shut = set(tab.data.not_applicable)
    wanted = 0
    for at, (item, value) in enumerate(zip(items, values, strict=True)):
        asked = [n for n, row in enumerate(tab.grid.contents.rows) if (row.unit.code, item.id) not in shut]
        for first, last in runs(asked):
            QGuiApplication.clipboard().setText(f"{value}\r\n" * (last - first + 1))
            tab.grid.setCurrentIndex(tab.grid.contents.index(first, at + 1))
            tab.grid.paste()
            settle(journey.shell)
        wanted += len(asked)
    assert len(tab.data.marks) == wanted


def runs(numbers: list[int]) -> list[tuple[int, int]]:
    """First and last of each unbroken run of numbers."""
    starts = [n for n in numbers if n - 1 not in numbers]
    return [(n, next(m for m in range(n, n + len(numbers)) if m + 1 not in numbers)) for n in starts]


def first_result(journey: Journey) -> str:
    """All levels are computed; the first of the first series is good."""
    journey.level("department")
    page = journey.page("results", ResultsPage)
    assert page.stack.currentIndex() == 0, "before the first computation the page says what to do"
    page.compute.trigger()
    settle(journey.shell)
    journey.nothing_went_wrong()
    assert [row.rank for row in page.rows][:1] == ["1"]
    assert page.rows[0].after == "好"
    assert page.table is not None
    assert page.table.drawn_lines()
    return page.rows[0].result.unit


def an_inspection_lowers_the_best(journey: Journey, best: str) -> None:
    """Without an approver the event is kept but does nothing to the grade; with one the unit is one grade lower."""
    save_event(journey, best, approver="")
    assert grade_after_computing(journey, best) == ("好", "—")
    save_event(journey, best, approver="工委会议")
    assert grade_after_computing(journey, best) == ("较好", "巡视整改不到位降一档")


def save_event(journey: Journey, unit: str, approver: str) -> None:
    tab = journey.tab("events", EventsTab)
    known = next((row.event for row in tab.table.contents.rows if row.event.unit == unit), None)
    tab.edit(known)
    form = tab.form
    form.unit.setCurrentIndex(form.unit.findData(unit))
    form.kind.setCurrentIndex(form.kind.findData("rectify_failed"))
    assert "降 1 档" in form.effect.text()
    form.title_line.setText("巡视整改逾期未完成")
    form.concluded.setText("2026年9月30日")
    form.evidence.setText("巡视办通报〔2026〕7 号")
    form.approver.setText(approver)
    form.save_button.click()
    settle(journey.shell)
    row = next(row for row in tab.table.contents.rows if row.event.unit == unit)
    assert (row.event.concluded, row.missing) == ("2026-09-30", "" if approver else "缺批准人")


def grade_after_computing(journey: Journey, unit: str) -> tuple[str, str]:
    page = journey.page("results", ResultsPage)
    assert page.stale.isVisible()
    page.compute.trigger()
    settle(journey.shell)
    assert not page.stale.isVisible()
    row = next(row for row in page.rows if row.result.unit == unit)
    return row.after, row.adjustment or "—"


def the_way_leads_down_to_a_cell_of_a_returned_workbook(journey: Journey, best: str) -> None:
    page = journey.page("results", ResultsPage)
    table = page.table
    assert table is not None
    place = next(i for i in range(table.contents.rowCount()) if table.contents.row(i).result.unit == best)
    for key in ("rank", "total", "report", "after", "adjustment"):
        column = next((i for i, c in enumerate(table.contents.columns) if c.key == key), None)
        if column is not None:
            table.clicked.emit(table.contents.index(place, column))
            settle(journey.shell)
            assert journey.shell.view.basis is not None and journey.shell.view.basis.isVisible()
    panel = journey.shell.view.basis
    assert panel is not None and panel.root is not None
    assert "降" in panel.root.step.text + panel.root.step.sentence + panel.root.step.title
    total = next(i for i, c in enumerate(table.contents.columns) if c.key == "total")
    table.clicked.emit(table.contents.index(place, total))
    settle(journey.shell)
    last = way_to_a_cell(panel.root)[-1].step
    assert last.source is not None
    assert (journey.folder / "收回" / last.source.file).is_file()


def way_to_a_cell(view: StepView) -> list[StepView]:
    """The views from here down to a figure that was read from a cell, each unfolded as a person would."""
    if view.step.source is not None:
        return [view]
    view.unfold(True)
    below = next(v for v in view.views() if has_a_cell(v.step))
    return [view, *way_to_a_cell(below)]


def has_a_cell(step: Step) -> bool:
    return step.source is not None or any(has_a_cell(part) for part in step.inputs)


def the_bars_lead_to_the_same_explanation(journey: Journey, best: str) -> None:
    page = journey.page("charts", ChartsPage)
    for kind in ("ranking", "heat", "radar", "grades"):
        page.show_kind(kind)
        settle(journey.shell)
        chart = page.chart
        assert isinstance(chart, Chart)
        element = next(e for e in chart.elements if e.target.unit == best)
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=element.place.center().toPoint())
        settle(journey.shell)
        panel = journey.shell.view.basis
        assert panel is not None and panel.root is not None
        assert panel.root.step.quantity == element.target.quantity
    page.save_to(journey.folder / "排名.png")
    settle(journey.shell)
    assert (journey.folder / "排名.png").stat().st_size > 10_000
    journey.nothing_went_wrong()


def the_exported_workbook_shows_what_the_screen_shows(journey: Journey) -> dict[str, list[tuple[str, ...]]]:
    page = journey.page("results", ResultsPage)
    journey.notices.files = [journey.folder / "考评结果.xlsx"]
    page.export.trigger()
    settle(journey.shell)
    journey.nothing_went_wrong()
    shown = everything_on_screen(journey)
    book = openpyxl.load_workbook(journey.folder / "考评结果.xlsx", read_only=True)
    lines = [{str(v) for v in row if v is not None} for sheet in book for row in sheet.iter_rows(values_only=True)]
    numbers = [
        {round(float(v), 2) for v in row if isinstance(v, int | float)}
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
    ]
    book.close()
    for rows in shown.values():
        for _, name, total, grade in rows:
            assert any(
                name in line and grade.removesuffix("（待定）") in line and float(total) in found
                for line, found in zip(lines, numbers, strict=True)
            ), (name, total, grade)
    return shown


def everything_on_screen(journey: Journey) -> dict[str, list[tuple[str, ...]]]:
    """Rank, unit, total and grade of every row of every series of every level."""
    shown: dict[str, list[tuple[str, ...]]] = {}
    for scheme in journey.work.schemes:
        journey.level(scheme.id)
        page = journey.page("results", ResultsPage)
        for at in range(page.series.count()):
            page.series.setCurrentIndex(at)
            shown.setdefault(scheme.id, []).extend((r.rank, r.name, r.total, r.after) for r in page.rows)
    return shown


def the_year_is_the_same_after_reopening(journey: Journey, year: Path, shown: dict[str, list[tuple[str, ...]]]) -> None:
    journey.shell.close_year()
    settle(journey.shell)
    assert journey.shell.work is None
    journey.shell.open_year(year)
    settle(journey.shell)
    assert everything_on_screen(journey) == shown
    assert journey.work.services.audit.verify() == ()
    assert not journey.work.services.results.is_stale()
    journey.nothing_went_wrong()
