"""The explorable chart: every unit of a level as a dot, one quantity against another, with zoom and pan (pyqtgraph)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui import colours
from app.ui.charts.look import grade_colours
from app.ui.charts.values import Dot, Heading, Scatter, Target
from app.ui.widgets.text import label


class ScatterChart(QWidget):
    """Shows a ``Scatter``. Wheel and drag zoom and pan; a double click on the background shows everything again."""

    picked = Signal(object)  # Target

    def __init__(self, value: Scatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        import pyqtgraph  # pyright: ignore[reportMissingTypeStubs]  # heavy: loaded when this chart is first wanted

        self._pg = cast(Any, pyqtgraph)
        self._pg.setConfigOptions(antialias=True)
        self._value = value
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 12, 16, 8)
        rows.setSpacing(4)
        self.title: QLabel = label("", "heading")
        self.note: QLabel = label("", "soft", wrap=True)
        rows.addWidget(self.title)
        rows.addWidget(self.note)
        self._plot = self._pg.PlotWidget(background=colours.SURFACE)
        self._plot.setMenuEnabled(False)
        self._plot.showGrid(x=True, y=True, alpha=0.15)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(colours.LINE_STRONG)
            axis.setTextPen(colours.TEXT_SOFT)
        self._dots = self._pg.ScatterPlotItem(size=12, hoverable=True, hoverSize=16, tip=self._tip)
        self._dots.sigClicked.connect(self._clicked)
        self._plot.addItem(self._dots)
        self._plot.scene().sigMouseClicked.connect(self._scene_clicked)
        rows.addWidget(self._plot, 1)
        self.setMinimumSize(420, 300)
        self.show_value(value)

    def show_value(self, value: Scatter) -> None:
        """Show other quantities or other units, all of them in sight."""
        self._value = value
        practice = "　演练数据" if value.heading.practice else ""
        self.title.setText(value.heading.title + practice)
        # pyqtgraph turns the title of the upright axis on its side: it stands above the chart instead.
        self.note.setText(
            f"竖轴：{value.y_name}　横轴：{value.x_name}　滚轮缩放，拖动平移，双击空白处还原；点一个点看依据。"
        )
        spots = [
            {
                "pos": (dot.x, dot.y),
                "data": dot,
                "brush": QColor(grade_colours(dot.grade, value.grade_count).paper),
                "pen": QColor(grade_colours(dot.grade, value.grade_count).edge),
            }
            for dot in value.dots
        ]
        self._dots.setData(spots)
        self._plot.autoRange()

    @property
    def heading(self) -> Heading:
        """Title and notes of what is shown."""
        return self._value.heading

    def rows(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[Target | None, ...]]:
        """The table beside the chart."""
        dots = self._value.dots
        rows = tuple((dot.name, dot.x_text, dot.y_text, dot.grade_name) for dot in dots)
        return (
            ("单位", self._value.x_name, self._value.y_name, "等次"),
            rows,
            tuple(Target(dot.unit, "total") for dot in dots),
        )

    def picture(self, scale: float = 2.0) -> QImage:
        """The chart as it stands, as an image."""
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(QColor(colours.SURFACE))
        self.render(image)
        return image

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.picture())

    # ---- pointing

    @staticmethod
    def _tip(x: float, y: float, data: Dot) -> str:
        return f"{data.name}　{data.x_text} / {data.y_text}　{data.grade_name}"

    def _clicked(self, item: Any, points: Sequence[Any], event: Any) -> None:
        if len(points):
            dot: Dot = points[0].data()
            self.picked.emit(Target(dot.unit, "total"))

    def _scene_clicked(self, event: Any) -> None:
        if event.double() and event.button() == Qt.MouseButton.LeftButton:
            self._plot.autoRange()
