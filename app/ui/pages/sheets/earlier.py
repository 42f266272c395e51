"""往年结果: what the units had in earlier years, entered, from a table, or from last year's file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QStackedWidget

from app.domain.facts import EarlierResult, Unit
from app.domain.progress import Progress
from app.services.changes import Area
from app.ui.pages.sheets.earlier_form import EarlierForm, earlier_columns, earlier_preview
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.grid import parse_block
from app.ui.widgets.reasons import ask_reason
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Table
from app.ui.widgets.text import button

if TYPE_CHECKING:
    from app.services.container import Services
    from app.services.earlier import EarlierPlan

BOOK = "Excel 工作簿 (*.xlsx)"
TABLES = "表格 (*.xlsx *.xlsm *.xls *.et *.ods)"
YEAR_FILE = "年度文件 (*.slk)"


@dataclass(frozen=True, slots=True)
class EarlierData:
    """The earlier results of one scheme, and its units."""

    results: tuple[EarlierResult, ...]
    units: tuple[Unit, ...]


class EarlierTab(Tab[EarlierData]):
    id, title = "earlier", "往年结果"
    areas = frozenset({Area.RESULTS, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.data = EarlierData((), ())
        self.table: Table[EarlierResult] | None = None
        self.search = SearchField("搜索单位")
        self.add = Command(self, "录入…", lambda: self.edit(None), icon="plus", tip="录入一家单位一个年度的结果")
        self.remove = Command(self, "删除…", self._remove, icon="trash-2")
        self.from_year = Command(
            self, "从往年文件取入…", self._from_year, icon="folder-open", tip="从上年的年度文件取定稿的结果；先预览"
        )
        self.bring = Command(self, "从表格导入…", self._bring, icon="upload", tip="从往年结果表读入；先预览")
        self.paste = Command(
            self,
            "粘贴",
            self._paste,
            icon="copy",
            tip="粘贴从 Excel 复制的表（要有“单位编码”“年度”等列名）；先预览",
        )
        self.export = Command(self, "导出表…", self._export, icon="download", tip="写出往年结果表，填好后再导入")
        self.paste.setShortcut(QKeySequence(QKeySequence.StandardKey.Paste))
        self.addAction(self.paste)
        more = button("取入")
        menu = QMenu(more)
        menu.setToolTipsVisible(True)
        for command in (self.from_year, self.bring, self.paste, self.export):
            menu.addAction(command)
        more.setMenu(menu)
        for widget in (self.search, self.remove.button("danger"), more, self.add.button("primary")):
            self.tools.addWidget(widget)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "file-clock",
                "还没有往年的结果",
                "方案要看上年等次、连续末位等时，在这里取入上年年度文件里定稿的结果，或从表格导入、逐条录入。",
                self.from_year,
            )
        )
        self.body.addWidget(self.stack, 1)
        self.search.textChanged.connect(self._narrow)

    def loader(self) -> Callable[[Services, Progress], EarlierData]:
        scheme = self.work.scheme_document()

        def read(services: Services, progress: Progress) -> EarlierData:
            if scheme is None:
                return EarlierData((), ())
            units = tuple(u for u in services.units.units() if u.level == scheme.level)
            return EarlierData(services.earlier.all(scheme.id), units)

        return read

    def search_field(self) -> QLineEdit | None:
        return self.search

    def show_data(self, data: EarlierData) -> None:
        self.data = data
        if self.table is not None:
            self.stack.removeWidget(self.table)
            self.table.deleteLater()
        self.table = Table(earlier_columns(self.work.scheme_document(), self._names()))
        self.table.opened.connect(self._opened)
        self.table.picked.connect(self._allow)
        self.table.show_rows(data.results)
        self.stack.addWidget(self.table)
        self.stack.setCurrentIndex(1 if data.results else 0)
        years = sorted({r.year for r in data.results}, reverse=True)
        self.subtitle.setText(
            f"{len(data.results)} 条，{'、'.join(str(year) for year in years[:4])} 年" if data.results else ""
        )
        self._narrow()
        self._allow()

    def edit(self, known: EarlierResult | None) -> None:
        """Open the form of one result, or of a new one."""
        scheme = self.work.scheme_document()
        if scheme is None or self.work.read_only:
            self.work.notices.say(self.work.read_only or "这一年还没有方案。")
            return
        units = [(unit.code, unit.name) for unit in self.data.units]
        self.form = EarlierForm(self, scheme, units, known)
        self.form.submit(
            lambda value, close, wrong: self.change(
                "正在保存…", lambda s, p: s.earlier.save([value]), lambda _: close(), wrong
            )
        )

    # ---- inside

    def _opened(self, row: EarlierResult, key: str) -> None:
        self.edit(row)

    def _names(self) -> dict[str, str]:
        return {unit.code: unit.name for unit in self.data.units}

    def _narrow(self) -> None:
        if self.table is not None:
            self.table.narrow(self.search.text())

    def _allow(self) -> None:
        none = "" if self.data.units else "这一层级还没有单位。"
        chosen = "" if self.table is not None and self.table.current() else "请先选中一条。"
        self.writable(self.add, self.from_year, self.bring, self.paste, why=none)
        self.writable(self.remove, why=chosen)
        self.export.set_reason(none)

    def _remove(self) -> None:
        row = self.table.current() if self.table is not None else None
        if row is not None:
            ask_reason(
                self,
                f"删除 {self._names().get(row.unit, row.unit)} {row.year} 年的结果",
                "删除后，看往年结果的条件对这家单位没有数；可以撤销。",
                "删除",
                lambda reason, close, wrong: self.change(
                    "正在删除…",
                    lambda s, p: s.earlier.delete(row.scheme, row.unit, row.year, reason),
                    lambda _: close(),
                    wrong,
                ),
            )

    # ---- many at once

    def _from_year(self) -> None:
        path = self.work.notices.open_file("上年的年度文件", YEAR_FILE)
        if path is not None:
            self.take_year_file(path)

    def take_year_file(self, path: Path) -> None:
        """Show what a year file would bring; all of its schemes that this year has, too."""
        self.read("正在读取往年文件…", lambda s, p: s.earlier.plan_year_file(path), self._preview)

    def _bring(self) -> None:
        path = self.work.notices.open_file("导入往年结果", TABLES)
        if path is not None:
            self.take_table(path)

    def take_table(self, path: Path) -> None:
        """Show what a table would bring."""
        scheme = self.work.scheme
        self.read("正在读取往年结果…", lambda s, p: s.earlier.plan_table(scheme, path), self._preview)

    def _paste(self) -> None:
        block = parse_block(QGuiApplication.clipboard().text())
        if len(block) < 2:
            self.work.notices.say("剪贴板里没有表：请从 Excel 连同列名一起复制。")
            return
        scheme = self.work.scheme
        self.read("正在读取粘贴的表…", lambda s, p: s.earlier.plan_cells(scheme, block), self._preview)

    def _preview(self, plan: EarlierPlan) -> None:
        names = self._names()
        self.preview = earlier_preview(
            self,
            plan,
            self.work.scheme_document(),
            names,
            lambda close, wrong: self.change(
                "正在取入往年结果…", lambda s, p: s.earlier.apply(plan), lambda _: close(), wrong
            ),
        )
        self.preview.open()

    def _export(self) -> None:
        scheme = self.work.scheme_document()
        path = self.work.notices.save_file("导出往年结果表", BOOK, f"往年结果 {scheme.name if scheme else ''}.xlsx")
        if path is not None and scheme is not None:
            self.read(
                "正在写出往年结果表…",
                lambda s, p: s.earlier.write_table(scheme.id, path),
                lambda written: self.work.notices.say(f"往年结果表已写入 {written}"),
            )
