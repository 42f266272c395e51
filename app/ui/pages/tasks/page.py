"""The page 任务: the first of a unit's year file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.findings import Finding
from app.domain.progress import Progress
from app.services.changes import Area
from app.services.exchange.values import Packages, SentInfo
from app.services.receipts import Receipt
from app.services.tasks import TaskLine
from app.services.year import YearInfo
from app.ui import colours
from app.ui.packages.receiving import Receiving
from app.ui.packages.words import moment
from app.ui.page import Page
from app.ui.pages.tasks.lines import TaskButton
from app.ui.pages.tasks.receipt_dialog import ReceiptDialog
from app.ui.pages.tasks.submit_form import Submission, SubmitForm
from app.ui.widgets.commands import Command
from app.ui.widgets.flow import Inside
from app.ui.widgets.text import button, card, label

if TYPE_CHECKING:
    from app.services.container import Services

SIDE = 360  # pixels of the right column
SHOWN = 4  # earlier returns and tasks that are listed
STEPS = (
    "从左边逐项点进去填写；随时自动保存，可以关掉以后再做。",
    "做完按“提交…”，把回传包写到 U 盘。",
    "打印回执，签字盖章，连同 U 盘送交考核办。",
)


@dataclass(frozen=True, slots=True)
class TaskData:
    """What the page shows. sheets: id of a sheet → its scheme and evaluator; drafts: whether a report is written and not
    handed in."""

    info: YearInfo
    lines: tuple[TaskLine, ...]
    packages: Packages
    code: str
    sheets: dict[str, tuple[str, str]]
    drafts: bool = False


class TasksPage(Page[TaskData]):
    id, title, icon, manual = "tasks", "任务", "list-checks", "填报单位"
    areas = frozenset(Area)

    def build(self) -> None:
        self.data: TaskData | None = None
        self.form: SubmitForm | None = None
        self.dialog: ReceiptDialog | None = None
        self.submit = Command(self, "提交…", self._check, icon="send", tip="最后核对一遍，写成回传包，打印回执")
        self.receive_more = Command(
            self,
            "收取新的任务包…",
            lambda: self.receiving.choose_files("选择考核办发来的任务包"),
            icon="inbox",
            tip="考核办退回了报告或发来新的任务包时，在这里收取；已写的内容不会丢",
        )
        self.copy_code = Command(self, "复制", self._copy_code, icon="copy", tip="复制本机密钥码")
        self.tools.addWidget(self.receive_more.button())
        self.tools.addWidget(self.submit.button("primary"))
        front = QWidget()
        across = QHBoxLayout(front)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        across.addWidget(self._checklist(), 1)
        across.addWidget(self._side())
        self.receiving = Receiving(self, front, "任务包")
        self.receiving.previewing.connect(self._previewing)
        self.body.addWidget(self.receiving, 1)

    def _checklist(self) -> QFrame:
        made = card()
        rows = QVBoxLayout(made)
        rows.setContentsMargins(12, 12, 6, 8)
        rows.setSpacing(6)
        self.asked = label("", "heading")
        self.asked.setContentsMargins(10, 0, 0, 0)
        rows.addWidget(self.asked)
        area = QScrollArea()
        area.setWidgetResizable(True)
        inside = Inside()
        self.todo = QVBoxLayout(inside)
        self.todo.setContentsMargins(0, 0, 6, 0)
        self.todo.setSpacing(0)
        area.setWidget(inside)
        rows.addWidget(area, 1)
        return made

    def _side(self) -> QWidget:
        made = QWidget()
        made.setFixedWidth(SIDE)
        rows = QVBoxLayout(made)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        upper = card()
        inner = QVBoxLayout(upper)
        inner.setContentsMargins(16, 12, 16, 14)
        inner.setSpacing(8)
        inner.addWidget(label("提交", "heading"))
        self.handed = label("", wrap=True)
        inner.addWidget(self.handed)
        code = QHBoxLayout()
        code.setSpacing(6)
        code.addWidget(label("本机密钥码", "soft"))
        self.code = label("", "strong", selectable=True)
        code.addWidget(self.code)
        code.addWidget(self.copy_code.button("quiet"))
        code.addStretch(1)
        inner.addLayout(code)
        inner.addWidget(label("印在回执上；考核办第一次接收时，用它确认回传包是这台电脑生成的。", "small", wrap=True))
        rows.addWidget(upper)
        lower = card()
        self.history = QVBoxLayout(lower)
        self.history.setContentsMargins(16, 12, 16, 14)
        self.history.setSpacing(6)
        rows.addWidget(lower)
        rows.addWidget(_steps())
        rows.addStretch(1)
        return made

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], TaskData]:
        def read(services: Services, progress: Progress) -> TaskData:
            identities = [form.identity for form in services.sheets.forms()]
            info = services.year.info()
            written = [line for f in services.reports.forms() for line in services.reports.list(f.scheme)]
            return TaskData(
                info,
                services.tasks.checklist(),
                services.exchange.packages(),
                services.exchange.own_code(),
                {i.sheet: (i.scheme, i.evaluator) for i in identities},
                any(one.unit == info.own_unit and one.state in ("draft", "returned") for one in written),
            )

        return read

    def show_data(self, data: TaskData) -> None:
        self.data = data
        left = sum(not line.finished for line in data.lines)
        self.subtitle.setText(f"还有 {left} 件事要办" if left else "全部完成，已提交")
        self.asked.setText(f"{data.info.office or '考核办'}要本单位做的事")
        _empty(self.todo)
        for line in data.lines:
            self.todo.addWidget(TaskButton(line, self._level_of(line), self._go))
        if not data.lines:
            self.todo.addWidget(label("任务包里没有要做的事。有疑问请与考核办联系。", "soft", wrap=True))
        self.todo.addStretch(1)
        self._show_handed(data)
        self._show_history(data)
        self.code.setText(data.code)
        self.writable(self.submit, self.receive_more)

    def _level_of(self, line: TaskLine) -> str:
        """Which level a sheet is about; the same person may have one for each."""
        found = self.data.sheets.get(line.target) if self.data else None
        scheme = self.work.scheme_document(found[0]) if found else None
        return (scheme.level_name or scheme.name) if scheme else ""

    def _show_handed(self, data: TaskData) -> None:
        line = next((one for one in data.lines if one.page == "exchange"), None)
        if line is None:
            return
        said = f"已提交：{line.detail}。" if line.finished else f"{line.detail}。"
        step = "又有改动时再提交一次即可。" if line.finished else "做完后按“提交…”，写到 U 盘，连同回执送交考核办。"
        self.handed.setText(said + step)
        self.handed.setStyleSheet(f"color: {colours.GOOD}" if line.finished else "")

    def _show_history(self, data: TaskData) -> None:
        _empty(self.history)
        returns = [p for p in data.packages.sent if p.kind == "return"]
        self.history.addWidget(label("历次提交", "heading"))
        for one in returns[:SHOWN]:
            row = QHBoxLayout()
            row.addWidget(label(f"第 {one.sequence} 号　{moment(one.at)}"), 1)
            link = button("回执", "link", tip=one.file)
            link.setAccessibleName(f"第 {one.sequence} 号回执")
            link.clicked.connect(partial(self._open_receipt, one))
            row.addWidget(link)
            self.history.addLayout(row)
        if not returns:
            self.history.addWidget(label("还没有提交过。", "soft"))
        self.history.addSpacing(8)
        self.history.addWidget(label("收到的任务包", "heading"))
        for task in [p for p in data.packages.received if p.kind == "task"][:SHOWN]:
            shown = label(f"第 {task.sequence} 号　{moment(task.at)}")
            self.history.addWidget(shown)

    # ---- going to the place

    def _go(self, line: TaskLine) -> None:
        if line.page == "exchange":
            self.submit.trigger()
            return
        found = self.data.sheets.get(line.target) if self.data else None
        if found is not None:
            scheme, evaluator = found
            self.work.choose_scheme(scheme)
            self.work.go("sheets", f"grid:{evaluator}")
        else:
            self.work.go(line.page, line.target)

    def receive(self, paths: Sequence[Path]) -> None:
        """Packages were dropped on the window, or named at the start."""
        self.receiving.take(paths)

    def _previewing(self, on: bool) -> None:
        self.heading.setText("收取任务包" if on else self.title)
        self.subtitle.setVisible(not on)
        self.submit.setVisible(not on)
        self.receive_more.setVisible(not on)

    # ---- handing in

    def _check(self) -> None:
        """What is unfinished is read again first; what is being typed anywhere is stored before."""
        self.read("正在核对…", lambda s, p: s.tasks.last_check(), self._ask)

    def _ask(self, findings: tuple[Finding, ...]) -> None:
        data = self.data
        drafts = data is not None and data.drafts
        office = data.info.office if data is not None else ""
        who = data.info.worker if data is not None else ""
        form = self.form = SubmitForm(self, self.work.notices, findings, drafts=drafts, office=office, who=who)

        def chosen(value: Submission, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
            close()  # so that the writing can be seen and cancelled in the window
            self.change(
                "正在生成回传包…",
                lambda s, p: s.tasks.submit(value.folder, value.passphrase, value.with_reports, p, value.who),
                partial(self._show_receipt, fresh=True),
            )

        form.submit(chosen)

    # ---- receipts

    def _open_receipt(self, sent: SentInfo, on: bool = False) -> None:
        self.read("正在读取回执…", lambda s, p: s.tasks.receipt(sent.id), partial(self._show_receipt, fresh=False))

    def _show_receipt(self, receipt: Receipt, *, fresh: bool) -> None:
        html = self.work.services.tasks.receipt_html(receipt)
        self.dialog = ReceiptDialog(self, self.work.notices, receipt, html, self._save_pdf, fresh=fresh)
        self.dialog.open()

    def _save_pdf(self, path: Path, pdf: bytes) -> None:
        title = path.stem
        self.change(
            "正在存为 PDF…",
            lambda s, p: s.exports.receipt(path, pdf, title),
            lambda written: self.work.notices.say(f"回执已写入 {written}"),
        )

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())
        self.work.notices.say("本机密钥码已复制。")


def _steps() -> QFrame:
    """How it is done, for who does it once a year."""
    made = card()
    rows = QVBoxLayout(made)
    rows.setContentsMargins(16, 12, 16, 14)
    rows.setSpacing(6)
    rows.addWidget(label("怎么做", "heading"))
    for number, text in enumerate(STEPS, 1):
        rows.addWidget(label(f"{number}. {text}", "soft", wrap=True))
    return made


def _empty(layout: QVBoxLayout | QHBoxLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item: Any = layout.takeAt(0)
        inner = item.layout()
        if isinstance(inner, (QVBoxLayout, QHBoxLayout)):
            _empty(inner)
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
