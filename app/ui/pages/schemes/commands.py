"""The commands of the page 方案 on a whole scheme: new, versions, publish, import and export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton

from app.domain.findings import Severity
from app.domain.schemes import Scheme
from app.ui.page import Page
from app.ui.pages.schemes.contents import Sheet
from app.ui.pages.schemes.draft import Draft, Known
from app.ui.pages.schemes.saving import Saver
from app.ui.widgets.commands import Command
from app.ui.widgets.text import button

if TYPE_CHECKING:
    from app.services.container import Services

FILES = "方案文件 (*.json)"
BOOKS = "Excel 工作簿 (*.xlsx)"


class SchemeCommands:
    """Made with the page; there is something to publish and to compare after ``attach``."""

    def __init__(self, page: Page[Any]) -> None:
        self._page, self._work = page, page.work
        self._sheet: Sheet | None = None
        self._editor: tuple[Draft, Saver] | None = None
        self.new_scheme = Command(
            page, "新建方案…", self._start, tip="从空白、样例、上年文件、方案文件或 Excel 指标表开始", icon="file-plus"
        )
        self.open_versions = Command(
            page, "版本…", self._versions, tip="看各个版本、比较、按旧版计算", icon="git-compare"
        )
        self.publish = Command(page, "发布", self._publish, tip="冻结这一版；之后再改就是新的一版", icon="lock")
        self.import_scheme = Command(
            page, "导入方案文件…", self._import, tip="读入方案文件，作为新方案或新版本", icon="upload"
        )
        self.export_scheme = Command(
            page, "导出方案文件…", self._export, tip="把方案写成文件，可交换、可留存", icon="download"
        )
        self.export_table = Command(
            page, "导出指标表（Excel）…", self._export_table, tip="把指标树写成工作簿，可打印、可归档", icon="download"
        )

    def put_into(self, tools: QHBoxLayout) -> None:
        """The buttons, in their order."""
        tools.addWidget(self.new_scheme.button())
        tools.addWidget(self.open_versions.button())
        tools.addWidget(self.publish.button("primary"))
        tools.addWidget(self._files())

    def attach(self, draft: Draft, saver: Saver) -> None:
        """The editor stands: from now on a scheme is open."""
        self._editor = draft, saver

    def follow(self, sheet: Sheet | None) -> None:
        """What can be done with what was read, and why not the rest."""
        self._sheet = sheet
        self._page.writable(self.new_scheme, self.import_scheme)
        none = "" if sheet else "年度文件里还没有方案。"
        for command in (self.export_scheme, self.export_table, self.open_versions):
            command.set_reason(none)
        self.publish.set_reason(none if sheet is None else self._work.read_only or _why_not_publish(sheet))

    def _start(self) -> None:
        from app.ui.pages.schemes.starting import StartForm

        StartForm(self._page.window(), self._work, self._created).show_for(
            self._sheet.known if self._sheet else Known()
        )

    def _created(self, scheme: Scheme) -> None:
        self._page.change(
            "正在新建方案…", lambda s, p: s.schemes.create(scheme), lambda one: self._work.choose_scheme(one.id)
        )

    def _versions(self) -> None:
        from app.ui.pages.schemes.versions import VersionsDialog

        if self._sheet is not None and self._editor is not None:
            draft, _ = self._editor
            VersionsDialog(self._page.window(), self._work, draft.scheme, self._sheet.versions).open()

    def _publish(self) -> None:
        from app.ui.pages.schemes.versions import PublishForm

        if self._editor is None:
            return
        draft, saver = self._editor
        saver.flush()
        if not saver.idle and saver.held is not None:
            self._work.notices.tell("先决定改动", "有改动还没有接受。请先在上方接受或放弃，再发布。")
            return
        scheme = draft.scheme
        PublishForm(self._page.window(), scheme).submit(
            lambda named, close, wrong: self._page.change(
                "正在发布…", lambda s, p: s.schemes.publish(scheme.id, *named), lambda _: close(), wrong
            )
        )

    def _files(self) -> QPushButton:
        made = button("文件")
        made.setToolTip("导入、导出")
        menu = QMenu(made)
        menu.setToolTipsVisible(True)
        for command in (self.import_scheme, self.export_scheme, self.export_table):
            menu.addAction(command)
        made.setMenu(menu)
        return made

    def _import(self) -> None:
        path = self._work.notices.open_file("导入方案", FILES)
        if path is not None:
            self._page.change(
                "正在导入方案…", lambda s, p: s.schemes.import_file(path), lambda one: self._work.choose_scheme(one.id)
            )

    def _export(self) -> None:
        self._write("导出方案", FILES, ".json", lambda s, id, path: s.schemes.export_file(id, path))

    def _export_table(self) -> None:
        self._write("导出指标表", BOOKS, "指标表.xlsx", lambda s, id, path: s.schemes.export_indicators(id, path))

    def _write(self, title: str, kinds: str, ending: str, write: Callable[[Services, str, Path], Path]) -> None:
        if self._sheet is None:
            return
        scheme = self._sheet.scheme
        path = self._work.notices.save_file(title, kinds, f"{scheme.name}{ending}")
        if path is not None:
            self._page.read(
                f"正在{title}…",
                lambda s, p: write(s, scheme.id, path),
                lambda written: self._work.notices.say(f"已写入 {written}"),
            )


def _why_not_publish(sheet: Sheet) -> str:
    if sheet.versions[0].published:
        return "这一版已经发布，之后没有改动。"
    errors = any(f.severity is Severity.ERROR for f in sheet.findings)
    return "方案检查还有错误，请先改正。" if errors else ""
