"""双人录入, the last step: what the two have typed differently, side by side; each place is decided with one key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.entry_comparison import EntryComparison, EntryDifference, Side
from app.ui import colours
from app.ui.widgets.commands import Command
from app.ui.widgets.grid import Grid
from app.ui.widgets.table import Column
from app.ui.widgets.text import button, label

CHOICE = 4  # column
_SIDES: tuple[Side, Side] = ("first", "second")


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One place. side: what it is decided for; empty: not yet."""

    difference: EntryDifference
    side: Side | None = None

    @property
    def choices(self) -> tuple[str, str]:
        """The two answers as shown, in the order of the keys 1 and 2."""
        return f"第一遍：{self.difference.first or '空白'}", f"第二遍：{self.difference.second or '空白'}"

    @property
    def chosen(self) -> str:
        """The answer as shown; empty while there is none."""
        return self.choices[_SIDES.index(self.side)] if self.side else ""


class Differences(QWidget):
    """adopted ({(unit, item): side}): store it. left: back to the list."""

    adopted = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.grid: Grid[DifferenceRow] | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        head = QHBoxLayout()
        self.title, self.state = label("", "heading"), label("", "soft")
        head.addWidget(self.title)
        head.addSpacing(8)
        head.addWidget(self.state, 1)
        self.back = button("返回")
        self.back.clicked.connect(self.left)
        self.adopt = Command(self, "存入评分表", self._adopt, icon="check", tip="把核对后的分数存为这位评议人的评分")
        head.addWidget(self.back)
        head.addWidget(self.adopt.button("primary"))
        rows.addLayout(head)
        self.lead = label("", "soft", wrap=True)
        rows.addWidget(self.lead)
        self._place = QVBoxLayout()
        rows.addLayout(self._place, 1)

    def show_comparison(self, found: EntryComparison, evaluator_name: str) -> None:
        """Show what differs."""
        self.found = found
        self.title.setText(f"{evaluator_name}：核对两遍录入")
        lead = "对照纸质原表逐处定：按 1 取第一遍，按 2 取第二遍，自动到下一处。" if found.differences else ""
        lead += f"其中 {found.replaces} 格原来已有别的分数，存入后即更正。" if found.replaces else ""
        self.lead.setText(lead or "两遍完全相同，可以直接存入。")
        if self.grid is not None:
            self._place.removeWidget(self.grid)
            self.grid.hide()
            self.grid.deleteLater()
        self.grid = Grid(_columns(found), row_height=30)
        self.grid.show_rows([DifferenceRow(difference) for difference in found.differences])
        self.grid.edited.connect(self._decided)
        self._place.addWidget(self.grid)
        if found.differences:
            self.grid.setCurrentIndex(self.grid.contents.index(0, CHOICE))
        self.grid.setFocus()
        self._show_state()

    def _decided(self, edits: Sequence[tuple[DifferenceRow, str, str]]) -> None:
        assert self.grid is not None
        contents = self.grid.contents
        for row, _, text in edits:
            side = _SIDES[row.choices.index(text)] if text in row.choices else None
            number = next(n for n, r in enumerate(contents.rows) if r.difference is row.difference)
            contents.replace_row(number, replace(row, side=side))
        self._show_state()

    def _show_state(self) -> None:
        assert self.grid is not None
        rows = self.grid.contents.rows
        open_ones = sum(row.side is None for row in rows)
        self.state.setText(f"相同 {self.found.equal} 格，不同 {len(rows)} 处，已定 {len(rows) - open_ones} 处")
        self.adopt.set_reason(f"还有 {open_ones} 处没有定。" if open_ones else "")

    def _adopt(self) -> None:
        assert self.grid is not None
        self.adopted.emit({(r.difference.unit, r.difference.item): r.side for r in self.grid.contents.rows})


def _columns(found: EntryComparison) -> tuple[Column[DifferenceRow], ...]:
    def check(row: DifferenceRow, text: str) -> str:
        return "" if not text or text in row.choices else "请选第一遍或第二遍。"

    return (
        Column(key="unit", title="单位", text=lambda r: r.difference.unit_name, width=170, strong=True),
        Column(
            key="item",
            title="项目",
            text=lambda r: r.difference.item_name,
            tip=lambda r: r.difference.problem,
            width=220,
            stretch=True,
        ),
        Column(
            key="first",
            title=f"第一遍（{found.first_by}）",
            text=lambda r: r.difference.first or "空白",
            align="center",
            width=180,
        ),
        Column(
            key="second",
            title=f"第二遍（{found.second_by}）",
            text=lambda r: r.difference.second or "空白",
            align="center",
            width=180,
        ),
        Column(
            key="choice",
            title="采用",
            text=lambda r: r.chosen,
            check=check,
            choices=lambda r: ["", *r.choices],
            ink=lambda r: colours.ACCENT,
            align="center",
            width=190,
        ),
    )
