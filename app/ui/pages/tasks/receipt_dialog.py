"""The receipt of what was handed in: looked at, printed, kept as PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from app.services.receipts import Receipt
from app.ui import colours, icons, style
from app.ui.notices import Notices
from app.ui.printing import Layout, pdf_of, print_html
from app.ui.widgets.text import button, label

Save = Callable[[Path, bytes], object]
LAYOUT = Layout(points=10.5)


class ReceiptDialog(QDialog):
    """fresh: it has been written just now, and the stick may go. save(path, pdf) writes the PDF."""

    def __init__(
        self, parent: QWidget, notices: Notices, receipt: Receipt, html: str, save: Save, *, fresh: bool
    ) -> None:
        super().__init__(parent)
        self.receipt, self.html = receipt, html
        self._notices, self._save = notices, save
        self.setWindowTitle("回传回执")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 660)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(10)
        sign = label()
        sign.setPixmap(icons.pixmap("circle-check", colours.GOOD, 24))
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        self.said = label(_said(receipt, fresh=fresh), wrap=True, selectable=True)
        head.addWidget(self.said, 1)
        rows.addLayout(head)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.document().setDefaultFont(style.font())
        self.text.document().setDocumentMargin(12)
        self.text.setHtml(html)
        self.text.setAccessibleName("回执")
        rows.addWidget(self.text, 1)
        ends = QHBoxLayout()
        ends.setSpacing(8)
        ends.addWidget(label("请打印、签字，随回传包一起送交。", "soft"), 1)
        self.pdf_button, self.print_button = button("存为 PDF…", icon="download"), button("打印…", "primary", "printer")
        self.close_button = button("关闭")
        self.pdf_button.clicked.connect(self._pdf)
        self.print_button.clicked.connect(self._print)
        self.close_button.clicked.connect(self.accept)
        for one in (self.close_button, self.pdf_button, self.print_button):
            ends.addWidget(one)
        rows.addLayout(ends)
        self.print_button.setFocus()

    def _pdf(self) -> None:
        proposal = Path(self.receipt.file).stem.replace("回传包", "回执") + ".pdf"
        path = self._notices.save_file("回执存为 PDF", "PDF (*.pdf)", proposal)
        if path is not None:
            self._save(path, receipt_pdf(self.html))

    def _print(self) -> None:
        printer = self._notices.printer("打印回执")
        if printer is not None:
            print_html(self.html, printer, LAYOUT)


def _said(receipt: Receipt, *, fresh: bool) -> str:
    if not fresh:
        at = receipt.at[:16].replace("T", " ")
        return f"第 {receipt.sequence} 号回传包，{at} 提交，文件 {receipt.file}。"
    where = receipt.path.parent if receipt.path is not None else ""
    return f"回传包已写到 {where}，并已读回核对：{receipt.file}。\n现在可以安全弹出 U 盘。"


def receipt_pdf(html: str) -> bytes:
    """The receipt as an A4 page."""
    return pdf_of(html, "回传回执", LAYOUT)
