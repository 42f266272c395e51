"""Forms for one unit and one evaluator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.facts import Evaluator, Participation, Unit
from app.ui.pages.units.words import PARTICIPATION, PARTICIPATION_HINTS
from app.ui.widgets.forms import FormDialog, Wrong

Choices = Sequence[tuple[str, str]]


def whole_number(field: QLineEdit, name: str) -> int:
    """The whole number typed into a field (empty: 0). Raises Wrong."""
    text = field.text().strip()
    if not text:
        return 0
    try:
        return int(text)
    except ValueError:
        raise Wrong(field, f"“{name}”应填整数，现在是“{text}”。") from None


def needed(field: QLineEdit, name: str) -> str:
    """The text of a field that must not stay empty. Raises Wrong."""
    text = field.text().strip()
    if not text:
        raise Wrong(field, f"请填写“{name}”。")
    return text


class UnitForm(FormDialog[Unit]):
    """A unit. levels, parents: (code, name); series: those in use."""

    def __init__(
        self, parent: QWidget, unit: Unit | None, levels: Choices, parents: Choices, level: str, taken: set[str]
    ) -> None:
        super().__init__(parent, "修改单位" if unit else "新增单位", lead="排序号决定名单的先后，与分数无关。")
        self._unit, self._taken = unit, taken
        known = unit or Unit(code="", name="", level=level)
        self.code = self.add_line("编码", known.code, "全表唯一，如 D01")
        self.code.setReadOnly(unit is not None)
        self.name = self.add_line("名称", known.name)
        self.level = self.add_choice("层级", levels, known.level)
        self.series = self.add_line("系列", known.series, "同系列之间排名")
        self.above = self.add_choice("上级单位", (("", "（无）"), *parents), known.parent)
        self.order = self.add_line("排序号", str(known.order or ""), "1、2、3……", number=True)
        self.participation = self.add_choice("参评状态", tuple(PARTICIPATION.items()), known.participation)
        self.hint = self.add_note("")
        self.reason = self.add_line("说明", known.reason, "不参加排名时写明原因")
        self.tags = self.add_line("标签", "、".join(known.tags), "用顿号分开，可不填")
        self.participation.currentIndexChanged.connect(self._explain)
        self._explain()

    def _explain(self) -> None:
        self.hint.setText(PARTICIPATION_HINTS[self.participation.currentData()])

    def value(self) -> Unit:
        code, name = needed(self.code, "编码"), needed(self.name, "名称")
        if self._unit is None and code in self._taken:
            raise Wrong(self.code, f"编码“{code}”已经有了，请换一个。")
        chosen = cast(Participation, self.participation.currentData())
        if chosen != "ranked" and not self.reason.text().strip():
            raise Wrong(self.reason, f"“{PARTICIPATION[chosen]}”需要写明原因。")
        return replace(
            self._unit or Unit(code=code, name=name, level=""),
            code=code,
            name=name,
            level=str(self.level.currentData()),
            series=self.series.text().strip(),
            parent=str(self.above.currentData()),
            order=whole_number(self.order, "排序号"),
            participation=chosen,
            reason=self.reason.text().strip(),
            tags=tuple(t for t in re.split(r"[、,，;；\s]+", self.tags.text()) if t),
        )


class EvaluatorForm(FormDialog[Evaluator]):
    """An evaluator. units: (code, name); roles: the words that the schemes' groups name."""

    def __init__(
        self, parent: QWidget, evaluator: Evaluator | None, units: Choices, roles: Sequence[str], taken: set[str]
    ) -> None:
        super().__init__(parent, "修改评议人" if evaluator else "新增评议人")
        self._evaluator, self._taken = evaluator, taken
        known = evaluator or Evaluator(code="", name="")
        self.code = self.add_line("编码", known.code, "全表唯一，如 E001")
        self.code.setReadOnly(evaluator is not None)
        self.name = self.add_line("姓名", known.name)
        self.unit = self.add_choice("所在单位", (("", "（无）"), *units), known.unit)
        self.role = self.add_choice(
            "角色", tuple((r, r or "（无）") for r in dict.fromkeys(("", *roles, known.role))), known.role
        )
        self.add_note("角色决定他在方案的哪个评议人分组里。")
        self.order = self.add_line("序号", str(known.order or ""), number=True)
        if known.relations:
            self.add_note(f"名册另写明了 {len(known.relations)} 条关系（如分管），保持不变；要修改请用名册导入。")

    def value(self) -> Evaluator:
        code, name = needed(self.code, "编码"), needed(self.name, "姓名")
        if self._evaluator is None and code in self._taken:
            raise Wrong(self.code, f"编码“{code}”已经有了，请换一个。")
        return replace(
            self._evaluator or Evaluator(code=code, name=name),
            code=code,
            name=name,
            unit=str(self.unit.currentData()),
            role=str(self.role.currentData()),
            order=whole_number(self.order, "序号"),
        )
