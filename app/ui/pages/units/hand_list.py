"""The changes by hand of who rates whom, each beside what the rule says, with the way back to the rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services.assignment import ChangedCell
from app.ui.colours import NEUTRAL, WARN_TONE
from app.ui.pages.units.assign_form import Cell
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label


class HandList(QDialog):
    """names: group → name. restore is called with the chosen cells; none: the year cannot be written."""

    def __init__(
        self,
        parent: QWidget,
        changed: Sequence[ChangedCell],
        names: dict[str, str],
        restore: Callable[[list[Cell]], object] | None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("手工调整")
        self.resize(1080, 460)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(12)
        rows.addWidget(label(f"手工调整 {len(changed)} 处", "heading"))
        rows.addWidget(label("这些格子不按方案的规则；其余的都按规则，单位或规则变了会跟着变。", "soft"))
        self.table = Table(columns(names))
        self.table.show_rows(changed)
        rows.addWidget(self.table, 1)
        line = QHBoxLayout()
        line.addStretch(1)
        self.restore_button, close = button("恢复规则", icon="undo-2"), button("关闭", "primary")
        self.restore_button.setToolTip("选中的格子改回按规则；可以撤销")
        close.clicked.connect(self.accept)
        self.restore_button.setEnabled(False)
        if restore is not None:
            give_back = restore
            self.restore_button.clicked.connect(lambda: (give_back(self.cells()), self.accept()))
            self.table.selectionModel().selectionChanged.connect(
                lambda: self.restore_button.setEnabled(bool(self.table.chosen()))
            )
        line.addWidget(self.restore_button)
        line.addWidget(close)
        rows.addLayout(line)

    def cells(self) -> list[Cell]:
        """The cells of the selected rows."""
        return [(c.change.evaluator, c.change.unit) for c in self.table.chosen()]


def columns(names: dict[str, str]) -> tuple[Column[ChangedCell], ...]:
    """Whom, what the rule says, what counts, why, by whom."""

    def said(groups: tuple[str, ...]) -> str:
        return "、".join(names.get(g, g) for g in groups) or "不评"

    return (
        Column(key="evaluator", title="评议人", text=lambda c: c.evaluator, width=130, strong=True),
        Column(key="unit", title="单位", text=lambda c: c.unit, width=150),
        Column(key="rule", title="按规则", text=lambda c: said(c.rule), width=120),
        Column(
            key="now",
            title="现在",
            text=lambda c: "不起作用" if c.idle else said(c.change.groups),
            tone=lambda c: NEUTRAL if c.idle else WARN_TONE,
            tip=lambda c: "方案里已没有这个组，或单位、评议人已不在这一层级。" if c.idle else "",
            width=130,
        ),
        Column(key="reason", title="理由", text=lambda c: c.change.reason, tip=lambda c: c.change.reason, stretch=True),
        Column(key="by", title="谁改的", text=lambda c: c.change.by, width=80),
        Column(key="at", title="何时", text=lambda c: c.change.at[:16].replace("T", " "), width=126),
    )
