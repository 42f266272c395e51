"""Forms for one unit and one evaluator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import cast

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.facts import Evaluator, Link, Participation, Unit, UnitRelation
from app.domain.schemes import Relation
from app.ui.pages.units.words import PARTICIPATION, PARTICIPATION_HINTS, RELATIONS
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.pairs import PairList
from app.ui.widgets.picker import Picker

Choices = Sequence[tuple[str, str]]
PLAIN_KIND = str(next(f.default for f in fields(Unit) if f.name == "kind"))
NOTHING = ("", "（无）")


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


def day(field: QLineEdit, name: str) -> str:
    """The date typed into a field as YYYY-MM-DD (empty: none). Raises Wrong."""
    text = field.text().strip()
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text)
    try:
        return date(*map(int, found.groups())).isoformat() if found else _no_day(field, name, text)
    except ValueError:
        return _no_day(field, name, text)


def _no_day(field: QLineEdit, name: str, text: str) -> str:
    if text:
        raise Wrong(field, f"“{name}”应填年月日，如 2026-03-01，现在是“{text}”。")
    return ""


def picked(field: Picker, name: str) -> str:
    """The code chosen in a field. Raises Wrong."""
    code = field.code()
    if code is None:
        raise Wrong(field, f"“{name}”里的“{field.currentText().strip()}”不在名册中，请从列表中选。")
    return code


def pairs_of(field: PairList, name: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a list; one that is chosen but not put into it is not forgotten. Raises Wrong."""
    if field.pending:
        raise Wrong(field, f"“{name}”里选好的单位还没有加入，请按“加入”，或清空。")
    return field.pairs()


class UnitForm(FormDialog[Unit]):
    """A unit. levels, parents: (code, name); series: those in use."""

    def __init__(
        self, parent: QWidget, unit: Unit | None, levels: Choices, parents: Choices, level: str, taken: set[str]
    ) -> None:
        lead = "排序号决定名单的先后，与分数无关。"
        super().__init__(parent, "修改单位" if unit else "新增单位", lead=lead, width=540)
        self._unit, self._taken = unit, taken
        known = unit or Unit(code="", name="", level=level)
        others = [(code, name) for code, name in parents if code != known.code]
        self.code = self.add_line("编码", known.code, "全表唯一，如 D01")
        self.code.setReadOnly(unit is not None)
        self.name = self.add_line("名称", known.name)
        self.order = self.add_line("排序号", str(known.order or ""), "1、2、3……", number=True)
        self.level = self.add_choice("层级", _with(levels, known.level), known.level)
        self.series = self.add_line("系列", known.series, "同系列之间排名")
        self.kind = self.add_line("类别", "" if known.kind == PLAIN_KIND else known.kind, "一般单位不填")
        self.participation = self.add_choice("参评状态", tuple(PARTICIPATION.items()), known.participation)
        self.hint = self.add_note("")
        self.reason = self.add_line("原因", known.reason, "不参加排名时写明原因")
        self.since = self.add_line("起始日期", known.since, "该状态自何日起，如 2026-03-01，可不填")
        self.above = Picker((NOTHING, *others), known.parent)
        self.add_field("上级", self.above)
        self.bodies = PairList(others, [(code, "") for code in known.reports_to])
        self.add_field("其他上级", self.bodies)
        self.bodies.setToolTip("同时向几家报告的单位，其余的上级填在这里；他们的评议人也算上级。")
        self.links = PairList(others, [(link.unit, link.name) for link in known.links], (), "如 联合项目")
        self.add_field("关联", self.links)
        self.tags = self.add_line("标签", "、".join(known.tags), "用顿号分开，可不填")
        self.participation.currentIndexChanged.connect(self._explain)
        for several in (self.bodies, self.links):
            several.altered.connect(self._fit)
        self._explain()

    def _explain(self) -> None:
        chosen = self.participation.currentData()
        self.hint.setText(PARTICIPATION_HINTS[chosen])
        self.since.setEnabled(chosen != "ranked" or bool(self.since.text()))

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
            kind=self.kind.text().strip() or PLAIN_KIND,
            parent=picked(self.above, "上级"),
            order=whole_number(self.order, "排序号"),
            participation=chosen,
            reason=self.reason.text().strip(),
            since=day(self.since, "起始日期"),
            tags=tuple(t for t in re.split(r"[、,，;；\s]+", self.tags.text()) if t),
            reports_to=tuple(code for code, _ in pairs_of(self.bodies, "其他上级")),
            links=tuple(Link(unit=code, name=word) for code, word in pairs_of(self.links, "关联")),
        )


def _with(choices: Choices, chosen: str) -> Choices:
    """The choices, and the one that stands now though it is none of them."""
    known = {key for key, _ in choices}
    return choices if chosen in known or not chosen else (*choices, (chosen, chosen))


class EvaluatorForm(FormDialog[Evaluator]):
    """An evaluator. units: (code, name); roles: the words that the schemes' groups name."""

    def __init__(
        self, parent: QWidget, evaluator: Evaluator | None, units: Choices, roles: Sequence[str], taken: set[str]
    ) -> None:
        super().__init__(parent, "修改评议人" if evaluator else "新增评议人", width=540)
        self._evaluator, self._taken = evaluator, taken
        known = evaluator or Evaluator(code="", name="")
        self.code = self.add_line("编码", known.code, "全表唯一，如 E001")
        self.code.setReadOnly(evaluator is not None)
        self.name = self.add_line("姓名", known.name)
        self.order = self.add_line("排序号", str(known.order or ""), number=True)
        self.unit = Picker((NOTHING, *units), known.unit)
        self.add_field("所在单位", self.unit)
        self.role = self.add_choice(
            "角色", tuple((r, r or "（无）") for r in dict.fromkeys(("", *roles, known.role))), known.role
        )
        self.add_note("角色决定他在方案的哪个评议人分组里。")
        stated = [(r.unit, r.relation) for r in known.relations]
        self.relations = PairList(units, stated, tuple((str(k), v) for k, v in RELATIONS.items()))
        self.add_field("写明的关系", self.relations)
        self.add_note("如“分管 · 某局”。写明的关系代替按隶属推出的关系；本单位、上下级一般不用写。")
        self.relations.altered.connect(self._fit)

    def value(self) -> Evaluator:
        code, name = needed(self.code, "编码"), needed(self.name, "姓名")
        if self._evaluator is None and code in self._taken:
            raise Wrong(self.code, f"编码“{code}”已经有了，请换一个。")
        stated = [
            UnitRelation(unit=unit, relation=cast(Relation, relation))
            for unit, relation in pairs_of(self.relations, "写明的关系")
        ]
        return replace(
            self._evaluator or Evaluator(code=code, name=name),
            code=code,
            name=name,
            unit=picked(self.unit, "所在单位"),
            role=str(self.role.currentData()),
            order=whole_number(self.order, "排序号"),
            # In charge first, as the register workbook writes and reads them.
            relations=tuple(sorted(stated, key=lambda r: r.relation != "in_charge")),
        )
