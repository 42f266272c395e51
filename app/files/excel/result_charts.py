"""Native charts of the result workbook: totals in order of rank, sideways, and how the grades are spread."""

from __future__ import annotations

from typing import Any

from app.files.excel.result_page import Level, Pages, text
from app.files.excel.result_summary import Summary

_BAR = 22  # pixels per unit: names stay readable
_ROW = 20  # pixels of a row
_PAGE = 860  # pixels that stand on a printed page
_LAST = 5  # last column of the printed page
_COLOURS = ("#A3261F", "#C9793B", "#C9B458", "#8C8479", "#5F6B73", "#3E4A4F")
_GRID = {"visible": True, "line": {"color": "#DDDDDD"}}


class _Charts:
    """The page being filled from top to bottom; a chart that would be cut by the end of a page starts a new one."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.title, self.sheet = pages.add("图表", "得分条形图和等次分布")
        self.row = 3
        self.page_start = 0
        self.breaks: list[int] = []

    def make_room(self, pixels: int) -> None:
        if (self.row - self.page_start) * _ROW + pixels > _PAGE:
            self.page_start = self.row
            self.breaks.append(self.row)

    def insert(self, chart: Any, pixels: int) -> None:
        chart.set_size({"width": 410, "height": pixels})
        self.sheet.insert_chart(self.row, 0, chart)
        self.row += 2 + pixels // _ROW


def write_charts(pages: Pages, summaries: list[Summary]) -> None:
    """One page: for each level the spread of grades (table and chart), and the totals of each series."""
    charts = _Charts(pages)
    pages.heading(charts.sheet, f"{pages.book.year}年度考核结果图表", _LAST)
    charts.sheet.set_column(0, 0, 16)
    charts.sheet.set_column(1, _LAST, 8)
    for summary in summaries:
        if summary.ranges:
            _spread(charts, summary.level)
            _totals(charts, summary)
    pages.finish(charts.sheet, charts.row, _LAST, None, upright=True)
    charts.sheet.set_h_pagebreaks(charts.breaks)


def _spread(charts: _Charts, level: Level) -> None:
    """The table of grades by series with a stacked chart below it."""
    grades, series = level.scheme.ladder.grades, level.result.series
    height = 150 + 34 * len(series)
    charts.make_room(height + _ROW * (len(series) + 4))
    sheet, styles, title = charts.sheet, charts.pages.styles, charts.title
    sheet.write_string(charts.row, 0, f"{level.label}等次分布", styles.strong)
    head = charts.row + 1
    text(sheet, head, 0, "系列", styles.head)
    for column, grade in enumerate(grades, 1):
        text(sheet, head, column, grade.name, styles.head)
    row = head
    for one in series:
        row += 1
        text(sheet, row, 0, one.series or "全部", styles.name)
        finals = [level.result.units[c].grade.final for c in one.order]
        for column, grade in enumerate(grades, 1):
            sheet.write_number(row, column, finals.count(grade.id), styles.whole)
    chart = charts.pages.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for column in range(1, len(grades) + 1):
        chart.add_series(
            {
                "name": [title, head, column],
                "categories": [title, head + 1, 0, row, 0],
                "values": [title, head + 1, column, row, column],
                "fill": {"color": _COLOURS[(column - 1) % len(_COLOURS)]},
                "gap": 60,
            }
        )
    chart.set_title({"name": f"{level.label}等次分布", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"num_format": "0%", "major_gridlines": _GRID, "label_position": "high"})
    charts.row = row + 2
    charts.insert(chart, height)


def _totals(charts: _Charts, summary: Summary) -> None:
    """A bar per unit, best on top, for each series."""
    at = summary.total_column
    for series, first, last in summary.ranges:
        chart = charts.pages.workbook.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": "总分",
                "categories": [summary.title, first, 1, last, 1],
                "values": [summary.title, first, at, last, at],
                "fill": {"color": _COLOURS[0]},
                "gap": 40,
                "data_labels": {"value": True, "font": {"size": 8}},
            }
        )
        chart.set_title({"name": f"{summary.level.label}总分：{series or '全部'}", "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis({"min": 0, "major_gridlines": _GRID, "label_position": "high"})
        height = 90 + _BAR * (last - first + 1)
        charts.make_room(height)
        charts.insert(chart, height)
