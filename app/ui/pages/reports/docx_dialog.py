"""A Word report on its way into the sections: each paragraph with the section proposed for it, changeable, none lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QLabel, QListWidget, QVBoxLayout, QWidget

from app.domain.report_forms import Section
from app.services.reports.passages import characters
from app.ui import colours, icons
from app.ui.colours import INFO_TONE, WARN_TONE, Tone
from app.ui.widgets.table import Column, Table
from app.ui.widgets.table_model import plain_tip
from app.ui.widgets.text import button, label

if TYPE_CHECKING:
    from app.services.reports import DocxProposal, ProposedParagraph

FOUND = {
    "heading": "标题", "text": "正文", "list": "编号段", "table": "表格", "note": "脚注", "box": "文本框", "header": "页眉页脚",
    "contents": "目录", "comment": "批注", "frame": "题头落款",
}  # fmt: skip
NOWHERE = "不放入"
Row = tuple[int, "ProposedParagraph"]


class DocxDialog(QDialog):
    """take (proposal, append) puts it into the report. written: ids of sections that have text already."""

    def __init__(
        self,
        parent: QWidget,
        proposal: DocxProposal,
        sections: Sequence[Section],
        written: set[str],
        take: Callable[[DocxProposal, bool], object],
    ) -> None:
        super().__init__(parent)
        self.proposal = proposal
        self._sections = {section.id: section.name for section in sections}
        self._written = written
        self._take = take
        self.setWindowTitle("导入 Word 报告")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(980, 640)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        rows.addWidget(label(proposal.file, "heading"))
        self.summary: QLabel = label("", "soft", wrap=True)
        rows.addWidget(self.summary)
        rows.addLayout(self._assigning(sections))
        self.table: Table[Row] = Table(self._columns(), sortable=False)
        self.table.picked.connect(self._follow)
        rows.addWidget(self.table, 1)
        self.findings = QListWidget()
        self.findings.setMaximumHeight(78)
        for finding in proposal.findings:
            self.findings.addItem(f"{finding.place}：{finding.message}" if finding.place else finding.message)
            self.findings.item(self.findings.count() - 1).setIcon(icons.icon("info", colours.INFO, 16))
            self.findings.item(self.findings.count() - 1).setToolTip(plain_tip(finding.step))
        self.findings.setVisible(bool(proposal.findings))
        rows.addWidget(self.findings)
        rows.addLayout(self._ends())
        self._show()
        if proposal.paragraphs:
            self.table.setCurrentIndex(self.table.contents.index(0, 0))

    def _assigning(self, sections: Sequence[Section]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label("选中的段落放入", "soft"))
        self.choice = QComboBox()
        self.choice.addItem(NOWHERE, "")
        for section in sections:
            self.choice.addItem(section.name, section.id)
        line.addWidget(self.choice)
        self.put = button("放入")
        self.put.clicked.connect(lambda: self.assign(str(self.choice.currentData())))
        line.addWidget(self.put)
        line.addStretch(1)
        self.only = QCheckBox("只看没有放入的")
        self.only.toggled.connect(self._narrow)
        line.addWidget(self.only)
        return line

    def _ends(self) -> QHBoxLayout:
        ends = QHBoxLayout()
        self.append = QCheckBox("接在已写的文字后面")
        self.append.setToolTip("不选：所涉栏目原有的文字被取代（可以撤销）")
        self.append.toggled.connect(self._show)
        ends.addWidget(self.append)
        self.said = label("", "soft", wrap=True)
        ends.addWidget(self.said, 1)
        cancel = button("取消")
        cancel.clicked.connect(self.reject)
        self.take_button = button("放入报告", "primary")
        self.take_button.clicked.connect(self._apply)
        ends.addWidget(cancel)
        ends.addWidget(self.take_button)
        return ends

    # ---- assigning

    def assign(self, section: str) -> None:
        """Put the selected paragraphs into a section (empty: nowhere)."""
        chosen = {number for number, _ in self.table.chosen()}
        self.proposal = replace(
            self.proposal,
            paragraphs=tuple(
                replace(p, section=section, why="由您指定") if at in chosen else p
                for at, p in enumerate(self.proposal.paragraphs)
            ),
        )
        self._show()

    def _show(self, on: bool = False) -> None:
        paragraphs = self.proposal.paragraphs
        self.table.show_rows(list(enumerate(paragraphs)))
        self._narrow()
        left = self.proposal.unassigned()
        lost = sum(characters(p.text) for p in left)
        self.summary.setText(
            f"共 {len(paragraphs)} 段。"
            + (f"有 {len(left)} 段（{lost} 字）不放入任何栏目，请看一看。" if left else "每一段都有栏目。")
        )
        brought = {s.section for s in self.proposal.sections()}
        replaced = [self._sections.get(id, id) for id in self._sections if id in brought & self._written]
        self.append.setVisible(bool(replaced))
        if replaced and not self.append.isChecked():
            self.said.setText(f"“{'”“'.join(replaced)}”原有的文字将被取代。")
        else:
            self.said.clear()
        self.take_button.setEnabled(bool(brought))
        self.take_button.setText(f"放入 {len(brought)} 个栏目" if brought else "放入报告")

    def _narrow(self, on: bool = False) -> None:
        self.table.narrow("", (lambda row: not row[1].section) if self.only.isChecked() else None)

    def _follow(self, row: Row) -> None:
        self.choice.setCurrentIndex(max(0, self.choice.findData(row[1].section)))

    def _apply(self) -> None:
        self.accept()
        self._take(self.proposal, self.append.isChecked())

    # ---- columns

    def _columns(self) -> tuple[Column[Row], ...]:
        return (
            Column(
                key="section",
                title="放入栏目",
                text=self._section_name,
                tip=self._section_name,
                tone=self._tone,
                width=210,
            ),
            Column(
                key="text",
                title="段落",
                text=lambda r: r[1].text,
                tip=lambda r: _broken(r[1].text),
                width=180,
                stretch=True,
            ),
            Column(key="found", title="在文件中是", text=lambda r: FOUND.get(r[1].found, r[1].found), width=92),
            Column(
                key="why",
                title="为什么",
                text=lambda r: r[1].why,
                tip=lambda r: r[1].why,
                ink=lambda r: colours.TEXT_SOFT,
                width=170,
            ),
        )

    def _section_name(self, row: Row) -> str:
        return self._sections.get(row[1].section, row[1].section) or NOWHERE

    @staticmethod
    def _tone(row: Row) -> Tone:
        return INFO_TONE if row[1].section else WARN_TONE


def _broken(text: str, width: int = 40) -> str:
    """A long paragraph in lines that a tool tip can show."""
    return "\n".join(text[at : at + width] for at in range(0, min(len(text), 800), width))
