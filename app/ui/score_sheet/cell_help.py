"""What the current cell asks for: the item, its levels or range, its note; and how far the unit is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain.quantities import number_text
from app.domain.sheets import FormItem
from app.ui.score_sheet.rows import SheetRow, SheetRules, limits_text
from app.ui.widgets.text import button, label

WIDTH = 236
ABSTAINED = "弃权"


class CellHelp(QFrame):
    """Stands beside the grid. chosen (text): a level or 弃权 was pressed; it goes into the selected cells."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self._area)
        self._item = ""
        self.unit, self.state = label("", "strong", wrap=True), label("", "soft", wrap=True)
        self.choices: dict[str, QWidget] = {}
        self._rows = QVBoxLayout()

    def show_cell(self, rules: SheetRules, row: SheetRow, at: int, *, open_to_typing: bool) -> None:
        """Tell about the item number ``at`` in this row."""
        item = rules.form.items[at]
        key = f"{item.id} {open_to_typing}"
        if key != self._item:
            self._item = key
            self._make(item, open_to_typing)
        gaps = rules.gaps(row)
        self.unit.setText(row.unit.name)
        left = "已全部评完" if not gaps else f"还有 {gaps} 项未评"
        self.state.setText("回避，不评" if row.unit.recused else f"合计 {rules.total_text(row)}，{left}")
        shut = at in row.locked
        for widget in self.choices.values():
            widget.setEnabled(not shut)

    def clear(self) -> None:
        """No cell is current."""
        self._item = ""
        self._area.takeWidget()
        self.choices = {}

    def _make(self, item: FormItem, open_to_typing: bool) -> None:
        inside = QWidget()
        inside.setObjectName("inside")
        rows = self._rows = QVBoxLayout(inside)
        rows.setContentsMargins(14, 12, 14, 12)
        rows.setSpacing(6)
        self.unit, self.state = label("", "strong", wrap=True), label("", "soft", wrap=True)
        self.choices = {}
        rows.addWidget(self.unit)
        rows.addWidget(self.state)
        rows.addSpacing(8)
        if item.above:
            rows.addWidget(label(" › ".join(item.above), "small", wrap=True))
        rows.addWidget(label(item.name, "heading", wrap=True))
        for text in _facts(item):
            rows.addWidget(label(text, "soft", wrap=True))
        if item.note:
            rows.addSpacing(4)
            rows.addWidget(label(item.note, wrap=True))
        if open_to_typing:
            self._add_choices(item)
        rows.addStretch(1)
        self._area.setWidget(inside)

    def _add_choices(self, item: FormItem) -> None:
        self._rows.addSpacing(8)
        for number, level in enumerate(item.levels, 1):
            points = "" if level.points is None else f"　{number_text(level.points)} 分"
            self._add_choice(level.name, f"{number}　{level.name}{points}")
        if all(level.name != ABSTAINED for level in item.levels):
            self._add_choice(ABSTAINED, "弃权（不评这一项）")
        if item.levels:
            self._rows.addWidget(label("按数字键直接选；也可点这里填入选中的格子。", "small", wrap=True))

    def _add_choice(self, text: str, shown: str) -> None:
        made = button(shown)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # typing goes on in the grid
        made.clicked.connect(lambda: self.chosen.emit(text))
        self.choices[text] = made
        self._rows.addWidget(made)


def _facts(item: FormItem) -> list[str]:
    """Points, range, step, decimals; nothing for a choice, whose levels stand below."""
    if item.levels:
        return []
    points = f"满分 {number_text(item.points)} 分" if item.points is not None else ""
    span = f"可填 {limits_text(item)}" if limits_text(item) else "填数字"
    step = f"每档 {number_text(item.step)}" if item.step is not None else ""
    digits = "" if item.allowed else "填整数" if item.digits == 0 else f"小数不超过 {item.digits} 位"
    return [text for text in (points, "，".join(t for t in (span, step, digits) if t)) if text]
