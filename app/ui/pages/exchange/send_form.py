"""The form before task packages are written: how many, where to, under which passphrase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.services.exchange.values import TaskUnit
from app.ui.notices import Notices
from app.ui.packages.folder import FolderField
from app.ui.packages.passphrase import NewPassphrase
from app.ui.widgets.forms import FormDialog
from app.ui.widgets.text import ElidedLabel, label

LEAD = "每个单位一个任务包，只装本单位的任务：述职报告格式、本单位评议人的评分表、清单事项；没有其他单位的分数、报告和结果。"
NAMED = 8  # units named before “等”


@dataclass(frozen=True, slots=True)
class Sending:
    """Where to, and under which passphrase (empty: none)."""

    folder: Path
    passphrase: str


class SendForm(FormDialog[Sending]):
    """Asks for folder and passphrase."""

    def __init__(self, parent: QWidget, notices: Notices, units: Sequence[TaskUnit], code: str) -> None:
        super().__init__(parent, "发出任务包", save=f"生成 {len(units)} 个任务包", lead=LEAD, width=600)
        names = "、".join(unit.name for unit in units[:NAMED])
        more = f"等 {len(units)} 个单位" if len(units) > NAMED else f"（{len(units)} 个单位）"
        self.add_field("发给", ElidedLabel(names + more))
        again = sum(bool(unit.sent_at) for unit in units)
        if again:
            self.add_note(f"其中 {again} 个以前发过，这次是新的一号；单位已写的内容不会丢，接收时逐项合并。")
        self.folder = FolderField(notices, "任务包写到哪个文件夹")
        self.add_field("写到", self.folder)
        self.phrase = NewPassphrase(self)
        self.add_field("本机密钥码", label(code, "strong", selectable=True))
        self.add_note("写在书面通知上；单位打开任务包时核对，确认确实是考核办发的。")

    def value(self) -> Sending:
        return Sending(self.folder.value(), self.phrase.value())
