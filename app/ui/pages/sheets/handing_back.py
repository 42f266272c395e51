"""退回: which faulty sheets of a preview go back to their evaluators, and a word to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.domain.findings import Severity
from app.services.imports.handing_back import faults_of, must_be_mended
from app.services.imports.values import PlannedFile
from app.ui.widgets.forms import FormDialog, Wrong

LEAD = (
    "为选中的每份表写一份副本：问题写在单元格的批注里，并列成“退回说明”。原件不动；下拉选择、锁定、表号都照旧，"
    "评议人改好后直接交回，再导入即可。"
)
MOST_SHOWN = 9  # files seen at once; the others are scrolled to


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes back, and the word to the evaluators."""

    files: tuple[PlannedFile, ...]
    note: str


class HandBackForm(FormDialog[Chosen]):
    """A list to tick, and a note. files: those that can be handed back."""

    def __init__(self, parent: QWidget, files: Sequence[PlannedFile]) -> None:
        super().__init__(parent, "退回有问题的评分表", save="选择文件夹并写出…", lead=LEAD, width=640)
        self.files = tuple(files)
        self.list = QListWidget()
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        for file in self.files:
            line = QListWidgetItem(_shown(file))
            line.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
            line.setCheckState(Qt.CheckState.Checked if must_be_mended(file) else Qt.CheckState.Unchecked)
            line.setToolTip("\n".join(f"· {finding.message}" for finding in faults_of(file)[:12]))
            self.list.addItem(line)
        self.list.setFixedHeight(26 * min(max(len(self.files), 3), MOST_SHOWN) + 8)
        self.add_field("评分表", self.list)
        self.add_note("已勾选的有不能采用的单元格，必须由评议人改；没有勾选的只有提醒，可以不退。")
        self.note = self.add_text("留言", hint="写给评议人的话，如：请于 12 月 5 日前改好交回（可以不写）", height=60)

    def value(self) -> Chosen:
        checked = tuple(
            file for n, file in enumerate(self.files) if self.list.item(n).checkState() is Qt.CheckState.Checked
        )
        if not checked:
            raise Wrong(self.list, "请勾选至少一份评分表。")
        return Chosen(checked, self.note.toPlainText().strip())


def _shown(file: PlannedFile) -> str:
    found = faults_of(file)
    refused = sum(f.severity is Severity.ERROR for f in found)
    parts = [f"须改 {refused} 处"] * bool(refused) + [f"提醒 {len(found) - refused} 处"] * (len(found) > refused)
    return f"{file.evaluator_name or file.sheet}　{'，'.join(parts)}　{file.name}"
