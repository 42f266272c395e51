"""Dialogs of the values: another basis, and what a table of values would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.domain.facts import OfficeMark
from app.domain.schemes import Item
from app.ui.colours import GOOD_TONE, INFO_TONE
from app.ui.pages.sheets.value_cells import mark_words
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.table import Column
from app.ui.widgets.table_preview import TablePreview

if TYPE_CHECKING:
    from app.services.values import ValueChange, ValuePlan


class BasisForm(FormDialog[str]):
    """Another basis for values that are there."""

    def __init__(self, parent: QWidget, marks: Sequence[OfficeMark]) -> None:
        said = list(dict.fromkeys(mark.basis for mark in marks))
        super().__init__(parent, f"改 {len(marks)} 个值的依据", lead="数值不变，只改依据。")
        self.basis = self.add_text("依据", said[0] if len(said) == 1 else "", "文件、台账或系统名称")

    def value(self) -> str:
        text = self.basis.toPlainText().strip()
        if not text:
            raise Wrong(self.basis, "请写明依据。")
        return text


def value_preview(
    parent: QWidget,
    plan: ValuePlan,
    unit_name: Callable[[str], str],
    items: Mapping[str, Item],
    apply: Callable[[Callable[[], object], Callable[[BaseException], bool]], object],
) -> TablePreview:
    """The preview of a table of values."""
    changes = [change for change in plan.changes if change.state != "same"]
    new = sum(change.state == "new" for change in changes)
    parts = [f"{plan.path.name}：新增 {new}，改动 {len(changes) - new}，与现有相同 {len(plan.changes) - len(changes)}"]
    parts += [f"{plan.empty} 行空着，不改变现有的值"] if plan.empty else []
    parts += [f"拒收 {plan.refused}，见下面的提示"] if plan.refused else []
    return TablePreview(
        parent,
        "导入数值：预览",
        "；".join(parts) + "。",
        _columns(unit_name, items),
        changes,
        plan.findings,
        f"写入 {len(changes)} 个值",
        apply,
    )


def _columns(unit_name: Callable[[str], str], items: Mapping[str, Item]) -> tuple[Column[ValueChange], ...]:
    def before(change: ValueChange) -> str:
        return mark_words(change.before, items[change.mark.item]) or "—"

    return (
        Column(key="unit", title="单位", text=lambda c: unit_name(c.mark.unit), width=180, strong=True),
        Column(key="item", title="项目", text=lambda c: items[c.mark.item].name, width=150),
        Column(key="period", title="期次", text=lambda c: c.mark.period or "—", width=80),
        Column(key="before", title="现有", text=before, align="right", width=80),
        Column(
            key="after",
            title="导入后",
            text=lambda c: mark_words(c.mark, items[c.mark.item]),
            align="right",
            width=80,
            strong=True,
        ),
        Column(
            key="state",
            title="变化",
            text=lambda c: "新增" if c.state == "new" else "改动",
            tone=lambda c: GOOD_TONE if c.state == "new" else INFO_TONE,
            align="center",
            width=64,
        ),
        Column(
            key="basis", title="依据", text=lambda c: c.mark.basis, tip=lambda c: c.mark.basis, width=160, stretch=True
        ),
        Column(key="place", title="位置", text=lambda c: c.place, tip=lambda c: c.place, width=150),
    )
