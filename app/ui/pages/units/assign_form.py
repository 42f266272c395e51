"""Changing by hand who rates whom: for chosen cells of the matrix, or for an evaluator and a unit that one picks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.ui.pages.units.forms import Choices, picked
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.picker import Picker

Cell = tuple[str, str]  # evaluator, unit


@dataclass(frozen=True, slots=True)
class HandEntry:
    """What is wanted: cells, groups (none: they do not rate), reason."""

    cells: tuple[Cell, ...]
    groups: tuple[str, ...]
    reason: str


class AssignForm(FormDialog[HandEntry]):
    """Into which group these evaluators go for these units, and why. cells: empty lets one pick evaluator and unit.
    warning: what the user should know before."""

    def __init__(
        self,
        parent: QWidget,
        cells: Sequence[Cell],
        said: str,
        groups: Choices,
        chosen: str,
        people: Choices,
        units: Choices,
        warning: str = "",
    ) -> None:
        super().__init__(parent, "手工加入评分", save="加入", lead=said, width=520)
        self._cells = tuple(cells)
        self.evaluator: Picker | None = None
        self.unit: Picker | None = None
        if not cells:
            self.evaluator, self.unit = Picker(people, "\0"), Picker(units, "\0")
            self.add_field("评议人", self.evaluator)
            self.add_field("评哪家单位", self.unit)
        self.group = self.add_choice("计入哪一组", groups, chosen)
        self.reason = self.add_text("理由", "", "写明依据，如：某书记因公外出，由副书记代评")
        if warning:
            self.add_note(warning)

    def value(self) -> HandEntry:
        cells = self._cells
        if self.evaluator is not None and self.unit is not None:
            cells = ((picked(self.evaluator, "评议人"), picked(self.unit, "评哪家单位")),)
        return HandEntry(cells, (str(self.group.currentData()),), _reason(self))


class TakeOutForm(FormDialog[HandEntry]):
    """Why these evaluators do not rate these units."""

    def __init__(self, parent: QWidget, cells: Sequence[Cell], said: str, warning: str = "") -> None:
        super().__init__(parent, "手工取消评分", save="取消评分", lead=said, width=520)
        self.cancel_button.setText("返回")
        self._cells = tuple(cells)
        self.reason = self.add_text("理由", "", "写明依据，如：与该单位负责人有亲属关系，申请回避")
        if warning:
            self.add_note(warning)

    def value(self) -> HandEntry:
        return HandEntry(self._cells, (), _reason(self))


def _reason(form: AssignForm | TakeOutForm) -> str:
    text = form.reason.toPlainText().strip()
    if not text:
        raise Wrong(form.reason, "请写明理由，它会留在记录里。")
    return text
