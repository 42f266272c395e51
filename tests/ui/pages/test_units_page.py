"""单位与评议人: register, import with preview, forms, who rates whom."""

from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from app.domain.schemes import Group
from app.ui import style
from app.ui.pages.units.coverage import CoverageTab
from app.ui.pages.units.coverage_rows import evaluator_rows, groups_of, sentence, unit_rows
from app.ui.pages.units.forms import UnitForm
from app.ui.pages.units.page import UnitsPage
from app.ui.pages.units.register import EvaluatorsTab, UnitsTab
from app.ui.workspace import Workspace
from tests.ui.pages.conftest import Settle
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]


def units_tab(page: UnitsPage) -> UnitsTab:
    tab = page.tab("units")
    assert isinstance(tab, UnitsTab)
    return tab


def names(tab: UnitsTab | EvaluatorsTab) -> list[str]:
    model = tab.table.contents
    return [model.row(i).name for i in range(model.rowCount())]


def test_that_the_units_of_the_chosen_level_are_listed_in_official_order(work: Workspace, show: Show) -> None:
    page = UnitsPage(work)
    show(page)
    assert names(units_tab(page)) == ["第1局", "第2局", "第3局"]


def test_that_the_search_finds_by_pinyin_initials_and_code(work: Workspace, show: Show) -> None:
    page = UnitsPage(work)
    show(page)
    tab = units_tab(page)
    tab.level.setCurrentIndex(0)
    tab.search.setText("d3j d1zb")
    assert names(tab) == ["第3局第1支部"]
    tab.search.setText("B21")
    assert names(tab) == ["第2局第1支部"]


def test_that_a_unit_changed_in_the_form_is_saved_and_shown_again(work: Workspace, show: Show, settle: Settle) -> None:
    page = UnitsPage(work)
    show(page)
    tab = units_tab(page)
    tab.edit(tab.data.units[0])
    form = tab.form
    form.participation.setCurrentIndex(form.participation.findData("listed_apart"))
    form.save_button.click()
    assert form.problem.text() == "“单列”需要写明原因。"
    form.reason.setText("承担专项任务")
    form.save_button.click()
    settle()
    assert next(u for u in work.services.units.units() if u.code == "D1").participation == "listed_apart"
    assert tab.table.contents.texts(0)[7] == "单列"


def test_that_a_new_unit_needs_a_code_of_its_own(work: Workspace, show: Show) -> None:
    page = UnitsPage(work)
    show(page)
    tab = units_tab(page)
    tab.edit(None)
    assert isinstance(tab.form, UnitForm)
    tab.form.code.setText("D1")
    tab.form.name.setText("新局")
    tab.form.save_button.click()
    assert tab.form.problem.text() == "编码“D1”已经有了，请换一个。"


def test_that_a_register_is_previewed_before_anything_is_written(
    work: Workspace, notices: RecordingNotices, show: Show, settle: Settle, awkward_folder: Path
) -> None:
    page = UnitsPage(work)
    show(page)
    tab = units_tab(page)
    book = work.services.units.write_template(awkward_folder / "名册 #1.xlsx")
    filled = load_workbook(book)
    assert isinstance(filled, Workbook)
    sheet = filled.worksheets[0]
    head = next(
        row
        for row in sheet.iter_rows(max_row=12)
        if any(cell.value == "编码" or cell.value == "单位编码" for cell in row)
    )
    columns = {str(cell.value): cell.column for cell in head if cell.value}
    code = columns.get("编码") or columns["单位编码"]
    name = next(column for title, column in columns.items() if "名称" in title)
    level = next(column for title, column in columns.items() if "层级" in title or "级别" in title)
    row = head[0].row + 1
    for offset, (key, text) in enumerate((("D9", "第9局"), ("D1", "第一局"))):
        sheet.cell(row + offset, code, key)
        sheet.cell(row + offset, name, text)
        sheet.cell(row + offset, level, "department")
    filled.save(book)
    notices.files = [book]
    tab.import_register.trigger()
    settle()
    lines = {line.code: line.row for line in tab.dialog.plan.lines if line.kind == "unit"}
    assert (lines["D9"], lines["D1"], lines["D2"]) == ("new", "changed", "missing")
    assert "第9局" not in names(tab)
    assert tab.dialog.apply_button.isEnabled()
    tab.dialog.apply_button.click()
    settle()
    assert "第9局" in names(tab)
    assert "第2局" in names(tab)


def test_that_the_matrix_shows_who_rates_whom_and_who_must_not(work: Workspace, show: Show) -> None:
    page = UnitsPage(work)
    show(page)
    page.show_tab("coverage")
    tab = page.tab("coverage")
    assert isinstance(tab, CoverageTab)
    show(page)
    assert tab.matrix is not None
    texts = {row.evaluator.code: tab.matrix.contents.texts(i)[1:] for i, row in enumerate(tab.matrix.contents.rows)}
    assert texts["L1"] == ("A", "A", "A")
    assert texts["P2"] == ("B", "避", "B")


def test_that_a_unit_nobody_rates_is_a_hole(work: Workspace) -> None:
    for code in ("L1", "L2"):
        evaluator = next(e for e in work.services.units.evaluators() if e.code == code)
        work.services.units.save_evaluator(type(evaluator)(code=code, name=evaluator.name, role="guest"))
    data = work.services.units.coverage("department")
    scheme = work.scheme_document()
    assert scheme is not None
    rows = unit_rows(data, groups_of(data, scheme))
    assert [row.counts[0] for row in rows] == [0, 0, 0]
    assert all(row.tone(0) is not None for row in rows)
    assert "3 处无人评" in sentence(data)
    assert len(evaluator_rows(data)) == len(data.evaluators)


def test_that_long_names_of_groups_fit_into_the_heads_of_their_columns(dressed: None) -> None:
    from app.ui.pages.units.coverage_rows import count_column

    column = count_column(0, Group(id="g", name="同系列机关党委书记互评"))
    metrics = QFontMetrics(style.font())
    assert column.title.replace("\n", "") == "同系列机关党委书记互评"
    assert all(metrics.horizontalAdvance(line) + 14 <= column.width for line in column.title.split("\n"))
