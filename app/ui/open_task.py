"""The form that opens a task package: what it says, and where the unit's year file goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.ui import places
from app.ui.notices import Notices
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.text import ElidedLabel, button, label

if TYPE_CHECKING:
    from app.services.exchange.values import TaskView

ENDING, CODE, WORKER = ".slk", "发件方密钥码", "worker"
LEAD = "打开后，程序就是这个单位的填报程序：只有本单位的任务，写述职、评分，再生成一个回传包带回考核办。"
THERE = "这里已经有一个同名文件。如果它就是本单位的年度文件，请按“打开已有文件并接收”；否则请换一个名字。"


@dataclass(frozen=True, slots=True)
class NewUnitYear:
    """Where the unit's year file goes, and who works in it."""

    path: Path
    who: str


class OpenTaskForm(FormDialog[NewUnitYear]):
    """into_existing (Path): the unit has a year file there already; it should take the package in."""

    into_existing = Signal(object)

    def __init__(self, parent: QWidget | None, notices: Notices, package: Path, view: TaskView, folder: Path) -> None:
        super().__init__(parent, "打开任务包", save="建立年度文件并打开", lead=LEAD, width=620)
        self._notices = notices
        for name, text in self._said(package, view):
            self.add_field(name, label(text, "strong", selectable=True) if name == CODE else ElidedLabel(text))
        self.add_note("发件方密钥码请与考核办的书面通知核对；对不上的，不要打开，先打电话问清。")
        self.path = QLineEdit(str(folder / f"{view.year}年度 {_safe(view.unit_name)}{ENDING}"))
        self.path.setCursorPosition(0)
        self.path.textChanged.connect(self._look)
        choose = button("选择…")
        choose.clicked.connect(self._choose)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.path, 1)
        row.addWidget(choose)
        self.add_field("保存到", line)
        self.add_note("请保存在本机，不要留在 U 盘上；以后每次打开这个文件继续填报。")
        self.who = self.add_line("经办人", str(places.settings().value(WORKER) or ""), "填报人姓名")
        self.add_note("写在操作记录、回传包和回执上；以后在“任务”页可以更换。")
        self.existing = button("打开已有文件并接收")
        self.existing.setToolTip("这个单位已经开始填报：打开它的年度文件，把任务包里新的内容接收进去")
        self.existing.clicked.connect(self._into_existing)
        self.fields.addRow("", self.existing)
        self._offer = self.fields.rowCount() - 1
        self._look()

    def _said(self, package: Path, view: TaskView) -> tuple[tuple[str, str], ...]:
        parts = (
            (view.reports, f"述职报告 {view.reports} 份"),
            (view.sheets, f"评分表 {view.sheets} 份"),
            (view.entries, f"清单事项 {view.entries} 条"),
        )
        marks = "、".join(m for m in ("演练数据" if view.practice else "", view.secrecy) if m)
        known = (
            ("单位", f"{view.unit_name}（{view.unit}）"),
            ("发件", view.office),
            ("年度", f"{view.year}年度" + (f"（{marks}）" if marks else "")),
            ("任务", "、".join(text for count, text in parts if count) or "没有要做的事"),
            ("任务包", f"第 {view.sequence} 号，{view.made[:16].replace('T', ' ')} 生成"),
            ("文件", package.name),
            (CODE, view.key_code),
        )
        return tuple((name, text) for name, text in known if text)

    def value(self) -> NewUnitYear:
        path = self._path()
        if path.exists():
            raise Wrong(self.path, THERE)
        if not path.parent.is_dir():
            raise Wrong(self.path, "这个文件夹不存在，请重新选择。")
        who = self.who.text().strip()
        if not who:
            raise Wrong(self.who, "请填写经办人姓名，回执和操作记录里要写明是谁填报的。")
        places.settings().setValue(WORKER, who)
        return NewUnitYear(path, who)

    def _path(self) -> Path:
        path = Path(self.path.text().strip() or ".")
        return path if path.suffix.lower() == ENDING else path.with_name(path.name + ENDING)

    def _look(self) -> None:
        self.fields.setRowVisible(self._offer, self._path().is_file())

    def _choose(self) -> None:
        path = self._notices.save_file("本单位的年度文件保存到", f"年度文件 (*{ENDING})", self.path.text())
        if path is not None:
            self.path.setText(str(path))

    def _into_existing(self) -> None:
        path = self._path()
        self.reject()
        self.into_existing.emit(path)


def _safe(name: str) -> str:
    """A name that every file system takes."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(" .")[:60] or "本单位"
