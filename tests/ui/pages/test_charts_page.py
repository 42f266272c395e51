"""图表: five charts of one result, the table beside them, pictures, the 依据 behind every element."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.domain.errors import AppError, Fault
from app.ui.charts.values import Target
from app.ui.pages.charts.page import KINDS, ChartsPage
from app.ui.workspace import Workspace
from tests.ui.pages.conftest import Settle
from tests.ui.recording_notices import RecordingNotices

Show = Callable[[QWidget], None]


@pytest.fixture
def page(work: Workspace, show: Show) -> ChartsPage:
    work.services.results.compute()
    made = ChartsPage(work)
    show(made)
    return made


def test_that_the_page_says_what_to_do_before_the_first_computation(work: Workspace, show: Show) -> None:
    page = ChartsPage(work)
    show(page)
    assert page.stack.currentIndex() == 0
    assert "还没有计算" in page.copy.toolTip()


@pytest.mark.parametrize("kind", [key for key, _ in KINDS])
def test_that_an_element_of_every_chart_asks_for_the_explanation(
    page: ChartsPage, work: Workspace, settle: Settle, kind: str
) -> None:
    shown: list[str] = []
    work.basis_wanted.connect(lambda explained: shown.append(explained.unit))
    page.show_kind(kind)
    settle()
    assert page.chart is not None
    page.chart.picked.emit(Target("D2", "total"))
    settle()
    assert shown == ["D2"]


@pytest.mark.parametrize("kind", [key for key, _ in KINDS])
def test_that_every_chart_has_its_table_and_its_picture(
    page: ChartsPage, settle: Settle, notices: RecordingNotices, awkward_folder: Path, kind: str
) -> None:
    page.show_kind(kind)
    settle()
    assert page.table is not None and page.table.contents.rowCount() > 0
    notices.files = [awkward_folder / f"{kind} #.png"]
    page.save.trigger()
    settle()
    assert not QImage(str(awkward_folder / f"{kind} #.png")).isNull()


def test_that_a_picture_that_cannot_be_written_is_said_with_its_place(
    page: ChartsPage, settle: Settle, faults: list[BaseException], awkward_folder: Path
) -> None:
    page.save_to(awkward_folder / "没有" / "图.png")
    settle()
    [error] = faults
    assert isinstance(error, AppError)
    assert error.fault is Fault.FILE_MISSING
    assert str(awkward_folder / "没有") in error.message
    faults.clear()


def test_that_a_unit_named_from_elsewhere_is_compared_with_its_series(page: ChartsPage, settle: Settle) -> None:
    page.open_at("unit:D3")
    settle()
    assert page.kind == "radar"
    assert page.boxes["unit"].currentData() == "D3"
