"""The top of the window: which year, which level is looked at, the stage, the 密级."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel

from app.ui import colours, icons
from app.ui.widgets.chips import Chip
from app.ui.widgets.text import button, label

if TYPE_CHECKING:
    from app.domain.schemes import Scheme
    from app.services.year import YearInfo


class Header(QFrame):
    """scheme_chosen (id): another level. year_wanted: change 发表单位 or 密级. basis_wanted: show or hide the panel."""

    scheme_chosen = Signal(str)
    year_wanted = Signal()
    basis_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 14, 8)
        row.setSpacing(10)
        self.title = label("")
        self.title.setObjectName("headerTitle")
        self.unit = Chip("填报单位", colours.INFO_TONE)
        self.practice = Chip("演练数据", colours.WARN_TONE)
        self.read_only = Chip("只读", colours.INFO_TONE)
        row.addWidget(self.title)
        row.addWidget(self.unit)
        row.addWidget(self.practice)
        row.addWidget(self.read_only)
        row.addStretch(1)
        row.addWidget(label("层级", "soft"))
        self.levels = QComboBox()
        self.levels.setMinimumWidth(170)
        self.levels.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.levels.setToolTip("方案、评分、结果、图表各页都看这一层级")
        self.levels.activated.connect(self._chosen)
        row.addWidget(self.levels)
        row.addSpacing(8)
        self.stage = Chip("", colours.NEUTRAL)
        row.addWidget(self.stage)
        self.secrecy = button("", "quiet", tip="设定发表单位和密级")
        self.secrecy.clicked.connect(self.year_wanted)
        row.addWidget(self.secrecy)
        self.basis = button("依据", "quiet", "panel-right", "显示或隐藏依据（F9）")
        self.basis.clicked.connect(self.basis_wanted)
        row.addWidget(self.basis)

    def show_year(self, info: YearInfo) -> None:
        """Another year, stage, 密级."""
        unit = info.role == "unit"
        self.title.setText(f"{info.own_name} · {info.year}年度" if unit else info.title or f"{info.year}年度")
        self.title.setToolTip(str(info.path).replace("<", "&lt;"))
        self.unit.setVisible(unit)
        self.practice.setVisible(info.practice)
        self.read_only.setVisible(info.read_only)
        self.stage.show_text(f"阶段 · {info.stage}", colours.NEUTRAL)
        self.stage.setVisible(bool(info.stage) and not unit)
        self.secrecy.setText(info.secrecy or "未定密级")
        self.secrecy.setEnabled(not unit)
        self.secrecy.setToolTip("密级由考核办设定，随任务包带来" if unit else "设定发表单位和密级")
        self.basis.setVisible(not unit)

    def show_schemes(self, schemes: tuple[Scheme, ...], chosen: str) -> None:
        """The levels to choose from."""
        self.levels.clear()
        for scheme in schemes:
            self.levels.addItem(scheme.level_name or scheme.name, scheme.id)
            self.levels.setItemData(self.levels.count() - 1, scheme.name, 3)
        self.levels.setCurrentIndex(max(0, self.levels.findData(chosen)))
        self.levels.setEnabled(len(schemes) > 0)

    def show_scheme(self, scheme: str) -> None:
        """Another level has been chosen, by whatever way."""
        self.levels.setCurrentIndex(max(0, self.levels.findData(scheme)))

    def _chosen(self, place: int) -> None:
        self.scheme_chosen.emit(str(self.levels.itemData(place)))


class Banner(QFrame):
    """A line below the header that stays until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 10, 6)
        drawing = QLabel()
        drawing.setPixmap(icons.pixmap("info", colours.WARN, 16))
        row.addWidget(drawing)
        self.text = label("", wrap=True)
        row.addWidget(self.text, 1)
        close = button("", "quiet", "x", "关闭这一行")
        close.clicked.connect(self.hide)
        row.addWidget(close)
        self.hide()

    def put_up(self, text: str) -> None:
        """Show a line; one that already stands is kept above it."""
        standing = self.text.text() if not self.isHidden() else ""
        self.text.setText(f"{standing}\n{text}" if standing and text not in standing else text)
        self.show()
