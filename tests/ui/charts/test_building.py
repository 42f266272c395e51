"""What charts show of a result."""

from dataclasses import replace
from fractions import Fraction

from app.domain.quantities import Quantity
from app.ui.charts.building import distribution, heat_map, radar, ranking_bars
from app.ui.pages.results.rows import quota_lines, rows_of
from tests.ui.charts.samples import source


def test_that_bars_keep_the_order_of_the_result_and_show_exact_texts() -> None:
    made = source()
    chart = ranking_bars(made, made.result.series[0])
    assert [bar.unit for bar in chart.bars] == list(made.result.series[0].order)
    assert chart.bars[0].text == "97.50"
    assert [bar.rank for bar in chart.bars[5:8]] == ["6", "7=", "8="]


def test_that_a_lowered_grade_names_the_grade_before() -> None:
    made = source()
    bar = ranking_bars(made, made.result.series[0]).bars[2]
    assert (bar.grade_name, bar.moved) == ("较好", "好")


def test_that_the_quota_line_stands_below_the_last_unit_that_got_a_place() -> None:
    made = source()
    lines = ranking_bars(made, made.result.series[0]).lines
    assert [(line.text, line.after) for line in lines if line.after is not None] == [("好 名额 4 家", 3)]
    assert [line.text for line in lines if line.value is not None] == ["好 ≥ 90", "较好 ≥ 80", "一般 ≥ 60"]


def test_that_a_unit_listed_apart_does_not_move_the_quota_line() -> None:
    made = source()
    last = made.result.series[0].order[-1]
    good = made.result.units["D00"].grades
    apart = replace(made.result.units[last], participation="listed_apart", rank=None, grades=good)
    made = replace(made, result=replace(made.result, units={**made.result.units, last: apart}))
    assert [line.after for line in ranking_bars(made, made.result.series[0]).lines if line.after is not None] == [3]
    rows = rows_of(made.scheme, made.result, made.result.series[0], made.names, ())
    assert [line.after for line in quota_lines(made.scheme, made.result.series[0], rows)] == [3]


def test_that_a_unit_without_result_has_no_bar_and_says_so() -> None:
    made = source()
    broken = replace(made.result.units["D03"], total=Quantity.no_result("尚未收到评分"), shown_total=None, rank=None)
    made = replace(made, result=replace(made.result, units={**made.result.units, "D03": broken}))
    bar = ranking_bars(made, made.result.series[0]).bars[3]
    assert (bar.value, bar.text, bar.rank) == (None, "无结果", "—")


def test_that_not_applicable_is_neither_zero_nor_coloured_in_the_heat_map() -> None:
    made = source()
    chart = heat_map(made, made.result.series[0])
    cell = chart.cells[4][2]
    assert (cell.share, cell.text) == (None, "—")
    assert chart.cells[0][0].text == "24.38"


def test_that_points_on_top_stand_in_the_heat_map_without_a_share() -> None:
    made = source()
    chart = heat_map(made, made.result.series[0])
    assert chart.items[-1] == ("bonus", "加分")
    assert all(row[-1].share is None for row in chart.cells)


def test_that_the_radar_compares_with_the_exact_mean_of_the_series() -> None:
    made = source()
    chart = radar(made, made.result.series[0], "D02")
    values = [r.parts["i1"].value or Fraction(0) for r in made.result.units.values()]
    mean = sum(values, Fraction(0)) / len(values) / 25
    assert abs(Fraction(chart.spokes[0].mean or 0) - mean) < Fraction(1, 10**9)
    assert [spoke.name for spoke in chart.spokes][:2] == ["述职评议", "政治建设与理论武装"]


def test_that_every_unit_is_one_brick_of_its_final_grade() -> None:
    made = source()
    ((name, shares),) = distribution(made).series
    assert name == "党政机关"
    assert {share.name: len(share.bricks) for share in shares} == {"好": 3, "较好": 8, "一般": 3, "差": 0}
    assert [brick.unit for share in shares for brick in share.bricks if brick.moved] == ["D02"]
    assert (shares[0].share, shares[0].limit) == ("21.4%", "名额 4 家")
