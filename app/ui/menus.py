"""The menu bar: every command of the window, with its keys and, when it is off, the reason."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QMenu

from app.ui.navigation import Entry
from app.ui.page_list import ENTRIES, UNIT_ENTRIES
from app.ui.widgets.commands import Command
from app.ui.window import Window

NO_YEAR = "请先打开或新建一个年度。"


class Doer(Protocol):
    """What the menus call."""

    def new_year(self) -> object: ...
    def choose_year(self) -> object: ...
    def choose_task(self) -> object: ...
    def build_practice(self) -> object: ...
    def save(self) -> object: ...
    def check_file(self) -> object: ...
    def close_year(self) -> object: ...
    def leave(self) -> object: ...
    def undo(self) -> object: ...
    def redo(self) -> object: ...
    def find(self) -> object: ...
    def toggle_basis(self) -> object: ...
    def show_page(self, page: str) -> object: ...
    def show_manual(self) -> object: ...
    def show_about(self) -> object: ...


class Menus:
    """The commands of the menu bar."""

    def __init__(self, window: Window, doer: Doer) -> None:
        self.new = Command(window, "新建年度…", doer.new_year, keys="Ctrl+N")
        self.open = Command(window, "打开…", doer.choose_year, keys="Ctrl+O")
        self.task = Command(window, "打开任务包…", doer.choose_task, tip="考核办发来的任务包（.slp）")
        self.practice = Command(window, "生成演练年度…", doer.build_practice)
        self.save = Command(window, "立即备份", doer.save, keys="Ctrl+S", tip="改动随时自动保存；此处另做一份备份")
        self.check = Command(window, "检查年度文件", doer.check_file)
        self.close = Command(window, "关闭年度", doer.close_year, keys="Ctrl+W")
        self.leave = Command(window, "退出", doer.leave, keys="Ctrl+Q")
        self.undo = Command(window, "撤销", doer.undo, keys="Ctrl+Z")
        self.redo = Command(window, "重做", doer.redo, keys="Ctrl+Y")
        self.find = Command(window, "查找", doer.find, keys="Ctrl+F")
        self.basis = Command(window, "依据", doer.toggle_basis, keys="F9", tip="显示或隐藏依据")
        self.manual = Command(window, "使用手册", doer.show_manual, keys="F1", tip="打开本页的手册")
        self.about = Command(window, "关于", doer.show_about)
        every = {entry.id: entry.title for entry in (*ENTRIES, *UNIT_ENTRIES)}
        self.pages = {
            page: Command(window, title, lambda page=page: doer.show_page(page)) for page, title in every.items()
        }
        whole: list[list[Command | None]] = [
            [self.new, self.open, self.task, self.practice, None, self.save, self.check, None, self.close, self.leave],
            [self.undo, self.redo, None, self.find],
            [*self.pages.values(), None, self.basis],
            [self.manual, self.about],
        ]
        for menu, commands in zip(window.bars, whole, strict=True):
            _fill(menu, commands)
        self.show_pages(ENTRIES)
        self.show_state(open_year=False)

    def show_pages(self, entries: tuple[Entry, ...]) -> None:
        """The pages of the year that is open, with Ctrl and their number."""
        places = {entry.id: number for number, entry in enumerate(entries, 1)}
        for page, command in self.pages.items():
            command.setVisible(page in places)
            command.setShortcut(f"Ctrl+{places[page]}" if page in places else "")
        self.basis.setVisible("results" in places)  # a unit has only its own part of what a figure rests on

    def show_state(
        self, *, open_year: bool, read_only: str = "", undo: str | None = None, redo: str | None = None
    ) -> None:
        """Which commands can be given now. undo, redo: names of the steps, None for nothing."""
        without = "" if open_year else NO_YEAR
        for command in (self.close, self.check, self.basis, *self.pages.values()):
            command.set_reason(without)
        self.save.set_reason(without or read_only)
        self.undo.setText(f"撤销：{undo}" if undo else "撤销")
        self.redo.setText(f"重做：{redo}" if redo else "重做")
        self.undo.set_reason(without or read_only or ("" if undo else "没有可以撤销的步骤。"))
        self.redo.set_reason(without or read_only or ("" if redo else "没有可以重做的步骤。"))

    def show_search(self, there: bool) -> None:
        """Whether the page in front can be searched."""
        self.find.set_reason("" if there else "这一页没有可以查找的列表。")


def _fill(menu: QMenu, commands: list[Command | None]) -> None:
    menu.setToolTipsVisible(True)
    for command in commands:
        if command is None:
            menu.addSeparator()
        else:
            menu.addAction(command)
