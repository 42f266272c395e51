"""The preview of a table of indicators: the tree it becomes, from which cell each line came, what was not understood."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.indicator_tables import Indicator, IndicatorTable, parts_of
from app.domain.quantities import number_text
from app.domain.schemes import Part
from app.ui import icons
from app.ui.pages.schemes.findings import SIGNS
from app.ui.widgets.table_model import plain_tip
from app.ui.widgets.text import button, label

ROLES = {
    "name": "指标名称",
    "text": "说明",
    "points": "满分",
    "weight": "权重",
    "on_top": "加分扣分",
    "number": "序号",
    "entry": "填写栏（不用）",
}


class TablePreview(QWidget):
    """Shows a proposal."""

    def __init__(self) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        self.about: QLabel = label("", "soft", wrap=True)
        rows.addWidget(self.about)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(["指标", "满分", "权重", "取自", "说明"])
        self.tree.setUniformRowHeights(True)
        header = self.tree.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate((280, 60, 60, 110)):
            header.resizeSection(column, width)
        rows.addWidget(self.tree, 1)
        self.said = label("", "strong")
        rows.addWidget(self.said)
        self.findings = QListWidget()
        self.findings.setFixedHeight(110)
        rows.addWidget(self.findings)

    def show_table(self, table: IndicatorTable) -> None:
        """The proposal."""
        columns = "；".join(
            f"{c.letter} 列“{c.head}”→ {ROLES[c.role] if c.role else '没有用到'}" for c in table.columns
        )
        total = f"表中写明总分 {number_text(table.total)}。" if table.total is not None else ""
        title = f"《{table.title}》" if table.title else ""
        self.about.setText(f"{table.source}{title}：读出 {table.lines} 行。{total}{columns}")
        self.tree.clear()
        for row in table.rows:
            self._add(row, self.tree.invisibleRootItem())
        self.tree.expandAll()
        self.findings.clear()
        for finding in table.findings:
            text = f"{finding.place}：{finding.message}" if finding.place else finding.message
            item = QListWidgetItem(icons.icon(*SIGNS[finding.severity], 16), text, self.findings)
            item.setToolTip(plain_tip(f"{text}\n{finding.step}"))
        self.findings.setVisible(bool(table.findings))
        self.said.setText(f"没有看懂或需要留意的 {len(table.findings)} 处：" if table.findings else "每一格都看懂了。")

    def _add(self, row: Indicator, above: QTreeWidgetItem) -> None:
        points = "" if row.points is None else number_text(row.points)
        weight = "" if row.weight is None else number_text(row.weight)
        place = " ".join(p for p in (row.place, row.points_place) if p)
        name = f"{row.name}（另加）" if row.on_top else row.name
        item = QTreeWidgetItem([name, points, weight, place, row.note])
        for column in (1, 2):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column in (0, 4):
            item.setToolTip(column, plain_tip(item.text(column)))
        above.addChild(item)
        for child in row.children:
            self._add(child, item)


class IndicatorsDialog(QDialog):
    """A pasted table, looked at before it goes into the tree."""

    def __init__(self, parent: QWidget, table: IndicatorTable, take: Callable[[tuple[Part, ...]], object]) -> None:
        super().__init__(parent)
        self.setWindowTitle("粘贴指标表")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 560)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        self.preview = TablePreview()
        self.preview.show_table(table)
        rows.addWidget(self.preview, 1)
        ends = QHBoxLayout()
        ends.addStretch(1)
        cancel = button("取消")
        cancel.clicked.connect(self.reject)
        self.take = button(f"放入指标树（{table.lines} 行）", "primary")
        self.take.setEnabled(bool(table.rows))
        self.take.setToolTip("" if table.rows else "粘贴的内容里没有看出指标。请在 Excel 里连同表头一起复制。")
        self.take.clicked.connect(lambda: (take(parts_of(table)), self.accept()))
        ends.addWidget(cancel)
        ends.addWidget(self.take)
        rows.addLayout(ends)
