"""The register itself: units by level and series, and evaluators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QStackedWidget

from app.domain.facts import Evaluator, Unit
from app.domain.progress import Progress
from app.services.changes import Area, Outcome
from app.services.units import RegisterPlan, RegisterResult
from app.ui.pages.units.forms import Choices, EvaluatorForm, UnitForm
from app.ui.pages.units.register_import import RegisterPreview
from app.ui.pages.units.words import PARTICIPATION, PARTICIPATION_TONES
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from app.services.container import Services

KINDS = "名册 (*.xlsx)"


@dataclass(frozen=True, slots=True)
class RegisterData:
    """Units and evaluators of the year."""

    units: tuple[Unit, ...]
    evaluators: tuple[Evaluator, ...]


class _RegisterTab(Tab[RegisterData]):
    """What the two lists have in common: data, search, import and export of the workbook."""

    areas = frozenset({Area.UNITS, Area.SCHEMES})
    hint = ""

    def build(self) -> None:
        self.data = RegisterData((), ())
        self.search = SearchField(self.hint)
        self.tools.addWidget(self.search)
        self.import_register = Command(
            self, "导入名册…", self._choose_register, icon="upload", tip="从名册工作簿导入单位、评议人和谁评谁"
        )
        self.template = Command(
            self, "空白名册…", self._write_template, icon="download", tip="写出一份空白名册，填好后导入"
        )
        self.add = self.add_command()
        for command in (self.template, self.add):
            self.tools.addWidget(command.button())
        self.tools.addWidget(self.import_register.button("primary"))
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "users",
                "还没有单位和评议人",
                "从名册工作簿导入最快：先写出空白名册，填好单位、评议人和谁评谁，再导入。",
                self.import_register,
            )
        )
        self.body.addWidget(self.stack, 1)
        self.writable(self.import_register, self.add)
        self.build_table()
        self.search.textChanged.connect(self.narrow)

    def add_command(self) -> Command:
        """The command that adds a row."""
        raise NotImplementedError

    def build_table(self) -> None:
        """Make the table and put it on the stack."""
        raise NotImplementedError

    def narrow(self) -> None:
        """Show what search and choices let through."""
        raise NotImplementedError

    def loader(self) -> Callable[[Services, Progress], RegisterData]:
        return lambda services, progress: RegisterData(services.units.units(), services.units.evaluators())

    def show_data(self, data: RegisterData) -> None:
        self.data = data
        self.stack.setCurrentIndex(1 if data.units or data.evaluators else 0)
        self.fill()

    def fill(self) -> None:
        """Put the data into the table."""
        raise NotImplementedError

    def search_field(self) -> QLineEdit | None:
        return self.search

    # ---- the workbook

    def _choose_register(self) -> None:
        path = self.work.notices.open_file("导入名册", KINDS)
        if path is not None:
            self.read("正在读取名册…", lambda s, p: s.units.plan_register(path), self.preview)

    def preview(self, plan: RegisterPlan) -> None:
        """Show what taking the register in would do."""
        self.dialog = RegisterPreview(self, plan, self._apply)
        self.dialog.open()

    def _apply(self, plan: RegisterPlan) -> None:
        def work(services: Services, progress: Progress) -> Outcome[RegisterResult]:
            return services.units.apply_register(plan)

        self.change("正在导入名册…", work)

    def _write_template(self) -> None:
        path = self.work.notices.save_file("写出空白名册", KINDS, "空白名册.xlsx")
        if path is not None:
            self.read(
                "正在写出…", lambda s, p: s.units.write_template(path), lambda p: self.work.notices.say(f"已写出：{p}")
            )

    def unit_choices(self) -> Choices:
        """Code and name of every unit, for a choice."""
        return tuple((unit.code, unit.name) for unit in self.data.units)


class UnitsTab(_RegisterTab):
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
                title="序号",
                text=lambda u: str(u.order or "—"),
                sort=lambda u: u.order,
                width=56,
                align="center",
            ),
            Column(key="code", title="编码", text=lambda u: u.code, width=84),
            Column(
                key="name",
                title="名称",
                text=lambda u: u.name,
                width=240,
                stretch=True,
                sort=lambda u: u.order,
                strong=True,
            ),
            Column(key="level", title="层级", text=lambda u: self.level_name(u.level), width=110),
            Column(key="series", title="系列", text=lambda u: u.series or "—", width=110),
            Column(key="parent", title="上级单位", text=lambda u: self.names.get(u.parent, u.parent) or "—", width=190),
            Column(
                key="participation",
                title="参评状态",
                text=lambda u: PARTICIPATION[u.participation],
                tone=lambda u: PARTICIPATION_TONES[u.participation],
                tip=lambda u: u.reason,
                width=92,
            ),
            Column(key="reason", title="说明", text=lambda u: u.reason, tip=lambda u: u.reason, width=160),
            Column(key="tags", title="标签", text=lambda u: "、".join(u.tags), width=110),
        )
        self.names: dict[str, str] = {}
        self.table = Table(columns)
        self.table.opened.connect(self._opened)
        self.table.summed.connect(self.work.sum_up)
        self.stack.addWidget(self.table)

    def level_name(self, level: str) -> str:
        """The level's Chinese name, as its scheme says it."""
        return next((s.level_name or s.level for s in self.work.schemes if s.level == level), level)

    def fill(self) -> None:
        self.names = {unit.code: unit.name for unit in self.data.units}
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

    def _opened(self, unit: Unit, key: str) -> None:
        self.edit(unit)

    def edit(self, unit: Unit | None) -> None:
        """Open the form of a unit, or of a new one."""
        if self.work.read_only:
            self.work.notices.say(self.work.read_only)
            return
        levels = tuple((s.level, s.level_name or s.level) for s in self.work.schemes)
        scheme = self.work.scheme_document()
        taken = {u.code for u in self.data.units}
        self.form = UnitForm(self, unit, levels, self.unit_choices(), scheme.level if scheme else "", taken)
        self.form.submit(
            lambda value, close, wrong: self.change(
                "正在保存…", lambda s, p: s.units.save_unit(value), lambda _: close(), wrong
            )
        )


class EvaluatorsTab(_RegisterTab):
    id, title = "evaluators", "评议人"
    hint = "姓名、单位、拼音"

    def add_command(self) -> Command:
        return Command(self, "新增评议人…", lambda: self.edit(None), icon="plus")

    def build_table(self) -> None:
        self.names: dict[str, str] = {}
        columns: tuple[Column[Evaluator], ...] = (
            Column(
                key="order",
                title="序号",
                text=lambda e: str(e.order or "—"),
                sort=lambda e: e.order,
                width=56,
                align="center",
            ),
            Column(key="code", title="编码", text=lambda e: e.code, width=90),
            Column(key="name", title="姓名", text=lambda e: e.name, width=180, strong=True),
            Column(
                key="unit",
                title="所在单位",
                text=lambda e: self.names.get(e.unit, e.unit) or "—",
                width=240,
                stretch=True,
            ),
            Column(key="role", title="角色", text=lambda e: e.role or "—", width=160),
            Column(
                key="relations",
                title="另写明的关系",
                text=lambda e: f"{len(e.relations)} 条" if e.relations else "—",
                tip=lambda e: "\n".join(f"{self.names.get(r.unit, r.unit)}：{r.relation}" for r in e.relations[:20]),
                width=110,
            ),
        )
        self.table = Table(columns)
        self.table.opened.connect(self._opened)
        self.stack.addWidget(self.table)

    def fill(self) -> None:
        self.names = {unit.code: unit.name for unit in self.data.units}
        self.table.show_rows(self.data.evaluators)
        self.narrow()

    def narrow(self) -> None:
        self.table.narrow(self.search.text())
        self.subtitle.setText(f"{self.table.contents.rowCount()} 人" if self.data.evaluators else "")

    def reveal(self, target: str) -> None:
        self.table.go_to(lambda evaluator: evaluator.code == target)

    def _opened(self, evaluator: Evaluator, key: str) -> None:
        self.edit(evaluator)

    def edit(self, evaluator: Evaluator | None) -> None:
        """Open the form of an evaluator, or of a new one."""
        if self.work.read_only:
            self.work.notices.say(self.work.read_only)
            return
        roles = sorted({r for s in self.work.schemes for g in s.groups for r in g.roles})
        taken = {e.code for e in self.data.evaluators}
        self.form = EvaluatorForm(self, evaluator, self.unit_choices(), roles, taken)
        self.form.submit(
            lambda value, close, wrong: self.change(
                "正在保存…", lambda s, p: s.units.save_evaluator(value), lambda _: close(), wrong
            )
        )
