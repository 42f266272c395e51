"""往来: every package that went out or came in, the computers that were confirmed, the code of this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.domain.progress import Progress
from app.services.changes import Area
from app.services.exchange.values import Packages, ReceivedInfo, SenderInfo, SentInfo
from app.ui.colours import GOOD_TONE, INFO_TONE
from app.ui.packages.words import moment, shown_kind
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.reasons import ask_reason
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.container import Services

BOTH, OUT, IN = "", "out", "in"


@dataclass(frozen=True, slots=True)
class Passed:
    """One package and which way it went."""

    info: SentInfo | ReceivedInfo

    @property
    def way(self) -> str:
        """out or in."""
        return OUT if isinstance(self.info, SentInfo) else IN

    @property
    def source(self) -> str:
        """The code of the computer it came from; of what went out it is this one."""
        return self.info.key_code if isinstance(self.info, ReceivedInfo) else "本机"

    @property
    def batch(self) -> int:
        """The import that brought it; 0: none."""
        return self.info.batch if isinstance(self.info, ReceivedInfo) else 0


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the tab shows."""

    packages: Packages
    senders: tuple[SenderInfo, ...]
    code: str


class TrafficTab(Tab[Traffic]):
    id, title = "traffic", "往来"
    areas = frozenset({Area.EXCHANGE})

    def build(self) -> None:
        self.which = QComboBox()
        for key, name in ((BOTH, "发出和接收"), (OUT, "只看发出"), (IN, "只看接收")):
            self.which.addItem(name, key)
        self.search = SearchField("搜索单位、包号、文件")
        self.copy_code = Command(self, "复制", self._copy_code, icon="copy", tip="复制本机密钥码")
        self.forget = Command(
            self, "取消确认…", self._forget, icon="trash-2", tip="电脑更换、丢失后不再信任；以后再收到会重新核对"
        )
        for widget in (self.which, self.search):
            self.tools.addWidget(widget)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        self.table: Table[Passed] = Table(_package_columns())
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState("arrow-left-right", "还没有往来", "发出的任务包、接收的回传包和结果包都记在这里，不能删改。")
        )
        self.stack.addWidget(self.table)
        self.stack.setMinimumHeight(150)
        both.addWidget(self.stack)
        both.addWidget(self._senders())
        both.setSizes([360, 220])
        self.body.addWidget(both, 1)
        self.search.textChanged.connect(self._narrow)
        self.which.activated.connect(self._narrow)

    def _senders(self) -> QWidget:
        lower = QWidget()
        lower.setMinimumHeight(130)
        rows = QVBoxLayout(lower)
        rows.setContentsMargins(0, 6, 0, 0)
        rows.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label("确认过的来源", "heading"))
        self.known = label("", "soft")
        head.addWidget(self.known, 1)
        head.addWidget(label("本机密钥码", "soft"))
        self.code = label("", "strong", selectable=True)
        head.addWidget(self.code)
        head.addWidget(self.copy_code.button("quiet"))
        head.addWidget(self.forget.button("danger"))
        rows.addLayout(head)
        self.senders: Table[SenderInfo] = Table(_sender_columns())
        self.senders.picked.connect(self._allow)
        rows.addWidget(self.senders, 1)
        return lower

    def loader(self) -> Callable[[Services, Progress], Traffic]:
        return lambda s, p: Traffic(s.exchange.packages(), s.exchange.senders(), s.exchange.own_code())

    def show_data(self, data: Traffic) -> None:
        passed = [Passed(info) for info in (*data.packages.sent, *data.packages.received)]
        self.table.show_rows(sorted(passed, key=lambda p: p.info.at, reverse=True))
        self.stack.setCurrentIndex(1 if passed else 0)
        sent, received = len(data.packages.sent), len(data.packages.received)
        self.subtitle.setText(f"发出 {sent} 个，接收 {received} 个" if passed else "")
        self.senders.show_rows(data.senders)
        many = f"{len(data.senders)} 个" if data.senders else "还没有；第一次接收时与纸质回执核对"
        self.known.setText(many)
        self.code.setText(data.code)
        self._narrow()
        self._allow()

    def search_field(self) -> QLineEdit | None:
        return self.search

    def reveal(self, target: str) -> None:
        """target: id of a package."""
        self.table.go_to(lambda row: row.info.id == target)

    def _narrow(self, *_: object) -> None:
        way = str(self.which.currentData())
        self.table.narrow(self.search.text(), (lambda row: row.way == way) if way else None)

    def _allow(self, *_: object) -> None:
        self.writable(self.forget, why="" if self.senders.current() else "请先在下面选中一个来源。")

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())
        self.work.notices.say("本机密钥码已复制。")

    def _forget(self) -> None:
        sender = self.senders.current()
        if sender is None:
            return
        ask_reason(
            self,
            "取消来源确认",
            f"{sender.unit_name} 的电脑 {sender.code}：以后再收到它的包，会重新要求与纸质回执核对。已接收的内容不变。",
            "取消确认",
            lambda reason, close, wrong: self.change(
                "正在取消…", lambda s, p: s.exchange.forget_sender(sender.key, reason), lambda _: close(), wrong
            ),
        )


def _package_columns() -> tuple[Column[Passed], ...]:
    return (
        Column(key="at", title="时间", text=lambda p: moment(p.info.at), width=136),
        Column(
            key="way",
            title="方向",
            text=lambda p: "发出" if p.way == OUT else "接收",
            tone=lambda p: INFO_TONE if p.way == OUT else GOOD_TONE,
            align="center",
            width=72,
        ),
        Column(key="unit", title="单位", text=lambda p: p.info.unit_name, width=150, strong=True),
        Column(key="kind", title="包", text=lambda p: f"{shown_kind(p.info.kind)} 第 {p.info.sequence} 号", width=130),
        Column(key="code", title="包号", text=lambda p: p.info.code, width=100),
        Column(key="source", title="密钥码", text=lambda p: p.source, width=172),
        Column(
            key="batch", title="批次", text=lambda p: f"第 {p.batch} 批" if p.batch else "—", width=76, align="center"
        ),
        Column(key="by", title="经办", text=lambda p: p.info.by, width=90),
        Column(
            key="file", title="文件", text=lambda p: p.info.file, tip=lambda p: p.info.file, width=170, stretch=True
        ),
    )


def _sender_columns() -> tuple[Column[SenderInfo], ...]:
    return (
        Column(key="unit", title="单位", text=lambda s: s.unit_name, width=240, stretch=True, strong=True),
        Column(key="code", title="密钥码", text=lambda s: s.code, width=220),
        Column(key="by", title="谁核对的", text=lambda s: s.confirmed_by, width=140),
        Column(key="at", title="核对时间", text=lambda s: moment(s.at), width=160),
    )
