"""Charts on screen: every element leads to its figure, by mouse and keyboard; pictures come out whole."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from app.ui.charts.bars import RankingChart
from app.ui.charts.building import distribution, heat_map, radar, ranking_bars
from app.ui.charts.chart import Chart
from app.ui.charts.grades import GradesChart
from app.ui.charts.heat import HeatChart
from app.ui.charts.look import png_of
from app.ui.charts.radar import RadarChart
from app.ui.charts.values import Target
from tests.ui.charts.samples import source

MADE = source()
SERIES = MADE.result.series[0]
MAKERS: dict[str, Callable[[], Chart]] = {
    "bars": lambda: RankingChart(ranking_bars(MADE, SERIES)),
    "heat": lambda: HeatChart(heat_map(MADE, SERIES)),
    "radar": lambda: RadarChart(radar(MADE, SERIES, "D02")),
    "grades": lambda: GradesChart(distribution(MADE)),
}
COUNTS = {"bars": 14, "heat": 14 * 6, "radar": 5, "grades": 14}


def shown(qtbot: QtBot, name: str) -> Chart:
    chart = MAKERS[name]()
    qtbot.addWidget(chart)
    chart.resize(900, 600)
    chart.show()
    qtbot.waitExposed(chart)
    return chart


@pytest.mark.parametrize("name", MAKERS)
def test_that_every_value_of_a_chart_can_be_pointed_at(qtbot: QtBot, name: str) -> None:
    chart = shown(qtbot, name)
    assert len(chart.elements) == COUNTS[name]
    for element in chart.elements:
        assert chart.element_at(element.place.center()) is not None
        assert element.tip.endswith("点击查看依据")


@pytest.mark.parametrize("name", MAKERS)
def test_that_a_click_and_the_keyboard_lead_to_the_figure(qtbot: QtBot, name: str) -> None:
    chart = shown(qtbot, name)
    seen: list[Target] = []
    chart.picked.connect(seen.append)
    third = chart.elements[2]
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=third.place.center().toPoint())
    for _ in range(3):
        qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert seen == [third.target, chart.elements[5 % len(chart.elements)].target]


@pytest.mark.parametrize("name", MAKERS)
def test_that_the_table_beside_the_chart_has_a_text_in_every_cell(qtbot: QtBot, name: str) -> None:
    chart = shown(qtbot, name)
    titles, rows, targets = chart.rows()
    assert len(rows) == len(targets) > 0
    assert all(len(row) == len(titles) for row in rows)


@pytest.mark.parametrize("name", MAKERS)
def test_that_a_picture_is_twice_as_fine_and_does_not_depend_on_what_is_pointed_at(qtbot: QtBot, name: str) -> None:
    chart = shown(qtbot, name)
    before = chart.picture()
    chart.point_at(1)
    assert chart.picture() == before
    assert before.width() == 2 * max(chart.width(), chart.minimumSizeHint().width())
    assert len({before.pixel(x, y) for x in range(0, before.width(), 7) for y in range(0, before.height(), 7)}) > 4


def test_that_the_picture_is_a_png_of_the_same_size(qtbot: QtBot) -> None:
    chart = shown(qtbot, "bars")
    assert QImage.fromData(png_of(chart.picture()), "PNG").size() == chart.picture().size()


def test_that_the_picture_goes_to_the_clipboard(qtbot: QtBot) -> None:
    chart = shown(qtbot, "grades")
    chart.copy_picture()
    assert QGuiApplication.clipboard().image().size() == chart.picture().size()


def test_that_names_of_units_are_not_cut_off_in_the_heat_map(qtbot: QtBot) -> None:
    chart = shown(qtbot, "heat")
    widest = max(chart.fontMetrics().horizontalAdvance(name) for name in MADE.names.values())
    assert chart.elements[0].place.left() > widest


def test_that_the_mouse_shows_what_can_be_clicked(qtbot: QtBot) -> None:
    chart = shown(qtbot, "bars")
    qtbot.mouseMove(chart, QPoint(300, 120))
    assert chart.cursor().shape() is Qt.CursorShape.PointingHandCursor
