"""One evaluator's sheet as a grid with Excel's habits: units as rows, items as columns, help for the current cell beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.facts import MarkBlock
from app.domain.sheets import FormItem, SheetForm
from app.ui import colours
from app.ui.score_sheet.cell_help import CellHelp
from app.ui.score_sheet.rows import (
    SheetRow,
    SheetRules,
    filled,
    limits_text,
    sheet_rows,
    sheet_rules,
    typed_rows,
)
from app.ui.widgets.frozen import FrozenColumns, wrapped
from app.ui.widgets.grid import Grid
from app.ui.widgets.table import Column

FIXED = 3  # unit, sum, gaps
ROOM_FOR_HELP = 700  # pixels; in a narrower place the grid has all of it
Typed = tuple[tuple[str, str, str], ...]
Edits = Sequence[tuple[SheetRow, str, str]]


class ScoreSheet(QWidget):
    """Shows a form with its marks and says what was typed; it stores nothing.

    typed (((unit code, item id, text), …)): one gesture, already checked; take(…) shows it. refused (list of
    sentences): nothing of a gesture was taken, and why. moved: another cell is current. summed (text): of the selection.
    """

    typed = Signal(object)
    refused = Signal(object)
    moved = Signal()
    summed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rules: SheetRules | None = None
        self.grid: Grid[SheetRow] | None = None
        self.shut = ""  # why nothing can be typed at all; empty: it can
        self._tip: Callable[[str, str], str] = lambda unit, item: ""
        self._frozen: FrozenColumns | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        self._place = QVBoxLayout()
        line.addLayout(self._place, 1)
        self.help = CellHelp()
        self.help.chosen.connect(self._fill)
        line.addWidget(self.help)

    # ---- showing

    def show_block(
        self, form: SheetForm, block: MarkBlock | None, tip: Callable[[str, str], str] | None = None
    ) -> None:
        """Show stored marks. tip: what the tool tip of (unit code, item id) says; those marks have another colour."""
        rules = sheet_rules(form, block)
        self._show(rules, sheet_rows(rules, block), tip)

    def show_texts(
        self,
        form: SheetForm,
        texts: Mapping[tuple[str, str], str],
        tip: Callable[[str, str], str] | None = None,
    ) -> None:
        """Show marks as somebody typed them: (unit code, item id) → text."""
        rules = sheet_rules(form, None)
        self._show(rules, typed_rows(rules, texts), tip)

    def _show(self, rules: SheetRules, rows: list[SheetRow], tip: Callable[[str, str], str] | None) -> None:
        same = (
            self.rules is not None
            and _shape(self.rules.form) == _shape(rules.form)
            and self.rules.digits == rules.digits
        )
        self.rules = rules
        self._tip = tip or (lambda unit, item: "")
        if same and self.grid is not None:
            for number, row in enumerate(rows):  # cell by cell, so that an open editor is not thrown away
                if row != self.grid.contents.rows[number]:
                    self.grid.contents.replace_row(number, row)
            self.grid.viewport().update()  # marks that are stored now lose the colour of fresh ones
        else:
            self._make_grid(rules.form, rows)
        self._show_help()

    def take(self, changes: Typed) -> None:
        """Show marks that were typed, before they are stored."""
        grid, rules = self.grid, self.rules
        if grid is None or rules is None:
            return
        items = {item.id: at for at, item in enumerate(rules.form.items)}
        numbers = {row.unit.code: number for number, row in enumerate(grid.contents.rows)}
        for unit, item, text in changes:
            number = numbers[unit]
            grid.contents.replace_row(number, rules.changed(grid.contents.rows[number], items[item], text))
        self._show_help()

    # ---- what is shown

    def current(self) -> tuple[SheetRow, FormItem] | None:
        """Row and item of the current cell; none when it is no score cell."""
        if self.grid is None or self.rules is None:
            return None
        index = self.grid.currentIndex()
        at = index.column() - FIXED
        if not index.isValid() or not 0 <= at < len(self.rules.form.items):
            return None
        return self.grid.contents.row(index), self.rules.form.items[at]

    def go_to(self, unit: str, item: str = "") -> None:
        """Make a unit's row, and there an item's cell, the current one."""
        if self.grid is None or self.rules is None:
            return
        self.grid.go_to(lambda row: row.unit.code == unit)
        at = next((n for n, i in enumerate(self.rules.form.items) if i.id == item), -1)
        if at >= 0:
            self.grid.setCurrentIndex(self.grid.contents.index(self.grid.currentIndex().row(), FIXED + at))

    def go_to_gap(self) -> bool:
        """Make the next cell that is still blank the current one, row by row from here; False when there is none."""
        if self.grid is None or self.rules is None:
            return False
        rows, items = self.grid.contents.rows, len(self.rules.form.items)
        index = self.grid.currentIndex()
        start = max(0, index.row() * items + max(0, index.column() - FIXED) + 1)
        places = [*range(start, len(rows) * items), *range(start)]
        for place in places:
            number, at = divmod(place, items)
            row = self.grid.contents.row(number)
            if at not in row.locked and self.rules.text(row, at) == "":
                self.grid.setCurrentIndex(self.grid.contents.index(number, FIXED + at))
                return True
        return False

    def filled(self) -> tuple[int, int]:
        """How many cells are filled in, of how many that can be."""
        return filled(self.grid.contents.rows) if self.grid is not None else (0, 0)

    def progress_text(self) -> str:
        """``已评 57/60，还有 3 项未评``."""
        done, cells = self.filled()
        return f"已评 {done}/{cells}，" + (f"还有 {cells - done} 项未评" if done < cells else "已全部评完")

    # ---- inside

    def _make_grid(self, form: SheetForm, rows: list[SheetRow]) -> None:
        if self.grid is not None:
            self._place.removeWidget(self.grid)
            self.grid.hide()
            self.grid.deleteLater()
        grid = Grid(self._columns(form), row_height=28)
        lines = max((wrapped(item.name, 6).count("\n") + 1 for item in form.items), default=1)
        grid.horizontalHeader().setFixedHeight(20 + 17 * (lines + 1))
        grid.show_rows(rows)
        grid.edited.connect(self._edited)
        grid.refused.connect(self.refused)
        grid.summed.connect(self.summed)
        grid.selectionModel().currentChanged.connect(self._moved)
        self._place.addWidget(grid)
        self._frozen = FrozenColumns(grid, FIXED)
        self.grid = grid
        grid.setCurrentIndex(grid.contents.index(0, FIXED))

    def _columns(self, form: SheetForm) -> list[Column[SheetRow]]:
        fixed: list[Column[SheetRow]] = [
            Column(
                key="unit", title="单位", text=lambda r: r.unit.name, tip=lambda r: r.unit.name, width=150, strong=True
            ),
            Column(
                key="total",
                title="合计",
                text=lambda r: self._rules().total_text(r),
                align="right",
                width=64,
                strong=True,
            ),
            Column(
                key="gaps",
                title="未评",
                text=lambda r: str(self._rules().gaps(r) or ""),
                ink=lambda r: colours.WARN,
                align="center",
                width=46,
            ),
        ]
        return fixed + [self._item_column(at, item) for at, item in enumerate(form.items)]

    def _rules(self) -> SheetRules:
        assert self.rules is not None
        return self.rules

    def _item_column(self, at: int, item: FormItem) -> Column[SheetRow]:
        def ink(row: SheetRow) -> str:
            if at in row.fresh:
                return colours.ACCENT
            return colours.INFO if self._tip(row.unit.code, item.id) else ""

        return Column(
            key=item.id,
            title=f"{wrapped(item.name, 6)}\n{limits_text(item)}",
            text=lambda r: self._rules().text(r, at),
            check=lambda r, text: self.shut or self._rules().problem(r, at, text),
            locked=lambda r: self._rules().why_locked(r, at),
            choices=(lambda r: ["", *(level.name for level in item.levels), "弃权"]) if item.levels else None,
            ink=ink,
            tip=lambda r: self._tip(r.unit.code, item.id),
            align="center" if item.levels else "right",
            width=max(96, 14 * min(len(limits_text(item)), 20) + 20),
            head_tip="\n".join(
                text for text in (" › ".join((*item.above, item.name)), limits_text(item), item.note) if text
            ),
        )

    def _edited(self, edits: Edits) -> None:
        self.typed.emit(tuple((row.unit.code, key, text) for row, key, text in edits))

    def _fill(self, text: str) -> None:
        if self.grid is not None:
            self.grid.fill(text)
            self.grid.setFocus()

    def _moved(self, index: QModelIndex, before: QModelIndex) -> None:
        self._show_help()
        self.moved.emit()

    def _show_help(self) -> None:
        place = self.current()
        if place is None or self.rules is None:
            return
        row, item = place
        self.help.show_cell(self.rules, row, self.rules.form.items.index(item), open_to_typing=not self.shut)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.help.setVisible(self.width() >= ROOM_FOR_HELP)


def _shape(form: SheetForm) -> tuple[object, ...]:
    return form.identity.sheet, form.units, form.items
