"""Native charts of the result workbook: totals in order of rank, sideways, and how the grades are spread."""

from __future__ import annotations

from typing import Any

from app.files.excel.result_page import Level, Pages, text
from app.files.excel.result_summary import Summary

_BAR = 22  # pixels per unit: names stay readable
_COLOURS = ("#A3261F", "#C9793B", "#C9B458", "#8C8479", "#5F6B73", "#3E4A4F")


def write_charts(pages: Pages, summaries: list[Summary]) -> None:
    """One page: for each level the spread of grades (table and chart), and the totals of each series."""
    title, sheet = pages.add("图表", "得分条形图和等次分布")
    pages.heading(sheet, f"{pages.book.year}年度考核结果图表", 15)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 15, 9)
    row = 3
    for summary in summaries:
        if summary.ranges:
            row = _spread(pages, sheet, title, summary.level, row)
            row = _totals(pages, sheet, summary, row)
    pages.finish(sheet, row, 15, None)


def _spread(pages: Pages, sheet: Any, title: str, level: Level, row: int) -> int:
    """The table of grades by series with a stacked chart beside it; gives the next free row."""
    grades = level.scheme.ladder.grades
    sheet.write_string(row, 0, f"{level.label}等次分布", pages.styles.strong)
    row += 1
    head = row
    text(sheet, row, 0, "系列", pages.styles.head)
    for column, grade in enumerate(grades, 1):
        text(sheet, row, column, grade.name, pages.styles.head)
    for series in level.result.series:
        row += 1
        text(sheet, row, 0, series.series or "全部", pages.styles.name)
        finals = [level.result.units[c].grade.final for c in series.order]
        for column, grade in enumerate(grades, 1):
            sheet.write_number(row, column, finals.count(grade.id), pages.styles.whole)
    chart = pages.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
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
    chart.set_x_axis(
        {"num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}, "crossing": "max"}
    )
    height = 150 + 34 * len(level.result.series)
    chart.set_size({"width": 760, "height": height})
    sheet.insert_chart(row + 2, 0, chart)
    return row + 3 + height // 20


def _totals(pages: Pages, sheet: Any, summary: Summary, row: int) -> int:
    """A bar per unit, best on top, for each series; gives the next free row."""
    at = summary.total_column
    for series, first, last in summary.ranges:
        chart = pages.workbook.add_chart({"type": "bar"})
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
        chart.set_x_axis(
            {"min": 0, "crossing": "max", "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}}
        )
        height = 90 + _BAR * (last - first + 1)
        chart.set_size({"width": 760, "height": height})
        sheet.insert_chart(row, 0, chart)
        row += 2 + height // 20
    return row
