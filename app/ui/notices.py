"""The only mouth: every message, question and file dialog of the program comes from here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPageSize
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.ui import colours, icons
from app.ui.crash import FaultReport
from app.ui.widgets.text import set_property

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

SHOWN_FINDINGS = 5
NO_PRINTER = "这台电脑没有可用的打印机。\n\n请装好打印机，或请信息人员启动系统的打印服务后重试；也可以先存为 PDF 或复制，到别的电脑上打印。"
_ICONS = {
    "info": ("info", colours.INFO),
    "warning": ("triangle-alert", colours.WARN),
    "question": ("circle-question-mark", colours.ACCENT),
    "error": ("circle-x", colours.BAD),
}


class Notices(QObject):
    """Talks to the user. parent_window: where dialogs are centred.

    said (text): a line for the status bar. banner (text): a line below the header that stays until it is closed.
    Tests put a subclass in its place that records what would have been shown, and answers.
    """

    said = Signal(str)
    banner = Signal(str)

    def __init__(self, parent_window: QWidget | None = None) -> None:
        super().__init__(parent_window)
        self._window = parent_window
        self._faults: list[FaultReport] = []
        self._fault_box: QMessageBox | None = None
        self.on_quit: Callable[[], object] = QGuiApplication.quit

    # ---- telling

    def say(self, text: str) -> None:
        """A short line in the status bar; for what went well."""
        self.said.emit(text)

    def put_up(self, text: str) -> None:
        """A line below the header that stays (read-only file, unclean end)."""
        self.banner.emit(text)

    def tell(self, title: str, text: str, details: str = "") -> None:
        """Something the user must read before going on."""
        self._ask("info", title, text, details, ("知道了",))

    def refuse(self, error: AppError) -> bool:
        """A named error: title, cause, next step, code. Whether the user wants the same step tried again, which is
        offered where another program holds a file."""
        words = error.fault.value
        text = f"{error.detail or words.cause}\n\n{words.step}"
        found = [f for f in error.findings if isinstance(f, Finding)]
        details = "\n".join(str(f) for f in found)
        if found:
            text += "\n\n" + findings_in_short(found)
        buttons = ("重试", "知道了") if error.fault is Fault.FILE_BUSY else ("知道了",)
        answer = self._ask("warning", words.title, f"{text}\n\n编号 {words.code}", details, buttons)
        return buttons[answer] == "重试"

    def show_findings(self, title: str, findings: Sequence[Finding], lead: str = "") -> None:
        """Remarks on the user's data: the first five in the dialog, all of them under 详情."""
        text = "\n\n".join(part for part in (lead, findings_in_short(findings)) if part)
        kind = "warning" if any(f.severity is Severity.ERROR for f in findings) else "info"
        self._ask(kind, title, text, "\n".join(str(f) for f in findings), ("知道了",))

    def show_fault(self, report: FaultReport) -> None:
        """An unexpected fault: one dialog at a time, opened from the event loop, never inside painting (R-34)."""
        self._faults.append(report)
        QTimer.singleShot(0, self, self._next_fault)

    # ---- asking

    def confirm(self, title: str, text: str, yes: str, *, danger: bool = False) -> bool:
        """Ask before a step. yes: what the step is called (删除, 定稿), never 是 or 确定. danger: the step cannot be
        taken back, so that Enter does not give it."""
        return self._ask("warning" if danger else "question", title, text, "", (yes, "取消"), 1 if danger else 0) == 0

    def choose(self, title: str, text: str, options: Sequence[str], details: str = "") -> int:
        """Let the user choose one of several buttons; the index, or −1 for 取消."""
        index = self._ask("question", title, text, details, (*options, "取消"))
        return -1 if index == len(options) else index

    def decide(self, title: str, text: str, first: str, second: str, details: str = "") -> bool:
        """Let the user take one of two ways where there is none back; whether it is the first. Escape is the second."""
        return self._ask("question", title, text, details, (first, second)) == 0

    def offer(self, title: str, text: str, step: str) -> bool:
        """Tell something, and offer one step to take with it (复制)."""
        return self._ask("info", title, text, "", (step, "关闭")) == 0

    def open_files(self, title: str, kinds: str, folder: str = "") -> list[Path]:
        """Ask for files to read. kinds: such as ``评分表 (*.xlsx)``."""
        names, _ = QFileDialog.getOpenFileNames(self._window, title, folder, kinds)
        return [Path(name) for name in names]

    def open_file(self, title: str, kinds: str, folder: str = "") -> Path | None:
        """Ask for one file to read."""
        name, _ = QFileDialog.getOpenFileName(self._window, title, folder, kinds)
        return Path(name) if name else None

    def save_file(self, title: str, kinds: str, proposal: str = "") -> Path | None:
        """Ask where to write. proposal: a file name, or a path. Adds the ending of the first kind when there is none."""
        name, _ = QFileDialog.getSaveFileName(self._window, title, proposal, kinds)
        if not name:
            return None
        ending = kinds.partition("*")[2].partition(")")[0].split(" ")[0]
        return Path(name) if Path(name).suffix or not ending.startswith(".") else Path(name + ending)

    def printer(self, title: str) -> QPrinter | None:
        """Ask for a printer and how to print; A4 is proposed. Where Windows has none, its dialog would not open."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if sys.platform == "win32" and printer.outputFormat() != QPrinter.OutputFormat.NativeFormat:
            self.tell("没有打印机", NO_PRINTER)
            return None
        printer.setDocName(title)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        dialog = QPrintDialog(printer, self._window)
        dialog.setWindowTitle(title)
        return printer if dialog.exec() else None

    def folder(self, title: str, start: str = "") -> Path | None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(self._window, title, start)
        return Path(name) if name else None

    # ---- how it is shown

    def _ask(self, kind: str, title: str, text: str, details: str, buttons: Sequence[str], default: int = 0) -> int:
        """Show a dialog and wait; the index of the button. Escape is the last button. Tests override this."""
        box = self._box(kind, title, text, details)
        made = [
            box.addButton(name, QMessageBox.ButtonRole.AcceptRole if i == 0 else QMessageBox.ButtonRole.RejectRole)
            for i, name in enumerate(buttons)
        ]
        set_property(made[0], "role", "danger" if default else "primary")
        box.setDefaultButton(made[default])
        box.setEscapeButton(made[-1])
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        return next((i for i, one in enumerate(made) if one is clicked), len(made) - 1)

    def _box(self, kind: str, title: str, text: str, details: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setIconPixmap(icons.pixmap(*_ICONS[kind], 32))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle("三联考评")
        box.setText(title)
        box.setInformativeText(text)
        if details:
            box.setDetailedText(details)
        return box

    def _next_fault(self) -> None:
        if self._fault_box is not None or not self._faults:
            return
        report = self._faults.pop(0)
        advice = "\n\n短时间内连续出错，建议关闭程序后重新打开。" if report.many else ""
        text = f"您的数据已保存。可以继续使用，也可以关闭后重新打开。{advice}\n\n错误编号 {report.number}"
        box = self._box("error", "程序出现了没有预料到的问题", text, "")
        going_on = box.addButton("继续", QMessageBox.ButtonRole.AcceptRole)
        set_property(going_on, "role", "primary")
        copy = box.addButton("复制详情", QMessageBox.ButtonRole.ActionRole)
        leave = box.addButton("关闭程序", QMessageBox.ButtonRole.DestructiveRole)
        copy.clicked.disconnect()  # copying leaves the dialog open
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report.details))
        box.setDefaultButton(going_on)
        box.setEscapeButton(going_on)
        leave.clicked.connect(self._quit)
        box.finished.connect(self._fault_read)
        self._fault_box = box
        box.open()

    def _fault_read(self) -> None:
        if self._fault_box is not None:
            self._fault_box.deleteLater()
            self._fault_box = None
        QTimer.singleShot(0, self, self._next_fault)

    def _quit(self) -> None:
        self.on_quit()


def findings_in_short(findings: Sequence[Finding]) -> str:
    """The first five findings, one a line, and how many more there are."""
    lines = [f"· {f.place}：{f.message}" if f.place else f"· {f.message}" for f in findings[:SHOWN_FINDINGS]]
    more = len(findings) - SHOWN_FINDINGS
    return "\n".join([*lines, f"……另有 {more} 条，见详情。"] if more > 0 else lines)
