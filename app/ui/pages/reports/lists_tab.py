"""清单: duties, last year's problems and promises; entered, pasted from Excel, taken from a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QStackedWidget

from app.domain.facts import Unit
from app.domain.progress import Progress
from app.domain.reports import EntryKind, ListEntry
from app.services.changes import Area
from app.ui.pages.reports.entry_form import EntryForm, Names, entry_columns, item_names
from app.ui.pages.reports.words import ENTRY_KINDS
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.grid import parse_block
from app.ui.widgets.reasons import ask_reason
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Table
from app.ui.widgets.table_preview import TablePreview
from app.ui.widgets.text import button

if TYPE_CHECKING:
    from app.services.container import Services
    from app.services.reports import EntryPlan

THEIRS = "清单由考核办维护；做到哪一步，可以在报告旁边的“清单”里标明。"
BOOK = "Excel 工作簿 (*.xlsx)"
TABLES = "表格 (*.xlsx *.xlsm *.xls *.et *.ods)"


@dataclass(frozen=True, slots=True)
class ListsData:
    """All lines of all lists, and the units they name. theirs: why a unit cannot change them (empty: it is the office)."""

    entries: tuple[ListEntry, ...]
    units: tuple[Unit, ...]
    theirs: str = ""


class ListsTab(Tab[ListsData]):
    id, title = "lists", "清单"
    areas = frozenset({Area.REPORTS, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.data = ListsData((), ())
        self.table: Table[ListEntry] | None = None
        self._make_commands()
        self.kind = QComboBox()
        self.kind.addItem("全部种类", "")
        for key, name in ENTRY_KINDS.items():
            self.kind.addItem(name, key)
        self.kind.activated.connect(self._narrow)
        self.search = SearchField("搜索单位、内容")
        more = button("取入")
        menu = QMenu(more)
        menu.setToolTipsVisible(True)
        for command in (self.bring, self.paste, self.export):
            menu.addAction(command)
        more.setMenu(menu)
        for widget in (self.kind, self.search, self.remove.button("danger"), more, self.add.button("primary")):
            self.tools.addWidget(widget)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "list-tree",
                "还没有清单",
                "责任清单、上年的问题和承诺录入后，显示在报告旁边，检查时也会对照。可以从 Excel 复制后在这里粘贴。",
                self.add,
            )
        )
        self.body.addWidget(self.stack, 1)
        self.search.textChanged.connect(self._narrow)

    def _make_commands(self) -> None:
        self.add = Command(self, "录入…", lambda: self.edit(None), icon="plus", tip="录入一条责任、问题或承诺")
        self.remove = Command(self, "删除…", self._remove, icon="trash-2")
        self.bring = Command(self, "从表格导入…", self._bring, icon="upload", tip="从清单表读入；先预览")
        self.paste = Command(
            self, "粘贴", self._paste, icon="copy", tip="粘贴从 Excel 复制的表（要有“种类”“层级”“内容”等列名）；先预览"
        )
        self.paste.setShortcut(QKeySequence(QKeySequence.StandardKey.Paste))
        self.addAction(self.paste)
        self.export = Command(self, "导出表…", self._export, icon="download", tip="写出清单表，填好后再导入")

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], ListsData]:
        def read(services: Services, progress: Progress) -> ListsData:
            theirs = THEIRS if services.year.info().role == "unit" else ""
            return ListsData(services.lists.entries(), services.units.units(), theirs)

        return read

    def search_field(self) -> QLineEdit | None:
        return self.search

    def show_data(self, data: ListsData) -> None:
        self.data = data
        if self.table is not None:
            self.stack.removeWidget(self.table)
            self.table.deleteLater()
        self.table = Table(entry_columns(self._names()))
        self.table.opened.connect(self._opened)
        self.table.picked.connect(self._allow)
        self.table.show_rows(data.entries)
        self.stack.addWidget(self.table)
        self.stack.setCurrentIndex(1 if data.entries else 0)
        open_ones = sum(e.state != "done" and e.kind != "duty" for e in data.entries)
        said = f"{len(data.entries)} 条" + (f"，{open_ones} 条问题和承诺没有完成" if open_ones else "")
        self.subtitle.setText(said if data.entries else "")
        self._narrow()
        self._allow()

    def _names(self) -> Names:
        return Names(
            {u.code: u.name for u in self.data.units},
            {s.level: s.level_name or s.name for s in self.work.schemes},
            item_names(self.work.schemes),
            {u.code: u.level for u in self.data.units},
        )

    def _narrow(self, place: object = None) -> None:
        kind = str(self.kind.currentData())
        if self.table is not None:
            self.table.narrow(self.search.text(), (lambda e: e.kind == kind) if kind else None)

    def _allow(self) -> None:
        chosen = "" if self.table is not None and self.table.current() else "请先选中一条。"
        self.writable(self.add, self.bring, self.paste, why=self.data.theirs)
        self.writable(self.remove, why=self.data.theirs or chosen)

    # ---- one line

    def edit(self, known: ListEntry | None) -> None:
        """Open the form of one line, or of a new one."""
        scheme = self.work.scheme_document()
        why = self.work.read_only or self.data.theirs
        if scheme is None or why:
            self.work.notices.say(why or "这一年还没有方案。")
            return
        kind = cast(EntryKind, self.kind.currentData() or "problem")
        self.form = EntryForm(self, self._names(), scheme.level, known, kind)
        self.form.submit(
            lambda value, close, wrong: self.change(
                "正在保存…", lambda s, p: s.lists.save(value), lambda _: close(), wrong
            )
        )

    def _opened(self, row: ListEntry, key: str) -> None:
        self.edit(row)

    def _remove(self) -> None:
        row = self.table.current() if self.table is not None else None
        if row is not None:
            ask_reason(
                self,
                f"删除“{row.text[:30]}”",
                "删除后不再显示在报告旁边；可以撤销。",
                "删除",
                lambda reason, close, wrong: self.change(
                    "正在删除…", lambda s, p: s.lists.delete(row.id, reason), lambda _: close(), wrong
                ),
            )

    # ---- many at once

    def _bring(self) -> None:
        path = self.work.notices.open_file("导入清单", TABLES)
        if path is not None:
            self.take_table(path)

    def take_table(self, path: Path) -> None:
        """Show what a table would bring."""
        self.read("正在读取清单…", lambda s, p: s.lists.plan_table(path), self._preview)

    def _paste(self) -> None:
        block = parse_block(QGuiApplication.clipboard().text())
        if len(block) < 2:
            self.work.notices.say("剪贴板里没有表：请从 Excel 连同列名一起复制。")
            return
        self.read("正在读取粘贴的表…", lambda s, p: s.lists.plan_cells(block), self._preview)

    def _preview(self, plan: EntryPlan) -> None:
        changes = plan.new + plan.changed
        summary = f"{plan.source}：新增 {plan.new} 条，改动 {plan.changed} 条，{plan.same} 条与现有的相同。"
        self.preview = TablePreview(
            self,
            "取入清单：预览",
            summary,
            entry_columns(self._names()),
            plan.entries if changes else (),
            plan.findings,
            f"写入 {changes} 条",
            lambda close, wrong: self.change(
                "正在取入清单…", lambda s, p: s.lists.apply(plan), lambda _: close(), wrong
            ),
        )
        self.preview.open()

    def _export(self) -> None:
        kind = cast("EntryKind | None", self.kind.currentData() or None)
        path = self.work.notices.save_file("导出清单表", BOOK, f"{self.kind.currentText()}.xlsx")
        if path is not None:
            self.read(
                "正在写出清单表…",
                lambda s, p: s.lists.write_table(path, kind),
                lambda written: self.work.notices.say(f"清单表已写入 {written}"),
            )
