"""发出: a task package for each unit; and, where an office stands above, the results for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedWidget

from app.domain.progress import Progress
from app.services.changes import Area
from app.services.exchange.values import SentInfo, SentTasks, TaskUnit, Upper
from app.ui.colours import GOOD_TONE, INFO_TONE, NEUTRAL, Tone
from app.ui.packages.words import moment
from app.ui.pages.exchange.send_form import SendForm, Sending
from app.ui.pages.exchange.upward import ResultsUp
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, card, label

if TYPE_CHECKING:
    from app.services.container import Services

ONE, ALL = "one", "all"


@dataclass(frozen=True, slots=True)
class SendData:
    """The units, and the code of this computer."""

    units: tuple[TaskUnit, ...]
    code: str


class SendTab(Tab[SendData]):
    id, title = "send", "发出"
    areas = frozenset({Area.EXCHANGE, Area.UNITS, Area.SCHEMES, Area.SHEETS, Area.REPORTS})
    follows_scheme = True

    def build(self) -> None:
        self.data = SendData((), "")
        self.folder: Path | None = None
        self.form: SendForm | None = None
        self.up = ResultsUp(self, self._results_sent)
        self.which = QComboBox()
        self.which.addItem("本层级", ONE)
        self.which.addItem("全部层级", ALL)
        self.which.setMinimumWidth(96)
        self.search = SearchField("搜索单位")
        self.send_all = Command(self, "全部发出…", self._send_all, icon="send", tip="为所列每个单位生成一个任务包")
        self.send_chosen = Command(self, "发出选中的…", self._send_chosen, tip="只为选中的单位生成任务包（序号加一）")
        self.results_up = Command(
            self, "报送结果…", self.up.ask, icon="upload", tip="本级的考核结果报给上级考核办，带着每个数字的由来"
        )
        for widget in (self.which, self.search, self.results_up.button(), self.send_chosen.button()):
            self.tools.addWidget(widget)
        self.tools.addWidget(self.send_all.button("primary"))
        self._make_done()
        self.table: Table[TaskUnit] = Table(_columns())
        self.empty = EmptyState(
            "send",
            "这一层级没有可以发的任务",
            "方案里写明述职报告格式，或者单位的评议人要给别的单位评分，任务包里才有内容。其他层级可以在上面选“全部层级”。",
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        self.body.addWidget(self.stack, 1)
        self.search.textChanged.connect(self.narrow)
        self.which.activated.connect(self.narrow)
        self.table.selectionModel().selectionChanged.connect(self._allow)

    def _make_done(self) -> None:
        """What was written last, and where."""
        self.done = card()
        line = QHBoxLayout(self.done)
        self.done_text = label("", wrap=True)
        open_folder = button("打开文件夹", icon="folder-open")
        open_folder.clicked.connect(self._open_folder)
        line.addWidget(self.done_text, 1)
        line.addWidget(open_folder)
        self.done.hide()
        self.body.addWidget(self.done)

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], SendData]:
        return lambda services, progress: SendData(services.exchange.taskable(), services.exchange.own_code())

    def show_data(self, data: SendData) -> None:
        self.data = data
        self.table.show_rows(data.units)
        self.narrow()

    def search_field(self) -> QLineEdit | None:
        return self.search

    def reveal(self, target: str) -> None:
        """target: code of a unit."""
        self.which.setCurrentIndex(self.which.findData(ALL))
        self.narrow()
        self.table.go_to(lambda row: row.unit == target)

    def narrow(self, *_: object) -> None:
        """Show the units of the chosen level that the search finds."""
        scheme = self.work.scheme_document() if self.which.currentData() == ONE else None
        level = scheme.level if scheme else ""
        self.table.narrow(self.search.text(), lambda row: not level or row.level == level)
        shown = self._shown()
        waiting = sum(not row.sent_at for row in shown)
        back = sum(bool(row.returned_at) for row in shown)
        said = f"{len(shown)} 个单位，{waiting} 个还没有发出，{back} 个已交回"
        self.subtitle.setText(said if shown else "")
        here = any(not level or row.level == level for row in self.data.units)
        self.stack.setCurrentIndex(1 if here else 0)
        self._allow()

    def _shown(self) -> list[TaskUnit]:
        return [self.table.contents.row(i) for i in range(self.table.contents.rowCount())]

    def _allow(self, *_: object) -> None:
        self.writable(self.send_all, why="" if self.table.contents.rowCount() else "没有可以发的任务。")
        self.writable(self.send_chosen, why="" if self.table.chosen() else "请先在下面选中单位（按住 Ctrl 可多选）。")
        self.writable(self.results_up, why="" if self.work.schemes else "还没有方案，没有结果可报。")

    # ---- sending

    def _send_all(self) -> None:
        self._ask(self._shown())

    def _send_chosen(self) -> None:
        self._ask(self.table.chosen())

    def _ask(self, units: list[TaskUnit]) -> None:
        """Where to and under which passphrase; then write."""
        form = self.form = SendForm(self, self.work.notices, units, self.data.code)

        def chosen(value: Sending, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
            codes = [unit.unit for unit in units]
            close()  # so that the writing can be cancelled in the window
            self.change(
                "正在生成任务包…",
                lambda s, p: s.exchange.send_tasks(value.folder, codes, value.passphrase, p),
                self._sent,
            )

        form.submit(chosen)

    def _sent(self, sent: SentTasks) -> None:
        self.folder = sent.folder
        self.done_text.setText(
            f"{len(sent.packages)} 个任务包已写到 {sent.folder}，已读回核对。"
            f"交给各单位时，请在书面通知上写明本机密钥码 {self.data.code}，供对方核对。"
        )
        self.done.show()

    def _results_sent(self, sent: SentInfo, folder: Path, upper: Upper) -> None:
        self.folder = folder
        self.done_text.setText(
            f"结果包 {sent.file} 已写到 {folder}，已读回核对。请交给{upper.office}，"
            f"并在书面材料上写明包号 {sent.code}、本机密钥码 {self.data.code}。"
        )
        self.done.show()

    def _open_folder(self) -> None:
        if self.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))


def state_of(unit: TaskUnit) -> str:
    """How far its newest task is."""
    return "已交回" if unit.returned_at else "已发出" if unit.sent_at else "未发出"


_TONES: dict[str, Tone] = {"已交回": GOOD_TONE, "已发出": INFO_TONE, "未发出": NEUTRAL}


def _columns() -> tuple[Column[TaskUnit], ...]:
    def count(number: int, unit: str) -> str:
        return f"{number} {unit}" if number else "—"

    return (
        Column(key="name", title="单位", text=lambda u: u.name, width=220, stretch=True, strong=True),
        Column(key="code", title="编码", text=lambda u: u.unit, width=90),
        Column(key="level", title="层级", text=lambda u: u.level_name, width=120),
        Column(key="report", title="述职报告", text=lambda u: "要写" if u.report else "—", width=84, align="center"),
        Column(
            key="sheets",
            title="评分表",
            text=lambda u: count(u.sheets, "份"),
            sort=lambda u: u.sheets,
            width=80,
            align="right",
            head_tip="本单位的评议人要填的评分表",
        ),
        Column(
            key="entries",
            title="清单事项",
            text=lambda u: count(u.entries, "条"),
            sort=lambda u: u.entries,
            width=84,
            align="right",
            head_tip="责任、上年问题和承诺",
        ),
        Column(
            key="state",
            title="状态",
            text=state_of,
            tone=lambda u: _TONES[state_of(u)],
            align="center",
            width=84,
        ),
        Column(key="sent", title="最近发出", text=lambda u: moment(u.sent_at), width=140),
        Column(key="back", title="交回", text=lambda u: moment(u.returned_at), width=140),
    )
