"""Parts that do not concern a unit this year: the list and its form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.facts import Exemption, Unit
from app.domain.schemes import Part, Scheme, walk
from app.ui.widgets.commands import Command
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.picker import Picker
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import label


class ExemptionForm(FormDialog[Exemption]):
    """A part that does not concern a unit."""

    def __init__(self, parent: QWidget, scheme: Scheme, units: Sequence[Unit]) -> None:
        super().__init__(parent, "说明不适用", lead="本年不涉及的项目写明原因，按方案的规定处理，不当作零分。")
        self._scheme = scheme
        self.unit = Picker(tuple((u.code, u.name) for u in units))
        self.add_field("单位", self.unit)
        parts: list[Part] = [*walk(scheme.tree)[1:], *scheme.measures]
        self.part = self.add_choice("项目", tuple((p.id, p.name) for p in parts))
        self.reason = self.add_text("原因", hint="如：本单位没有直属事业单位")

    def value(self) -> Exemption:
        reason = self.reason.toPlainText().strip()
        if not reason:
            raise Wrong(self.reason, "请写明原因。")
        unit = self.unit.code()
        if not unit:
            raise Wrong(self.unit, "请从列表里选一家单位。")
        return Exemption(scheme=self._scheme.id, unit=unit, part=str(self.part.currentData()), reason=reason)


class ExemptionBox(QWidget):
    """The list below the values. unit_name, part_name: names of codes and ids; changed: another line is chosen."""

    def __init__(
        self,
        unit_name: Callable[[str], str],
        part_name: Callable[[str], str],
        commands: Sequence[Command],
        changed: Callable[[], object],
    ) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 8, 0, 0)
        rows.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label("不适用的项目", "heading"))
        self.count = label("", "soft")
        head.addWidget(self.count, 1)
        for command in commands:
            head.addWidget(command.button())
        rows.addLayout(head)
        columns: tuple[Column[Exemption], ...] = (
            Column(key="unit", title="单位", text=lambda e: unit_name(e.unit), width=220, strong=True),
            Column(key="part", title="项目", text=lambda e: part_name(e.part), width=220),
            Column(
                key="reason", title="原因", text=lambda e: e.reason, tip=lambda e: e.reason, width=260, stretch=True
            ),
        )
        self.table = Table(columns)
        self.table.setMinimumHeight(96)
        self.table.picked.connect(changed)
        rows.addWidget(self.table, 1)

    def show_exemptions(self, exemptions: Sequence[Exemption]) -> None:
        """Show these."""
        self.table.show_rows(exemptions)
        self.count.setText(f"{len(exemptions)} 条" if exemptions else "没有")
