"""The register itself: units by level and series, and evaluators."""

from __future__ import annotations

from collections import Counter

from PySide6.QtWidgets import QComboBox

from app.domain.facts import Evaluator, Unit
from app.domain.findings import Finding
from app.domain.schemes import Group
from app.ui.pages.units.forms import PLAIN_KIND, EvaluatorForm, UnitForm
from app.ui.pages.units.register_tab import RegisterTab
from app.ui.pages.units.words import PARTICIPATION, PARTICIPATION_TONES, RELATIONS
from app.ui.widgets.commands import Command
from app.ui.widgets.table import Column, Table


class UnitsTab(RegisterTab[Unit]):
    id, title = "units", "单位"
    hint = "名称、编码、拼音"
    follows_scheme = True

    def add_command(self) -> Command:
        return Command(self, "新增单位…", lambda: self.edit(None), icon="plus")

    def build_table(self) -> None:
        self.level = QComboBox()
        self.series = QComboBox()
        for box in (self.series, self.level):
            box.setMinimumWidth(120)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            self.tools.insertWidget(0, box)
        self.level.currentIndexChanged.connect(self._level_chosen)
        self.series.currentIndexChanged.connect(self.narrow)
        columns: tuple[Column[Unit], ...] = (
            Column(
                key="order",
                title="排序号",
                text=lambda u: str(u.order or "—"),
                sort=lambda u: u.order,
                width=62,
                align="center",
            ),
            Column(key="code", title="编码", text=lambda u: u.code, width=70),
            Column(
                key="name",
                title="名称",
                text=lambda u: u.name,
                width=180,
                stretch=True,
                sort=lambda u: u.order,
                strong=True,
            ),
            Column(key="level", title="层级", text=lambda u: self.level_name(u.level), width=84),
            Column(key="series", title="系列", text=lambda u: u.series or "—", width=96),
            Column(key="kind", title="类别", text=lambda u: "" if u.kind == PLAIN_KIND else u.kind, width=76),
            Column(
                key="parent",
                title="上级",
                text=lambda u: self.names.get(u.parent, u.parent) or "—",
                sort=lambda u: self.places.get(u.parent),
                width=130,
            ),
            Column(
                key="participation",
                title="参评状态",
                text=lambda u: PARTICIPATION[u.participation],
                tone=lambda u: PARTICIPATION_TONES[u.participation],
                tip=lambda u: u.reason,
                width=88,
            ),
            Column(key="reason", title="原因", text=lambda u: u.reason, tip=lambda u: u.reason, width=130),
            Column(key="since", title="起始日期", text=lambda u: u.since, width=90),
            Column(
                key="bodies",
                title="其他上级",
                text=lambda u: "、".join(self.names.get(c, c) for c in u.reports_to),
                width=130,
                hidden=True,
            ),
            Column(key="tags", title="标签", text=lambda u: "、".join(u.tags), width=90),
        )
        self.names: dict[str, str] = {}
        self.places: dict[str, int] = {}  # unit → its number in official order
        self.table = self.put_up(Table(columns))
        self.table.summed.connect(self.work.sum_up)

    def chosen(self) -> list[Unit]:
        return self.table.chosen()

    def delete_chosen(self) -> None:
        codes, names = [u.code for u in self.chosen()], [u.name for u in self.chosen()]
        also = "写明的关系、谁评谁里提到它们的地方一并去掉。"

        def go_on(findings: tuple[Finding, ...]) -> None:
            if self.ask_and_delete(names, also, findings):
                self.change("正在删除…", lambda s, p: s.units.delete_units(codes))

        self.read("正在核对…", lambda s, p: s.units.ties_of_units(codes), go_on)

    def level_name(self, level: str) -> str:
        """The level's Chinese name, as its scheme says it."""
        return next((s.level_name or s.level for s in self.work.schemes if s.level == level), level)

    def fill(self) -> None:
        self.names = {unit.code: unit.name for unit in self.data.units}
        self.places = {unit.code: at for at, unit in enumerate(self.data.units)}
        counted = Counter(unit.level for unit in self.data.units)
        scheme = self.work.scheme_document()
        wanted = self.level.currentData() if self.level.count() else (scheme.level if scheme else "")
        self.level.blockSignals(True)
        self.level.clear()
        self.level.addItem(f"全部层级（{len(self.data.units)}）", "")
        for level, count in counted.items():
            self.level.addItem(f"{self.level_name(level)}（{count}）", level)
        self.level.setCurrentIndex(max(self.level.findData(wanted), 0))
        self.level.blockSignals(False)
        self.table.show_rows(self.data.units)
        self._level_chosen()

    def _level_chosen(self) -> None:
        level, kept = self.level.currentData(), self.series.currentData()
        counted = Counter(unit.series for unit in self.data.units if not level or unit.level == level)
        self.series.blockSignals(True)
        self.series.clear()
        self.series.addItem("全部系列", None)
        for series, count in counted.items():
            self.series.addItem(f"{series or '未分系列'}（{count}）", series)
        self.series.setCurrentIndex(max(self.series.findData(kept), 0))
        self.series.blockSignals(False)
        self.narrow()

    def narrow(self) -> None:
        level, series = self.level.currentData(), self.series.currentData()
        self.table.narrow(
            self.search.text(),
            lambda unit: (not level or unit.level == level) and (series is None or unit.series == series),
        )
        shown = self.table.contents.rowCount()
        self.subtitle.setText(f"{shown} 家" if self.data.units else "")

    def reveal(self, target: str) -> None:
        self.level.setCurrentIndex(0)
        self.table.go_to(lambda unit: unit.code == target)

    def edit(self, row: Unit | None) -> None:
        if self.work.read_only:
            self.work.notices.say(self.work.read_only)
            return
        levels = tuple((s.level, s.level_name or s.level) for s in self.work.schemes)
        scheme = self.work.scheme_document()
        taken = {u.code for u in self.data.units}
        self.form = UnitForm(self, row, levels, self.unit_choices(), scheme.level if scheme else "", taken)
        self.form.submit(
            lambda value, close, wrong: self.change(
                "正在保存…", lambda s, p: s.units.save_unit(value), lambda _: close(), wrong
            )
        )


class EvaluatorsTab(RegisterTab[Evaluator]):
    id, title = "evaluators", "评议人"
    hint = "姓名、编码、单位、拼音"

    def add_command(self) -> Command:
        return Command(self, "新增评议人…", lambda: self.edit(None), icon="plus")

    def build_table(self) -> None:
        self.groups: dict[str, tuple[tuple[str, tuple[Group, ...]], ...]] = {}  # role → level and its groups
        self.role = QComboBox()
        self.role.setMinimumWidth(120)
        self.role.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.role.currentIndexChanged.connect(self.narrow)
        self.tools.insertWidget(0, self.role)
        self.names: dict[str, str] = {}
        self.places: dict[str, int] = {}  # unit → its number in official order
        columns: tuple[Column[Evaluator], ...] = (
            Column(
                key="order",
                title="排序号",
                text=lambda e: str(e.order or "—"),
                sort=lambda e: e.order,
                width=62,
                align="center",
            ),
            Column(key="code", title="编码", text=lambda e: e.code, width=90),
            Column(key="name", title="姓名", text=lambda e: e.name, sort=lambda e: e.order, width=180, strong=True),
            Column(
                key="unit",
                title="所在单位",
                text=lambda e: self.names.get(e.unit, e.unit) or "—",
                sort=lambda e: self.places.get(e.unit),
                width=170,
                stretch=True,
            ),
            Column(key="role", title="角色", text=lambda e: e.role or "—", width=120),
            Column(key="groups", title="评议组", text=self.groups_of, tip=self._groups_tip, width=200),
            Column(
                key="in_charge",
                title="分管",
                text=lambda e: self._related(e, True),
                tip=lambda e: self._related(e, True),
                width=150,
            ),
            Column(
                key="relations",
                title="其他关系",
                text=lambda e: self._related(e, False),
                tip=lambda e: self._related(e, False),
                width=110,
            ),
        )
        self.table = self.put_up(Table(columns))

    def _related(self, evaluator: Evaluator, in_charge: bool) -> str:
        """The units he is in charge of, or the other stated relations, by name."""
        stated = [r for r in evaluator.relations if (r.relation == "in_charge") is in_charge]
        names = [(self.names.get(r.unit, r.unit), RELATIONS[r.relation]) for r in stated]
        return "、".join(name if in_charge else f"{name}（{word}）" for name, word in names)

    def chosen(self) -> list[Evaluator]:
        return self.table.chosen()

    def delete_chosen(self) -> None:
        codes, names = [e.code for e in self.chosen()], [e.name for e in self.chosen()]
        also = "谁评谁里为他们写明的各行一并去掉；已经发出的评分表作废。"

        def go_on(findings: tuple[Finding, ...]) -> None:
            if self.ask_and_delete(names, also, findings):
                self.change("正在删除…", lambda s, p: s.units.delete_evaluators(codes))

        self.read("正在核对…", lambda s, p: s.units.ties_of_evaluators(codes), go_on)

    def fill(self) -> None:
        self.names = {unit.code: unit.name for unit in self.data.units}
        self.places = {unit.code: at for at, unit in enumerate(self.data.units)}
        self.groups.clear()
        self._fill_roles()
        self.table.show_rows(self.data.evaluators)
        self.narrow()

    def _fill_roles(self) -> None:
        counted, kept = Counter(e.role for e in self.data.evaluators), self.role.currentData()
        self.role.blockSignals(True)
        self.role.clear()
        self.role.addItem(f"全部角色（{len(self.data.evaluators)}）", None)
        for role, count in counted.items():
            self.role.addItem(f"{role or '没有角色'}（{count}）", role)
        self.role.setCurrentIndex(0 if kept is None else max(self.role.findData(kept), 0))
        self.role.blockSignals(False)

    def groups_of(self, evaluator: Evaluator) -> str:
        """The groups that are open to his role, each once."""
        named = [g.name for _, groups in self._groups_at(evaluator) for g in groups]
        return "、".join(dict.fromkeys(named)) or "—"

    def _groups_tip(self, evaluator: Evaluator) -> str:
        """The same level by level."""
        return "\n".join(
            f"{level}：{'、'.join(g.name for g in groups)}" for level, groups in self._groups_at(evaluator)
        )

    def _groups_at(self, evaluator: Evaluator) -> tuple[tuple[str, tuple[Group, ...]], ...]:
        if evaluator.role not in self.groups:
            open_to = (
                (s.level_name or s.name, tuple(g for g in s.groups if not g.roles or evaluator.role in g.roles))
                for s in self.work.schemes
            )
            self.groups[evaluator.role] = tuple((level, groups) for level, groups in open_to if groups)
        return self.groups[evaluator.role]

    def narrow(self) -> None:
        role = self.role.currentData()
        self.table.narrow(self.search.text(), None if role is None else lambda evaluator: evaluator.role == role)
        self.subtitle.setText(f"{self.table.contents.rowCount()} 人" if self.data.evaluators else "")

    def reveal(self, target: str) -> None:
        self.table.go_to(lambda evaluator: evaluator.code == target)

    def edit(self, row: Evaluator | None) -> None:
        if self.work.read_only:
            self.work.notices.say(self.work.read_only)
            return
        roles = list(dict.fromkeys(r for s in self.work.schemes for g in s.groups for r in g.roles))
        taken = {e.code for e in self.data.evaluators}
        self.form = EvaluatorForm(self, row, self.unit_choices(), roles, taken)
        self.form.submit(
            lambda value, close, wrong: self.change(
                "正在保存…", lambda s, p: s.units.save_evaluator(value), lambda _: close(), wrong
            )
        )
