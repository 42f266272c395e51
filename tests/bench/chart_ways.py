"""One chart drawn one way, as a process of its own: python -m tests.bench.chart_ways WAY CHART

Ways: ours · pyqtgraph · matplotlib (when it is installed). Charts: bars (120), radar (11 directions), heat (120 × 60).
Prints seconds: wall and cpu from the click to the first picture (imports of the chart's own library counted), and the
processor time of a repaint.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

from PySide6.QtWidgets import QApplication, QWidget

from app.ui import style

UNITS, ITEMS, SPOKES, SIZE = 120, 60, 11, (1400, 800)


def value_of(unit: int, item: int = 0) -> float:
    return 60 + (unit * 37 + item * 53) % 400 / 10


# ---- ours


def ours(chart: str) -> tuple[QWidget, Any]:
    from app.ui.charts.values import Bar, Heading, HeatCell, HeatMap, Radar, RankingBars, ScoreLine, Spoke

    heading = Heading(title="图")
    if chart == "bars":
        from app.ui.charts.bars import RankingChart

        bars = tuple(
            Bar(
                unit=str(i),
                name=f"市虚构第{i}局",
                rank=str(i + 1),
                value=value_of(i),
                text=f"{value_of(i):.2f}",
                grade=i % 4,
                grade_name="较好",
            )
            for i in range(UNITS)
        )
        shown = RankingBars(heading=heading, bars=bars, lines=(ScoreLine(text="好 ≥ 90", value=90),), low=55, high=100)
        made = RankingChart(shown)
        return made, lambda: made.show_value(shown)
    if chart == "radar":
        from app.ui.charts.radar import RadarChart

        spokes = tuple(
            Spoke(quantity=str(i), name=f"项目{i + 1}", own=value_of(i) / 100, mean=0.8, best=0.97, text="90.00")
            for i in range(SPOKES)
        )
        round_one = Radar(heading=heading, unit="D", name="市虚构局", spokes=spokes, low=0.5)
        drawn = RadarChart(round_one)
        return drawn, lambda: drawn.show_value(round_one)
    from app.ui.charts.heat import HeatChart

    cells = tuple(
        tuple(HeatCell(share=value_of(u, i) / 100, text="9.41", quantity=str(i)) for i in range(ITEMS))
        for u in range(UNITS)
    )
    units = tuple((str(u), f"第{u}局") for u in range(UNITS))
    items = tuple((str(i), f"项目{i}") for i in range(ITEMS))
    heat = HeatMap(heading=heading, units=units, items=items, cells=cells, low=0.6, high=1.0)
    map_ = HeatChart(heat)
    return map_, lambda: map_.show_value(heat)


# ---- yardsticks


def pyqtgraph(chart: str) -> tuple[QWidget, Any]:
    import numpy as np
    import pyqtgraph as pg

    pg.setConfigOptions(background="w", foreground="k", antialias=chart == "radar")
    plot = pg.PlotWidget()
    if chart == "bars":
        heights = np.array([value_of(i) for i in range(UNITS)])
        item = pg.BarGraphItem(x0=0, y=np.arange(UNITS), width=heights, height=0.8, brush="#6aa287")
        plot.addItem(item)
        plot.getAxis("left").setTicks([[(i, f"市虚构第{i}局") for i in range(UNITS)]])
        return plot, lambda: item.setOpts(width=heights * 0.99)
    if chart == "radar":
        angles = np.linspace(0, 2 * np.pi, SPOKES + 1)
        values = np.array([value_of(i) for i in range(SPOKES)])
        ring = np.append(values, values[0])
        curves = [plot.plot(ring * k * np.sin(angles), ring * k * np.cos(angles), pen="r") for k in (1, 0.9, 1.1)]
        return plot, lambda: [c.setData(ring * np.sin(angles), ring * np.cos(angles)) for c in curves]
    cells = np.array([[value_of(u, i) for i in range(ITEMS)] for u in range(UNITS)])
    image = pg.ImageItem(cells.T)
    plot.addItem(image)
    return plot, lambda: image.setImage(cells.T * 0.99, autoLevels=False)


def matplotlib(chart: str) -> tuple[QWidget, Any]:
    import matplotlib as mpl

    mpl.use("QtAgg")
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100))
    canvas = FigureCanvasQTAgg(figure)
    if chart == "radar":
        axes = figure.add_subplot(projection="polar")
        axes.plot([i * 0.57 for i in range(SPOKES)], [value_of(i) for i in range(SPOKES)])
    elif chart == "bars":
        axes = figure.add_subplot()
        axes.barh(range(UNITS), [value_of(i) for i in range(UNITS)])
    else:
        axes = figure.add_subplot()
        axes.imshow([[value_of(u, i) for i in range(ITEMS)] for u in range(UNITS)], aspect="auto")
    return canvas, canvas.draw


WAYS = {"ours": ours, "pyqtgraph": pyqtgraph, "matplotlib": matplotlib}


def main(way: str, chart: str) -> None:
    import app.ui.widgets.table  # noqa: F401  # pages with tables are there long before the first chart

    application = QApplication([])
    style.dress(application)
    window = QWidget()  # the window is there before the click, and so are its fonts
    window.resize(*SIZE)
    window.show()
    QApplication.processEvents()
    window.grab()
    start, busy = time.perf_counter(), time.process_time()
    made, change = WAYS[way](chart)
    made.resize(*SIZE)
    made.show()
    QApplication.processEvents()
    made.grab()
    first, first_cpu = time.perf_counter() - start, time.process_time() - busy
    repaints: list[float] = []
    for _ in range(20):
        start = time.process_time()
        change()
        made.update()
        QApplication.processEvents()
        repaints.append(time.process_time() - start)
    print(json.dumps({"wall": first, "cpu": first_cpu, "repaint": statistics.median(repaints)}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
