"""What the lists of units and evaluators have in common: search, forms, deleting, import, paste and export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QStackedWidget

from app.domain.facts import Evaluator, Unit
from app.domain.findings import Finding
from app.domain.progress import Progress
from app.services.changes import Area, Outcome
from app.services.units import RegisterPlan, RegisterResult
from app.ui.pages.units.forms import Choices
from app.ui.pages.units.register_import import RegisterPreview
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Table

if TYPE_CHECKING:
    from app.services.container import Services

KINDS = "名册 (*.xlsx)"
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RegisterData:
    """Units and evaluators of the year."""

    units: tuple[Unit, ...]
    evaluators: tuple[Evaluator, ...]


class RegisterTab(Tab[RegisterData], Generic[R]):
    """What the two lists have in common: data, search, deleting, import, paste and export of the workbook."""

    areas = frozenset({Area.UNITS, Area.SCHEMES})
    hint = ""

    def build(self) -> None:
        self.data = RegisterData((), ())
        self.search = SearchField(self.hint)
        self.tools.addWidget(self.search)
        self.import_register = Command(
            self, "导入名册…", self._choose_register, icon="upload", tip="从名册工作簿导入单位、评议人和谁评谁"
        )
        self.paste = Command(
            self,
            f"从 Excel 粘贴{self.title}…",
            lambda: self.paste_register(self.title),
            icon="copy",
            tip="在 Excel 或 WPS 里复制几行（最好连同表头），再按这里；先预览，确认后才写入",
        )
        self.paste_lines = Command(
            self,
            "从 Excel 粘贴谁评谁…",
            lambda: self.paste_register("谁评谁"),
            icon="link",
            tip="评议人、方案、单位三栏；只代替同一评议人、同一方案原有的各行",
        )
        self.export = Command(
            self, "导出名册…", self._write_register, icon="download", tip="把现有名册写成工作簿，可以改好后再导入"
        )
        self.template = Command(
            self, "空白名册…", self._write_template, icon="file-plus", tip="写出一份空白名册，填好后导入"
        )
        self.delete = Command(self, "删除…", self.delete_chosen, icon="trash-2", tip=f"删除选中的{self.title}")
        self.add = self.add_command()
        for command in (self.delete, self.add):
            self.tools.addWidget(command.button())
        self.tools.addWidget(self._workbook_button())
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "users",
                "还没有单位和评议人",
                "从名册工作簿导入最快：先写出空白名册，填好单位、评议人和谁评谁，再导入。"
                "手里有现成表格的，可以在 Excel 里复制，到这里粘贴。",
                self.import_register,
            )
        )
        self.body.addWidget(self.stack, 1)
        self.writable(self.import_register, self.paste, self.paste_lines, self.add)
        self.build_table()
        self.search.textChanged.connect(self.narrow)
        self._follow_selection()

    def _workbook_button(self) -> QPushButton:
        made = QPushButton("名册")
        made.setProperty("role", "menu")
        made.setAutoDefault(False)
        menu = QMenu(made)
        menu.setToolTipsVisible(True)
        for command in (self.import_register, self.paste, self.paste_lines, self.export, self.template):
            menu.addAction(command)
        made.setMenu(menu)
        return made

    def add_command(self) -> Command:
        """The command that adds a row."""
        raise NotImplementedError

    def build_table(self) -> None:
        """Make the table and put it on the stack."""
        raise NotImplementedError

    def put_up(self, table: Table[R]) -> Table[R]:
        """Put the table on the stack, with what keys and the right button do."""
        table.opened.connect(self._opened)
        table.asked.connect(self._menu)
        table.selectionModel().selectionChanged.connect(self._follow_selection)
        table.installEventFilter(self)
        self.stack.addWidget(table)
        return table

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+V pastes, Delete deletes, where the keyboard is in the table."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.matches(QKeySequence.StandardKey.Paste) and self.paste.isEnabled():
                self.paste.trigger()
                return True
            if event.key() == Qt.Key.Key_Delete and self.delete.isEnabled():
                self.delete.trigger()
                return True
        return super().eventFilter(watched, event)

    def chosen(self) -> list[R]:
        """The selected rows."""
        raise NotImplementedError

    def edit(self, row: R | None) -> None:
        """Open the form of a row, or of a new one."""
        raise NotImplementedError

    def _opened(self, row: R, key: str) -> None:
        self.edit(row)

    def _menu(self, row: R, point: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("修改…", lambda: self.edit(row))
        menu.addAction(self.delete)
        menu.exec(point)

    def _follow_selection(self) -> None:
        self.writable(self.delete, why="" if self.chosen() else f"请先选中要删除的{self.title}。")

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

    def paste_register(self, table: str) -> None:
        """Compare what is on the clipboard with this table of the register."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self.work.notices.say("剪贴板里没有文字。请先在 Excel 或 WPS 里选中几行，按 Ctrl+C，再到这里粘贴。")
            return
        self.read("正在核对粘贴的内容…", lambda s, p: s.units.plan_paste(text, table), self.preview)

    def preview(self, plan: RegisterPlan) -> None:
        """Show what taking the register in would do."""
        self.dialog = RegisterPreview(self, plan, self._apply)
        self.dialog.open()

    def _apply(self, plan: RegisterPlan) -> None:
        def work(services: Services, progress: Progress) -> Outcome[RegisterResult]:
            return services.units.apply_register(plan)

        self.change("正在导入名册…", work)

    def _write_register(self) -> None:
        path = self.work.notices.save_file("导出名册", KINDS, "名册.xlsx")
        if path is not None:
            self.read(
                "正在写出…", lambda s, p: s.units.write_register(path), lambda p: self.work.notices.say(f"已写出：{p}")
            )

    def _write_template(self) -> None:
        path = self.work.notices.save_file("写出空白名册", KINDS, "空白名册.xlsx")
        if path is not None:
            self.read(
                "正在写出…", lambda s, p: s.units.write_template(path), lambda p: self.work.notices.say(f"已写出：{p}")
            )

    def delete_chosen(self) -> None:
        """Ask, and delete the selected rows as one step."""
        raise NotImplementedError

    def ask_and_delete(self, names: list[str], also: str, findings: tuple[Finding, ...]) -> bool:
        """Whether to go on: what hangs on them is told instead of asked."""
        if findings:
            self.work.notices.show_findings(
                f"不能删除{self.title}", findings, "下面这些内容还连着它，所以一个也没有删除。"
            )
            return False
        listed = "、".join(names[:8]) + (f" 等 {len(names)} 个" if len(names) > 8 else "")
        return self.work.notices.confirm(
            f"删除 {len(names)} 个{self.title}？", f"{listed}\n{also}可以撤销。", "删除", danger=True
        )

    def unit_choices(self) -> Choices:
        """Code and name of every unit, for a choice."""
        return tuple((unit.code, unit.name) for unit in self.data.units)
