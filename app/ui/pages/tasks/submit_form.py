"""The form of handing in: what is still missing, where to, under which passphrase."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QWidget

from app.domain.findings import Finding, Severity, has_errors
from app.ui import colours, icons
from app.ui.notices import Notices
from app.ui.packages.folder import FolderField
from app.ui.packages.passphrase import NewPassphrase
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.table_model import plain_tip
from app.ui.widgets.text import ElidedLabel, label

LEAD = (
    "把本单位的述职报告、评分和清单情况写成一个回传包，交给考核办。没做完的可以先交，补齐后再提交一次，考核办逐项合并。"
)
SIGNS = {
    Severity.ERROR: ("circle-x", colours.BAD),
    Severity.WARNING: ("triangle-alert", colours.WARN),
    Severity.NOTE: ("info", colours.INFO),
}


@dataclass(frozen=True, slots=True)
class Submission:
    """Where to, under which passphrase (empty: none), and whether the reports are handed in and locked."""

    folder: Path
    passphrase: str
    with_reports: bool
    who: str = ""


class SubmitForm(FormDialog[Submission]):
    """Shows the last check, and asks. drafts: whether a report is not handed in yet."""

    def __init__(
        self, parent: QWidget, notices: Notices, findings: tuple[Finding, ...], *, drafts: bool, office: str, who: str
    ) -> None:
        super().__init__(parent, "提交", save="生成回传包", lead=LEAD, width=600)
        self.add_field("交给", ElidedLabel(office or "考核办"))
        self.who = self.add_line("经办人", who, "写在回执上的姓名")
        self.findings = QListWidget()
        self.findings.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.findings.setWordWrap(True)
        for finding in findings:
            item = QListWidgetItem(finding.message, self.findings)
            item.setIcon(icons.icon(*SIGNS[finding.severity], 16))
            item.setToolTip(plain_tip(finding.step))
        self.findings.setFixedHeight(26 * min(max(len(findings), 2), 6) + 8)
        if findings:
            self.add_field("最后核对", self.findings)
            self.add_note(f"还有 {len(findings)} 项没有完成。")
        else:
            self.findings.setParent(self)
            self.findings.hide()
            self.add_field("最后核对", label("全部任务已完成，没有缺项。"))
        self.folder = FolderField(notices, "回传包写到哪里（如 U 盘）")
        self.add_field("写到", self.folder)
        self.with_reports = QCheckBox("述职报告一并提交，提交后锁定")
        self.with_reports.setChecked(True)
        self.with_reports.setToolTip("不勾选：报告作为草稿带去，本单位还可以继续改")
        if drafts:
            self.add_field("", self.with_reports)
        else:
            self.with_reports.setParent(self)
            self.with_reports.hide()
        self.phrase = NewPassphrase(self)
        if has_errors(findings):
            self.save_button.setEnabled(False)
            self.save_button.setToolTip("上面有必须先解决的问题")

    def value(self) -> Submission:
        who = self.who.text().strip()
        if not who:
            raise Wrong(self.who, "请填写经办人姓名，它写在回执上。")
        return Submission(self.folder.value(), self.phrase.value(), self.with_reports.isChecked(), who)
